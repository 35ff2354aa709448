"""Horizontal bars of works by category, with the international part in a darker tone and both values in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.labels import shorten, text_width
from kakehashi.figures.theme import Figure, Frame


@dataclass(frozen=True)
class Bar:
    """One category: all works and the part of them that is international."""

    label: str
    works: float
    international: float | None
    text: str


def bars(rows: Sequence[Bar], frame: Frame, x_title: str, number: Callable[[float], str]) -> Figure:
    """Draw bars from zero, in the order given. Labels stand above the bars where the frame is narrow.

    Args:
        rows: the categories.
        frame: its width counts; the height follows from the number of bars.
        x_title: name and unit of the value.
        number: formats a value for an axis tick.
    """
    stacked = frame.width < 500
    pitch = 46 if stacked else 36
    names = max((text_width(row.label, frame.font) for row in rows), default=0.0)
    left = 8 if stacked else int(min(names, 250)) + 14
    frame = replace(frame, left=left, right=14, top=4, bottom=42, height=pitch * len(rows) + 46)
    room = max((text_width(row.text, frame.font - 0.5) for row in rows), default=0.0) + 8
    most = max((row.works for row in rows), default=0) or 1
    scale = (frame.inner_width - (0 if stacked else room)) / most
    layers = [_axis(most, scale, frame, x_title, number)]
    layers += [_rects(rows, scale, pitch, stacked, part) for part in (False, True)]
    layers += _texts(rows, scale, pitch, frame, stacked)
    return Figure(theme.specification(frame, layers))


def _axis(most: float, scale: float, frame: Frame, title: str, number: Callable[[float], str]) -> dict[str, Any]:
    step = nice_step(most, 3 if frame.width < 500 else 5)
    values = [step * count for count in range(int(most / step) + 1)]
    return {
        "data": theme.data([{"value": value, "label": number(value)} for value in values]),
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": {
                "field": "value",
                "type": "quantitative",
                "scale": {"domain": [0, frame.inner_width / scale], "nice": False},
                "axis": {
                    "values": values,
                    "title": title,
                    "labelExpr": theme.tick_expression([(value, number(value)) for value in values]),
                    "minExtent": 18,
                    "maxExtent": 18,
                    "tickSize": 3,
                    "domain": False,
                    "titleAnchor": "start",
                },
            }
        },
    }


def nice_step(most: float, count: int) -> float:
    """Return the largest step (1, 2 or 5 times a power of ten) that gives at least `count` steps up to `most`."""
    step = 10.0 ** len(str(int(most)))
    while True:
        for factor in (0.5, 0.2, 0.1):
            if most / (step * factor) >= count:
                return step * factor
        step /= 10


def _rects(rows: Sequence[Bar], scale: float, pitch: float, stacked: bool, part: bool) -> dict[str, Any]:
    top, height = (20, 15) if stacked else (8, 20)
    drawn = [
        {
            "x": 0,
            "x2": round(((row.international or 0) if part else row.works) * scale, 2),
            "y": number * pitch + top,
            "y2": number * pitch + top + height,
            "works": row.international if part else row.works,
        }
        for number, row in enumerate(rows)
    ]
    return {
        "data": theme.data(drawn),
        "mark": {"type": "rect", "color": theme.ACCENT if part else theme.ACCENT_LIGHT},
        "encoding": {
            "x": theme.pixel("x"),
            "y": theme.pixel("y"),
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
        },
    }


def _texts(rows: Sequence[Bar], scale: float, pitch: float, frame: Frame, stacked: bool) -> list[dict[str, Any]]:
    names, values = [], []
    for number, row in enumerate(rows):
        line = number * pitch
        value_room = text_width(row.text, frame.font - 0.5)
        room = frame.inner_width - value_room - 8 if stacked else frame.left - 12
        name = shorten(row.label, frame.font, room)
        names.append({"x": 0 if stacked else -8, "y": line + (10 if stacked else 18), "label": name})
        x = frame.inner_width if stacked else row.works * scale + 6
        values.append({"x": round(x, 2), "y": line + (10 if stacked else 18), "label": row.text})
    return [
        theme.text_layer(names, "left" if stacked else "right", frame.font, theme.INK),
        theme.text_layer(values, "right" if stacked else "left", frame.font - 0.5, theme.MUTED),
    ]
