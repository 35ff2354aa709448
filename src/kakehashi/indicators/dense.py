"""Exact betweenness of small graphs by products of whole matrices: all sources at once, a level of the search each.

A network of countries has few nodes and many edges. There this takes a tenth of the time of a search by nodes.
"""

import numpy as np

from kakehashi.indicators.graph import Floats, Graph

MOST_NODES = 256
"""Beyond it products of whole matrices cost more than searches."""


def dependencies(graph: Graph) -> Floats:
    """Return the sum over ordered pairs of the share of their shortest paths that pass each node, shape (n,).

    Brandes' recursion (2001) with a row for each source. Counts of paths are whole and exact below 2^53.
    """
    adjacency = np.zeros((graph.nodes, graph.nodes))
    adjacency[graph.a, graph.b] = adjacency[graph.b, graph.a] = 1
    levels = [adjacency]  # those that a source reaches in one step, in two, ...
    found = adjacency + np.eye(graph.nodes)
    unseen = found == 0
    while True:
        arriving = levels[-1] @ adjacency
        arriving *= unseen
        if not arriving.any():
            break
        levels.append(arriving)
        found += arriving
        unseen = found == 0
    share = 1 / np.where(unseen, 1, found)
    depend = np.zeros_like(adjacency)
    for here, beyond in zip(levels[-2::-1], levels[:0:-1], strict=True):
        depend += here * (((beyond > 0) * share * (1 + depend)) @ adjacency)
    scores: Floats = depend.sum(axis=0)
    return scores
