"""The network as a file of its own: SVG with discs, lines and names that do not overlap."""

import html
import math
from collections.abc import Sequence

from kakehashi.figures import theme
from kakehashi.figures.labels import Box, Mark, place
from kakehashi.web.view import Record

_SIZE, _RIM = 1400, 60
_NAMED = 150


def network_svg(nodes: Sequence[Record], edges: Sequence[tuple[int, int, int]], title: str) -> str:
    """Draw nodes (id, name, country, papers, x, y, region; most papers first) and edges (ends, joint works)."""
    xs, ys = [row[4] for row in nodes], [row[5] for row in nodes]
    scale = (_SIZE - 2 * _RIM) / max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
    at = [
        (round((x - min(xs)) * scale + _RIM, 1), round((y - min(ys)) * scale + _RIM, 1))
        for x, y in zip(xs, ys, strict=True)
    ]
    width, height = max(x for x, _ in at) + _RIM, max(y for _, y in at) + _RIM
    most = max(row[3] for row in nodes) or 1
    largest = 12 if len(nodes) > 400 else 24
    radii = [max(2.0, round(largest * math.sqrt(row[3] / most), 1)) for row in nodes]
    strongest = max((works for _, _, works in edges), default=1)
    lines = "".join(
        f'<path d="M{at[a][0]},{at[a][1]}L{at[b][0]},{at[b][1]}" stroke="#5d7687" '
        f'stroke-opacity="{0.08 + 0.7 * math.sqrt(works / strongest):.2f}" '
        f'stroke-width="{0.5 + 3 * works / strongest:.2f}"/>'
        for a, b, works in reversed(edges)
    )
    discs = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{theme.REGION_COLOURS[row[6]]}" stroke="#ffffff"/>'
        for (x, y), r, row in zip(at, radii, nodes, strict=True)
    )
    marks = [
        Mark(x, y, r, row[1] if number < _NAMED else "")
        for number, ((x, y), r, row) in enumerate(zip(at, radii, nodes, strict=True))
    ]
    labels = (
        place(marks, Box(0, 0, width, height), 13)
        if len(nodes) <= 400
        else place(marks[:_NAMED], Box(0, 0, width, height), 13)
    )
    anchors = {"left": "start", "center": "middle", "right": "end"}
    names = "".join(
        f'<text x="{one.x}" y="{one.y + 4.5:.1f}" text-anchor="{anchors[one.align]}" font-size="13" '
        f'fill="{theme.INK}" stroke="#ffffff" stroke-width="3" stroke-opacity="0.85">{html.escape(one.text)}</text>'
        for one in labels
        if one is not None
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="network-title" '
        f'font-family="{html.escape(theme.FONT_STACK)}"><title id="network-title">{html.escape(title)}</title>'
        f"{lines}{discs}{names}</svg>"
    )
