"""A matrix as a heat map: one hue from light to dark, and the value written in each cell, so colour is never alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.labels import shorten, text_width
from kakehashi.figures.theme import Figure, Frame

# Single hue, lightness falling in even steps: reads the same for every kind of colour vision and in grey print.
SHADES = ("#f2f6f9", "#d6e3ee", "#b3cce0", "#86aecd", "#6a9dc4", "#2f6da0", "#16456b")
_LIGHT_TEXT_FROM = 5
_SAME = "#e9ecee"
_WIDEST_NAME = 0.43
_SLIMMEST_CELL = 19


@dataclass(frozen=True)
class Cell:
    """A cell: a share between 0 and 1 that chooses the shade (None: no shade), and its lines of text."""

    share: float | None
    lines: tuple[str, ...]


def heatmap(names: Sequence[str], cells: Sequence[Sequence[Cell]], frame: Frame) -> Figure:
    """Draw a square matrix. Rows carry number and name, columns the number, which finds room at any width.

    Args:
        names: of rows and columns alike.
        cells: one row of cells for each name.
        frame: its width counts; the height follows from the number of rows.

    Raises:
        ValueError: if the cells are not a square of as many rows as names.
    """
    count = len(names)
    if any(len(row) != count for row in (*cells, cells)):
        raise ValueError(f"{count} names for cells of {[len(row) for row in cells]}")
    room = min(_WIDEST_NAME * frame.width, frame.width - 16 - _SLIMMEST_CELL * count)
    labels = [shorten(f"{number} {name}", frame.font, room) for number, name in enumerate(names, 1)]
    left = int(max((text_width(label, frame.font) for label in labels), default=0.0)) + 12
    pitch = 44 if any(len(cell.lines) > 1 for row in cells for cell in row) else 30
    frame = replace(frame, left=left, right=4, top=24, bottom=4, height=pitch * count + 28)
    across = frame.inner_width / max(count, 1)
    rows = [
        {"x": round(b * across, 2), "x2": round((b + 1) * across - 1.5, 2), "y": a * pitch, "y2": (a + 1) * pitch - 1.5,
         "colour": _SAME if cell.share is None else SHADES[shade(cell.share)]}
        for a, row in enumerate(cells) for b, cell in enumerate(row)
    ]  # fmt: skip
    heads = [{"x": -8, "y": (a + 0.5) * pitch, "label": label} for a, label in enumerate(labels)]
    numbers = [{"x": round((b + 0.5) * across, 2), "y": -10, "label": str(b + 1)} for b in range(count)]
    layers = [_rects(rows), theme.text_layer(heads, "right", frame.font, theme.INK)]
    layers.append(theme.text_layer(numbers, "center", frame.font, theme.INK))
    return Figure(theme.specification(frame, [*layers, *_texts(cells, across, pitch, frame.font)]))


def shade(share: float) -> int:
    """The place of a share among the shades: nothing, five even steps, and a half or more."""
    last = len(SHADES) - 1
    return last if share >= 0.5 else min(last - 1, math.ceil(round(share * 2 * (last - 1), 9)))


def _rects(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "data": theme.data(rows),
        "mark": {"type": "rect"},
        "encoding": {
            "x": theme.pixel("x"),
            "y": theme.pixel("y"),
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        },
    }


def _texts(cells: Sequence[Sequence[Cell]], across: float, pitch: int, font: float) -> list[dict[str, Any]]:
    """The lines of the cells, light on dark shades. A line too wide for its cell is left out rather than cut."""
    size = font - 1
    rows: dict[str, list[dict[str, Any]]] = {theme.INK: [], "#ffffff": []}
    for a, row in enumerate(cells):
        for b, cell in enumerate(row):
            dark = cell.share is not None and shade(cell.share) >= _LIGHT_TEXT_FROM
            for number, line in enumerate(cell.lines):
                y = (a + 0.5) * pitch + (number - (len(cell.lines) - 1) / 2) * size * 1.5 - 0.5
                if text_width(line, size) <= across:
                    place = {"x": round((b + 0.5) * across - 0.75, 2), "y": round(y, 2), "label": line}
                    rows["#ffffff" if dark else theme.INK].append(place)
    return [theme.text_layer(found, "center", size, colour) for colour, found in rows.items() if found]
