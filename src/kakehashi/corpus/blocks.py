"""Records to the tables of the spool: thousands at once, column by column, in a third of the time of row by row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
from msgspec.structs import replace

from kakehashi.corpus.keys import key_of, title_key
from kakehashi.engine import arrow
from kakehashi.errors import ContractError
from kakehashi.records import Batch, Integers, KeywordKind, Record
from kakehashi.tables import Table, declare

CORPUS_RECORDS = declare(
    "corpus_records",
    "One row per record read, with its values and the keys by which it may be merged. record: its number in the study; "
    "holds: which of VALUES it has, as the sum of 1 for the first of them, 2 for the second, 4 for the third, ...",
    "record",
    "record bigint, file string, row bigint, database string, title_key string, authors bigint, mentions bigint, "
    "linked bigint, doi string, title string, year bigint, venue string, doc_type string, language string, "
    "abstract string, citations bigint, holds bigint",
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
OWN = (CORPUS_RECORDS, CORPUS_AUTHORS, CORPUS_MENTIONS, CORPUS_KEYWORDS)

_FULL = 100_000
"""Rows of all tables together that wait to be written: some three thousand records."""

VALUES = ("doi", "title", "year", "venue", "doc_type", "language", "abstract", "citations")
_SURROGATES = re.compile("[\ud800-\udfff]")

Filled = tuple[Table, pa.RecordBatch]
"""Rows of a table."""


class Block:
    """Records of one file on their way into the spool. A record's number in the study is its row plus `base`."""

    def __init__(self, label: str, base: int) -> None:
        self._label = label
        self._base = base
        self._records: list[Record] = []
        self._databases: list[str] = []
        self._rows = 0

    def add(self, record: Record, database: str) -> bool:
        """Take a record; tell whether the block is full."""
        self._records.append(record)
        self._databases.append(database)
        self._rows += 1 + len(record.authors) + len(record.mentions) + len(record.keywords)
        return self._rows >= _FULL

    def take(self) -> list[Filled]:
        """Return a batch for each table, and forget the records."""
        try:
            made = list(self._batches())
        except ContractError:
            # Readers let no lone surrogates through, which no encoding can hold, but those of others might.
            self._records = [_encodable(record) for record in self._records]
            made = list(self._batches())
        self._records, self._databases, self._rows = [], [], 0
        return made

    def _batches(self) -> Iterator[Filled]:
        records = self._records
        keys = np.array([record.row for record in records], np.int64) + self._base
        authors = [author for record in records for author in record.authors]
        author_counts = _counts([record.authors for record in records])
        mentions = [mention for record in records for mention in record.mentions]
        mention_counts = _counts([record.mentions for record in records])
        owners = [mention.author for mention in mentions]
        has_owner = np.array([owner is not None for owner in owners], np.bool_)
        linked = np.bincount(np.repeat(np.arange(len(records)), mention_counts)[has_owner], minlength=len(records))
        keywords = [dict.fromkeys([(keyword.kind, keyword.text) for keyword in record.keywords]) for record in records]
        values = [[*map(attrgetter(name), records)] for name in VALUES]
        yield _filled(CORPUS_RECORDS, (
            keys, pa.repeat(self._label, len(records)), keys - self._base, self._databases, map(title_key, records),
            author_counts, mention_counts, linked, *values, _holds(values),
        ))  # fmt: skip
        yield _filled(CORPUS_AUTHORS, (
            np.repeat(keys, author_counts), _places(author_counts), [author.name for author in authors],
            [author.orcid for author in authors],
        ))  # fmt: skip
        yield _filled(CORPUS_MENTIONS, (
            np.repeat(keys, mention_counts), _places(mention_counts), owners, [mention.text for mention in mentions],
            [mention.given_ror for mention in mentions], [mention.given_country for mention in mentions],
        ))  # fmt: skip
        yield _filled(CORPUS_KEYWORDS, (
            np.repeat(keys, _counts(keywords)), [kind for once in keywords for kind, _ in once],
            [text for once in keywords for _, text in once],
        ))  # fmt: skip


def filled(batch: Batch, label: str, base: int, database: str) -> Iterator[Filled]:
    """Yield for each table what records hold that were read by columns."""
    size, keys = len(batch.rows), batch.rows + base
    authors, mentions, keywords = batch.authors, batch.mentions, batch.keywords
    author_counts, mention_counts = (np.bincount(parts.of, minlength=size) for parts in (authors, mentions))
    values = [batch.values[name] for name in VALUES]
    yield _filled(CORPUS_RECORDS, (
        keys, pa.repeat(label, size), batch.rows, pa.repeat(database, size), _title_keys(batch, author_counts),
        author_counts, mention_counts, mention_counts, *values, _holds(values),
    ))  # fmt: skip
    yield _filled(CORPUS_AUTHORS, (
        keys[authors.of], _places(author_counts), authors.texts, pa.nulls(len(authors.of), pa.string()),
    ))  # fmt: skip
    nothing = pa.nulls(len(mentions.of), pa.string())
    yield _filled(CORPUS_MENTIONS, (
        keys[mentions.of], _places(mention_counts), mentions.places, mentions.texts, nothing, nothing,
    ))  # fmt: skip
    for kind, parts in keywords:
        yield _filled(CORPUS_KEYWORDS, (keys[parts.of], pa.repeat(kind, len(parts.of)), parts.texts))


def _title_keys(batch: Batch, author_counts: Integers) -> Iterator[str | None]:
    begins = author_counts.cumsum() - author_counts
    first = batch.authors.texts.take(pa.array(begins, mask=author_counts == 0))
    columns = batch.values["title"], batch.values["year"], first, batch.values["venue"]
    return map(key_of, *(column.to_pylist() for column in columns))


def _filled(table: Table, columns: Sequence[Iterable[object]]) -> Filled:
    return table, arrow.columns(table, columns)


def _holds(values: Sequence[list[Any] | pa.Array]) -> Integers:
    """Tell which values each record has, as `holds` of the table does."""
    there = [
        column.is_valid() if isinstance(column, pa.Array) else [value is not None for value in column]
        for column in values
    ]
    return np.asarray(np.sum([np.asarray(flags, np.int64) << at for at, flags in enumerate(there)], axis=0))


def _counts(lists: Sequence[Sequence[object] | Mapping[tuple[KeywordKind, str], object]]) -> Integers:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _places(counts: Integers) -> Integers:
    """Number the rows of each record from 1."""
    return np.arange(1, counts.sum() + 1) - np.repeat(counts.cumsum() - counts, counts)


def without_surrogates(text: str) -> str:
    """Replace lone surrogates."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _encodable(record: Record) -> Record:
    return replace(
        record,
        **{
            name: value and without_surrogates(value)
            for name in ("doi", "title", "venue", "doc_type", "language", "abstract")
            for value in [getattr(record, name)]
        },
        authors=tuple(replace(author, name=without_surrogates(author.name)) for author in record.authors),
        mentions=tuple(replace(mention, text=without_surrogates(mention.text)) for mention in record.mentions),
        keywords=tuple(replace(keyword, text=without_surrogates(keyword.text)) for keyword in record.keywords),
    )
