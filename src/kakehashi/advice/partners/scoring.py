"""From components to one score: the weighted mean of the values, and the order that it gives."""

from dataclasses import dataclass

import numpy as np

from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats
from kakehashi.advice.partners.rules import components
from kakehashi.advice.partners.scale import scaled
from kakehashi.errors import SettingsError

_PLACES = 9


@dataclass(frozen=True)
class Scores:
    """Components in columns: `values` 0 to 1 or NaN, `weights` summing to 1 over the components that the study knows.

    `filled` are the values with the median of the candidates for what is unknown of one. `known` is the share of the
    weight that is known of a candidate.
    """

    components: tuple[str, ...]
    values: Floats
    filled: Floats
    weights: Floats
    score: Floats
    known: Floats


def score(measures: Measures, weights: dict[str, float]) -> Scores:
    """Score all candidates. A component that no candidate has takes no part: its weight is shared by the others.

    What is unknown of one candidate is neither for nor against it: it counts as the middle candidate's.
    Raises SettingsError where no component is left.
    """
    used = tuple(name for name in components() if name in measures.raw and weights.get(name, 0.0) > 0)
    if not used:
        raise SettingsError("goals: this study has none of the components that they weigh; choose another goal")
    values = np.column_stack([scaled(measures.raw[name], components()[name].scale) for name in used])
    raw = np.array([weights[name] for name in used])
    shares = raw / raw.sum()
    present = ~np.isnan(values)
    filled = np.where(present, values, np.nanmedian(values, axis=0))
    known = np.round(present.astype(np.float64) @ shares, _PLACES)
    return Scores(used, values, filled, shares, weighted(filled, shares), known)


def weighted(values: Floats, weights: Floats) -> Floats:
    """Return the weighted mean of each row."""
    return np.asarray(np.round(values @ weights / weights.sum(), _PLACES), dtype=np.float64)


def order(scores: Floats, entities: tuple[str, ...], keep: np.ndarray) -> list[int]:
    """Return the places of the kept candidates, best first; equal scores in the order of their ids."""
    return sorted(np.flatnonzero(keep).tolist(), key=lambda place: (-scores[place], entities[place]))
