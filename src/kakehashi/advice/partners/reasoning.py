"""Reasons for and against a candidate: what sets it apart from the others on the list, with numbers and evidence."""

from dataclasses import dataclass

import numpy as np

from kakehashi.advice.partners import sentences
from kakehashi.advice.partners.details import Details
from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.practices import Practices
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.rules import Rules
from kakehashi.advice.partners.scoring import Scores
from kakehashi.reasons import Reason, Stance

# Components that speak of one thing: of one group, a candidate gets reasons on one side only, and one each.
_GROUPS = {"recency": "ties", "country_ties": "national_ties", "bridge": "shared_partners", "specialisation": "topics"}
_LEAST = 0.02  # from the median by less than this is no difference
_AT_LEAST = {"for": 2, "against": 1}


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
    weighed by that distance times its weight. What is alike for all of them is no reason. Where that gives fewer than
    two in favour or none against, smaller distances are told too; and what adds most to the score where nothing is
    above the median. A candidate may still have no reason on one side.
    """
    values, weights = standing.scores.values, standing.scores.weights
    middle = _middle(values[standing.listed]) if standing.listed else values[place]
    distance = np.nan_to_num(values[place] - middle)  # what is unknown is at no distance
    order = np.argsort(-np.abs(distance) * weights, kind="stable").tolist()
    limits = {"for": standing.rules.reasons_for, "against": standing.rules.reasons_against}
    taken: dict[str, Stance] = {}
    found: dict[Stance, list[Reason]] = {"for": [], "against": []}
    for least, most in ((standing.rules.notable, limits), (_LEAST, _AT_LEAST)):
        for column in order:
            stance: Stance = "for" if distance[column] > 0 else "against"
            if abs(distance[column]) >= least:
                _add(standing, place, column, stance, found, taken, most[stance])
    adds = np.nan_to_num(values[place]) * weights
    for column in np.argsort(-adds, kind="stable").tolist():
        if not found["for"] and distance[column] >= 0 and adds[column] > 0:
            _add(standing, place, column, "for", found, taken, 1)
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


def _middle(values: Floats) -> Floats:
    """Return the median of each component over the listed candidates, NaN where none of them has a value."""
    known = [column[~np.isnan(column)] for column in values.T]
    return np.array([float(np.median(column)) if len(column) else np.nan for column in known])
