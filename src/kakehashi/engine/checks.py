"""The check both engines make on every table before it takes its place."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from pyarrow import parquet

from kakehashi.engine.base import Row
from kakehashi.errors import ContractError
from kakehashi.pool import workers
from kakehashi.tables import Table

Bools = npt.NDArray[np.bool_]

_TOLD = 3
_RUN = 8
"""Row groups that are looked at in one thread at least."""


def casts(table: Table, numbered: Collection[str] = ()) -> str:
    """Return the select list that gives each declared column its declared type; those in `numbered` are numbers."""
    kinds = {column: "bigint" if column in numbered else kind for column, kind in table.columns.items()}
    return ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in kinds.items())


def key_faults(table: Table, relation: str) -> str:
    """Return the query whose rows are the keys of `relation` that are null or repeated: none, if all is well."""
    key = ", ".join(table.key)
    missing = " or ".join(f"{column} is null" for column in table.key)
    return f"select {key}, count(*) as n from {relation} group by {key} having count(*) > 1 or {missing} limit 3"


def sorted_key_faults(table: Table, path: Path) -> list[Row]:
    """Return keys that are null, or repeated in neighbouring rows, of a Parquet file that is sorted by its key.

    Two rows at a time, in little memory: to count them by key would take as much as the table. Runs of row groups are
    looked at side by side, for reading and comparing columns leaves other threads the interpreter.
    """
    with parquet.ParquetFile(path) as file:
        groups = file.num_row_groups
    each = max(_RUN, -(-groups // workers()))
    runs = [range(first, min(first + each, groups)) for first in range(0, groups, each)]
    if len(runs) < 2:
        return [fault for run in runs for fault in _faults(table, path, run)]
    with ThreadPoolExecutor(len(runs)) as pool:
        found = list(pool.map(partial(_faults, table, path), runs))
    return [fault for faults in found for fault in faults][:_TOLD]


def _faults(table: Table, path: Path, run: range) -> list[Row]:
    """Return the first faults of a run of row groups."""
    faults: list[Row] = []
    with parquet.ParquetFile(path) as file:
        before = _Group(file, run.start - 1) if run.start else None
        for number in run:
            group = _Group(file, number)
            suspect = suspects(group, before, table.key).tolist()
            columns = [group.column(name) for name in table.key] if suspect else []
            faults += [(*(column[at].as_py() for column in columns), 2) for at in suspect]
            if len(faults) >= _TOLD:
                break
            before = group
    return faults[:_TOLD]


class Group(Protocol):
    """Neighbouring rows, whose columns are Arrow arrays."""

    rows: int

    def column(self, name: str) -> Any:
        """Return the values of a column."""

    def may_have_null(self, name: str) -> bool:
        """Tell whether nulls are in a column, or nobody says that there are none."""


class _Group:
    """A row group of a Parquet file, whose columns are read when they are asked for."""

    def __init__(self, file: parquet.ParquetFile, number: int) -> None:
        self._file = file
        self._number = number
        self._read: dict[str, Any] = {}
        self.rows = file.metadata.row_group(number).num_rows

    def column(self, name: str) -> Any:
        """Return the values of a column."""
        if name not in self._read:
            read = self._file.read_row_group(self._number, columns=[name]).column(0)
            self._read[name] = read.combine_chunks()
        return self._read[name]

    def may_have_null(self, name: str) -> bool:
        """Tell whether nulls are in a column, or the file does not say."""
        about = self._file.metadata.row_group(self._number)
        told = about.column(self._file.schema_arrow.names.index(name)).statistics
        return told is None or not told.has_null_count or told.null_count > 0


def suspects(group: Group, before: Group | None, key: tuple[str, ...]) -> npt.NDArray[np.intp]:
    """Return the places of the first rows whose key has a null or is that of the row before (of `before`, for one)."""
    return np.flatnonzero(_nulls(group, key) | _repeated(group, before, key))[:_TOLD]


def _nulls(group: Group, key: tuple[str, ...]) -> Bools:
    flags = np.zeros(group.rows, dtype=bool)
    for name in key:
        if group.may_have_null(name):
            flags |= group.column(name).is_null().to_numpy(zero_copy_only=False)
    return flags


def _repeated(group: Group, before: Group | None, key: tuple[str, ...]) -> Bools:
    """Tell for each row whether the row before it (of the group before, for the first) has the same key."""
    same = np.ones(group.rows, dtype=bool)
    same[:1] = before is not None
    # The last column of a key differs most often, so the others are seldom looked at.
    for name in reversed(key):
        column = group.column(name)
        equal = pc.fill_null(pc.equal(column[1:], column[:-1]), False)
        same[1:] &= equal.to_numpy(zero_copy_only=False)
        if before is not None and same[0]:
            same[0] = before.column(name)[-1].as_py() == column[0].as_py()
        if not same.any():
            break
    return same


def refuse(table: Table, faults: list[Row]) -> None:
    """Raise ContractError if `faults`, the result of `key_faults`, has rows."""
    if faults:
        raise ContractError(f"{table.name}: key ({', '.join(table.key)}) is repeated or null, for example {faults}")
