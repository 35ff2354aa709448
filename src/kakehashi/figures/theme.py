"""What all figures share: page sizes, colours, symbols and the frame of a Vega-Lite specification."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

FONT_STACK = '"Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif'
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

INK = "#1f2a33"
MUTED = "#56636d"
GRID = "#e3e8eb"
GUIDE = "#8b979f"
HOME = "#b3261e"
ACCENT = "#1d5b8f"
ACCENT_LIGHT = "#a9c4da"
TARGET = "#2f77ad"
OTHER = "#a3aeb6"

# Colours stay apart for the three common kinds of colour blindness and in grey print; each region has its own symbol
# as well, so that colour is never the only sign.
REGION_COLOURS = MappingProxyType(
    {
        "home": HOME,
        "home_country": HOME,
        "upper_right": "#0b5394",
        "upper_left": "#00796b",
        "lower_right": "#b45f06",
        "centre": "#6a3d9a",
        "lower_left": "#5f6b73",
        "unplaced": "#9aa5ad",
    }
)
_STAR = "M0,-1L0.24,-0.33L0.95,-0.31L0.38,0.12L0.59,0.81L0,0.4L-0.59,0.81L-0.38,0.12L-0.95,-0.31L-0.24,-0.33Z"
REGION_SHAPES = MappingProxyType(
    {
        "home": _STAR,
        "home_country": _STAR,
        "upper_right": "triangle-up",
        "upper_left": "square",
        "lower_right": "diamond",
        "centre": "cross",
        "lower_left": "circle",
        "unplaced": "triangle-down",
    }
)
REGIONS = ("home", "upper_right", "upper_left", "lower_right", "centre", "lower_left")


@dataclass(frozen=True)
class Frame:
    """The outer size of a drawing and its margins, in px."""

    name: str
    width: int
    height: int
    left: int = 62
    right: int = 14
    top: int = 12
    bottom: int = 42
    font: float = 11.5

    @property
    def inner_width(self) -> int:
        """Width of the plotting area in px."""
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> int:
        """Height of the plotting area in px."""
        return self.height - self.top - self.bottom


WIDE = Frame("wide", 760, 560)
NARROW = Frame("narrow", 340, 430, left=54, right=8, font=11)
PANEL = Frame("panel", 364, 350, left=54, right=8, top=8, bottom=38, font=11)
WIDE_NETWORK = Frame("wide", 760, 620, left=4, right=4, top=4, bottom=4)
NARROW_NETWORK = Frame("narrow", 340, 430, left=2, right=2, top=2, bottom=2, font=11)


@dataclass(frozen=True)
class Figure:
    """A drawing: its specification, what it shows in words, and the counts that its note has to state."""

    spec: dict[str, Any]
    facts: MappingProxyType[str, float] = field(default_factory=lambda: MappingProxyType({}))


def specification(frame: Frame, layers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Wrap layers into a specification of exactly the frame's size.

    Sizes are fixed instead of fitted, so that the same rows give the same bytes whatever fonts a machine has.
    """
    return {
        "$schema": SCHEMA,
        "width": frame.inner_width,
        "height": frame.inner_height,
        "autosize": {"type": "none"},
        "padding": {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        "config": {
            "aria": False,
            "background": None,
            "font": FONT_STACK,
            "view": {"stroke": None},
            "axis": {
                "domainColor": GUIDE,
                "gridColor": GRID,
                "tickColor": GUIDE,
                "labelColor": MUTED,
                "titleColor": INK,
                "titleFontWeight": "normal",
                "labelFontSize": frame.font - 0.5,
                "titleFontSize": frame.font,
                "labelOverlap": False,
                "labelBound": False,
                "labelFlush": False,
            },
        },
        "layer": list(layers),
    }


def pixel(name: str) -> dict[str, Any]:
    """Encode a field that already holds pixels of the plotting area."""
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def data(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Inline rows as a data source."""
    return {"values": list(rows)}


def text_layer(rows: list[dict[str, Any]], align: str, size: float, colour: str) -> dict[str, Any]:
    """A layer of plain texts at pixel positions."""
    return {
        "data": data(rows),
        "mark": {"type": "text", "align": align, "baseline": "middle", "fontSize": size, "color": colour},
        "encoding": {"x": pixel("x"), "y": pixel("y"), "text": {"field": "label", "type": "nominal"}},
    }


def tick_expression(labels: Sequence[tuple[float, str]]) -> str:
    """A Vega expression that gives each tick the label written for it."""
    expression = "''"
    for value, label in labels:
        expression = f"datum.value === {value!r} ? {json.dumps(label, ensure_ascii=False)} : {expression}"
    return expression
