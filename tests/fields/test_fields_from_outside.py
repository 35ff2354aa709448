"""A taxonomy, a label file and a synonym file of one's own, as their pages say, by the installed command elsewhere."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from command import SOURCE_ROOT, environment

PAGES = SOURCE_ROOT.parent / "docs" / "adding"
COMMAND = Path(sys.executable).with_name("kakehashi")
WORKS = (
    "id,title,abstract,keywords,year\n"
    "1,Rehabilitation,,exoskeleton,2024\n"
    "2,Hunger,,food security,2024\n"
    "3,Trust nobody,,ZTA,2024\n"
    "4,A field report,,case study,2024\n"
    "5,Cells,,Battery,2024\n"
    "6,Stacks,,Fuel cell,2024\n"
)


def blocks(page, language):
    """The fenced examples of a page, in its order: what is tested is what the page says."""
    return re.findall(rf"```{language}\n(.*?)```", (PAGES / page).read_text(encoding="utf-8"), re.DOTALL)


def run(folder, *arguments):
    return subprocess.run(
        [COMMAND, *arguments], cwd=folder, env=environment(), capture_output=True, encoding="utf-8", timeout=300,
        check=False,
    )  # fmt: skip


def classified(folder, *options):
    done = run(folder, "classify", "works.csv", "--out", "fields.csv", *options)
    assert done.returncode == 0, done.stderr
    with (folder / "fields.csv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.fixture
def folder(tmp_path):
    assert SOURCE_ROOT.parent not in tmp_path.parents
    (tmp_path / "works.csv").write_text(WORKS, encoding="utf-8")
    return tmp_path


def test_the_label_file_of_its_page_decides(folder):
    (folder / "labels.csv").write_text(blocks("label-file.md", "csv")[0], encoding="utf-8")
    found = classified(folder, "--labels", "labels.csv")
    assert set(found["1"]["fields"].split()) >= {"iot", "device"}
    assert "labelled by you" in found["1"]["reason"]
    assert found["2"]["fields"] == "outside"


def test_the_synonym_file_of_its_page_joins_keywords_and_stops_one(folder):
    (folder / "synonyms.csv").write_text(blocks("synonym-file.md", "csv")[0], encoding="utf-8")
    (folder / "labels.csv").write_text("keyword,fields\nCase study,edge\n", encoding="utf-8")
    assert classified(folder, "--labels", "labels.csv")["4"]["fields"] == "edge"
    found = classified(folder, "--labels", "labels.csv", "--synonyms", "synonyms.csv")
    assert "security" in found["3"]["fields"].split()
    assert "access control" in found["3"]["reason"]
    assert "edge" not in found["4"]["fields"].split()


def test_the_taxonomy_of_its_page_is_checked_and_classifies(folder):
    (folder / "energy").mkdir()
    (folder / "energy" / "taxonomy.toml").write_text(blocks("taxonomy.md", "toml")[0], encoding="utf-8")
    (folder / "energy" / "labels.csv").write_text(blocks("taxonomy.md", "csv")[0], encoding="utf-8")
    checked = run(folder, "fields", "check", "energy")
    assert checked.returncode == 0, checked.stderr
    found = classified(folder, "--taxonomy", "energy")
    assert found["5"]["fields"] == "storage"
    assert found["6"]["fields"] == "outside"


@pytest.mark.parametrize(
    ("option", "file", "text", "said"),
    [
        ("--labels", "mine.csv", "keyword,fields\nBattery,device\nRouter,netwrk\n", "line 3: unknown field 'netwrk'"),
        ("--labels", "mine.csv", "keyword,fields\nRouters,network\nrouter,iot\n", "line 3: 'router' is the same"),
        ("--synonyms", "same.csv", "label,replace by\na,b\nb,a\n", "same.csv"),
    ],
)
def test_a_fault_is_refused_with_file_and_line_and_nothing_is_written(folder, option, file, text, said):
    (folder / file).write_text(text, encoding="utf-8")
    done = run(folder, "classify", "works.csv", "--out", "fields.csv", option, file)
    assert done.returncode != 0
    assert file in done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "fields.csv").exists()


@pytest.mark.parametrize(
    ("parents", "said"), [(("b", "a"), "a circle"), (("nowhere", ""), "an orphan")], ids=["circle", "orphan"]
)
def test_a_taxonomy_that_is_no_tree_is_refused_with_its_line(folder, parents, said):
    (folder / "bad").mkdir()
    text = 'id = "bad"\nname_ja = "悪"\nname_en = "Bad"\nsource = "a test"\ndate = "2026-11-28"\n'
    for name, parent in zip("ab", parents, strict=True):
        text += f'[[fields]]\nid = "{name}"\nname_ja = "あ"\nname_en = "A"\nscope_ja = "あ"\nscope_en = "a"\n'
        text += f'parent = "{parent}"\n' if parent else ""
    (folder / "bad" / "taxonomy.toml").write_text(text, encoding="utf-8")
    (folder / "bad" / "labels.csv").write_text("keyword,fields\nx,a\n", encoding="utf-8")
    done = run(folder, "fields", "check", "bad")
    assert done.returncode != 0
    assert re.search(r"bad/taxonomy\.toml, line \d+: ", done.stderr)
    assert said in done.stderr
