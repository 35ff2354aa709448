"""The compiled kernel and the reduction before it, against networkx, NetworKit and values worked out by hand."""

import itertools
import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.indicators import betweenness, multisource, ordering
from kakehashi.indicators.graph import from_edges
from kakehashi.indicators.reduction import reduced
from kakehashi.settings import KERNEL_SPEED, NetworksSection

compiled = pytest.mark.skipif(not multisource.available(), reason="needs the extra kakehashi[fast]")


def measured(drawn):
    return from_edges([(a, b, 1, 1.0) for a, b in drawn.edges])


def reduction(drawn):
    graph = measured(drawn)
    return reduced(graph.nodes, graph.a, graph.b, graph.components)


def oracle(drawn, graph):
    scores = nx.betweenness_centrality(drawn, normalized=False)
    return [2 * scores[node] for node in graph.labels.tolist()]


def assert_as_networkx(drawn):
    graph = measured(drawn)
    assert multisource.dependencies(graph) == pytest.approx(oracle(drawn, graph), rel=1e-12, abs=1e-9)


@st.composite
def co_authors(draw):
    """Cliques that overlap, single pairs, hanging chains and copied nodes: in several components as a rule."""
    drawn = nx.Graph()
    for members in draw(st.lists(st.lists(st.integers(0, 25), min_size=2, max_size=6, unique=True), max_size=14)):
        drawn.add_edges_from(itertools.combinations(members, 2))
    for at, closed, hanging in draw(st.lists(st.tuples(st.integers(0, 25), st.booleans(), st.booleans()), max_size=8)):
        new, partners = 100 + len(drawn), list(drawn[at]) if at in drawn else []
        drawn.add_edges_from((new, partner) for partner in partners)
        if closed or hanging:
            drawn.add_edge(new, at)
        if hanging:
            drawn.add_edge(new, 200 + len(drawn))
    return drawn


@compiled
@settings(deadline=None, max_examples=60)
@given(co_authors())
def test_the_kernel_agrees_with_networkx_on_any_network_of_co_authors(drawn):
    assert_as_networkx(drawn)


@compiled
@pytest.mark.parametrize(
    "drawn",
    [
        nx.star_graph(40),
        nx.path_graph(70),
        nx.cycle_graph(71),
        nx.complete_graph(9),
        nx.complete_bipartite_graph(4, 7),
        nx.balanced_tree(3, 4),
        nx.convert_node_labels_to_integers(nx.grid_2d_graph(8, 9)),
        nx.barbell_graph(6, 3),
        nx.disjoint_union(nx.cycle_graph(40), nx.petersen_graph()),
    ],
    ids=["star", "path", "cycle", "complete", "bipartite", "tree", "grid", "barbell", "two components"],
)
def test_the_kernel_agrees_with_networkx_on_known_shapes(drawn):
    assert_as_networkx(drawn)


@compiled
@pytest.mark.parametrize(("nodes", "edges"), [(300, 260), (400, 900), (150, 3000)])
def test_the_kernel_agrees_with_networkx_on_random_graphs(nodes, edges):
    assert_as_networkx(nx.gnm_random_graph(nodes, edges, seed=5))


def hubs(nodes, edges, seed):
    """A graph with a few hubs and many nodes of few partners."""
    rng = np.random.default_rng(seed)
    ends = (rng.random((edges, 2)) ** 3 * nodes).astype(int)
    return nx.Graph((a, b) for a, b in ends.tolist() if a != b)


@compiled
def test_the_number_of_threads_changes_no_bit():
    graph = measured(hubs(2500, 9000, 1))
    one, two, many = (multisource.dependencies(graph, threads).tobytes() for threads in (1, 2, 16))
    assert one == two == many


@compiled
def test_the_order_of_the_edges_changes_no_bit():
    rows = [(a, b, 1, 1.0) for a, b in hubs(800, 2500, 2).edges]
    forward = multisource.dependencies(from_edges(rows)).tobytes()
    random.Random(4).shuffle(rows)
    assert multisource.dependencies(from_edges([(b, a, w, s) for a, b, w, s in rows])).tobytes() == forward


@compiled
def test_results_with_and_without_numba_are_equal(monkeypatch):
    graph = measured(hubs(1500, 5000, 3))
    monkeypatch.setattr(betweenness, "_KERNEL_FROM", 0)
    fast = betweenness.exact(graph, 2000)
    monkeypatch.setattr(multisource, "available", lambda: False)
    slow = betweenness.exact(graph, 2000)
    assert fast.scores == pytest.approx(slow.scores, rel=1e-12, abs=1e-15)
    assert fast.scores.tobytes() != slow.scores.tobytes()  # or the kernel was not asked
    assert np.isnan(fast.errors).all()


def diamonds(number):
    """So many diamonds in a row, each with two ways through it."""
    drawn = nx.Graph()
    for start in range(0, 3 * number, 3):
        for middle in (start + 1, start + 2):
            drawn.add_edges_from([(start, middle), (middle, start + 3)])
    return drawn


@compiled
def test_more_shortest_paths_than_a_double_holds_are_counted_by_networkit(monkeypatch):
    graph = measured(diamonds(1100))  # 2^1100 shortest paths from end to end
    assert np.isnan(multisource.dependencies(graph)).any()
    monkeypatch.setattr(betweenness, "_KERNEL_FROM", 0)
    scores = betweenness.exact(graph, graph.nodes).scores
    pairs = (graph.nodes - 1) * (graph.nodes - 2) / 2
    # The first joint parts 3 nodes from the rest, and is half of the way within its two diamonds.
    assert scores[3] * pairs == pytest.approx(3 * (graph.nodes - 4) + 0.5 + 0.5, rel=1e-12)
    assert scores[3] == pytest.approx(scores[graph.nodes - 4], rel=1e-9)


@compiled
@pytest.mark.parametrize(("nodes", "edges"), [(400, 900), (900, 12_000)])
def test_single_precision_is_within_the_bound_that_it_states(nodes, edges):
    drawn = nx.gnm_random_graph(nodes, edges, seed=5)
    graph = measured(drawn)
    found, bound = multisource.single(graph)
    true = np.array(oracle(drawn, graph))
    assert bound < 1e-4
    assert (np.abs(found - true) <= bound * true + 1e-9).all()
    assert found.tobytes() != multisource.dependencies(graph).tobytes()  # or it was summed in doubles


@compiled
def test_where_both_precisions_agree_the_bound_is_not_nothing():
    found, bound = multisource.single(measured(nx.cycle_graph(71)))  # small whole numbers: no float is rounded
    assert found.tolist() == pytest.approx([1190.0] * 71, rel=bound)
    assert bound == pytest.approx(10 * 2.0**-23)


@compiled
def test_in_single_precision_the_number_of_threads_changes_no_bit():
    graph = measured(hubs(2500, 9000, 1))
    (one, low), (two, high) = (multisource.single(graph, threads) for threads in (1, 2))
    assert (one.tobytes(), low) == (two.tobytes(), high)


@compiled
def test_a_large_graph_in_single_precision_states_an_error_and_a_small_one_has_none(monkeypatch):
    monkeypatch.setattr(betweenness, "_KERNEL_FROM", 0)
    large = betweenness.exact(measured(hubs(1500, 5000, 3)), 2000, "single")
    assert (large.errors[large.scores > 0] > 0).all()
    assert np.isnan(large.errors[large.scores == 0]).all()
    assert np.isnan(betweenness.exact(measured(nx.path_graph(9)), 9, "single").errors).all()


@compiled
def test_more_shortest_paths_than_single_precision_holds_are_counted_in_doubles(monkeypatch):
    drawn = diamonds(200)  # 2^200 shortest paths from end to end
    graph = measured(drawn)
    assert np.isnan(multisource.single(graph)[0]).any()
    monkeypatch.setattr(betweenness, "_KERNEL_FROM", 0)
    found = betweenness.exact(graph, graph.nodes, "single")
    assert np.isnan(found.errors).all()
    assert found.scores.tobytes() == betweenness.exact(graph, graph.nodes).scores.tobytes()


def test_sources_are_drawn_in_runs_of_neighbours_over_all_nodes():
    drawn = multisource.spread(1000, 100).tolist()
    assert drawn == [*range(64), *range(936, 1000)]
    assert multisource.spread(50, 100).tolist() == list(range(50))
    assert multisource.spread(0, 100).tolist() == []


def test_nodes_with_the_same_hubs_are_numbered_side_by_side():
    # Hubs 0 and 1; nodes 2, 4, 6, 8 know only hub 0, nodes 3, 5, 7 only hub 1, nodes 9 and 10 both.
    edges = [(0, node) for node in (2, 4, 6, 8, 9, 10)] + [(1, node) for node in (3, 5, 7, 9, 10)]
    a, b = np.array(edges).T
    number, adjacency = ordering.by_partners(11, a, b)
    named = np.argsort(number).tolist()
    assert named == [9, 10, 2, 4, 6, 8, 3, 5, 7, 0, 1]
    assert (adjacency.toarray()[np.ix_(number[a], number[b])].diagonal() == 1).all()


def test_a_tree_is_folded_away_and_what_it_lies_between_is_counted():
    left = reduction(nx.path_graph(5))
    assert left.nodes == 0
    assert left.scores.tolist() == [0, 6, 8, 6, 0]
    assert reduction(nx.star_graph(5)).scores.tolist() == [20, 0, 0, 0, 0, 0]


def test_what_hangs_from_a_node_is_a_target_where_it_hangs():
    drawn = nx.cycle_graph(5)
    drawn.add_edges_from([(0, 10), (10, 11), (2, 12)])
    left = reduction(drawn)
    assert sorted(left.weights.tolist()) == [1, 1, 1, 2, 3]
    assert left.places.tolist()[5:] == [-1, -1, -1]


def test_nodes_with_the_same_partners_become_one():
    closed = reduction(nx.complete_graph(6))
    assert (closed.nodes, closed.weights.tolist(), closed.copies.tolist()) == (1, [6], [6])
    two_sides = reduction(nx.complete_bipartite_graph(3, 4))
    assert sorted(two_sides.copies.tolist()) == [3, 4]
    assert two_sides.scores.tolist() == [4 * 3 / 3] * 3 + [3 * 2 / 4] * 4


def test_nodes_that_differ_in_one_partner_stay_apart():
    drawn = nx.complete_graph(4)
    drawn.add_edges_from([(0, 4), (4, 5), (5, 1), (5, 6), (6, 2)])
    assert reduction(drawn).nodes == 7


def test_with_numba_a_large_graph_may_cost_thirty_times_the_budget(monkeypatch):
    graph = measured(nx.path_graph(11))  # 11 nodes x 10 edges
    monkeypatch.setattr(betweenness, "_KERNEL_FROM", 110)
    for present, most in ((True, 110 / KERNEL_SPEED), (False, 110)):
        monkeypatch.setattr(multisource, "available", lambda present=present: present)
        assert betweenness.affordable(graph, NetworksSection(exact_budget=most), 1)
        assert not betweenness.affordable(graph, NetworksSection(exact_budget=most * 0.99), 1)
        assert not betweenness.affordable(graph, NetworksSection(exact_budget=most), 0.9)


def test_a_small_graph_does_not_ask_for_numba(monkeypatch):
    def asked():
        raise AssertionError

    monkeypatch.setattr(multisource, "available", asked)
    assert betweenness.exact(measured(nx.path_graph(3)), 3).scores.tolist() == [0, 1, 0]


def test_minutes_stand_for_nodes_times_edges_by_the_cost_model():
    assert NetworksSection(exact_minutes=2, exact_budget=7).betweenness_budget == 2 * 60 * 4e7
    assert NetworksSection(exact_budget=7).betweenness_budget == 7
