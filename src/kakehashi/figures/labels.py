"""Deterministic placement of labels: no two overlap, none leaves the frame, and what finds no room is reported.

Point-feature labelling by candidate positions and greedy choice in order of importance (Christensen, Marks and
Shieber 1995, ACM Transactions on Graphics 14(3)), with leader lines for the farther positions.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kakehashi.figures import theme

_LINE_HEIGHT = 1.3
_DISTANCES = (2.0, 6.0, 12.0, 20.0, 30.0, 42.0, 56.0, 74.0)
_LEADER_FROM = 12.0
_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7))
_WIDE_LETTERS = frozenset("MWmw@%&—…")
_SLIM_LETTERS = frozenset("fijlrtI.,:;'|!()[] -·")

Boxes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Box:
    """A rectangle in px, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Tell whether the interiors share a point."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self, other: "Box") -> bool:
        """Tell whether this box lies in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True)
class Mark:
    """A drawn point or disc that wants a label. A `vital` one may touch other marks if there is no better place."""

    x: float
    y: float
    radius: float
    text: str
    vital: bool = False


@dataclass(frozen=True)
class Label:
    """Where a label goes: its anchor, its alignment, the box it fills, and its leader line's ends, if it has one."""

    text: str
    x: float
    y: float
    align: str
    box: Box
    leader: tuple[float, float, float, float] | None


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in px from above: 1 em for East Asian characters, 0.34 to 0.95 em for others."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in _WIDE_LETTERS:
        return 0.95
    if character in _SLIM_LETTERS:
        return 0.38
    return 0.72 if character.isupper() else 0.61


def shorten(text: str, size: float, width: float) -> str:
    """Cut a text to at most `width` px, with an ellipsis where something was cut."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def place(marks: Sequence[Mark], frame: Box, size: float, obstacles: Sequence[Box] = ()) -> tuple[Label | None, ...]:
    """Place one label for each mark, the first marks first; None where no candidate position is free.

    Args:
        marks: all drawn marks in order of importance. One with an empty text is only an obstacle.
        frame: labels stay inside it.
        size: font size in px.
        obstacles: boxes that no label may touch, such as texts already drawn.
    """
    fixed = _array(obstacles)
    discs = _array([_disc(mark) for mark in marks])
    hearts = _array([_disc(mark, 0.5) for mark in marks])
    taken = fixed
    placed: list[Label | None] = []
    for number, mark in enumerate(marks):
        others = np.delete(discs, number, axis=0)
        label = _first_free(mark, frame, size, np.vstack([taken, others])) if mark.text else None
        if label is None and mark.text and mark.vital:
            label = _first_free(mark, frame, size, np.vstack([taken, np.delete(hearts, number, axis=0)]))
        placed.append(label)
        if label is not None:
            taken = np.vstack([taken, _array([label.box, *_leader_boxes(label)])])
    return tuple(placed)


def _first_free(mark: Mark, frame: Box, size: float, taken: Boxes) -> Label | None:
    for label in _candidates(mark, size):
        if not label.box.inside(frame):
            continue
        parts = _array([label.box, *_leader_boxes(label)])
        if not _any_overlap(parts, taken):
            return label
    return None


def _candidates(mark: Mark, size: float) -> Iterator[Label]:
    """All positions of a label from best to worst: inside a large disc, then around it, nearer first."""
    width, height = text_width(mark.text, size), size * _LINE_HEIGHT
    if width <= 1.8 * mark.radius and height <= 1.4 * mark.radius:
        yield _label(mark, mark.x, mark.y, "center", width, height, None)
    for distance in _DISTANCES:
        for across, down in _DIRECTIONS:
            reach = mark.radius + distance
            x = mark.x + across * reach
            side = (down > 0) - (down < 0)
            y = mark.y + down * reach + side * height / 2
            align = "left" if across > 0 else "right" if across < 0 else "center"
            edge = (mark.x + across * (mark.radius + 1), mark.y + down * (mark.radius + 1))
            leader = (*edge, x, y - side * height * 0.35) if distance >= _LEADER_FROM else None
            yield _label(mark, x, y, align, width, height, leader)


def _label(
    mark: Mark,
    x: float,
    y: float,
    align: str,
    width: float,
    height: float,
    leader: tuple[float, float, float, float] | None,
) -> Label:
    left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
    box = Box(left, y - height / 2, left + width, y + height / 2)
    ends = None if leader is None else tuple(round(float(end), 1) for end in leader)
    return Label(mark.text, round(float(x), 1), round(float(y), 1), align, box, ends)  # type: ignore[arg-type]


def _leader_boxes(label: Label) -> list[Box]:
    """Cover a leader line with small boxes, so that nothing is written across it."""
    if label.leader is None:
        return []
    x1, y1, x2, y2 = label.leader
    steps = 8
    points = [(x1 + (x2 - x1) * step / steps, y1 + (y2 - y1) * step / steps) for step in range(1, steps)]
    return [Box(x - 1, y - 1, x + 1, y + 1) for x, y in points]


def _disc(mark: Mark, part: float = 1.0) -> Box:
    # A label may touch the rim of a large disc, where it stays readable, but not its middle.
    reach = part * (mark.radius if mark.radius < 8 else mark.radius * 0.8)
    return Box(mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach)


def _array(boxes: Sequence[Box]) -> Boxes:
    rows = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 4)


def _any_overlap(parts: Boxes, taken: Boxes) -> bool:
    left, top, right, bottom = (taken[:, column] for column in range(4))
    return bool(
        any(((part[0] < right) & (left < part[2]) & (part[1] < bottom) & (top < part[3])).any() for part in parts)
    )


def layers(labels: Sequence[Label | None], size: float, *, colour: str = theme.INK) -> list[dict[str, Any]]:
    """Vega-Lite layers for placed labels: leader lines, then texts with a white rim."""
    drawn = [label for label in labels if label is not None]
    lines = [
        {"x": label.leader[0], "y": label.leader[1], "x2": label.leader[2], "y2": label.leader[3]}
        for label in drawn
        if label.leader is not None
    ]
    built: list[dict[str, Any]] = []
    if lines:
        ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
        built.append(
            {
                "data": theme.data(lines),
                "mark": {"type": "rule", "color": theme.GUIDE, "strokeWidth": 0.7},
                "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), **ends},
            }
        )
    for align in ("left", "center", "right"):
        rows = [{"x": label.x, "y": label.y, "label": label.text} for label in drawn if label.align == align]
        if rows:
            built.append(_text_layer(rows, align, size, colour))
    return built


def _text_layer(rows: list[dict[str, Any]], align: str, size: float, colour: str) -> dict[str, Any]:
    # The white rim lies under the letters: render.py sets paint-order for the whole drawing.
    rim = {"stroke": "#ffffff", "strokeWidth": 3, "strokeOpacity": 0.85, "color": colour}
    return {
        "data": theme.data(rows),
        "mark": {"type": "text", "align": align, "baseline": "middle", "fontSize": size, **rim},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "text": {"field": "label", "type": "nominal"}},
    }
