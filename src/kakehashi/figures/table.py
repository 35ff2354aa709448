"""Tables: rows with their formatted values, and the same as HTML for a page.

Numbers are right-aligned in tabular figures, units stand in the head, and a dash with its reason where nothing is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

DASH = "–"


@dataclass(frozen=True)
class Column:
    """A column: its title, its unit (or nothing) and what it holds."""

    title: str
    kind: Literal["text", "number"] = "text"
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """A formatted value. `reason` says why there is none; `heads` makes the cell the head of its row.

    `code` is the id behind a name and `remark` a sentence about it; both are set small under the value. `value` is the
    number that the text shows, for spreadsheets, and `form` how it is written there.
    """

    text: str | None
    reason: str = ""
    heads: bool = False
    code: str = ""
    remark: str = ""
    value: float | None = None
    form: str = ""


@dataclass(frozen=True)
class Band:
    """A row that names the group of the rows under it."""

    text: str


@dataclass(frozen=True)
class Emphasis:
    """A row of cells set apart: a total, or the home country."""

    cells: tuple[Cell, ...]


Row = tuple[Cell, ...] | Band | Emphasis


@dataclass(frozen=True)
class Table:
    """A table: its columns, its rows, and the caption that names it for screen readers."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str

    def __html__(self) -> Markup:
        """Build it as escaped HTML, which templates print as it is.

        On narrow screens the wrapper scrolls, and a table of prose (text columns only) is set as a list instead, for
        which each cell carries its column's title.
        """
        look = "prose" if self.prose else "numbers"
        heads = Markup("").join(_head(column) for column in self.columns)
        body = Markup("\n").join(_row(self.columns, row) for row in self.rows)
        return Markup(
            '<div class="table-wrap" tabindex="0" role="region" aria-label="{0}">'
            '<table class="{3}"><caption class="hidden">{0}</caption>'
            "<thead><tr>{1}</tr></thead>\n<tbody>\n{2}\n</tbody></table></div>"
        ).format(self.caption, heads, body, look)

    @property
    def prose(self) -> bool:
        """Whether all columns hold text."""
        return all(column.kind == "text" for column in self.columns)


def table(columns: Sequence[Column], rows: Sequence[Row], caption: str) -> Table:
    """Make a table. Raises ValueError for a row that has not one cell for each column."""
    for row in rows:
        cells = row_cells(row)
        if not isinstance(row, Band) and len(cells) != len(columns):
            raise ValueError(f"a row of {len(cells)} cells in a table of {len(columns)} columns")
    return Table(tuple(columns), tuple(rows), caption)


def row_cells(row: Row) -> tuple[Cell, ...]:
    """Return the cells of a row; none for a band."""
    if isinstance(row, Band):
        return ()
    return row.cells if isinstance(row, Emphasis) else row


def _head(column: Column) -> Markup:
    unit = Markup('<span class="unit">{}</span>').format(column.unit) if column.unit else Markup("")
    return Markup('<th scope="col" class="{}">{}{}</th>').format(column.kind, column.title, unit)


def _row(columns: Sequence[Column], row: Row) -> Markup:
    if isinstance(row, Band):
        return Markup('<tr class="band"><th scope="colgroup" colspan="{}">{}</th></tr>').format(len(columns), row.text)
    cells, opening = (row.cells, "<tr class=emphasis>") if isinstance(row, Emphasis) else (row, "<tr>")
    inner = Markup("").join(_cell(column, cell) for column, cell in zip(columns, cells, strict=True))
    return Markup(opening) + inner + Markup("</tr>")  # noqa: S704 -- both parts are constants


def _cell(column: Column, cell: Cell) -> Markup:
    if cell.text is None:
        return Markup('<td class="{} none"><abbr title="{}">{}</abbr></td>').format(column.kind, cell.reason, DASH)
    tag = "th" if cell.heads else "td"
    scope = Markup(' scope="row"') if cell.heads else Markup("")
    label = Markup(' data-label="{}"').format(column.title) if column.kind == "text" and not cell.heads else Markup("")
    opening = Markup('<{}{}{} class="{}">').format(Markup(tag), scope, label, column.kind)  # noqa: S704 -- th or td
    code = Markup(' <code class="id">{}</code>').format(cell.code) if cell.code else Markup("")
    remark = Markup('<span class="remark">{}</span>').format(cell.remark) if cell.remark else Markup("")
    return opening + escape(cell.text) + code + remark + Markup("</{}>").format(tag)
