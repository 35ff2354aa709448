"""Cells of statistical tables: numbers with blanks behind them, dashes for nothing, codes within apostrophes."""

import math
import re

from kakehashi.sources.base import Head
from kakehashi.sources.encoding import make_head

_YEAR = re.compile(r"(\d{4})(?:\s*[/.年-]\s*(\d{1,2}))?\s*[年月]?")
_NOTHING = frozenset({"", "-", "－", "―", "..", "…", "n/a", "na", "null"})
_JAPANESE_MARKS = ("概況品", "単位", "千円", "輸出", "輸入", "【")
YEN = {"円": 1.0, "千円": 1e3, "百万円": 1e6, "億円": 1e8, "a thousand yen": 1e3}


def statistics_head(data: bytes) -> Head:
    """Decode the first bytes of a table of statistics.

    The general detection looks for runs of two-byte characters, and the few words above a table of numbers have none
    that are long enough: so CP932, the encoding of Japan Customs, is tried where the words of its tables then appear.
    """
    head = make_head(data)
    if head.encoding is None or head.encoding.startswith("utf"):
        return head
    text = data.decode("cp932", "replace")
    if not any(mark in text for mark in _JAPANESE_MARKS):
        return head
    newline = "\n" if "\n" in text else "\r"
    return Head(data, text, "cp932", tuple(line.rstrip("\r") for line in text.split(newline)))


def number(cell: str) -> float | None:
    """Return the number in a cell, None where it says that there is none. Raises ValueError."""
    text = cell.strip().replace(",", "")
    if text.lower() in _NOTHING:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{cell!r} is no finite number")
    return value


def year_and_month(cell: str) -> tuple[int, int | None] | None:
    """Return the year, and the month of a monthly row, of `2018 `, `2018/01` or `2018年1月`; None of anything else."""
    found = _YEAR.fullmatch(cell.strip().strip("'"))
    if found is None:
        return None
    month = int(found[2]) if found[2] else None
    return (int(found[1]), month) if month is None or 1 <= month <= 12 else None


def unquoted(cell: str) -> str:
    """Return a code without blanks and the apostrophes that keep its leading zeros."""
    return cell.strip().strip("'").strip()
