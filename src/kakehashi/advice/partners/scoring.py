"""From components to one score: the weighted mean of what is known, its order, and each component's part in it."""

from dataclasses import dataclass

import numpy as np

from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats
from kakehashi.advice.partners.rules import components
from kakehashi.advice.partners.scale import scaled

_PLACES = 9


@dataclass(frozen=True)
class Scores:
    """Components in columns: `values` 0 to 1 or NaN, `weights` summing to 1 over the components that the study knows.

    `known` is the share of the weight that a candidate's score rests on.
    """

    components: tuple[str, ...]
    values: Floats
    weights: Floats
    score: Floats
    known: Floats


def score(measures: Measures, weights: dict[str, float]) -> Scores:
    """Score all candidates. A component that no candidate has takes no part: its weight is shared by the others."""
    used = tuple(name for name in components() if name in measures.raw and weights.get(name, 0.0) > 0)
    size = len(next(iter(measures.raw.values()))) if measures.raw else 0
    columns = [scaled(measures.raw[name], components()[name].scale) for name in used]
    values = np.array(columns).reshape(len(used), size).T
    raw = np.array([weights[name] for name in used])
    shares = raw / raw.sum() if len(used) else raw
    total, known = weighted(values, shares)
    return Scores(used, values, shares, total, known)


def weighted(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weighted mean over the values that are known, and the share of the weight they carry.

    An unknown value is neither for nor against: the mean is over the others.
    """
    present = ~np.isnan(values)
    known: Floats = present.astype(np.float64) @ weights
    total: Floats = np.where(present, values, 0.0) @ weights
    mean = np.divide(total, known, out=np.zeros_like(total), where=known > 0)
    return np.asarray(np.round(mean, _PLACES), dtype=np.float64), known


def order(scores: Floats, entities: tuple[str, ...], keep: np.ndarray) -> list[int]:
    """Return the places of the kept candidates, best first; equal scores in the order of their ids."""
    return sorted(np.flatnonzero(keep).tolist(), key=lambda place: (-scores[place], entities[place]))
