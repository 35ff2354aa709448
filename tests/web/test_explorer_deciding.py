"""Decisions taken in the browser: they land in the files of the command line, and the next run applies them."""

import csv
import re

import pytest
from serving import client, served

from kakehashi import Study

ROWS = [
    ("University of Tokyo, Tokyo, Japan", "quantum widgets"),
    ("Univ Xyz, Qwert", "quantum widgets"),
    ("University of Tokyo, Tokyo, Japan", "deep widgets"),
]


@pytest.fixture
def opened(tmp_path):
    lines = [f'"Work {n} {m}","A","2020","{place}","{word}"' for n in range(4) for m, (place, word) in enumerate(ROWS)]
    (tmp_path / "e.csv").write_text("title,authors,year,affiliations,keywords\n" + "\n".join(lines), encoding="utf-8")
    study = Study.create(tmp_path / "mine", "JP", [tmp_path / "e.csv"])
    study.run()
    with served(tmp_path) as address, client(address) as browser:
        yield browser, study


def test_a_decision_is_written_as_the_command_line_reads_it_and_counts_in_the_next_run(opened):
    browser, study = opened
    page = browser.get("/en/s/mine/review").text
    asked = re.search(r'name="d(\d+)" value="country"', page)[1]
    sent = {f"d{asked}": "country", f"t{asked}": "US", "by": "N."}
    assert "1 decisions were kept" in browser.post("/en/s/mine/review", data=sent).text
    assert "Univ Xyz" not in browser.get("/en/s/mine/review").text
    with (study.folder / "decisions/browser.csv").open(encoding="utf-8", newline="") as stream:
        [row] = list(csv.DictReader(stream))
    assert (row["decision"], row["target"], row["decided_by"]) == ("country", "US", "N.")
    study.run()
    assert study.rows("select status from decisions") == [("applied",)]
    assert study.rows("select count(*) from work_countries where country_code = 'US'") == [(4,)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_questions_are_asked_without_the_words_of_the_command_line(opened, language):
    text = re.sub(r'(value|name|id|for)="[^"]*"', "", opened[0].get(f"/{language}/s/mine/review").text)
    assert 'class="hint"' in text
    assert not re.search(r"not_this|new_institution", text)


def test_a_label_is_written_and_decides_works_in_the_next_run(opened):
    browser, study = opened
    page = browser.get("/ja/s/mine/labels").text
    numbers = re.findall(r'name="k(\d+)"', page)
    assert numbers
    assert "保存しました" in browser.post("/ja/s/mine/labels", data={f"k{number}": "iot" for number in numbers}).text
    study.run()
    assert study.rows("select count(*) from work_fields where field = 'iot' and method = 'own'") != [(0,)]
    refused = browser.post("/ja/s/mine/labels", data={f"k{numbers[0]}": "../../x"})
    assert "保存しました" not in refused.text
