"""The report as an Excel workbook: contents, summary, a sheet for each table, the figures, and the definitions."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from kakehashi.figures import theme
from kakehashi.indicators.definitions import definitions
from kakehashi.report.blocks import Bullets, FigureBlock, KeyFigures, Paragraph, TableBlock, Terms
from kakehashi.report.documents.common import exhibit_name, one_line
from kakehashi.report.documents.workbook_sheets import (
    Book,
    for_paper,
    line_height,
    sheet_name,
    write_figure,
    write_link,
    write_table,
    write_text,
)  # fmt: skip
from kakehashi.report.outline import Outline
from kakehashi.xml_text import allowed as clean

_KEY_COLUMNS, _KEY_WIDTH = 4, 28
_NO_DAY = datetime(1980, 1, 1)  # the format wants a day; that of writing says nothing about the study


def workbook(outline: Outline) -> bytes:
    """Write an outline as an .xlsx file.

    Numbers are numbers, written as the report writes them; every text is text, whatever it begins with. Where there is
    no value the cell is empty, so that sums and filters see none.
    """
    made = io.BytesIO()
    t = outline.texts
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    file = xlsxwriter.Workbook(made, options)
    book = Book(file, {}, t)
    title = one_line(t("title.page", study=outline.title))
    file.set_properties(
        {
            "title": title[:255], "author": f"Kakehashi {outline.version}", "subject": t("title.kicker"),
            "created": _NO_DAY,
        }
    )  # fmt: skip
    exhibits = [block for block in outline.blocks if isinstance(block, FigureBlock | TableBlock)]
    taken: set[str] = set()
    names = {block.id: sheet_name(f"{block.number} {block.title}", taken) for block in exhibits}
    contents = file.add_worksheet(sheet_name(t("page.contents"), taken))
    summary = file.add_worksheet(sheet_name(outline.summary.title, taken))
    sheets = {block.id: file.add_worksheet(names[block.id]) for block in exhibits}
    definitions = file.add_worksheet(sheet_name(t("documents.definitions"), taken))
    _write_contents(book, contents, outline, [(block, names[block.id]) for block in exhibits],
                    (summary.get_name(), definitions.get_name()))  # fmt: skip
    _write_summary(book, summary, outline)
    for block in exhibits:
        if isinstance(block, TableBlock):
            write_table(book, sheets[block.id], block, contents.get_name())
        else:
            write_figure(book, sheets[block.id], block, contents.get_name())
    _write_definitions(book, definitions, outline)
    for sheet in (contents, summary, definitions):
        for_paper(sheet)
    file.close()
    return made.getvalue()


def _write_contents(
    book: Book, sheet: Any, outline: Outline, exhibits: Sequence[tuple[Any, str]], ends: tuple[str, str]
) -> None:
    t = book.t
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16, book.style())
    sheet.set_column(1, 1, 70, book.style())
    sheet.set_column(2, 2, 34, book.style())
    write_text(sheet, 0, 0, one_line(outline.title), book.style(bold=True, font_size=16, font_color=theme.ACCENT))
    write_text(sheet, 1, 0, t("title.kicker"), book.style(font_color=theme.MUTED))
    row = 3
    for name, value in outline.facts:
        write_text(sheet, row, 0, name, book.style(font_color=theme.MUTED))
        write_text(sheet, row, 1, value, book.style())
        row += 1
    if outline.synthetic:
        write_text(
            sheet,
            row,
            0,
            f"{t('page.synthetic_head')} {t('page.synthetic')}",
            book.style(bold=True, font_color=theme.HOME),
        )
        row += 1
    row += 1
    write_link(book, sheet, row, 0, ends[0], outline.summary.title)
    row += 1
    for chapter in outline.chapters:
        write_text(sheet, row, 0, f"{chapter.number} {one_line(chapter.title)}", book.style(bold=True))
        row += 1
        inside = {block.id for block in chapter.blocks if isinstance(block, FigureBlock | TableBlock)}
        for block, name in exhibits:
            if block.id in inside:
                write_link(book, sheet, row, 0, name, exhibit_name(block, t))
                write_text(sheet, row, 1, one_line(block.title), book.style())
                write_text(sheet, row, 2, clean(block.n), book.style(font_color=theme.MUTED))
                row += 1
    write_link(book, sheet, row, 0, ends[1], t("documents.definitions"))


def _write_summary(book: Book, sheet: Any, outline: Outline) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, _KEY_COLUMNS - 1, _KEY_WIDTH)
    write_text(sheet, 0, 0, outline.summary.title, book.style(bold=True, font_size=14, font_color=theme.ACCENT))
    lines: list[str] = []
    row = 2
    for block in outline.summary.blocks:
        if isinstance(block, Bullets):
            lines += block.items
        elif isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, KeyFigures):
            row = _write_key_figures(book, sheet, block, row)
    for line in lines:
        sheet.merge_range(row, 0, row, _KEY_COLUMNS - 1, "")
        write_text(sheet, row, 0, line, book.style(text_wrap=True, valign="top"))
        sheet.set_row(row, line_height(line, _KEY_WIDTH * _KEY_COLUMNS))
        row += 1


def _write_key_figures(book: Book, sheet: Any, block: KeyFigures, row: int) -> int:
    """Write key figures side by side. Returns the row where what follows begins."""
    grey = "#F2F4F6"
    looks = (
        book.style(font_color=theme.MUTED, bg_color=grey, top=5, top_color=theme.ACCENT, text_wrap=True),
        book.style(bold=True, font_size=18, font_color=theme.ACCENT, bg_color=grey),
        book.style(bg_color=grey, text_wrap=True, valign="top"),
    )
    for column, item in enumerate(block.items[:_KEY_COLUMNS]):
        for line, (text, look) in enumerate(zip((item.name, item.value, item.remark), looks, strict=True)):
            write_text(sheet, row + line, column, text, look)
    sheet.set_row(row + 1, 27)
    sheet.set_row(row + 2, max(line_height(item.remark, _KEY_WIDTH) for item in block.items))
    return row + 4


def _write_definitions(book: Book, sheet: Any, outline: Outline) -> None:
    """Every indicator with its formula, counting and source, then the terms of the methods chapter."""
    t = book.t
    sheet.hide_gridlines(2)
    for column, width in enumerate((28, 14, 70, 18, 44, 44)):
        sheet.set_column(column, column, width)
    write_text(sheet, 0, 0, t("documents.definitions"), book.style(bold=True, font_size=14, font_color=theme.ACCENT))
    head = book.style(bold=True, bg_color="#E6EFF6", bottom=1)
    body = book.style(text_wrap=True, valign="top")
    names = ("columns.indicator", "documents.unit", "documents.formula", "title.counting", "documents.no_value",
             "documents.reference")  # fmt: skip
    for column, name in enumerate(names):
        write_text(sheet, 2, column, t(name), head)
    sheet.freeze_panes(3, 1)
    row = 3
    for one in definitions().values():
        said = [text[t.language] for text in (one.label, one.unit, one.formula)]
        said += [t(f"documents.counting_{one.counting}"), one.null_policy[t.language], one.reference]
        for column, text in enumerate(said):
            write_text(sheet, row, column, text, body)
        row += 1
    sheet.autofilter(2, 0, row - 1, len(names) - 1)
    row += 1
    for block in [block for block in outline.blocks if isinstance(block, Terms)]:
        for term, meaning in block.items:
            write_text(sheet, row, 0, term, book.style(bold=True, text_wrap=True, valign="top"))
            sheet.merge_range(row, 1, row, len(names) - 1, "")
            write_text(sheet, row, 1, meaning, body)
            sheet.set_row(row, line_height(meaning, 180))
            row += 1
