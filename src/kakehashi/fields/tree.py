"""The keyword tree: the plain one of appendix 2 of the 2023 study, and others that measure better (docs/benchmarks.md).

Keywords are the integers 0 … n-1 in alphabetical order, so "alphabetical" and "lower number" are the same thing here.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from kakehashi.errors import SettingsError

Ints = npt.NDArray[np.int64]
Integers = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

CLUSTER_SIZE = 10
"""A keyword heads a cluster of its own once this many keywords, itself included, hang together under it."""

AT_ONCE = 1 << 22
"""Pairs that are looked at in one go: a large corpus has a hundred million, and every array of all of them counts."""


@dataclass(frozen=True)
class Tree:
    """A forest over n keywords; every array has length n.

    parent: -1 at a root. joint_works: joint works with the parent, 0 at a root. cost: of the link to the parent, by the
    method's own measure; not a number at a root and where the link is one of words. depth: links to the root.
    cluster: number of the cluster, from 1, the cluster whose head has most works first. order: keywords so that a
    parent comes before its children.
    """

    parent: Ints
    joint_works: Ints
    cost: Floats
    depth: Ints
    cluster: Ints
    order: Ints


def build(
    works: Ints, a: Integers, b: Integers, joint_works: Integers, method: str = "plain", keywords: Sequence[str] = ()
) -> Tree:
    """Build the tree from the works of each keyword and the joint works of each pair a < b.

    plain: the minimum spanning forest for the cost 1 / joint works, as in appendix 2. association: the same for 1 /
    association strength (van Eck & Waltman 2009). likelihood: for the log-likelihood ratio of the pair (Dunning 1993),
    the highest first. conditional: each keyword hangs from the broader one, that of more works, with the highest
    P(broad | narrow). directed: likewise, for (joint works - 1) / (works of the narrow x sqrt(works of the broad)), so
    that one joint work is no sign and a keyword that is everywhere is nobody's parent just for that. compound: a
    keyword of several words hangs from the longest keyword that it ends with, others as in directed; this needs
    `keywords`.

    Equal costs are settled by a, then b, so exactly one forest is the answer whatever the order of the pairs. In the
    spanning methods each component hangs from its keyword with most works, the first in alphabetical order among
    equals. Raises SettingsError for an unknown method.
    """
    measure, cost = _COSTS[checked(method)], np.empty(len(a))
    for some in slices(len(a)):
        cost[some] = measure(works, a[some], b[some], joint_works[some])
    if method in _SPANNING:
        links = _spanning_links(len(works), a, b, cost)
        parent, order = _orient(works, a[links], b[links])
    else:
        parent = _broader(works, a, b, cost)
        if method == "compound":
            parent = _endings(keywords, parent)
        order = _from_roots(parent)
    depth, above = [0] * len(works), parent.tolist()
    for node in order.tolist():
        if above[node] >= 0:
            depth[node] = depth[above[node]] + 1
    to_parent = np.zeros(len(works), dtype=np.int64)
    link_cost = np.full(len(works), np.nan)
    for some in slices(len(a)):
        for child, other in ((a[some], b[some]), (b[some], a[some])):
            found = parent[child] == other
            to_parent[child[found]] = joint_works[some][found]
            link_cost[child[found]] = cost[some][found]
    depths = np.array(depth, dtype=np.int64)
    return Tree(parent, to_parent, link_cost, depths, _clusters(works, parent, order), order)


def slices(size: int) -> Iterator[slice]:
    """Yield the stretches of so many pairs that are looked at in one go."""
    return (slice(begin, begin + AT_ONCE) for begin in range(0, size, AT_ONCE))


def checked(method: str) -> str:
    """Return the name of a method. Raises SettingsError for one that is not known."""
    if method not in METHODS:
        near = difflib.get_close_matches(method, METHODS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(METHODS)}"
        raise SettingsError(f"fields.tree_method: unknown method {method!r}; {hint}")
    return method


def _likelihood(works: Ints, a: Integers, b: Integers, joint_works: Integers) -> Floats:
    """Return the negative of the part of the log-likelihood ratio that joint works above chance make."""
    total = float(max(works.sum(), 1))
    expected = works[a] * works[b] / total
    gain: Floats = joint_works * np.log(joint_works / expected) - (joint_works - expected)
    return -2.0 * gain


def _directed(works: Ints, a: Integers, b: Integers, joint_works: Integers) -> Floats:
    one, other = works[a], works[b]
    narrow, broad = np.minimum(one, other), np.maximum(one, other)
    score: Floats = np.maximum(joint_works - 1, 0.01) / (narrow * np.sqrt(broad))
    return -score


_COSTS: Mapping[str, Callable[[Ints, Integers, Integers, Integers], Floats]] = MappingProxyType(
    {
        "plain": lambda _works, _a, _b, joint: 1.0 / joint,
        "association": lambda works, a, b, joint: works[a] * works[b] / joint,
        "likelihood": _likelihood,
        "conditional": lambda works, a, b, joint: -joint / np.minimum(works[a], works[b]),
        "directed": _directed,
        "compound": _directed,
    }
)
METHODS = tuple(_COSTS)
_SPANNING = frozenset({"plain", "association", "likelihood"})


def _broader(works: Ints, a: Integers, b: Integers, cost: Floats) -> Ints:
    """Hang each keyword from the broader one that costs least: one of more works, or of as many and earlier."""
    least = np.full(len(works), np.inf)
    for some in slices(len(a)):
        np.minimum.at(least, _ends(works, a[some], b[some])[1], cost[some])
    cheapest = []  # few: to sort all pairs takes many times as long
    for some in slices(len(a)):
        ends = np.array(_ends(works, a[some], b[some]), dtype=np.int64)
        cheapest.append(ends[:, cost[some] == least[ends[1]]])
    broad, narrow = np.concatenate([np.empty((2, 0), np.int64), *cheapest], axis=1)
    order = np.lexsort((broad, -works[broad], narrow))
    best = order[np.unique(narrow[order], return_index=True)[1]]
    parent = np.full(len(works), -1, dtype=np.int64)
    parent[narrow[best]] = broad[best]
    return parent


def _ends(works: Ints, a: Integers, b: Integers) -> tuple[Integers, Integers]:
    """Return of each pair the broader keyword and the narrower one."""
    one, other = works[a], works[b]
    first = (one > other) | ((one == other) & (a < b))
    return np.where(first, a, b), np.where(first, b, a)


def _endings(keywords: Sequence[str], parent: Ints) -> Ints:
    """Hang each keyword of several words from the longest other that it ends with.

    What ends in `learning` is a kind of learning, whatever it occurs with. Where the ending itself hangs from a keyword
    below it, a circle would close; it is cut.
    """
    place = {keyword: number for number, keyword in enumerate(keywords)}
    hung = parent.tolist()
    for number, keyword in enumerate(keywords):
        _, _, ending = keyword.partition(" ")
        while ending and ending not in place:
            _, _, ending = ending.partition(" ")
        if ending:
            hung[number] = place[ending]
    state = [0] * len(hung)  # 1: on the way up from here, 2: known to lead to a root
    for number in range(len(hung)):
        way, node = [], number
        while node >= 0 and state[node] == 0:
            state[node] = 1
            way.append(node)
            node = hung[node]
        if node >= 0 and state[node] == 1:
            circle = way[way.index(node) :]
            hung[min(circle, key=lambda one: (len(keywords[one].split()), one))] = -1
        for node in way:
            state[node] = 2
    return np.array(hung, dtype=np.int64)


def _from_roots(parent: Ints) -> Ints:
    """Return the keywords in an order in which parents come first."""
    depth = np.zeros(len(parent), dtype=np.int64)
    above = parent.copy()
    while (above >= 0).any():
        depth[above >= 0] += 1
        above = np.where(above >= 0, parent[above], -1)
    return np.lexsort((np.arange(len(parent)), depth)).astype(np.int64)


def _spanning_links(n: int, a: Integers, b: Integers, cost: Floats) -> Ints:
    """Return the positions of the pairs in the minimum spanning forest.

    The weight of a pair is its rank by (cost, a, b): ranks are unique, which makes the forest unique.
    """
    by_cost = np.lexsort((b, a, cost))
    rank = np.empty(len(a), dtype=np.float64)
    rank[by_cost] = np.arange(1, len(a) + 1)
    forest = minimum_spanning_tree(coo_array((rank, (a, b)), shape=(n, n)).tocsr())
    kept = np.sort(forest.data.astype(np.int64)) - 1
    return by_cost[kept].astype(np.int64)


def _orient(works: Ints, a: Integers, b: Integers) -> tuple[Ints, Ints]:
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
    open_below, above = [1] * len(parent), parent.tolist()
    head = [node < 0 for node in above]
    for node in order[::-1].tolist():
        if open_below[node] >= CLUSTER_SIZE:
            head[node] = True
        if not head[node]:
            open_below[above[node]] += open_below[node]
    heads = np.flatnonzero(head)
    heads = heads[np.lexsort((heads, -works[heads]))]
    numbers = np.zeros(len(parent), dtype=np.int64)
    numbers[heads] = np.arange(1, len(heads) + 1)
    cluster = numbers.tolist()
    for node in order.tolist():
        if cluster[node] == 0:
            cluster[node] = cluster[above[node]]
    return np.array(cluster, dtype=np.int64)
