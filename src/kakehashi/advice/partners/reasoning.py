"""Reasons for and against a candidate: what sets it apart from the others on the list, with numbers and evidence."""

from dataclasses import dataclass

import numpy as np

from kakehashi.advice.partners import sentences
from kakehashi.advice.partners.details import Details
from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Pool
from kakehashi.advice.partners.practices import Practices
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.rules import Rules
from kakehashi.advice.partners.scoring import Scores
from kakehashi.reasons import Reason, Stance

# Components that speak of one thing: of one group, a candidate gets reasons on one side only, and one each.
_GROUPS = {"recency": "ties", "country_ties": "national_ties", "bridge": "shared_partners", "specialisation": "topics"}
_LEAST = 0.02  # below the median by less than this is no difference


@dataclass(frozen=True)
class Standing:
    """Everything that reasons are made of. `listed` are the places of the listed candidates, best first."""

    question: Question
    rules: Rules
    pool: Pool
    measures: Measures
    scores: Scores
    listed: list[int]
    details: Details
    practices: Practices | None


def reasons(standing: Standing, place: int) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Return the reasons for and against one candidate, the weightiest first.

    A component is told where its value is at least `notable` above or below the median of the listed candidates,
    weighed by that distance times its weight. What is alike for all of them is no reason. Where nothing stands out in
    favour, the component that adds most to the score is told; where nothing does against, the one furthest below.
    """
    values = standing.scores.values
    middle = np.nanmedian(values[standing.listed], axis=0) if standing.listed else values[place]
    distance = values[place] - middle
    order = np.argsort(-np.abs(distance) * standing.scores.weights, kind="stable").tolist()
    taken: dict[str, Stance] = {}
    found: dict[Stance, list[Reason]] = {"for": [], "against": []}
    limits = {"for": standing.rules.reasons_for, "against": standing.rules.reasons_against}
    for column in order:
        if not abs(distance[column]) >= standing.rules.notable:  # also where it is unknown
            continue
        stance: Stance = "for" if distance[column] > 0 else "against"
        _add(standing, place, column, stance, found, taken, limits[stance])
    if not found["for"]:
        parts = np.nan_to_num(values[place]) * standing.scores.weights
        for column in np.argsort(-parts, kind="stable").tolist():
            if not found["for"]:
                _add(standing, place, column, "for", found, taken, 1)
    if not found["against"]:
        for column in order:
            if not found["against"] and -distance[column] >= _LEAST:
                _add(standing, place, column, "against", found, taken, 1)
    return tuple(found["for"]), tuple(found["against"])


def _add(
    standing: Standing, place: int, column: int, stance: Stance, found: dict[Stance, list[Reason]],
    taken: dict[str, Stance], limit: int,
) -> None:  # fmt: skip
    component = standing.scores.components[column]
    group = _GROUPS.get(component, component)
    if group in taken or len(found[stance]) >= limit:
        return
    reason = sentences.sentence(standing, place, component, stance)
    if reason is not None:
        found[stance].append(reason)
        taken[group] = stance
