"""The keyword tree of appendix 2: minimum spanning forest of co-occurrence, roots, depths and clusters.

Keywords are the integers 0 … n-1 in alphabetical order, so "alphabetical" and "lower number" are the same thing here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

Ints = npt.NDArray[np.int64]

CLUSTER_SIZE = 10
"""A keyword heads a cluster of its own once this many keywords, itself included, hang together under it."""


@dataclass(frozen=True)
class Tree:
    """A forest over n keywords; every array has length n.

    parent: -1 at a root. joint_works: joint works with the parent, 0 at a root. depth: links to the root.
    cluster: number of the cluster, from 1, the cluster whose head has most works first. order: keywords so that a
    parent comes before its children.
    """

    parent: Ints
    joint_works: Ints
    depth: Ints
    cluster: Ints
    order: Ints


def build(works: Ints, a: Ints, b: Ints, joint_works: Ints) -> Tree:
    """Build the tree from the works of each keyword and the joint works of each pair a < b.

    The cost of a pair is 1 / joint works. Equal costs are settled by a, then b, so exactly one minimum spanning forest
    is the answer whatever the order of the pairs. Each component hangs from its keyword with most works, the first in
    alphabetical order among equals.
    """
    links = _spanning_links(len(works), a, b, joint_works)
    parent, order = _orient(works, a[links], b[links])
    depth = np.zeros(len(works), dtype=np.int64)
    for node in order:
        if parent[node] >= 0:
            depth[node] = depth[parent[node]] + 1
    to_parent = np.zeros(len(works), dtype=np.int64)
    child = np.where(parent[a[links]] == b[links], a[links], b[links])
    to_parent[child] = joint_works[links]
    return Tree(parent, to_parent, depth, _clusters(works, parent, order), order)


def _spanning_links(n: int, a: Ints, b: Ints, joint_works: Ints) -> Ints:
    """Return the positions of the pairs in the minimum spanning forest.

    The weight of a pair is its rank by (cost, a, b): ranks are unique, which makes the forest unique.
    """
    by_cost = np.lexsort((b, a, -joint_works))
    rank = np.empty(len(a), dtype=np.float64)
    rank[by_cost] = np.arange(1, len(a) + 1)
    forest = minimum_spanning_tree(coo_array((rank, (a, b)), shape=(n, n)).tocsr())
    kept = np.sort(forest.data.astype(np.int64)) - 1
    return by_cost[kept].astype(np.int64)


def _orient(works: Ints, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Return each keyword's parent (-1 at roots) and an order in which parents come first.

    One search serves all components: it starts at an extra node that is linked to every root.
    """
    n = len(works)
    _, component = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(n, n)).tocsr(), directed=False)
    first = np.lexsort((np.arange(n), -works, component))
    roots = first[np.unique(component[first], return_index=True)[1]]
    start = np.concatenate([a, roots])
    end = np.concatenate([b, np.full(len(roots), n)])
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(n + 1, n + 1)).tocsr()
    order, before = breadth_first_order(graph, n, directed=False)
    parent = before[:n].astype(np.int64)
    parent[parent == n] = -1
    return parent, order[1:].astype(np.int64)


def _clusters(works: Ints, parent: Ints, order: Ints) -> Ints:
    """Number the clusters cut from the tree.

    From the leaves upwards, a keyword becomes the head of a cluster once it and the keywords below it that are in no
    cluster yet number CLUSTER_SIZE; a root heads what is left. Cutting the costliest links instead peels off single
    leaves, because the costs of links to leaves are the highest; here each cluster is a connected piece
    under a broad keyword, the piece that one person can look at and label by its head.
    """
    open_below = np.ones(len(parent), dtype=np.int64)
    head = parent < 0
    for node in order[::-1]:
        if open_below[node] >= CLUSTER_SIZE:
            head[node] = True
        if not head[node]:
            open_below[parent[node]] += open_below[node]
    heads = np.flatnonzero(head)
    heads = heads[np.lexsort((heads, -works[heads]))]
    cluster = np.zeros(len(parent), dtype=np.int64)
    cluster[heads] = np.arange(1, len(heads) + 1)
    for node in order:
        if cluster[node] == 0:
            cluster[node] = cluster[parent[node]]
    return cluster
