"""`kakehashi resolve`: a CSV of strings in, a CSV of institutions and countries out."""

import csv
import gc
import os
import zlib
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from sys import intern
from tempfile import NamedTemporaryFile
from typing import NamedTuple

import numpy as np

from kakehashi.affiliations.packed import Packed
from kakehashi.affiliations.resolve import Resolution
from kakehashi.affiliations.resolvers import AnyResolver, make_resolver
from kakehashi.affiliations.unify import Spelling, Unified, basis_of, unify
from kakehashi.collector import collector_paused
from kakehashi.errors import SourceError
from kakehashi.pool import streamed, workers
from kakehashi.progress import Advance, unwatched
from kakehashi.settings import AffiliationsSection

COLUMNS = ("id", "institutions", "ror_ids", "country_codes", "confidence", "method", "reason")

CHUNK = 4_096
"""Strings that go to a process at once. Fewer than ALONE are resolved where they are: a process takes time to begin."""
ALONE = 20_000
EARLY_BYTES = 2_000_000
"""Size of a file from which on the processes begin while it is read: to load an index takes them as long."""

Named = Mapping[tuple[str, str | None, str], Unified]


class Answer(NamedTuple):
    """What is kept of a resolution. Equal answers of a file are one object: a million strings have few."""

    key: str | None
    name: str | None
    country_code: str | None
    ror_id: str | None
    method: str | None
    country_method: str | None
    confidence: float
    reason: str | None


Answers = tuple[Answer, ...]


class Line(NamedTuple):
    """What stands behind an id in the file, as text, and which of FILLED are in it: a bit for each."""

    text: str
    filled: int


FILLED = ("institutions", "country_codes", "ror_ids")
_CELLS = [COLUMNS.index(column) - 1 for column in FILLED]

Done = tuple[list[Answers | Line], "array[int]"]
"""What becomes of some strings, each thing once, and for each string the number of its own.

It is a line where that is settled, and answers where it depends on what the other strings of the file say.
"""


@dataclass(frozen=True)
class Summary:
    """What became of a file: strings read, and how many got an institution, a country, a registry id."""

    strings: int
    institutions: int
    countries: int
    rors: int


@dataclass(frozen=True)
class ResolveChunk:
    """The work of a process: strings in, their answers out."""

    settings: str

    def __call__(self, texts: Sequence[str]) -> Done:
        """Return what becomes of the strings."""
        known: dict[Answers, int] = {}
        with collector_paused():
            numbers = [
                known.setdefault(tuple([_answer(one) for one in found]), len(known))
                for found in _resolver(self.settings).resolve_many(texts)
            ]
            return _settled(list(known)), array("I", numbers)


@cache
def _resolver(settings: str) -> AnyResolver:
    return make_resolver(AffiliationsSection.model_validate_json(settings))


def _answer(one: Resolution) -> Answer:
    return Answer(
        one.key, one.institution, one.country_code, one.ror_id,
        one.method, one.country_method, one.confidence, one.reason,
    )  # fmt: skip


def resolve_file(
    source: Path,
    target: Path,
    settings: AffiliationsSection | None = None,
    advance: Callable[[int], Advance] | None = None,
) -> Summary:
    """Resolve the column `affiliation` of a CSV and write `target` (COLUMNS), whole or not at all.

    Values in one cell are separated by spaces, best first. As in a study, a name without a country takes the one that
    the other strings of the file attest. `ror_ids` is empty without a registry in the settings. `advance` is given the
    number of distinct strings, and makes what is told of the progress.
    Raises SourceError if `source` cannot be read as such a CSV, or `target` not be written; SettingsError.
    """
    with collector_paused():
        given = _Given()
        found = _collected(_results(given, source, settings or AffiliationsSection()), given, advance or _unwatched)
        met = array("i", [found.numbers[number] for number in given.numbers])
        mentions = Counter(met)
        found.end(_lines(found.waiting, mentions))
        _write(target, given.identifiers, map(found.line, met))
        filled = [
            sum(times for number, times in mentions.items() if found.filled(number) >> bit & 1)
            for bit in range(len(FILLED))
        ]
    return Summary(len(given.identifiers), *filled)


class _Found:
    """What becomes of the strings of a file: lines that are settled, and answers that wait for the other strings.

    `numbers` has for each distinct string that of its line; those that wait are counted from -1 on, downwards. A string
    of another job may have the same: to look for it would take more room than it saves.
    """

    def __init__(self) -> None:
        self.numbers = array("i")
        self.waiting: list[Answers] = []
        self._same: dict[Answer, Answer] = {}
        self._lines, self._filled, self._settled = Packed(), bytearray(), 0

    def add(self, one: Answers | Line) -> int:
        """Add what becomes of a string and return its number."""
        if isinstance(one, Line):
            self._append(one)
            return len(self._filled) - 1
        same = self._same
        self.waiting.append(tuple([same.get(each) or same.setdefault(made := _interned(each), made) for each in one]))
        return -len(self.waiting)

    def end(self, lines: Iterable[Line]) -> None:
        """Take the lines of the answers that waited."""
        self._settled = len(self._filled)
        for line in lines:
            self._append(line)

    def _append(self, line: Line) -> None:
        self._lines.append(line.text)
        self._filled.append(line.filled)

    def _place(self, number: int) -> int:
        return number if number >= 0 else self._settled - 1 - number

    def line(self, number: int) -> str:
        """Return the text of a line."""
        return self._lines[self._place(number)]

    def filled(self, number: int) -> int:
        """Return what is filled in a line (see Line)."""
        return self._filled[self._place(number)]


class _Given:
    """What is kept of a file: the identifiers, for each the number of its string, and the strings, put in order."""

    def __init__(self) -> None:
        self.identifiers = Packed()
        self.numbers = array("I")
        self.order = array("I")
        self._chunks: deque[Packed] = deque()

    def read(self, source: Path) -> None:
        """Read a file."""
        texts: dict[str, int] = {}
        for identifier, text in _read(source):
            self.identifiers.append(identifier)
            self.numbers.append(texts.setdefault(text, len(texts)))
        listed = list(texts)
        del texts
        self.order = _neighbours(listed)
        for begin in range(0, len(listed), CHUNK):
            self._chunks.append(Packed([listed[at] for at in self.order[begin : begin + CHUNK]]))

    def chunks(self) -> Iterator[list[str]]:
        """Yield the distinct strings in order, some thousand at a time, and forget them."""
        while self._chunks:
            yield list(self._chunks.popleft())

    def jobs(self, source: Path) -> Iterator[list[str]]:
        """Yield nothing to do for each process, so that it begins, then the strings of a file, which is read then."""
        for _ in range(workers()):
            yield []
        self.read(source)
        yield from self.chunks()


def _results(given: _Given, source: Path, settings: AffiliationsSection) -> Iterator[Done]:
    """Read a file and yield what became of its strings, resolved in several processes where that pays."""
    chunk = ResolveChunk(settings.model_dump_json())
    if workers() > 1 and source.is_file() and source.stat().st_size >= EARLY_BYTES:
        return streamed(chunk, given.jobs(source), gc.disable, workers())
    given.read(source)
    if workers() < 2 or len(given.order) < ALONE:
        return map(chunk, given.chunks())
    return streamed(chunk, given.chunks(), gc.disable, workers())


def _collected(done: Iterable[Done], given: _Given, advance: Callable[[int], Advance]) -> _Found:
    """Collect the answers. The strings are in `given` by the time that the first of them are answered."""
    found, places, step = _Found(), iter(given.order), None
    for answers, told in done:
        if step is None and len(given.order):
            found.numbers, places = array("i", bytes(given.order.itemsize * len(given.order))), iter(given.order)
            step = advance(len(given.order))
        own = [found.add(one) for one in answers]
        for number in told:
            found.numbers[next(places)] = own[number]
        if step is not None:
            step(len(told))
    return found


def _unwatched(_strings: int) -> Advance:
    return unwatched


def _interned(one: Answer) -> Answer:
    """Return an answer whose texts it shares with others: a process sends each as often as it has answers."""
    return Answer._make([intern(value) if isinstance(value, str) else value for value in one])


def _neighbours(texts: Sequence[str]) -> "array[int]":
    """Order strings so that those with the same address behind the first comma meet in one process, one by one.

    What was seen in the address is still remembered then. So are the towns of a country: those addresses stand together
    of which the last part is the same. The answers do not depend on the order.
    """
    keys = np.fromiter(map(_address, texts), np.uint64, len(texts))
    order = array("I")
    order.frombytes(np.argsort(keys, kind="stable").astype(np.uintc).tobytes())
    return order


def _address(text: str) -> int:
    address = text.partition(",")[2].encode("utf-8", "surrogatepass")
    return zlib.crc32(address.rpartition(b",")[2]) << 32 | zlib.crc32(address)


def _settled(found: Sequence[Answers]) -> list[Answers | Line]:
    """Put lines for the answers that no other string of a file can change."""
    settled = [at for at, answers in enumerate(found) if all([one.ror_id or one.key is None for one in answers])]  # noqa: C419
    out: list[Answers | Line] = [*found]
    for at, line in zip(settled, _written([_cells(found[at], {}) for at in settled]), strict=True):
        out[at] = line
    return out


def _lines(waiting: Sequence[Answers], mentions: Mapping[int, int]) -> list[Line]:
    """Return the line of each, with the institutions and countries that the whole file tells."""
    unified = {(one.key, one.met_country, one.basis): one for one in unify(_spellings(waiting, mentions))}
    return _written([_cells(one, unified) for one in waiting])


def _written(lines: Sequence[tuple[str, ...]]) -> list[Line]:
    filled = [sum([bool(cells[at]) << bit for bit, at in enumerate(_CELLS)]) for cells in lines]
    return list(map(Line, _rows(lines), filled))


def _spellings(waiting: Sequence[Answers], mentions: Mapping[int, int]) -> Iterator[Spelling]:
    """Yield the names that no registry knows, each spelling with its mentions (by the numbers of `_Found`)."""
    counted: Counter[tuple[str, str, str | None, str]] = Counter()
    for at, found in enumerate(waiting, start=1):
        for one in found:
            if one.key is not None and one.name is not None and one.ror_id is None:
                counted[one.key, one.name, one.country_code, basis_of(one.country_method)] += mentions[-at]
    for spelling, number in counted.items():
        yield *spelling, number


def _cells(found: Answers, unified: Named) -> tuple[str, ...]:
    """Return what stands behind the id (COLUMNS)."""
    located = [_with_corpus(one, unified) for one in found]
    if len(located) > 1:
        located.sort(key=lambda pair: -pair[0].confidence)
    answers = [one for one, _ in located]
    methods = [f"{one.method or '-'}/{one.country_method or '-'}" for one in answers]
    return (
        _joined([institution for _, institution in located]),
        _joined([one.ror_id for one in answers]),
        _joined([one.country_code for one in answers]),
        f"{max([one.confidence for one in answers]):.3f}",
        _joined(methods) if any(one.method or one.country_method for one in answers) else "",
        _joined([one.reason for one in answers]),
    )


def _with_corpus(one: Answer, unified: Named) -> tuple[Answer, str | None]:
    """Return an answer with the country that the whole file gives its institution, and the institution's id."""
    if one.ror_id is not None or one.key is None:
        return one, one.ror_id
    final = unified[one.key, one.country_code, basis_of(one.country_method)]
    if final.institution_id is None:
        return one._replace(reason=final.reason), None
    if final.country == one.country_code:
        return one, final.institution_id
    method = "corpus" if final.country else None
    reason = None if final.country else one.reason or "ambiguous_place"
    return one._replace(country_code=final.country, country_method=method, reason=reason), final.institution_id


def _joined(values: Sequence[str | None]) -> str:
    if len(values) == 1:
        return values[0] or ""
    return " ".join(dict.fromkeys([value for value in values if value]))


def _read(source: Path) -> Iterator[tuple[str, str]]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            names = next(rows, [])
            missing = [column for column in ("id", "affiliation") if column not in names]
            if missing:
                raise SourceError(f"{source}: column(s) missing: {', '.join(missing)}; needed are id and affiliation")
            identifier, text = names.index("id"), names.index("affiliation")
            for row in rows:
                if row:
                    yield row[identifier] if identifier < len(row) else "", row[text] if text < len(row) else ""
    except OSError as error:
        raise SourceError(f"{source}: cannot be read: {error.strerror}; give the path of a CSV file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{source}: cannot be read as a CSV in UTF-8: {error}; save it as CSV (UTF-8)") from error


def _write(target: Path, identifiers: Iterable[str], lines: Iterable[str]) -> None:
    """Write a line for each identifier, with what stands behind it."""
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            file.writelines(_rows([COLUMNS]))
            file.writelines(
                f"{identifier if identifier.isalnum() else _cell(identifier)},{line}"
                for identifier, line in zip(identifiers, lines, strict=True)
            )
        os.replace(file.name, target)
    except OSError as error:
        raise SourceError(
            f"{target}: cannot be written: {error.strerror}; make the folder or room, and run the same command again"
        ) from error


class _Rows:
    """Keeps what a CSV writer writes: a row at a time."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self.write = self.rows.append


def _rows(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows as a CSV has them. Many lines are alike behind their id: each such end is made once."""
    kept = _Rows()
    csv.writer(kept, lineterminator="\n").writerows(rows)
    return kept.rows


def _cell(text: str) -> str:
    return _rows([(text, "")])[0].removesuffix(",\n")
