"""Estimated betweenness: within its bounds of the exact one, and the same with any number of threads."""

import networkx as nx
import numpy as np
import pytest

from kakehashi.indicators import betweenness, multisource
from kakehashi.indicators.betweenness import Sampling, estimate, exact
from kakehashi.indicators.graph import from_edges
from kakehashi.indicators.sampling import estimated

pytestmark = pytest.mark.skipif(not multisource.available(), reason="Numba is not installed (extra fast)")


def connected(nodes, seed):
    drawn = nx.connected_watts_strogatz_graph(nodes, 4, 0.3, seed=seed)
    drawn.add_edges_from((0, node) for node in range(1, nodes, 3))  # a hub
    return from_edges([(a, b, 1, 1.0) for a, b in drawn.edges])


@pytest.fixture(scope="module")
def graph():
    return connected(150, 3)


def test_every_score_of_a_hundred_seeds_is_within_its_bound_of_the_exact_one(graph):
    truth = multisource.dependencies(graph) / (graph.nodes * (graph.nodes - 1))
    inside = 0
    for seed in range(100):
        found = estimated(graph, 0.02, 0.95, seed)
        assert found.bounds.max() <= 0.02
        inside += bool((abs(found.means - truth) <= found.bounds).all())
    assert inside >= 95


def test_a_closer_bound_takes_more_pairs_and_comes_closer(graph):
    truth = multisource.dependencies(graph) / (graph.nodes * (graph.nodes - 1))
    coarse, fine = (estimated(graph, error, 0.95, 1) for error in (0.02, 0.004))
    assert fine.pairs > 4 * coarse.pairs
    assert abs(fine.means - truth).max() < abs(coarse.means - truth).max()


def test_the_number_of_threads_changes_no_bit_and_the_seed_does(graph):
    one, three = (estimated(graph, 0.02, 0.95, 5, threads) for threads in (1, 3))
    assert one.pairs == three.pairs
    assert (one.means == three.means).all()
    assert (one.bounds == three.bounds).all()
    assert (estimated(graph, 0.02, 0.95, 6).means != one.means).any()


def test_a_pair_gives_each_node_between_its_share_of_the_shortest_paths():
    # Opposite corners of a square have two shortest paths: each node lies between one pair in six, by half.
    square = from_edges([(0, 1, 1, 1.0), (1, 2, 1, 1.0), (2, 3, 1, 1.0), (0, 3, 1, 1.0)])
    found = estimated(square, 0.01, 0.99, 1)
    assert found.means == pytest.approx(np.full(4, 1 / 12), abs=0.01)


def test_large_graphs_are_estimated_by_the_kernel_with_a_bound_for_each_node(monkeypatch):
    monkeypatch.setattr(betweenness, "_KERNEL_FROM", 0)
    ring = connected(60, 1)
    parts = from_edges(
        [(int(a), int(b), 1, 1.0) for a, b in zip(ring.a, ring.b, strict=True)] + [(60, 61, 1, 1.0), (61, 62, 1, 1.0)]
    )
    found, truth = estimate(parts, 70, Sampling(0.01, 0.95, 1)), exact(parts, 70)
    bounds = np.nan_to_num(found.errors)
    assert bounds.max() <= 0.01
    assert len(set(bounds.tolist())) > 10
    assert (abs(found.scores - truth.scores) <= bounds + 1e-12).all()
    assert np.isnan(found.errors[60:]).all()
