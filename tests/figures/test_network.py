"""Network drawings: proportions, the thinning rule, and a layout that is the same each time."""

import itertools
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.figures import theme
from kakehashi.figures.layout import layout
from kakehashi.figures.network import Link, Node, network, thinned

NODES = [Node("JP", "Japan", 400, "home"), Node("CN", "China", 1600, "target"), Node("FJ", "Fiji", 1, "other")]
LINKS = [Link("CN", "JP", 100), Link("CN", "FJ", 2), Link("FJ", "JP", 1)]


def discs(figure):
    layer = next(layer for layer in figure.spec["layer"] if layer["mark"].get("shape") == "circle")
    return {row["papers"]: row["area"] for row in layer["data"]["values"]}


def test_the_area_of_a_disc_is_proportional_to_papers():
    area = discs(network(NODES, LINKS, theme.WIDE_NETWORK, per_node=3, overall=9, labelled=9))
    assert math.isclose(area[1600] / area[400], 4, rel_tol=1e-3)


def test_discs_too_small_to_see_are_counted():
    assert network(NODES, LINKS, theme.WIDE_NETWORK, per_node=3, overall=9, labelled=9).facts["small"] == 1


def test_the_width_of_a_line_is_proportional_to_joint_works():
    nodes = [Node(code, code, 100, "other") for code in "ABC"]
    figure = network(
        nodes, [Link("A", "B", 40), Link("B", "C", 20)], theme.WIDE_NETWORK, per_node=3, overall=9, labelled=9
    )
    widths = [row["width"] for layer in figure.spec["layer"] for row in layer["data"]["values"] if "width" in row]
    assert math.isclose(max(widths) / min(widths), 2, rel_tol=1e-2)


def test_a_links_left_out_are_told():
    figure = network(NODES, LINKS, theme.WIDE_NETWORK, per_node=1, overall=0, labelled=9)
    assert (figure.facts["links"], figure.facts["links_drawn"]) == (3, 2)
    assert math.isclose(figure.facts["joint_works_share"], 102 / 103)


def test_each_node_keeps_its_strongest_partners_and_the_figure_its_strongest_lines():
    kept = thinned([*LINKS, Link("AU", "CN", 90), Link("AU", "JP", 3)], per_node=1, overall=2)
    assert [(link.a, link.b) for link in kept] == [("CN", "JP"), ("AU", "CN"), ("CN", "FJ")]


def test_links_that_leave_the_drawing_are_ignored():
    assert (
        network(NODES, [*LINKS, Link("CN", "US", 9)], theme.WIDE_NETWORK, per_node=3, overall=9, labelled=9).facts[
            "links"
        ]
        == 3
    )


@given(st.integers(1, 14), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_discs_stay_inside_the_frame_and_apart(count, seed):
    generator = np.random.default_rng(seed)
    weights = np.triu(generator.integers(0, 50, (count, count)), 1).astype(float)
    weights = weights + weights.T
    radii = [float(radius) for radius in generator.uniform(2, 22, count)]
    places = layout(weights, radii, 760, 560, gap=4, margin=16)
    assert places == layout(weights, radii, 760, 560, gap=4, margin=16)
    for (x, y), radius in zip(places, radii, strict=True):
        assert radius <= x <= 760 - radius
        assert radius <= y <= 560 - radius
    for (a, first), (b, second) in itertools.combinations(list(zip(places, radii, strict=True)), 2):
        assert math.dist(a, b) >= first + second - 0.5


def test_strong_partners_stand_closer_than_weak_ones():
    weights = np.zeros((4, 4))
    for a, b, works in ((0, 1, 50), (2, 3, 50), (0, 2, 1), (1, 3, 1)):
        weights[a, b] = weights[b, a] = works
    places = layout(weights, [5, 5, 5, 5], 700, 500, gap=4, margin=16)
    assert math.dist(places[0], places[1]) < math.dist(places[0], places[2])
