"""A Python function over the rows of a result, in several processes where there are many rows."""

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from kakehashi.engine import arrow
from kakehashi.engine.base import BatchFunction, MapFunction, Row
from kakehashi.pool import streamed
from kakehashi.progress import Advance
from kakehashi.tables import Table

ALONE = 40_000
"""Fewer rows are mapped where they are: a process takes a second to begin."""
ALONE_IF_LIGHT = 1_000_000
"""The same for functions that take one to four microseconds a row."""
CHUNK = 10_000
"""Rows that go to a process at once."""
_AHEAD = 2

_installed: list[BatchFunction] = []


@dataclass(frozen=True)
class Rows:
    """A function over rows as one over record batches: those it yields have the columns of `table`."""

    table: Table
    fn: MapFunction

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what the function makes of the rows of the batches."""
        yield from arrow.batches(self.table, self.fn(row for batch in batches for row in rows(batch)))


def rows(batch: pa.RecordBatch) -> Iterator[Row]:
    """Yield the rows of a record batch."""
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def mapped(table: Table, batches: Iterator[pa.RecordBatch], fn: BatchFunction, processes: int, spool: Path) -> None:
    """Write what `fn` yields for the batches to a Parquet file, computed side by side, in the order of the batches.

    `fn` travels to each process once, so what it keeps for itself is kept from batch to batch.
    """
    results = streamed(_map_batch, batches, partial(_install, fn), processes, _AHEAD)
    try:
        with parquet.ParquetWriter(spool, arrow.schema(table), compression="snappy") as file:
            for found in results:
                for batch in found:
                    file.write_batch(batch)
    finally:
        results.close()  # type: ignore[attr-defined]


def counted(batches: Iterable[pa.RecordBatch], advance: Advance) -> Iterator[pa.RecordBatch]:
    """Pass record batches on and say how many rows were taken."""
    for batch in batches:
        yield batch
        advance(batch.num_rows)


def _install(fn: BatchFunction) -> None:
    """Keep the function in this process, without Python's collector: what is made of rows holds no circles.

    To look for some again and again took an eighth of the time in which strings are read.
    """
    gc.disable()
    _installed[:] = [fn]


def _map_batch(batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    [fn] = _installed
    return list(fn(iter([batch])))
