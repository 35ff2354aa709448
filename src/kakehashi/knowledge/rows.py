"""One reader for every CSV of knowledge, ours and the user's: each refusal names file, row, column and remedy."""

import csv
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from kakehashi.errors import DataError
from kakehashi.knowledge.areas import country_problem
from kakehashi.knowledge.book import nearest
from kakehashi.names import taxonomy
from kakehashi.texts import Words

T = TypeVar("T")
_MANY = 20


@dataclass(frozen=True)
class Layout:
    """The columns of a CSV: those that must be there, those that may, and the one that names the row, if any."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    key: str | None = None


@dataclass(frozen=True)
class Row:
    """A row: its file, its line and its cells without surrounding space. What is wrong is noted, not raised."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[str] = field(compare=False)

    def refuse(self, column: str, message: str) -> None:
        """Note what is wrong with a cell and what to do."""
        self.problems.append(f"{self.file}: row {self.line}, column {column}: {message}")

    def text(self, column: str) -> str | None:
        """Return a cell, or nothing where it is empty or the file has no such column."""
        return self.cells.get(column) or None

    def need(self, column: str) -> str:
        """Return a cell that must not be empty."""
        found = self.text(column)
        if found is None:
            self.refuse(column, "is empty; fill it in")
        return found or ""

    def choice(self, column: str, known: Collection[str]) -> str | None:
        """Return one of the known ids, or nothing."""
        found = self.text(column)
        if found is not None and found not in known:
            self.refuse(column, f"unknown {found!r}; {nearest(found, known)}")
        return found

    def choices(self, column: str, known: Collection[str]) -> tuple[str, ...]:
        """Return known ids, separated by spaces in the cell."""
        found = tuple((self.text(column) or "").split())
        for one in found:
            if one not in known:
                self.refuse(column, f"unknown {one!r}; {nearest(one, known)}")
        self._once(column, found)
        return found

    def places(self, column: str, areas: Collection[str] = ()) -> tuple[str, ...]:
        """Return country codes (ISO 3166-1, two letters), and ids of areas where the column takes them."""
        cell = self.text(column) or ""
        found = tuple(cell.split())
        wrongs = [country_problem(one) for one in found if one not in areas]
        whole = country_problem(cell) if len(found) > 1 and any(wrongs) else None
        if whole is not None and whole.endswith("?"):
            self.refuse(column, whole)  # a name of several words, such as South Korea
            return ()
        for wrong in wrongs:
            if wrong is not None:
                stop = "" if wrong.endswith("?") else ";"
                self.refuse(column, wrong + (f"{stop} areas: {', '.join(areas)}" if areas else ""))
        self._once(column, found)
        return found

    def number(self, column: str) -> float | None:
        """Return a number of at least zero, or nothing."""
        found = self.text(column)
        if found is None:
            return None
        try:
            value = float(found)
        except ValueError:
            value = float("nan")
        if not 0 <= value < float("inf"):
            self.refuse(column, f"{found!r} is no number of at least 0; write digits only, without separators or units")
            return None
        return value

    def whole(self, column: str) -> int | None:
        """Return a whole number of at least zero, or nothing."""
        value = self.number(column)
        if value is not None and not value.is_integer():
            self.refuse(column, f"{self.text(column)!r} is no whole number; write one, or leave the cell empty")
            return None
        return None if value is None else int(value)

    def words(self, column: str) -> Words | None:
        """Return the text of `column_ja` and `column_en`; one of them alone stands for both."""
        ja, en = self.text(f"{column}_ja"), self.text(f"{column}_en")
        return Words(ja=ja or en or "", en=en or ja or "") if ja or en else None

    def _once(self, column: str, found: tuple[str, ...]) -> None:
        twice = next((one for number, one in enumerate(found) if one in found[:number]), None)
        if twice is not None:
            self.refuse(column, f"{twice!r} is given twice; keep one")


def ict_fields() -> tuple[str, ...]:
    """Return the ids of the eight fields of ICT, which our cases and programmes speak of."""
    return tuple(str(entry["id"]) for entry in taxonomy("ict8"))


def shipped(name: str) -> Traversable:
    """Find a file of data/knowledge."""
    return resources.files("kakehashi.data").joinpath("knowledge", name)


def read(path: Traversable | Path, where: str, layout: Layout, make: Callable[[Row], T]) -> tuple[T, ...]:
    """Read a CSV in UTF-8 with a header; lines with # may stand above it. `make` turns each row into what it holds.

    Raises DataError with every problem found, each naming file, row, column and remedy.
    """
    problems: list[str] = []
    found: list[T] = []
    lines: dict[str, int] = {}
    for row in _rows(path, where, layout, problems):
        key = row.need(layout.key) if layout.key else ""
        if key in lines and key and layout.key:
            row.refuse(layout.key, f"{key!r} stands in row {lines[key]} already; keep one, or give it another id")
        lines.setdefault(key, row.line)
        found.append(make(row))
    if problems:
        more = [f"{where}: and {len(problems) - _MANY} further problems"] if len(problems) > _MANY else []
        raise DataError("\n".join(problems[:_MANY] + more))
    return tuple(found)


def _rows(path: Traversable | Path, where: str, layout: Layout, problems: list[str]) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{where}: cannot be read: {error}; check the path") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{where}: is not in UTF-8 ({error}); save it as CSV in UTF-8") from error
    given = text.splitlines(keepends=True)
    above = next((number for number, line in enumerate(given) if line.strip() and not line.startswith("#")), len(given))
    reader = csv.reader(io.StringIO("".join(given[above:])), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, where, layout)
        start = above + reader.line_num + 1
        for cells in reader:
            line, start = start, above + reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                remedy = "put cells with a comma in quotes"
                problems.append(f"{where}: row {line}: has {len(cells)} cells, the header {len(header)}; {remedy}")
                continue
            yield Row(where, line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}, problems)
    except csv.Error as error:
        raise DataError(f"{where}: row {above + reader.line_num}: {error}; check the quotes") from error


def _check_header(header: list[str], where: str, layout: Layout) -> None:
    known = (*layout.required, *layout.optional)
    if not header:
        raise DataError(f"{where}: is empty; its header needs the columns {', '.join(layout.required)}")
    if len(header) == 1 and len(header[0].replace("\t", ";").split(";")) > 1:
        raise DataError(f"{where}: has no commas between its columns; save it as CSV with commas")
    for number, name in enumerate(header):
        if name not in known:
            raise DataError(f"{where}: header: unknown column {name!r}; {nearest(name, known)}")
        if name in header[:number]:
            raise DataError(f"{where}: header: column {name!r} stands twice; keep one")
    missing = [name for name in layout.required if name not in header]
    if missing:
        raise DataError(f"{where}: header: has no column {missing[0]!r}; add it (needed: {', '.join(layout.required)})")
