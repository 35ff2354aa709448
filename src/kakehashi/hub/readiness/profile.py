"""The profile: each answer beside the survey's, with its standing where one can be told and the reason where not."""

from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.hub.readiness.answers import Answers
from kakehashi.hub.readiness.national import Published, Standing, published, standing, whole
from kakehashi.hub.readiness.questionnaire import Part, parts, rule_value

ASKED_ACTOR, ASKED_HOME = "university", "JP"
ABROAD = ("international_only", "international_and_domestic")
NOT_ABROAD = ("domestic_only", "neither")


@dataclass(frozen=True)
class Line:
    """One answer of the profile.

    `given`: the weights of what was answered. `published`: the survey's shares. `same`: the share of the institutions
    asked that answered the same (for a group, the weighted mean), in [0, 1]. `standing`: where the answer stands.
    `incomparable`: why nothing is compared; `unplaced`: why there is no standing though shares are compared. Both are
    keys of texts under `readiness.reasons`.
    """

    part: Part
    given: Mapping[str, float]
    published: tuple[Published, ...]
    same: float | None
    standing: Standing | None
    incomparable: str | None
    unplaced: str | None

    @property
    def n(self) -> int | None:
        """How many answers the published shares rest on."""
        return self.published[0].n if self.published else None


def profile(answers: Answers) -> tuple[Line, ...]:
    """Return the profile of all parts that were answered, in the order of the questionnaire."""
    return tuple(_line(parts()[name], given, answers) for name, given in answers.given.items())


def _line(part: Part, given: Mapping[str, float], answers: Answers) -> Line:
    found = published(part)
    reason = _incomparable(part, found, answers)
    if reason is not None:
        return Line(part, given, found, None, None, reason, reason)
    place = standing(part, given)
    unplaced = None if place is not None else "no_direction" if part.question.kind == "each" else "unordered"
    return Line(part, given, found, _same(part, given, found), place, None, unplaced)


def _same(part: Part, given: Mapping[str, float], found: tuple[Published, ...]) -> float:
    shares = {one.answer: one.share for one in found}
    if part.question.kind == "each":
        shares = dict(whole(part) or {}) | shares
    return sum(shares.get(answer, 0.0) * weight for answer, weight in given.items()) / sum(given.values())


def _incomparable(part: Part, found: tuple[Published, ...], answers: Answers) -> str | None:
    if part.question.figure is None:
        return "not_asked"
    if answers.actor != ASKED_ACTOR:
        return "other_actor"
    if answers.home != ASKED_HOME:
        return "other_home"
    base = _outside(part, answers)
    if base is not None:
        return base
    if part.question.kind == "ranked" and part.item != "1":
        return "ranks_added"
    if not any(one.answer in answers.given[part.id] for one in found) and part.question.kind != "each":
        return "not_printed"
    if any(one.n is not None and one.n < rule_value("smallest_n") for one in found):
        return "too_few"
    return None


def _outside(part: Part, answers: Answers) -> str | None:
    """Say why an institution is not among those that the survey asked."""
    base = part.question.base
    if base == "all":
        return None
    if "participation" not in answers.given:
        return "base_unknown"
    if base == "abroad":
        return None if answers.weight("participation", *ABROAD) > 0 else "base_abroad"
    if not answers.weight("participation", *NOT_ABROAD):
        return "base_not_abroad"
    if base == "not_organised":
        if "why_not" not in answers.given:
            return "base_why_not_unknown"
        return None if answers.weight("why_not", "no_organisation") > 0 else "base_not_organised"
    return None
