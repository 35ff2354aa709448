"""What a resolver does with one string, step by step, as facts: `report/explanation.py` puts them into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from kakehashi.affiliations.appendix1 import Appendix1, prepare
from kakehashi.affiliations.decisions import Decision
from kakehashi.affiliations.institutions import Found
from kakehashi.affiliations.linking.candidates import MANNERS
from kakehashi.affiliations.linking.choosing import Link, Scored
from kakehashi.affiliations.linking.evidence import FEATURES, told
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Reading, Resolution, Resolver
from kakehashi.affiliations.resolvers import AnyResolver

Verdict = Literal["chosen", "unsure", "taken", "again", "town"]
"""chosen: given. unsure: the surest of its words, but below the threshold. taken: a surer candidate has its words.
again: its organisation is found elsewhere in the string. town: it is the town of a sure one."""

NOBODY = 0.02
"""Candidates below this confidence are nobody's guess: they are counted, and not told one by one."""

SHOWN = 5
"""Candidates that were not chosen and are told one by one, the surest first."""

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate of the registry: its number by confidence, what speaks for it, and what became of it.

    `span` is the text it was found in; `by` the number of the candidate that has its words or its organisation, 0
    without one; `runner_up` is true for the second of a chosen one.
    """

    number: int
    span: str
    organisation: Organisation
    confidence: float
    evidence: dict[str, Value]
    verdict: Verdict
    by: int
    runner_up: bool


@dataclass(frozen=True, slots=True)
class Weighing:
    """The candidates of a string, surest first, the threshold for giving one, and how many more were not told.

    `country` is the one that all likely organisations share, with its confidence.
    """

    options: tuple[Option, ...]
    threshold: float
    others: int
    country: str | None
    country_confidence: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps for one string. `reading` is None for the strategy appendix1, `weighing` without a registry.

    `replaced` are the names found by rule whose words a registry's organisation has.
    """

    text: str
    cleaned: str
    reading: Reading | None
    weighing: Weighing | None
    replaced: tuple[Found, ...]
    answers: tuple[Resolution, ...]


def explain(text: str, resolver: AnyResolver | None = None, every: bool = False) -> Explanation:
    """Resolve a string and keep what was seen on the way. The answers are those of `resolver.resolve`.

    `every`: keep all candidates of the registry, however unlikely.
    """
    resolver = resolver or Resolver()
    answers = resolver.resolve(text)
    if isinstance(resolver, Appendix1):
        return Explanation(text, _spaced(prepare(text).text), None, None, (), answers)
    if isinstance(resolver, RegistryResolver):
        reading = resolver.read(text)
        judged = _judge(resolver, reading)
        weighing = _told(judged, resolver, reading, every)
        replaced = _replaced(reading, [one.scored for one in judged if one.verdict == "chosen"])
        return Explanation(text, _spaced(reading.clean.text), _placed(reading), weighing, replaced, answers)
    assert isinstance(resolver, Resolver)  # noqa: S101 - the last of the three
    reading = resolver.read(text)
    return Explanation(text, _spaced(reading.clean.text), _placed(reading), None, (), answers)


def _placed(reading: Reading) -> Reading:
    """Return the reading with parts that say themselves where they stand in the whole string."""
    return reading._replace(clean=reading.clean.placed())


def decisions_about(explanation: Explanation, decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions that speak of the string, of a name in it, or of an institution that it was linked to."""
    keys = {normal_key(explanation.text), *(one.key for one in explanation.answers if one.key)}
    rors = {one.ror_id for one in explanation.answers if one.ror_id}
    return [
        one
        for one in decisions
        if one.affiliation == explanation.text
        or (one.affiliation is None and one.key is not None and one.key in keys)
        or (one.institution_id is not None and one.institution_id in rors)
    ]


def _spaced(text: str) -> str:
    return " ".join(text.split())


class _Judged(NamedTuple):
    """A candidate, what became of it, and the place in the list of the one that has its words or organisation."""

    scored: Scored
    verdict: Verdict
    by: int | None


def _judge(resolver: RegistryResolver, reading: Reading) -> list[_Judged]:
    """Say of each candidate what became of it, surest first."""
    [answer] = resolver.linker.answer([reading])
    links = {_place_of(link): link for link in answer.links}
    holders: list[tuple[int, Scored]] = []  # the candidates that have their words, with their places in the list
    judged: list[_Judged] = []
    for at, one in enumerate(resolver.linker.weigh(reading)):
        by, verdict = _holder(one, holders)
        link = links.get(_place(one))
        if link is not None:
            by, verdict = None, "chosen" if link.confidence >= resolver.threshold else "unsure"
        elif verdict == "unsure":
            verdict = "town"
        if verdict != "taken":
            holders.append((at, one))
        judged.append(_Judged(one, verdict, by))
    return judged


def _told(judged: Sequence[_Judged], resolver: RegistryResolver, reading: Reading, every: bool) -> Weighing:
    """Keep what is worth telling: the chosen, their rivals, and of those that nobody would guess the first."""
    [answer] = resolver.linker.answer([reading])
    kept: dict[int, int] = {}
    organisations: set[int] = set()
    spare = SHOWN
    for at, one in enumerate(judged):
        known = one.scored.candidate.organisation in organisations and one.verdict == "taken"
        likely = one.scored.confidence >= NOBODY or not kept
        if every or one.verdict == "chosen" or (likely and not known and spare > 0):
            spare -= one.verdict != "chosen"
            kept[at] = len(kept) + 1
            organisations.add(one.scored.candidate.organisation)
    options = [_option(kept, at, judged[at], resolver, reading) for at in kept]
    return Weighing(
        _with_runners_up(options), resolver.threshold, len(judged) - len(kept), answer.country,
        answer.country_confidence,
    )  # fmt: skip


def _option(kept: Mapping[int, int], at: int, one: _Judged, resolver: RegistryResolver, reading: Reading) -> Option:
    span = reading.clean.span(*reading.extent(*one.scored.candidate[:4]))
    organisation = resolver.linker.organisation(one.scored.candidate.organisation)
    by = kept.get(one.by, 0) if one.by is not None else 0
    return Option(
        kept[at], span, organisation, one.scored.confidence, _evidence(one.scored), one.verdict, by, runner_up=False
    )


def _with_runners_up(options: Sequence[Option]) -> tuple[Option, ...]:
    """Mark the surest other organisation of each chosen candidate's words."""
    seen: set[int] = set()
    out = []
    for option in options:
        holder = options[option.by - 1] if option.verdict == "taken" and option.by else None
        second = holder is not None and holder.verdict == "chosen" and holder.number not in seen
        if second and holder is not None and holder.organisation.ror_id != option.organisation.ror_id:
            seen.add(holder.number)
            out.append(replace(option, runner_up=True))
        else:
            out.append(option)
    return tuple(out)


_Place = tuple[int, int, int, int, int]


def _place(one: Scored) -> _Place:
    candidate = one.candidate
    return candidate.part, candidate.first, candidate.until, candidate.last, candidate.organisation


def _place_of(link: Link) -> _Place:
    return link.part, link.first, link.until, link.last, link.organisation


def _holder(one: Scored, holders: Sequence[tuple[int, Scored]]) -> tuple[int | None, Verdict]:
    """Return the place of the surer candidate that has the words of one, or else its organisation."""
    begin, end = _edges(one)
    for at, other in holders:
        start, stop = _edges(other)
        if start < end and begin < stop:
            return at, "taken"
    for at, other in holders:
        if other.candidate.organisation == one.candidate.organisation:
            return at, "again"
    return None, "unsure"


def _edges(one: Scored) -> tuple[tuple[int, int], tuple[int, int]]:
    candidate = one.candidate
    return (candidate.part, candidate.first), (candidate.until, candidate.last)


def _evidence(one: Scored) -> dict[str, Value]:
    """Return the model's inputs that mean something to a person, by their names, with those of `told` in words."""
    found: dict[str, Value] = dict(zip(FEATURES, one.candidate.features, strict=True))
    found.update(told(one.candidate))
    found["manner"] = MANNERS[int(found["manner"])]
    return found


def _replaced(reading: Reading, chosen: Sequence[Scored]) -> tuple[Found, ...]:
    """Return the names found by rule whose words a chosen organisation has."""
    extents = [reading.extent(*one.candidate[:4]) for one in chosen]
    return tuple(
        one
        for found in reading.found
        for one in found
        if any(start < one.end and one.start < end for start, end in extents)
    )
