"""The sheets of a workbook that hold a table or a figure, and how their cells look."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.labels import text_width
from kakehashi.figures.table import Band, Cell, Emphasis, Table, row_cells
from kakehashi.report.blocks import FigureBlock, Picture, TableBlock
from kakehashi.report.documents.common import cell_text, exhibit_name, foot, one_line
from kakehashi.report.documents.images import drawings, image
from kakehashi.texts import Texts
from kakehashi.xml_text import allowed as clean

_FORMS: Mapping[str, str] = MappingProxyType(
    {"number": "#,##0", "number1": "#,##0.0", "percent": "0.0%", "signed2": "+0.00;−0.00;0.00"}
)
_FONTS: Mapping[str, str] = MappingProxyType({"ja": "Yu Gothic", "en": "Arial"})
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31
_NARROWEST, _WIDEST, _FIGURE = 8.0, 60.0, 110.0
_PANELS, _PANEL = 4, 62.0
"""Panels side by side, and the width of the column of each, in characters."""
_LONGEST_CELL = 32_767
_TALLEST = 400.0


@dataclass(frozen=True)
class Book:
    """A workbook in the making: its formats by name, and the words of its language."""

    file: Any
    formats: dict[str, Any]
    t: Texts

    def style(self, **properties: Any) -> Any:
        """Return the cell format with these properties, made once."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.file.add_format(
                {"font_name": _FONTS[self.t.language], "font_size": 10, **properties}
            )
        return self.formats[key]


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel accepts and that no other sheet has, and remember it.

    At most 31 characters, no brackets, colons, asterisks, question marks or slashes, no apostrophe at an end, not
    "History"; case makes no difference.
    """
    name = _NO_SHEET_NAME.sub(" ", clean(wanted))
    name = " ".join(name.split())[:_LONGEST_NAME].strip(" '") or "–"
    if name.casefold() == "history":
        name = f"{name} –"
    shown, number = name, 1
    while shown.casefold() in taken:
        number += 1
        shown = f"{name[: _LONGEST_NAME - len(str(number)) - 1]} {number}"
    taken.add(shown.casefold())
    return shown


def write_link(book: Book, sheet: Any, row: int, column: int, name: str, shown: str) -> None:
    """Write a link to another sheet."""
    quoted = name.replace("'", "''")
    sheet.write_url(
        row, column, f"internal:'{quoted}'!A1", book.style(font_color=theme.ACCENT, underline=1), one_line(shown)
    )


def write_table(book: Book, sheet: Any, block: TableBlock, contents: str) -> None:
    """Title, n, the table with a filter under a frozen head, then what stands under it."""
    t, table = book.t, block.table
    top = _head(book, sheet, block, contents)
    banded = any(isinstance(row, Band) for row in table.rows)
    shift = 1 if banded else 0
    widths = _widths(table, banded)
    style = book.style(bold=True, text_wrap=True, valign="top", bg_color="#E6EFF6", bottom=1)
    right = book.style(bold=True, text_wrap=True, valign="top", align="right", bg_color="#E6EFF6", bottom=1)
    if banded:
        write_text(sheet, top, 0, t("documents.group"), style)
    highest = 0.0
    for place, column in enumerate(table.columns, shift):
        head = f"{column.title} ({column.unit})" if column.unit else column.title
        write_text(sheet, top, place, head, right if column.kind == "number" else style)
        highest = max(highest, line_height(head, widths[place] * 0.8))
    sheet.set_row(top, highest)
    row, band = top + 1, ""
    for entry in table.rows:
        if isinstance(entry, Band):
            band = entry.text
            continue
        strong = isinstance(entry, Emphasis)
        if banded:
            write_text(sheet, row, 0, band, _cell_style(book, "", strong, "text"))
        for place, (column, cell) in enumerate(zip(table.columns, row_cells(entry), strict=True), shift):
            _cell(book, sheet, row, place, cell, strong, column.kind)
        sheet.set_row(row, _row_height(row_cells(entry), widths[shift:]))
        row += 1
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    last = max(row - 1, top + 1)
    sheet.autofilter(top, 0, last, len(table.columns) - 1 + shift)
    sheet.freeze_panes(top + 1, 1 + shift)
    sheet.repeat_rows(top)
    _foot(book, sheet, row + 1, block, widths)
    for_paper(sheet)


def _head(book: Book, sheet: Any, block: TableBlock | FigureBlock, contents: str) -> int:
    """Write the title, n and the way back. Returns the row under them."""
    sheet.hide_gridlines(2)
    name = exhibit_name(block, book.t)
    look = book.style(bold=True, font_size=12, font_color=theme.ACCENT)
    write_text(sheet, 0, 0, f"{name}  {one_line(block.title)}", look)
    write_text(sheet, 1, 0, clean(block.n), book.style(font_color=theme.MUTED))
    write_link(book, sheet, 2, 0, contents, f"← {book.t('page.contents')}")
    return 4


def _foot(book: Book, sheet: Any, row: int, block: TableBlock | FigureBlock, widths: Sequence[float]) -> None:
    """Write what stands under a table or figure, across its columns."""
    style = book.style(font_color=theme.MUTED, text_wrap=True, valign="top")
    for tag, text in foot(block, book.t):
        said = f"{tag}: {text}"
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, "", style)
        write_text(sheet, row, 0, said, style)
        sheet.set_row(row, line_height(said, max(sum(widths), _NARROWEST)))
        row += 1


def for_paper(sheet: Any) -> None:
    """Print a sheet on A4 across, as wide as one page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _cell(book: Book, sheet: Any, row: int, column: int, cell: Cell, strong: bool, kind: str) -> None:
    style = _cell_style(book, _form(cell), strong, kind)
    if cell.text is None:
        sheet.write_blank(row, column, None, style)
    elif cell.value is not None:
        sheet.write_number(row, column, cell.value, style)
    else:
        parts = [part for part in (cell_text(cell), clean(cell.code), clean(cell.remark)) if part]
        write_text(sheet, row, column, "\n".join(parts), style)


def _form(cell: Cell) -> str:
    """Return Excel's pattern for a cell's number; none for text."""
    if cell.value is None:
        return ""
    if cell.form == "number" and not float(cell.value).is_integer():
        return _FORMS["number1"]
    if cell.form == "percent" and cell.text != f"{cell.value:.1%}":
        return f'"{cell.text}"'  # above nothing or below all, but by less than is shown
    if cell.form.startswith("decimal"):
        places = int(cell.form.removeprefix("decimal"))
        # What would show as zero is written with its power of ten, as the report does.
        small = 0 < abs(cell.value) < 10.0**-places / 2
        return "0.0E+00" if small else f"0.{'0' * places}" if places else "0"
    return _FORMS.get(cell.form, "General")


def _cell_style(book: Book, form: str, strong: bool, kind: str) -> Any:
    look: dict[str, Any] = {"valign": "top", "bottom": 4, "bottom_color": theme.GRID}
    look |= {"num_format": form} if form else {"text_wrap": True}
    if kind == "number":
        look["align"] = "right"
    if strong:
        look |= {"bold": True, "bg_color": "#FBF3E6"}
    return book.style(**look)


def _widths(table: Table, banded: bool) -> list[float]:
    """Column widths in characters, from the longest text."""
    widths = []
    if banded:
        bands = [row.text for row in table.rows if isinstance(row, Band)]
        widths.append(_width(bands, _WIDEST / 2))
    for place, column in enumerate(table.columns):
        cells = [row_cells(row)[place] for row in table.rows if row_cells(row)]
        lines = [part for cell in cells for part in (cell_text(cell), cell.code, cell.remark)]
        head = text_width(f"{column.title} ({column.unit})", 1) * 1.8 / 2
        widths.append(max(_width(lines, _WIDEST), min(head + 4, 24)))
    return widths


def _width(lines: Sequence[str], most: float) -> float:
    longest = max((text_width(line, 1) * 1.8 for line in lines), default=0)
    return min(max(longest + 2, _NARROWEST), most)


def _row_height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    """Estimate the height of a row: not every program finds it by itself."""
    heights = [15.0]
    for cell, width in zip(cells, widths, strict=True):
        if cell.value is None:
            parts = [part for part in (cell_text(cell), cell.code, cell.remark) if part]
            heights.append(sum(line_height(part, width) for part in parts))
    return min(max(heights), _TALLEST)


def line_height(text: str, width: float) -> float:
    """Estimate the height, in points, of a text that wraps in a column of a width in characters."""
    return 15.0 * (1 + int(text_width(text, 1) * 1.8 / width))


def write_text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Write a text as text: one that begins with = + - or @ is no formula."""
    sheet.write_string(row, column, clean(text)[:_LONGEST_CELL], style)


def write_figure(book: Book, sheet: Any, block: FigureBlock, contents: str) -> None:
    """Show the drawings: one alone, or panels in rows."""
    row = _head(book, sheet, block, contents)
    if block.legend:
        words = "   ".join(f"{key.symbol.character} {key.text}" for key in block.legend)
        write_text(sheet, row, 0, words, book.style())
        row += 2
    shown = drawings(block)
    across = 1 if len(shown) == 1 else _PANELS
    sheet.set_column(0, across - 1, _FIGURE if across == 1 else _PANEL)
    for first in range(0, len(shown), across):
        row = _pictures(book, sheet, block, shown[first : first + across], row)
    _foot(book, sheet, row, block, [_FIGURE] if across == 1 else [_PANEL] * across)
    for_paper(sheet)
    sheet.fit_to_pages(1, 1)  # a page that ends within a drawing shows nothing


def _pictures(book: Book, sheet: Any, block: FigureBlock, shown: Sequence[Picture], row: int) -> int:
    """Put drawings side by side, each under its title and over its note. Returns the row under them."""
    highest = 0.0
    for column, picture in enumerate(shown):
        drawn = image(str(picture.svg))
        write_text(sheet, row, column, picture.title, book.style(bold=True))
        scale = drawn.width / _pixels(drawn.png)
        options = {
            "image_data": io.BytesIO(drawn.png), "x_scale": scale, "y_scale": scale, "object_position": 1,
            "description": clean(drawn.description)[:255],
        }  # fmt: skip
        sheet.insert_image(row + 1, column, f"{block.id}.png", options)
        highest = max(highest, drawn.height)
    row += 1 + int(highest / 20) + 2
    for column, picture in enumerate(shown):
        write_text(sheet, row, column, picture.note, book.style(font_color=theme.MUTED))
    return row + 2


def _pixels(png: bytes) -> int:
    """Width of a PNG, from its head."""
    return int.from_bytes(png[16:20], "big")
