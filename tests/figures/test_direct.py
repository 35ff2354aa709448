"""What is drawn without Vega is what Vega draws: every shape, line and text at its place, in its colour and size."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from kakehashi.figures import direct, theme
from kakehashi.figures.bars import Bar, bars
from kakehashi.figures.dots import Dot, Line, dots
from kakehashi.figures.heatmap import Cell, heatmap
from kakehashi.figures.labels import Box, Mark, layers, place
from kakehashi.figures.lines import Series, lines
from kakehashi.figures.multiples import Panel, multiples
from kakehashi.figures.network import Link, Node, network
from kakehashi.figures.render import by_vega, svg
from kakehashi.figures.scatter import Point, Words, scatter

WORDS = Words("papers", "eigenvector", "zero", {"upper_right": "leads", "lower_left": "follows"})
MOVE = re.compile(r"translate\(([-\d.]+),\s*([-\d.]+)\)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
MUCH = 1.01  # px: Vega rounds where a tick or a text's base falls


def a_map(frame):
    regions = [one for one in theme.REGION_SHAPES if one not in ("home", "unplaced")]
    points = [Point("Home <1>", 500, 0.1, "home", True), Point("None", 40, 0.0, None)]
    points.append(Point("Far", 7, 1e-9, "lower_left"))
    points += [Point(f"P{n} & co", 3 * 1.4**n, 0.7 * 0.73**n, regions[n % len(regions)]) for n in range(24)]
    return scatter(points, frame, WORDS, radius=0.5)


FIGURES = {
    "map": lambda: a_map(theme.WIDE),
    "narrow map": lambda: a_map(theme.NARROW),
    "map of institutions": lambda: scatter(
        [Point("A", 9, 0.5, "home_country", True, True), Point("B", 900, 0.001, "centre")], theme.WIDE, WORDS, radius=0
    ),
    "bars": lambda: bars([Bar("AI", 200, 50, "200"), Bar("IoT", 100, None, "100")], theme.WIDE, "papers", str),
    "narrow bars": lambda: bars([Bar("AI", 200, 50, "200")], theme.NARROW, "papers", str),
    "lines": lambda: lines(
        [
            Series("JP", ((2020, 1.0), (2021, None), (2022, 3.0), (2023, 4.5)), home=True),
            Series("A long name", ((2020, 9.0), (2023, 0.1))),
            Series("C", ((2020, 2.0), (2021, 2.1))),
        ],
        theme.WIDE, "papers", str,
    ),
    "forecast": lambda: lines(
        [Series("JP", ((2020, 1.0), (2021, 2.0)), home=True), Series("F", ((2021, 2.0), (2022, 3.0), (2023, 4.0)))],
        theme.WIDE, "papers", str, band=[(2021, 2.0, 2.0), (2022, 2.5, 3.5), (2023, 3.0, 5.0)],
    ),
    "dots": lambda: dots(
        [Line("JP", (1.0, 400.0), "1 to 400", True), Line("US", (30.0, None), "30")],
        [Dot(theme.ACCENT, "circle"), Dot(theme.TARGET, "diamond")], theme.WIDE, "value", str,
    ),
    "heat map": lambda: heatmap(
        ["A", "B"], [[Cell(1.0, ("1",)), Cell(0.2, ("2", "20 %"))], [Cell(0.0, ()), Cell(1.0, ("9",))]], theme.WIDE
    ),
    "panels": lambda: multiples(
        [Panel("A", ((2020, 1.0), (2021, 4.0))), Panel("B", ((2020, 3.0), (2021, 2.0)))], theme.WIDE, str, 2
    ),
    "network": lambda: network(
        [Node("JP", "Japan", 90, "home"), Node("US", "USA", 400, "target"), Node("CN", "China", 200, "other")],
        [Link("JP", "US", 10), Link("CN", "US", 50)], theme.WIDE_NETWORK, per_node=3, overall=9, labelled=9,
    ),
    "leaders": lambda: theme.Figure(
        theme.specification(
            theme.WIDE,
            layers(place([Mark(100 + n, 100, 6, f"crowded {n}") for n in range(12)], Box(0, 0, 680, 500), 11), 11),
        )
    ),
}  # fmt: skip


def shapes(text):
    """List every shape with its place on the page, its path, its words and its look."""
    found = []

    def walk(element, x, y):
        moves = MOVE.findall(element.get("transform", "").split("rotate")[0])
        x, y = x + sum(float(a) for a, _ in moves), y + sum(float(b) for _, b in moves)
        kind = element.tag.rpartition("}")[2]
        if kind in ("path", "line", "text") and element.get("opacity") != "0":
            numbers = [float(n) for n in NUMBER.findall(element.get("d", ""))] + [
                float(element.get(end, 0)) for end in ("x2", "y2")
            ]
            letters = re.sub(r"[^A-Za-z]", "", element.get("d", ""))
            look = tuple(
                element.get(name, otherwise)
                for name, otherwise in (
                    ("fill", ""), ("stroke", ""), ("stroke-width", "1"), ("opacity", "1"), ("stroke-dasharray", ""),
                    ("font-size", ""), ("text-anchor", ""), ("stroke-opacity", "1"), ("stroke-linecap", ""),
                )
            )  # fmt: skip
            if not look[1]:
                look = (*look[:2], "1", *look[3:])  # no line, whatever its width
            weight = element.get("font-weight", "normal")
            if kind == "line":  # the same from either end
                x, y = x + min(numbers[0], 0), y + min(numbers[1], 0)
                falls = numbers[0] * numbers[1] < 0
                numbers = [abs(numbers[0]), abs(numbers[1]), float(falls)]
            found.append((kind, letters, element.text or "", look, weight, x, y, tuple(numbers)))
        for child in element:
            walk(child, x, y)

    walk(ElementTree.fromstring(text), 0.0, 0.0)  # noqa: S314 -- our own text
    return sorted(found, key=lambda one: (*one[:5], round(one[5] / 4), round(one[6] / 4), one[7]))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_shape_by_shape_as_vega_draws_it(name):
    spec = FIGURES[name]().spec
    ours = svg(spec, key="k", title="t", description="d")
    width, height, theirs = by_vega(spec, "k")
    assert f'width="{width}" height="{height}"' in ours
    ours, theirs = shapes(ours), shapes(f'<svg xmlns="http://www.w3.org/2000/svg">{theirs}')
    assert [one[:5] for one in ours] == [one[:5] for one in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert (one[5], one[6], *one[7]) == pytest.approx((other[5], other[6], *other[7]), abs=MUCH), one[:3]


def test_what_is_not_known_here_is_left_to_vega():
    spec = theme.specification(
        theme.WIDE,
        [{"data": theme.data([{"a": 1}]), "mark": {"type": "arc"}, "encoding": {"theta": {"field": "a"}}}],
    )
    with pytest.raises(direct.NotDirect):
        direct.body(spec)
    assert "<path" in svg(spec, key="k", title="t", description="d")
