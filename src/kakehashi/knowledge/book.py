"""One reader for every TOML file of data/knowledge: items with ids in named tables, a user's file laid over ours.

A file has `source` and `date` at its head and arrays of tables, such as [[forms]], whose items carry an `id` that is
unique in the file. A user's file of the same name needs no head. An item with a known id changes only the keys it
gives, `remove = true` takes the item away, and an item with a new id is added at the end.
"""

import dataclasses
import difflib
import functools
import string
import tomllib
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from kakehashi.errors import DataError
from kakehashi.texts import LANGUAGES, Words

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_HEAD = ("source", "date")
PLACES = ("home", "partner")
_FOLDERS_KEPT = 4


class Reader(Protocol[T_co]):
    """A reader of items: the shipped ones, or with those of a user's folder laid over them."""

    def __call__(self, own: Path | None = None) -> T_co:
        """Return the items. Raises DataError."""


@dataclass(frozen=True)
class Entry:
    """An item as it stands in the file: its table, its keys, and the files that gave them, ours first."""

    table: str
    keys: Mapping[str, Any]
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Book:
    """A file of knowledge: its name, what it says of its own source and date, and its entries by id."""

    name: str
    source: str
    date: str
    entries: Mapping[str, Entry]

    def items(self, table: str, kind: type[T], places: tuple[str, ...] = PLACES) -> Mapping[str, T]:
        """Return the items of a table by id, in the file's order, as `kind`, a frozen dataclass.

        `places` are what texts may leave open, in braces. Raises DataError naming file, item and key, and the remedy.
        """
        adapter = TypeAdapter(kind)
        found: dict[str, T] = {}
        for item, entry in self.entries.items():
            if entry.table != table:
                continue
            try:
                found[item] = adapter.validate_python(dict(entry.keys))
            except ValidationError as error:
                lines = [f"{self.where(item)}: {_explain(problem, kind)}" for problem in error.errors()]
                raise DataError("\n".join(lines)) from error
            self._check_places(item, found[item], places)
        return MappingProxyType(found)

    def where(self, item: str) -> str:
        """Name an item as messages do, with the file that had the last word on it."""
        return f"{self.entries[item].origins[-1]}: [[{self.entries[item].table}]] {item!r}"

    def check(self, item: str, key: str, given: Iterable[str], known: Iterable[str]) -> None:
        """Refuse ids that are not known, and name the nearest that is. Raises DataError."""
        ids = tuple(known)
        for one in given:
            if one not in ids:
                raise DataError(f"{self.where(item)}: {key}: unknown {one!r}; {nearest(one, ids)}")

    def _check_places(self, item: str, value: Any, places: tuple[str, ...]) -> None:
        """Refuse a text that cannot be filled in, or whose languages leave different places open."""
        for field in dataclasses.fields(value):
            words = getattr(value, field.name)
            if not isinstance(words, Words):
                continue
            try:
                ja, en = (
                    {name for _, name, _, _ in string.Formatter().parse(words(one)) if name is not None}
                    for one in LANGUAGES
                )
            except ValueError as error:
                raise DataError(f"{self.where(item)}: {field.name}: {error}; write {{{{ for a brace") from error
            self.check(item, field.name, sorted(ja | en), places)
            if ja != en:
                only = ", ".join(sorted(ja ^ en))
                raise DataError(f"{self.where(item)}: {field.name}: {{{only}}} stands in one language; use it in both")


def open_book(name: str, tables: Iterable[str], own: Path | None = None) -> Book:
    """Read a file of data/knowledge, such as `forms.toml`, and lay the file of that name in the folder `own` over it.

    Raises DataError naming the file, the item and the remedy.
    """
    known = tuple(tables)
    shipped = _shipped(name, known)
    if own is None:
        return shipped
    if not own.is_dir():
        raise DataError(f"{own}: is no folder; give the folder that holds your own knowledge files")
    path = own / name
    if not path.is_file():
        return shipped
    entries = dict(shipped.entries)
    for item, entry in _entries(_toml(path, str(path)), str(path), known).items():
        _lay_over(entries, item, entry)
    return Book(name, shipped.source, shipped.date, MappingProxyType(entries))


def entry(name: str, item: str, own: Path | None = None) -> Entry:
    """Find an item of a TOML file of knowledge by its id, whatever its table, as `rule` evidence names it.

    Raises DataError for a file or item that there is not, naming the nearest.
    """
    entries = open_book(name, _tables_of(name), own).entries
    if item not in entries:
        raise DataError(f"knowledge/{name}: no item {item!r}; {nearest(item, entries)}")
    return entries[item]


@functools.cache
def _tables_of(name: str) -> tuple[str, ...]:
    """Return the tables of a shipped file. Raises DataError where there is no such file, naming the nearest."""
    folder = resources.files("kakehashi.data").joinpath("knowledge")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".toml"))
    if name not in names:
        raise DataError(f"knowledge/{name}: no such file; {nearest(name, names)}")
    return tuple(table for table in _toml(folder.joinpath(name), f"knowledge/{name}") if table not in _HEAD)


def shipped_once(read: Callable[[Path | None], T]) -> Reader[T]:
    """Read the shipped files once; read again with a user's folder only where one of its files has changed."""

    @functools.lru_cache(maxsize=_FOLDERS_KEPT)
    def known(own: Path | None, _state: tuple[tuple[str, int, int], ...]) -> T:
        return read(own)

    @functools.wraps(read)
    def reader(own: Path | None = None) -> T:
        return known(own, () if own is None else _state(own))

    return reader


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time of change and size of the files in a folder."""
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def nearest(given: str, known: Iterable[str]) -> str:
    """Name the known id that is nearest to a given one, or all of them where none is near."""
    ids = tuple(known)
    near = difflib.get_close_matches(given, ids, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(ids)}"


@functools.cache
def _shipped(name: str, tables: tuple[str, ...]) -> Book:
    where = f"knowledge/{name}"
    raw = _toml(resources.files("kakehashi.data").joinpath(where), where)
    missing = [key for key in _HEAD if not raw.get(key)]
    if missing:
        raise DataError(f"{where}: has no {missing[0]}; say at its head where it is from and of which day")
    entries = _entries(raw, where, tables)
    for item, entry in entries.items():
        if "remove" in entry.keys:
            raise DataError(f"{where}: [[{entry.table}]] {item!r}: remove is for a user's file; delete the item here")
    return Book(name, str(raw["source"]), str(raw["date"]), MappingProxyType(entries))


def _toml(path: Traversable, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{where}: cannot be read as TOML in UTF-8: {error}") from error


def _entries(raw: dict[str, Any], where: str, tables: tuple[str, ...]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for table, items in raw.items():
        if table in _HEAD:
            continue
        if table not in tables:
            raise DataError(f"{where}: unknown table [[{table}]]; {nearest(table, tables)}")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise DataError(f"{where}: {table} is no array of tables; write [[{table}]] before each item")
        for number, keys in enumerate(items, 1):
            item = keys.get("id")
            if not isinstance(item, str) or not item:
                raise DataError(f"{where}: [[{table}]] number {number} has no id; give it one of letters, digits, _ .")
            if item in entries:
                raise DataError(f"{where}: [[{table}]] {item!r} is given twice; keep one, or give it another id")
            entries[item] = Entry(table, MappingProxyType(keys), (where,))
    return entries


def _lay_over(entries: dict[str, Entry], item: str, over: Entry) -> None:
    below = entries.get(item)
    where = f"{over.origins[0]}: [[{over.table}]] {item!r}"
    if below is not None and below.table != over.table:
        raise DataError(f"{where}: the shipped item of this id stands in [[{below.table}]]; write it there")
    if "remove" in over.keys:
        if over.keys["remove"] is not True or set(over.keys) != {"id", "remove"}:
            raise DataError(f"{where}: write remove = true beside the id and nothing else, or leave it out")
        if below is None:
            raise DataError(f"{where}: there is nothing to remove; {nearest(item, entries)}")
        del entries[item]
        return
    keys = {**(below.keys if below else {}), **over.keys}
    entries[item] = Entry(over.table, MappingProxyType(keys), (*(below.origins if below else ()), *over.origins))


def _explain(problem: Any, kind: type[Any]) -> str:
    location = [str(part) for part in problem["loc"]]
    dotted = ".".join(location) or "item"
    if problem["type"] == "literal_error":
        allowed = [part.strip("' ") for part in problem["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return f"{dotted}: unknown {problem['input']!r}; {nearest(str(problem['input']), allowed)}"
    if problem["type"] == "missing":
        return f"{dotted}: is missing; add it"
    if problem["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"{dotted}: unknown key; {nearest(location[-1], _keys_at(kind, location[:-1]))}"
    return f"{dotted}: {problem['msg']} (got {problem['input']!r})"


def _keys_at(kind: Any, location: list[str]) -> tuple[str, ...]:
    """Return the keys of the dataclass that a location within an item leads to."""
    for part in location:
        if not part.isdigit():
            inside = [typing.get_type_hints(kind)[part]]
            while not dataclasses.is_dataclass(inside[0]):
                inside = [*typing.get_args(inside[0]), *inside[1:]]
            kind = inside[0]
    return tuple(field.name for field in dataclasses.fields(kind))
