"""The report as a Word file: contents, numbered figures and tables, vector drawings, styles that can be branded."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kakehashi.report.blocks import FLAT, Block, Bullets, Chapter, FigureBlock, Heading, KeyFigures, TableBlock, Terms
from kakehashi.report.blocks import Paragraph as Text
from kakehashi.report.documents.annex import with_annex
from kakehashi.report.documents.brand import Brand
from kakehashi.report.documents.common import exhibit_name, foot, one_line
from kakehashi.report.documents.images import Image, drawings, images
from kakehashi.report.documents.package import same_bytes
from kakehashi.report.documents.word_parts import (
    add_bookmark,
    add_drawing,
    close_field,
    element,
    open_field,
    update_fields_on_opening,
    write,
    write_contents_line,
    write_field,
)
from kakehashi.report.documents.word_styles import CARE, LABEL, NOTE, start
from kakehashi.report.documents.word_tables import add_facts, add_key_figures, add_table, panel_grid
from kakehashi.report.outline import Outline
from kakehashi.xml_text import allowed as clean

_TALLEST, _TALLEST_FLAT = Mm(205), Mm(88)
"""The second: of drawings so flat that two of them find room on a page."""
_LOGO_HEIGHT = Mm(14)
_EMU_PER_POINT = 12700


@dataclass
class WordFile:
    """A Word file in the making: the document, the words of its language, and the numbers given out so far."""

    document: Document
    outline: Outline
    captions: dict[str, int] = field(default_factory=dict)
    """The last number that a caption of each chapter has been given."""
    bookmarks: "count[int]" = field(default_factory=lambda: count(1))
    pictures: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def text_width(self) -> int:
        """Width of the text area in EMU."""
        section: Any = self.document.sections[0]
        return int(section.page_width - section.left_margin - section.right_margin)

    def paragraph(self, text: str, style: str | None = None) -> Paragraph:
        """Add a paragraph."""
        made = self.document.add_paragraph(style=style)
        write(made, text)
        return made


def word_file(outline: Outline, brand: Brand) -> bytes:
    """Write an outline as a .docx file."""
    outline = with_annex(outline)
    file = WordFile(start(brand, outline.texts.language), outline)
    _properties(file)
    _cover(file, brand)
    _summary(file)
    _contents(file)
    for chapter in outline.chapters:
        _chapter(file, chapter)
    file.paragraph(outline.texts("documents.colophon", version=outline.version), NOTE)
    _header_and_footer(file)
    update_fields_on_opening(file.document)
    made = io.BytesIO()
    file.document.save(made)
    return same_bytes(made.getvalue())


def _properties(file: WordFile) -> None:
    t = file.outline.texts
    properties: Any = file.document.core_properties
    properties.title = one_line(t("title.page", study=file.outline.title))[:255]
    properties.subject = t("title.kicker")
    properties.author = f"Kakehashi {file.outline.version}"
    properties.last_modified_by = ""
    properties.language = t.language
    properties.comments = ""
    for name in ("created", "modified"):  # the day of writing says nothing about the study
        for old in properties._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            properties._element.remove(old)


def _cover(file: WordFile, brand: Brand) -> None:
    t = file.outline.texts
    if brand.logo is not None:
        run = file.document.add_paragraph().add_run()
        run.add_picture(str(brand.logo), height=_LOGO_HEIGHT)._inline.docPr.set("descr", t("documents.logo"))
    file.paragraph(t("title.kicker"), "Subtitle")
    file.paragraph(one_line(file.outline.title), "Title")
    add_facts(file.document, file.outline.facts, file.text_width)
    if file.outline.synthetic:
        made = file.paragraph("", CARE)
        made.paragraph_format.space_before = Pt(18)
        write(made, t("page.synthetic_head") + " ").bold = True
        write(made, t("page.synthetic"))


def _summary(file: WordFile) -> None:
    _heading(file, 1, file.outline.summary.title, "summary")
    for block in file.outline.summary.blocks:
        _write_block(file, block)


def _contents(file: WordFile) -> None:
    """List chapters and sections. Word puts in the page numbers; the list itself stands there from the start."""
    t = file.outline.texts
    title = file.paragraph(t("page.contents"), "Heading 1")
    # It does not list itself.
    title._p.get_or_add_pPr().append(element("outlineLvl", val="9"))
    lines = [(1, file.outline.summary.title, "summary")]
    for chapter in file.outline.chapters:
        lines.append((1, f"{chapter.number}  {chapter.title}", chapter.id))
        lines += [(2, f"{heading.number}  {heading.text}", heading.id) for heading in chapter.headings]
    for place, (level, text, id_) in enumerate(lines):
        made = file.document.add_paragraph(style=f"toc {level}")
        if place == 0:
            open_field(made, 'TOC \\o "1-2" \\h \\z \\u')
        write_contents_line(made, one_line(text), _bookmark(id_))
        if place == len(lines) - 1:
            close_field(made)


def _chapter(file: WordFile, chapter: Chapter) -> None:
    _heading(file, 1, f"{chapter.number}  {chapter.title}", chapter.id)
    following = (*chapter.blocks[1:], None)
    for block, after in zip(chapter.blocks, following, strict=True):
        _write_block(file, block)
        if _introduces(block, after):
            file.document.paragraphs[-1].paragraph_format.keep_with_next = True


def _introduces(block: Block, following: Block | None) -> bool:
    """Tell whether a paragraph leads to a figure or table, so that it should not stay behind on the page before."""
    return isinstance(block, Text) and isinstance(following, FigureBlock | TableBlock)


def _heading(file: WordFile, level: int, text: str, id_: str) -> None:
    made = file.paragraph(one_line(text), f"Heading {level}")
    add_bookmark(made, _bookmark(id_), file.bookmarks)


def _bookmark(id_: str) -> str:
    """Word knows letters, digits and underscores in the name of a bookmark; a leading underscore hides it."""
    return "_k_" + "".join(letter if letter.isalnum() else "_" for letter in id_)


def _write_block(file: WordFile, block: Block) -> None:
    _WRITERS[block.kind](file, block)


def _write_paragraph(file: WordFile, block: Text) -> None:
    styles = {"text": None, "note": NOTE, "care": CARE, "empty": NOTE}
    file.paragraph(block.text, styles[block.look])


def _write_bullets(file: WordFile, block: Bullets) -> None:
    for item in block.items:
        file.paragraph(item, "List Bullet")


def _write_key_figures(file: WordFile, block: KeyFigures) -> None:
    add_key_figures(file.document, block.items, file.text_width)


def _write_terms(file: WordFile, block: Terms) -> None:
    for term, meaning in block.items:
        made = file.paragraph("", None)
        made.paragraph_format.keep_together = True
        write(made, term).bold = True
        write(made, ("　" if file.outline.texts.language == "ja" else "  ") + meaning)


def _write_heading(file: WordFile, block: Heading) -> None:
    _heading(file, 2, f"{block.number}  {block.text}", block.id)


def caption(file: WordFile, block: FigureBlock | TableBlock) -> None:
    """Write a caption whose last number is a field, so that Word can count and list figures put in by hand too."""
    made = file.document.add_paragraph(style="Caption")
    made.paragraph_format.keep_with_next = True
    before, after = exhibit_name(block, file.outline.texts).split(block.number)
    chapter, number = block.number.split("-")
    write(made, f"{before}{chapter}-")
    # Word counts on from the last caption; a table in the annex has the number of its chapter.
    reset = "" if file.captions.get(chapter, 0) + 1 == int(number) > 1 else f" \\r {number}"
    file.captions[chapter] = int(number)
    write_field(made, f"SEQ exhibit{chapter} \\* ARABIC{reset}", number)
    write(made, f"{after}  {one_line(block.title)}")
    if block.n:
        write(made, f"  {clean(block.n)}").bold = False
    add_bookmark(made, _bookmark(block.id), file.bookmarks)


def _foot(file: WordFile, block: FigureBlock | TableBlock) -> None:
    lines = foot(block, file.outline.texts)
    for place, (tag, text) in enumerate(lines):
        made = file.paragraph("", NOTE)
        write(made, f"{tag}  ").bold = True
        write(made, text)
        made.paragraph_format.keep_with_next = place < len(lines) - 1
        if place == 0:
            made.paragraph_format.space_before = Pt(4)
        if place == len(lines) - 1:
            made.paragraph_format.space_after = Pt(14)


def _write_figure(file: WordFile, block: FigureBlock) -> None:
    caption(file, block)
    if block.legend:
        made = file.paragraph("", LABEL)
        made.paragraph_format.keep_with_next = True
        for key in block.legend:
            sign = write(made, f"{key.symbol.character}\u00a0")
            sign.font.color.rgb = RGBColor.from_string(key.symbol.colour.lstrip("#").upper())
            write(made, f"{clean(key.text)}    ")
    shown, made_images = drawings(block), images(block)
    if len(shown) > 1:
        cells = panel_grid(file.document, len(shown), file.text_width)
        for cell, picture, image in zip(cells, shown, made_images, strict=True):
            title = cell.paragraphs[0]
            title.style = LABEL
            title.paragraph_format.keep_with_next = True
            write(title, picture.title).bold = True
            _picture(file, cell.add_paragraph(), image, file.text_width // 2 - Mm(5))
            if picture.note:
                note = cell.add_paragraph(style=NOTE)
                write(note, picture.note)
    else:
        for picture, image in zip(shown, made_images, strict=True):
            paragraph = file.document.add_paragraph()
            _picture(file, paragraph, image, file.text_width)
            paragraph.paragraph_format.keep_with_next = True
            if picture.note:
                note = file.paragraph(picture.note, NOTE)
                note.paragraph_format.keep_with_next = True
    _foot(file, block)


def _picture(file: WordFile, paragraph: Paragraph, image: Image, widest: int) -> None:
    """Place a drawing as wide as the text, but not larger than on the screen and not taller than the page."""
    natural = int(image.width / 96 * 914400)
    tallest = _TALLEST_FLAT if image.ratio < FLAT else _TALLEST
    width = min(widest, natural, int(tallest / image.ratio))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = 1.0
    add_drawing(file.document, paragraph.add_run(), image, Emu(width), next(file.pictures))


def _write_table(file: WordFile, block: TableBlock) -> None:
    caption(file, block)
    add_table(file.document, block.table, one_line(block.title), file.text_width / _EMU_PER_POINT)
    _foot(file, block)


def _header_and_footer(file: WordFile) -> None:
    """Put the title over and the number under each page but the first. What a template has there stays."""
    section = file.document.sections[0]
    if not _holds(section.header):
        made = section.header.paragraphs[0]
        made.style = NOTE
        write(made, one_line(file.outline.texts("title.page", study=file.outline.title)))
    if not _holds(section.footer):
        made = section.footer.paragraphs[0]
        made.style = NOTE
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        write_field(made, "PAGE", "1")
        write(made, " / ")
        write_field(made, "NUMPAGES", "1")


def _holds(part: Any) -> bool:
    """Tell whether a header or footer has text, a picture or a table."""
    written = any(paragraph.text.strip() or paragraph._p.xpath(".//w:drawing") for paragraph in part.paragraphs)
    return bool(written or part.tables)


_WRITERS: dict[str, Callable[[WordFile, Any], None]] = {
    "paragraph": _write_paragraph,
    "bullets": _write_bullets,
    "terms": _write_terms,
    "key_figures": _write_key_figures,
    "heading": _write_heading,
    "figure": _write_figure,
    "table": _write_table,
}
