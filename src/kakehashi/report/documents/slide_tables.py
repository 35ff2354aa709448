"""Tables of a slide show: split over slides by the height that their rows need."""

from collections.abc import Iterator, Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from kakehashi.figures import theme
from kakehashi.figures.table import Band, Cell, Column, Emphasis, Row, Table, row_cells
from kakehashi.report.documents.common import cell_text, column_widths, row_lines
from kakehashi.report.documents.slide_parts import Room, Show, accent, rgb, run
from kakehashi.texts import Language
from kakehashi.xml_text import allowed as clean

_HIGHEST = {"ja": 1.5, "en": 1.32}
"""Line heights of type for the widest used fonts of a language: programs differ, and none may cut a line off."""
SIZES = (12.0, 11.0, 10.0, 9.0)
"""Sizes of type tried for a table, in points: the first that takes hardly more slides than the smallest would."""

_MORE = 1.34

_PADDING = 7.0
_EMU_PER_POINT = 12700
_BAND, _EMPHASIS, _WHITE = "F2F4F6", "FBF3E6", "FFFFFF"


def parts(table: Table, room: Room, language: Language = "ja") -> tuple[float, list[list[Row]]]:
    """Split a table into slides.

    Returns:
        The size of the type, and the rows of each slide. A band that names the rows under it is never last on a slide,
        and is repeated on the next one where its rows go on there.
    """
    tried = []
    for size in SIZES:
        heights, available = _measured(table, room, size, language)
        tried.append((size, heights, available, _split(table.rows, heights, available)))
    fewest = min(len(split) for *_, split in tried)
    size, heights, available, split = next(one for one in tried if len(one[-1]) <= fewest * _MORE)
    # As many slides as are needed, filled alike: no last slide with a single row.
    limit = max(sum(heights) / len(split), *heights) if heights else available
    while limit < available:
        even = _split(table.rows, heights, limit)
        if len(even) == len(split):
            return size, even
        limit += available / 40
    return size, split


def _split(rows: Sequence[Row], heights: Sequence[float], available: float) -> list[list[Row]]:
    slides: list[list[Row]] = [[]]
    used, band, band_height = 0.0, None, 0.0
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        wanted = height + (heights[place + 1] if isinstance(row, Band) and place + 1 < len(rows) else 0)
        if slides[-1] and used + wanted > available:
            slides.append([])
            used = 0.0
            if band is not None and not isinstance(row, Band):
                slides[-1].append(band)
                used = band_height
        if isinstance(row, Band):
            band, band_height = row, height
        slides[-1].append(row)
        used += height
    return slides


def _measured(table: Table, room: Room, size: float, language: Language) -> tuple[list[float], float]:
    """Estimate the height of each row at a size of type, and the height that the head leaves for rows, in points."""
    head, *heights = _heights(table, table.rows, room, size, language)
    return heights, room.height / _EMU_PER_POINT - head


def _heights(table: Table, rows: Sequence[Row], room: Room, size: float, language: Language) -> list[float]:
    """Estimate the heights of the head and of rows, in points."""
    widths = column_widths(table, size, room.width / _EMU_PER_POINT)
    headed = Table(table.columns, (*_heads(table.columns), *rows), "")
    return [lines * size * _HIGHEST[language] + _PADDING for lines in row_lines(headed, widths, size)]


def _heads(columns: Sequence[Column]) -> Iterator[Row]:
    yield tuple(Cell(column.title, remark=column.unit) for column in columns)


def add_table(show: Show, slide: Any, table: Table, rows: Sequence[Row], size: float, room: Room) -> None:
    """Add a part of a table to a slide, under its head."""
    widths = column_widths(table, size, room.width / _EMU_PER_POINT)
    shape = slide.shapes.add_table(
        len(rows) + 1, len(table.columns), Emu(room.left), Emu(room.top), Emu(room.width), Pt(20 * (len(rows) + 1))
    )
    shape._element.nvGraphicFramePr.cNvPr.set("descr", clean(table.caption))
    made = shape.table
    made.horz_banding = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(made.rows, _heights(table, rows, room, size, show.language), strict=True):
        row.height = Pt(height)
    for place, column in enumerate(table.columns):
        _head(show, made.cell(0, place), column, size)
    for number, row in enumerate(rows, 1):
        if isinstance(row, Band):
            first = made.cell(number, 0)
            first.merge(made.cell(number, len(table.columns) - 1))
            _fill(first, _BAND)
            _paragraph(show, first, row.text, size, bold=True)
            continue
        for place, (column, cell) in enumerate(zip(table.columns, row_cells(row), strict=True)):
            shown = made.cell(number, place)
            _fill(shown, _EMPHASIS if isinstance(row, Emphasis) else _WHITE)
            paragraph = _paragraph(show, shown, cell_text(cell), size, bold=isinstance(row, Emphasis))
            if column.kind == "number":
                paragraph.alignment = PP_ALIGN.RIGHT
            for more in (cell.code, cell.remark):
                if more:
                    run(shown.text_frame.add_paragraph(), more, show.language, size - 2, muted=True)


def _head(show: Show, cell: Any, column: Column, size: float) -> None:
    accent(cell.fill, 0.85)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM
    paragraph = _paragraph(show, cell, column.title, size, bold=True)
    if column.unit:
        under = cell.text_frame.add_paragraph()
        run(under, column.unit, show.language, size - 2, muted=True)
        if column.kind == "number":
            under.alignment = PP_ALIGN.RIGHT
    if column.kind == "number":
        paragraph.alignment = PP_ALIGN.RIGHT


def _paragraph(show: Show, cell: Any, text: str, size: float, *, bold: bool) -> Any:
    cell.margin_left = cell.margin_right = Pt(4)
    cell.margin_top = cell.margin_bottom = Pt(2.5)
    paragraph = cell.text_frame.paragraphs[0]
    made = run(paragraph, text, show.language, size, bold=bold)
    made.font.color.rgb = rgb(theme.INK)
    return paragraph


def _fill(cell: Any, colour: str) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(colour)
