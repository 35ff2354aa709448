"""What the first trees said of a candidate's neighbours: the second trees' further inputs."""

from collections.abc import Sequence

import numpy as np

from kakehashi.affiliations.linking.evidence import Candidate
from kakehashi.affiliations.linking.joins import Numbers, spread
from kakehashi.affiliations.linking.model import NEIGHBOURS, Floats

PAIRS = 200_000
"""Pairs of candidates that are looked at together: memory stays bounded."""

MOST = 3
"""More than so many better candidates of a stretch are counted as so many."""

LONGER = 4_096
"""More than the words of a part, and more than the parts of a string: two numbers make one that orders alike."""


def neighbours(weighed: Sequence[Sequence[Candidate]], first: Floats) -> Floats:
    """Return what the first trees said of the neighbours of each string's candidates (see model.NEIGHBOURS)."""
    where = np.array([one[:5] for candidates in weighed for one in candidates], np.int64).reshape(-1, 5)
    return around(where[:, :4], where[:, 4], np.array([len(one) for one in weighed], np.int64), first)


def around(edges: Numbers, organisation: Numbers, sizes: Numbers, first: Floats) -> Floats:
    """Return the same of candidates given as columns: their edges, their organisations, and how many a string has."""
    begin, end = edges[:, 0] * LONGER + edges[:, 1], edges[:, 2] * LONGER + edges[:, 3]
    own, starts = np.repeat(sizes, sizes), np.repeat(np.cumsum(sizes) - sizes, sizes)
    out = np.zeros((len(edges), len(NEIGHBOURS)))
    pairs = np.cumsum(own)
    for low in range(0, int(pairs[-1]) if len(pairs) else 0, PAIRS):
        rows = np.flatnonzero((pairs > low) & (pairs <= low + PAIRS))
        if len(rows):
            out[rows] = _around(rows, *spread(starts[rows], own[rows]), begin, end, organisation, first)
    out[:, 0] = first
    return out


def _around(
    rows: Numbers, which: Numbers, other: Numbers, begin: Numbers, end: Numbers, organisation: Numbers, first: Floats
) -> Floats:
    """Return NEIGHBOURS of the rows, given each row's pairs: its position in `rows`, and the other candidate."""
    one = rows[which]
    same = organisation[one] == organisation[other]  # so is the candidate itself
    equal = ~same & (begin[one] == begin[other]) & (end[one] == end[other])
    touching = ~same & (begin[other] < end[one]) & (begin[one] < end[other])
    holding = touching & ~equal & (begin[other] <= begin[one]) & (end[one] <= end[other])
    starts = np.searchsorted(which, np.arange(len(rows)))
    score = first[other]
    best = [
        np.maximum.reduceat(np.where(flags, score, 0.0), starts)
        for flags in (touching, ~same & ~touching, holding, same & (one != other))
    ]
    better = np.add.reduceat((equal & (score > first[one])).astype(np.int64), starts)
    return np.stack([first[rows], *best, np.minimum(better, MOST)], axis=1)
