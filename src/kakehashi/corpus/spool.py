"""One export file to flat rows, spooled as Parquet, so that files can be read side by side and in little memory."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kakehashi.corpus.keys import title_key
from kakehashi.engine import arrow
from kakehashi.engine.base import Row
from kakehashi.records import Record, Refusal
from kakehashi.sources.registry import read_file
from kakehashi.tables import REFUSALS, Table, declare

CORPUS_RECORDS = declare(
    "corpus_records",
    "One row per record read, with its values and the keys by which it may be merged. record: its number in the study.",
    "record",
    "record bigint, file string, row bigint, database string, title_key string, authors bigint, mentions bigint, "
    "linked bigint, doi string, title string, year bigint, venue string, doc_type string, language string, "
    "abstract string, citations bigint",
    private=True,
)
CORPUS_AUTHORS = declare(
    "corpus_authors",
    "The authors of each record.",
    "record, seq",
    "record bigint, seq bigint, author string, orcid string",
    private=True,
)
CORPUS_MENTIONS = declare(
    "corpus_mentions",
    "The affiliation strings of each record.",
    "record, seq",
    "record bigint, seq bigint, author_seq bigint, affiliation string, given_ror string, given_country string",
    private=True,
)
CORPUS_KEYWORDS = declare(
    "corpus_keywords",
    "The keywords of each record, once each.",
    "record, kind, keyword",
    "record bigint, kind string, keyword string",
    private=True,
)
CORPUS_FILES = declare(
    "corpus_files",
    "What each file was recognised as.",
    "file",
    "file string, format string, database string",
    private=True,
)
OWN = (CORPUS_RECORDS, CORPUS_AUTHORS, CORPUS_MENTIONS, CORPUS_KEYWORDS)
"""What is spooled for this stage alone, and read where it lies."""

_RECORDS_OF_FILE = 1 << 32

_SURROGATES = re.compile("[\ud800-\udfff]")


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
    writers = {table.name: _Writer(table, job.spool / f"{table.name}.parquet") for table in (*OWN, REFUSALS)}
    formats: dict[str, str] = {}
    refusals = 0
    try:
        for fmt, item in read_file(job.path, job.label, job.columns, job.format):
            if fmt is not None:
                formats.setdefault(fmt.name, fmt.database)
            kept = item if isinstance(item, Refusal) else _outside(job, item) or item
            if isinstance(kept, Refusal):
                refusals += 1
                writers["refusals"].add((job.label, refusals, kept.row, kept.code, _clean(kept.reason), kept.records))
            else:
                _add_record(writers, job, fmt.database if fmt else "other", kept)
    finally:
        for writer in writers.values():
            writer.close()
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


def _add_record(writers: Mapping[str, "_Writer"], job: Job, database: str, record: Record) -> None:
    key = job.number * _RECORDS_OF_FILE + record.row
    linked = len([1 for mention in record.mentions if mention.author is not None])
    writers["corpus_records"].add((
        key, job.label, record.row, database, title_key(record), len(record.authors), len(record.mentions), linked,
        _cleaned(record.doi), _cleaned(record.title), record.year, _cleaned(record.venue), _cleaned(record.doc_type),
        _cleaned(record.language), _cleaned(record.abstract), record.citations,
    ))  # fmt: skip
    writers["corpus_authors"].extend(
        [(key, seq, _clean(author.name), author.orcid) for seq, author in enumerate(record.authors, 1)]
    )
    writers["corpus_mentions"].extend(
        [(key, seq, m.author, _clean(m.text), m.given_ror, m.given_country) for seq, m in enumerate(record.mentions, 1)]
    )
    once = dict.fromkeys([(keyword.kind, _clean(keyword.text)) for keyword in record.keywords])
    writers["corpus_keywords"].extend([(key, kind, text) for kind, text in once])


def _cleaned(text: str | None) -> str | None:
    return None if text is None else _clean(text)


def _clean(text: str) -> str:
    """Replace lone surrogates, which no encoding can hold. Readers should not let them through, plug-ins might."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


class _Writer:
    """Rows into one Parquet file, a batch at a time."""

    def __init__(self, table: Table, path: Path) -> None:
        self._table = table
        self._file = pq.ParquetWriter(path, arrow.schema(table), compression="snappy")
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= arrow.BATCH_ROWS:
            self._flush()

    def extend(self, rows: list[Row]) -> None:
        self._rows += rows
        if len(self._rows) >= arrow.BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        self._file.write_batch(arrow.batch(self._table, self._rows))
        self._rows.clear()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._file.close()
