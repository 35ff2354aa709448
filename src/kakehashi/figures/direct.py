"""Specification to SVG text without Vega: the few kinds of layers that our figures are made of, in a few milliseconds.

Vega takes some 0.2 seconds for each drawing and a second to start, too long where somebody waits for a page. What is
drawn here is what Vega would draw (a test compares them shape by shape); a specification with anything else in it
raises NotDirect, and is left to Vega.
"""

import html
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kakehashi.figures.shapes import outline

Spec = Mapping[str, Any]
Row = Mapping[str, Any]
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_MARKS = frozenset({"type", "color", "opacity", "stroke", "strokeWidth", "strokeOpacity", "strokeDash", "strokeCap",
                    "filled", "shape", "size", "align", "baseline", "fontSize", "fontWeight", "clip"})  # fmt: skip
_CHANNELS = frozenset({"x", "y", "x2", "y2", "color", "shape", "size", "strokeWidth", "order", "detail", "text"})
_TICK = re.compile(r'datum\.value === (\S+) \? ("(?:[^"\\]|\\.)*") : ')
_LARGE = re.compile(r"datum\.region === '(\w+)'")
_FRAME = frozenset({"width", "height", "padding", "config", "layer"})
_TITLE_GAP = 4
_LABEL_GAP = 2
_DEFAULT_AREA = 30.0


class NotDirect(Exception):  # noqa: N818 -- an answer, not a fault
    """The specification holds something that only Vega draws."""


def body(spec: Spec) -> str:
    """Write what stands between the svg tags, without a name.

    Raises NotDirect where a layer, a channel or an axis is of a kind not known here.
    """
    if not _FRAME.issubset(spec):
        raise NotDirect("not a specification of theme.py")
    padding = spec["padding"]
    drawn: list[str] = []
    axes: list[str] = []
    _layers(spec["layer"], spec, drawn, axes)
    inside = "".join((*axes, *drawn))
    return f'<g fill="none" transform="translate({_n(padding["left"])},{_n(padding["top"])})">{inside}</g>'


def _layers(layers: Sequence[Spec], spec: Spec, drawn: list[str], axes: list[str]) -> None:
    for layer in layers:
        if "layer" in layer:
            _layers(layer["layer"], spec, drawn, axes)
            continue
        mark, encoding = layer["mark"], layer["encoding"]
        if not _MARKS.issuperset(mark) or not _CHANNELS.issuperset(encoding) or mark["type"] not in _DRAW:
            raise NotDirect(f"mark {mark}, channels {sorted(encoding)}")
        places = {name: _place(name, encoding[name], spec, axes) for name in ("x", "y") if name in encoding}
        for name in ("x2", "y2"):
            if name in encoding:
                places[name] = _field(encoding[name])
        if mark.get("opacity") != 0:
            drawn.append(f"<g>{_DRAW[mark['type']](layer['data']['values'], mark, encoding, places)}</g>")


def _place(name: str, channel: Spec, spec: Spec, axes: list[str]) -> Callable[[Row], float]:
    """Return where a row stands along a channel, in px of the plotting area; draw the channel's axis, if it has one."""
    scale = channel.get("scale", {})
    if scale is None:
        return _field(channel)
    if not {"type", "domain", "range", "nice", "zero"}.issuperset(scale) or "axis" not in channel:
        raise NotDirect(f"scale {scale}")
    start, end = scale.get("range", (0, spec["width"]) if name == "x" else (spec["height"], 0))
    where = _scaled(scale, start, end)
    axes.append((_x_axis if name == "x" else _y_axis)(channel["axis"], where, (start + end) / 2, spec))
    field = channel["field"]
    return lambda row: where(row[field])


def _field(channel: Spec) -> Callable[[Row], float]:
    field = channel["field"]
    return lambda row: float(row[field])


def _scaled(scale: Spec, start: float, end: float) -> Callable[[float], float]:
    kind = scale.get("type", "linear")
    if kind not in ("linear", "log"):
        raise NotDirect(f"scale {kind}")
    low, high = (math.log(end) if kind == "log" else end for end in scale["domain"])

    def where(value: float) -> float:
        return float(start + ((math.log(value) if kind == "log" else value) - low) / (high - low) * (end - start))

    return where


def _x_axis(axis: Spec, where: Callable[[float], float], middle: float, spec: Spec) -> str:
    config, labels = spec["config"]["axis"], _labels(axis)
    size, title = config["labelFontSize"], config["titleFontSize"]
    ticks, names = [], []
    for value in axis["values"]:
        at = where(value)
        ticks.append(_line(round(at), 0, 0, axis["tickSize"], config["tickColor"], 1))
        top = axis["tickSize"] + _LABEL_GAP + round(0.79 * size)
        names.append(_text(labels[value], at, top, "middle", size, config["labelColor"]))
    start = axis.get("titleAnchor") == "start"
    below = axis["minExtent"] + _TITLE_GAP + round(0.79 * title)
    named = _text(axis["title"], 0 if start else middle, below, "start" if start else "middle", title,
                  config["titleColor"])  # fmt: skip
    grid = "" if axis.get("grid") is False else "".join(
        _line(round(where(value)), 0, 0, spec["height"], config["gridColor"], 1) for value in axis["values"]
    )  # fmt: skip
    under = f'<g transform="translate(0.5,{_n(spec["height"] + 0.5)})">{"".join((*ticks, *names))}{named}</g>'
    return (f'<g transform="translate(0.5,0.5)">{grid}</g>' if grid else "") + under


def _y_axis(axis: Spec, where: Callable[[float], float], middle: float, spec: Spec) -> str:
    config, labels = spec["config"]["axis"], _labels(axis)
    size, title = config["labelFontSize"], config["titleFontSize"]
    parts = []
    if axis.get("grid") is not False:
        parts += [_line(0, round(where(value)), spec["width"], 0, config["gridColor"], 1) for value in axis["values"]]
    for value in axis["values"]:
        at = where(value)
        parts.append(_line(0, round(at), -axis["tickSize"], 0, config["tickColor"], 1))
        left = -axis["tickSize"] - _LABEL_GAP
        parts.append(_text(labels[value], left, at + round(0.3 * size), "end", size, config["labelColor"]))
    turned = f"translate({_n(-axis['minExtent'] - _TITLE_GAP)},{_n(middle)}) rotate(-90)"
    parts.append(
        f'<text text-anchor="middle" transform="{turned} translate(0,{-round(0.21 * title)})" '
        f'font-size="{_n(title)}px" fill="{config["titleColor"]}">{html.escape(axis["title"], quote=False)}</text>'
    )
    return f'<g transform="translate(0.5,0.5)">{"".join(parts)}</g>'


def _labels(axis: Spec) -> dict[float, str]:
    if axis.get("domain") is not False or "minExtent" not in axis:
        raise NotDirect("an axis that is laid out by what it holds")
    return {float(value): json.loads(text) for value, text in _TICK.findall(axis["labelExpr"])}


def _rects(rows: Sequence[Row], mark: Spec, encoding: Spec, places: Mapping[str, Callable[[Row], float]]) -> str:
    fill, look = _colour(mark, encoding), _shared(mark)
    found = []
    for row in rows:
        left, right = sorted((places["x"](row), places["x2"](row)))
        top, bottom = sorted((places["y"](row), places["y2"](row)))
        found.append(
            f'<path d="M{_n(left)},{_n(top)}h{_n(right - left)}v{_n(bottom - top)}h{_n(left - right)}Z" '
            f'fill="{fill(row)}"{look}/>'
        )
    return "".join(found)


def _rules(rows: Sequence[Row], mark: Spec, encoding: Spec, places: Mapping[str, Callable[[Row], float]]) -> str:
    stroke, width = _colour(mark, encoding), _own(mark, encoding, "strokeWidth", 1.0)
    cap = f' stroke-linecap="{mark["strokeCap"]}"' if "strokeCap" in mark else ""
    look = _shared(mark) + cap
    found = []
    for row in rows:
        x, y = places["x"](row), places["y"](row)
        across = places["x2"](row) - x if "x2" in places else 0.0
        down = places["y2"](row) - y if "y2" in places else 0.0
        found.append(_line(x, y, across, down, stroke(row), width(row), look))
    return "".join(found)


def _lines(rows: Sequence[Row], mark: Spec, encoding: Spec, places: Mapping[str, Callable[[Row], float]]) -> str:
    part = encoding.get("detail", {}).get("field")
    order = encoding.get("order", {}).get("field")
    stretches: dict[Any, list[Row]] = {}
    for row in rows:
        stretches.setdefault(row[part] if part else None, []).append(row)
    dash = f' stroke-dasharray="{",".join(map(_n, mark["strokeDash"]))}"' if "strokeDash" in mark else ""
    look = f'stroke="{mark["color"]}" stroke-width="{_n(mark.get("strokeWidth", 2))}"{dash}{_shared(mark)}'
    found = []
    for stretch in stretches.values():
        if order:
            stretch.sort(key=lambda row: float(row[order]))
        way = "L".join(f"{_n(places['x'](row))},{_n(places['y'](row))}" for row in stretch)
        closed = "Z" if len(stretch) == 1 else ""
        found.append(f'<path d="M{way}{closed}" {look}/>')
    return "".join(found)


def _areas(rows: Sequence[Row], mark: Spec, encoding: Spec, places: Mapping[str, Callable[[Row], float]]) -> str:
    fill, look = _colour(mark, encoding), _shared(mark)
    along = sorted(rows, key=places["x"])
    there = [f"{_n(places['x'](row))},{_n(places['y'](row))}" for row in along]
    back = [f"{_n(places['x'](row))},{_n(places['y2'](row))}" for row in reversed(along)]
    return f'<path d="M{"L".join((*there, *back))}Z" fill="{fill(rows[0])}"{look}/>'


def _points(rows: Sequence[Row], mark: Spec, encoding: Spec, places: Mapping[str, Callable[[Row], float]]) -> str:
    if not mark.get("filled"):
        raise NotDirect("open points")
    fill, size = _colour(mark, encoding), _own(mark, encoding, "size", mark.get("size", _DEFAULT_AREA))
    shape = _mapped(encoding["shape"]) if "shape" in encoding else lambda _: mark.get("shape", "circle")
    rim = ""
    if "stroke" in mark:
        rim = f' stroke="{mark["stroke"]}" stroke-width="{_n(mark.get("strokeWidth", 1))}"'
    look = rim + _shared(mark)
    return "".join(
        f'<path transform="translate({_n(places["x"](row))},{_n(places["y"](row))})" '
        f'd="{outline(shape(row), size(row))}" fill="{fill(row)}"{look}/>'
        for row in rows
    )


def _texts(rows: Sequence[Row], mark: Spec, encoding: Spec, places: Mapping[str, Callable[[Row], float]]) -> str:
    if mark.get("baseline") != "middle":
        raise NotDirect("a text that does not stand on its middle")
    field, size, colour = encoding["text"]["field"], mark["fontSize"], _colour(mark, encoding)
    look = ""
    if "stroke" in mark:
        faint = f' stroke-opacity="{_n(mark["strokeOpacity"])}"' if "strokeOpacity" in mark else ""
        look = f' stroke="{mark["stroke"]}"{faint} stroke-width="{_n(mark["strokeWidth"])}"'
    if "fontWeight" in mark:
        look += f' font-weight="{mark["fontWeight"]}"'
    anchor, lower = _ANCHORS[mark["align"]], round(0.3 * size)
    return "".join(
        _text(str(row[field]), places["x"](row), places["y"](row) + lower, anchor, size, colour(row), look)
        for row in rows
    )


def _colour(mark: Spec, encoding: Spec) -> Callable[[Row], str]:
    if "color" in encoding:
        return _mapped(encoding["color"])
    colour = str(mark["color"])
    return lambda _: colour


def _mapped(channel: Spec) -> Callable[[Row], str]:
    """Return what a row's value of a channel stands for: itself, or its counterpart in the scale."""
    field, scale = channel["field"], channel["scale"]
    if scale is None:
        return lambda row: str(row[field])
    known = dict(zip(scale["domain"], scale["range"], strict=True))
    return lambda row: str(known[row[field]])


def _own(mark: Spec, encoding: Spec, name: str, otherwise: float) -> Callable[[Row], float]:
    """Return a size or a width: of the row, by a condition on its region, or the mark's."""
    channel = encoding.get(name)
    if channel is None:
        value = float(mark.get(name, otherwise))
        return lambda _: value
    if "condition" not in channel:
        return _field(channel)
    test, large, small = channel["condition"]["test"], channel["condition"]["value"], channel["value"]
    regions = _LARGE.findall(test)
    if " || ".join(f"datum.region === '{one}'" for one in regions) != test:
        raise NotDirect(f"condition {test}")
    return lambda row: float(large if row.get("region") in regions else small)


def _shared(mark: Spec) -> str:
    opacity = mark.get("opacity", 1)
    return "" if opacity == 1 else f' opacity="{_n(opacity)}"'


def _line(x: float, y: float, across: float, down: float, colour: str, width: float, look: str = "") -> str:
    wide = "" if width == 1 else f' stroke-width="{_n(width)}"'
    return (
        f'<line transform="translate({_n(x)},{_n(y)})" x2="{_n(across)}" y2="{_n(down)}" '
        f'stroke="{colour}"{wide}{look}/>'
    )


def _text(text: str, x: float, y: float, anchor: str, size: float, colour: str, look: str = "") -> str:
    return (
        f'<text text-anchor="{anchor}" transform="translate({_n(x)},{_n(y)})" font-size="{_n(size)}px" '
        f'fill="{colour}"{look}>{html.escape(text, quote=False)}</text>'
    )


def _n(value: float) -> str:
    """Write a number to a hundredth of a pixel."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_DRAW: Mapping[str, Callable[[Sequence[Row], Spec, Spec, Mapping[str, Callable[[Row], float]]], str]] = {
    "rect": _rects, "rule": _rules, "line": _lines, "area": _areas, "point": _points, "text": _texts,
}  # fmt: skip
