"""The strategy for each of the five regions around home: gains, forms, patterns, choices on the axes, cautions."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from pydantic.dataclasses import dataclass

from kakehashi.knowledge.axes import Axis, View, views
from kakehashi.knowledge.book import Book, open_book, shipped_once
from kakehashi.knowledge.conditions import Condition
from kakehashi.knowledge.forms import ACTORS, forms, goals, purposes
from kakehashi.knowledge.patterns import patterns
from kakehashi.knowledge.sources import STRICT, Citation, Country, documents
from kakehashi.texts import Words

_TABLES = ("regions", "gains", "suited", "choices", "cautions", "differences")


@dataclass(frozen=True, config=STRICT)
class Region:
    """A region: its character, the gains, forms and patterns published for it, and the countries it then held."""

    id: str
    gains: tuple[str, ...]
    forms: tuple[str, ...]
    patterns: tuple[str, ...]
    countries: tuple[Country, ...]
    character: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Gain:
    """Why a gain is to be had in a region.

    `found`: what a document found for certain partners; with `found_from`, seen from that country only.
    """

    id: str
    region: str
    goal: str
    text: Words
    source: Citation
    found: Words | None = None
    found_for: tuple[Country, ...] = ()
    found_from: Country | None = None


@dataclass(frozen=True, config=STRICT)
class Suited:
    """Why a form suits a region."""

    id: str
    region: str
    form: str
    text: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Choice:
    """A choice on an axis for a region, its ground, and the wishes that call for it; `found` as in `Gain`."""

    id: str
    region: str
    axis: Axis
    view: View
    text: Words
    source: Citation
    when: tuple[Condition, ...] = ()
    found: Words | None = None
    found_for: tuple[Country, ...] = ()
    found_from: Country | None = None


@dataclass(frozen=True, config=STRICT)
class Caution:
    """What to take care of in a region."""

    id: str
    region: str
    text: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Difference:
    """Why a published pattern leaves a choice on an axis, or why one that fits better is not published."""

    id: str
    region: str
    pattern: str
    text: Words
    source: Citation


class _OfRegion(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def source(self) -> Citation: ...


@shipped_once
def regions(own: Path | None = None) -> Mapping[str, Region]:
    """Return the five regions by id. Raises DataError."""
    book = _book(own)
    found = book.items("regions", Region)
    for region in found.values():
        book.check(region.id, "gains", region.gains, goals(own))
        book.check(region.id, "forms", region.forms, forms(own))
        book.check(region.id, "patterns", region.patterns, (str(number) for number in patterns(own)))
        book.check(region.id, "source", (region.source.document,), documents(own))
    return found


@shipped_once
def gains(own: Path | None = None) -> Mapping[str, Gain]:
    """Return the grounds of the gains by id, `region.goal`. Raises DataError."""
    book = _book(own)
    found = book.items("gains", Gain)
    for gain in found.values():
        _check(book, gain, own)
        book.check(gain.id, "goal", (gain.goal,), goals(own))
    return found


@shipped_once
def suited(own: Path | None = None) -> Mapping[str, Suited]:
    """Return the grounds of the forms by id. Raises DataError."""
    book = _book(own)
    found = book.items("suited", Suited)
    for one in found.values():
        _check(book, one, own)
        book.check(one.id, "form", (one.form,), forms(own))
    return found


@shipped_once
def choices(own: Path | None = None) -> Mapping[str, Choice]:
    """Return the choices by id, `region.axis.view`, in the order in which the figures give them. Raises DataError."""
    book = _book(own)
    found = book.items("choices", Choice)
    for choice in found.values():
        _check(book, choice, own)
        book.check(choice.id, "view", (f"{choice.axis}.{choice.view}",), views(own))
        for condition in choice.when:
            check_condition(book, choice.id, condition, own)
    return found


@shipped_once
def cautions(own: Path | None = None) -> Mapping[str, Caution]:
    """Return the cautions by id. Raises DataError."""
    book = _book(own)
    found = book.items("cautions", Caution)
    for caution in found.values():
        _check(book, caution, own)
    return found


@shipped_once
def differences(own: Path | None = None) -> Mapping[str, Difference]:
    """Return, by id, why published patterns and those that fit the axes differ. Raises DataError."""
    book = _book(own)
    found = book.items("differences", Difference)
    for difference in found.values():
        _check(book, difference, own)
        book.check(difference.id, "pattern", (difference.pattern,), (str(number) for number in patterns(own)))
    return found


def check_condition(book: Book, item: str, condition: Condition, own: Path | None) -> None:
    """Refuse unknown ids in a condition. Fields are a taxonomy's own and are not checked. Raises DataError."""
    known: dict[str, Iterable[str]] = {
        "actors": ACTORS,
        "goals": goals(own),
        "purposes": purposes(own),
        "forms": forms(own),
        "regions": regions(own),
        "views": views(own),
    }
    for key, ids in condition.keys().items():
        if key in known:
            book.check(item, f"when.{key}", ids, known[key])


def _book(own: Path | None) -> Book:
    return open_book("regions.toml", _TABLES, own)


def _check(book: Book, item: _OfRegion, own: Path | None) -> None:
    book.check(item.id, "region", (item.region,), regions(own))
    book.check(item.id, "source", (item.source.document,), documents(own))
