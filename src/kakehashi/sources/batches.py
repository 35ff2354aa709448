"""Rows of a table to records by columns: thousands at once, but for rows in which anything is out of the ordinary.

Every value is the one that `read_row` would find.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakehashi.records import Batch, Flags, Integers, Parts, Refusal
from kakehashi.sources.arrays import cleaned, each, split
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.check import AUTHOR_LIMIT, TITLE_LIMIT, is_plausible_year, is_sound_title
from kakehashi.sources.csv_core import Header, cell_rows, find_header, named
from kakehashi.sources.stretches import Rest, stretches
from kakehashi.sources.table import (
    NOTHING,
    SINGLE,
    Columns,
    clean_placeholder,
    clean_title,
    in_place,
    is_no_year,
    read_row,
    remembered_slot,
)
from kakehashi.sources.text import clean_doi, clean_short, parse_count, parse_year

BATCH_ROWS = 2_000

_Item = tuple[int, list[str]] | Refusal

_SEPARATOR = ";"
_FORMULA = b"$\\"
_SHORT = max(map(len, NOTHING))
"""A longer text that begins with a letter or digit says something."""
_BEGIN_PLAIN = "^[A-Za-z0-9]"
_PLAIN_DOI = r"^10\.[0-9]{4,9}/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\z"


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
    wanted = _wanted(columns, header)
    for found in stretches(source, head, header, [*wanted.values()]):
        if isinstance(found, Rest):
            yield from _read_by_lines(found, head, header, columns)
            return
        rows = np.arange(found.before + 1, found.before + found.rows + 1)
        table = _Table(rows, {name: found.columns[at] for name, at in wanted.items()}, columns)
        if not table.sound.all():
            cells = found.cells()
            for at in np.flatnonzero(~table.sound).tolist():
                yield from read_row(int(rows[at]), named(cells(at), header), columns)
        if table.sound.any():
            yield table.batch()


def _wanted(columns: Columns, header: Header) -> dict[str, int]:
    """Return the places of the columns that are read."""
    names = {
        *(name for single in SINGLE for name in getattr(columns, single)),
        *(name for several in columns.keywords.values() for name in several),
        *(columns.linked or ()),
    }
    return {name: header.cells.index(name) for name in sorted(names)}


def _read_by_lines(rest: Rest, head: Head, header: Header, columns: Columns) -> Iterator[Item | Batch]:
    plausible = partial(in_place, columns=columns)
    items = cell_rows(rest.source, head, header, plausible, row=rest.rows, before=rest.before)
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
    table = _of_cells([item for item in items if not isinstance(item, Refusal)], header, columns)
    sound = iter(table.sound)
    for item in items:
        if isinstance(item, Refusal):
            yield item
        elif not next(sound):
            yield from read_row(item[0], named(item[1], header), columns)
    if table.sound.any():
        yield table.batch()


def _of_cells(items: Sequence[tuple[int, list[str]]], header: Header, columns: Columns) -> "_Table":
    width = len(header.cells)
    rows = [cells if len(cells) >= width else cells + [""] * (width - len(cells)) for _, cells in items]
    texts = {
        name: pa.array([cells[at] for cells in rows], pa.string()) for name, at in _wanted(columns, header).items()
    }
    return _Table(np.array([row for row, _ in items], np.int64), texts, columns)


class _Table:
    """Rows being read by columns. `sound` tells of which nothing needs a note or a closer look."""

    def __init__(self, rows: Integers, texts: Mapping[str, pa.Array], columns: Columns) -> None:
        self._rows = rows
        self._texts = texts
        self._columns = columns
        dates = self._column(columns.year)
        self._titles = cleaned(self._column(columns.title), clean_title, marks=_FORMULA, short=_SHORT, begin_plain=True)
        authors, slots = (split(self._column((name,)), _SEPARATOR) for name in columns.linked or ())
        self._authors = authors._replace(texts=cleaned(authors.texts, clean_short)).filled()
        self._mentions = slots._replace(texts=cleaned(slots.texts, remembered_slot, trim=" ,;", short=_SHORT)).filled()
        authors_of, slots_of, mentions_of = (
            np.bincount(parts.of, minlength=len(rows)) for parts in (self._authors, slots, self._mentions)
        )
        self.sound: Flags = (
            ((authors_of == slots_of) | (mentions_of == 0))
            & (authors_of <= AUTHOR_LIMIT)
            & _are_sound_titles(self._titles)
            & np.asarray(each(dates, _is_sound_date, pa.bool_()))
        )

    def batch(self) -> Batch:
        """Return the sound rows."""
        columns, keep = self._columns, self.sound
        values = {
            "title": self._titles,
            "year": each(self._column(columns.year), parse_year, pa.int64()),
            "doi": _dois(self._column(columns.doi)),
            "abstract": cleaned(self._column(columns.abstract), clean_placeholder, short=_SHORT, begin_plain=True),
            "citations": each(self._column(columns.citations), parse_count, pa.int64()),
        }
        for name, names in (("venue", columns.venue), ("doc_type", columns.doc_type), ("language", columns.language)):
            values[name] = each(self._column(names), clean_short, pa.string())
        keywords = [(kind, self._keywords(names).within(keep)) for kind, names in columns.keywords.items()]
        flags = pa.array(keep)
        return Batch(
            self._rows[keep],
            values if keep.all() else {name: array.filter(flags) for name, array in values.items()},
            self._authors.within(keep),
            self._mentions.within(keep),
            keywords,
        )

    def _column(self, names: Sequence[str]) -> pa.Array:
        """Return the cells of a column, or of one that is not there."""
        return self._texts[names[0]] if names else pa.repeat("", len(self._rows))

    def _keywords(self, names: Sequence[str]) -> Parts:
        """Return the keywords of one kind, each once for a record."""
        told = split(self._column(names), _SEPARATOR)
        there = told._replace(texts=cleaned(told.texts, _clean_keyword, short=_SHORT)).filled()
        encoded = there.texts.dictionary_encode()
        size = max(1, len(encoded.dictionary))
        codes = np.sort(there.of * size + np.asarray(encoded.indices))
        of, number = np.divmod(codes[np.diff(codes, prepend=-1) > 0], size)
        return Parts(encoded.dictionary.take(pa.array(number)), of, np.ones_like(of))


def _clean_keyword(text: str) -> str | None:
    keyword = clean_short(text)
    return None if keyword is None or keyword.lower() in NOTHING else keyword


def _is_sound_date(date: str) -> bool:
    return not is_no_year(date) and is_plausible_year(parse_year(date))


def _are_sound_titles(titles: pa.Array) -> Flags:
    """Tell which titles are there and sound: nearly all by their length and their first letter."""
    plain = pc.and_(
        pc.less_equal(pc.binary_length(titles), TITLE_LIMIT), pc.match_substring_regex(titles, _BEGIN_PLAIN)
    )
    sound = np.array(plain.fill_null(False))
    for at in np.flatnonzero(~sound).tolist():
        title = titles[at].as_py()
        sound[at] = title is not None and is_sound_title(title)
    return sound


def _dois(texts: pa.Array) -> pa.Array:
    """Return what `clean_doi` makes of each text; nearly all stand there as they should."""
    plain = pc.match_substring_regex(texts, _PLAIN_DOI)
    found = pc.ascii_lower(texts)
    if pc.all(plain).as_py():
        return found
    odd = pc.invert(plain)
    return pc.replace_with_mask(found, odd, pa.array([*map(clean_doi, texts.filter(odd).to_pylist())], pa.string()))
