"""The hub's pages in Debian's Chromium: registered, asked and judged by hand, and every page checked for access."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs the test dependencies")
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
sys.path.insert(0, str(Path(__file__).parents[1] / "hub"))

from axe_playwright_python.sync_playwright import Axe
from hub_records import fill
from page_checks import browser, chromium, visit
from serving import served

from kakehashi import Study
from kakehashi.hub.readiness.questionnaire import parts
from kakehashi.hub.store.hub import Hub
from kakehashi.matching.opening import open_index

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs Debian's chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
ASKED = "match?study=study&need=machine+learning+for+security"


@pytest.fixture(scope="module")
def started():
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def base(finished, tmp_path_factory):
    """The address of an explorer with a hub that has a record of every kind, and answers of a year."""
    url = f"sqlite:///{tmp_path_factory.mktemp('hub') / 'hub.db'}"
    hub = Hub(url, create=True)
    ids = fill(hub)
    with hub.unit("ann") as unit:
        for part in [one for one in parts().values() if one.is_lack][:12]:
            values = {"organisation_id": ids["organisations"], "year": 2025, "question": part.id}
            unit.create("readiness_answers", {**values, "answer": part.choices[0]})
        for year, value in ((2020, "24"), (2021, "26.5")):
            unit.create(
                "kpi_values", {"kpi_id": ids["kpi_definitions"], "year": year, "kind": "actual", "value": value}
            )
        unit.create("kpi_values", {"kpi_id": ids["kpi_definitions"], "year": 2023, "kind": "target", "value": "30"})
    hub.close()
    open_index(Study(finished / "study"))
    with pytest.MonkeyPatch.context() as patch, served(finished) as address:
        patch.setenv("KAKEHASHI_HUB_URL", url)
        yield address, ids


def pages(ids):
    yield from ("", "kpi", "kpi?organisation=example", "readiness", "match", ASKED)
    for kind in ("organisations", "needs", "projects", "kpi_definitions", "matches"):
        yield from (kind, f"{kind}/{ids[kind]}", f"{kind}/{ids[kind]}/edit")
    yield from (f"readiness/{ids['organisations']}/2025", f"readiness/{ids['organisations']}/2025/answers")


@pytest.mark.parametrize(("language", "width", "dark"), [("ja", 390, False), ("en", 1280, True)])
def test_every_page_of_the_hub_is_whole_quiet_and_open_to_all(started, base, language, width, dark):
    """No text clipped or over another, no complaint, no request outside, no serious finding of axe."""
    address, ids = base
    found = {}

    def reached(page):
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.setdefault(page.url, {})[one["id"]] = [node["html"][:120] for node in one["nodes"][:3]]

    for page in pages(ids):
        here = f"{address}/{language}/hub/{page}"
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
