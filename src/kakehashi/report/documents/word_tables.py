"""Tables of a Word file: widths by content, a head repeated on each page, rows that are not torn apart."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.dml import MSO_THEME_COLOR
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Emu, Pt, RGBColor
from docx.table import _Cell

from kakehashi.figures import theme
from kakehashi.figures.table import Band, Cell, Column, Emphasis, Table, row_cells
from kakehashi.report.blocks import KeyFigure
from kakehashi.report.documents.common import cell_text, column_widths, row_lines
from kakehashi.report.documents.word_parts import element, shade, write
from kakehashi.report.documents.word_styles import CELL, CELL_SIZE, TABLE
from kakehashi.xml_text import allowed as clean

_SHORT = 15
"""Tables of so many lines or fewer stay on one page."""
_SMALL = 7.0
_KEY, _KEY_OF_MANY, _MANY = 20.0, 16.0, 4
_MUTED = RGBColor.from_string(theme.MUTED.lstrip("#").upper())
_ACCENT = theme.ACCENT.lstrip("#").upper()
_BAND, _EMPHASIS = "F2F4F6", "FBF3E6"


def add_table(document: Document, table: Table, title: str, width: float) -> None:
    """Add a table.

    Args:
        document: takes the table.
        table: its columns and rows.
        title: what it is called by a screen reader.
        width: of the text, in points.
    """
    shares = column_widths(table, CELL_SIZE, width)
    widths = [Pt(part) for part in shares]
    made = document.add_table(len(table.rows) + 1, len(table.columns), TABLE)
    _fixed(made, widths, title)
    rows = _rows(made)
    for column, cell in zip(table.columns, rows[0], strict=True):
        _head(cell, column)
    _repeated(made.rows[0]._tr)
    short = sum(row_lines(table, shares, CELL_SIZE)) <= _SHORT
    for place, (row, cells) in enumerate(zip(table.rows, rows[1:], strict=True)):
        last = place == len(table.rows) - 1
        keeps = not last and (short or place == 0 or place == len(table.rows) - 2 or isinstance(row, Band))
        _fill(cells, table.columns, row, keeps)
    for row in made.rows:
        row._tr.get_or_add_trPr().insert(0, element("cantSplit"))
    for cell in rows[0]:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _rows(made: Any) -> list[list[_Cell]]:
    """Return the cells row by row. python-docx looks each row's cells up anew, which takes long for long tables."""
    return [[_Cell(cell, made) for cell in row.tc_lst] for row in made._tbl.tr_lst]


def _fixed(made: Any, widths: Sequence[int], title: str) -> None:
    made.autofit = False
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = made._tbl.tblPr
    properties.append(element("tblCaption", val=title))
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        properties.remove(look)
        properties.insert(len(properties) - 1, look)
        for name in ("firstColumn", "lastColumn", "lastRow"):
            look.set(qn(f"w:{name}"), "0")
        look.set(qn("w:noHBand"), "1")
        look.set(qn("w:val"), "0620")
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Emu(width)
    for row in made._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Emu(width)


def _repeated(row: Any) -> None:
    row.get_or_add_trPr().append(element("tblHeader"))


def _head(cell: _Cell, column: Column) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = CELL
    write(paragraph, column.title).bold = True
    if column.unit:
        run = write(paragraph, f"\n{column.unit}" if column.kind == "number" else f" ({column.unit})")
        run.font.size, run.font.color.rgb = Pt(_SMALL), _MUTED
    if column.kind == "number":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    cell._tc.get_or_add_tcPr().append(element("vAlign", val="bottom"))


def _fill(cells: list[_Cell], columns: Sequence[Column], row: Any, keeps: bool) -> None:
    if isinstance(row, Band):
        cells[0].merge(cells[-1])
        paragraph = cells[0].paragraphs[0]
        paragraph.style = CELL
        write(paragraph, row.text).bold = True
        paragraph.paragraph_format.keep_with_next = True
        shade(cells[0]._tc.get_or_add_tcPr(), _BAND)
        return
    for column, cell, value in zip(columns, cells, row_cells(row), strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = CELL
        _value(paragraph, value, isinstance(row, Emphasis))
        if column.kind == "number":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if keeps:
            paragraph.paragraph_format.keep_with_next = True
        if isinstance(row, Emphasis):
            shade(cell._tc.get_or_add_tcPr(), _EMPHASIS)


def _value(paragraph: Any, value: Cell, strong: bool) -> None:
    run = write(paragraph, cell_text(value))
    if strong:
        run.bold = True
    if value.text is None:
        run.font.color.rgb = _MUTED
    for more in (value.code, value.remark):
        if more:
            small = write(paragraph, f"\n{clean(more)}")
            small.font.size, small.font.color.rgb = Pt(_SMALL), _MUTED


def add_facts(document: Document, facts: Sequence[tuple[str, str]], width: int) -> None:
    """Add the lines of the title block, each with a rule under it: a name and a value."""
    made = document.add_table(len(facts), 2)
    made.autofit = False
    made._tbl.tblPr.append(_borders(bottom=4, insideH=4))
    for cells, fact in zip(_rows(made), facts, strict=True):
        for cell, text, share in zip(cells, fact, (0.28, 0.72), strict=True):
            cell.width = Emu(int(width * share))
            run = write(cell.paragraphs[0], text)
            run.bold = share > 0.5
            if share < 0.5:
                run.font.color.rgb = _MUTED
            cell.paragraphs[0].paragraph_format.space_before = Pt(4)
            cell.paragraphs[0].paragraph_format.space_after = Pt(4)


def add_key_figures(document: Document, items: Sequence[KeyFigure], width: int) -> None:
    """Add key figures side by side: what each is, the number large in the first accent colour, a remark."""
    made = document.add_table(1, len(items))
    made.autofit = False
    made._tbl.tblPr.append(_borders(top=18, insideV=36))
    for cell, item in zip(_rows(made)[0], items, strict=True):
        cell.width = Emu(width // len(items))
        shade(cell._tc.get_or_add_tcPr(), _BAND)
        for place, text in enumerate((item.name, item.value, item.remark)):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.style = CELL
            paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(2), Pt(2)
            run = write(paragraph, clean(text))
            if place == 1:
                run.bold, run.font.size = True, Pt(_KEY if len(items) < _MANY else _KEY_OF_MANY)
                run.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1
            elif place == 0:
                run.font.color.rgb = _MUTED
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _borders(**sizes: int) -> Any:
    """Make the borders of a table: a size in eighths of a point for each side that has one."""
    made = element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sizes:
            colour = {"top": _ACCENT, "insideV": "FFFFFF"}.get(side, "D5DCE0")
            made.append(element(side, val="single", sz=str(sizes[side]), space="0", color=colour))
    return made


def panel_grid(document: Document, panels: int, width: int) -> list[_Cell]:
    """Add a grid without lines, two panels wide, and return a cell for each panel."""
    made = document.add_table(-(-panels // 2), 2)
    made.autofit = False
    for row in made.rows:
        row._tr.get_or_add_trPr().insert(0, element("cantSplit"))
    cells = [cell for row in _rows(made) for cell in row]
    for cell in cells:
        cell.width = Emu(width // 2)
    return cells[:panels]
