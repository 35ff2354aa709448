"""The hub's pages in Debian's Chromium: registered, asked and judged by hand, and every page checked for access."""

import socket
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import uvicorn

pytest.importorskip("playwright", reason="needs the test dependencies")
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from axe_playwright_python.sync_playwright import Axe
from hub_in_pages import filled, hub_pages
from page_checks import browser, chromium, visit
from serving import served

from kakehashi import Study
from kakehashi.hub.access.accounts import Accounts
from kakehashi.hub.access.doors import WithAccounts
from kakehashi.hub.store.hub import Hub
from kakehashi.matching.opening import open_index
from kakehashi.web.hub.pages import make_server

PASSWORD = "correct horse battery"  # noqa: S105
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


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The address of a hub with accounts, and the id of a person in it."""
    hub = Hub(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'hub.db'}", create=True)
    accounts = Accounts(hub)
    for login, role in (("ann", "admin"), ("hanako.yamada@example.org", "editor"), ("taro", "reader")):
        accounts.add(login, PASSWORD, role, "setup")
    with hub.unit("setup") as unit:
        person = unit.create("people", {"name": "Hanako Yamada"})["id"]
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen(100)
    config = uvicorn.Config(make_server(hub, WithAccounts(accounts), None), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([taken],))
    thread.start()
    yield f"http://127.0.0.1:{taken.getsockname()[1]}", person
    server.should_exit = True
    thread.join()
    taken.close()
    hub.close()


@pytest.mark.parametrize(("language", "width", "dark"), [("ja", 390, False), ("en", 1280, True)])
def test_the_pages_of_those_who_keep_a_hub_are_whole_quiet_and_open_to_all(started, kept, language, width, dark):
    """As above, behind the login; and what is read on a phone is not to be pushed sideways."""
    address, person = kept
    found = {}
    one = started.new_context()
    page = one.new_page()
    page.goto(f"{address}/{language}/hub/login")
    page.locator("input[name=login]").fill("ann")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"**/{language}/hub/")
    inside = SimpleNamespace(new_page=lambda **more: started.new_page(storage_state=one.storage_state(), **more))

    def reached(page):
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.setdefault(page.url, {})[one["id"]] = [node["html"][:120] for node in one["nodes"][:3]]
        over = page.evaluate(
            "() => [...document.querySelectorAll('.table-wrap')].map((one) => one.scrollWidth - one.clientWidth)"
        )
        if any(more > 1 for more in over):
            found.setdefault(page.url, {})["sideways"] = over

    for who, path in ((started, "login"), (inside, "accounts"), (inside, "everything"), (inside, "people"),
                      (inside, f"people/{person}"), (inside, f"people/{person}/erase")):  # fmt: skip
        problems = visit(who, f"{address}/{language}/hub/{path}", width, dark=dark, also=reached).problems()
        if problems:
            found.setdefault(path, {}).update(problems)
    one.close()
    assert found == {}
