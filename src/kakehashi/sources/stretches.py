"""Stretches of a table in which every line is a row, cut into cells by Arrow in a tenth of the time of line by line.

What Arrow makes of such lines is what the csv module would. From the first stretch on in which anything is out of the
ordinary, the table is left to `cell_rows`, which knows what exports do to it.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from kakehashi.sources.base import Head, Input
from kakehashi.sources.csv_core import Header, normalise
from kakehashi.sources.portions import Portions
from kakehashi.sources.text import Before

STRETCH_BYTES = 8 << 20


@dataclass(frozen=True)
class Stretch:
    """Rows of a table: how many, those before them, the cells of the columns asked for, and the lines themselves."""

    rows: int
    before: int
    columns: dict[int, pa.Array]
    data: bytes
    delimiter: str

    def cells(self) -> Callable[[int], list[str]]:
        """Return what tells the cells of a row, by its place from 0."""
        lines = self.data.split(b"\n")
        return lambda at: _cells(lines[at], self.delimiter)


@dataclass(frozen=True)
class Rest:
    """What was not cut: the table from here on, and what came before."""

    source: Input
    rows: int
    before: Before


def stretches(source: Input, head: Head, header: Header, wanted: Sequence[int]) -> Iterator[Stretch | Rest]:
    """Yield stretches of the rows below the header with their wanted columns; then the rest, if there is one."""
    if head.encoding != "utf-8" or "\n" not in head.text or len(header.delimiter.encode()) != 1:
        yield Rest(source, 0, Before())
        return
    with source.open() as stream:
        portions = Portions(stream, STRETCH_BYTES)
        above = portions.lines(header.line)
        if above is None:
            yield Rest(source, 0, Before())
            return
        rows, lines, is_ascii = 0, header.line, above.removeprefix(codecs.BOM_UTF8).isascii()
        while data := portions.take():
            plain = portions.in_utf8(data)
            found = None if plain is None else _cut(plain, header, wanted)
            if plain is None or found is None:
                yield Rest(portions.rest(source, data), rows, Before(lines, is_ascii))
                return
            number, columns = found
            yield Stretch(number, rows, columns, plain, header.delimiter)
            rows, lines, is_ascii = rows + number, lines + number, is_ascii and plain.isascii()
        if portions.broke:
            yield Rest(portions.rest(source, b""), rows, Before(lines, is_ascii))


def _cut(data: bytes, header: Header, wanted: Sequence[int]) -> tuple[int, dict[int, pa.Array]] | None:
    """Return how many rows there are and their wanted columns; None unless each line is a row."""
    if b"\x00" in data or data.startswith(codecs.BOM_UTF8):
        return None
    number, wanted = data.count(b"\n") + (not data.endswith(b"\n")), sorted({0, *wanted})
    table = _table(data, header, wanted)
    if table is None or table.num_rows != number or not _is_closed(data, header.delimiter):
        return None
    columns = {at: table.column(str(at)).combine_chunks() for at in wanted}
    return (number, columns) if _are_rows(columns[0], data, header) else None


def _table(data: bytes, header: Header, wanted: Sequence[int]) -> pa.Table | None:
    """Return the columns of the data, None if a row has too many or too few cells."""
    names = [*map(str, range(len(header.cells)))]
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            arrow_csv.ParseOptions(delimiter=header.delimiter, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(
                include_columns=[names[at] for at in wanted],
                column_types={names[at]: pa.string() for at in wanted},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _is_closed(data: bytes, delimiter: str) -> bool:
    """Tell whether the last line does not end in quotes: where the others do, they are no rows."""
    line = data[data.rfind(b"\n", 0, -1) + 1 :].removesuffix(b"\n").decode()
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), None) is not None
    except csv.Error:
        return False


def _are_rows(first: pa.Array, data: bytes, header: Header) -> bool:
    """Tell whether no line is empty, or the header again."""
    begins = pc.utf8_lower(pc.utf8_ltrim_whitespace(first))
    doubtful = pc.or_(pc.equal(pc.binary_length(begins), 0), pc.starts_with(begins, header.begin))
    places = pc.indices_nonzero(doubtful).to_pylist()
    if not places:
        return True
    lines = data.split(b"\n")
    for cells in (_cells(lines[at], header.delimiter) for at in places):
        if not any(cell.strip() for cell in cells) or tuple(map(normalise, cells)) == header.cells:
            return False
    return True


def _cells(line: bytes, delimiter: str) -> list[str]:
    return next(csv.reader([line.decode()], delimiter=delimiter), [])
