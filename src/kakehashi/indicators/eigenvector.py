"""Eigenvector centrality on the largest component, verified by its residual."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import ArpackError, eigsh

from kakehashi.indicators.graph import Floats, Graph

# A whole matrix of so few nodes is multiplied in less time than a solver takes to begin.
_SMALL_NODES = 256
_SMALL_STEPS, _BETWEEN_CHECKS, _SMALL_RESIDUAL = 128, 8, 1e-14
# Below this many nodes the dense solver is quicker than starting the sparse one, and needs no iteration.
_DENSE_NODES = 50
_RESIDUAL = 1e-9
# Of the largest sum of a row, added to the diagonal: so the leading eigenvalue is the largest in size on bipartite
# graphs too.
_SHIFT = 0.1
_MAX_STEPS = 200_000


def eigenvector(graph: Graph) -> Floats:
    """Return the eigenvector centrality of each node, shape (n,): L2 norm 1 over the graph, no value below 0.

    The leading eigenvector of the weighted adjacency matrix (Bonacich 1972) is unique on a connected graph only, so it
    is taken on the component with most nodes (then most joint works, then the first in alphabetical order); all other
    nodes have 0. Values are NaN if no vector with a relative residual of 1e-9 was found.
    """
    scores = np.zeros(graph.nodes)
    if graph.edges == 0:
        return scores
    if graph.nodes <= _SMALL_NODES:
        found = _small(graph)
        if found is not None:
            return found
    inside, largest = graph.largest
    scores[inside] = _leading(largest.adjacency())
    return scores


def _small(graph: Graph) -> Floats | None:
    """Iterate on the whole matrix of a small graph; None where it is not connected or the iteration is slow."""
    matrix = np.zeros((graph.nodes, graph.nodes))
    matrix[graph.a, graph.b] = matrix[graph.b, graph.a] = graph.weights / graph.weights.max()
    reached, before = matrix[0] > 0, 0
    while (now := int(np.count_nonzero(reached))) > before:
        before, reached = now, matrix[reached].any(axis=0)
        reached[0] = True
    if before < graph.nodes:
        return None
    vector: Floats = matrix.sum(axis=1)
    shift = _SHIFT * float(vector.max())
    np.fill_diagonal(matrix, shift)
    for _ in range(0, _SMALL_STEPS, _BETWEEN_CHECKS):
        for _ in range(_BETWEEN_CHECKS):
            vector = matrix @ vector
        vector /= np.sqrt(vector @ vector)
        if _residual(matrix, vector, shift) <= _SMALL_RESIDUAL:
            return vector
    return None


def _leading(matrix: csr_array) -> Floats:
    """Return the non-negative unit eigenvector of the largest eigenvalue of a connected graph's matrix."""
    matrix.data /= matrix.data.max()
    start = np.full(matrix.shape[0], 1 / np.sqrt(matrix.shape[0]))
    vector = _dense(matrix) if matrix.shape[0] <= _DENSE_NODES else _sparse(matrix, start)
    # In exact arithmetic no entry is negative; rounding and a nearly double eigenvalue can make one.
    vector = np.abs(vector)
    if _residual(matrix, vector) > _RESIDUAL:
        vector = _power(matrix, start)
    return vector / np.linalg.norm(vector)


def _dense(matrix: csr_array) -> Floats:
    vectors: Floats = np.linalg.eigh(matrix.toarray())[1]
    return vectors[:, -1]


def _sparse(matrix: csr_array, start: Floats) -> Floats:
    try:
        vectors: Floats = eigsh(matrix, k=1, which="LA", v0=start, tol=0)[1]
    except ArpackError:
        return start
    return vectors[:, 0]


def _power(matrix: csr_array, vector: Floats) -> Floats:
    """Iterate on matrix + shift: see _SHIFT."""
    shift = _SHIFT * float(matrix.sum(axis=1).max())
    for step in range(_MAX_STEPS):
        vector = matrix @ vector + shift * vector
        vector /= np.linalg.norm(vector)
        if step % 50 == 0 and _residual(matrix, vector) <= _RESIDUAL:
            return vector
    return np.full(len(vector), np.nan)


def _residual(matrix: csr_array | Floats, vector: Floats, shift: float = 0) -> float:
    """Return |Av - lv| / l for the unit vector v and its Rayleigh quotient l; `matrix` is A with a shift."""
    image = matrix @ vector
    value = float(vector @ image)
    return float(np.linalg.norm(image - value * vector)) / (value - shift) if value > shift else float("inf")
