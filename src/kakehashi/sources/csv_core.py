"""Rows of delimited text that survive what exports do to it: preambles, stray quotes, cut ends, odd widths."""

import csv
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from msgspec.structs import replace

from kakehashi.records import Refusal
from kakehashi.sources.base import HEAD_BYTES, Head, Input
from kakehashi.sources.text import LINE_LIMIT, Before, numbered_lines

Cells = Mapping[str, str]
Check = Callable[[Cells], bool]

# A record of more lines or characters than this is taken for a stray quote that swallows what follows it.
RECORD_LINES = 2_000
RECORD_CHARACTERS = 1024 * 1024
HEADER_LINES = 20
# A longer line may have been cut at the end of what is looked at.
HEADER_CHARACTERS = HEAD_BYTES - 1
_DELIMITERS = (",", "\t", ";", "|")
_END = "\x00"


@dataclass(frozen=True)
class Header:
    """The line that names the columns: its number from 1, the delimiter, and the names in lower case."""

    line: int
    delimiter: str
    cells: tuple[str, ...]

    @cached_property
    def begin(self) -> str:
        """The first word of the first name."""
        return self.cells[0].partition(" ")[0]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names, each once."""
        return frozenset(self.cells)

    @cached_property
    def distinct(self) -> bool:
        """Whether no name stands twice."""
        return len(self.names) == len(self.cells)

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return self.names.issuperset(names)


def normalise(column: str) -> str:
    """Return the name of a column as headers are compared: lower case, single spaces."""
    return " ".join(column.split()).lower()


@lru_cache(maxsize=4)
def headers(head: Head) -> tuple[Header, ...]:
    """Return every reading of the first lines as a header of two or more columns; a preamble may stand before it."""
    found = []
    for number, line in enumerate(head.lines[:HEADER_LINES], 1):
        for delimiter in _DELIMITERS:
            if delimiter in line and len(line) < HEADER_CHARACTERS:
                cells = next(csv.reader([line.replace("\r", " ")], delimiter=delimiter), [])
                found.append(Header(number, delimiter, tuple(map(normalise, cells))))
    return tuple(found)


@lru_cache(maxsize=4)
def _normalised(head: Head) -> tuple[str, ...]:
    return tuple(map(normalise, head.lines[:HEADER_LINES]))


def find_header(head: Head, *names: str) -> Header | None:
    """Return the header that has all these columns (of several the one with most columns), or None."""
    if not any(all(name in line for name in names) for line in _normalised(head)):
        return None
    fitting = [header for header in headers(head) if header.has(*names)]
    return max(fitting, key=lambda header: (len(header.cells), -header.line), default=None)


def rows(
    source: Input, head: Head, header: Header, plausible: Check, *, may_be_wider: bool = False
) -> Iterator[tuple[int, Cells] | Refusal]:
    """Yield each record below the header as (row from 1, column to cell), or the refusal that takes its place.

    Every record of the file gives exactly one of the two. A row wider or narrower than the header is repaired only
    where one reading of it is certain; `plausible` decides in case of doubt (is the year a year, the DOI a DOI?), on
    wider rows only if `may_be_wider`: if it can tell cells in their columns from cells shifted anywhere.
    Refusals: `shifted_row`, `short_row`, `empty_row`, `repeated_header`, `stray_quote`, `truncated`, `line_too_long`;
    notes (records 0): `repaired_row`, `extra_cells`, `padded_row`, `encoding`.
    """
    for item in cell_rows(source, head, header, plausible, may_be_wider=may_be_wider):
        yield item if isinstance(item, Refusal) else (item[0], named(item[1], header))


def cell_rows(
    source: Input,
    head: Head,
    header: Header,
    plausible: Check,
    *,
    may_be_wider: bool = False,
    row: int = 0,
    before: Before | None = None,
) -> Iterator[tuple[int, list[str]] | Refusal]:
    """Yield what `rows` does with the cells without their names: there may be more or fewer than names.

    `row` and `before` tell of the rows and lines that were read already, of which `source` has no more.
    """
    width = len(header.cells)
    for item in _Table(source, head, header, before).records():
        if isinstance(item, Refusal):
            row += item.records
            yield replace(item, row=row if item.records else item.row)
            continue
        row += 1
        cells, text = item
        if len(cells) == width and (begin := cells[0].split(None, 1)) and begin[0].lower() != header.begin:
            yield row, cells  # nearly every row
        else:
            yield from _Row(row, cells, text).fit(header, plausible, may_be_wider)


@dataclass(frozen=True)
class _Row:
    """A record as it was cut: its number, its cells, its text."""

    number: int
    cells: list[str]
    text: str

    def fit(self, header: Header, plausible: Check, may_be_wider: bool) -> Iterator[tuple[int, list[str]] | Refusal]:
        """Yield the row as it stands under the header, after a note if it had to be fitted; or its refusal."""
        cells, width = self.cells, len(header.cells)
        while len(cells) > width and not cells[-1].strip():
            cells = cells[:-1]
        if not any(cell.strip() for cell in cells):
            yield Refusal(self.number, "empty_row", "all cells are empty", 1)
        elif normalise(cells[0]) == header.cells[0] and tuple(map(normalise, cells)) == header.cells:
            yield Refusal(self.number, "repeated_header", "the header again, as where files were joined; no record", 1)
        elif len(cells) == width:
            yield self.number, cells
        elif repaired := _repair(self.text, header):
            reason = f"{len(cells)} cells for {width} columns: an unescaped quote, repaired"
            yield Refusal(self.number, "repaired_row", reason, 0)
            yield self.number, repaired
        else:
            refusal = _judge_width(self.number, cells, header, plausible(named(cells, header)), may_be_wider)
            yield refusal
            if not refusal.records:
                yield self.number, cells


def _judge_width(number: int, cells: list[str], header: Header, in_place: bool, may_be_wider: bool) -> Refusal:
    """Say what is wrong with a row of odd width: a note if it can be kept as it is, else a refusal."""
    width = len(header.cells)
    count = f"{len(cells)} cells for {width} columns"
    if len(cells) < width / 2:
        return Refusal(number, "short_row", f"only {count}; complete or delete the row", 1)
    if not in_place or (len(cells) > width and not may_be_wider):
        return Refusal(number, "shifted_row", f"{count}, so cells stand in wrong columns; correct its quotes", 1)
    if len(cells) > width:
        extra = " | ".join(cell.strip()[:40] for cell in cells[width:])
        return Refusal(number, "extra_cells", f"{count}; left out: {extra}", 0)
    return Refusal(number, "padded_row", f"only {count}; the last columns were taken as empty", 0)


def named(cells: list[str], header: Header) -> Cells:
    """Return the cells by the names of their columns; of two columns of one name the first counts."""
    if header.distinct:
        return dict(zip(header.cells, cells, strict=False))
    named: dict[str, str] = {}
    for name, cell in zip(header.cells, cells, strict=False):
        named.setdefault(name, cell)
    return named


def _repair(text: str, header: Header) -> list[str] | None:
    """Read a row anew in two stricter ways; return its cells if one of them gives exactly the header's width.

    First: a quote ends a cell only where the delimiter or the end follows. Second: a cell may be a JSON list whose
    quotes were not doubled (`"["a","b"]"`).
    """
    for json_lists in (False, True):
        cells = _split_strictly(text, header.delimiter, json_lists)
        if cells is not None and len(cells) == len(header.cells):
            return cells
    return None


def _split_strictly(text: str, delimiter: str, json_lists: bool) -> list[str] | None:
    cells: list[str] = []
    start = 0
    while start <= len(text):
        if not text.startswith('"', start):
            end = text.find(delimiter, start)
            end = len(text) if end < 0 else end
            cells.append(text[start:end])
        else:
            closing = ']"' if json_lists and text.startswith('"[', start) else '"'
            quote = _closing_quote(text, start + 1, closing, delimiter)
            if quote is None:
                return None
            cells.append(text[start + 1 : quote].replace('""', '"'))
            end = quote + 1
        start = end + 1
    return cells


def _split_quoted(text: str, delimiter: str) -> list[str] | None:
    """Split a row at `","` if every cell stands in quotes, and quotes in cells are doubled; else return None.

    What it returns is what the csv module would.
    """
    if not (text.startswith('"') and text.endswith('"')):
        return None
    cells = text[1:-1].split(f'"{delimiter}"')
    quotes = text.count('"') - 2 * len(cells)
    if quotes < 0:
        return None
    if quotes:
        for at, cell in enumerate(cells):
            if '"' in cell:
                parts = cell.split('""')
                cells[at] = '"'.join(parts)
                if len(parts) != cells[at].count('"') + 1:
                    return None
    return cells


def _closing_quote(text: str, start: int, closing: str, delimiter: str) -> int | None:
    """Return where the quote stands that ends the cell: after it comes the delimiter or the end of the row."""
    at = text.find(closing, start)
    while at >= 0:
        quote = at + len(closing) - 1
        after = text[quote + 1 : quote + 2]
        if after in ("", delimiter):
            return quote
        # A doubled quote is an escaped one; neither half ends the cell.
        at = text.find(closing, quote + (2 if after == '"' else 1))
    return None


class _RunawayError(Exception):
    """The record at hand cannot be one record."""


class _Table:
    """Cuts lines into records; gives up a record that runs away and starts again after it.

    Lines whose cells all stand in quotes, as vendors write them, are split at `","`, the others by the csv module.
    """

    def __init__(self, source: Input, head: Head, header: Header, before: Before | None) -> None:
        self._source = numbered_lines(source, head, before=before)
        self._header = header
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self._size = 0
        self._passed: list[Refusal] = []
        self._broken_off: Refusal | None = None

    def records(self) -> Iterator[tuple[list[str], str] | Refusal]:
        """Yield (cells, text) of each record after the header, and refusals in their places."""
        if csv.field_size_limit() < 2 * LINE_LIMIT:
            csv.field_size_limit(2 * LINE_LIMIT)
        reader = self._reader()
        ended = False
        while not ended:
            self._record, self._size = [], 0
            try:
                cells = self._quoted_cells() or next(reader)
            except _RunawayError as error:
                reader = self._reader()
                yield from self._flush()
                yield self._give_up(str(error))
                continue
            yield from self._flush()
            if _END in cells[-1] if cells else False:
                ended = len(cells) == 1 and cells[0] == _END
                if not ended:
                    reader = self._reader()
                    yield from self._end_in_quotes()
                    ended = not self._again
            elif cells:
                yield self._whole(cells)
        if self._broken_off:
            yield self._broken_off

    def _quoted_cells(self) -> list[str] | None:
        """Return the cells of the next line if it is a record by itself and all its cells stand in quotes."""
        line = self._again.popleft() if self._again else self._fetch()
        cells = _split_quoted(line[:-1], self._header.delimiter)
        if cells is None:
            self._again.appendleft(line)
        else:
            self._record.append(line)
        return cells

    def _whole(self, cells: list[str]) -> tuple[list[str], str] | Refusal:
        """Return the record; or, if it is of wrong width and holds a whole row, give it up and go back to that row."""
        if len(self._record) > 1 and len(cells) != len(self._header.cells) and self._next_full() is not None:
            text = "".join(self._record)
            if _repair(text.rstrip("\n"), self._header) is None:
                return self._give_up("a quote that is not closed runs into the next rows")
        return cells, "".join(self._record).rstrip("\n")

    def _end_in_quotes(self) -> Iterator[Refusal]:
        self._record = [line for line in self._record if line != _END]
        refusal = self._give_up("a quote is not closed before the end of the file")
        if self._again:
            yield refusal
        elif self._broken_off is None:
            yield replace(refusal, code="truncated", reason="the file ends inside this record; fetch the file again")

    def _give_up(self, why: str) -> Refusal:
        """Refuse the record at hand and take up again at the first of its lines that is a full row by itself."""
        at = self._next_full()
        if at is not None:
            self._again.extendleft(reversed(self._record[at:]))
        beginning = self._record[0].strip()[:60] if self._record else ""
        lines = len(self._record) if at is None else at
        return Refusal(None, "stray_quote", f"{why}; lines not read: {lines}, from {beginning!r} on", 1)

    def _next_full(self) -> int | None:
        width = len(self._header.cells)
        for at, line in enumerate(self._record[1:], 1):
            if line.count(self._header.delimiter) >= width - 1 and line.count('"') % 2 == 0:
                cells = next(csv.reader([line], delimiter=self._header.delimiter), [])
                if len(cells) == width:
                    return at
        return None

    def _flush(self) -> Iterator[Refusal]:
        yield from self._passed
        self._passed.clear()

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(iter(self._next_line, None), delimiter=self._header.delimiter)

    def _next_line(self) -> str | None:
        if self._record and self._record[-1] == _END:
            return None
        line = self._again.popleft() if self._again else self._fetch()
        self._record.append(line)
        self._size += len(line)
        if len(self._record) > RECORD_LINES or (len(self._record) > 1 and self._size > RECORD_CHARACTERS):
            raise _RunawayError("a quote that is not closed runs into the next rows")
        return line

    def _fetch(self) -> str:
        for item in self._source:
            if not isinstance(item, Refusal):
                number, line = item
                if number > self._header.line:
                    return line.replace("\r", " ").replace("\x00", "") + "\n"
            elif item.code == "truncated":
                # The line that was cut was a record, or a part of the one at hand.
                self._broken_off = replace(item, records=1)
            else:
                self._passed.append(item)
                if item.code == "line_too_long" and self._record:
                    self._passed[-1] = replace(item, records=0)
                    raise _RunawayError("a line of this record is too long")
        return _END
