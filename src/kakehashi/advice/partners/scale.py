"""Raw values to 0..1 by their place among the candidates: one extreme value moves nobody else."""

import numpy as np

from kakehashi.advice.partners.pool import Floats
from kakehashi.advice.partners.rules import Scale


def scaled(values: Floats, scale: Scale) -> Floats:
    """Return each value's mid-rank among the candidates, in (0, 1); equal values get the same. NaN stays NaN.

    rank: a value of 0 stays 0, and the rank is among the values above 0. signed: among all values.
    """
    result = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    counted = known & (values > 0) if scale == "rank" else known
    result[known] = 0.0
    result[counted] = _mid_ranks(values[counted])
    return result


def position(value: Floats, among: Floats, scale: Scale) -> Floats:
    """Return where new values would stand among the candidates' own: the scale of `scaled`, held still."""
    known = among[~np.isnan(among)]
    ordered = np.sort(known[known > 0] if scale == "rank" else known)
    if not len(ordered):
        return np.zeros_like(value)
    below, upto = np.searchsorted(ordered, value, "left"), np.searchsorted(ordered, value, "right")
    placed: Floats = (below + upto) / (2.0 * len(ordered))
    return np.where(value > 0, placed, 0.0) if scale == "rank" else placed


def _mid_ranks(values: Floats) -> Floats:
    ordered = np.sort(np.round(values, 9))
    rounded = np.round(values, 9)
    below, upto = np.searchsorted(ordered, rounded, "left"), np.searchsorted(ordered, rounded, "right")
    ranks: Floats = (below + upto) / (2.0 * max(len(values), 1))
    return ranks
