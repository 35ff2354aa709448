"""Two people, two studies, many tabs at once: each is answered as if alone, and what each saves is kept."""

import csv
import random
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from serving import client, served

from kakehashi import Study
from kakehashi.web.runs import is_running

PAGES = (
    "", "map", "map?year=2016", "map?counting=fractional", "countries", "countries.json", "institutions",
    "fields", "network.json", "country?id=JP", "number?id=JP&indicator=papers", "works?id=JP", "partners", "advise",
    "quality", "methods", "review", "labels", "run", "documents",
)  # fmt: skip
UNKNOWN = [f"Univ Xyz{letter}, Qwert" for letter in "abcdefgh"]
AT_ONCE = 8


def other_study(root):
    """Make a study that shares no country but Japan with the demo's, with affiliations of unknown countries."""
    places = ["University of Tokyo, Tokyo, Japan", "University of Iceland, Reykjavik, Iceland", *UNKNOWN]
    rows = [
        f'"Work {n} of {m} on ice","A; B","201{n}","{place};{places[1]}","ice {n}"'
        for n in range(8)
        for m, place in enumerate(places)
    ]
    (root / "ice.csv").write_text("title,authors,year,affiliations,keywords\n" + "\n".join(rows), encoding="utf-8")
    study = Study.create(root / "other", "JP", [root / "ice.csv"])
    study.run()
    return study


@pytest.fixture
def shelf(finished, tmp_path):
    """A folder with two finished studies: `study` and `other`."""
    shutil.copytree(finished, tmp_path / "shelf")
    other_study(tmp_path / "shelf")
    return tmp_path / "shelf"


def test_many_who_read_two_studies_at_once_are_answered_as_if_each_were_alone(shelf):
    asked = [f"/{language}/s/{study}/{page}" for language in ("ja", "en") for study in ("study", "other")
             for page in PAGES]  # fmt: skip
    with served(shelf) as address, client(address) as browser:
        alone = {path: browser.get(path) for path in asked}
    statuses = {path: answer.status_code for path, answer in alone.items()}
    assert set(statuses.values()) == {200}, statuses
    assert "アイスランド" in alone["/ja/s/other/countries"].text
    assert "アイスランド" not in alone["/ja/s/study/countries"].text
    with served(shelf) as address:

        def reader(number):
            order = random.Random(number).sample(asked, len(asked))
            with client(address) as browser:
                return [path for path in order if browser.get(path).text != alone[path].text]

        with ThreadPoolExecutor(AT_ONCE) as people:
            assert list(people.map(reader, range(AT_ONCE))) == [[]] * AT_ONCE


def test_those_who_look_whether_a_study_runs_are_no_run_to_one_another(tmp_path):
    with ThreadPoolExecutor(AT_ONCE) as people:
        assert not any(people.map(lambda _: is_running(tmp_path), range(400)))


def decided(study):
    path = study / "decisions/browser.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [(row["institution_id"], row["target"], row["decided_by"]) for row in csv.DictReader(stream)]


def questions(browser, study="other"):
    """The numbers of the questions about a country by the name that is asked about."""
    page = browser.get(f"/en/s/{study}/review").text
    found = {}
    for block in page.split("<fieldset>")[1:]:
        number = re.search(r'name="d(\d+)" value="country"', block)
        if number:
            found[re.search(r"<legend>(.*?)</legend>", block)[1]] = number[1]
    return found


def test_what_several_people_decide_in_the_same_moment_is_all_kept_and_in_their_study_alone(shelf):
    with served(shelf) as address, client(address) as browser:
        asked = questions(browser)
        assert len(asked) >= AT_ONCE

        def decide(one):
            name, number = one
            with client(address) as mine:
                sent = {f"d{number}": "country", f"t{number}": "US", "by": name}
                return mine.post("/en/s/other/review", data=sent).status_code

        with ThreadPoolExecutor(AT_ONCE) as people:
            assert set(people.map(decide, asked.items())) == {200}
        assert questions(browser) == {}
    kept = decided(shelf / "other")
    assert sorted(by for *_, by in kept) == sorted(asked)
    assert decided(shelf / "study") == []
    assert Study(shelf / "other").settings.affiliations.decisions
    assert not Study(shelf / "study").settings.affiliations.decisions


def test_an_answer_from_a_tab_that_is_older_than_the_last_run_is_about_what_was_asked(shelf):
    with served(shelf) as address, client(address) as browser:
        before = questions(browser)
        name, number = next(iter(before.items()))
        more = [f'"More {n}","A","2015","Inst Abc, Nowhere","x"' for n in range(40)]
        with (shelf / "ice.csv").open("a", encoding="utf-8") as stream:
            stream.write("\n" + "\n".join(more))
        Study(shelf / "other").run()
        assert list(questions(browser)) != list(before)
        browser.post("/en/s/other/review", data={f"d{number}": "country", f"t{number}": "US", "by": "old tab"})
    sql = f"select institution_id from institutions where name = '{name.rpartition(' [')[0]}'"
    [(identity,)] = Study(shelf / "other").rows(sql)
    assert decided(shelf / "other") == [(identity, "US", "old tab")]


def test_a_run_asked_for_in_two_tabs_at_once_is_one_run(shelf):
    with served(shelf) as address:

        def start(_):
            with client(address) as mine:
                return mine.post("/en/s/other/run", data={"action": "start"}, files={"none": b""}).status_code

        (shelf / "other/.cache/run.json").unlink(missing_ok=True)
        with ThreadPoolExecutor(AT_ONCE) as people:
            answers = list(people.map(start, range(AT_ONCE)))
        assert set(answers) <= {303, 400}
        with client(address) as browser:
            for _ in range(600):
                state = browser.get("/en/s/other/run.json").json()
                if state["status"] not in ("running", "elsewhere"):
                    break
        assert state["status"] == "finished", state
