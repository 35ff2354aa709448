"""What a slide show is made of: its look, layouts and room, texts in the right language, and pictures."""

import copy
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from kakehashi.figures import theme
from kakehashi.figures.labels import text_width
from kakehashi.report.blocks import KeyFigure
from kakehashi.report.documents.brand import ACCENTS, Brand, with_accents
from kakehashi.report.documents.images import Image
from kakehashi.report.documents.word_parts import svg_extension
from kakehashi.texts import Language
from kakehashi.xml_text import allowed as clean

LANGUAGES = {"ja": "ja-JP", "en": "en-GB"}
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_FURNITURE = (*_TITLES, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


TITLE_SIZES = (24.0, 20.0, 18.0, 16.0, 14.0, 12.0)
"""Sizes of a slide's title in points: the template's own, taken to be the first, or the first in which it fits."""
_EMU_PER_POINT = 12700
_BOLD = 1.15


@dataclass(frozen=True)
class Room:
    """A rectangle of a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int


@dataclass
class Show:
    """A slide show in the making: the file, its two layouts, the room under a title, and the pictures so far."""

    file: Any
    cover: Any
    content: Any
    room: Room
    language: Language
    pictures: int = 0
    chapter: str = ""
    """What the foot of a slide says: in which chapter one is."""

    def slide(self, title: str) -> Any:
        """Add a slide with a title and nothing else on it."""
        made = self.file.slides.add_slide(self.content)
        holder = made.shapes.title
        size = next((size for size in TITLE_SIZES if fits(title, size, holder.width, holder.height)), TITLE_SIZES[-1])
        write(holder.text_frame, [title], self.language, None if size == TITLE_SIZES[0] else size)
        for shape in list(made.placeholders):
            if shape.placeholder_format.type not in _FURNITURE:
                shape._element.getparent().remove(shape._element)
        self._foot(made)
        return made

    def _foot(self, slide: Any) -> None:
        """Show number and chapter where the layout has a place for them: python-pptx leaves them out."""
        for shape in self.content.placeholders:
            kind = shape.placeholder_format.type
            if kind == PP_PLACEHOLDER.SLIDE_NUMBER or (kind == PP_PLACEHOLDER.FOOTER and self.chapter):
                slide.shapes._spTree.append(copy.deepcopy(shape._element))
            if kind == PP_PLACEHOLDER.FOOTER and self.chapter:
                slide.placeholders[shape.placeholder_format.idx].text_frame.text = clean(self.chapter)


def start(brand: Brand, language: Language) -> Show:
    """Open an empty show in the user's look or in ours."""
    if brand.slides is None:
        file = Presentation()
        _our_look(file)
    else:
        file = Presentation(str(brand.slides))
        _emptied(file)
    layouts = list(file.slide_layouts)
    content = min(layouts, key=lambda layout: (not _has(layout, _TITLES), _others(layout), layouts.index(layout)))
    cover = next((layout for layout in layouts if _has(layout, (PP_PLACEHOLDER.CENTER_TITLE,))), content)
    return Show(file, cover, content, _room(file, content), language)


def _has(layout: Any, kinds: tuple[Any, ...]) -> bool:
    return any(shape.placeholder_format.type in kinds for shape in layout.placeholders)


def _others(layout: Any) -> int:
    """How many placeholders a layout has that a figure would have to share its slide with."""
    return sum(shape.placeholder_format.type not in _FURNITURE for shape in layout.placeholders)


def _room(file: Any, layout: Any) -> Room:
    """The room for a figure: as wide as the title, from its lower edge to what stands at the foot of the slide."""
    title = next(shape for shape in layout.placeholders if shape.placeholder_format.type in _TITLES)
    top = title.top + title.height
    feet = [
        shape.top for shape in layout.placeholders
        if shape.placeholder_format.type in _FURNITURE[2:] and shape.top > top
    ]  # fmt: skip
    bottom = min([*feet, file.slide_height - Inches(0.35)])
    return Room(title.left, top, title.width, bottom - top)


def _emptied(file: Any) -> None:
    """Take the slides out of a template. Masters and layouts stay."""
    slides = file.slides._sldIdLst
    for entry in list(slides):
        file.part.drop_rel(entry.rId)
        slides.remove(entry)


def _our_look(file: Any) -> None:
    file.slide_width, file.slide_height = Inches(13.333), Inches(7.5)
    master = file.slide_master
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = with_accents(part.blob, ACCENTS, "Arial", "Yu Gothic")
    keep = {"Title Slide", "Title Only"}
    for layout in list(file.slide_layouts):
        if layout.name not in keep:
            file.slide_layouts.remove(layout)
    places = {
        PP_PLACEHOLDER.TITLE: (0.5, 0.35, 12.33, 0.95),
        PP_PLACEHOLDER.CENTER_TITLE: (0.9, 1.7, 11.5, 1.4),
        PP_PLACEHOLDER.SUBTITLE: (0.9, 3.15, 11.5, 0.6),
        PP_PLACEHOLDER.BODY: (0.5, 1.4, 12.33, 5.4),
        PP_PLACEHOLDER.DATE: (0.5, 7.0, 2.5, 0.3),
        PP_PLACEHOLDER.FOOTER: (3.5, 7.0, 6.3, 0.3),
        PP_PLACEHOLDER.SLIDE_NUMBER: (11.33, 7.0, 1.5, 0.3),
    }
    for holder in (master, *file.slide_layouts):
        for shape in holder.placeholders:
            place = places.get(shape.placeholder_format.type)
            if place is not None:
                shape.left, shape.top, shape.width, shape.height = (Inches(part) for part in place)
            if shape.placeholder_format.type in _TITLES:
                shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    style = master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    letters = style.find(qn("a:defRPr"))
    letters.set("sz", "2400")
    letters.set("b", "1")
    colour = letters.find(f"{qn('a:solidFill')}/{qn('a:schemeClr')}")
    if colour is not None:
        colour.set("val", "accent1")
    for layout in file.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE:
                for level in shape._element.iter(qn("a:lvl1pPr")):
                    level.set("algn", "l")
                    level.set("marL", "0")
                    level.find(qn("a:defRPr")).set("sz", "1800")


def fits(text: str, size: float, width: int, height: int) -> bool:
    """Tell whether a text finds room in a frame (EMU) at a size in points, margins and line spacing counted in."""
    lines = 1 + int(text_width(text, size) * _BOLD / (width / _EMU_PER_POINT - 16))
    return lines * size * 1.2 + 8 <= height / _EMU_PER_POINT


def write(frame: Any, lines: list[str], language: Language, size: float | None = None, *, muted: bool = False) -> None:
    """Write lines into a text frame, in place of what it holds."""
    frame.word_wrap = True
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run(paragraph, line, language, size, muted=muted)


def rgb(colour: str) -> Any:
    """Return a colour such as #1d5b8f as PowerPoint takes it."""
    kind: Any = RGBColor
    return kind.from_string(colour.lstrip("#").upper())


def run(
    paragraph: Any, text: str, language: Language, size: float | None = None, *, muted: bool = False, bold: bool = False
) -> Any:
    """Add a run of text in a language."""
    made = paragraph.add_run()
    made.text = clean(text)
    properties = made._r.get_or_add_rPr()
    properties.set("lang", LANGUAGES[language])
    properties.set("altLang", LANGUAGES["en" if language == "ja" else "ja"])
    if size is not None:
        made.font.size = Pt(size)
    if muted:
        made.font.color.rgb = rgb(theme.MUTED)
    if bold:
        made.font.bold = True
    return made


def text_box(slide: Any, room: Room) -> Any:
    """Add a text box without margins and return its frame."""
    frame = slide.shapes.add_textbox(*(Emu(part) for part in (room.left, room.top, room.width, room.height))).text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    return frame


def add_key_figures(show: Show, slide: Any, items: Sequence[KeyFigure], room: Room) -> None:
    """Put key figures side by side: what each is, the number large, a remark; a bar over each."""
    gap = Inches(0.2)
    width = (room.width - gap * (len(items) - 1)) // len(items)
    for place, item in enumerate(items):
        left = room.left + place * (width + gap)
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(room.top), Emu(width), Pt(3))
        accent(bar.fill)
        bar.line.fill.background()
        bar.shadow.inherit = False
        frame = text_box(slide, Room(left, room.top + Inches(0.07), width, room.height - Inches(0.07)))
        run(frame.paragraphs[0], item.name, show.language, 11, muted=True)
        value = run(frame.add_paragraph(), item.value, show.language, 22, bold=True)
        value.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1
        run(frame.add_paragraph(), item.remark, show.language, 11)


def add_picture(show: Show, slide: Any, image: Image, room: Room, *, centred: bool = True) -> Room:
    """Place a drawing as large as a room allows, and return the room it takes."""
    width = min(room.width, int(room.height / image.ratio))
    height = int(width * image.ratio)
    left = room.left + (room.width - width) // 2 if centred else room.left
    picture = slide.shapes.add_picture(io.BytesIO(image.png), Emu(left), Emu(room.top), Emu(width), Emu(height))
    show.pictures += 1
    properties = picture._element.nvPicPr.cNvPr
    properties.set("name", f"Picture {show.pictures}")
    properties.set("descr", clean(image.description))
    properties.set("title", clean(image.title))
    name = PackURI(f"/ppt/media/drawing{show.pictures}.svg")
    part = Part(name, "image/svg+xml", slide.part.package, image.svg)
    relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    picture._element.blipFill.find(qn("a:blip")).append(svg_extension(relation))
    return Room(left, room.top, width, height)


def accent(fill: Any, brightness: float = 0.0) -> None:
    """Fill with the template's first accent colour."""
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    fill.fore_color.brightness = brightness
