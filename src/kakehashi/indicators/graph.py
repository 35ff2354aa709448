"""A co-authorship graph as arrays: the nodes that have a partner, numbered from 0, and each edge once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Graph:
    """An undirected graph without loops or isolated nodes.

    labels: (n,) the caller's number of each node, ascending. a, b: (m,) the ends of each edge as places in `labels`,
    a < b, in ascending order. works: (m,) joint works. weights: (m,) strength of the tie, for the eigenvector; it is
    never a distance.
    """

    labels: Ints
    a: Ints
    b: Ints
    works: Ints
    weights: Floats

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.labels)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.a)

    def degrees(self) -> Ints:
        """Return the number of distinct partners of each node, shape (n,)."""
        return np.bincount(np.concatenate([self.a, self.b]), minlength=self.nodes).astype(np.int64)

    def adjacency(self) -> csr_array:
        """Return the symmetric weighted adjacency matrix, shape (n, n), in double precision.

        Doubles hold every count exactly; narrow integers would overflow (a pair with 256 works would vanish in int8).
        """
        begins = np.searchsorted(self.a, np.arange(self.nodes + 1))  # edges are in order: half the matrix stands there
        upper = csr_array((self.weights, self.b, begins), shape=(self.nodes, self.nodes))
        return upper + upper.T.tocsr()

    @cached_property
    def components(self) -> Ints:
        """The component number of each node, shape (n,); numbers are in order of their first node."""
        pattern = coo_array((np.ones(self.edges), (self.a, self.b)), shape=(self.nodes, self.nodes))
        numbers = connected_components(pattern, directed=False)[1].astype(np.int64)
        _, first = np.unique(numbers, return_index=True)
        order = np.empty(len(first), dtype=np.int64)
        order[np.argsort(first)] = np.arange(len(first))
        return order[numbers]

    @cached_property
    def largest(self) -> "tuple[npt.NDArray[np.bool_], Graph]":
        """The nodes of the largest component, a mark for each, shape (n,), and the subgraph on them.

        The largest has most nodes, then most joint works, then comes first in alphabetical order.
        """
        nodes = np.bincount(self.components)
        works = np.bincount(self.components[self.a], weights=self.works, minlength=len(nodes))
        # Components are numbered by their first node, and labels are alphabetical: the last tie-break.
        inside = self.components == int(np.lexsort((np.arange(len(nodes)), -works, -nodes))[0])
        return inside, self if len(nodes) == 1 else self.part(inside)

    def part(self, keep: npt.NDArray[np.bool_]) -> "Graph":
        """Return the subgraph on the nodes marked in `keep`, shape (n,): a union of components."""
        places = np.cumsum(keep) - 1
        kept = keep[self.a]
        ends = places[self.a[kept]], places[self.b[kept]]
        return Graph(self.labels[keep], *ends, self.works[kept], self.weights[kept])


def from_edges(rows: Sequence[tuple[int, int, int, float]]) -> Graph:
    """Build a graph from rows (node, node, joint works, weight), each pair once, in any order."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return from_columns(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3])


def from_columns(node_a: Ints, node_b: Ints, works: Ints | Floats, weights: Floats) -> Graph:
    """Build a graph from its edges, an array for each column: each pair once, in any order."""
    low, high = np.minimum(node_a, node_b), np.maximum(node_a, node_b)
    there = np.zeros(int(high.max(initial=-1)) + 1, dtype=bool)
    there[low] = there[high] = True
    labels = np.flatnonzero(there).astype(np.int64)
    place = np.cumsum(there) - 1
    a, b = place[low], place[high]
    key = a * len(labels) + b
    if (key[1:] <= key[:-1]).any():
        order = np.argsort(key)
        a, b, works, weights = a[order], b[order], works[order], weights[order]
    return Graph(labels, a, b, works.astype(np.int64), np.asarray(weights, dtype=np.float64))
