"""Node-link drawings: disc area proportional to papers, line width proportional to joint works."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from kakehashi.figures import theme
from kakehashi.figures.labels import Box, Mark, layers, place
from kakehashi.figures.layout import Array, layout
from kakehashi.figures.theme import Figure, Frame

MIN_RADIUS = 2.0
MIN_WIDTH = 0.35


@dataclass(frozen=True)
class Node:
    """A country or institution. kind is home, target or other."""

    entity: str
    label: str
    papers: float
    kind: str


@dataclass(frozen=True)
class Link:
    """An edge: joint works of two entities."""

    a: str
    b: str
    works: float


def thinned(links: Sequence[Link], per_node: int, overall: int) -> list[Link]:
    """Keep each node's `per_node` strongest links and the `overall` strongest of all.

    Ties are broken by the entities' ids. With both rules no node loses its main partners, however small it is.
    """
    ordered = sorted(links, key=lambda link: (-link.works, link.a, link.b))
    used: dict[str, int] = {}
    kept = []
    for number, link in enumerate(ordered):
        wanted = number < overall or used.get(link.a, 0) < per_node or used.get(link.b, 0) < per_node
        used[link.a] = used.get(link.a, 0) + 1
        used[link.b] = used.get(link.b, 0) + 1
        if wanted:
            kept.append(link)
    return kept


def network(
    nodes: Sequence[Node],
    links: Sequence[Link],
    frame: Frame,
    *,
    per_node: int,
    overall: int,
    labelled: int,
) -> Figure:
    """Draw a co-authorship network.

    Args:
        nodes: any order. Labels go to home, the ten largest, the targets, then the others, up to `labelled` in all.
        links: edges; those with an end outside `nodes` are ignored.
        frame: size in px.
        per_node: of the thinning rule, see `thinned`.
        overall: of the thinning rule.
        labelled: how many nodes may carry a label.

    Returns:
        The figure with facts: nodes, links, links_drawn, joint_works_share (of the drawn links), small (discs drawn at
        the smallest size), unlabelled.
    """
    ordered = _by_importance(nodes)
    index = {node.entity: number for number, node in enumerate(ordered)}
    inside = [link for link in links if link.a in index and link.b in index]
    kept = thinned(inside, per_node, overall)
    biggest = max((node.papers for node in ordered), default=0) or 1
    largest_radius = 0.058 * math.sqrt(frame.inner_width * frame.inner_height)
    radii = [max(largest_radius * math.sqrt(node.papers / biggest), MIN_RADIUS) for node in ordered]
    places = layout(_matrix(inside, index), radii, frame.inner_width, frame.inner_height, gap=5.0, margin=16.0)
    marks = [
        Mark(x, y, radius, node.label if number < labelled else "", node.kind == "home")
        for number, (node, radius, (x, y)) in enumerate(zip(ordered, radii, places, strict=True))
    ]
    labels = place(marks, Box(0, 0, frame.inner_width, frame.inner_height), frame.font)
    spec = theme.specification(
        frame,
        [
            *_lines(kept, ordered, index, places, largest_radius),
            _discs(ordered, radii, places),
            *layers(labels, frame.font),
        ],
    )
    total = sum(link.works for link in inside)
    facts = {
        "nodes": len(ordered),
        "links": len(inside),
        "links_drawn": len(kept),
        "joint_works_share": sum(link.works for link in kept) / total if total else 0.0,
        "small": sum(1 for node in ordered if largest_radius * math.sqrt(node.papers / biggest) < MIN_RADIUS),
        "unlabelled": sum(1 for label in labels if label is None),
    }
    return Figure(spec, MappingProxyType(facts))


def _by_importance(nodes: Sequence[Node]) -> list[Node]:
    """Home, the ten with most papers (a large disc without a name puzzles the reader), the targets, the others."""
    by_papers = sorted(nodes, key=lambda node: (-node.papers, node.entity))
    largest = {node.entity for node in by_papers[:10]}
    return sorted(
        by_papers,
        key=lambda node: (node.kind != "home", node.entity not in largest, node.kind != "target"),
    )


def _matrix(links: Sequence[Link], index: dict[str, int]) -> Array:
    weights = np.zeros((len(index), len(index)), dtype=np.float64)
    for link in links:
        weights[index[link.a], index[link.b]] = weights[index[link.b], index[link.a]] = link.works
    return weights


def _lines(
    links: Sequence[Link],
    nodes: Sequence[Node],
    index: dict[str, int],
    places: Sequence[tuple[float, float]],
    thickest: float,
) -> list[dict[str, Any]]:
    """Thin lines first, those of the home country on top in its colour."""
    most = max((link.works for link in links), default=1) or 1
    rows = []
    for link in sorted(links, key=lambda link: (link.works, link.a, link.b)):
        a, b = index[link.a], index[link.b]
        of_home = "home" in (nodes[a].kind, nodes[b].kind)
        width = max(thickest * 0.55 * link.works / most, MIN_WIDTH)
        (x, y), (x2, y2) = places[a], places[b]
        rows.append({"x": x, "y": y, "x2": x2, "y2": y2, "width": round(width, 2), "home": of_home})
    built = []
    for of_home, colour, opacity in ((False, "#7d93a1", 0.55), (True, theme.HOME, 0.6)):
        chosen = [row for row in rows if row["home"] is of_home]
        if chosen:
            built.append(
                {
                    "data": theme.data(chosen),
                    "mark": {"type": "rule", "color": colour, "opacity": opacity, "strokeCap": "round"},
                    "encoding": {
                        "x": theme.pixel("x"),
                        "y": theme.pixel("y"),
                        "x2": {"field": "x2"},
                        "y2": {"field": "y2"},
                        "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
                    },
                }
            )
    return built


def _discs(nodes: Sequence[Node], radii: Sequence[float], places: Sequence[tuple[float, float]]) -> dict[str, Any]:
    colours = {"home": theme.HOME, "target": theme.TARGET, "other": theme.OTHER}
    largest_first = sorted(zip(nodes, radii, places, strict=True), key=lambda disc: -disc[1])
    rows = [
        {"x": x, "y": y, "area": round(math.pi * radius**2, 2), "colour": colours[node.kind], "papers": node.papers}
        for node, radius, (x, y) in largest_first
    ]
    return {
        "data": theme.data(rows),
        "mark": {
            "type": "point",
            "shape": "circle",
            "filled": True,
            "opacity": 0.92,
            "stroke": "#fff",
            "strokeWidth": 1,
        },
        "encoding": {
            "x": theme.pixel("x"),
            "y": theme.pixel("y"),
            "size": {"field": "area", "type": "quantitative", "scale": None},
            "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        },
    }
