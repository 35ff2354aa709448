"""What a study's tables answer: rows, an array for each column where they are numbers by the million, parts to keep."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = Callable[[str], list[tuple[Any, ...]]]
Columns = Sequence[npt.NDArray[Any]]


class Answers:
    """A function that runs a SELECT and returns rows, and does more. It may be asked in several threads.

    columns: runs a SELECT of numbers, none of them null, and returns its columns. keep: runs a SELECT that several
    others need, the first time, and names the table that holds what it found as long as the study is read.
    """

    def __init__(self, rows: Rows, columns: Callable[[str], Columns], keep: Callable[[str], str]) -> None:
        self._rows = rows
        self.columns = columns
        self.keep = keep

    def __call__(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        return self._rows(sql)


def columns(rows: Rows, sql: str, number: int) -> Columns:
    """Return the columns of a SELECT of numbers, none of them null; `number`: how many columns it has.

    `rows` may be any function. One that is an `Answers` spares a Python object for each number.
    """
    if isinstance(rows, Answers):
        return rows.columns(sql)
    found = rows(sql)
    return list(np.array(found, dtype=np.float64).reshape(len(found), number).T)


def kept(rows: Rows, sql: str) -> str:
    """Return what stands for a SELECT behind FROM: the table that holds it, or itself where nothing can be kept."""
    return rows.keep(sql) if isinstance(rows, Answers) else f"({sql})"
