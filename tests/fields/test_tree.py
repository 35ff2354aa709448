"""The keyword forest: a corpus worked out by hand, ties, components, and networkx as an oracle."""

from fractions import Fraction
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import SettingsError
from kakehashi.fields import tree

# 0 machine learning, 1 neural network, 2 routing, 3 speech, 4 vision, 5 lonely, 6 protocol
WORKS = [4, 3, 2, 1, 2, 1, 2]
PAIRS = [(0, 1, 3), (0, 3, 1), (1, 3, 1), (0, 4, 2), (1, 4, 1), (2, 6, 2)]


def build(works, pairs):
    table = np.array(pairs, dtype=np.int64).reshape(-1, 3)
    return tree.build(np.array(works, dtype=np.int64), table[:, 0], table[:, 1], table[:, 2])


def as_lists(grown):
    return [part.tolist() for part in (grown.parent, grown.joint_works, grown.depth, grown.cluster)]


def test_the_forest_of_a_small_corpus_is_the_one_drawn_by_hand():
    grown = build(WORKS, PAIRS)
    # speech meets machine learning and neural network once each: the link to the first in the alphabet is kept
    assert grown.parent.tolist() == [-1, 0, -1, 0, 0, -1, 2]
    assert grown.joint_works.tolist() == [0, 3, 0, 1, 2, 0, 2]
    assert grown.depth.tolist() == [0, 1, 0, 1, 1, 0, 1]
    assert grown.cluster.tolist() == [1, 1, 2, 1, 1, 3, 2]


def test_every_parent_comes_before_its_children():
    grown = build(WORKS, PAIRS)
    place = {node: position for position, node in enumerate(grown.order.tolist())}
    assert sorted(place) == list(range(7))
    assert all(place[parent] < place[child] for child, parent in enumerate(grown.parent.tolist()) if parent >= 0)


def test_among_equal_costs_the_first_pairs_in_the_alphabet_are_kept():
    pairs = [(a, b, 1) for a, b in combinations(range(4), 2)]
    assert build([1, 1, 1, 1], pairs).parent.tolist() == [-1, 0, 0, 0]


def test_the_root_has_most_works_and_among_equals_comes_first():
    assert build([1, 5, 5], [(0, 1, 1), (1, 2, 1)]).parent.tolist() == [1, -1, 1]


def test_without_pairs_every_keyword_is_a_root():
    assert as_lists(build([3, 9], [])) == [[-1, -1], [0, 0], [0, 0], [2, 1]]


def test_a_corpus_without_keywords_gives_an_empty_forest():
    assert as_lists(build([], [])) == [[], [], [], []]


def test_a_cluster_hangs_under_a_broad_keyword_and_never_loses_single_leaves():
    # 0 is the root of 1 and 20; 1 has 18 leaves: it heads a cluster of its own, 20 stays with the root
    pairs = [(0, 1, 30), (0, 20, 2), *((1, leaf, 2) for leaf in range(2, 20))]
    grown = build([50, 40, *[2] * 19], pairs)
    assert grown.cluster.tolist() == [1, 2, *[2] * 18, 1]


def test_a_long_chain_is_cut_into_pieces_of_the_stated_size():
    n = 3 * tree.CLUSTER_SIZE + 4
    grown = build([n - i for i in range(n)], [(i, i + 1, n - i) for i in range(n - 1)])
    sizes = np.bincount(grown.cluster)[1:].tolist()
    assert sorted(sizes) == [4, *[tree.CLUSTER_SIZE] * 3]


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 12))
    possible = list(combinations(range(n), 2))
    chosen = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    return (
        draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)),
        [(a, b, draw(st.integers(1, 4))) for a, b in chosen],
    )


@settings(deadline=None)
@given(graphs())
def test_the_cost_of_the_forest_is_that_of_networkx(graph):
    works, pairs = graph
    oracle = nx.Graph()
    oracle.add_nodes_from(range(len(works)))
    oracle.add_weighted_edges_from((a, b, Fraction(1, joint)) for a, b, joint in pairs)
    expected = nx.minimum_spanning_tree(oracle)
    grown = build(works, pairs)
    links = [(node, parent) for node, parent in enumerate(grown.parent.tolist()) if parent >= 0]
    cost = sum((Fraction(1, grown.joint_works.tolist()[child]) for child, _ in links), Fraction(0))
    assert len(links) == expected.number_of_edges()
    assert cost == sum((weight for _, _, weight in expected.edges.data("weight")), Fraction(0))
    assert all(oracle.has_edge(*link) for link in links)
    assert len(links) + len(list(nx.connected_components(oracle))) == len(works)


@settings(deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_changes_nothing(graph, random):
    works, pairs = graph
    shuffled = random.sample(pairs, len(pairs))
    assert as_lists(build(works, pairs)) == as_lists(build(works, shuffled))


@settings(deadline=None)
@given(graphs())
def test_a_cluster_is_one_connected_piece_of_the_tree(graph):
    grown = build(*graph)
    heads = [
        node
        for node, parent in enumerate(grown.parent.tolist())
        if parent < 0 or grown.cluster[parent] != grown.cluster[node]
    ]
    assert sorted(grown.cluster[heads].tolist()) == list(range(1, len(heads) + 1))


def test_a_star_of_ten_thousand_keywords_keeps_its_shape():
    n = 10_000
    grown = build([n, *[1] * (n - 1)], [(0, leaf, 1) for leaf in range(1, n)])
    assert grown.parent.tolist() == [-1, *[0] * (n - 1)]
    assert pytest.approx(1.0) == grown.depth[1:].mean()


NAMES = ["learning", "machine learning", "online machine learning", "robot"]


def by(method, works, pairs, names=()):
    table = np.array(pairs, dtype=np.int64).reshape(-1, 3)
    return tree.build(np.array(works, dtype=np.int64), table[:, 0], table[:, 1], table[:, 2], method, names)


def test_a_compound_hangs_from_the_longest_keyword_it_ends_with_whoever_it_meets():
    grown = by("compound", [9, 5, 2, 7], [(0, 3, 6), (1, 3, 4), (2, 3, 2)], NAMES)
    # robot, of one word, hangs from the broader keyword it meets most
    assert grown.parent.tolist() == [-1, 0, 1, 0]
    assert grown.joint_works.tolist() == [0, 0, 0, 6]
    assert np.isnan(grown.cost[1])


def test_a_circle_of_words_and_company_is_cut_at_the_keyword_of_fewest_words():
    # learning has fewer works than machine learning and so hangs from it, which ends with learning
    grown = by("compound", [3, 8], [(0, 1, 3)], NAMES[:2])
    assert grown.parent.tolist() == [-1, 0]


def test_each_method_follows_its_formula():
    works, pairs = [40, 4, 8], [(0, 1, 4), (0, 2, 4), (1, 2, 3)]
    assert by("plain", works, pairs).parent.tolist() == [-1, 0, 0]
    # association: 40 / 40, 80 / 40, 32 / 3 times nothing: cost 40, 80, 10.67, so 1-2 and 0-1 are kept
    assert by("association", works, pairs).parent.tolist() == [-1, 0, 1]
    # conditional: 4/4 for 0, 3/4 for 2
    assert by("conditional", works, pairs).parent.tolist() == [-1, 0, 0]
    # directed: 3 / (4 x 6.32) = 0.119 for 0, 2 / (4 x 2.83) = 0.177 for 2
    assert by("directed", works, pairs).parent.tolist() == [-1, 2, 0]
    assert by("likelihood", works, pairs).parent.tolist()[0] == -1


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_every_method_gives_a_forest_that_does_not_depend_on_the_order_of_the_pairs(data):
    number = data.draw(st.integers(1, 8))
    pairs = [
        (a, b, data.draw(st.integers(1, 3))) for a, b in combinations(range(number), 2) if data.draw(st.booleans())
    ]
    works = [data.draw(st.integers(3, 6)) for _ in range(number)]
    names = [
        " ".join(data.draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=3))) + f" {n}" for n in range(number)
    ]
    for method in tree.METHODS:
        grown = by(method, works, pairs, names)
        assert as_lists(grown) == as_lists(by(method, works, pairs[::-1], names))
        place = {node: position for position, node in enumerate(grown.order.tolist())}
        assert sorted(place) == list(range(number))
        assert all(parent < 0 or place[parent] < place[node] for node, parent in enumerate(grown.parent.tolist()))


def test_an_unknown_method_is_refused_and_the_nearest_named():
    with pytest.raises(SettingsError, match="unknown method 'compund'; did you mean 'compound'"):
        tree.checked("compund")


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_pairs_looked_at_in_stretches_give_the_same_tree_by_every_method(data):
    n = data.draw(st.integers(2, 9))
    several = data.draw(st.lists(st.sampled_from(list(combinations(range(n), 2))), unique=True))
    pairs = [(a, b, data.draw(st.integers(1, 5))) for a, b in several]
    works = [data.draw(st.integers(5, 9)) for _ in range(n)]
    method, names = data.draw(st.sampled_from(tree.METHODS)), [f"{'ab'[at % 2]} {at // 2}" for at in range(n)]
    whole = by(method, works, pairs, names)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tree, "AT_ONCE", 2)
        again = by(method, works, pairs, names)
    for name in ("parent", "joint_works", "cost", "depth", "cluster", "order"):
        assert np.array_equal(getattr(whole, name), getattr(again, name), equal_nan=name == "cost"), name
