"""Items of the framework: what institutions and companies do, what they judged, directions and recommendations."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic.dataclasses import dataclass

from kakehashi.errors import DataError
from kakehashi.knowledge.areas import areas, country_problem
from kakehashi.knowledge.book import Book, nearest, open_book, shipped_once
from kakehashi.knowledge.sources import STRICT, Citation, cells, documents
from kakehashi.texts import Words

Actor = Literal["university", "company", "government"]
Kind = Literal["practice", "success_factor", "problem", "merit", "demerit", "risk", "request", "direction"]
Region = Literal["upper_right", "upper_left", "lower_right", "centre", "lower_left"]

_FINDINGS: tuple[Kind, ...] = ("success_factor", "problem", "merit", "demerit", "risk", "request")
_KINDS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {"practices.toml": ("practice",), "findings.toml": _FINDINGS, "directions.toml": ("direction",)}
)


@dataclass(frozen=True, config=STRICT)
class Item:
    """An item in a cell of the framework.

    `actors`: who does it or whom it concerns; of a request, who is asked. `group`: the heading it stands under in
    figure 2-16. `practices`: the items it builds on. `places`: countries or areas it speaks of, everywhere if none.
    `regions`: those places' regions on the published map. `homes`: the home countries for which it holds, all if none.
    """

    id: str
    kind: Kind
    cell: str
    actors: tuple[Actor, ...]
    name: Words
    text: Words
    source: Citation
    group: str | None = None
    practices: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    homes: tuple[str, ...] = ()
    note: Words | None = None

    @property
    def file(self) -> str:
        """The file of data/knowledge that holds the item."""
        return next(file for file, kinds in _KINDS.items() if self.kind in kinds)


@dataclass(frozen=True, config=STRICT)
class Recommendation:
    """A recommendation to actors. `directions`: by actor, as figure 5-9 links them; `in_text`: named by the section."""

    id: str
    actors: tuple[Actor, ...]
    directions: Mapping[str, tuple[str, ...]]
    name: Words
    text: Words
    source: Citation
    practices: tuple[str, ...] = ()
    in_text: tuple[str, ...] = ()
    note: Words | None = None


@dataclass(frozen=True, config=STRICT)
class Institution:
    """A research institution whose practices are on record."""

    id: str
    name: Words
    country: str
    source: Citation


@dataclass(frozen=True, config=STRICT)
class OnRecord:
    """A practice of an institution, with the items it is an instance of; none where the source names no practice.

    `homes`: the home countries to which alone it is told, all if none. `for_home`: what a home is told besides.
    """

    id: str
    institution: str
    text: Words
    sources: tuple[Citation, ...]
    items: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    for_home: Mapping[str, Words] | None = None
    note: Words | None = None


@dataclass(frozen=True, config=STRICT)
class Door:
    """The practices of institutions abroad at which an actor, its id, can knock."""

    id: Actor
    items: tuple[str, ...]


@shipped_once
def items(own: Path | None = None) -> Mapping[str, Item]:
    """Return the items by id: practices, findings, directions, each in the order of its file. Raises DataError."""
    found: dict[str, Item] = {}
    books = {name: open_book(name, ("items",), own) for name in _KINDS}
    for name, book in books.items():
        for item in book.items("items", Item).values():
            if item.id in found:
                raise DataError(f"{book.where(item.id)}: {found[item.id].file} has this id already; give it another")
            book.check(item.id, "kind", (item.kind,), _KINDS[name])
            found[item.id] = item
    for item in found.values():
        _check_item(books[item.file], item, found, own)
    return MappingProxyType(found)


def cells_of(record: OnRecord, own: Path | None = None) -> tuple[str, ...]:
    """Return the cells of a practice on record: those of its items, each once, in the order of the framework."""
    held = {items(own)[item].cell for item in record.items}
    return tuple(cell for cell in cells(own) if cell in held)


@shipped_once
def recommendations(own: Path | None = None) -> Mapping[str, Recommendation]:
    """Return the recommendations by id. Raises DataError."""
    book = open_book("recommendations.toml", ("recommendations",), own)
    found = book.items("recommendations", Recommendation)
    directions = [item.id for item in items(own).values() if item.kind == "direction"]
    for one in found.values():
        book.check(one.id, "directions", one.directions, one.actors)
        for actor in one.actors:
            book.check(one.id, f"directions.{actor}", one.directions.get(actor, ()), directions)
        book.check(one.id, "in_text", one.in_text, directions)
        book.check(one.id, "practices", one.practices, items(own))
        book.check(one.id, "source", (one.source.document,), documents(own))
    return found


@shipped_once
def institutions(own: Path | None = None) -> Mapping[str, Institution]:
    """Return the institutions by id. Raises DataError."""
    book = open_book("institutions.toml", ("institutions", "practices"), own)
    found = book.items("institutions", Institution)
    for one in found.values():
        problem = country_problem(one.country)
        if problem is not None:
            raise DataError(f"{book.where(one.id)}: country: {problem}")
    return found


@shipped_once
def on_record(own: Path | None = None) -> Mapping[str, OnRecord]:
    """Return the practices of institutions by id. Raises DataError."""
    book = open_book("institutions.toml", ("institutions", "practices"), own)
    found = book.items("practices", OnRecord)
    practices = [item.id for item in items(own).values() if item.kind == "practice"]
    for one in found.values():
        book.check(one.id, "institution", (one.institution,), institutions(own))
        book.check(one.id, "items", one.items, practices)
        for code in (*one.homes, *(one.for_home or {})):
            problem = country_problem(code)
            if problem is not None:
                raise DataError(f"{book.where(one.id)}: {'homes' if code in one.homes else 'for_home'}: {problem}")
        book.check(one.id, "sources", (cited.document for cited in one.sources), documents(own))
    return found


@shipped_once
def doors(own: Path | None = None) -> Mapping[str, Door]:
    """Return the doors by actor. Raises DataError."""
    book = open_book("doors.toml", ("doors",), own)
    found = book.items("doors", Door)
    for door in found.values():
        book.check(door.id, "items", door.items, items(own))
    return found


def _check_item(book: Book, item: Item, known: Mapping[str, Item], own: Path | None) -> None:
    book.check(item.id, "cell", (item.cell,), cells(own))
    book.check(item.id, "source", (item.source.document,), documents(own))
    book.check(item.id, "practices", item.practices, known)
    if item.group is not None:
        book.check(item.id, "group", (item.group,), known)
    for key, places in (("places", item.places), ("homes", item.homes)):
        for place in places:
            problem = None if key == "places" and place in areas(own) else country_problem(place)
            if problem is not None:
                remedy = f"; {nearest(place, areas(own))}" if key == "places" else ""
                raise DataError(f"{book.where(item.id)}: {key}: {problem}{remedy}")
