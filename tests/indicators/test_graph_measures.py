"""Degree, betweenness and eigenvector centrality against values worked out by hand and against networkx."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pytest

from kakehashi.indicators import eigenvector as eigenvector_module
from kakehashi.indicators.betweenness import Sampling, estimate, exact
from kakehashi.indicators.eigenvector import eigenvector
from kakehashi.indicators.graph import Graph, from_edges


def graph(*edges):
    """Build a graph from pairs or (a, b, works)."""
    return from_edges([(e[0], e[1], e[2] if len(e) > 2 else 1, float(e[2] if len(e) > 2 else 1)) for e in edges])


def complete(n, start=0):
    return list(itertools.combinations(range(start, start + n), 2))


STAR = [(0, leaf) for leaf in range(1, 6)]
PATH = [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_in_a_star_the_middle_lies_between_all_pairs():
    assert exact(graph(*STAR), 6).scores.tolist() == [1.0, 0, 0, 0, 0, 0]


def test_in_a_star_the_middle_has_half_of_the_squared_eigenvector():
    expected = [np.sqrt(1 / 2)] + [np.sqrt(1 / 10)] * 5
    assert eigenvector(graph(*STAR)) == pytest.approx(expected, abs=1e-12)


def test_on_a_path_of_five_betweenness_is_three_four_three_sixths():
    assert exact(graph(*PATH), 5).scores == pytest.approx([0, 3 / 6, 4 / 6, 3 / 6, 0])


def test_on_a_path_of_five_the_eigenvector_is_a_sine():
    expected = np.sin(np.pi * np.arange(1, 6) / 6) / np.sqrt(3)
    assert eigenvector(graph(*PATH)) == pytest.approx(expected, abs=1e-12)


def test_in_a_complete_graph_nobody_lies_between_and_all_are_equal():
    measured = graph(*complete(4))
    assert exact(measured, 4).scores.tolist() == [0, 0, 0, 0]
    assert eigenvector(measured) == pytest.approx([0.5] * 4, abs=1e-12)
    assert measured.degrees().tolist() == [3, 3, 3, 3]


def test_a_bipartite_graph_does_not_swing_between_its_two_sides():
    two_by_three = [(a, b) for a in (0, 1) for b in (2, 3, 4)]
    assert eigenvector(graph(*two_by_three)) == pytest.approx([0.5, 0.5] + [np.sqrt(1 / 6)] * 3, abs=1e-12)


def test_the_power_iteration_alone_also_solves_a_bipartite_graph():
    matrix = graph(*STAR).adjacency()
    found = eigenvector_module._power(matrix, np.full(6, 6**-0.5))
    assert found == pytest.approx([np.sqrt(1 / 2)] + [np.sqrt(1 / 10)] * 5, abs=1e-8)


@pytest.mark.parametrize(("nodes", "share"), [(3, 1.0), (56, 0.1), (150, 0.25), (256, 0.05)])
def test_the_whole_matrix_of_a_small_graph_leads_to_the_vector_that_the_solver_finds(nodes, share):
    drawn = nx.gnp_random_graph(nodes, share, seed=2)
    graph = from_edges([(a, b, 1 + (a * b) % 7, 1.0 + (a * b) % 7) for a, b in drawn.edges])
    found = eigenvector_module._small(graph)
    assert found is not None
    assert found == pytest.approx(eigenvector_module._leading(graph.adjacency()), abs=1e-12)


def test_two_components_and_a_slow_iteration_are_left_to_the_solver():
    assert eigenvector_module._small(from_edges([(0, 1, 1, 1.0), (2, 3, 1, 1.0)])) is None
    path = from_edges([(node, node + 1, 1, 1.0) for node in range(200)])
    assert eigenvector_module._small(path) is None
    assert eigenvector(path) == pytest.approx(np.sin(np.arange(1, 202) * np.pi / 202) / np.sqrt(101), abs=1e-9)


def test_the_eigenvector_is_zero_outside_the_largest_component():
    measured = graph(*complete(3), (10, 11, 900))
    assert eigenvector(measured) == pytest.approx([3**-0.5] * 3 + [0, 0], abs=1e-12)


def test_of_two_components_with_equal_nodes_the_one_with_more_works_counts():
    assert eigenvector(graph((0, 1, 1), (2, 3, 2))) == pytest.approx([0, 0, 0.5**0.5, 0.5**0.5])


def test_of_two_equal_components_the_first_in_order_counts():
    assert eigenvector(graph((2, 3, 2), (0, 1, 2))) == pytest.approx([0.5**0.5, 0.5**0.5, 0, 0])


def test_a_graph_without_edges_has_no_scores():
    empty = from_edges([])
    assert eigenvector(empty).tolist() == []
    assert exact(empty, 7).scores.tolist() == []
    assert estimate(empty, 7, Sampling(0.1, 0.9, 1)).scores.tolist() == []


def test_entities_without_a_partner_widen_what_betweenness_is_divided_by():
    assert exact(graph((0, 1), (1, 2)), 5).scores == pytest.approx([0, 1 / 6, 0])


def test_a_pair_with_300_joint_works_does_not_vanish():
    measured = graph((0, 1, 300), (1, 2, 256), (0, 2, 1))
    assert measured.adjacency().toarray().tolist() == [[0, 300, 1], [300, 0, 256], [1, 256, 0]]
    assert eigenvector(measured)[1] > 0.7


def test_a_strong_tie_raises_the_eigenvector_and_leaves_betweenness_alone():
    weak, strong = graph((0, 1), (1, 2), (2, 3), (3, 0)), graph((0, 1, 50), (1, 2), (2, 3), (3, 0))
    assert eigenvector(strong)[0] > eigenvector(weak)[0]
    assert exact(strong, 4).scores.tolist() == exact(weak, 4).scores.tolist()


def test_the_order_of_edges_and_of_their_ends_changes_no_byte():
    edges = [(int(a), int(b), int(a * b % 7 + 1)) for a, b in nx.gnm_random_graph(60, 150, seed=3).edges]
    turned = [(b, a, w) for a, b, w in reversed(edges)]
    assert eigenvector(graph(*edges)).tobytes() == eigenvector(graph(*turned)).tobytes()
    assert exact(graph(*edges), 60).scores.tobytes() == exact(graph(*turned), 60).scores.tobytes()


def random_graph(seed):
    """A weighted random graph, usually in several components and with isolates; the size decides the solver."""
    nodes, edges = [(12, 10), (40, 45), (120, 200), (400, 500), (900, 2000)][seed % 5]
    drawn = nx.gnm_random_graph(nodes, edges, seed=seed)
    rng = np.random.default_rng(seed)
    for a, b in drawn.edges:
        drawn[a][b]["weight"] = int(rng.integers(1, 400))
    return drawn


@pytest.mark.parametrize("seed", range(10))
def test_measures_agree_with_networkx_on_random_graphs(seed):
    drawn = random_graph(seed)
    measured = graph(*[(a, b, w) for a, b, w in drawn.edges(data="weight")])
    labels = measured.labels.tolist()
    assert measured.degrees().tolist() == [drawn.degree(node) for node in labels]
    oracle = nx.betweenness_centrality(drawn, normalized=True)
    assert exact(measured, len(drawn)).scores == pytest.approx([oracle[node] for node in labels], abs=1e-9)
    assert all(oracle[node] == 0 for node in set(drawn) - set(labels))
    assert eigenvector(measured) == pytest.approx(dense_oracle(drawn, labels), abs=1e-9)


def dense_oracle(drawn, labels):
    largest = sorted(max(nx.connected_components(drawn), key=len))
    vector = np.abs(np.linalg.eigh(nx.to_numpy_array(drawn, nodelist=largest))[1][:, -1])
    scores = dict(zip(largest, vector, strict=True))
    return [scores.get(node, 0.0) for node in labels]


def test_an_estimate_keeps_its_bound_and_is_exact_where_it_says_so():
    drawn = nx.gnm_random_graph(300, 420, seed=4)
    measured = graph(*drawn.edges)
    truth = exact(measured, 300).scores
    found = estimate(measured, 300, Sampling(0.02, 0.95, 7))
    sampled = ~np.isnan(found.errors)
    assert sampled.any()
    assert not sampled.all()
    assert np.abs(found.scores - truth)[sampled].max() <= 0.02
    assert found.scores[~sampled].tolist() == truth[~sampled].tolist()
    assert np.nanmax(found.errors) <= 0.02


def test_an_estimate_is_on_the_scale_of_the_exact_value():
    measured = graph(*[(0, leaf) for leaf in range(1, 40)])
    assert estimate(measured, 40, Sampling(0.02, 0.95, 7)).scores[0] == pytest.approx(1.0, abs=0.02)
    assert estimate(measured, 80, Sampling(0.02, 0.95, 7)).scores[0] == pytest.approx(39 * 38 / (79 * 78), abs=0.02)


def test_a_complete_graph_needs_no_estimate():
    found = estimate(graph(*complete(6), (7, 8), (8, 9)), 10, Sampling(0.02, 0.95, 7))
    assert found.scores == pytest.approx([0] * 6 + [0, 1 / 36, 0])
    assert np.isnan(found.errors).all()


def test_an_estimate_is_the_same_in_any_thread():
    measured = graph(*nx.gnm_random_graph(200, 300, seed=9).edges)
    sampling = Sampling(0.03, 0.95, 20230331)
    here = estimate(measured, 200, sampling).scores.tobytes()
    with ThreadPoolExecutor(2) as pool:
        there = list(pool.map(lambda _: estimate(measured, 200, sampling).scores.tobytes(), range(4)))
    assert there == [here] * 4


def test_components_are_numbered_in_the_order_of_their_first_node():
    measured = Graph(np.arange(4), np.array([0, 1]), np.array([3, 2]), np.ones(2, np.int64), np.ones(2))
    assert measured.components.tolist() == [0, 1, 1, 0]
