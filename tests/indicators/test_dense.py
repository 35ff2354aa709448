"""Betweenness of small graphs by whole matrices, beside networkx and NetworKit."""

import networkx as nx
import numpy as np
import pytest

from kakehashi.indicators import betweenness, dense
from kakehashi.indicators.graph import from_edges


def measured(drawn):
    return from_edges([(a, b, 1, 1.0) for a, b in drawn.edges])


def test_of_a_star_the_middle_lies_between_every_pair_of_leaves_both_ways():
    assert dense.dependencies(measured(nx.star_graph(4))).tolist() == [12, 0, 0, 0, 0]


def test_two_shortest_ways_share_a_pair():
    square = dense.dependencies(measured(nx.cycle_graph(4)))
    assert square.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("seed", range(12))
def test_whole_matrices_find_what_searches_find(seed):
    drawn = nx.gnm_random_graph(40 + seed, 30 + 12 * seed, seed=seed)  # the first ones fall into parts
    graph = measured(nx.convert_node_labels_to_integers(drawn, ordering="sorted"))
    expected = nx.betweenness_centrality(
        nx.Graph(zip(graph.a.tolist(), graph.b.tolist(), strict=True)), normalized=False
    )
    found = dense.dependencies(graph) / 2
    assert found == pytest.approx([expected[node] for node in range(graph.nodes)], rel=1e-12, abs=1e-12)
    assert found == pytest.approx(betweenness._brandes(graph), rel=1e-12, abs=1e-12)


def test_small_graphs_are_taken_as_whole_matrices(monkeypatch):
    asked = []
    monkeypatch.setattr(betweenness, "_brandes", lambda graph: asked.append(graph.nodes) or np.zeros(graph.nodes))
    for nodes in (dense.MOST_NODES, dense.MOST_NODES + 1):
        betweenness.exact(measured(nx.path_graph(nodes)), nodes)
    assert asked == [dense.MOST_NODES + 1]
