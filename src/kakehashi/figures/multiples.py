"""Small multiples: one little chart of a quantity over years for each category, all from zero (Tufte 1983)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.labels import shorten, text_width
from kakehashi.figures.theme import Figure, Frame

_GAP = 26
_HEAD, _PLOT, _FOOT = 24, 66, 34


@dataclass(frozen=True)
class Panel:
    """One chart: its name and (year, value) pairs in order of years, the same years in every panel."""

    label: str
    values: tuple[tuple[int, float], ...]


def multiples(panels: Sequence[Panel], frame: Frame, number: Callable[[float], str], columns: int) -> Figure:
    """Draw the panels in the order given, row by row, each to its own scale with its highest value written at the top.

    Args:
        panels: the charts; each has two years or more.
        frame: its width counts; the height follows from the number of rows.
        number: formats a value.
        columns: panels side by side.
    """
    pitch = _HEAD + _PLOT + _FOOT
    frame = replace(frame, left=4, right=4, top=4, bottom=4, height=pitch * -(-len(panels) // columns) - 4)
    width = (frame.inner_width - _GAP * (columns - 1)) / columns
    grid: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    first: list[dict[str, Any]] = []
    last: list[dict[str, Any]] = []
    tops: list[dict[str, Any]] = []
    for place, panel in enumerate(panels):
        left, top = place % columns * (width + _GAP), place // columns * pitch
        floor = top + _HEAD + _PLOT
        years = [year for year, _ in panel.values]
        most = max(value for _, value in panel.values) or 1
        step = width / (years[-1] - years[0] + 1)
        grid.append({"x": round(left, 2), "x2": round(left + width, 2), "y": floor})
        for year, value in panel.values:
            x, height = left + (year - years[0]) * step, value / most * (_PLOT - 14)
            bars.append({"x": round(x + step * 0.1, 2), "x2": round(x + step * 0.9, 2), "y": round(floor - height, 2),
                         "y2": floor})  # fmt: skip
        peak = max(panel.values, key=lambda pair: (pair[1], pair[0]))
        text = number(peak[1])
        half = text_width(text, frame.font - 1) / 2
        middle = left + (peak[0] - years[0] + 0.5) * step
        at = min(max(middle, left + half), left + width - half)
        tops.append({"x": round(at, 2), "y": top + _HEAD + 6, "label": text})
        names.append({"x": round(left, 2), "y": top + 9, "label": shorten(panel.label, frame.font, width)})
        first.append({"x": round(left, 2), "y": floor + 12, "label": str(years[0])})
        last.append({"x": round(left + width, 2), "y": floor + 12, "label": str(years[-1])})
    size = frame.font - 1
    layers = [
        _bars(bars), _floors(grid), theme.text_layer(names, "left", frame.font, theme.INK),
        theme.text_layer(tops, "center", size, theme.MUTED), theme.text_layer(first, "left", size, theme.MUTED),
        theme.text_layer(last, "right", size, theme.MUTED),
    ]  # fmt: skip
    return Figure(theme.specification(frame, layers))


def _bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {
        "data": theme.data(rows),
        "mark": {"type": "rect", "color": theme.ACCENT},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), **ends},
    }


def _floors(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": theme.data(rows),
        "mark": {"type": "rule", "color": theme.GUIDE},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "x2": {"field": "x2"}},
    }
