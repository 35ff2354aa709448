"""Two people, each with two tabs, in two studies at once: no tab shows anything of another, nothing is kept in one."""

import shutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="needs the test dependencies")
sys.path.insert(0, str(Path(__file__).parents[1] / "web"))

from page_checks import browser, chromium
from serving import served

from kakehashi import Study

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="needs Debian's chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
ISLAND = {"ja": "アイスランド", "en": "Iceland"}


@pytest.fixture(scope="module")
def base(finished, tmp_path_factory):
    """The address of an explorer over `study` and `other`, whose countries are Japan and Iceland."""
    root = tmp_path_factory.mktemp("two") / "shelf"
    shutil.copytree(finished, root)
    rows = [
        f'"A work {n} on ice","A; B","201{n % 8}","University of Tokyo, Tokyo, Japan; University of Iceland, '
        f'Reykjavik, Iceland","ice"'
        for n in range(16)
    ]
    (root / "ice.csv").write_text("title,authors,year,affiliations,keywords\n" + "\n".join(rows), encoding="utf-8")
    Study.create(root / "other", "JP", [root / "ice.csv"]).run()
    with served(root) as address:
        yield address


class Tab:
    """One tab of one person: a study, a language, and the choices made in it so far."""

    def __init__(self, context, base, study, language):
        self.study, self.language, self.chosen = study, language, {}
        self.page = context.new_page()
        self.page.goto(f"{base}/{language}/s/{study}/map?shown=all")

    def choose(self, name, value):
        """Choose as a hand does, and wait for the answer."""
        self.page.evaluate(
            "() => { window.answered = new Promise("
            "(done) => document.addEventListener('kakehashi:shown', () => done(true), { once: true })); }"
        )
        self.page.locator(f"select[name={name}]").select_option(value)
        assert self.page.evaluate("() => window.answered")
        self.chosen[name] = value

    def shows_only_its_own(self):
        where = self.page.url
        assert f"/{self.language}/s/{self.study}/map?" in where
        for name, value in self.chosen.items():
            assert f"{name}={value}" in where
            assert self.page.locator(f"select[name={name}]").input_value() == value
        text = self.page.inner_text("main")
        assert (ISLAND[self.language] in text) == (self.study == "other")
        assert self.page.locator("html").get_attribute("lang") == self.language


def test_two_people_with_two_tabs_each_never_see_each_others_state(base):
    with browser() as started:
        people = [started.new_context(), started.new_context()]
        tabs = [
            Tab(people[0], base, "study", "ja"), Tab(people[0], base, "other", "en"),
            Tab(people[1], base, "other", "ja"), Tab(people[1], base, "study", "en"),
        ]  # fmt: skip
        for step in (("year", ("2016", "2013", "2015", "2017")), ("counting", ("fractional", "full") * 2),
                     ("year", ("2018", "2015", "2012", "all"))):  # fmt: skip
            for tab, value in zip(tabs, step[1], strict=True):
                tab.choose(step[0], value)
            for tab in tabs:
                tab.shows_only_its_own()
        tabs[0].page.go_back()
        tabs[0].page.wait_for_function("() => location.search.includes('2016')")
        tabs[0].chosen["year"] = "2016"
        for tab in tabs:
            tab.page.reload()
            tab.shows_only_its_own()
            kept = tab.page.evaluate("() => [localStorage.length, sessionStorage.length, document.cookie]")
            assert kept == [0, 0, ""]
        assert [person.cookies() for person in people] == [[], []]
