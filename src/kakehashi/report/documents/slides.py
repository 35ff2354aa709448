"""The report as a PowerPoint file: a figure or table on each slide, its finding as the title, the rest in the notes."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from kakehashi.figures.labels import text_width
from kakehashi.report.blocks import Block, Bullets, Chapter, FigureBlock, KeyFigure, KeyFigures, TableBlock
from kakehashi.report.blocks import Paragraph as Text
from kakehashi.report.documents.brand import Brand
from kakehashi.report.documents.common import exhibit_name, foot, one_line
from kakehashi.report.documents.images import drawings, images
from kakehashi.report.documents.package import same_bytes
from kakehashi.report.documents.slide_parts import (
    Room,
    Show,
    accent,
    add_key_figures,
    add_picture,
    rgb,
    run,
    start,
    text_box,
    write,
)
from kakehashi.report.documents.slide_tables import add_table, parts
from kakehashi.report.outline import Outline
from kakehashi.texts import Texts
from kakehashi.xml_text import allowed as clean

_ACROSS = 3
"""Small maps side by side on a slide: with more, their letters would fall under 8 points."""
_FLAT = 0.5
_CAPTION = Inches(0.42)
_GAP = Inches(0.25)
_BODY = (16.0, 15.0, 14.0, 13.0)
"""Sizes tried for running text, in points: the first at which it fits on one slide."""
_SIDE, _SMALL = 11.0, 9.0
_EMU_PER_POINT = 12700


def slide_file(outline: Outline, brand: Brand) -> bytes:
    """Write an outline as a .pptx file.

    Tables of evidence that a page folds are left out; the last slide names them and says where they are.
    """
    show = start(brand, outline.texts.language)
    _properties(show, outline)
    _cover(show, outline, brand)
    _summary(show, outline)
    _sentences(
        show, outline.texts("page.contents"), [f"{one.number}  {one.title}" for one in outline.chapters], bullet=""
    )
    for chapter in outline.chapters:
        show.chapter = f"{chapter.number}  {one_line(chapter.title)}"
        for block, before in _exhibits(chapter):
            if isinstance(block, FigureBlock):
                _figure(show, block, before, outline.texts)
            elif not block.folded:
                _table(show, block, before, outline.texts)
    show.chapter = ""
    _left_out(show, outline)
    made = io.BytesIO()
    show.file.save(made)
    return same_bytes(made.getvalue())


def _properties(show: Show, outline: Outline) -> None:
    t = outline.texts
    properties: Any = show.file.core_properties
    properties.title = one_line(t("title.page", study=outline.title))[:255]
    properties.subject = t("title.kicker")
    properties.author = f"Kakehashi {outline.version}"
    properties.last_modified_by = ""
    properties.language = t.language
    for name in ("created", "modified"):
        for old in properties._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            properties._element.remove(old)


def _cover(show: Show, outline: Outline, brand: Brand) -> None:
    t = outline.texts
    slide = show.file.slides.add_slide(show.cover)
    if brand.slides is None:
        band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.4), show.file.slide_height)
        accent(band.fill)
        band.line.fill.background()
        band.shadow.inherit = False
    write(slide.shapes.title.text_frame, [one_line(outline.title)], t.language)
    bottom = slide.shapes.title.top + slide.shapes.title.height
    for shape in list(slide.placeholders):
        if shape.placeholder_format.idx == 1:
            write(shape.text_frame, [t("title.kicker")], t.language)
            bottom = shape.top + shape.height
    left, width = slide.shapes.title.left, slide.shapes.title.width
    frame = text_box(slide, Room(left, bottom + _GAP, width, show.file.slide_height - bottom - 2 * _GAP))
    for place, (name, value) in enumerate(outline.facts):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(4)
        run(paragraph, f"{name}  ", t.language, 14, muted=True)
        run(paragraph, value, t.language, 14, bold=True)
    if outline.synthetic:
        paragraph = frame.add_paragraph()
        paragraph.space_before = Pt(14)
        run(paragraph, t("page.synthetic_head") + " ", t.language, 12, bold=True)
        run(paragraph, t("page.synthetic"), t.language, 12)
    if brand.logo is not None:
        logo = slide.shapes.add_picture(str(brand.logo), left, Inches(0.5), height=Inches(0.6))
        logo._element.nvPicPr.cNvPr.set("descr", t("documents.logo"))


def _summary(show: Show, outline: Outline) -> None:
    """Write the summary: its key figures over its sentences on the first slide."""
    key = [item for block in outline.summary.blocks if isinstance(block, KeyFigures) for item in block.items]
    _sentences(show, outline.summary.title, _said(outline.summary.blocks), key=key)


def _said(blocks: Sequence[Block]) -> list[str]:
    sentences: list[str] = []
    for block in blocks:
        if isinstance(block, Bullets):
            sentences += block.items
        elif isinstance(block, Text):
            sentences.append(block.text)
    return sentences


def _sentences(
    show: Show, title: str, sentences: Sequence[str], bullet: str = "•  ", key: Sequence[KeyFigure] = ()
) -> None:
    """Write sentences, over as many slides as they need. `key`: key figures over those of every slide."""
    top = Inches(1.25) if key else Inches(0.15)
    room = Room(show.room.left, show.room.top + top, show.room.width, show.room.height - top)
    after = 7.0
    width, available = room.width / _EMU_PER_POINT - 20, room.height / _EMU_PER_POINT - 12
    for size in _BODY:
        pages = _pages(sentences, size, after, width, available)
        if len(pages) == 1:
            break
    else:
        size = _BODY[0]
        pages = _pages(sentences, size, after, width, available)
    for place, page in enumerate(pages, 1):
        slide = show.slide(_counted(title, place, len(pages)))
        if key:
            add_key_figures(show, slide, key, Room(room.left, show.room.top + Inches(0.12), room.width, Inches(1.0)))
        frame = text_box(slide, room)
        for number, sentence in enumerate(page):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(after)
            paragraph.line_spacing = 1.1
            run(paragraph, f"{bullet}{sentence}", show.language, size)


def _pages(sentences: Sequence[str], size: float, after: float, width: float, available: float) -> list[list[str]]:
    """Share sentences out among slides; sizes in points."""
    pages: list[list[str]] = [[]]
    used = 0.0
    for sentence in sentences:
        height = (1 + int(text_width(sentence, size) / width)) * size * 1.3 + after
        if pages[-1] and used + height > available:
            pages.append([])
            used = 0.0
        pages[-1].append(sentence)
        used += height
    return pages


def _counted(title: str, place: int, pages: int) -> str:
    return f"{title} ({place}/{pages})" if pages > 1 else title


def _exhibits(chapter: Chapter) -> Iterator[tuple[FigureBlock | TableBlock, list[str]]]:
    """Yield the figures and tables of a chapter, each with the running text that stands before it."""
    before: list[str] = []
    for block in chapter.blocks:
        if isinstance(block, FigureBlock | TableBlock):
            yield block, before
            before = []
        elif isinstance(block, Text):
            before.append(block.text)


def _begin(show: Show, block: FigureBlock | TableBlock, t: Texts, place: int = 1, pages: int = 1) -> tuple[Any, Room]:
    """Add a slide with its headline and caption. Returns the slide and the room that is left."""
    headline = block.headline or block.title
    slide = show.slide(_counted(one_line(headline), place, pages))
    room = show.room
    caption = f"{exhibit_name(block, t)}  {one_line(block.title)}  {clean(block.n)}".strip()
    frame = text_box(slide, Room(room.left, room.top + Inches(0.06), room.width, Inches(0.3)))
    run(frame.paragraphs[0], caption, t.language, 12, muted=True)
    source = Inches(0.28)
    if block.source:
        frame = text_box(slide, Room(room.left, room.top + room.height - Inches(0.22), room.width, Inches(0.22)))
        run(
            frame.paragraphs[0],
            _shortened(f"{t('page.source')}  {block.source}", room.width),
            t.language,
            _SMALL,
            muted=True,
        )
    return slide, Room(room.left, room.top + _CAPTION, room.width, room.height - _CAPTION - source)


def _shortened(text: str, width: int) -> str:
    """Cut a text that does not fit on one line; the notes have it whole."""
    most = width / _EMU_PER_POINT
    said = one_line(text)
    while text_width(said, _SMALL) > most:
        said = said[:-2].rstrip() + "…"
    return said


def _notes(slide: Any, block: FigureBlock | TableBlock, before: Sequence[str], t: Texts) -> None:
    """Put into the notes of a slide what the page says around the figure or table."""
    lines = [f"{exhibit_name(block, t)}  {block.title} {block.n}", *before]
    lines += [f"{tag}: {text}" for tag, text in foot(block, t)]
    slide.notes_slide.notes_text_frame.text = "\n".join(clean(line) for line in lines)


def _figure(show: Show, block: FigureBlock, before: Sequence[str], t: Texts) -> None:
    shown, made = drawings(block), images(block)
    if len(shown) > 1:
        pages = -(-len(shown) // _ACROSS)
        for page in range(pages):
            slide, room = _begin(show, block, t, page + 1, pages)
            room = _legend_above(show, slide, block, room)
            width = (room.width - (_ACROSS - 1) * _GAP) // _ACROSS
            for place in range(page * _ACROSS, min((page + 1) * _ACROSS, len(shown))):
                left = room.left + (place - page * _ACROSS) * (width + _GAP)
                frame = text_box(slide, Room(left, room.top, width, Inches(0.3)))
                run(frame.paragraphs[0], shown[place].title, t.language, 12, bold=True)
                space = Room(left, room.top + Inches(0.32), width, room.height - Inches(0.8))
                taken = add_picture(show, slide, made[place], space)
                if shown[place].note:
                    under = Room(left, taken.top + taken.height + Inches(0.05), width, Inches(0.4))
                    run(text_box(slide, under).paragraphs[0], shown[place].note, t.language, _SMALL, muted=True)
            _notes(slide, block, before, t)
        return
    slide, room = _begin(show, block, t)
    for image in made:
        if image.ratio < _FLAT:
            room = _legend_above(show, slide, block, room)
            add_picture(show, slide, image, room)
        else:
            taken = add_picture(
                show, slide, image, Room(room.left, room.top, int(room.width * 0.64), room.height), centred=False
            )
            left = taken.left + taken.width + _GAP
            _beside(show, slide, block, Room(left, room.top, room.left + room.width - left, room.height), t)
    _notes(slide, block, before, t)


def _legend_above(show: Show, slide: Any, block: FigureBlock, room: Room) -> Room:
    if not block.legend:
        return room
    frame = text_box(slide, Room(room.left, room.top, room.width, Inches(0.3)))
    length = 0.0
    for key in block.legend:
        _key(frame.paragraphs[0], key, show)
        length += text_width(f"{key.symbol.character} {key.text}   ", 12)
    height = Inches(0.36) + Inches(0.22) * int(length / (room.width / _EMU_PER_POINT))
    return Room(room.left, room.top + height, room.width, room.height - height)


def _beside(show: Show, slide: Any, block: FigureBlock, room: Room, t: Texts) -> None:
    """Write legend, definition and notes beside a drawing, as far as there is room: the slide's notes have them all."""
    frame = text_box(slide, room)
    available = room.height / _EMU_PER_POINT
    paragraph = frame.paragraphs[0]
    for place, key in enumerate(block.legend):
        paragraph = paragraph if place == 0 else frame.add_paragraph()
        _key(paragraph, key, show)
        available -= 12 * 1.3 * (1 + int(text_width(key.text, 12) / (room.width / _EMU_PER_POINT)))
    said = [(tag, text) for tag, text in foot(block, t) if tag != t("page.source")]
    said += [("", picture.note) for picture in drawings(block) if picture.note]
    for tag, text in said:
        height = (1 + int(text_width(f"{tag} {text}", _SIDE) / (room.width / _EMU_PER_POINT))) * _SIDE * 1.25 + 10
        if height > available:
            continue
        available -= height
        paragraph = frame.add_paragraph() if paragraph.runs else paragraph
        paragraph.space_before = Pt(10)
        if tag:
            run(paragraph, f"{tag}  ", show.language, _SIDE, bold=True)
        run(paragraph, text, show.language, _SIDE, muted=True)


def _key(paragraph: Any, key: Any, show: Show) -> None:
    sign = run(paragraph, f"{key.symbol.character} ", show.language, 12)
    sign.font.color.rgb = rgb(key.symbol.colour)
    run(paragraph, f"{key.text}   ", show.language, 12)


def _table(show: Show, block: TableBlock, before: Sequence[str], t: Texts) -> None:
    room = show.room
    inside = Room(room.left, room.top + _CAPTION, room.width, room.height - _CAPTION - Inches(0.28))
    size, pages = parts(block.table, inside, show.language)
    for place, rows in enumerate(pages, 1):
        slide, left = _begin(show, block, t, place, len(pages))
        add_table(show, slide, block.table, rows, size, left)
        _notes(slide, block, before, t)


def _left_out(show: Show, outline: Outline) -> None:
    """Name the tables that stand in the other formats only."""
    t = outline.texts
    folded = [block for block in outline.blocks if isinstance(block, TableBlock) and block.folded]
    lines = [f"{exhibit_name(block, t)}  {block.title} {block.n}" for block in folded]
    if lines:
        _sentences(show, t("documents.left_out"), [t("documents.left_out_text"), *lines], bullet="")
