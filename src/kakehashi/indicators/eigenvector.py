"""Eigenvector centrality on the largest component, verified by its residual."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import ArpackError, eigsh

from kakehashi.indicators.graph import Floats, Graph

# Below this many nodes the dense solver is quicker than starting the sparse one, and needs no iteration.
_DENSE_NODES = 50
_RESIDUAL = 1e-9
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
    inside, largest = graph.largest
    scores[inside] = _leading(largest.adjacency())
    return scores


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
    """Iterate on matrix + shift. The shift makes the leading eigenvalue the largest in size on bipartite graphs too."""
    shift = 0.1 * float(matrix.sum(axis=1).max())
    for step in range(_MAX_STEPS):
        vector = matrix @ vector + shift * vector
        vector /= np.linalg.norm(vector)
        if step % 50 == 0 and _residual(matrix, vector) <= _RESIDUAL:
            return vector
    return np.full(len(vector), np.nan)


def _residual(matrix: csr_array, vector: Floats) -> float:
    """Return |Av - lv| / l for the unit vector v and its Rayleigh quotient l."""
    image = matrix @ vector
    value = float(vector @ image)
    return float(np.linalg.norm(image - value * vector)) / value if value > 0 else float("inf")
