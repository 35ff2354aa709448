"""What a collaboration is for and the form it takes: goals, purposes, groups, forms, and what is said of each form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass

from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.knowledge.sources import STRICT, Citation, documents
from kakehashi.texts import Words

Stance = Literal["merit", "demerit"]
ACTORS = ("university", "company", "government")


@dataclass(frozen=True, config=STRICT)
class Goal:
    """A gain that one may seek: one of the eight of figure 5-1, or a user's own."""

    id: str
    name: Words
    meaning: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Purpose:
    """What collaboration is mainly for: create, spread, rule."""

    id: str
    name: Words
    meaning: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Group:
    """A group of forms, in which cases are counted."""

    id: str
    purpose: str
    name: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class Form:
    """A form of collaboration, the goals it serves and why it does."""

    id: str
    group: str
    name: Words
    meaning: Words
    serves: tuple[str, ...]
    serves_why: Words
    source: Citation


@dataclass(frozen=True, config=STRICT)
class FormEffect:
    """What is said for or against a form."""

    id: str
    form: str
    stance: Stance
    text: Words
    source: Citation


@shipped_once
def goals(own: Path | None = None) -> Mapping[str, Goal]:
    """Return the goals by id. Raises DataError."""
    book = open_book("goals.toml", ("goals",), own)
    found = book.items("goals", Goal)
    for goal in found.values():
        book.check(goal.id, "source", (goal.source.document,), documents(own))
    return found


@shipped_once
def purposes(own: Path | None = None) -> Mapping[str, Purpose]:
    """Return the purposes by id. Raises DataError."""
    return open_book("purposes.toml", ("purposes", "groups"), own).items("purposes", Purpose)


@shipped_once
def groups(own: Path | None = None) -> Mapping[str, Group]:
    """Return the groups of forms by id. Raises DataError."""
    book = open_book("purposes.toml", ("purposes", "groups"), own)
    found = book.items("groups", Group)
    for group in found.values():
        book.check(group.id, "purpose", (group.purpose,), purposes(own))
    return found


@shipped_once
def forms(own: Path | None = None) -> Mapping[str, Form]:
    """Return the forms by id. Raises DataError."""
    book = open_book("forms.toml", ("forms", "effects"), own)
    found = book.items("forms", Form)
    for form in found.values():
        book.check(form.id, "group", (form.group,), groups(own))
        book.check(form.id, "serves", form.serves, goals(own))
        book.check(form.id, "source", (form.source.document,), documents(own))
    return found


def purpose_of(form: str, own: Path | None = None) -> str:
    """Return the purpose of a form, which is that of its group. Raises DataError."""
    return groups(own)[forms(own)[form].group].purpose


@shipped_once
def form_effects(own: Path | None = None) -> Mapping[str, FormEffect]:
    """Return what is said for and against the forms, by id. Raises DataError."""
    book = open_book("forms.toml", ("forms", "effects"), own)
    found = book.items("effects", FormEffect)
    for effect in found.values():
        book.check(effect.id, "form", (effect.form,), forms(own))
        book.check(effect.id, "source", (effect.source.document,), documents(own))
    return found
