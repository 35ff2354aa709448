"""The questionnaire: its questions, the parts that are answered one by one, and what each gap is linked to."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass as plain
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from kakehashi.knowledge import survey
from kakehashi.knowledge.book import open_book
from kakehashi.knowledge.items import items, recommendations
from kakehashi.knowledge.programmes import KINDS
from kakehashi.knowledge.sources import STRICT, cells
from kakehashi.texts import Words

FILE = "readiness.toml"
RANKS = ("1", "2", "3")
YES, NO = "yes", "no"
_TABLES = ("rules", "questions", "words", "gaps")
Kind = Literal["one", "each", "degrees", "ranked"]
Base = Literal["all", "abroad", "not_abroad", "not_organised"]


@dataclass(frozen=True, config=STRICT)
class Rule:
    """A number of the method."""

    id: str
    value: float
    name: Words


@dataclass(frozen=True, config=STRICT)
class Question:
    """A question. `figure`: of the survey, None where it did not ask. The other keys: see readiness.toml."""

    id: str
    kind: Kind
    ask: Words
    answers: tuple[str, ...]
    base: Base
    figure: str | None = None
    group: str | None = None
    lack: bool = False
    lacking: tuple[str, ...] = ()
    alone: str | None = None
    order: tuple[tuple[str, ...], ...] = ()
    levels: tuple[str, ...] = ()
    gap: Words | None = None
    severity: Mapping[str, float] = Field(default_factory=dict)


@dataclass(frozen=True, config=STRICT)
class Named:
    """The words of an answer that the survey does not have."""

    id: str
    name: Words


@dataclass(frozen=True, config=STRICT)
class GapLinks:
    """What a gap is linked to; its id is that of the part. The keys: see readiness.toml."""

    id: str
    cell: str
    eases: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


@plain(frozen=True)
class Part:
    """What is answered at once: a question, or one of its items. `choices`: its answers, worst first or as asked.

    `item`: the survey's answer that the part is about, a rank, or None where the answers are the survey's own.
    """

    id: str
    question: Question
    item: str | None
    choices: tuple[str, ...]

    @property
    def is_lack(self) -> bool:
        """Tell whether a yes, or a high degree, is a weakness."""
        return self.question.lack or self.item in self.question.lacking or self.question.kind == "degrees"

    @property
    def classes(self) -> tuple[tuple[str, ...], ...]:
        """Return the answers from worst to best, those of equal standing together; none where they have no order."""
        if self.question.kind == "degrees":
            return tuple((level,) for level in self.question.levels)
        if self.question.kind == "each":
            return ((YES,), (NO,)) if self.is_lack else ()
        return self.question.order

    def severity(self, answer: str) -> float:
        """Return how badly an answer weighs as a gap."""
        return self.question.severity.get(answer, 0.0) if self.is_lack else 0.0


@functools.cache
def questions() -> Mapping[str, Question]:
    """Return the questions by id. Raises DataError."""
    book = open_book(FILE, _TABLES)
    found = book.items("questions", Question)
    for one in found.values():
        if one.figure is not None:
            book.check(one.id, "figure", (one.figure,), survey.questions())
        every = {*one.answers, *one.levels, YES, NO}
        book.check(one.id, "lacking", one.lacking, one.answers)
        book.check(one.id, "order", (answer for group in one.order for answer in group), one.answers)
        book.check(one.id, "severity", one.severity, every)
    return found


@functools.cache
def parts() -> Mapping[str, Part]:
    """Return the parts by id, in the order of the questionnaire. Raises DataError."""
    found: dict[str, Part] = {}
    for one in questions().values():
        if one.kind == "one":
            found[one.id] = Part(one.id, one, None, one.answers)
            continue
        choices = {"each": (YES, NO), "degrees": one.levels, "ranked": one.answers}[one.kind]
        for item in RANKS if one.kind == "ranked" else one.answers:
            found[f"{one.id}.{item}"] = Part(f"{one.id}.{item}", one, item, choices)
    return found


@functools.cache
def links() -> Mapping[str, GapLinks]:
    """Return what each gap is linked to, by part. Raises DataError where a link leads nowhere."""
    book = open_book(FILE, _TABLES)
    found = book.items("gaps", GapLinks)
    for one in found.values():
        book.check(one.id, "id", (one.id,), (part.id for part in parts().values() if part.is_lack))
        book.check(one.id, "cell", (one.cell,), cells())
        book.check(one.id, "eases", one.eases, found)
        book.check(one.id, "recommendations", one.recommendations, recommendations())
        book.check(one.id, "practices", one.practices, items())
        book.check(one.id, "programmes", one.programmes, KINDS)
    return found


def rule_value(name: str) -> float:
    """Return a number of the method."""
    return open_book(FILE, _TABLES).items("rules", Rule)[name].value


def provenance() -> tuple[str, str]:
    """Return source and date of the questionnaire."""
    book = open_book(FILE, _TABLES)
    return book.source, book.date


def part_name(part: Part) -> Words:
    """Name what a part asks about: the item where it has one, else the question."""
    question = part.question
    if part.item is None:
        return question.ask if question.figure is None else survey.questions()[question.figure].name
    if question.kind == "ranked":
        return Words(ja=f"{part.item}番目に重要な点", en=f"number {part.item} in importance")
    if question.figure is None:
        return cells()[part.item].name
    return survey.wordings("answers")[f"{question.figure}.{part.item}"].name


def answer_name(part: Part, answer: str) -> Words:
    """Name an answer of a part."""
    question, known = part.question, _words()
    for name in (f"{question.id}.{answer}", answer):
        if name in known:
            return known[name].name
    if question.kind == "degrees":
        return survey.wordings("levels")[answer].name
    return survey.wordings("answers")[f"{question.figure}.{answer}"].name


@functools.cache
def _words() -> Mapping[str, Named]:
    return open_book(FILE, _TABLES).items("words", Named)
