"""Parts of a Word file that python-docx does not write: fields, bookmarks, links, vector drawings, languages."""

import io
from itertools import count
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from kakehashi.report.documents.images import Image
from kakehashi.xml_text import allowed as clean

_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def element(tag: str, /, **attributes: str) -> Any:
    """Make an element of WordprocessingML: `element("tab", val="right")` is `<w:tab w:val="right"/>`."""
    made = OxmlElement(f"w:{tag}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def write(paragraph: Paragraph, text: str, style: Any = None) -> Run:
    """Add a run of text. East Asian characters and signs among them are set in the East Asian font."""
    said = clean(text)
    run = paragraph.add_run(said, style)
    if any(ord(character) > 0x2E7F for character in said):
        fonts = element("rFonts", hint="eastAsia")
        run._r.get_or_add_rPr().insert(0, fonts)
    return run


def write_field(paragraph: Paragraph, instruction: str, shown: str = "") -> None:
    """Add a field that Word computes, with what is shown until it does."""
    for child in _field(instruction, shown):
        paragraph._p.append(child)


def _field(instruction: str, shown: str) -> list[Any]:
    runs = []
    for kind in ("begin", instruction, "separate", shown, "end"):
        run = OxmlElement("w:r")
        if kind in ("begin", "separate", "end"):
            run.append(element("fldChar", fldCharType=kind))
        else:
            text = OxmlElement("w:instrText" if kind == instruction else "w:t")
            text.text = f" {kind} " if kind == instruction else kind
            text.set(qn("xml:space"), "preserve")
            run.append(text)
        runs.append(run)
    return runs


def open_field(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field whose result are the following paragraphs, up to `close_field`."""
    runs = _field(instruction, "")[:3]
    runs[0][0].set(qn("w:dirty"), "true")
    for run in runs:
        paragraph._p.append(run)


def close_field(paragraph: Paragraph) -> None:
    """End the field that `open_field` began."""
    paragraph._p.append(_field("", "")[-1])


def add_bookmark(paragraph: Paragraph, name: str, ids: "count[int]") -> None:
    """Put a bookmark around what a paragraph holds."""
    number = str(next(ids))
    start, end = element("bookmarkStart", id=number, name=name), element("bookmarkEnd", id=number)
    properties = paragraph._p.pPr
    paragraph._p.insert(0 if properties is None else 1, start)
    paragraph._p.append(end)


def write_contents_line(paragraph: Paragraph, text: str, bookmark: str) -> None:
    """Write a line of the contents: a link to a bookmark, dots, and the page on which it stands."""
    link = element("hyperlink", anchor=bookmark, history="1")
    run = write(paragraph, text)
    run.add_tab()
    link.append(run._r)
    for child in _field(f"PAGEREF {bookmark} \\h", ""):
        link.append(child)
    paragraph._p.append(link)


def add_drawing(document: Document, run: Run, image: Image, width: int, number: int) -> None:
    """Place a drawing: the SVG for programs that draw it, the PNG for the others, and its description.

    Args:
        document: that owns the run.
        run: takes the drawing.
        image: what is placed.
        width: in EMU.
        number: of the drawing in the document, for its name.
    """
    inline: Any = run.add_picture(io.BytesIO(image.png), Emu(width))._inline
    properties = inline.docPr
    properties.set("name", f"Picture {number}")
    properties.set("descr", clean(image.description))
    properties.set("title", clean(image.title))
    inner = inline.graphic.graphicData.pic.nvPicPr.cNvPr
    inner.set("name", f"picture{number}.png")
    package = document.part.package
    part = Part(PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", image.svg, package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    inline.graphic.graphicData.pic.blipFill.blip.append(svg_extension(relation))


def svg_extension(relation: str) -> Any:
    """The element that names the SVG of a picture, in any Office file."""
    return parse_xml(
        f'<a:extLst {nsdecls("a")}><a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{_SVG_NAMESPACE}" '
        f'{nsdecls("r")} r:embed="{relation}"/></a:ext></a:extLst>'
    )


def shade(properties: Any, fill: str) -> None:
    """Give the properties of a cell or a paragraph a background."""
    properties.append(element("shd", val="clear", color="auto", fill=fill))


_AFTER_UPDATE_FIELDS = (
    "hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema",
    "themeFontLang", "clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade",
    "captions", "readModeInkLockDown", "smartTagType", "schemaLibrary", "shapeDefaults", "doNotEmbedSmartTags",
    "decimalSymbol", "listSeparator",
)  # fmt: skip


def update_fields_on_opening(document: Document) -> None:
    """Let Word fill in the page numbers of the contents when the file is first opened."""
    settings = document.settings.element
    for old in settings.findall(qn("w:updateFields")):
        settings.remove(old)
    # The settings of a file have a fixed order, on which Word insists.
    later = (child for child in settings if child.tag.rpartition("}")[2] in _AFTER_UPDATE_FIELDS)
    following = next(later, None)
    made = element("updateFields", val="true")
    if following is None:
        settings.append(made)
    else:
        following.addprevious(made)
