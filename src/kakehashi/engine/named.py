"""Files of tables whose names come as numbers: long names are neither sorted nor compared nor written row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from kakehashi.engine import arrow
from kakehashi.engine.base import Row
from kakehashi.engine.checks import refuse, suspects
from kakehashi.errors import ContractError
from kakehashi.tables import Table

_AT_ONCE = 100_000
"""Values that are written in one go: fewer cost more."""


@dataclass(frozen=True)
class Names:
    """Names and their numbers, which ascend with them."""

    numbers: npt.NDArray[np.int64]
    names: pa.StringArray

    def of(self, numbers: pa.Array, column: str) -> pa.DictionaryArray:
        """Return the names of the numbers of a column. Raises ContractError for a number without a name."""
        coded = numbers.dictionary_encode()
        met = coded.dictionary.to_numpy()
        places = np.searchsorted(self.numbers, met)
        known = places < len(self.numbers)
        known[known] = self.numbers[places[known]] == met[known]
        if not known.all():
            raise ContractError(f"{column}: no name has the number {met[~known][0]}")
        return pa.DictionaryArray.from_arrays(coded.indices, self.names.take(pa.array(places)))


class _Batch:
    """The rows of a record batch, as `checks.suspects` reads them."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self.rows = batch.num_rows

    def column(self, name: str) -> Any:
        """Return the values of a column."""
        return self._batch.column(name)

    def may_have_null(self, name: str) -> bool:
        """Tell whether a column has nulls."""
        return bool(self._batch.column(name).null_count)


def write(table: Table, batches: Iterable[pa.RecordBatch], names: Mapping[str, Names], path: Path) -> None:
    """Write batches, sorted by the key, as a file of the table. Raises ContractError.

    The columns in `names` come as numbers. Each batch is a group of rows of the file.
    """
    before: _Batch | None = None
    schema = _schema(table)
    with parquet.ParquetWriter(path, schema, compression="zstd", store_schema=False, write_batch_size=_AT_ONCE) as file:
        for given in batches:
            batch = _Batch(given)
            coded = [
                names[name].of(given.column(name), f"{table.name}.{name}")
                if name in names
                else _coded(given.column(name))
                for name in table.columns
            ]
            found = suspects(batch, before, table.key)
            refuse(table, [_row(table, coded, at) for at in found.tolist()])
            file.write_table(pa.Table.from_arrays(coded, schema=schema), row_group_size=batch.rows)
            before = batch


def _coded(column: pa.Array) -> pa.Array:
    """Return a column with each of its texts once, as the file has them: the writer need not look for equal ones."""
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def _schema(table: Table) -> pa.Schema:
    coded = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [(field.name, coded if field.type == pa.string() else field.type) for field in arrow.schema(table)]
    )


def _row(table: Table, columns: list[pa.Array], at: int) -> Row:
    """Return the key of a row that has the key of the row before it, or a null, as `sorted_key_faults` does."""
    held = dict(zip(table.columns, columns, strict=True))
    return (*(held[name][at].as_py() for name in table.key), 2)
