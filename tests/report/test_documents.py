"""The documents opened again: every figure and table is there, and the numbers are those of the page."""

import io
import random
import re
import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from functools import cache

import docx
import openpyxl
import PIL.Image
import pptx
import pytest
from docx.oxml.ns import qn
from markupsafe import escape
from pypdf import PdfReader

import example_study
from kakehashi.errors import MissingProgramError, SettingsError
from kakehashi.figures.table import Band, row_cells
from kakehashi.report.blocks import FigureBlock, KeyFigures, TableBlock
from kakehashi.report.documents import images
from kakehashi.report.documents.annex import with_annex
from kakehashi.report.documents.brand import Brand, read_brand
from kakehashi.report.documents.images import drawings
from kakehashi.report.outline import make_outline
from kakehashi.report.writing import FORMATS, write_report, written
from kakehashi.settings import Settings, StudySection
from kakehashi.texts import LANGUAGES

NAME = '=1+1 "Study" <b>&\x07'
SAMPLED = 200
MANIFEST = {"kakehashi": "9.8.7", "stages": {"corpus": {"tables": {"works": {"rows": 1234567}}}}}


@pytest.fixture(scope="module", autouse=True)
def _small_pictures():
    """Draw with few dots: what the tests look at are the files around them."""
    whole, images.SCALE = images.SCALE, 0.5
    yield
    images.SCALE = whole
    images.image.cache_clear()


@cache
def outline(language):
    settings = Settings(study=StudySection(name=NAME, targets=example_study.TARGETS[:6], synthetic=True))
    return make_outline(example_study.rows_of(example_study.connect()), MANIFEST, settings, language)


@cache
def document(form, language="ja"):
    return written(outline(language), form, Brand())


def word(language="ja"):
    return docx.Document(io.BytesIO(document("docx", language)))


def show(language="ja"):
    return pptx.Presentation(io.BytesIO(document("pptx", language)))


@cache
def book(language="ja"):
    return openpyxl.load_workbook(io.BytesIO(document("xlsx", language)))


def exhibits(kind, language="ja"):
    return [block for block in outline(language).blocks if isinstance(block, kind)]


def cells(language="ja"):
    """Every cell of every table as (table, row, column, cell), bands not counted as rows."""
    for block in exhibits(TableBlock, language):
        rows = [row for row in block.table.rows if not isinstance(row, Band)]
        for number, row in enumerate(rows):
            for column, cell in enumerate(row_cells(row)):
                yield block, number, column, cell


def sampled(language="ja", **wanted):
    found = [entry for entry in cells(language) if all(getattr(entry[3], k) is not None for k in wanted)]
    return random.Random(7).sample(found, SAMPLED)


def first_lines(text):
    return text.split("\n")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_cells_are_equal_in_the_page_and_in_word(language):
    page = document("html", language).decode()
    tables = {}
    for table in word(language)._body._body.tbl_lst:
        caption = table.tblPr.find(qn("w:tblCaption"))
        if caption is not None:
            tables[caption.get(qn("w:val"))] = [
                ["".join(text.text or "\n" for text in cell.iter(qn("w:t"), qn("w:br"))) for cell in row.tc_lst]
                for row in table.tr_lst[1:]
            ]
    for block, row, column, cell in sampled(language):
        rows = [line for line in tables[block.title] if len(line) == len(block.table.columns)]
        shown = "–" if cell.text is None else cell.text
        assert first_lines(rows[row][column]) == first_lines(shown)
        table = page.split(f'id="{block.id}"')[1].split("</table>")[0]
        lines = [line for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:] if 'class="band"' not in line]
        found = re.findall(r"<t[dh].*?</t[dh]>", lines[row], re.DOTALL)[column]
        text = re.sub(r"<code.*?</code>|<span.*?</span>|<[^>]*>", "", found, flags=re.DOTALL).strip()
        assert text == str(escape(shown)).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_numbers_are_equal_in_the_tables_and_in_excel(language):
    sheets = {sheet["A1"].value.split("  ")[0]: sheet for sheet in book(language).worksheets if sheet["A1"].value}
    t = outline(language).texts
    for block, row, column, cell in sampled(language, value=True):
        shift = 1 if any(isinstance(line, Band) for line in block.table.rows) else 0
        found = sheets[t("page.table", number=block.number)].cell(6 + row, 1 + column + shift)
        assert found.value == pytest.approx(cell.value)
        if "×10" not in cell.text:
            assert as_shown(found) == cell.text


def as_shown(cell):
    """Write a number as its format says, for the formats that the workbook uses."""
    pattern = cell.number_format
    if pattern.startswith('"'):
        return pattern.strip('"')
    if pattern == "0.0%":
        return f"{cell.value:.1%}"
    if pattern.startswith("+"):
        return f"{cell.value:+.2f}".replace("-", "−")
    places = len(pattern.partition(".")[2])
    return f"{cell.value:,.{places}f}" if "," in pattern else f"{cell.value:.{places}f}"


def squeezed(text):
    """A text without what differs between a page and what a program reads out of a PDF: spaces, forms of a letter."""
    return re.sub(r"[\s\u00ad]+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_numbers_are_equal_in_the_tables_and_on_slides(language):
    slides = {}
    for slide in show(language).slides:
        for shape in slide.shapes:
            if shape.has_table:
                key = shape._element.nvGraphicFramePr.cNvPr.get("descr")
                lines = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows][1:]
                slides[key] = slides.get(key, []) + lines
    found = [entry for entry in cells(language) if entry[3].value is not None and not entry[0].folded]
    for block, row, column, cell in random.Random(7).sample(found, SAMPLED):
        bands = {line.text for line in block.table.rows if isinstance(line, Band)}
        lines = [line for line in slides[block.table.caption] if line[0] not in bands]
        assert first_lines(lines[row][column]) == first_lines(cell.text)


@pytest.mark.skipif(not (shutil.which("chromium") or shutil.which("google-chrome")), reason="needs a browser")
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils, to read PDF files")
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_numbers_are_equal_in_the_tables_and_in_the_pdf(language, tmp_path):
    (tmp_path / "report.pdf").write_bytes(document("pdf", language))
    command = ["pdftotext", "-raw", tmp_path / "report.pdf", "-"]
    text = squeezed(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for block, number, _, _ in sampled(language, value=True):
        row = [line for line in block.table.rows if not isinstance(line, Band)][number]
        words = [squeezed("–" if cell.text is None else cell.text) for cell in row_cells(row)]
        # Between two cells may stand a sign for a code, or a line of the cell before.
        assert re.search(".{0,120}?".join(map(re.escape, words)), text), (block.number, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_on_the_page_with_its_number_and_all_its_drawings(language):
    page = document("html", language).decode()
    for block in exhibits(FigureBlock, language):
        figure = page.split(f'<figure id="{block.id}"')[1].split("</figure>")[0]
        assert figure.count('role="img"') == len(block.pictures), block.number
        assert outline(language).texts("page.figure", number=block.number) in figure


@pytest.mark.skipif(not (shutil.which("chromium") or shutil.which("google-chrome")), reason="needs a browser")
def test_every_figure_is_in_the_pdf_with_its_description():
    described = []

    def look(element):
        if element.get("/S") == "/Figure" and "/Alt" in element:
            described.append(str(element["/Alt"]))
        inside = element.get("/K", [])
        for one in inside if isinstance(inside, list) else [inside]:
            one = one.get_object() if hasattr(one, "get_object") else one
            if hasattr(one, "get"):
                look(one)

    look(PdfReader(io.BytesIO(document("pdf"))).trailer["/Root"]["/StructTreeRoot"])
    for block in exhibits(FigureBlock):
        for image in images.images(block):
            assert any(image.description in one for one in described), (block.number, image.description)


def test_every_figure_is_in_word_as_vectors_with_a_picture_beside_and_a_description():
    wanted = [str(p.svg) for block in exhibits(FigureBlock) for p in drawings(block)]
    shapes = word().element.body.findall(f".//{qn('wp:docPr')}")
    described = [shape for shape in shapes if shape.get("descr")]
    assert len(described) == len(wanted) > 10
    parts = zipfile.ZipFile(io.BytesIO(document("docx"))).namelist()
    assert sum(name.endswith(".svg") for name in parts) == len(wanted)


def test_word_numbers_its_figures_as_the_page_does_and_lists_its_chapters_with_their_sheets():
    file = word()
    captions = [paragraph.text for paragraph in file.paragraphs if paragraph.style.name == "Caption"]
    all_ = [block for block in outline("ja").blocks if isinstance(block, FigureBlock | TableBlock)]
    moved = [block.number for block in all_ if getattr(block, "folded", False)]
    numbers = [block.number for block in all_ if block.number not in moved] + moved
    assert moved
    assert [re.search(r"\d+-\d+", caption)[0] for caption in captions] == numbers
    lines = [paragraph for paragraph in file.paragraphs if paragraph.style.name.startswith("toc")]
    marks = {mark.get(qn("w:name")) for mark in file.element.body.iter(qn("w:bookmarkStart"))}
    links = [line._p.find(qn("w:hyperlink")).get(qn("w:anchor")) for line in lines]
    assert set(links) <= marks
    assert len(lines) == 2 + sum(1 + len(chapter.headings) for chapter in outline("ja").chapters)  # with the annex
    fields = [text.text for text in file.element.body.iter(qn("w:instrText"))]
    assert any(' TOC \\o "1-2"' in field for field in fields)
    assert sum("PAGEREF" in field for field in fields) == len(lines)


def test_word_counts_the_captions_to_the_numbers_that_they_show():
    counted, shown = {}, []
    for caption in (paragraph for paragraph in word().paragraphs if paragraph.style.name == "Caption"):
        field = next(text.text for text in caption._p.iter(qn("w:instrText")))
        chapter, given = re.search(r"SEQ exhibit(\d+)", field)[1], re.search(r"\\r (\d+)", field)
        counted[chapter] = int(given[1]) if given else counted[chapter] + 1
        shown.append((re.search(r"\d+-\d+", caption.text)[0], f"{chapter}-{counted[chapter]}"))
    assert all(number == count for number, count in shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_where_a_table_of_evidence_is_kept_on_paper(language):
    t = outline(language).texts
    paragraphs = [paragraph.text for paragraph in word(language).paragraphs]
    title = f"{t('documents.annex')} {t('documents.annex_title')}"
    annex = max(n for n, text in enumerate(paragraphs) if text == title)
    for block in exhibits(TableBlock, language):
        name = t("page.table", number=block.number)
        captions = [n for n, text in enumerate(paragraphs) if text.startswith(f"{name}  ")]
        assert [n > annex for n in captions] == [block.folded]
        said = t("documents.in_annex", exhibit=name, title=block.title)
        assert any(text == said for text in paragraphs[:annex]) is block.folded


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_figures_of_the_summary_are_in_every_document(language):
    [key] = [block for block in outline(language).summary.blocks if isinstance(block, KeyFigures)]
    values = [item.value for item in key.items]
    assert len(values) == 4
    assert values == re.findall(r"<dd>(.*?)</dd>", document("html", language).decode().split('class="key"')[1])[:4]
    assert any(values == [cell.paragraphs[1].text for cell in table.rows[0].cells]
               for table in word(language).tables if len(table.rows) == 1)  # fmt: skip
    texts = [shape.text_frame.text for shape in show(language).slides[1].shapes if shape.has_text_frame]
    assert all(any(value in text.split("\n") for text in texts) for value in values)
    summary = next(sheet for sheet in book(language).worksheets if sheet["A1"].value == outline(language).summary.title)
    assert [cell.value for cell in summary[4]] == values


def test_word_repeats_the_heads_of_tables_and_keeps_captions_with_what_they_name():
    file = word()
    for table in file.tables:
        if table.style.name == "Kakehashi Table":
            assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None
    captions = [paragraph for paragraph in file.paragraphs if paragraph.style.name == "Caption"]
    assert all(caption.paragraph_format.keep_with_next for caption in captions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_states_title_and_language_and_has_a_font_for_japanese(language):
    file = word(language)
    assert file.core_properties.language == language
    assert "Study" in file.core_properties.title
    defaults = file.styles.element.find(f".//{qn('w:rPrDefault')}")
    assert defaults.find(f".//{qn('w:lang')}").get(qn("w:eastAsia")) == "ja-JP"
    assert defaults.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")) == "Yu Gothic"


def test_every_figure_and_every_open_table_has_a_slide_with_notes():
    t = outline("ja").texts
    notes = [slide.notes_slide.notes_text_frame.text for slide in show().slides if slide.has_notes_slide]
    for block in outline("ja").blocks:
        if isinstance(block, FigureBlock) or (isinstance(block, TableBlock) and not block.folded):
            name = t(f"page.{block.kind}", number=block.number)
            assert any(note.startswith(f"{name}  ") for note in notes), name
    pictures = [shape for slide in show().slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == sum(len(drawings(block)) for block in exhibits(FigureBlock))


def test_nothing_leaves_its_slide():
    file = show()
    for slide in file.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= file.slide_width
            assert shape.top + shape.height <= file.slide_height


def test_every_row_of_a_slide_is_as_high_as_the_lines_it_holds():
    """Programs that do not stretch rows would cut their last lines off."""
    for slide in show().slides:
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            for row in table.rows:
                lines = max(len(cell.text_frame.paragraphs) for cell in row.cells)
                size = row.cells[0].text_frame.paragraphs[0].runs[0].font.size
                assert row.height >= lines * size


def test_the_tables_on_slides_have_all_rows_of_the_tables():
    shown = {}
    for slide in show().slides:
        for shape in slide.shapes:
            if shape.has_table:
                key = shape._element.nvGraphicFramePr.cNvPr.get("descr")
                first = [row.cells[0].text_frame.text for row in shape.table.rows][1:]
                shown[key] = shown.get(key, []) + first
    for block in exhibits(TableBlock):
        if not block.folded:
            rows = [first_lines(row_cells(row)[0].text or "–") for row in block.table.rows if row_cells(row)]
            found = [first_lines(text) for text in shown[block.table.caption]]
            bands = {row.text for row in block.table.rows if isinstance(row, Band)}
            assert [text for text in found if text not in bands] == [row for row in rows if row not in bands]


def test_excel_has_a_linked_sheet_for_every_exhibit_with_filter_and_frozen_head():
    file = book()
    links = [cell.hyperlink for row in file.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    targets = {re.sub(r"^'|'!A1$", "", link.location).replace("''", "'") for link in links}
    assert targets == set(file.sheetnames[1:])
    tables = len(exhibits(TableBlock))
    assert len(file.sheetnames) == 3 + tables + len(exhibits(FigureBlock))
    assert sum(bool(sheet.auto_filter.ref) for sheet in file.worksheets) == tables + 1
    assert all(sheet.freeze_panes for sheet in file.worksheets if sheet.auto_filter.ref)
    assert sum(len(sheet._images) for sheet in file.worksheets) == sum(
        len(drawings(block)) for block in exhibits(FigureBlock)
    )


def test_no_text_of_the_workbook_is_a_formula():
    for sheet in book().worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    assert book().worksheets[0]["A1"].value.startswith("=1+1")


def test_excel_defines_every_indicator_in_words():
    sheet = book("en").worksheets[-1]
    heads = [cell.value for cell in sheet[3]]
    assert heads[:4] == ["Indicator", "Unit", "Formula", "Counting"]
    assert sheet["A4"].value == "Papers"
    assert sheet["D4"].value == "full counting"


@pytest.mark.parametrize("form", ["docx", "pptx", "xlsx"])
def test_the_same_study_gives_the_same_document(form):
    made = written(outline("ja"), form, Brand())
    assert made == document(form)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:  # nor is the time of writing in it
        days = set(re.findall(rb">(\d{4}-\d\d-\d\d)T", parts.read("docProps/core.xml")))
    assert days <= {b"1980-01-01"}


@pytest.mark.skipif(not (shutil.which("chromium") or shutil.which("google-chrome")), reason="needs a browser")
def test_the_pdf_has_bookmarks_tags_its_language_and_sheet_numbers_in_its_contents():
    reader = PdfReader(io.BytesIO(document("pdf")))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"]
    chapters = [f"{one.number} {one.title}" for one in with_annex(outline("ja")).chapters]
    assert len(chapters) == len(outline("ja").chapters) + 1
    inside = next(entry for entry in reader.outline if isinstance(entry, list))
    marks = [mark for mark in inside if not isinstance(mark, list)]
    assert [mark.title for mark in marks[1:]] == chapters
    last = reader.get_destination_page_number(marks[-1])
    assert str(last + 1) in reader.pages[1].extract_text().split()
    assert reader.metadata.creation_date is None


def test_a_pdf_without_a_browser_says_what_to_install_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("KAKEHASHI_BROWSER", raising=False)
    with pytest.raises(MissingProgramError, match="install Chromium, Google Chrome or Microsoft Edge"):
        write_report(None, {}, Settings(), tmp_path / "out", ["en"], ["pdf"])
    assert not (tmp_path / "out").exists()


def test_a_template_gives_its_styles_and_keeps_its_header(tmp_path):
    mine = docx.Document()
    mine.styles["Heading 1"].font.name = "Brand Sans"
    mine.sections[0].header.paragraphs[0].text = "ACME"
    mine.add_paragraph("text of the template")
    mine.save(tmp_path / "brand.docx")
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[0])
    slides.save(tmp_path / "brand.pptx")
    PIL.Image.new("RGB", (40, 20), "red").save(tmp_path / "logo.png")
    brand = read_brand([tmp_path / "brand.docx", tmp_path / "brand.pptx"], tmp_path / "logo.png")
    short = replace(outline("en"), chapters=outline("en").chapters[:2])
    file = docx.Document(io.BytesIO(written(short, "docx", brand)))
    assert file.styles["Heading 1"].font.name == "Brand Sans"
    assert file.sections[0].header.paragraphs[0].text == "ACME"
    assert "text of the template" not in [paragraph.text for paragraph in file.paragraphs]
    assert file.paragraphs[0]._p.xpath(".//wp:docPr/@descr") == ["Logo"]
    branded = pptx.Presentation(io.BytesIO(written(short, "pptx", brand)))
    assert branded.slide_width == slides.slide_width  # 4:3, as in the template
    assert branded.slides[0].shapes.title.text_frame.text.startswith("=1+1")
    assert any(shape.shape_type == 13 for shape in branded.slides[0].shapes)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("brand.odt", b"", "a .docx or a .pptx"), ("brand.docx", b"not a zip", "open it and save it once more")],
)
def test_a_file_that_is_no_template_is_refused(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError, match=re.escape(said)):
        read_brand([tmp_path / name])


def test_a_failure_in_one_format_leaves_no_file_of_another(tmp_path, monkeypatch):
    from kakehashi.report import writing

    monkeypatch.setattr(writing, "make_outline", lambda *_: outline("en"))
    (tmp_path / "report.en.html").write_text("old")
    broken = Brand(word=tmp_path / "missing.docx")
    with pytest.raises(Exception, match="missing"):
        write_report(lambda _: [], {}, Settings(), tmp_path, ["en"], ["html", "docx"], broken)
    assert [path.name for path in tmp_path.iterdir()] == ["report.en.html"]
    assert (tmp_path / "report.en.html").read_text() == "old"


def test_the_formats_are_those_that_the_command_offers():
    assert FORMATS == ("html", "xlsx", "docx", "pptx", "pdf")
