"""Estimated betweenness with a bound on each error that holds for all nodes at once."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from kakehashi.indicators.graph import Floats, Graph, Ints
from kakehashi.indicators.multisource import TURN
from kakehashi.indicators.ordering import by_distance

# Pairs are dealt to this many heaps, each summed in order by one thread, and the heaps are summed in order: the number
# of threads changes no bit.
_HEAPS = 16
_PILOT = 4_096
_MARGIN, _SMALLEST_STEP = 1.03, 1.15


@dataclass(frozen=True)
class Estimate:
    """Means and error bounds of each node, shape (n,): shares of the pairs of nodes. pairs: how many were drawn."""

    means: Floats
    bounds: Floats
    pairs: int


def estimated(graph: Graph, error: float, confidence: float, seed: int, threads: int | None = None) -> Estimate:
    """Return for a connected graph the mean share of shortest paths that pass each node, over pairs of other nodes.

    With probability `confidence` every mean is within its bound, and no bound is above `error`: the bound of Maurer and
    Pontil (2009, COLT), from the variance that was met. A first, small round that is then thrown away says how many
    pairs that takes and how the probability of failure is best divided among the nodes. The rounds that follow, mostly
    one, may fail with half of it, a quarter and so on.
    """
    number, adjacency = by_distance(graph.nodes, graph.a, graph.b)
    pilot = _variances(*next(_drawer(number, adjacency, seed, threads))(_PILOT), _PILOT)
    draw = _drawer(number, adjacency, seed + 1, threads)
    pairs, variance, failure = 0, pilot, 1 - confidence
    while True:
        failure /= 2
        logs = np.log(4 / _divided(failure, pilot))
        pairs = int(max(_MARGIN * _needed(variance, logs, error), _SMALLEST_STEP * pairs)) + 1
        sums, squares = next(draw)(pairs)
        variance = _variances(sums, squares, pairs)
        bounds = np.sqrt(2 * variance * logs / pairs) + 7 * logs / (3 * (pairs - 1))
        if bounds.max() <= error:
            return Estimate(sums / pairs, bounds, pairs)


def _needed(variance: Floats, logs: Floats, error: float) -> float:
    """Return the number of pairs for which every bound would be `error` if variances stay what they are."""
    root = (np.sqrt(2 * variance * logs) + np.sqrt(2 * variance * logs + 4 * error * 7 * logs / 3)) / (2 * error)
    return float((root**2).max()) + 1


def _divided(failure: float, variance: Floats) -> Floats:
    """Return the part of a probability of failure that each node may use; they sum to it at most.

    A bound grows with variance x log(4 / part), so that the hub of a graph, which decides how many pairs are needed, is
    given most of it: parts of 4 exp(-c / variance) make all bounds alike. A tenth is kept for all nodes equally.
    """
    kept = failure / 10
    safe = np.maximum(variance, 1e-12)
    low, high = 0.0, float(safe.max()) * np.log(8 * len(safe) / failure)
    while high - low > 1e-6 * high:  # at `high` the parts are never too large
        middle = (low + high) / 2
        low, high = (low, middle) if 4 * np.exp(-middle / safe).sum() <= failure - kept else (middle, high)
    parts: Floats = 4 * np.exp(-high / safe) + kept / len(safe)
    return parts


def _variances(sums: Floats, squares: Floats, pairs: int) -> Floats:
    return np.maximum(squares - sums * sums / pairs, 0.0) / (pairs - 1)


def _drawer(
    number: Ints, adjacency: csr_array, seed: int, threads: int | None
) -> Iterator[Callable[[int], tuple[Floats, Floats]]]:
    """Yield, again and again, a function from a total number of pairs to their sums and sums of squares."""
    from kakehashi.indicators import paths

    n = len(number)
    ptr, adj = adjacency.indptr.astype(np.int32), adjacency.indices.astype(np.int32)
    sums, squares = np.zeros((_HEAPS, n)), np.zeros((_HEAPS, n))
    start = np.uint64(seed * 0x632BE59BD9B4E019 % 2**64)
    workers = threads or os.cpu_count() or 1
    spaces: list[Any] = [paths.workspace(n, len(adj)) for _ in range(workers)]
    done = 0

    def work(worker: int, until: int) -> None:
        for heap in range(worker, _HEAPS, workers):
            first = done + (heap - done) % _HEAPS
            paths.run(ptr, adj, start, first, until, _HEAPS, spaces[worker], sums[heap], squares[heap])

    def upto(until: int) -> tuple[Floats, Floats]:
        nonlocal done
        with TURN, ThreadPoolExecutor(workers) as pool:
            list(pool.map(work, range(workers), [until] * workers))
        done = until
        return sums.sum(axis=0)[number], squares.sum(axis=0)[number]

    while True:
        yield upto
