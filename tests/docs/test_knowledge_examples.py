"""The examples of the pages on knowledge: their files are read as they stand, their code says what is printed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kakehashi.advice.actions import Who, first_steps
from kakehashi.knowledge.cases import LAYOUT as CASES
from kakehashi.knowledge.cases import read_cases
from kakehashi.knowledge.items import institutions, items, on_record, recommendations
from kakehashi.knowledge.programmes import LAYOUT as PROGRAMMES
from kakehashi.knowledge.programmes import read_programmes

DOCS = Path(__file__).parents[2] / "docs"


def fenced(page, language):
    return re.findall(
        rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def columns(page):
    table = [line for line in (DOCS / page).read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return {name for line in table for name in re.findall(r"`(\w+)`", line.split("|")[1])}


def run(code, folder):
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout


def own(tmp_path, name, text):
    folder = tmp_path / "knowledge"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_cases_of_the_page_are_read_and_the_first_has_pattern_3(tmp_path):
    folder = own(tmp_path, "cases.csv", fenced("adding/case.md", "csv")[0])
    assert [(case.id, case.pattern) for case in read_cases(folder / "cases.csv")] == [
        ("seoul_ai", 3),
        ("recife_fair", None),
    ]


def test_the_programmes_of_the_page_are_read(tmp_path):
    folder = own(tmp_path, "programmes.csv", fenced("adding/programme.md", "csv")[0])
    assert [one.id for one in read_programmes(folder / "programmes.csv")] == ["kr_bridge", "kr_visit"]


@pytest.mark.parametrize(("page", "layout"), [("adding/case.md", CASES), ("adding/programme.md", PROGRAMMES)])
def test_the_page_explains_every_column_and_no_other(page, layout):
    assert columns(page) == {*layout.required, *layout.optional}


@pytest.mark.parametrize(
    ("page", "name", "printed"),
    [
        ("adding/case.md", "cases.csv", "seoul_ai 3 ()\nrecife_fair None "),
        ("adding/programme.md", "programmes.csv", "['kr_bridge']\n"),
    ],
)
def test_the_code_of_the_page_runs_beside_its_file(tmp_path, page, name, printed):
    own(tmp_path, name, fenced(page, "csv")[0])
    assert run(fenced(page, "python")[0], tmp_path).startswith(printed)


def test_the_code_of_the_guide_prints_what_its_comments_say(tmp_path):
    (code,) = fenced("guide/knowledge.md", "python")
    assert run(code, tmp_path).splitlines() == re.findall(r"# ([\d ]+)$", code, re.MULTILINE)


def test_the_item_of_the_guide_is_told_for_its_place_alone(tmp_path):
    folder = own(tmp_path, "findings.toml", fenced("guide/knowledge.md", "toml")[0])
    brazil = first_steps(Who("company", "DE", "lower_left", ("BR",)), own=folder).cautions
    chile = first_steps(Who("company", "DE", "lower_left", ("CL",)), own=folder).cautions
    assert brazil[0].id == "caution.brazil_customs"
    assert "caution.brazil_customs" not in [reason.id for reason in chile]


def test_the_numbers_of_the_guide_are_those_of_the_data():
    text = (DOCS / "guide/knowledge.md").read_text(encoding="utf-8")
    figures = [item.source.figure for item in items().values()]
    findings = sum(figure in ("4-6", "4-7", "4-8", "4-9") for figure in figures)
    assert f"{figures.count('2-16')} items of institutions" in text
    assert f"{sum(figure in ('4-3', '4-4', '4-5') for figure in figures)} of interviewees" in text
    assert f"requests ({findings})" in text
    assert f"{len(on_record())} practices of {len(institutions())} research institutions" in text
    assert f"{len(recommendations()) - 1} recommendations" in text
