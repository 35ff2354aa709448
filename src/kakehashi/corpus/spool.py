"""Export files to flat rows, spooled as Parquet, so that files can be read side by side and in little memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakehashi.collector import collector_paused
from kakehashi.corpus.blocks import OWN, Block, Filled, filled, without_surrogates
from kakehashi.engine import arrow
from kakehashi.engine.base import Row
from kakehashi.records import Batch, Record, Refusal
from kakehashi.sources.registry import read_batches, read_file
from kakehashi.tables import REFUSALS, Table, declare

CORPUS_FILES = declare(
    "corpus_files",
    "What each file was recognised as.",
    "file",
    "file string, format string, database string",
    private=True,
)

_RECORDS_OF_FILE = 1 << 32

_GROUP_BYTES = 16 << 20
"""Rows that are written at once: small groups take longer to write and, above all, to read again and again."""


@dataclass(frozen=True)
class File:
    """One file to read. `label` is its name in every table."""

    number: int
    path: Path
    label: str
    columns: Mapping[str, str]
    format: str | None
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True)
class Job:
    """Files to read one after the other; `spool` is the folder to write into."""

    files: tuple[File, ...]
    spool: Path


@dataclass(frozen=True)
class Summary:
    """What became of a file: the formats met, in order, and where the rows lie."""

    label: str
    formats: tuple[str, ...]
    databases: tuple[str, ...]
    spool: Path


def spool_files(job: Job) -> list[Summary]:
    """Read export files and write their rows to the job's spool folder, one Parquet file a table."""
    job.spool.mkdir(parents=True, exist_ok=True)
    writers = {table.name: _Writer(table, job.spool) for table in (*OWN, REFUSALS)}
    try:
        with collector_paused():
            return [_spooled(file, job.spool, writers) for file in job.files]
    finally:
        for writer in writers.values():
            writer.close()


def _spooled(file: File, spool: Path, writers: Mapping[str, "_Writer"]) -> Summary:
    formats: dict[str, str] = {}
    base = file.number * _RECORDS_OF_FILE
    block, refused, number = Block(file.label, base), list[Row](), 0
    limited = file.first_year is not None or file.last_year is not None
    read = read_file if limited else read_batches
    for fmt, item in read(file.path, file.label, file.columns, file.format):
        if fmt is not None:
            formats.setdefault(fmt.name, fmt.database)
        if isinstance(item, Batch):
            _write(writers, filled(item, file.label, base, fmt.database if fmt else "other"))
            continue
        kept = item if isinstance(item, Refusal) else _outside(file, item) or item
        if isinstance(kept, Refusal):
            number += 1
            refused.append((file.label, number, kept.row, kept.code, without_surrogates(kept.reason), kept.records))
            if len(refused) >= arrow.BATCH_ROWS:
                _write(writers, [(REFUSALS, arrow.batch(REFUSALS, refused))])
                refused.clear()
        elif block.add(kept, fmt.database if fmt else "other"):
            _write(writers, block.take())
    _write(writers, [*block.take(), (REFUSALS, arrow.batch(REFUSALS, refused))])
    return Summary(file.label, tuple(formats), tuple(dict.fromkeys(formats.values())), spool)


def _write(writers: Mapping[str, "_Writer"], batches: Iterable[Filled]) -> None:
    for table, batch in batches:
        writers[table.name].add(batch)


def spooled_files(table: Table, summaries: list[Summary]) -> list[Path]:
    """Return the files in which one table was spooled."""
    return list(dict.fromkeys(summary.spool / f"{table.name}.parquet" for summary in summaries))


def spooled_batches(table: Table, summaries: list[Summary]) -> Iterator[pa.RecordBatch]:
    """Yield what was spooled for one table, file by file."""
    for path in spooled_files(table, summaries):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=arrow.BATCH_ROWS)


def _outside(file: File, record: Record) -> Refusal | None:
    if file.first_year is None and file.last_year is None:
        return None
    if record.year is None:
        return Refusal(record.row, "no_year", "the record has no year, and the study is limited to years")
    if (file.first_year or record.year) <= record.year <= (file.last_year or record.year):
        return None
    return Refusal(record.row, "outside_years", f"the year {record.year} lies outside the study's years")


class _Writer:
    """Record batches into one Parquet file, in groups of some size."""

    def __init__(self, table: Table, folder: Path) -> None:
        self._file = pq.ParquetWriter(folder / f"{table.name}.parquet", arrow.schema(table), compression="snappy")
        self._waiting: list[pa.RecordBatch] = []
        self._bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self._waiting.append(batch)
            self._bytes += batch.nbytes
            if self._bytes >= _GROUP_BYTES:
                self._flush()

    def _flush(self) -> None:
        self._file.write_table(pa.Table.from_batches(self._waiting))
        self._waiting, self._bytes = [], 0

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._file.close()
