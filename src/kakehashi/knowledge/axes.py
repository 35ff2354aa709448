"""The five axes that tell schemes apart, their values, how home sees them, and what is said for and against each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from kakehashi.knowledge.book import Book, open_book, shipped_once
from kakehashi.knowledge.forms import Stance
from kakehashi.knowledge.sources import STRICT, Citation, cells, documents
from kakehashi.texts import Words

Axis = Literal["funding", "research_site", "government", "agency", "researchers"]
AXES: tuple[Axis, ...] = ("funding", "research_site", "government", "agency", "researchers")
View = Literal["both", "joint", "home", "partner", "none"]
_TABLES = ("axes", "worths", "values", "views", "effects")


@dataclass(frozen=True, config=STRICT)
class AxisText:
    """An axis: its name and question, and its weight in the fit of a pattern with the reason for it."""

    id: Axis
    name: Words
    question: Words
    weight: Annotated[float, Field(gt=0)]
    weight_why: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Worth:
    """How much of an axis a pattern is worth that meets the wish in part, a share of 1."""

    id: Literal["partly"]
    worth: Annotated[float, Field(ge=0, le=1)]
    why: Words


@dataclass(frozen=True, config=STRICT)
class AxisValue:
    """A value that a pattern has on an axis; it speaks of the funder and the host. Its id is `axis=value`."""

    id: str
    axis: Axis
    value: str
    name: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class AxisView:
    """An arrangement on an axis as home sees it. Its id is `axis.view`."""

    id: str
    axis: Axis
    view: View
    name: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Effect:
    """What is said for or against a view, with its cell of the framework.

    `mirrored`: figure 3-6 says it of the other side, and we turned it round.
    """

    id: str
    view: str
    stance: Stance
    cell: str
    text: Words
    source: Citation
    mirrored: bool = False


def _book(own: Path | None) -> Book:
    return open_book("axes.toml", _TABLES, own)


@shipped_once
def axes(own: Path | None = None) -> Mapping[str, AxisText]:
    """Return the five axes by id. Raises DataError."""
    book = _book(own)
    found = book.items("axes", AxisText)
    for axis in found.values():
        book.check(axis.id, "source", (axis.source.document,), documents(own))
    return found


@shipped_once
def worth(own: Path | None = None) -> Worth:
    """Return the worth of a wish that is met in part. Raises DataError."""
    return _book(own).items("worths", Worth)["partly"]


@shipped_once
def values(own: Path | None = None) -> Mapping[str, AxisValue]:
    """Return the values of all axes by id, such as `funding=one_side`. Raises DataError."""
    book = _book(own)
    found = book.items("values", AxisValue)
    for value in found.values():
        book.check(value.id, "id", (value.id,), (f"{value.axis}={value.value}",))
    return found


def values_of(axis: str, own: Path | None = None) -> tuple[str, ...]:
    """Return the values that patterns may have on an axis. Raises DataError."""
    return tuple(value.value for value in values(own).values() if value.axis == axis)


@shipped_once
def views(own: Path | None = None) -> Mapping[str, AxisView]:
    """Return the views of all axes by id, such as `funding.home`. Raises DataError."""
    book = _book(own)
    found = book.items("views", AxisView)
    for view in found.values():
        book.check(view.id, "id", (view.id,), (f"{view.axis}.{view.view}",))
    return found


@shipped_once
def effects(own: Path | None = None) -> Mapping[str, Effect]:
    """Return what is said for and against the views, by id. Raises DataError."""
    book = _book(own)
    found = book.items("effects", Effect)
    for effect in found.values():
        book.check(effect.id, "view", (effect.view,), views(own))
        book.check(effect.id, "cell", (effect.cell,), cells(own))
        book.check(effect.id, "source", (effect.source.document,), documents(own))
    return found
