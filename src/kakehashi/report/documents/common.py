"""What all documents share: texts that their formats can hold, widths of columns, and what stands around a table."""

import re
from collections.abc import Sequence

from kakehashi.figures.labels import text_width
from kakehashi.figures.table import DASH, Cell, Column, Table, row_cells
from kakehashi.report.blocks import FigureBlock, TableBlock
from kakehashi.texts import Texts
from kakehashi.xml_text import allowed as clean

_EAST_ASIAN = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_BREAKS = re.compile(rf"\s+|(?<=[{_EAST_ASIAN}])|(?=[{_EAST_ASIAN}])|(?<=[/_,;-])")
_PADDING = 10.0
_LONGEST_WORD = 90.0
_BOLD = 1.15


def one_line(text: str) -> str:
    """Clean a text and set it on one line, as a name or a title needs it."""
    return " ".join(clean(text).split())


def exhibit_name(block: FigureBlock | TableBlock, t: Texts) -> str:
    """Name a figure or table by its number, as in "Figure 3-1"."""
    return t(f"page.{block.kind}", number=block.number)


def cell_text(cell: Cell) -> str:
    """Return what a cell shows, a dash where there is no value."""
    return DASH if cell.text is None else clean(cell.text)


def foot(block: FigureBlock | TableBlock, t: Texts) -> list[tuple[str, str]]:
    """Return what stands under a figure or table: the tag and the text of its definition, notes and source."""
    said = []
    if isinstance(block, FigureBlock) and block.definition:
        said.append((t("page.definition"), clean(block.definition)))
    notes = list(block.notes)
    if isinstance(block, TableBlock):
        notes += dashes(block.table, t)
    if notes:
        said.append((t("page.note"), clean(" ".join(notes) if t.language == "en" else "".join(notes))))
    if block.source:
        said.append((t("page.source"), clean(block.source)))
    return said


def dashes(table: Table, t: Texts) -> list[str]:
    """Say why cells are empty: a page shows it when pointed at, paper cannot."""
    reasons = [
        cell.reason for row in table.rows for cell in row_cells(row) if cell.text is None and cell.reason
    ]  # fmt: skip
    distinct = tuple(dict.fromkeys(reasons))
    return [t("documents.dash", reasons=t("documents.or").join(distinct))] if distinct else []


def column_widths(table: Table, size: float, available: float) -> list[float]:
    """Share out a width among a table's columns.

    No column gets less than its longest word (or 90 pt of it), numbers are never broken, and the rest goes to the
    columns that would need it to stand on one line.

    Args:
        table: the table.
        size: of the type, in points.
        available: the width to share, in points.

    Returns:
        A width in points for each column; their sum is `available`.
    """
    least, wanted = [], []
    for place, column in enumerate(table.columns):
        cells = [row_cells(row)[place] for row in table.rows if row_cells(row)]
        small, large = _needs(column, cells, size)
        least.append(small)
        wanted.append(max(small, large))
    if sum(least) >= available:
        return [available * part / sum(least) for part in least]
    if sum(wanted) <= available:
        return [part * available / sum(wanted) for part in wanted]
    least = _unbroken(least, wanted, available)
    room = available - sum(least)
    # Square roots: a column of long prose is not to starve the others.
    hunger = [(large - small) ** 0.5 for small, large in zip(least, wanted, strict=True)]
    shares = [small + room * part / sum(hunger) for small, part in zip(least, hunger, strict=True)]
    return _no_more_than(shares, wanted, available)


def _unbroken(least: Sequence[float], wanted: Sequence[float], available: float) -> list[float]:
    """Let columns that need less than their fair share stand on one line: those that wrap are the long ones."""
    found = list(least)
    open_ = sorted(range(len(wanted)), key=lambda place: wanted[place])
    while open_:
        place = open_.pop(0)
        fair = (available - sum(found) + sum(least[one] for one in (place, *open_))) / (len(open_) + 1)
        others = sum(found) - found[place]
        if wanted[place] > fair or others + wanted[place] > available:
            break
        found[place] = wanted[place]
    return found


def row_lines(table: Table, widths: Sequence[float], size: float) -> list[int]:
    """Estimate how many lines each row of a table takes at these widths (in points)."""
    lines = []
    for row in table.rows:
        most = 1
        for cell, width in zip(row_cells(row), widths, strict=False):
            parts = [part for part in (cell_text(cell), cell.code, cell.remark) if part]
            most = max(most, sum(1 + int(text_width(part, size) / max(width - _PADDING, 1)) for part in parts))
        lines.append(most)
    return lines


def _no_more_than(shares: Sequence[float], wanted: Sequence[float], available: float) -> list[float]:
    """Give what a column does not need to those that need more."""
    capped = [min(share, most) for share, most in zip(shares, wanted, strict=True)]
    spare = available - sum(capped)
    open_ = [max(most - share, 0) for share, most in zip(capped, wanted, strict=True)]
    if spare <= 0 or not sum(open_):
        return [share * available / sum(capped) for share in capped]
    return [share + spare * more / sum(open_) for share, more in zip(capped, open_, strict=True)]


def _needs(column: Column, cells: Sequence[Cell], size: float) -> tuple[float, float]:
    """How wide a column must be at least, and how wide it would be without breaks."""
    lines = [cell_text(cell) for cell in cells] + [cell.code for cell in cells] + [cell.remark for cell in cells]
    widest = max((text_width(line, size) for line in lines), default=0)
    words = [word for line in lines for word in _BREAKS.split(line) if word]
    longest = max((min(text_width(word, size), _LONGEST_WORD) for word in words), default=0)
    head = _BOLD * max((text_width(word, size) for word in _BREAKS.split(column.title) if word), default=0)
    unit = text_width(column.unit, size)
    small = widest if column.kind == "number" else max(longest, 3 * size)
    return max(small, head, unit) + _PADDING, max(widest, head, unit, text_width(column.title, size) / 2) + _PADDING
