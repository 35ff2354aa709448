"""Cases like the one in mind: ours and a user's, by pattern, countries, form and field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass as checked

from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.knowledge.cases import Case, group_of
from kakehashi.knowledge.derive import derive
from kakehashi.knowledge.patterns import patterns
from kakehashi.knowledge.sources import STRICT
from kakehashi.reasons import Evidence, Reason, Stance, Value, rule, source
from kakehashi.texts import Words

WEIGHTS = "similarity.toml"


@checked(frozen=True, config=STRICT)
class Weight:
    """How much a shared trait counts, and why."""

    id: str
    weight: Annotated[float, Field(ge=0)]
    why: Words


@dataclass(frozen=True)
class Asked:
    """What cases are compared with. None or empty: left open."""

    home: str
    partner: str | None = None
    patterns: tuple[int, ...] = ()
    form: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class Alike:
    """A case, the sum of the weights of what it shares, the shared traits, and those that it does not state."""

    case: Case
    score: float
    shared: tuple[str, ...]
    unknown: tuple[str, ...]
    reasons: tuple[Reason, ...]


@shipped_once
def weights(own: Path | None = None) -> Mapping[str, Weight]:
    """Return the weights by trait. Raises DataError."""
    return open_book(WEIGHTS, ("weights",), own).items("weights", Weight)


def similar(cases: Iterable[Case], asked: Asked, limit: int = 5, own: Path | None = None) -> tuple[Alike, ...]:
    """Return the cases that share most with what is asked, best first; those that share nothing are left out.

    Of equal cases a user's come first, then the order given. Countries are compared as we read them, which a reason
    says where the print is other. Raises DataError.
    """
    held, group = weights(own), group_of(asked.form, own)
    found = [_compare(case, asked, group, held) for case in cases]
    alike = [one for one in found if one.score > 0]
    return tuple(sorted(alike, key=lambda one: (-one.score, one.case.published))[:limit])


def why_pattern(case: Case, own: Path | None = None) -> tuple[Reason, ...]:
    """Say where the pattern of a case is from: the derivation from its axes, or the source that prints it."""
    if any(case.on.values()) or case.pattern is None:
        return derive(case.on, own).reasons
    values = {"pattern": Value("number", case.pattern), "name": Value("words", patterns(own)[case.pattern].name)}
    evidence: tuple[Evidence, ...] = (rule(case.file, case.id), rule("patterns.toml", str(case.pattern)))
    if case.published and case.source:
        evidence = (*evidence, source(*case.source.split(" ", 1)))
    return (Reason(f"pattern.{case.file}.{case.id}", "neutral", "items.similar.given", values, evidence),)


def _compare(case: Case, asked: Asked, group: str | None, held: Mapping[str, Weight]) -> Alike:
    same_group = group is not None and case.group == group
    exact = asked.form is not None and case.form == asked.form
    shared = {
        "pattern": case.pattern in asked.patterns,
        "partner": asked.partner in case.read_as,
        "form": exact,
        "form_group": same_group and not exact,
        "field": asked.field is not None and case.field == asked.field,
        "home": asked.home in case.read_as,
    }
    traits = tuple(trait for trait, holds in shared.items() if holds)
    stated = {"pattern": case.pattern, "form": case.form, "field": case.field, "countries": case.read_as or None}
    unknown = tuple(trait for trait, value in stated.items() if value is None)
    score = sum(held[trait].weight for trait in traits)
    return Alike(case, score, traits, unknown, _reasons(case, asked, traits))


def _reasons(case: Case, asked: Asked, traits: tuple[str, ...]) -> tuple[Reason, ...]:
    evidence: list[Evidence] = [rule(case.file, case.id)]
    if case.published and case.source:
        evidence.append(source(*case.source.split(" ", 1)))
    values = {
        "pattern": {"pattern": Value("number", case.pattern)},
        "partner": {"country": Value("country", asked.partner)},
        "form": {},
        "form_group": {},
        "field": {"field": Value("field", asked.field)},
        "home": {"country": Value("country", asked.home)},
    }
    where = f"similar.{case.file}.{case.id}"
    found = [
        Reason(
            f"{where}.{trait}",
            "for",
            f"items.similar.{trait}",
            values[trait],
            (*evidence, rule(WEIGHTS, trait)),
        )
        for trait in traits
    ]
    if case.summary is not None:
        found.insert(0, _handed(f"{where}.summary", "neutral", case.summary, evidence))
    if case.note is not None:
        found.append(_handed(f"{where}.note", "against", case.note, evidence))
    if case.read_as != case.countries:
        said = {
            "printed": Value("list", [Value("country", code) for code in case.countries]),
            "read": Value("list", [Value("country", code) for code in case.read_as]),
        }
        found.append(Reason(f"{where}.countries", "neutral", "items.similar.countries", said, tuple(evidence)))
    return tuple(found)


def _handed(name: str, stance: Stance, words: Words, evidence: list[Evidence]) -> Reason:
    return Reason(name, stance, words, {}, tuple(evidence))
