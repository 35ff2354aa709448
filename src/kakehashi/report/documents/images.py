"""The drawings of a figure as files: SVG that Office programs draw right, and PNG for those that draw no SVG."""

import functools
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

import PIL.Image
import vl_convert

from kakehashi.report.blocks import FigureBlock, Picture

SCALE = 2.5
"""Pixels of the PNG for each px of the drawing: 760 px over 17 cm are then 284 to the inch."""

OFFICE_FONTS = "Yu Gothic, Hiragino Sans, Meiryo, Noto Sans CJK JP, Noto Sans JP, sans-serif"
_SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')
_DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_RIMMED = re.compile(r'<text(?P<head>[^>]*?) stroke="(?P<colour>[^"]+)"(?P<rest>[^>]*)>(?P<words>[^<]*)</text>')
_STROKES = re.compile(r' stroke(?:-[a-z]+)?="[^"]*"')
_FAMILY = re.compile(r'font-family="[^"]*"')


@dataclass(frozen=True)
class Image:
    """A drawing to be placed in a document. Width and height are those of the drawing in px."""

    svg: bytes
    png: bytes
    width: float
    height: float
    title: str
    description: str

    @property
    def ratio(self) -> float:
        """Height over width."""
        return self.height / self.width


def drawings(figure: FigureBlock) -> tuple[Picture, ...]:
    """Return the drawings that a sheet of paper or a slide shows: all but those made for a narrow screen."""
    return tuple(picture for picture in figure.pictures if picture.use != "narrow")


def images(figure: FigureBlock) -> Sequence[Image]:
    """Make the images of a figure's drawings, in their order."""
    return [image(str(picture.svg)) for picture in drawings(figure)]


@functools.lru_cache(maxsize=256)
def image(svg: str) -> Image:
    """Make an image from an inline SVG of the report."""
    size, said, title = _SIZE.search(svg), _DESCRIPTION.search(svg), _TITLE.search(svg)
    if size is None or said is None or title is None:
        raise AssertionError("a drawing of the report has neither size nor description")
    width, height = (float(part) for part in size.groups())
    drawn = rims_first(svg)
    alone = _FAMILY.sub(f'font-family="{OFFICE_FONTS}"', drawn, count=1)
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return Image(head + alone.encode(), _png(drawn), width, height, unescape(title[1]), unescape(said[1]))


def _png(svg: str) -> bytes:
    """Draw on white, with as many colours as a drawing has use for: a quarter of the bytes, and nothing to be seen.

    The paper is part of the drawing: resvg would give pale and translucent colours wrongly on nothing.
    """
    end = svg.index(">") + 1
    paper = f'{svg[:end]}<rect width="100%" height="100%" fill="#ffffff"/>{svg[end:]}'
    drawn = PIL.Image.open(io.BytesIO(vl_convert.svg_to_png(paper, scale=SCALE))).convert("RGB")
    made = io.BytesIO()
    drawn.quantize(256, PIL.Image.Quantize.MEDIANCUT, dither=PIL.Image.Dither.NONE).save(made, "PNG")
    return made.getvalue()


def rims_first(svg: str) -> str:
    """Draw the pale rim of each label as a text of its own under it.

    The page says `paint-order: stroke`, which Office programs do not know: they would paint the rim over the letters.
    """

    def two(found: re.Match[str]) -> str:
        plain = _STROKES.sub("", f"{found['head']}{found['rest']}")
        under = re.sub(r' fill="[^"]*"', "", plain)
        strokes = "".join(_STROKES.findall(f'{found["head"]} stroke="{found["colour"]}"{found["rest"]}'))
        return (
            f'<text{under} fill="{found["colour"]}"{strokes} stroke-linejoin="round">{found["words"]}</text>'
            f"<text{plain}>{found['words']}</text>"
        )

    return _RIMMED.sub(two, svg)
