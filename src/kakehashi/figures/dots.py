"""Dots on a common scale, one line a country: from zero, or logarithmic where the values span more than two decades."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from types import MappingProxyType
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.bars import nice_step
from kakehashi.figures.labels import shorten, text_width
from kakehashi.figures.theme import Figure, Frame

LOGARITHMIC_FROM = 100
"""Ratio of the largest to the smallest value from which the scale is logarithmic: below it, zero can be shown."""

_TICKS = 5
_MARGIN = 0.1  # decades beside the outermost values


@dataclass(frozen=True)
class Dot:
    """A series: its colour and its shape, since colour is never the only sign."""

    colour: str
    shape: str


@dataclass(frozen=True)
class Line:
    """A country: one value for each series (None: not known), and all of them in words. `home` sets it apart."""

    label: str
    values: tuple[float | None, ...]
    text: str
    home: bool = False


@dataclass(frozen=True)
class _Scale:
    """Where values stand, in px. `ticks` are positions in scale units, with their values."""

    logarithmic: bool
    low: float
    high: float
    width: float
    ticks: tuple[tuple[float, float], ...]

    def units(self, value: float) -> float:
        return log10(value) if self.logarithmic else value

    def place(self, value: float | None) -> float | None:
        """Return the position of a value; None where it cannot be shown: a zero on a logarithmic scale."""
        if value is None or (self.logarithmic and value <= 0):
            return None
        return round((self.units(value) - self.low) / (self.high - self.low) * self.width, 2)


def dots(
    lines: Sequence[Line], series: Sequence[Dot], frame: Frame, x_title: str, number: Callable[[float], str]
) -> Figure:
    """Draw the lines in the order given. Labels stand above the dots where the frame is narrow.

    Args:
        lines: the countries, each with as many values as there are series.
        series: colour and shape of each series.
        frame: its width counts; the height follows from the number of lines.
        x_title: name and unit of the value.
        number: formats a value for an axis tick.

    Returns:
        The figure; its fact `logarithmic` is 1 where the scale is, `hidden` counts zeros that such a scale cannot show.
    """
    stacked = frame.width < 500
    pitch = 42 if stacked else 24
    names = max((text_width(line.label, frame.font) for line in lines), default=0.0)
    words = max((text_width(line.text, frame.font - 0.5) for line in lines), default=0.0)
    left = 14 if stacked else int(min(names, 220)) + 22
    right = 20 if stacked else int(words) + 22
    frame = replace(frame, left=left, right=right, top=4, bottom=42, height=pitch * len(lines) + 46)
    scale = _scale([value for line in lines for value in line.values if value is not None], frame.inner_width, stacked)
    layers = [_axis(scale, x_title, number), _links(lines, scale, pitch, stacked)]
    layers += [_marks(lines, place, dot, scale, pitch, stacked) for place, dot in enumerate(series)]
    layers += _texts(lines, pitch, frame, stacked)
    hidden = sum(1 for line in lines for value in line.values if value is not None and scale.place(value) is None)
    facts = MappingProxyType({"logarithmic": float(scale.logarithmic), "hidden": float(hidden)})
    return Figure(theme.specification(frame, layers), facts)


def _scale(values: Sequence[float], width: float, stacked: bool) -> _Scale:
    positive = [value for value in values if value > 0]
    most = max(positive, default=1.0)
    least = min(positive, default=1.0)
    if most / least <= LOGARITHMIC_FROM:
        step = nice_step(most, 3 if stacked else _TICKS)
        steps = ceil(round(most / step, 6))
        return _Scale(False, 0, steps * step, width, tuple((count * step, count * step) for count in range(steps + 1)))
    low, high = log10(least) - _MARGIN, log10(most) + _MARGIN
    powers = range(ceil(low), floor(high) + 1)
    apart = ceil(len(powers) / (4 if stacked else 2 * _TICKS))
    return _Scale(True, low, high, width, tuple((float(power), 10.0**power) for power in powers[::apart]))


def _axis(scale: _Scale, title: str, number: Callable[[float], str]) -> dict[str, Any]:
    labels = [(place, number(value)) for place, value in scale.ticks]
    return {
        "data": theme.data([{"value": place} for place, _ in labels]),
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": {
                "field": "value",
                "type": "quantitative",
                "scale": {"domain": [scale.low, scale.high], "nice": False, "zero": False},
                "axis": {
                    "values": [place for place, _ in labels],
                    "title": title,
                    "labelExpr": theme.tick_expression(labels),
                    "minExtent": 18,
                    "maxExtent": 18,
                    "tickSize": 3,
                    "domain": False,
                    "titleAnchor": "start",
                },
            }
        },
    }


def _height(number: int, pitch: float, stacked: bool) -> float:
    return number * pitch + (30 if stacked else pitch / 2)


def _links(lines: Sequence[Line], scale: _Scale, pitch: float, stacked: bool) -> dict[str, Any]:
    """A thin line between the dots of a country: how far apart they are is what the eye compares."""
    drawn = []
    for number, line in enumerate(lines):
        places = [place for value in line.values if (place := scale.place(value)) is not None]
        if len(places) > 1:
            y = _height(number, pitch, stacked)
            drawn.append({"x": min(places), "x2": max(places), "y": y, "y2": y})
    return {
        "data": theme.data(drawn),
        "mark": {"type": "rule", "color": theme.OTHER, "strokeWidth": 2},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}},
    }


def _marks(lines: Sequence[Line], series: int, dot: Dot, scale: _Scale, pitch: float, stacked: bool) -> dict[str, Any]:
    drawn = [
        {"x": place, "y": _height(number, pitch, stacked), "colour": theme.HOME if line.home else dot.colour}
        for number, line in enumerate(lines)
        if (place := scale.place(line.values[series])) is not None
    ]
    return {
        "data": theme.data(drawn),
        "mark": {"type": "point", "filled": True, "opacity": 1, "shape": dot.shape, "size": 74, "clip": False},
        "encoding": {
            "x": theme.pixel("x"),
            "y": theme.pixel("y"),
            "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        },
    }


def _texts(lines: Sequence[Line], pitch: float, frame: Frame, stacked: bool) -> list[dict[str, Any]]:
    names, values = [], []
    for number, line in enumerate(lines):
        y = number * pitch + 12 if stacked else _height(number, pitch, stacked)
        room = frame.inner_width + 12 - text_width(line.text, frame.font - 0.5) - 8 if stacked else frame.left - 16
        names.append({"x": -6 if stacked else -14, "y": y, "label": shorten(line.label, frame.font, room)})
        values.append({"x": frame.inner_width + (12 if stacked else 14), "y": y, "label": line.text})
    return [
        theme.text_layer(names, "left" if stacked else "right", frame.font, theme.INK),
        theme.text_layer(values, "right" if stacked else "left", frame.font - 0.5, theme.MUTED),
    ]
