"""Deterministic placement of labels: no two overlap, none leaves the frame, and what finds no room is reported.

Point-feature labelling by candidate positions and greedy choice in order of importance (Christensen, Marks and
Shieber 1995, ACM Transactions on Graphics 14(3)), with leader lines for the farther positions.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from kakehashi.figures import theme

_LINE_HEIGHT = 1.3
_DISTANCES = (2.0, 6.0, 12.0, 20.0, 30.0, 42.0, 56.0, 74.0)
_LEADER_FROM = 12.0
_DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7))
_ACROSS, _DOWN = np.tile(np.array(_DIRECTIONS, dtype=np.float64).T, len(_DISTANCES))
_FAR = np.repeat(_DISTANCES, len(_DIRECTIONS))
_NEAREST = 2 * len(_DIRECTIONS)
"""Positions that are looked at together, before all others."""
_STEPS = np.arange(1, 8) / 8
"""Where on a leader line the small boxes lie that cover it."""
_WIDE_LETTERS = frozenset("MWmw@%&—…")
_SLIM_LETTERS = frozenset("fijlrtI.,:;'|!()[] -·")

Boxes = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]


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
    return size * _ems(text)


@lru_cache(maxsize=8192)
def _ems(text: str) -> float:
    return sum(_em(character) for character in text)


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
    discs = _array([_disc(mark) for mark in marks])
    hearts = _array([_disc(mark, 0.5) for mark in marks])
    taken = _Taken(obstacles)
    placed: list[Label | None] = []
    for number, around in enumerate(_arounds(marks, frame, size, discs)):
        label = None
        if around is not None:
            written = around.near(taken.boxes)
            label = around.first_free(np.concatenate([written, around.discs]))
            if label is None and marks[number].vital:
                label = around.first_free(np.concatenate([written, around.near(hearts, but=number)]))
        placed.append(label)
        if label is not None:
            taken.add([label.box, *_leader_boxes(label)])
    return tuple(placed)


class _Taken:
    """The boxes that are written on, in one array that has room to grow."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._rows = np.empty((max(64, 2 * len(boxes)), 4))
        self._count = 0
        self.add(boxes)

    @property
    def boxes(self) -> Boxes:
        return self._rows[: self._count]

    def add(self, boxes: Sequence[Box]) -> None:
        count = self._count + len(boxes)
        if count > len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows), np.empty((len(boxes), 4))])
        self._rows[self._count : count] = _array(boxes)
        self._count = count


def _arounds(marks: Sequence[Mark], frame: Box, size: float, discs: Boxes) -> "list[_Around | None]":
    """Compute the positions of all labels at once, and what stands near them; None for marks that want none."""
    widths = np.array([text_width(mark.text, size) for mark in marks])[:, None]
    x, y, radius = (np.array([getattr(mark, name) for mark in marks])[:, None] for name in ("x", "y", "radius"))
    height = size * _LINE_HEIGHT
    across, down = x + _ACROSS * (radius + _FAR), y + _DOWN * (radius + _FAR) + np.sign(_DOWN) * height / 2
    left = across - np.where(_ACROSS > 0, 0.0, np.where(_ACROSS < 0, widths, widths / 2))
    boxes = np.stack([left, down - height / 2, left + widths, down + height / 2], axis=2)
    low = np.minimum(boxes[:, :, :2].min(axis=1), np.concatenate([x, y], axis=1) - 2)
    high = np.maximum(boxes[:, :, 2:].max(axis=1), np.concatenate([x, y], axis=1) + 2)
    reach = np.concatenate([low, high], axis=1)
    inside = (boxes[:, :, 0] >= frame.left) & (boxes[:, :, 2] <= frame.right)
    inside &= (boxes[:, :, 1] >= frame.top) & (boxes[:, :, 3] <= frame.bottom)
    near = _overlap(reach.T[:, :, None], discs)
    np.fill_diagonal(near, val=False)
    return [
        _Around(
            mark, frame, float(widths[n, 0]), height, across[n], down[n], boxes[n], reach[n], inside[n], discs[near[n]]
        )
        if mark.text
        else None
        for n, mark in enumerate(marks)
    ]  # fmt: skip


class _Around:
    """All positions of a mark's label from best to worst: inside a large disc, then around it, nearer first."""

    def __init__(
        self, mark: Mark, frame: Box, width: float, height: float, x: Floats, y: Floats, boxes: Boxes, reach: Floats,
        inside: npt.NDArray[np.bool_], discs: Boxes,
    ) -> None:  # fmt: skip
        self._mark, self._frame, self._width, self._height = mark, frame, width, height
        self._x, self._y, self._boxes, self._reach, self._inside = x, y, boxes, reach, inside
        self.discs = discs

    def near(self, boxes: Boxes, but: int | None = None) -> Boxes:
        """Return those boxes that a label or its leader could touch, without the one numbered `but`."""
        kept = _overlap(self._reach, boxes)
        if but is not None:
            kept[but] = False
        return boxes[kept]

    def first_free(self, taken: Boxes) -> Label | None:
        """Return the label at the best position that touches none of the boxes; None where there is none."""
        mark, width, height = self._mark, self._width, self._height
        if width <= 1.8 * mark.radius and height <= 1.4 * mark.radius:
            label = _label(mark, mark.x, mark.y, "center", width, height, None)
            if label.box.inside(self._frame) and not _overlap(_array([label.box])[0], taken).any():
                return label
        boxes = self._boxes
        for first, last in ((0, _NEAREST), (_NEAREST, len(boxes))):  # most labels find room close by
            where = np.flatnonzero(self._inside[first:last]) + first
            if not len(where):
                continue
            where = where[~_overlap(boxes[where, None].transpose(2, 0, 1), taken).any(axis=1)]
            led = _FAR[where] >= _LEADER_FROM
            crossed = np.zeros(len(where), dtype=np.bool_)
            crossed[led] = self._leaders_hit(where[led], taken)
            if not crossed.all():
                return self._at(int(where[np.argmin(crossed)]))
        return None

    def _leaders_hit(self, where: npt.NDArray[np.intp], taken: Boxes) -> npt.NDArray[np.bool_]:
        """Tell of each position whether its leader line crosses a box."""
        if not len(where):
            return np.zeros(0, dtype=np.bool_)
        reach = self._mark.radius + 1
        begin = np.stack([self._mark.x + _ACROSS[where] * reach, self._mark.y + _DOWN[where] * reach], axis=1)
        end = np.stack([self._x[where], self._y[where] - np.sign(_DOWN[where]) * self._height * 0.35], axis=1)
        ends = np.round(begin, 1)[:, None], np.round(end, 1)[:, None]
        points = (ends[0] + (ends[1] - ends[0]) * _STEPS[:, None]).reshape(-1, 2)
        boxes = np.concatenate([points - 1, points + 1], axis=1)
        hit = _overlap(boxes[:, None].transpose(2, 0, 1), taken).reshape(len(where), len(_STEPS) * len(taken))
        return np.asarray(hit.any(axis=1), dtype=np.bool_)

    def _at(self, number: int) -> Label:
        mark, x, y = self._mark, float(self._x[number]), float(self._y[number])
        across, down, far = float(_ACROSS[number]), float(_DOWN[number]), float(_FAR[number])
        align = "left" if across > 0 else "right" if across < 0 else "center"
        leader = None
        if far >= _LEADER_FROM:
            edge = (mark.x + across * (mark.radius + 1), mark.y + down * (mark.radius + 1))
            leader = (*edge, x, y - ((down > 0) - (down < 0)) * self._height * 0.35)
        return _label(mark, x, y, align, self._width, self._height, leader)


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
    points = [(x1 + (x2 - x1) * step, y1 + (y2 - y1) * step) for step in _STEPS.tolist()]
    return [Box(x - 1, y - 1, x + 1, y + 1) for x, y in points]


def _disc(mark: Mark, part: float = 1.0) -> Box:
    # A label may touch the rim of a large disc, where it stays readable, but not its middle.
    reach = part * (mark.radius if mark.radius < 8 else mark.radius * 0.8)
    return Box(mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach)


def _array(boxes: Sequence[Box]) -> Boxes:
    rows = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 4)


def _overlap(box: Boxes, taken: Boxes) -> npt.NDArray[np.bool_]:
    """Tell of each taken box whether it shares a point with a box given as left, top, right, bottom.

    These may be arrays of one column, for many boxes at once: the answer then has a row for each.
    """
    left, top, right, bottom = box
    hit: npt.NDArray[np.bool_] = (
        (left < taken[:, 2]) & (taken[:, 0] < right) & (top < taken[:, 3]) & (taken[:, 1] < bottom)
    )
    return hit


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
