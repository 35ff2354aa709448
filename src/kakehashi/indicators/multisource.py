"""Exact betweenness of large graphs: reduce, number neighbours close together, search from 32 sources at once."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from kakehashi.indicators.graph import Floats, Graph, Ints
from kakehashi.indicators.reduction import Reduced, reduced

# Batches are dealt to this many heaps, each summed in order by one thread, and the heaps are summed in order: the
# number of threads changes no bit.
_HEAPS = 16

# Memory for the rows of all threads; one thread is always allowed.
_MOST_BYTES = 3 * 2**30
_BYTES_PER_NODE = 32 * 3 * 8 + 64

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


def dependencies(graph: Graph, threads: int | None = None) -> Floats:
    """Return the sum over ordered pairs of the share of their shortest paths that pass each node, shape (n,).

    In double precision: counts of paths are sums of positive terms, so the relative error is at most about
    2 x levels x largest degree x 2^-53. Values are NaN where a pair has more shortest paths than a double holds.
    `threads` (None: one for each core) changes time and memory (0.8 KiB for each node and thread), not the result.
    """
    work = prepared(graph)
    found = searched(work, threads)[work.number]
    scores = work.reduced.scores.copy()
    left = work.reduced.places >= 0
    scores[left] += found[work.reduced.places[left]]
    return scores


def prepared(graph: Graph) -> Prepared:
    """Reduce a graph and number what is left in the order of a breadth-first search."""
    small = reduced(graph.nodes, graph.a, graph.b, graph.components)
    return Prepared(small, *numbered(small.nodes, small.a, small.b))


def searched(work: Prepared, threads: int | None = None, every: int = 1) -> Floats:
    """Return by number what searches from all nodes find, or from one batch in `every`, shape (n,)."""
    from kakehashi.indicators import kernel, rows

    n = work.reduced.nodes
    order = np.argsort(work.number)
    weights, copies = work.reduced.weights[order], work.reduced.copies[order]
    ptr, adj = work.adjacency.indptr.astype(np.int64), work.adjacency.indices.astype(np.int32)
    sources = np.arange(n, dtype=np.int32)
    heaps = np.zeros((_HEAPS, n))

    def search(heap: int) -> None:
        space = kernel.workspace(n)
        kernel.run(ptr, adj, copies, weights, sources, weights, heap * every, _HEAPS * every, space, heaps[heap])

    with TURN, ThreadPoolExecutor(threads or _threads(n)) as pool:
        list(pool.map(search, range(min(_HEAPS, -(-n // (rows.LANES * every))))))
    return np.asarray(heaps.sum(axis=0))


def _threads(nodes: int) -> int:
    affordable = _MOST_BYTES // (_BYTES_PER_NODE * max(nodes, 1))
    return int(max(1, min(os.cpu_count() or 1, _HEAPS, affordable)))


def numbered(n: int, a: Ints, b: Ints) -> tuple[Ints, csr_array]:
    """Number nodes in breadth-first order from the hub of each component, the largest component first.

    Returns the number of each node, shape (n,), and the adjacency in that numbering. Rows of neighbours then share
    lines of the cache, and the sources of a batch share most of their levels.
    """
    adjacency = adjacency_of(n, a, b)
    if n == 0:
        return np.zeros(0, np.int64), adjacency
    degree = np.diff(adjacency.indptr)
    order = _reached(adjacency, int(degree.argmax()))
    if len(order) < n:  # not connected, as most graphs are that are not a part of another
        component = connected_components(adjacency, directed=False)[1]
        hub = int(np.lexsort((-degree, -np.bincount(component)[component]))[0])
        rest = np.flatnonzero(component != component[hub])
        order = np.concatenate([_reached(adjacency, hub), rest[np.argsort(component[rest], kind="stable")]])
    number = np.empty(n, np.int64)
    number[order] = np.arange(n)
    return number, adjacency_of(n, number[a], number[b])


def _reached(adjacency: csr_array, start: int) -> Ints:
    """Return the nodes that a breadth-first search reaches, in its order. A symmetric matrix needs no other half."""
    return breadth_first_order(adjacency, start, directed=True, return_predecessors=False).astype(np.int64)


def adjacency_of(n: int, a: Ints, b: Ints) -> csr_array:
    """Return the symmetric pattern of edges, shape (n, n)."""
    ends = np.concatenate([a, b]), np.concatenate([b, a])
    return coo_array((np.ones(2 * len(a), np.int8), ends), shape=(n, n)).tocsr()
