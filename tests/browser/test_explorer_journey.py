"""A newcomer's whole way through the explorer in Debian's Chromium: from export files to documents that open."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pptx import Presentation

pytest.importorskip("playwright", reason="needs the test dependencies")
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from page_checks import browser, chromium
from serving import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs Debian's chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
CORPORA = Path(os.environ.get("KAKEHASHI_CORPORA", Path(__file__).parents[3] / "shared" / "data" / "corpora"))
IEEE = sorted((CORPORA / "ieee-rl-production").glob("*.csv"))
PLACES = (
    "University of Tokyo, Tokyo, Japan",
    "University of Oxford, Oxford, UK",
    "Stanford University, Stanford, CA, USA",
    "Tsinghua University, Beijing, China",
    "University of Sydney, Sydney, Australia",
)
WORDS = {
    "ja": {"upload": "アップロード", "start": "分析を実行", "look": "結果を見る", "map": "ポジショニングマップ",
           "find": "相手を探す", "how": "連携の進め方を見る", "done": "実行が完了しました", "documents": "文書",
           "write": "文書を書き出す", "written": "書き出しが終わりました"},
    "en": {"upload": "Upload", "start": "Run the study", "look": "Look at the results", "map": "Positioning map",
           "find": "Find partners", "how": "How to work together", "done": "The run is finished",
           "documents": "Documents", "write": "Write the documents", "written": "The documents are written"},
}  # fmt: skip


@pytest.fixture(scope="module")
def started():
    with browser() as found:
        yield found


def exports(path):
    rows = [
        f'"Work {n}","A; B",{2015 + n % 5},"{PLACES[n % 5]}; {PLACES[(n * 3 + 1) % 5]}","deep learning;computer vision"'
        for n in range(60)
    ]
    path.write_text("title,authors,year,affiliations,keywords\n" + "\n".join(rows), encoding="utf-8")
    return path


class Newcomer:
    """Somebody at the pages who clicks what the pages say, in a language."""

    def __init__(self, started, base, language):
        self.base, self.language, self.words = base, language, WORDS[language]
        self.errors, self.outside = [], []
        page = self.page = started.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.outside.append(request.url))

    def uploads_and_runs(self, files):
        page = self.page
        page.goto(f"{self.base}/{self.language}/new")
        page.fill("#name", "first")
        page.set_input_files("#files", files)
        page.click(f"button:has-text('{self.words['upload']}')")
        page.wait_for_selector("table tbody tr")
        seen = page.locator("table tbody tr").count()
        page.click(f"button:has-text('{self.words['start']}')")
        page.wait_for_selector(f"text={self.words['done']}", timeout=300_000)
        page.click(f"a:has-text('{self.words['look']}')")
        return seen

    def changes_the_map(self, **choices):
        page = self.page
        page.click(f"nav >> text={self.words['map']}")
        for name, value in choices.items():
            page.select_option(f"select[name={name}]", value)
            page.wait_for_url(f"**{name}={value}**")
            page.wait_for_selector(f"select[name={name}] option[value='{value}'][selected]", state="attached")
        assert page.url.startswith(f"{self.base}/{self.language}/s/first/map")
        assert page.locator(".picture:not(.narrow) .spots a").count() > 1

    def opens_a_number_down_to_a_work(self):
        page = self.page
        page.click("#positions tbody tr:first-child td.number a >> nth=0")
        page.wait_for_selector("#works")
        page.click("#works tbody tr:first-child th a")
        page.wait_for_selector("#affiliations")

    def finds_a_partner_and_a_scheme(self):
        page = self.page
        page.click(f"nav >> text={self.words['find']}")
        page.check("input[name=goal] >> nth=0")
        page.wait_for_url("**goal=**")
        page.click(f"#candidates a:has-text('{self.words['how']}') >> nth=0")
        page.wait_for_selector("section#evidence")
        assert page.locator("svg[aria-labelledby]").count() > 0
        page.go_back()
        page.wait_for_selector("#candidates")

    def takes_documents(self, folder, *formats):
        page = self.page
        page.click(f"nav >> text={self.words['documents']}")
        for box in page.locator("input[name=format]").all():
            box.set_checked(box.get_attribute("value") in formats)
        page.click(f"button:has-text('{self.words['write']}')")
        page.wait_for_selector(f"text={self.words['written']}", timeout=300_000)
        taken = {}
        for form in formats:
            with page.expect_download() as coming:
                page.click(f"a[href='documents/report.{self.language}.{form}']")
            taken[form] = folder / coming.value.suggested_filename
            coming.value.save_as(taken[form])
        return taken

    def leaves(self):
        """Close the page; it has complained of nothing and asked nobody else."""
        self.page.close()
        assert self.errors == []
        assert [url for url in self.outside if not url.startswith((self.base, "data:", "blob:"))] == []


def pages_drawn(pdf):
    """Draw every page of a PDF as a picture; return how many there are. None is blank."""
    subprocess.run(["pdftoppm", "-r", "20", "-gray", str(pdf), str(pdf.with_suffix(""))], check=True)
    pages = sorted(pdf.parent.glob(f"{pdf.stem}-*.pgm"))
    assert all(len(set(page.read_bytes().split(b"\n", 3)[3])) > 2 for page in pages)
    return len(pages)


def as_pdf(document):
    """Open a document in LibreOffice and let it print."""
    target = document.parent / f"printed-{document.suffix[1:]}"
    profile = f"-env:UserInstallation={(document.parent / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(target), str(document)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return target / f"{document.stem}.pdf"


def opened(taken):
    """Open each document as its program would; return how many tables, slides or sheets it has."""
    found = {}
    for form, path in taken.items():
        if form == "docx":
            found[form] = len(Document(path).tables)
        elif form == "pptx":
            found[form] = len(Presentation(path).slides)
        elif form == "pdf":
            found[form] = pages_drawn(path)
        elif form == "xlsx":
            found[form] = len(openpyxl.load_workbook(path).sheetnames)
        else:
            found[form] = path.read_text(encoding="utf-8").count("<table")
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_newcomer_goes_from_a_file_to_a_document(started, tmp_path, language):
    (tmp_path / "shelf").mkdir()
    with served(tmp_path / "shelf") as base:
        someone = Newcomer(started, base, language)
        someone.uploads_and_runs(exports(tmp_path / "works.csv"))
        someone.changes_the_map(year="2016", field="ai")
        someone.opens_a_number_down_to_a_work()
        someone.finds_a_partner_and_a_scheme()
        assert min(opened(someone.takes_documents(tmp_path, "docx")).values()) > 5
        someone.leaves()


@pytest.mark.skipif(not IEEE, reason="the shared data folder is not beside the checkout")
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils, to look at PDF files")
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_newcomer_goes_from_real_exports_to_every_kind_of_document(started, tmp_path, language):
    (tmp_path / "shelf").mkdir()
    with served(tmp_path / "shelf") as base:
        someone = Newcomer(started, base, language)
        assert someone.uploads_and_runs([str(path) for path in IEEE]) == len(IEEE)
        someone.changes_the_map(field="ai", year="2020")
        someone.opens_a_number_down_to_a_work()
        someone.finds_a_partner_and_a_scheme()
        taken = someone.takes_documents(tmp_path, "html", "xlsx", "docx", "pptx", "pdf")
        found = opened(taken)
        assert found.keys() == {"html", "xlsx", "docx", "pptx", "pdf"}
        assert min(found.values()) > 9
        for form in ("docx", "pptx") if shutil.which("soffice") else ():
            assert pages_drawn(as_pdf(taken[form])) > 9
        someone.leaves()
