"""One export file to flat rows, spooled as Parquet, so that files can be read side by side and in little memory."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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


@dataclass(frozen=True)
class Job:
    """One file to read. `label` is its name in every table; `spool` is the folder to write into."""

    number: int
    path: Path
    label: str
    columns: Mapping[str, str]
    format: str | None
    first_year: int | None
    last_year: int | None
    spool: Path


@dataclass(frozen=True)
class Summary:
    """What became of a job: the formats met, in order, and where the rows lie."""

    label: str
    formats: tuple[str, ...]
    databases: tuple[str, ...]
    spool: Path


def spool_file(job: Job) -> Summary:
    """Read one export file and write its rows to the job's spool folder, one Parquet file a table."""
    with _without_collector():
        return _spooled(job)


def _spooled(job: Job) -> Summary:
    job.spool.mkdir(parents=True, exist_ok=True)
    formats: dict[str, str] = {}
    base = job.number * _RECORDS_OF_FILE
    block, refused, number = Block(job.label, base), list[Row](), 0
    limited = job.first_year is not None or job.last_year is not None
    read = read_file if limited else read_batches
    with ExitStack() as stack:
        writers = {table.name: stack.enter_context(_writer(table, job.spool)) for table in (*OWN, REFUSALS)}
        for fmt, item in read(job.path, job.label, job.columns, job.format):
            if fmt is not None:
                formats.setdefault(fmt.name, fmt.database)
            if isinstance(item, Batch):
                _write(writers, filled(item, job.label, base, fmt.database if fmt else "other"))
                continue
            kept = item if isinstance(item, Refusal) else _outside(job, item) or item
            if isinstance(kept, Refusal):
                number += 1
                refused.append((job.label, number, kept.row, kept.code, without_surrogates(kept.reason), kept.records))
                if len(refused) >= arrow.BATCH_ROWS:
                    _write(writers, [(REFUSALS, arrow.batch(REFUSALS, refused))])
                    refused.clear()
            elif block.add(kept, fmt.database if fmt else "other"):
                _write(writers, block.take())
        _write(writers, [*block.take(), (REFUSALS, arrow.batch(REFUSALS, refused))])
    return Summary(job.label, tuple(formats), tuple(dict.fromkeys(formats.values())), job.spool)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold Python's garbage collector back: records hold no circles, and to look for some takes a tenth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def spooled_files(table: Table, summaries: list[Summary]) -> list[Path]:
    """Return the files in which all jobs spooled one table."""
    return [summary.spool / f"{table.name}.parquet" for summary in summaries]


def spooled_batches(table: Table, summaries: list[Summary]) -> Iterator[pa.RecordBatch]:
    """Yield what all jobs spooled for one table, file by file."""
    for path in spooled_files(table, summaries):
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=arrow.BATCH_ROWS)


def _outside(job: Job, record: Record) -> Refusal | None:
    if job.first_year is None and job.last_year is None:
        return None
    if record.year is None:
        return Refusal(record.row, "no_year", "the record has no year, and the study is limited to years")
    if (job.first_year or record.year) <= record.year <= (job.last_year or record.year):
        return None
    return Refusal(record.row, "outside_years", f"the year {record.year} lies outside the study's years")


def _writer(table: Table, folder: Path) -> pq.ParquetWriter:
    return pq.ParquetWriter(folder / f"{table.name}.parquet", arrow.schema(table), compression="snappy")


def _write(writers: Mapping[str, pq.ParquetWriter], batches: Iterable[Filled]) -> None:
    for table, batch in batches:
        if batch.num_rows:
            writers[table.name].write_batch(batch)
