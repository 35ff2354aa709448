"""HTML tables: numbers right-aligned in tabular figures, units in the head, a dash with its reason where nothing is."""

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

    `code` is the id behind a name and `remark` a sentence about it; both are set small under the value.
    """

    text: str | None
    reason: str = ""
    heads: bool = False
    code: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Band:
    """A row that names the group of the rows under it."""

    text: str


@dataclass(frozen=True)
class Emphasis:
    """A row of cells set apart: a total, or the home country."""

    cells: tuple[Cell, ...]


Row = tuple[Cell, ...] | Band | Emphasis


def table(columns: Sequence[Column], rows: Sequence[Row], caption: str) -> Markup:
    """Build a table as escaped HTML.

    `caption` names it for screen readers. On narrow screens the wrapper scrolls, and a table of prose (text columns
    only) is set as a list instead, for which each cell carries its column's title.
    """
    look = "prose" if all(column.kind == "text" for column in columns) else "numbers"
    heads = Markup("").join(_head(column) for column in columns)
    body = Markup("\n").join(_row(columns, row) for row in rows)
    return Markup(
        '<div class="table-wrap" tabindex="0" role="region" aria-label="{0}">'
        '<table class="{3}"><caption class="hidden">{0}</caption>'
        "<thead><tr>{1}</tr></thead>\n<tbody>\n{2}\n</tbody></table></div>"
    ).format(caption, heads, body, look)


def _head(column: Column) -> Markup:
    unit = Markup('<span class="unit">{}</span>').format(column.unit) if column.unit else Markup("")
    return Markup('<th scope="col" class="{}">{}{}</th>').format(column.kind, column.title, unit)


def _row(columns: Sequence[Column], row: Row) -> Markup:
    if isinstance(row, Band):
        return Markup('<tr class="band"><th scope="colgroup" colspan="{}">{}</th></tr>').format(len(columns), row.text)
    cells, opening = (row.cells, "<tr class=emphasis>") if isinstance(row, Emphasis) else (row, "<tr>")
    if len(cells) != len(columns):
        raise ValueError(f"a row of {len(cells)} cells in a table of {len(columns)} columns")
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
