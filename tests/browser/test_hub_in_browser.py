"""The hub's pages in Debian's Chromium: registered, asked and judged by hand, and every page checked for access."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs the test dependencies")
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from axe_playwright_python.sync_playwright import Axe
from hub_in_pages import filled, hub_pages
from page_checks import browser, chromium, visit
from serving import served

from kakehashi import Study
from kakehashi.matching.opening import open_index

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
def base(finished, tmp_path_factory):
    """The address of an explorer with a hub that has a record of every kind, and answers of a year."""
    url = f"sqlite:///{tmp_path_factory.mktemp('hub') / 'hub.db'}"
    ids = filled(url)
    open_index(Study(finished / "study"))
    with pytest.MonkeyPatch.context() as patch, served(finished) as address:
        patch.setenv("KAKEHASHI_HUB_URL", url)
        yield address, ids


@pytest.mark.parametrize(("language", "width", "dark"), [("ja", 390, False), ("en", 1280, True)])
def test_every_page_of_the_hub_is_whole_quiet_and_open_to_all(started, base, language, width, dark):
    """No text clipped or over another, no complaint, no request outside, no serious finding of axe."""
    address, ids = base
    found = {}

    def reached(page):
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.setdefault(page.url, {})[one["id"]] = [node["html"][:120] for node in one["nodes"][:3]]

    for here in hub_pages(address, "study", language, ids):
        problems = visit(started, here, width, dark=dark, also=reached).problems()
        if problems:
            found.setdefault(here, {}).update(problems)
    assert found == {}


def test_a_need_is_registered_matched_and_judged_with_the_mouse(started, base):
    page = started.new_page()
    page.goto(f"{base[0]}/ja/hub/needs")
    page.get_by_role("link", name="ニーズを追加").click()
    page.get_by_label("題名").fill("学習による防御")
    page.get_by_label("本文").fill("機械学習でセキュリティを高めたい。")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="このニーズに応える相手を探す").click()
    assert page.get_by_label("ニーズ（日本語または英語）").input_value() == "機械学習でセキュリティを高めたい。"
    page.get_by_role("button", name="相手を探す").click()
    assert page.locator("mark").count() > 0
    page.get_by_role("button", name="役に立つ").first.click()
    assert page.locator("button[aria-pressed=true]").count() == 1
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="Who answers the need").is_visible()
    page.close()
