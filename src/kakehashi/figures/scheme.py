"""Scheme diagrams: who funds, who agrees, who reviews, who researches where; drawn from the view on each axis.

Home stands on the left, its partner on the right, and below one another the governments, the agencies, the researchers
and the research site. A side that takes no part is a dashed box, so that every diagram has the same places. The drawing
brings its own white ground and reads on a dark page; money is told by thickness and a label as well as by colour.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.figures import theme
from kakehashi.figures.labels import text_width
from kakehashi.knowledge.axes import AXES, axes, views
from kakehashi.knowledge.derive import Seen, Side, seen_from_home
from kakehashi.knowledge.patterns import Pattern
from kakehashi.texts import Texts

COLOURS: Mapping[Side, tuple[str, str]] = {"home": ("#1d5b8f", "#e6eff6"), "partner": ("#00695c", "#e2f1ee")}
JOINT = ("#5b3a86", "#efe9f6")
MONEY = "#a85a00"
_RESTS = ("#8b979f", "#ffffff")
_HEAD, _GOVERNMENT, _AGENCY, _RESEARCHERS, _SITE = (8, 30), (52, 40), (142, 58), (256, 40), (346, 40)
_HEIGHT = 430
_LINE = 1.25


@dataclass(frozen=True)
class Page:
    """Sizes of a drawing in px: its width, the margin, the width of each side's column, and two sizes of type."""

    name: str
    width: int
    margin: int
    column: int
    font: float
    small: float

    def left(self, side: Side) -> float:
        """Left edge of a side's column."""
        return self.margin if side == "home" else self.width - self.margin - self.column

    def at(self, side: Side, share: float) -> float:
        """A place across a side's column, 0 at its outer and 1 at its inner edge."""
        return self.left(side) + self.column * (share if side == "home" else 1 - share)


WIDE_SCHEME = Page("wide", 720, 12, 250, 13.5, 12)
NARROW_SCHEME = Page("narrow", 340, 8, 120, 12, 10.5)
SIDES: tuple[Side, Side] = ("home", "partner")


@dataclass(frozen=True)
class Diagram:
    """What a diagram shows: a pattern as home sees it, whether shares are voluntary, and the names of the two sides."""

    seen: Seen
    voluntary: bool
    home: str
    partner: str

    def takes_part(self, axis: str, side: Side) -> bool:
        """Tell whether a side takes part on an axis."""
        return self.seen.views[axis] in (side, "both", "joint")  # type: ignore[index]


def pattern_diagram(pattern: Pattern, texts: Texts, names: tuple[str, str] | None = None, way: int = 0) -> Diagram:
    """Return the diagram of a pattern. `names` of home and partner: as none in particular, if left out.

    `way`: which way round, where it makes a difference (`seen_from_home`): 0 with home as funder, or else as host.
    """
    home, partner = names or (texts("diagram.home"), texts("diagram.partner"))
    return Diagram(seen_from_home(pattern)[way], pattern.funding == "both_voluntary", home, partner)


def scheme(diagram: Diagram, texts: Texts, page: Page, *, key: str, title: str) -> str:
    """Draw a diagram as an inline SVG.

    Args:
        diagram: what is to be drawn.
        texts: the language of the labels.
        page: `WIDE_SCHEME` or `NARROW_SCHEME`.
        key: unique in the page that holds the drawing; ids begin with it.
        title: the accessible name.

    Returns:
        The SVG, the same for the same diagram, with a description of all five axes for those who do not see it.
    """
    parts = [
        *(_head(page, side, getattr(diagram, side)) for side in SIDES),
        *_governments(diagram, texts, page),
        *_agencies(diagram, texts, page),
        *_researchers(diagram, texts, page),
        *_site(diagram, texts, page),
        *_support(diagram, texts, page),
        *_payers(diagram, texts, page),
        *_legend(texts, page),
    ]
    size = f'width="{page.width}" height="{_HEIGHT}" viewBox="0 0 {page.width} {_HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{key}-title {key}-desc" '
        f'font-family="{html.escape(theme.FONT_STACK)}">'
        f'<title id="{key}-title">{html.escape(title)}</title>'
        f'<desc id="{key}-desc">{html.escape(description(diagram, texts))}</desc>'
        f'<rect width="{page.width}" height="{_HEIGHT}" rx="6" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def description(diagram: Diagram, texts: Texts) -> str:
    """Say in words what the diagram shows, axis by axis."""
    said = []
    for axis in AXES:
        view = texts.fill(
            views()[f"{axis}.{diagram.seen.views[axis]}"].name, home=diagram.home, partner=diagram.partner
        )
        said.append(texts("diagram.axis", axis=axes()[axis].name(texts.language), view=view))
    if diagram.voluntary:
        said.append(texts("diagram.voluntary_said"))
    return texts("diagram.joiner").join(said)


def _governments(diagram: Diagram, texts: Texts, page: Page) -> list[str]:
    parts = []
    top, height = _GOVERNMENT
    for side in SIDES:
        takes_part = diagram.takes_part("government", side)
        parts.append(_box(page, side, _GOVERNMENT, [texts("diagram.government")], takes_part, texts))
        runs = diagram.takes_part("agency", side)
        if takes_part and runs:
            x = page.at(side, 0.78)
            parts.append(_arrow((x, top + height), (x, _AGENCY[0])))
            parts.append(_beside(page, side, x, (top + height + _AGENCY[0]) / 2, texts("diagram.topics")))
    if diagram.seen.views["government"] == "both":
        parts += _between(page, _GOVERNMENT, texts("diagram.agreement"))
    return parts


def _agencies(diagram: Diagram, texts: Texts, page: Page) -> list[str]:
    view = diagram.seen.views["agency"]
    duties = texts("diagram.duties")
    if view == "joint":
        x, width = page.margin, page.width - 2 * page.margin
        return [
            _rect(x, _AGENCY, width, JOINT),
            *_lines(x + width / 2, _AGENCY, [texts("diagram.joint"), duties], page, width),
        ]
    parts = [
        _box(page, side, _AGENCY, [texts("diagram.agency"), duties], diagram.takes_part("agency", side), texts)
        for side in SIDES
    ]
    return [*parts, *(_between(page, _AGENCY, texts("diagram.cooperation")) if view == "both" else [])]


def _researchers(diagram: Diagram, texts: Texts, page: Page) -> list[str]:
    parts = [
        _box(page, side, _RESEARCHERS, [texts("diagram.researchers")], diagram.takes_part("researchers", side), texts)
        for side in SIDES
    ]
    if diagram.seen.views["researchers"] == "both":
        parts += _between(page, _RESEARCHERS, texts("diagram.joint_research"))
    return parts


def _site(diagram: Diagram, texts: Texts, page: Page) -> list[str]:
    parts = []
    top, height = _SITE
    start = _RESEARCHERS[0] + _RESEARCHERS[1]
    for side in SIDES:
        other: Side = "partner" if side == "home" else "home"
        works = diagram.takes_part("researchers", side)
        if diagram.takes_part("research_site", side):
            parts.append(_box(page, side, _SITE, [texts("diagram.site")], True, texts))
            if works:
                parts.append(_arrow((page.at(side, 0.5), start), (page.at(side, 0.5), top)))
        elif works:
            x, y = page.at(side, 0.5), top + height / 2
            parts.append(_arrow((x, start), (x, y), (page.at(other, 1), y)))
            parts.append(
                _text(
                    page.at(side, 0.5) + (8 if side == "home" else -8),
                    y - 9,
                    texts("diagram.travel"),
                    page.small,
                    theme.MUTED,
                    "start" if side == "home" else "end",
                )
            )
    return parts


def _support(diagram: Diagram, texts: Texts, page: Page) -> list[str]:
    """Draw proposals up to the agencies and money down to the researchers, across where one agency pays for both."""
    parts = []
    top, bottom = _AGENCY[0] + _AGENCY[1], _RESEARCHERS[0]
    for side in SIDES:
        other: Side = "partner" if side == "home" else "home"
        if not diagram.takes_part("agency", side):
            continue
        if diagram.takes_part("researchers", side):
            up, down = page.left(side) + page.column * 0.16, page.left(side) + page.column * 0.6
            parts.append(_arrow((up, bottom), (up, top)))
            parts.append(_arrow((down, top), (down, bottom), money=True))
            parts.append(_text(up + 6, bottom - 14, texts("diagram.proposal"), page.small, theme.MUTED, "start"))
            parts.append(_text(down + 7, bottom - 14, texts("diagram.money"), page.small, MONEY, "start"))
        if diagram.takes_part("researchers", other) and not diagram.takes_part("agency", other):
            start, end = page.at(side, 0.96), page.at(other, 0.5)
            parts.append(_arrow((start, top), (start, top + 14), (end, top + 14), (end, bottom), money=True))
    return parts


def _payers(diagram: Diagram, texts: Texts, page: Page) -> list[str]:
    """Mark each side that pays with a tag on the upper edge of its agency, or of the joint one."""
    label = texts("diagram.voluntary" if diagram.voluntary else "diagram.pays")
    width, height = text_width(label, page.small) + 14, page.small + 7
    parts = []
    for side in SIDES:
        if diagram.takes_part("funding", side):
            x = page.left(side) - 2 if side == "home" else page.left(side) + page.column + 2 - width
            y = _AGENCY[0] - height / 2 - 3
            dash = ' stroke-dasharray="4 3"' if diagram.voluntary else ""
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{height / 2:.1f}" '
                f'fill="#fff3df" stroke="{MONEY}" stroke-width="1.5"{dash}/>'
            )
            parts.append(_text(x + width / 2, y + height / 2, label, page.small, MONEY, "middle", bold=True))
    return parts


def _legend(texts: Texts, page: Page) -> list[str]:
    y = _HEIGHT - 18
    x = page.margin + 40
    return [
        _arrow((page.margin, y), (page.margin + 32, y), money=True),
        _text(x, y, texts("diagram.legend"), page.small, theme.MUTED, "start"),
    ]


def _head(page: Page, side: Side, name: str) -> str:
    size = page.font
    while text_width(name, size) > page.column and size > page.small:
        size -= 0.5
    lines = _wrapped(name, size, page.column)
    middle = _HEAD[0] + _HEAD[1] / 2
    first = middle - (len(lines) - 1) * size * _LINE / 2
    x = page.left(side) + page.column / 2
    return "".join(
        _text(x, first + number * size * _LINE, line, size, COLOURS[side][0], "middle", bold=True)
        for number, line in enumerate(lines)
    )


def _box(page: Page, side: Side, row: tuple[int, int], lines: list[str], takes_part: bool, texts: Texts) -> str:
    x = page.left(side)
    said = lines if takes_part else [lines[0], texts("diagram.rests")]
    colours = COLOURS[side] if takes_part else _RESTS
    inside = _lines(x + page.column / 2, row, said, page, page.column, muted=not takes_part)
    return _rect(x, row, page.column, colours, dashed=not takes_part) + "".join(inside)


def _rect(x: float, row: tuple[int, int], width: float, colours: tuple[str, str], *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<rect x="{x:.1f}" y="{row[0]}" width="{width:.1f}" height="{row[1]}" rx="5" fill="{colours[1]}" '
        f'stroke="{colours[0]}" stroke-width="1.5"{dash}/>'
    )


def _lines(
    x: float, row: tuple[int, int], said: list[str], page: Page, width: float, *, muted: bool = False
) -> list[str]:
    """Write lines into a box: the first in the larger type, wrapped to the width, centred."""
    sized = [
        (line, page.small if number or muted else page.font, not number and not muted)
        for number, text in enumerate(said)
        for line in _wrapped(text, page.small if number or muted else page.font, width - 10)
    ]
    height = sum(size * _LINE for _, size, _ in sized)
    y = row[0] + (row[1] - height) / 2
    parts = []
    for line, size, bold in sized:
        y += size * _LINE
        colour = theme.MUTED if muted or not bold else theme.INK
        parts.append(_text(x, y - size * _LINE / 2, line, size, colour, "middle", bold=bold))
    return parts


def _between(page: Page, row: tuple[int, int], label: str) -> list[str]:
    """Draw what the two sides do together, between their boxes."""
    y = row[0] + row[1] / 2
    start, end = page.at("home", 1) + 3, page.at("partner", 1) - 3
    lines = _wrapped(label, page.small, end - start)
    top = y - 9 - (len(lines) - 1) * page.small * _LINE
    words = [
        _text((start + end) / 2, top + number * page.small * _LINE, line, page.small, theme.INK, "middle")
        for number, line in enumerate(lines)
    ]
    return [_arrow((start, y), (end, y), both_ends=True), *words]


def _beside(page: Page, side: Side, x: float, y: float, label: str) -> str:
    anchor, shift = ("end", -6) if side == "home" else ("start", 6)
    return _text(x + shift, y - 4, label, page.small, theme.MUTED, anchor)


def _wrapped(text: str, size: float, width: float) -> list[str]:
    """Break a text at spaces, or between East Asian characters where it has none, so that each line fits the width."""
    pieces = text.split(" ") if " " in text else list(text)
    joiner = " " if " " in text else ""
    lines = [pieces[0]]
    for piece in pieces[1:]:
        longer = f"{lines[-1]}{joiner}{piece}"
        if text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _text(x: float, y: float, text: str, size: float, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y + size * 0.35:.1f}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}"{weight}>{html.escape(text)}</text>'
    )


def _arrow(*points: tuple[float, float], money: bool = False, both_ends: bool = False) -> str:
    """Draw a line through points with a head at its end."""
    colour, width, head = (MONEY, 3.0, 9.0) if money else (theme.MUTED, 1.5, 7.0)
    ends = [_tip(points[-2], points[-1], head, colour)]
    line = [*points[:-1], _shortened(points[-2], points[-1], head)]
    if both_ends:
        ends.append(_tip(points[1], points[0], head, colour))
        line[0] = _shortened(points[1], points[0], head)
    path = " ".join(f"{'M' if number == 0 else 'L'}{x:.1f},{y:.1f}" for number, (x, y) in enumerate(line))
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>{"".join(ends)}'


def _shortened(start: tuple[float, float], end: tuple[float, float], by: float) -> tuple[float, float]:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1.0
    return end[0] - (end[0] - start[0]) / length * by * 0.8, end[1] - (end[1] - start[1]) / length * by * 0.8


def _tip(start: tuple[float, float], end: tuple[float, float], size: float, colour: str) -> str:
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5 or 1.0
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    back = (end[0] - ux * size, end[1] - uy * size)
    a = (back[0] - uy * size * 0.5, back[1] + ux * size * 0.5)
    b = (back[0] + uy * size * 0.5, back[1] - ux * size * 0.5)
    return f'<path d="M{end[0]:.1f},{end[1]:.1f}L{a[0]:.1f},{a[1]:.1f}L{b[0]:.1f},{b[1]:.1f}Z" fill="{colour}"/>'
