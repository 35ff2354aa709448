"""A smaller graph with the same betweenness: trees folded into where they hang, and equal nodes taken as one.

Both are exact. In co-authorship graphs much is of this kind: a work's institutions that appear on no other work have
the same partners, and one that has a single partner hangs from it.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from kakehashi.indicators.graph import Floats, Ints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reduced:
    """What is left to search.

    a, b: (m,) ends of each edge, each edge once. weights: (n,) how many nodes of the original graph are reached where
    this one is: those that hang from it and those equal to it count. copies: (n,) how many equal nodes it stands for.
    places: (original n,) the node that stands for each original one, -1 if it was folded. scores: (original n,) the
    sum over ordered pairs of the share of shortest paths that is known already; what a search finds is added to it.
    """

    a: Ints
    b: Ints
    weights: Floats
    copies: Floats
    places: Ints
    scores: Floats

    @property
    def nodes(self) -> int:
        """Number of nodes left."""
        return len(self.weights)


def reduced(nodes: int, a: Ints, b: Ints, components: Ints) -> Reduced:
    """Reduce a simple undirected graph. `components`: (nodes,) the number of each node's component."""
    start = Reduced(a, b, np.ones(nodes), np.ones(nodes), np.arange(nodes), np.zeros(nodes))
    return _merged(_merged(_folded(start, components), closed=True), closed=False)


def _folded(graph: Reduced, components: Ints) -> Reduced:
    """Fold nodes with one neighbour into it, again and again, so that no tree is left hanging.

    Any path from below a folded node to elsewhere passes it, so what it lies between is a matter of counting (Baglioni
    et al. 2012, ASONAM; Sariyuce et al. 2013, SDM).
    """
    a, b = graph.a, graph.b
    below, scores = graph.weights.copy(), graph.scores.copy()
    alive = np.ones(graph.nodes, dtype=bool)
    while True:
        degree = np.bincount(np.concatenate([a, b]), minlength=graph.nodes)
        leaf_a, leaf_b = degree[a] == 1, degree[b] == 1
        # Of a pair that is left alone the second folds into the first.
        child = np.where(leaf_b, b, a)[leaf_a | leaf_b]
        parent = np.where(leaf_b, a, b)[leaf_a | leaf_b]
        if not len(child):
            break
        # Between the branches that meet at a parent, this round's and the earlier ones: (total^2 - sum of squares) for
        # pairs of this round, and twice the product with what hung there before.
        branch, squares = np.zeros(graph.nodes), np.zeros(graph.nodes)
        np.add.at(branch, parent, below[child])
        np.add.at(squares, parent, below[child] ** 2)
        scores += branch**2 - squares + 2 * branch * (below - 1)
        below += branch
        alive[child] = False
        kept = ~(leaf_a | leaf_b)
        a, b = a[kept], b[kept]
    size = np.bincount(components, minlength=1)[components] if graph.nodes else np.zeros(0)
    scores += 2 * (below - 1) * (size - below)
    left = alive & (np.bincount(np.concatenate([a, b]), minlength=graph.nodes) > 0)
    places = np.where(left, np.cumsum(left) - 1, -1)
    return Reduced(places[a], places[b], below[left], np.ones(int(left.sum())), places, scores)


def _merged(graph: Reduced, *, closed: bool) -> Reduced:
    """Take nodes with the same neighbours as one: neighbours of each other (closed) or not.

    From a third node, equal nodes are reached by as many paths and lie between equally much; and no shortest path from
    one of them passes another. Only the pairs of two that are not neighbours must be counted here: their paths pass
    each common neighbour once.
    """
    n = graph.nodes
    leader = _leaders(graph, closed=closed)
    if n == 0 or bool((leader == np.arange(n)).all()):
        return graph
    scores = graph.scores.copy()
    weights = np.bincount(leader, weights=graph.weights, minlength=n)
    copies = np.bincount(leader, weights=graph.copies, minlength=n)
    kept = (leader[graph.a] == graph.a) & (leader[graph.b] == graph.b)
    a, b = graph.a[kept], graph.b[kept]
    if not closed:
        pairs = weights**2 - np.bincount(leader, weights=graph.weights**2, minlength=n)
        around = np.bincount(a, weights=copies[b], minlength=n) + np.bincount(b, weights=copies[a], minlength=n)
        share = np.divide(pairs, around, out=np.zeros(n), where=around > 0)
        between = np.bincount(a, weights=share[b], minlength=n) + np.bincount(b, weights=share[a], minlength=n)
        known = graph.places >= 0
        scores[known] += between[leader[graph.places[known]]]
    standing = leader == np.arange(n)
    number = np.cumsum(standing) - 1
    places = np.where(graph.places >= 0, number[leader[graph.places]], -1)
    return replace(
        graph,
        a=number[a],
        b=number[b],
        weights=weights[standing],
        copies=copies[standing],
        places=places,
        scores=scores,
    )


def _leaders(graph: Reduced, *, closed: bool) -> Ints:
    """Return the lowest of the nodes equal to each node.

    Sums of random words per neighbour find candidates; their neighbours are then compared, as words can collide.
    """
    n = graph.nodes
    words = np.random.default_rng(1).integers(0, 2**63, n, dtype=np.uint64)
    sums = words.copy() if closed else np.zeros(n, np.uint64)
    np.add.at(sums, graph.a, words[graph.b])
    np.add.at(sums, graph.b, words[graph.a])
    # A node that stands for several neighbours of each other cannot stand for some that are not, too.
    sums = np.where(graph.copies > 1, words, sums) if not closed else sums
    _, first, group = np.unique(sums, return_index=True, return_inverse=True)
    leader = first[group].astype(np.int64)
    doubtful = np.flatnonzero(leader != np.arange(n))
    alike = _same_rows(graph, doubtful, leader[doubtful], closed=closed)
    leader[doubtful[~alike]] = doubtful[~alike]
    return leader


def _same_rows(graph: Reduced, one: Ints, other: Ints, *, closed: bool) -> Bools:
    """Tell for each pair of nodes whether their neighbours, in the closed case with themselves, are the same."""
    n = graph.nodes
    itself = np.arange(n) if closed else np.zeros(0, np.int64)
    rows = coo_array(
        (
            np.ones(2 * len(graph.a) + len(itself), np.int8),
            (np.concatenate([graph.a, graph.b, itself]), np.concatenate([graph.b, graph.a, itself])),
        ),
        shape=(n, n),
    ).tocsr()
    return np.asarray(abs(rows[one] - rows[other]).sum(axis=1) == 0).ravel()
