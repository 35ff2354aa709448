"""Lines cut to a terminal's width, where a Japanese character takes two cells and may be parted from the next."""

import os
import re
import shutil
import sys
from collections.abc import Iterator

from rich.cells import cell_len

_INDENT = 2
_NARROWEST = 20
_WIDEST = 120
_WIDE = "\u3000-\u9fff\uf900-\ufaff\uff00-\uff60"
_CLOSING = '、。，．）」』】！？ー"),.;:'
_OPENING = "（「『【"
_PIECE = re.compile(rf"[{_OPENING}]*(?:(?![{_OPENING}])[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSING}]*\s*|[{_OPENING}]+|\s+")
"""What may not be parted: a word, or a wide character, with the marks that may neither begin nor end a line."""


def wrapped(text: str, level: int, width: int | None) -> Iterator[str]:
    """Yield a text in lines of at most `width` cells, indented by its level; None: one line.

    Further lines are indented one level more. A single word that is longer stands in a line of its own.
    """
    indent = " " * (_INDENT * level)
    if width is None:
        yield indent + text
        return
    room = max(width - len(indent) - _INDENT, _NARROWEST)
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line) + cell_len(piece.rstrip()) > room:
            yield indent + line.rstrip()
            line, indent = "", " " * (_INDENT * (level + 1))
        line += piece
    yield indent + line.rstrip()


def terminal_width() -> int | None:
    """Return how wide lines may be, at most 120 cells; None where no terminal is looking."""
    seen = sys.stdout.isatty() or "COLUMNS" in os.environ
    return min(shutil.get_terminal_size().columns, _WIDEST) if seen else None
