"""The check both engines make on every table before it takes its place."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from pyarrow import parquet

from kakehashi.engine.base import Row
from kakehashi.errors import ContractError
from kakehashi.tables import Table

Bools = npt.NDArray[np.bool_]

_CHECKED_ROWS = 200_000
_TOLD = 3


def casts(table: Table) -> str:
    """Return the select list that gives each declared column its declared type."""
    return ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in table.columns.items())


def key_faults(table: Table, relation: str) -> str:
    """Return the query whose rows are the keys of `relation` that are null or repeated: none, if all is well."""
    key = ", ".join(table.key)
    missing = " or ".join(f"{column} is null" for column in table.key)
    return f"select {key}, count(*) as n from {relation} group by {key} having count(*) > 1 or {missing} limit 3"


def sorted_key_faults(table: Table, path: Path) -> list[Row]:
    """Return keys that are null, or repeated in neighbouring rows, of a Parquet file that is sorted by its key.

    Two rows at a time, in little memory: to count them by key would take as much as the table.
    """
    faults: list[Row] = []
    last: list[Any] = []
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_CHECKED_ROWS, columns=list(table.key)):
            columns = [batch.column(name) for name in table.key]
            suspect = np.flatnonzero(_nulls(columns) | _repeated(columns, last))
            faults += [(*(column[at].as_py() for column in columns), 2) for at in suspect[:_TOLD].tolist()]
            if len(faults) >= _TOLD:
                break
            last = [column[len(column) - 1 :] for column in columns]
    return faults[:_TOLD]


def _nulls(columns: list[Any]) -> Bools:
    return np.asarray(np.logical_or.reduce([column.is_null().to_numpy(zero_copy_only=False) for column in columns]))


def _repeated(columns: list[Any], last: list[Any]) -> Bools:
    """Tell for each row whether the row before it (of the batch before, for the first) has the same key."""
    same = np.ones(len(columns[0]), dtype=bool)
    same[0] = bool(last)
    # The last column of a key differs most often, so the others are seldom looked at.
    for number in range(len(columns) - 1, -1, -1):
        column = columns[number]
        equal = pc.fill_null(pc.equal(column[1:], column[:-1]), False)
        same[1:] &= equal.to_numpy(zero_copy_only=False)
        if last:
            same[0] &= last[number][0].as_py() == column[0].as_py()
        if not same.any():
            break
    return same


def refuse(table: Table, faults: list[Row]) -> None:
    """Raise ContractError if `faults`, the result of `key_faults`, has rows."""
    if faults:
        raise ContractError(f"{table.name}: key ({', '.join(table.key)}) is repeated or null, for example {faults}")
