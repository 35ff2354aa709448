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


@pytest.fixture(scope="module")
def started():
    with browser() as found:
        yield found


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
    answers = []
    seen.on("response", lambda answer: answers.append(answer))
    seen.goto(f"{pages['ja'][3]}{page}", wait_until="networkidle")
    # Read here, not in the handler: a body asked for from a handler may still be on its way when the page is closed.
    sent = sum(len(answer.body()) for answer in answers)
    seen.close()
    assert 10_000 < sent < 300_000
