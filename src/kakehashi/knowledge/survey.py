"""What Japanese universities answered about work with companies abroad: the distributions of the survey of 2016."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass

from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.knowledge.rows import Layout, Row, read, shipped
from kakehashi.knowledge.sources import STRICT, Citation
from kakehashi.texts import Words

FILE = "survey.csv"
_LAYOUT = Layout(("figure", "group", "answer", "level", "share", "count", "n"))
_TABLES = ("questions", "answers", "groups", "levels", "cautions")


@dataclass(frozen=True, config=STRICT)
class Question:
    """A question: its id is the number of the figure. `base`: who answered.

    `n` and `unit`: what the figure counts, where that is no one number of institutions. `absent`: why it has no shares.
    """

    id: str
    name: Words
    base: Words
    source: Citation
    n: int | None = None
    unit: Literal["projects", "mentions"] | None = None
    absent: Words | None = None


@dataclass(frozen=True, config=STRICT)
class Wording:
    """An answer, a group of answers or a degree in words. The id of an answer is `figure.answer`."""

    id: str
    name: Words


@dataclass(frozen=True, config=STRICT)
class Caution:
    """The shares that an actor of the surveyed country is told as cautions."""

    id: str
    actor: str
    home: str
    shares: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """The share, in [0, 1], of an answer; `count` of `n` institutions, None where the source does not give them."""

    id: str
    figure: str
    answer: str
    group: str | None
    level: str | None
    share: float
    count: int | None
    n: int | None


@shipped_once
def questions(own: Path | None = None) -> Mapping[str, Question]:
    """Return the questions by the number of their figure. Raises DataError."""
    return open_book("survey.toml", _TABLES, own).items("questions", Question)


def wordings(table: str, own: Path | None = None) -> Mapping[str, Wording]:
    """Return the words of `answers`, `groups` or `levels` by id. Raises DataError."""
    return _shipped_wordings(table) if own is None else open_book("survey.toml", _TABLES, own).items(table, Wording)


@functools.cache
def _shipped_wordings(table: str) -> Mapping[str, Wording]:
    return open_book("survey.toml", _TABLES).items(table, Wording)


def told(actor: str, home: str, own: Path | None = None) -> tuple[str, ...]:
    """Return the ids of the shares that an actor is told: those of the survey of its home country."""
    held = open_book("survey.toml", _TABLES, own).items("cautions", Caution)
    return tuple(share for one in held.values() if (one.actor, one.home) == (actor, home) for share in one.shares)


@functools.cache
def shares() -> Mapping[str, Share]:
    """Return the shares by id, `figure[.group].answer[.level]`. Raises DataError."""
    return {share.id: share for share in read(shipped(FILE), f"knowledge/{FILE}", _LAYOUT, _share)}


def _share(row: Row) -> Share:
    figure = row.choice("figure", questions()) or ""
    answer = row.need("answer")
    group, level = row.choice("group", wordings("groups")), row.choice("level", wordings("levels"))
    if f"{figure}.{answer}" not in wordings("answers"):
        row.refuse("answer", f"no words for {figure}.{answer}; add it to survey.toml")
    parts = (figure, group, answer, level)
    share = row.number("share")
    return Share(
        id=".".join(part for part in parts if part),
        figure=figure,
        answer=answer,
        group=group,
        level=level,
        share=0.0 if share is None else share,
        count=row.whole("count"),
        n=row.whole("n"),
    )
