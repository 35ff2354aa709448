"""Raw values to 0..1 against the other candidates, by logarithm or by rank: one extreme value moves nobody far."""

import numpy as np

from kakehashi.advice.partners.pool import Floats
from kakehashi.advice.partners.rules import Scale

_PLACES = 9  # values that differ by less are the same value, computed in another order


def scaled(values: Floats, scale: Scale) -> Floats:
    """Return each value on the scale of all of them, in [0, 1]. NaN stays NaN.

    log: ln(1 + x/m) / ln(1 + max/m), m the median of the values above 0. rank: the mid-rank, equal values alike.
    """
    return position(values, values, scale)


def position(values: Floats, among: Floats, scale: Scale) -> Floats:
    """Return where values stand on the scale that other values span, in [0, 1]. NaN stays NaN."""
    known = np.round(among[~np.isnan(among)], _PLACES)
    placed = _logs(values, known) if scale == "log" else _ranks(values, known)
    return np.where(np.isnan(values), np.nan, np.round(placed, _PLACES))


def _logs(values: Floats, known: Floats) -> Floats:
    above = known[known > 0]
    if not len(above):
        return np.zeros(len(values))
    middle = float(np.median(above))
    logs: Floats = np.log1p(np.maximum(values, 0.0) / middle) / np.log1p(float(above.max()) / middle)
    return np.minimum(logs, 1.0)


def _ranks(values: Floats, known: Floats) -> Floats:
    ordered, rounded = np.sort(known), np.round(values, _PLACES)
    below, upto = np.searchsorted(ordered, rounded, "left"), np.searchsorted(ordered, rounded, "right")
    ranks: Floats = (below + upto) / (2.0 * max(len(ordered), 1))
    return ranks
