"""The positioning map: papers (x) against eigenvector centrality (y), both logarithmic, around the home point."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.labels import Box, Label, Mark, layers, place, text_width
from kakehashi.figures.theme import Figure, Frame

_DECADES_SHOWN = 5
_FLOOR_GAP = 26
_POINT_AREA = 62
_HOME_AREA = 210
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POINT_MARK = MappingProxyType({"type": "point", "filled": True, "opacity": 1, "stroke": "#fff", "strokeWidth": 0.8})


@dataclass(frozen=True)
class Point:
    """One entity. region is one of the five, `home`, `home_country` (an institution there), or None.

    A vital point may touch other points with its label if there is no better place. On a map without a home point the
    guide lines run through the point that is marked as the reference.
    """

    label: str
    x: float | None
    y: float | None
    region: str | None
    vital: bool = False
    reference: bool = False


@dataclass(frozen=True)
class Words:
    """The texts inside the map. regions names the four quadrants; an empty mapping leaves them unnamed."""

    x_title: str
    y_title: str
    floor: str
    regions: Mapping[str, str]


@dataclass(frozen=True)
class _Scales:
    frame: Frame
    x_domain: tuple[float, float]
    y_domain: tuple[float, float]
    floor: bool

    @property
    def y_bottom(self) -> float:
        return self.frame.inner_height - (_FLOOR_GAP if self.floor else 0)

    @property
    def floor_y(self) -> float:
        return self.frame.inner_height - _FLOOR_GAP / 2

    def x(self, value: float) -> float:
        low, high = map(math.log10, self.x_domain)
        return (math.log10(value) - low) / (high - low) * self.frame.inner_width

    def y(self, value: float) -> float:
        if value < self.y_domain[0]:
            return self.floor_y
        low, high = map(math.log10, self.y_domain)
        return self.y_bottom * (1 - (math.log10(value) - low) / (high - low))


def scatter(
    points: Sequence[Point], frame: Frame, words: Words, *, radius: float, extent: Sequence[Point] | None = None
) -> Figure:
    """Draw a positioning map.

    Points without a value, or with no papers, cannot stand on a logarithmic axis and are counted. Values that are zero,
    or more than five decades under the largest, stand on a marked floor line under the axis.

    Args:
        points: in order of importance for labels.
        frame: size in px.
        words: texts inside the drawing.
        radius: of the centre region, in decades, as the positioning stage used it.
        extent: the points whose range the axes cover, for maps that are to share their scales. None: the points.

    Returns:
        The figure with facts: drawn, not_drawn, on_floor, floor (the value under which points go there), unlabelled.
    """
    drawn = _drawable(points)
    scales = _scales(drawn if extent is None else _drawable(extent), frame)
    home = next((point for point in drawn if point.region == "home"), None)
    reference = next((point for point in drawn if point.reference), None)
    guides: list[dict[str, Any]] = [_lines(reference, scales)] if reference is not None else []
    tags: list[dict[str, Any]] = []
    reserved: list[Box] = []
    if home is not None:
        guides, tags, reserved = _regions(home, scales, words, radius)
    labels = _labels(drawn, scales, reserved)
    spec = theme.specification(
        frame,
        [
            _x_grid(scales),
            *guides,
            *_floor(scales, words),
            _points(drawn, scales, words),
            *_floor_points(drawn, scales),
            *tags,
            *layers(labels, frame.font),
        ],
    )
    facts = {
        "drawn": len(drawn),
        "not_drawn": len(points) - len(drawn),
        "on_floor": sum(1 for point in drawn if _value(point.y) < scales.y_domain[0]),
        "floor": scales.y_domain[0],
        "unlabelled": sum(1 for point, label in zip(drawn, labels, strict=True) if point.label and label is None),
    }
    return Figure(spec, MappingProxyType(facts))


def places(
    points: Sequence[Point], frame: Frame, extent: Sequence[Point] | None = None
) -> list[tuple[float, float] | None]:
    """Return where `scatter` draws each point, in px of the whole drawing; None for those that it leaves out."""
    drawn = _drawable(points)
    scales = _scales(drawn if extent is None else _drawable(extent), frame)
    inside = {id(point) for point in drawn}
    return [
        (round(frame.left + scales.x(_value(one.x)), 1), round(frame.top + scales.y(_value(one.y)), 1))
        if id(one) in inside
        else None
        for one in points
    ]


def _drawable(points: Sequence[Point]) -> list[Point]:
    return [point for point in points if point.x is not None and point.x > 0 and point.y is not None and point.y >= 0]


def _value(number: float | None) -> float:
    return 0.0 if number is None else number


def _scales(points: Sequence[Point], frame: Frame) -> _Scales:
    xs = [_value(point.x) for point in points] or [1.0, 10.0]
    ys = [_value(point.y) for point in points if _value(point.y) > 0] or [0.01, 1.0]
    margin = 10**0.12
    x_domain = (min(xs) / margin, max(xs) * margin)
    if math.log10(x_domain[1] / x_domain[0]) < 1:
        x_domain = (x_domain[0] / 2.5, x_domain[1] * 2.5)
    lowest = max(min(ys), max(ys) / 10**_DECADES_SHOWN)
    y_domain = (_one_digit(lowest / 1.5), min(max(ys) * 1.5, max(1.0, max(ys))))
    floor = any(_value(point.y) < y_domain[0] for point in points)
    return _Scales(frame, x_domain, y_domain, floor)


def _one_digit(value: float) -> float:
    """Round down to one significant digit, so that the note can name the end of the axis."""
    power = math.floor(math.log10(value))
    return float(f"{math.floor(value / 10**power + 1e-9)}e{power}")


def ticks(domain: tuple[float, float]) -> list[float]:
    """Decades inside a domain; where fewer than two fit, also the twos and fives."""
    low, high = (math.floor(math.log10(end)) for end in domain)
    decades = [10.0**power for power in range(low, high + 1)]
    inside = [value for value in decades if domain[0] <= value <= domain[1]]
    if len(inside) > 1:
        return inside
    finer = [decade * step for decade in decades for step in (1, 2, 5)]
    return [value for value in finer if domain[0] <= value <= domain[1]]


def tick_label(value: float) -> str:
    """Write a tick so short that it keeps clear of the axis title: 10,000, 0.05, but 10⁻⁴ and 2×10⁻⁵."""
    if value >= 1:
        return f"{value:,.0f}"
    if value >= 0.0009:
        return f"{value:.4f}".rstrip("0")
    digit, power = f"{value:.0e}".split("e")
    raised = f"10{str(int(power)).translate(_RAISED)}"
    return raised if digit == "1" else f"{digit}×{raised}"


def _fitting(scales: _Scales) -> list[float]:
    """Ticks of the x axis whose labels neither leave the frame nor touch the label before."""
    frame, kept, taken = scales.frame, [], -float(scales.frame.left)
    for value in ticks(scales.x_domain):
        half = text_width(tick_label(value), frame.font - 0.5) / 2
        middle = scales.x(value)
        if middle - half >= taken and middle + half <= frame.inner_width + frame.right:
            kept.append(value)
            taken = middle + half + 4
    return kept


def _axis(values: list[float], title: str, extent: int) -> dict[str, Any]:
    # A fixed extent keeps the title in its place whatever fonts measure the tick labels.
    return {
        "values": values,
        "title": title,
        "labelExpr": theme.tick_expression([(value, tick_label(value)) for value in values]),
        "minExtent": extent,
        "maxExtent": extent,
        "tickSize": 4,
        "domain": False,
    }


def _points(points: Sequence[Point], scales: _Scales, words: Words) -> dict[str, Any]:
    above = [
        {"label": point.label, "x": point.x, "y": _value(point.y), "region": point.region or "unplaced"}
        for point in points
        if _value(point.y) >= scales.y_domain[0]
    ]
    above.sort(key=lambda row: row["region"] == "home")  # drawn last, so that no other point hides it
    x_scale = {"type": "log", "domain": list(scales.x_domain), "nice": False}
    y_scale = {"type": "log", "domain": list(scales.y_domain), "range": [scales.y_bottom, 0], "nice": False}
    return {
        "data": theme.data(above),
        "mark": dict(_POINT_MARK),
        "encoding": {
            "x": {
                "field": "x",
                "type": "quantitative",
                "scale": x_scale,
                "axis": {**_axis(_fitting(scales), words.x_title, 18), "grid": False},
            },
            "y": {
                "field": "y",
                "type": "quantitative",
                "scale": y_scale,
                "axis": _axis(ticks(scales.y_domain), words.y_title, scales.frame.left - 18),
            },
            **_region_look(),
        },
    }


def _x_grid(scales: _Scales) -> dict[str, Any]:
    # Drawn by hand: Vega's own grid is as long as the axis range, which leaves out the floor.
    rows = [
        {"x": round(scales.x(value), 2), "y": 0, "y2": scales.frame.inner_height} for value in ticks(scales.x_domain)
    ]
    return {
        "data": theme.data(rows),
        "mark": {"type": "rule", "color": theme.GRID},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "y2": {"field": "y2"}},
    }


def _region_look() -> dict[str, Any]:
    """Colour, symbol and size by region. One scale for all maps, so that a region looks the same everywhere."""
    kinds = list(theme.REGION_COLOURS)
    region = {"field": "region", "type": "nominal", "legend": None}
    return {
        "color": {**region, "scale": {"domain": kinds, "range": [theme.REGION_COLOURS[kind] for kind in kinds]}},
        "shape": {**region, "scale": {"domain": kinds, "range": [theme.REGION_SHAPES[kind] for kind in kinds]}},
        "size": {
            "condition": {"test": "datum.region === 'home' || datum.region === 'home_country'", "value": _HOME_AREA},
            "value": _POINT_AREA,
        },
    }


def _floor_points(points: Sequence[Point], scales: _Scales) -> list[dict[str, Any]]:
    rows = [
        {"x": round(scales.x(_value(point.x)), 2), "y": scales.floor_y, "region": point.region or "unplaced"}
        for point in points
        if _value(point.y) < scales.y_domain[0]
    ]
    if not rows:
        return []
    encoding = {"x": theme.pixel("x"), "y": theme.pixel("y"), **_region_look()}
    return [{"data": theme.data(rows), "mark": dict(_POINT_MARK), "encoding": encoding}]


def _floor(scales: _Scales, words: Words) -> list[dict[str, Any]]:
    """The band under the axis for zero (and vanishing) values, named so that nobody reads it as a small value."""
    if not scales.floor:
        return []
    frame = scales.frame
    band = {"x": 0, "x2": frame.inner_width, "y": scales.y_bottom + 3, "y2": frame.inner_height}
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    rows = [{"x": -8, "y": scales.floor_y, "label": words.floor}]
    return [
        {
            "data": theme.data([band]),
            "mark": {"type": "rect", "color": "#f1f3f4"},
            "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), **ends},
        },
        theme.text_layer(rows, "right", frame.font - 0.5, theme.MUTED),
    ]


def _regions(
    home: Point, scales: _Scales, words: Words, radius: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[Box]]:
    """Tints, guide lines through the home point, the rim of the centre region, and the quadrants' names."""
    frame = scales.frame
    x, y = scales.x(_value(home.x)), scales.y(_value(home.y))
    width, bottom = float(frame.inner_width), scales.y_bottom
    quadrants = {
        "upper_left": Box(0, 0, x, y),
        "upper_right": Box(x, 0, width, y),
        "lower_left": Box(0, y, x, bottom),
        "lower_right": Box(x, y, width, bottom),
    }
    tints = [
        {"x": box.left, "x2": box.right, "y": box.top, "y2": box.bottom, "colour": theme.REGION_COLOURS[name]}
        for name, box in quadrants.items()
        if box.right > box.left and box.bottom > box.top
    ]
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    colour = {"field": "colour", "type": "nominal", "scale": None, "legend": None}
    guides = [
        {
            "data": theme.data(tints),
            "mark": {"type": "rect", "opacity": 0.05},
            "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), **ends, "color": colour},
        },
        _lines(home, scales),
        _rim(home, scales, radius),
    ]
    tags, reserved = _names(quadrants, frame, words)
    return guides, tags, reserved


def _lines(reference: Point, scales: _Scales) -> dict[str, Any]:
    """The two guide lines, which cross at the reference point."""
    x, y = scales.x(_value(reference.x)), scales.y(_value(reference.y))
    lines = [
        {"x": x, "x2": x, "y": 0, "y2": scales.y_bottom},
        {"x": 0, "x2": float(scales.frame.inner_width), "y": y, "y2": y},
    ]
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {
        "data": theme.data(lines),
        "mark": {"type": "rule", "color": theme.GUIDE, "strokeWidth": 1.2},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), **ends},
    }


def _rim(home: Point, scales: _Scales, radius: float) -> dict[str, Any]:
    """The centre region: the quarter disc of `radius` decades below and left of home (an ellipse in px)."""
    low_x, high_x = map(math.log10, scales.x_domain)
    low_y, high_y = map(math.log10, scales.y_domain)
    across = radius / (high_x - low_x) * scales.frame.inner_width
    down = radius / (high_y - low_y) * scales.y_bottom
    x, y = scales.x(_value(home.x)), scales.y(_value(home.y))
    steps = [step / 24 * math.pi / 2 for step in range(25)]
    rows = [
        {"x": round(x - across * math.cos(angle), 2), "y": round(y + down * math.sin(angle), 2), "order": number}
        for number, angle in enumerate(steps)
    ]
    kept = [row for row in rows if row["x"] >= 0 and row["y"] <= scales.y_bottom]
    return {
        "data": theme.data(kept),
        "mark": {"type": "line", "color": theme.REGION_COLOURS["centre"], "strokeWidth": 1.1, "strokeDash": [4, 3]},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "order": {"field": "order", "type": "quantitative"}},
    }


def _names(quadrants: Mapping[str, Box], frame: Frame, words: Words) -> tuple[list[dict[str, Any]], list[Box]]:
    """Name each quadrant in its outer corner, where the name fits into the quadrant."""
    size = frame.font - 0.5
    tags, reserved = [], []
    for name, box in quadrants.items():
        text = words.regions.get(name, "")
        width = text_width(text, size)
        if not text or width + 8 > box.right - box.left or box.bottom - box.top < 2.4 * size:
            continue
        left_side, upper = name.endswith("left"), name.startswith("upper")
        x = box.left + 5 if left_side else box.right - 5
        y = box.top + size if upper else box.bottom - size
        edge = x if left_side else x - width
        reserved.append(Box(edge, y - size * 0.65, edge + width, y + size * 0.65))
        mark = {"type": "text", "align": "left" if left_side else "right", "baseline": "middle", "fontSize": size}
        tags.append(
            {
                "data": theme.data([{"x": x, "y": y, "label": text}]),
                "mark": {**mark, "color": theme.REGION_COLOURS[name], "fontWeight": 600},
                "encoding": {
                    "x": theme.pixel("x"),
                    "y": theme.pixel("y"),
                    "text": {"field": "label", "type": "nominal"},
                },
            }
        )
    return tags, reserved


def _labels(points: Sequence[Point], scales: _Scales, reserved: Sequence[Box]) -> tuple[Label | None, ...]:
    frame = scales.frame
    marks = [
        Mark(scales.x(_value(point.x)), scales.y(_value(point.y)), 4.5, point.label, point.vital) for point in points
    ]
    return place(marks, Box(0, 0, frame.inner_width, frame.inner_height), frame.font, reserved)
