"""Exact betweenness of large graphs: reduce, number like nodes side by side, search from 32 or 64 sources at once."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from scipy.sparse import csr_array

from kakehashi.indicators.graph import Floats, Graph, Ints
from kakehashi.indicators.ordering import by_partners
from kakehashi.indicators.reduction import Reduced, reduced
from kakehashi.settings import Precision

# Batches are dealt to this many heaps, each summed in order by one thread, and the heaps are summed in order: the
# number of threads changes no bit.
_HEAPS = 16

# Memory for the rows of all threads; one thread is always allowed.
_MOST_BYTES = 3 * 2**30
_BYTES_PER_NODE = 3 * 256 + 64

# Sources are drawn in runs of this many neighbours, as a search from all of them takes them.
_TOGETHER = 64
# How many sources single precision is compared with double on, and the margin for those that are not compared.
_COMPARED, _MARGIN = 4 * _TOGETHER, 10
# No difference on those is no proof of none on others: one rounding of a float is always allowed for.
_ROUNDING = float(np.finfo(np.float32).eps)
_PRECISIONS: tuple[Precision, Precision] = ("single", "double")

# One graph at a time: it takes every core, and as much memory as that needs.
TURN = threading.Lock()


def available() -> bool:
    """Tell whether Numba is installed: `pip install 'kakehashi[fast]'`."""
    return find_spec("numba") is not None


@dataclass(frozen=True)
class Prepared:
    """A graph reduced and numbered: `number` (n,) of each node of `reduced`, the adjacency in that numbering."""

    reduced: Reduced
    number: Ints
    adjacency: csr_array

    def scores(self, found: Floats) -> Floats:
        """Return the scores of the graph's own nodes from what searches found, by number."""
        scores = self.reduced.scores.copy()
        left = self.reduced.places >= 0
        scores[left] += found[self.number][self.reduced.places[left]]
        return scores


def dependencies(graph: Graph, threads: int | None = None) -> Floats:
    """Return the sum over ordered pairs of the share of their shortest paths that pass each node, shape (n,).

    In double precision: counts of paths are sums of positive terms, so the relative error is at most about
    2 x levels x largest degree x 2^-53. Values are NaN where a pair has more shortest paths than a double holds.
    `threads` (None: one for each core) changes time and memory (0.8 KiB for each node and thread), not the result.
    """
    work = prepared(graph)
    return work.scores(searched(work, threads))


def single(graph: Graph, threads: int | None = None) -> tuple[Floats, float]:
    """Return `dependencies` in single precision, in about two thirds of the time, and a bound on their relative error.

    The bound is measured, as what can be proved of so many sums is far from what happens: ten times the largest
    relative difference between both precisions over the searches from 256 sources, spread over the graph. NaN where a
    pair has more shortest paths than single precision holds.
    """
    work = prepared(graph)
    some = spread(work.reduced.nodes, _COMPARED)
    found, true = (searched(work, threads, some, precision) for precision in _PRECISIONS)
    differences = np.abs(found - true)[true > 0] / true[true > 0]
    bound = _MARGIN * float(differences.max(initial=_ROUNDING))
    return work.scores(searched(work, threads, precision="single")), bound


def prepared(graph: Graph) -> Prepared:
    """Reduce a graph and number what is left, like nodes side by side."""
    small = reduced(graph.nodes, graph.a, graph.b, graph.components)
    return Prepared(small, *by_partners(small.nodes, small.a, small.b))


def spread(nodes: int, sources: int) -> Ints:
    """Return at least so many sources, or all: runs of neighbours that are spread evenly over the numbers of nodes."""
    runs = min(-(-sources // _TOGETHER), -(-nodes // _TOGETHER))
    starts = np.linspace(0, max(nodes - _TOGETHER, 0), runs).astype(np.int64)
    return np.unique(np.minimum(starts[:, None] + np.arange(_TOGETHER), nodes - 1))


def searched(
    work: Prepared, threads: int | None = None, sources: Ints | None = None, precision: Precision = "double"
) -> Floats:
    """Return by number what searches from all nodes find, or from some of them, shape (n,)."""
    from kakehashi.indicators import kernel, rows

    n = work.reduced.nodes
    order = np.argsort(work.number)
    weights, copies = work.reduced.weights[order], work.reduced.copies[order]
    ptr, adj = work.adjacency.indptr.astype(np.int64), work.adjacency.indices.astype(np.int32)
    chosen = (np.arange(n) if sources is None else sources).astype(np.int32)
    strength = weights[chosen]
    heaps = np.zeros((_HEAPS, n))

    def search(heap: int) -> None:
        space = kernel.workspace(n, precision)
        kernel.run(ptr, adj, copies, weights, chosen, strength, heap, _HEAPS, space, heaps[heap])

    with TURN, ThreadPoolExecutor(threads or _threads(n)) as pool:
        list(pool.map(search, range(min(_HEAPS, -(-len(chosen) // rows.lanes(precision))))))
    return np.asarray(heaps.sum(axis=0))


def _threads(nodes: int) -> int:
    affordable = _MOST_BYTES // (_BYTES_PER_NODE * max(nodes, 1))
    return int(max(1, min(os.cpu_count() or 1, _HEAPS, affordable)))
