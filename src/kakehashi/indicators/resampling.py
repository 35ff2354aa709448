"""Ranks over resampled works: each work counts as often as a Poisson draw of mean 1 says (Poisson bootstrap).

Works that have the same of the entities looked at are drawn as one: the sum of n draws of mean 1 is a draw of mean n.
So millions of works become some ten thousand sets, and nothing is approximated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from kakehashi.indicators.graph import Floats, Ints

CONFIDENCE = 0.95
"""The part of the resamples whose ranks lie within an interval."""

_NUMBERS_AT_ONCE = 4_000_000
_DIGITS = 9  # values that are equal on paper are equal here: sums are taken in another order than the study's
_STEPS = 500
_CLOSE = 1e-10


@dataclass(frozen=True)
class Sets:
    """Works by what they have of some entities.

    places, sets, amounts: (k,) an entity, a set that has it, and how much of a work of that set is the entity's. works:
    (s,) how many works each set stands for.
    """

    places: Ints
    sets: Ints
    amounts: Floats
    works: Ints

    @property
    def sizes(self) -> Ints:
        """Return the number of entities of each set, shape (s,)."""
        return np.bincount(self.sets, minlength=len(self.works)).astype(np.int64)


def pooled(works: Ints, places: Ints, amounts: Floats) -> Sets:
    """Take works that have the same as one set. Sets are numbered by what they hold, whatever the works are called.

    works, places, amounts: (k,) a work, one of its entities (each once), and how much of the work is the entity's.
    """
    different, kind = np.unique(amounts, return_inverse=True)
    held = places * len(different) + kind
    order = np.lexsort((held, works))
    works, held = works[order], held[order]
    begins = np.flatnonzero(np.diff(works, prepend=-1))
    own = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(works)))
    depth = np.arange(len(works)) - begins[own]
    # A trie: what works hold first, then second, ... is turned into the number of the branch that they are on.
    branch, branches = np.zeros(len(begins), dtype=np.int64), 1
    span = int(held.max(initial=0)) + 1
    ends = np.cumsum(np.bincount(depth))[:-1]
    for level in np.split(np.argsort(depth, kind="stable"), ends):
        keys, place = np.unique(branch[own[level]] * span + held[level], return_inverse=True)
        branch[own[level]] = branches + place
        branches += len(keys)
    _, first, counts = np.unique(branch, return_index=True, return_counts=True)
    set_of = np.full(len(begins), -1)
    set_of[first] = np.arange(len(first))
    kept = np.flatnonzero(set_of[own] >= 0)
    kept = kept[np.argsort(set_of[own[kept]], kind="stable")]
    held, sets = held[kept], set_of[own[kept]]
    return Sets(held // len(different), sets, different[held % len(different)], counts.astype(np.int64))


def tied(sets: Sets, largest: int, counting: Literal["full", "fractional"]) -> Sets:
    """Return the sets of two to `largest` entities, each amount the weight that a work gives a tie: 1, or 1/(n-1)."""
    sizes = sets.sizes
    kept = (sizes > 1) & (sizes <= largest)
    rows = kept[sets.sets]
    number = (np.cumsum(kept) - 1)[sets.sets[rows]]
    amounts = 1 / (sizes[kept][number] - 1.0) if counting == "fractional" else np.ones(len(number))
    return Sets(sets.places[rows], number, amounts, sets.works[kept])


def by_amount(sets: Sets, leading: int, size: int, draws: int, seed: list[int]) -> tuple[Ints, Ints]:
    """Return the least and greatest rank of entities 0 to `leading` - 1 by the sum of their amounts, among `size`."""
    owned = csr_array((sets.amounts, (sets.places, sets.sets)), shape=(size, len(sets.works)))
    found = [ranks(np.asarray(owned @ weights), leading) for weights in _weights(sets.works, draws, seed)]
    return _bounds(found, leading)


def by_eigenvector(sets: Sets, start: Floats, leading: int, draws: int, seed: list[int]) -> tuple[Ints, Ints]:
    """Return the least and greatest rank of the `leading` by eigenvector centrality in the network of all entities.

    sets: those of `tied`. start: (n,) the centralities in the study itself. leading: how many are looked at. A network
    that a resample leaves in parts is taken whole: what is not in the part of the largest eigenvalue goes to 0.
    """
    a, b, of_set, share = _pairs(sets)
    size = len(start)
    pair, number = np.unique(a * size + b, return_inverse=True)
    ties = csr_array((share, (number, of_set)), shape=(len(pair), len(sets.works)))
    a, b = pair // size, pair % size
    found = []
    for weights in _weights(sets.works, draws, seed, least=size * size):
        tied = np.asarray(ties @ weights).T
        matrices = np.zeros((tied.shape[0], size, size))
        matrices[:, a, b] = matrices[:, b, a] = tied
        found.append(ranks(_leading(matrices, start).T, leading))
    return _bounds(found, leading)


def ranks(values: Floats, leading: int) -> Ints:
    """Return 1 + the number of rows with a greater value, (columns, leading), of the first rows of each column."""
    values = np.round(values, _DIGITS)
    chosen = values[:leading]
    ordered = np.sort(values, axis=0)
    found = [
        1 + len(values) - np.searchsorted(ordered[:, column], chosen[:, column], side="right")
        for column in range(values.shape[1])
    ]
    return np.array(found, dtype=np.int64).reshape(-1, len(chosen))


def _weights(works: Ints, draws: int, seed: list[int], least: int = 1) -> Iterator[Floats]:
    """Yield how often the works of each set count, for as many resamples at a time as memory should hold."""
    random = np.random.default_rng(seed)
    at_once = max(1, _NUMBERS_AT_ONCE // max(len(works), least))
    for first in range(0, draws, at_once):
        many = min(at_once, draws - first)
        yield random.poisson(works[:, None], (len(works), many)).astype(np.float64)


def _bounds(found: list[Ints], leading: int) -> tuple[Ints, Ints]:
    """Return the ranks between which `CONFIDENCE` of the resamples lie, as many below as above."""
    if not found or not leading:
        return np.zeros(leading, dtype=np.int64), np.zeros(leading, dtype=np.int64)
    outside = (1 - CONFIDENCE) / 2
    low, high = np.quantile(np.concatenate(found), [outside, 1 - outside], axis=0, method="inverted_cdf")
    return low.astype(np.int64), high.astype(np.int64)


def _pairs(sets: Sets) -> tuple[Ints, Ints, Ints, Floats]:
    """Return the pairs of each set: two entities (the lower first), the set, and the weight it gives the pair."""
    sizes = sets.sizes
    begins = np.cumsum(sizes) - sizes
    columns: list[tuple[Ints, Ints, Ints, Floats]] = []
    for size in np.unique(sizes[sizes > 1]).tolist():
        those = np.flatnonzero(sizes == size)
        one, other = np.triu_indices(size, 1)
        ends = [sets.places[begins[those][:, None] + side].ravel() for side in (one, other)]
        share = np.repeat(sets.amounts[begins[those]], len(one))
        columns.append((np.minimum(*ends), np.maximum(*ends), np.repeat(those, len(one)), share))
    if not columns:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing, np.zeros(0)
    a, b, of_set, weights = (np.concatenate(column) for column in zip(*columns, strict=True))
    return a, b, of_set, weights


def _leading(matrices: Floats, start: Floats) -> Floats:
    """Return the leading eigenvector of each symmetric matrix, (draws, n): the powers of matrix + shift from `start`.

    The shift makes the leading eigenvalue the largest in size on bipartite networks too.
    """
    shift = 0.1 * matrices.sum(axis=2).max(axis=1)[:, None]
    vectors = np.tile(start + 1e-6, (len(matrices), 1))
    for _ in range(_STEPS):
        powers = np.matmul(matrices, vectors[:, :, None])[:, :, 0] + shift * vectors
        norms = np.linalg.norm(powers, axis=1)[:, None]
        powers /= np.where(norms > 0, norms, 1)
        moved = np.abs(powers - vectors).max(initial=0)
        vectors = powers
        if moved < _CLOSE:
            break
    return vectors
