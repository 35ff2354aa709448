"""How a Word report looks where the user brings no template: page, type, headings, captions, tables.

The styles are Word's own where it has one, so that a template of one's own needs no special names.
"""

import re
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from kakehashi.figures import theme
from kakehashi.report.documents.brand import ACCENTS, Brand, with_accents
from kakehashi.report.documents.word_parts import element
from kakehashi.texts import Language

LATIN, EAST_ASIAN = "Arial", "Yu Gothic"
NOTE, CARE, CELL, TABLE, LABEL = (
    "Kakehashi Note", "Kakehashi Care", "Kakehashi Cell", "Kakehashi Table", "Kakehashi Label",
)  # fmt: skip
CELL_SIZE = 8.0
_LANGUAGES = {"ja": "en-US", "en": "en-GB"}
_INK, _MUTED, _ACCENT = (RGBColor.from_string(colour.lstrip("#").upper()) for colour in (
    theme.INK, theme.MUTED, theme.ACCENT,
))  # fmt: skip


# The parts of a paragraph's properties have a fixed order, on which Word insists.
_AFTER_GRID = (
    "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection",
    "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr",
    "w:pPrChange",
)  # fmt: skip
_AFTER_TABS = (
    "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE",
    "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", *_AFTER_GRID,
)  # fmt: skip


def start(brand: Brand, language: Language) -> Document:
    """Open an empty document in the user's look or in ours, with every style that the report uses."""
    if brand.word is None:
        document = docx.Document()
        _our_look(document, language)
    else:
        document = docx.Document(str(brand.word))
        _emptied(document)
    _missing_styles(document)
    _language(document, language)
    return document


def _emptied(document: Document) -> None:
    """Take the text out of a template. What belongs to the page (size, header, footer) stays."""
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _our_look(document: Document, language: Language) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    for style in document.styles.element.iter(qn("w:style"), qn("w:rPrDefault")):
        for fonts in style.iter(qn("w:rFonts")):
            for name in list(fonts.attrib):
                del fonts.attrib[name]
            for name in ("ascii", "hAnsi", "cs"):
                fonts.set(qn(f"w:{name}"), LATIN)
            fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    for part in document.part.package.iter_parts():
        if part.partname.endswith("/theme1.xml"):
            part._blob = with_accents(part.blob, ACCENTS, LATIN, EAST_ASIAN)
    styles: Any = document.styles
    _type(styles["Normal"], 10.5 if language == "ja" else 10, _INK, after=6, line=1.35)
    styles["Normal"].paragraph_format.widow_control = True
    _type(styles["Title"], 30, _INK, before=0, after=26, line=1.25, bold=True)
    _without_borders(styles["Title"])
    _type(styles["Subtitle"], 13, _ACCENT, before=150, after=12, line=1.2, bold=True)
    properties = styles["Subtitle"].element.get_or_add_pPr()
    properties.insert_element_before(_band(), "w:shd", "w:tabs", *_AFTER_TABS)
    _type(styles["Heading 1"], 18, _ACCENT, before=0, after=12, line=1.2, bold=True)
    _type(styles["Heading 2"], 13, _INK, before=18, after=6, line=1.2, bold=True)
    _type(styles["Caption"], 9.5, _INK, before=12, after=4, line=1.2, bold=True)
    _type(styles["List Bullet"], 10.5 if language == "ja" else 10, _INK, after=5, line=1.3)
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        styles[name].font.italic = False
        styles[name].paragraph_format.keep_with_next = name != "Title"
    styles["Heading 1"].paragraph_format.page_break_before = True


def _missing_styles(document: Document) -> None:
    """Add the styles that are the report's own, where a template has none of that name."""
    styles: Any = document.styles
    known = {style.name for style in styles}
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Bullet"):
        if name not in known:
            _added(styles, name, "Normal")
    for name, size, colour, after in ((NOTE, 8, _MUTED, 2), (CELL, CELL_SIZE, None, 0), (LABEL, 8.5, None, 2)):
        if name not in known:
            style = _added(styles, name, "Normal")
            _type(style, size, colour, before=0, after=after, line=1.25)
    if CARE not in known:
        style = _added(styles, CARE, "Normal")
        _type(style, 9.5, _INK, before=6, after=8, line=1.3)
        style.element.get_or_add_pPr().insert(0, _care_border())
    for level in (1, 2):
        name = f"toc {level}"
        if name not in known:
            _contents_style(_added(styles, name, "Normal"), level, document)
    if TABLE not in known:
        styles.element.append(_table_style())


def _added(styles: Any, name: str, base: str) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if base in {known.name for known in styles}:
        style.base_style = styles[base]
    style.quick_style = True
    return style


def _contents_style(style: Any, level: int, document: Document) -> None:
    section: Any = document.sections[0]
    text_width = section.page_width - section.left_margin - section.right_margin
    style.paragraph_format.tab_stops.add_tab_stop(text_width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    style.paragraph_format.left_indent = Mm(0 if level == 1 else 6)
    style.paragraph_format.space_before = Pt(4 if level == 1 else 0)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    style.font.size = Pt(9.5)
    style.font.bold = level == 1


def _type(
    style: Any, size: float, colour: RGBColor | None, *, before: float = 0, after: float = 0, line: float = 1.2,
    bold: bool | None = None,
) -> None:  # fmt: skip
    style.font.size = Pt(size)
    if colour is not None:
        style.font.color.rgb = colour
    if bold is not None:
        style.font.bold = bold
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line
    form.alignment = WD_ALIGN_PARAGRAPH.LEFT
    # Yu Gothic would jump to two lines of the document grid.
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:snapToGrid")):
        properties.remove(old)
    properties.insert_element_before(element("snapToGrid", val="0"), *_AFTER_GRID)


def _without_borders(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _band() -> Any:
    """The bar over the head of the first page."""
    colour = theme.ACCENT.lstrip("#").upper()
    return parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="96" w:space="22" w:color="{colour}"/></w:pBdr>'
    )


def _care_border() -> Any:
    return parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="{MONEY}"/></w:pBdr>'
    )


MONEY = "A85A00"


def _table_style() -> Any:
    """Rules above, below and under the head; no vertical lines; the head in a pale shade of the first accent."""
    rule = 'w:val="single" w:sz="{}" w:space="0" w:color="8B979F"'
    light = 'w:val="single" w:sz="4" w:space="0" w:color="E3E8EB"'
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE.replace(" ", "")}">'
        f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {rule.format(8)}/><w:bottom {rule.format(8)}/><w:insideH {light}/>"
        '</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom {rule.format(6)}/></w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="E6EFF6" '
        'w:themeFill="accent1" w:themeFillTint="26"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _language(document: Document, language: Language) -> None:
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is None:
        return
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(element("lang", val=_LANGUAGES[language], eastAsia="ja-JP", bidi="ar-SA"))


def style_id(name: str) -> str:
    """Return the id under which a style of ours is kept."""
    return re.sub(r"\s", "", name)
