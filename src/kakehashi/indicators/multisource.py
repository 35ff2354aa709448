"""Exact betweenness of large graphs: reduce, number nodes so that neighbours lie close, search from 32 sources at once."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
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
_TURN = threading.Lock()


def available() -> bool:
    """Tell whether Numba is installed: `pip install 'kakehashi[fast]'`."""
    return find_spec("numba") is not None


def dependencies(graph: Graph, threads: int | None = None) -> Floats:
    """Return the sum over ordered pairs of the share of their shortest paths that pass each node, shape (n,).

    In double precision: counts of paths are sums of positive terms, so the relative error is at most about
    2 x levels x largest degree x 2^-53. Values are NaN where a pair has more shortest paths than a double holds.
    `threads` (None: one for each core) changes time and memory (0.8 KiB for each node and thread), not the result.
    """
    from kakehashi.indicators import kernel

    small = reduced(graph.nodes, graph.a, graph.b, graph.components())
    number, adjacency = _numbered(small)
    order = np.argsort(number)
    weights, copies = small.weights[order], small.copies[order]
    ptr, adj = adjacency.indptr.astype(np.int64), adjacency.indices.astype(np.int32)
    sources = np.arange(small.nodes, dtype=np.int32)
    heaps = np.zeros((_HEAPS, small.nodes))

    def search(heap: int) -> None:
        work = kernel.workspace(small.nodes)
        kernel.run(ptr, adj, copies, weights, sources, weights, heap, _HEAPS, work, heaps[heap])

    with _TURN, ThreadPoolExecutor(threads or _threads(small.nodes)) as pool:
        list(pool.map(search, range(min(_HEAPS, -(-small.nodes // kernel.LANES)))))
    found = heaps.sum(axis=0)[number]
    scores = small.scores.copy()
    searched = small.places >= 0
    scores[searched] += found[small.places[searched]]
    return scores


def _threads(nodes: int) -> int:
    affordable = _MOST_BYTES // (_BYTES_PER_NODE * max(nodes, 1))
    return int(max(1, min(os.cpu_count() or 1, _HEAPS, affordable)))


def _numbered(graph: Reduced) -> tuple[Ints, csr_array]:
    """Number nodes in breadth-first order from the hub of each component, the largest component first.

    Returns the number of each node, shape (n,), and the adjacency in that numbering. Rows of neighbours then share
    lines of the cache, and the sources of a batch share most of their levels.
    """
    n = graph.nodes
    adjacency = _adjacency(n, graph.a, graph.b)
    if n == 0:
        return np.zeros(0, np.int64), adjacency
    component = connected_components(adjacency, directed=False)[1]
    degree = np.diff(adjacency.indptr)
    hub = int(np.lexsort((-degree, -np.bincount(component)[component]))[0])
    first = breadth_first_order(adjacency, hub, directed=False, return_predecessors=False)
    rest = np.flatnonzero(component != component[hub])
    rest = rest[np.argsort(component[rest], kind="stable")]
    number = np.empty(n, np.int64)
    number[np.concatenate([first, rest])] = np.arange(n)
    return number, _adjacency(n, number[graph.a], number[graph.b])


def _adjacency(n: int, a: Ints, b: Ints) -> csr_array:
    ends = np.concatenate([a, b]), np.concatenate([b, a])
    return coo_array((np.ones(2 * len(a), np.int8), ends), shape=(n, n)).tocsr()
