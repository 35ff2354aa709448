"""The report as a reader meets it: a real browser, both languages, a desk and a phone."""

import page_checks
import pytest

import example_study
from kakehashi import Study
from kakehashi.report.advised.page import page
from kakehashi.report.writing import write_report
from kakehashi.settings import Settings, StudySection
from kakehashi.texts import LANGUAGES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        page_checks.chromium() is None, reason="Debian's chromium was not found (apt-get install chromium)"
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    settings = Settings(study=StudySection(name="Test", targets=example_study.TARGETS, synthetic=True))
    made = tmp_path_factory.mktemp("report")
    rows = example_study.rows_of(example_study.connect())
    write_report(rows, {"kakehashi": "0", "packages": {"duckdb": "2"}}, settings, made)
    return made


@pytest.fixture(scope="module")
def chromium():
    with page_checks.browser() as started:
        yield started


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_overlaps_is_clipped_or_fetched(chromium, folder, language, width):
    findings = page_checks.check(chromium, folder / f"report.{language}.html", width)
    assert findings.problems() == {}
    assert findings.smallest_text >= 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_links_to_the_other(chromium, folder, language):
    page = chromium.new_page()
    page.goto((folder / f"report.{language}.html").as_uri())
    page.click(".languages a")
    assert page.evaluate("document.documentElement.lang") != language
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_the_sheet_on_paper(chromium, folder, language):
    """What is wider makes the browser shrink every page of the PDF."""
    page = chromium.new_page(viewport={"width": round((210 - 2 * 16) / 25.4 * 96), "height": 900})
    page.emulate_media(media="print")
    page.goto((folder / f"report.{language}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.close()


def test_the_checks_see_what_they_look_for(chromium, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<main><svg role="img" aria-labelledby="a-title" width="200" height="50" viewBox="0 0 200 50">'
        '<text x="10" y="20">one name</text><text x="20" y="22">another</text>'
        '<text x="180" y="40">leaves the frame</text>'
        '</svg><p id="x" style="width:2000px">wide</p><p id="x"></p><a href="#nowhere">x</a>'
        '<img src="missing.png"><script>console.error("loud")</script></main>',
        encoding="utf-8",
    )
    found = page_checks.check(chromium, bad, 390).problems()
    assert set(found) == {"console", "requests", "too_wide", "clipped", "overlapping", "double_ids", "dead_links"}


def test_folded_tables_are_open_on_paper(chromium, folder):
    page = chromium.new_page()
    page.goto((folder / "report.ja.html").as_uri())
    heights = "[...document.querySelectorAll('details table')].map(table => table.checkVisibility())"
    assert not any(page.evaluate(heights))
    page.emulate_media(media="print")
    shown = page.evaluate(heights)
    assert shown
    assert all(shown)
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("partner", ["CN", None])
def test_the_page_of_advice_stays_within_the_window(chromium, tmp_path, partner, language, width):
    study = Study("mic2023")
    advice = study.advise(partner=partner, actor="university", goals=["technology"])
    path = tmp_path / "advice.html"
    with study.reading() as rows:
        path.write_text(page(advice, language, rows), encoding="utf-8")
    findings = page_checks.check(chromium, path, width)
    assert findings.problems() == {}
