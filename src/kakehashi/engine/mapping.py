"""A Python function over the rows of a result, in several processes where there are many rows."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa

from kakehashi.engine import arrow
from kakehashi.engine.base import MapFunction, Row
from kakehashi.pool import streamed
from kakehashi.progress import Advance
from kakehashi.tables import Table

ALONE = 40_000
"""Fewer rows are mapped where they are: a process takes a second to begin."""
CHUNK = 10_000
"""Rows that go to a process at once."""
_AHEAD = 2

_installed: list[tuple[Table, MapFunction]] = []


def mapped(table: Table, chunks: Iterator[Sequence[Row]], fn: MapFunction, processes: int, spool: Path) -> None:
    """Write what `fn` yields for the chunks to an Arrow file, computed side by side, in the order of the chunks.

    `fn` travels to each process once, so what it keeps for itself is kept from chunk to chunk.
    """
    results = streamed(_map_chunk, chunks, partial(_install, table, fn), processes, _AHEAD)
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    try:
        with pa.ipc.new_file(str(spool), arrow.schema(table), options=options) as file:
            for batches in results:
                for batch in batches:
                    file.write_batch(batch)
    finally:
        results.close()  # type: ignore[attr-defined]


def spooled(spool: Path) -> Iterator[pa.RecordBatch]:
    """Yield the record batches of a file that `mapped` wrote."""
    with pa.memory_map(str(spool)) as source, pa.ipc.open_file(source) as file:
        for number in range(file.num_record_batches):
            yield file.get_batch(number)


def counted(chunks: Iterator[Sequence[Row]], advance: Advance) -> Iterator[Sequence[Row]]:
    """Pass chunks on and say how many rows were taken."""
    for chunk in chunks:
        yield chunk
        advance(len(chunk))


def _install(table: Table, fn: MapFunction) -> None:
    _installed[:] = [(table, fn)]


def _map_chunk(rows: Sequence[Row]) -> list[pa.RecordBatch]:
    [(table, fn)] = _installed
    return list(arrow.batches(table, fn(iter(rows))))
