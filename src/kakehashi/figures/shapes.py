"""Outlines of the symbols of a map, by name and area, as Vega draws them."""

import functools
import math
import re

_NUMBER = re.compile(r"-?[\d.]+")


@functools.cache
def outline(shape: str, area: float) -> str:
    """Return the path of a symbol around the origin; `shape` is a name of theme.REGION_SHAPES, or a path of radius 1.

    `area` is in px², as Vega means it: that of the square around the symbol.
    """
    r = math.sqrt(area) / 2
    if shape == "circle":
        return f"M{_n(r)},0A{_n(r)},{_n(r)},0,1,1,{_n(-r)},0A{_n(r)},{_n(r)},0,1,1,{_n(r)},0"
    if shape == "square":
        return f"M{_n(-r)},{_n(-r)}h{_n(2 * r)}v{_n(2 * r)}h{_n(-2 * r)}Z"
    if shape in ("triangle-up", "triangle-down"):
        tip = -r * math.sqrt(3) / 2 * (1 if shape == "triangle-up" else -1)
        return f"M0,{_n(tip)}L{_n(-r)},{_n(-tip)}L{_n(r)},{_n(-tip)}Z"
    if shape == "diamond":
        return f"M{_n(-r)},0L0,{_n(-r)}L{_n(r)},0L0,{_n(r)}Z"
    if shape == "cross":
        s = r / 2.5
        corners = ((-r, -s), (-r, s), (-s, s), (-s, r), (s, r), (s, s), (r, s), (r, -s), (s, -s), (s, -r), (-s, -r),
                   (-s, -s))  # fmt: skip
        return "M" + "L".join(f"{_n(x)},{_n(y)}" for x, y in corners) + "Z"
    if not shape.startswith("M"):
        raise ValueError(f"{shape}: no such symbol")
    return _NUMBER.sub(lambda number: _n(float(number[0]) * r), shape)


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
