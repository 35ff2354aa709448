"""Rows of a table to records by columns: thousands at once, but for rows in which anything is out of the ordinary.

Every value is the one that `read_row` would find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import pyarrow as pa

from kakehashi.records import Batch, Flags, Parts, Refusal
from kakehashi.sources.arrays import cleaned, split
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.check import AUTHOR_LIMIT, is_plausible_year, is_sound_title
from kakehashi.sources.csv_core import Header, cell_rows, find_header, named
from kakehashi.sources.table import (
    NOTHING,
    SINGLE,
    Columns,
    clean_placeholder,
    clean_slot,
    clean_title,
    in_place,
    is_no_year,
    read_row,
)
from kakehashi.sources.text import clean_doi, clean_short, parse_count, parse_year

BATCH_ROWS = 2_000

_Item = tuple[int, list[str]] | Refusal

_SEPARATOR = ";"
_FORMULA = b"$\\"
_SHORT = max(map(len, NOTHING))
"""A longer text that begins with a letter or digit says something."""


def with_batches(format_: Format, columns: Columns, signature: tuple[str, ...]) -> Format:
    """Return the format of tables, whose `columns` say what is linked, with a reader by columns."""

    def read_batches(source: Input, head: Head) -> Iterator[Item | Batch]:
        header = find_header(head, *signature)
        there = columns.within(header) if header else columns
        if header and _are_certain(there, header):
            return _read(source, head, header, there)
        return format_.read(source, head)

    return replace(format_, read_batches=read_batches)


def _are_certain(columns: Columns, header: Header) -> bool:
    """Whether each value can stand in one column only."""
    names = [*(getattr(columns, name) for name in SINGLE), *columns.keywords.values()]
    return columns.linked is not None and header.has(*columns.linked) and all(len(some) < 2 for some in names)


def _read(source: Input, head: Head, header: Header, columns: Columns) -> Iterator[Item | Batch]:
    """Yield the records of sound rows in batches, and what `read_table` yields for the others."""
    items = cell_rows(source, head, header, lambda cells: in_place(cells, columns))
    error: Exception | None = None
    taken: list[_Item] = []
    while error is None:
        taken, error = _take(items)
        if not taken:
            break
        yield from _made(taken, header, columns)
    if error is not None:
        raise error


def _take(items: Iterator[_Item]) -> tuple[list[_Item], Exception | None]:
    """Take the next items, and the error that ended them: what came before it is kept."""
    taken: list[_Item] = []
    try:
        for item in islice(items, BATCH_ROWS):
            taken.append(item)  # noqa: PERF402 - what came before an error stays
    except Exception as error:  # noqa: BLE001 - it is raised again
        return taken, error
    return taken, None


def _made(items: Sequence[_Item], header: Header, columns: Columns) -> Iterator[Item | Batch]:
    table = _Table([item for item in items if not isinstance(item, Refusal)], header, columns)
    sound = iter(table.sound)
    for item in items:
        if isinstance(item, Refusal):
            yield item
        elif not next(sound):
            yield from read_row(item[0], named(item[1], header), columns)
    if table.sound.any():
        yield table.batch()


class _Table:
    """Rows being read by columns. `sound` tells of which nothing needs a note or a closer look."""

    def __init__(self, items: Sequence[tuple[int, list[str]]], header: Header, columns: Columns) -> None:
        self._rows = np.array([row for row, _ in items], np.int64)
        width = len(header.cells)
        self._cells = [cells if len(cells) >= width else cells + [""] * (width - len(cells)) for _, cells in items]
        self._header = header
        self._columns = columns
        dates = self._texts(columns.year)
        self._years = [parse_year(date) for date in dates]
        self._titles = cleaned(self._array(columns.title), clean_title, marks=_FORMULA, short=_SHORT, begin_plain=True)
        authors, slots = (split(self._texts((name,)), _SEPARATOR) for name in columns.linked or ())
        self._authors = authors._replace(texts=cleaned(authors.texts, clean_short)).filled()
        self._mentions = slots._replace(texts=cleaned(slots.texts, clean_slot, trim=" ,;", short=_SHORT)).filled()
        authors_of, slots_of, mentions_of = (
            np.bincount(parts.of, minlength=len(items)) for parts in (self._authors, slots, self._mentions)
        )
        self.sound: Flags = (
            ((authors_of == slots_of) | (mentions_of == 0))
            & (authors_of <= AUTHOR_LIMIT)
            & np.array([title is not None and is_sound_title(title) for title in self._titles.to_pylist()], np.bool_)
            & np.array(
                [
                    not is_no_year(date) and is_plausible_year(year)
                    for date, year in zip(dates, self._years, strict=True)
                ],
                np.bool_,
            )
        )

    def batch(self) -> Batch:
        """Return the sound rows."""
        columns, keep = self._columns, self.sound
        values = {
            "title": self._titles,
            "year": pa.array(self._years, pa.int64()),
            "doi": pa.array(map(clean_doi, self._texts(columns.doi)), pa.string()),
            "abstract": cleaned(self._array(columns.abstract), clean_placeholder, short=_SHORT, begin_plain=True),
            "citations": pa.array(map(parse_count, self._texts(columns.citations)), pa.int64()),
        }
        for name, names in (("venue", columns.venue), ("doc_type", columns.doc_type), ("language", columns.language)):
            values[name] = pa.array(map(clean_short, self._texts(names)), pa.string())
        keywords = [(kind, self._keywords(names).within(keep)) for kind, names in columns.keywords.items()]
        flags = pa.array(keep)
        return Batch(
            self._rows[keep],
            {name: array.filter(flags) for name, array in values.items()},
            self._authors.within(keep),
            self._mentions.within(keep),
            keywords,
        )

    def _texts(self, names: Sequence[str]) -> list[str]:
        """Return the cells of a column, or of one that is not there."""
        if not names:
            return [""] * len(self._cells)
        at = self._header.cells.index(names[0])
        return [cells[at] for cells in self._cells]

    def _array(self, names: Sequence[str]) -> pa.Array:
        return pa.array(self._texts(names), pa.string())

    def _keywords(self, names: Sequence[str]) -> Parts:
        """Return the keywords of one kind, each once for a record."""
        told = split(self._texts(names), _SEPARATOR)
        encoded = told.texts.dictionary_encode()
        numbers: dict[str, int] = {}
        known = [
            numbers.setdefault(keyword, len(numbers)) if keyword and keyword.lower() not in NOTHING else -1
            for keyword in map(clean_short, encoded.dictionary.to_pylist())
        ]
        found = np.array(known, np.int64)[np.asarray(encoded.indices)]
        size = max(1, len(numbers))
        of, number = np.divmod(np.unique((told.of * size + found)[found >= 0]), size)
        return Parts(pa.array(numbers, pa.string()).take(pa.array(number)), of, np.ones_like(of))
