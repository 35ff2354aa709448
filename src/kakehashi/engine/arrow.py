"""Rows to Arrow, in the columns a table declares. Both engines take data in this form."""

from collections.abc import Iterable, Iterator
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
    fields = schema(table)
    columns = list(zip(*rows, strict=True)) or [() for _ in fields]
    if len(columns) != len(fields):
        raise ContractError(f"{table.name}: rows have {len(columns)} values, the table declares {len(fields)} columns")
    arrays = [_array(table, field, values) for field, values in zip(fields, columns, strict=True)]
    return pa.record_batch(arrays, schema=fields)


def _array(table: Table, field: pa.Field, values: Iterable[object]) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError) as error:
        raise ContractError(f"{table.name}.{field.name}: a value is not a {field.type}: {error}") from error


def batches(table: Table, rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    """Cut rows into record batches of at most BATCH_ROWS."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, BATCH_ROWS)):
        yield batch(table, chunk)
