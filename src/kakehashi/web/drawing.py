"""Drawings for pages: the figures of the report, with links and trails laid over them."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.figures import theme
from kakehashi.figures.render import svg
from kakehashi.figures.theme import Figure

_HIT = 11
"""Radius in px of the spot that answers the pointer: a finger needs more than the symbol."""


@dataclass(frozen=True)
class Spot:
    """A place of a drawing that leads somewhere: where, what it is called, what is told of it, and the address."""

    x: float
    y: float
    name: str
    facts: tuple[str, ...]
    href: str


@dataclass(frozen=True)
class Trail:
    """A way through a drawing: its points in order with a word for each, and its colour."""

    name: str
    points: tuple[tuple[float, float, str], ...]
    colour: str


def drawn(figure: Figure, key: str, title: str, description: str) -> str:
    """Render a figure without the one inline style that the explorer's policy forbids; its style sheet says it."""
    return svg(figure.spec, key=key, title=title, description=description).replace(' style="paint-order:stroke"', "")


def overlaid(text: str, spots: Sequence[Spot], trails: Sequence[Trail] = ()) -> str:
    """Lay trails under a drawing's points and names, and links over them.

    The drawing stays one picture to a screen reader; the links stand after it in a group of their own.
    """
    body = text.removesuffix("</svg>").replace('role="img"', 'role="group"', 1)
    head, end, rest = body.partition("</desc>")
    return f'{head}{end}{"".join(map(_trail, trails))}{rest}<g class="spots">{"".join(map(_spot, spots))}</g></svg>'


def _spot(spot: Spot) -> str:
    told = html.escape("\n".join((spot.name, *spot.facts)), quote=True)
    return (
        f'<a href="{html.escape(spot.href, quote=True)}" aria-label="{told}" data-tip="{told}">'
        f'<circle cx="{spot.x}" cy="{spot.y}" r="{_HIT}" fill="transparent"/></a>'
    )


def _trail(trail: Trail) -> str:
    if len(trail.points) < 2:
        return ""
    path = "L".join(f"{x},{y}" for x, y, _ in trail.points)
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="{1.8 + 1.4 * number / len(trail.points):.1f}" fill="{trail.colour}">'
        f"<title>{html.escape(f'{trail.name}, {word}')}</title></circle>"
        for number, (x, y, word) in enumerate(trail.points)
    )
    line = f'<path d="M{path}" fill="none" stroke="{trail.colour}" stroke-width="1.4" opacity="0.75"/>'
    return f'<g class="trail">{line}{dots}</g>'


def colour_of(region: str | None) -> str:
    """Return the colour of a region."""
    return theme.REGION_COLOURS[region or "unplaced"]
