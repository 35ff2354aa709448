"""The explorer in Debian's Chromium: a newcomer's whole way, and every page checked for access and for quiet."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs the test dependencies")
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from axe_playwright_python.sync_playwright import Axe
from explorer_pages import addresses
from page_checks import browser, chromium, visit
from serving import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs Debian's chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
PLACES = (
    "University of Tokyo, Tokyo, Japan",
    "University of Oxford, Oxford, UK",
    "Stanford University, Stanford, CA, USA",
    "Tsinghua University, Beijing, China",
    "University of Sydney, Sydney, Australia",
)
WORDS = {
    "ja": {"upload": "アップロード", "start": "分析を実行", "look": "結果を見る", "map": "ポジショニングマップ",
           "find": "相手を探す", "how": "連携の進め方を見る", "done": "実行が完了しました"},
    "en": {"upload": "Upload", "start": "Run the study", "look": "Look at the results", "map": "Positioning map",
           "find": "Find partners", "how": "How to work together", "done": "The run is finished"},
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


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_newcomer_uploads_runs_looks_opens_a_number_and_finds_a_partner(started, tmp_path, language):
    words, errors, outside = WORDS[language], [], []
    (tmp_path / "shelf").mkdir()
    with served(tmp_path / "shelf") as base:
        page = started.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: outside.append(request.url) if not request.url.startswith(base) else None)
        page.goto(f"{base}/{language}/new")
        page.fill("#name", "first")
        page.set_input_files("#files", exports(tmp_path / "works.csv"))
        page.click(f"button:has-text('{words['upload']}')")
        page.click(f"button:has-text('{words['start']}')")
        page.wait_for_selector(f"text={words['done']}", timeout=120_000)
        page.click(f"a:has-text('{words['look']}')")
        page.click(f"nav >> text={words['map']}")
        page.select_option("select[name=year]", "2016")
        page.wait_for_url("**year=2016**")
        page.wait_for_selector("select[name=year] option[value='2016'][selected]", state="attached")
        page.select_option("select[name=field]", "ai")
        page.wait_for_url("**field=ai**")
        page.wait_for_selector("select[name=field] option[value=ai][selected]", state="attached")
        assert page.url.startswith(f"{base}/{language}/s/first/map")
        page.click("#positions tbody tr:first-child td.number a >> nth=0")
        page.wait_for_selector("#works")
        page.click("#works tbody tr:first-child th a")
        page.wait_for_selector("#affiliations")
        page.click(f"nav >> text={words['find']}")
        page.check("input[name=goal] >> nth=0")
        page.wait_for_url("**goal=**")
        page.click(f"#candidates a:has-text('{words['how']}') >> nth=0")
        page.wait_for_selector("section#evidence")
        assert page.locator("svg[aria-labelledby]").count() > 0
        page.go_back()
        page.wait_for_selector("#candidates")
        page.close()
    assert errors == []
    assert [url for url in outside if not url.startswith("data:")] == []


@pytest.fixture(scope="module")
def pages(finished):
    with served(finished) as base:
        yield {language: list(addresses(base, "study", language)) for language in ("ja", "en")}


@pytest.mark.parametrize(("language", "width", "dark"), [("ja", 390, False), ("en", 1280, True)])
def test_every_page_is_whole_quiet_and_open_to_all(started, pages, language, width, dark):
    """No text clipped or over another, no complaint, no request outside, no serious finding of axe."""
    found = {}

    def reached(page):
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                nodes = [node["html"][:120] for node in one["nodes"][:3]]
                found.setdefault(page.url, {})[one["id"]] = nodes

    for address in pages[language]:
        problems = visit(started, address, width, dark=dark, also=reached).problems()
        if problems:
            found.setdefault(address, {}).update(problems)
    assert found == {}


@pytest.mark.parametrize("page", ["", "map"])
def test_the_first_view_is_small(started, pages, page):
    seen = started.new_page()
    sent = []
    seen.on("response", lambda answer: sent.append(len(answer.body())))
    seen.goto(f"{pages['ja'][3]}{page}", wait_until="load")
    seen.close()
    assert 10_000 < sum(sent) < 300_000
