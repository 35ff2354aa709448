"""Lines over years with the series' names at their ends, from zero; a gap where a year has no value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.bars import nice_step
from kakehashi.figures.labels import Box, Mark, layers, place, text_width
from kakehashi.figures.theme import Figure, Frame

# Colour and dash both tell the series apart.
HOME_STYLE: tuple[str, tuple[int, ...]] = (theme.HOME, (1, 0))
STYLES: tuple[tuple[str, tuple[int, ...]], ...] = (
    (theme.ACCENT, (1, 0)),
    ("#00796b", (2, 2)),
    ("#b45f06", (8, 3, 2, 3)),
    ("#6a3d9a", (4, 2)),
    (theme.MUTED, (1, 3)),
)
MOST = len(STYLES)


@dataclass(frozen=True)
class Series:
    """One line: its name and (year, value) pairs in order of years; a value may be None. `home` has its own look."""

    label: str
    values: tuple[tuple[int, float | None], ...]
    home: bool = False


Band = Sequence[tuple[int, float, float]]
"""A pale area between two values of each year, in order of years."""


def lines(
    series: Sequence[Series],
    frame: Frame,
    y_title: str,
    tick: Callable[[float], str],
    *,
    unit: float = 1.0,
    band: Band = (),
) -> Figure:
    """Draw a few series.

    Args:
        series: in order of importance; more than `MOST` are left out and counted.
        frame: size in px.
        y_title: name and unit of the value, written above the axis.
        tick: formats a value for the axis.
        unit: smallest step of ticks, such as 0.01 for shares: ticks fall on its multiples.
        band: what the last series may lie between; it has that line's colour.

    Returns:
        The figure with facts: drawn, left_out, unlabelled.
    """
    drawn = series[:MOST]
    values = [value for line in drawn for _, value in line.values if value is not None]
    values += [high for _, _, high in band]
    years = sorted({year for line in drawn for year, _ in line.values} | {year for year, _, _ in band}) or [0]
    step = nice_step(max([*values, unit * 4]) / unit, 4) * unit
    top = step * (int(max([*values, 0.0]) / step + 0.999999) or 1)
    names = max((text_width(line.label, frame.font) for line in drawn), default=0.0)
    ticks = [step * count for count in range(round(top / step) + 1)]
    widest = max(text_width(tick(value), frame.font) for value in ticks)
    frame = replace(frame, left=int(widest) + 14, right=int(names) + 20, top=30, bottom=30)
    span = max(years[-1] - years[0], 1)

    def x(year: int) -> float:
        return round((year - years[0]) / span * frame.inner_width, 2)

    def y(value: float) -> float:
        return round(frame.inner_height * (1 - value / top), 2)

    built = [_grid(ticks, frame, y, tick), _years(years, frame, x), _title(y_title, frame)]
    marks = []
    looks = iter(STYLES)
    styles = [HOME_STYLE if line.home else next(looks) for line in drawn]
    if band:
        built.append(_area(band, styles[-1][0] if styles else theme.MUTED, x, y))
    known = [[(x(year), y(value)) for year, value in line.values if value is not None] for line in drawn]
    early = [points for points in known if points and points[-1][0] < frame.inner_width]
    for line, points, (colour, dash) in zip(drawn, known, styles, strict=True):
        built += _line(line, colour, dash, x, y)
        # The names of several lines that end early would lie over each other: these stand in the margin too.
        if points in early and len(early) == 1:
            built.append(_inside(line.label, points, frame))
        else:
            marks += [Mark(*last, 4, line.label, vital=True) for last in points[-1:]]
    room = Box(frame.inner_width + 2, -frame.top, frame.inner_width + frame.right, frame.inner_height + 8)
    labels = place(_spread(marks, frame.font * 1.35, frame.inner_height), room, frame.font)
    spec = theme.specification(frame, [*built, *layers(labels, frame.font)])
    facts = {
        "drawn": len(drawn),
        "left_out": len(series) - len(drawn),
        "unlabelled": sum(1 for label in labels if label is None),
    }
    return Figure(spec, MappingProxyType(facts))


def _inside(label: str, points: Sequence[tuple[float, float]], frame: Frame) -> dict[str, Any]:
    """Name a line that ends before the others beside its last point, on the side where the line is not."""
    x, y = points[-1]
    falls = len(points) > 1 and points[-2][1] < y
    at_right = x < text_width(label, frame.font) + 8
    row = {"x": x + 8 if at_right else x - 4, "y": y + 16 if falls else y - 14, "label": label}
    return theme.text_layer([row], "left" if at_right else "right", frame.font, theme.INK)


def _area(band: Band, colour: str, x: Callable[[int], float], y: Callable[[float], float]) -> dict[str, Any]:
    rows = [{"x": x(year), "y": y(high), "y2": y(low)} for year, low, high in band]
    return {
        "data": theme.data(rows),
        "mark": {"type": "area", "color": colour, "opacity": 0.2},
        "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "y2": {"field": "y2"}},
    }


def _spread(marks: Sequence[Mark], pitch: float, bottom: float) -> list[Mark]:
    """Move labels' anchors apart, from the top down and back from the bottom up, so that each finds room."""
    moved: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.y, mark.text)):
        lowest = moved[-1].y + pitch if moved else mark.y
        moved.append(replace(mark, y=max(mark.y, lowest)))
    for number in range(len(moved) - 1, -1, -1):
        highest = moved[number + 1].y - pitch if number + 1 < len(moved) else bottom
        moved[number] = replace(moved[number], y=min(moved[number].y, highest))
    return moved


def _grid(
    ticks: Sequence[float], frame: Frame, y: Callable[[float], float], tick: Callable[[float], str]
) -> dict[str, Any]:
    rows = [{"x": 0, "x2": frame.inner_width, "y": y(value)} for value in ticks]
    names = [{"x": -8, "y": y(value), "label": tick(value)} for value in ticks]
    return {
        "layer": [
            {
                "data": theme.data(rows),
                "mark": {"type": "rule", "color": theme.GRID},
                "encoding": {"x": theme.pixel("x"), "y": theme.pixel("y"), "x2": {"field": "x2"}},
            },
            theme.text_layer(names, "right", frame.font - 0.5, theme.MUTED),
        ]
    }


def _years(years: Sequence[int], frame: Frame, x: Callable[[int], float]) -> dict[str, Any]:
    room = max(int(frame.inner_width / (text_width("2000", frame.font) + 12)), 1)
    every = max(-(-(years[-1] - years[0] + 1) // room), 1)
    rows = [
        {"x": x(year), "y": frame.inner_height + 16, "label": str(year)}
        for year in years
        if (year - years[0]) % every == 0
    ]
    return theme.text_layer(rows, "center", frame.font - 0.5, theme.MUTED)


def _title(text: str, frame: Frame) -> dict[str, Any]:
    return theme.text_layer([{"x": 6 - frame.left, "y": -18, "label": text}], "left", frame.font, theme.INK)


def _line(
    line: Series, colour: str, dash: tuple[int, ...], x: Callable[[int], float], y: Callable[[float], float]
) -> list[dict[str, Any]]:
    rows = []
    stretch = 0
    for year, value in line.values:
        if value is None:
            stretch += 1
        else:
            rows.append({"x": x(year), "y": y(value), "year": year, "value": value, "stretch": stretch})
    encoding = {"x": theme.pixel("x"), "y": theme.pixel("y")}
    order = {"order": {"field": "year", "type": "quantitative"}, "detail": {"field": "stretch", "type": "nominal"}}
    stroke = {"color": colour, "strokeWidth": 2.8 if line.home else 2, "strokeDash": list(dash)}
    return [
        {"data": theme.data(rows), "mark": {"type": "line", **stroke}, "encoding": {**encoding, **order}},
        {
            "data": theme.data(rows),
            "mark": {"type": "point", "filled": True, "size": 26, "opacity": 1, "color": colour},
            "encoding": encoding,
        },
    ]
