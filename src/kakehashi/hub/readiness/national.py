"""The survey as a distribution to compare with: shares with their n, and the standing of an answer within it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kakehashi.hub.readiness.answers import Answers
from kakehashi.hub.readiness.questionnaire import NO, YES, Part, parts
from kakehashi.knowledge import survey

SURVEY_YEAR = 2016
FIRST = "most_important"


@dataclass(frozen=True)
class Published:
    """A published share of an answer, in [0, 1]; `count` of `n` as far as the survey prints them.

    `unit`: what `n` counts: institutions, or mentions where the share is over three ranks.
    """

    answer: str
    share: float
    count: int | None
    n: int | None
    unit: str


@dataclass(frozen=True)
class Standing:
    """Where an answer stands, in [0, 1]: of the institutions asked, `low` stand lower and 1 - `high` higher.

    `middle`, half-way between, is the mid-rank percentile: over the whole distribution it averages exactly 0.5.
    """

    low: float
    middle: float
    high: float


def published(part: Part) -> tuple[Published, ...]:
    """Return the published shares of a part's answers, or none where the survey has none."""
    question = part.question
    if question.figure is None:
        return ()
    prefix = f"{question.figure}.{question.group}." if question.group else f"{question.figure}."
    if question.kind in ("one", "ranked"):
        level = f".{FIRST}" if question.kind == "ranked" and part.item == "1" else ""
        found = {answer: survey.shares().get(f"{prefix}{answer}{level}") for answer in part.choices}
    elif question.kind == "degrees":
        found = {level: survey.shares().get(f"{prefix}{part.item}.{level}") for level in part.choices}
    else:
        found = {YES: survey.shares().get(f"{prefix}{part.item}")}
    told = survey.questions()[question.figure]
    return tuple(
        Published(answer, one.share, one.count, one.n or told.n, "institutions" if one.n else told.unit or "")
        for answer, one in found.items()
        if one is not None
    )


def whole(part: Part) -> Mapping[str, float] | None:
    """Return the distribution over all answers of a part; None where the survey does not print it as a whole.

    Counts stand before the rounded shares where all are printed, and shares that rounding has left just short of 1 are
    brought up to it.
    """
    found = published(part)
    question = part.question
    if question.kind == "each":
        return {YES: found[0].share, NO: 1 - found[0].share} if found and found[0].count is None else _counted(found)
    if (question.kind == "ranked" and part.item != "1") or {one.answer for one in found} != set(part.choices):
        return None
    if all(one.count is not None and one.n for one in found):
        return {one.answer: (one.count or 0) / (one.n or 1) for one in found}
    total = sum(one.share for one in found)
    return {one.answer: one.share / total for one in found}


def _counted(found: tuple[Published, ...]) -> Mapping[str, float] | None:
    if not found:
        return None
    share = (found[0].count or 0) / (found[0].n or 1)
    return {YES: share, NO: 1 - share}


def standing(part: Part, given: Mapping[str, float]) -> Standing | None:
    """Return where answers stand in the survey, worst first; for a group the mean. None where there is no order."""
    shares = whole(part)
    if shares is None or not part.classes:
        return None
    places: dict[str, tuple[float, float]] = {}
    below = 0.0
    for group in part.classes:
        share = sum(shares[answer] for answer in group)
        places |= dict.fromkeys(group, (below, below + share))
        below += share
    weight = sum(given.values())
    low, high = (
        sum(places[answer][end] * each for answer, each in given.items() if answer in places) / weight for end in (0, 1)
    )
    return Standing(low, (low + high) / 2, high)


def marginals() -> Answers:
    """Return the survey itself as the answers of a group: what it says of each question whose shares it prints."""
    given: dict[str, Mapping[str, float]] = {}
    for part in parts().values():
        shares = whole(part)
        if shares is None and part.question.kind == "one":
            shares = {one.answer: one.share for one in published(part)}
        if shares:
            given[part.id] = MappingProxyType({answer: share for answer, share in shares.items() if share > 0})
    return Answers("nistep2016", SURVEY_YEAR, "university", "JP", None, MappingProxyType(given), group=True)
