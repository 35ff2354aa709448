"""Rows to Arrow, in the columns a table declares. Both engines take data in this form."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyarrow as pa

from kakehashi.engine.base import Row
from kakehashi.errors import ContractError
from kakehashi.tables import ColumnType, Table

BATCH_ROWS = 20_000

_TYPES: dict[ColumnType, pa.DataType] = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
}


def schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a declared table."""
    return pa.schema([(column, _TYPES[kind]) for column, kind in table.columns.items()])


def batch(table: Table, rows: Iterable[Row]) -> pa.RecordBatch:
    """Turn rows, in the table's column order, into one record batch. Raises ContractError on a wrong value."""
    return columns(table, list(zip(*rows, strict=True)) or [() for _ in table.columns])


def columns(table: Table, values: Sequence[Iterable[object]]) -> pa.RecordBatch:
    """Turn the values of each column into one record batch. Raises ContractError on a wrong value."""
    fields = schema(table)
    if len(values) != len(fields):
        raise ContractError(f"{table.name}: rows have {len(values)} values, the table declares {len(fields)} columns")
    return pa.record_batch([_array(table, *pair) for pair in zip(fields, values, strict=True)], schema=fields)


def _array(table: Table, field: pa.Field, values: Iterable[object]) -> pa.Array:
    if isinstance(values, pa.Array):
        return values
    try:
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError) as error:
        raise ContractError(f"{table.name}.{field.name}: a value is not a {field.type}: {error}") from error


def batches(table: Table, rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    """Cut rows into record batches of at most BATCH_ROWS."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, BATCH_ROWS)):
        yield batch(table, chunk)
