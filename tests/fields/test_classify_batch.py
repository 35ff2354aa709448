"""`kakehashi classify`: a file in, a file out, as a user calls it from outside the package."""

import csv
import random

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.errors import SourceError
from kakehashi.fields.batch import classify_file, read_works
from kakehashi.settings import FieldsSection

WORKS = [
    ("w1", "Intrusion detection in networks of things by deep learning", "We propose an intrusion detection system.",
     "Intrusion detection;Deep learning;Internet of Things (IoT)", "2021"),
    ("w2", "Willingness to pay for forests", "A survey of 300 farmers on climate policy.",
     "Agriculture; Climate change", "2019"),
    ("w3", "Silicon photonic modulators on fiber", "", "", ""),
    ("w4", "", "", "", ""),
    ("w5", "Blockchain for trust", "", "10002978.10003014", "2020"),
]  # fmt: skip

FARM = """
id = "farm"
name_ja = "農"
name_en = "Farm"
source = "a test"
date = "2026-11-28"
[[fields]]
id = "land"
name_ja = "土地"
name_en = "Land"
scope_ja = "畑"
scope_en = "fields"
"""


def classify(tmp_path, works=WORKS, **section):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "title", "abstract", "keywords", "year"), *works])
    engine = DuckDB(tmp_path / "tables")
    summary = classify_file(source, out, engine, FieldsSection(**section))
    engine.close()
    with out.open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}, summary


def test_each_work_gets_its_fields_or_outside_with_scores_and_a_reason(tmp_path):
    found, summary = classify(tmp_path)
    assert set(found["w1"]["fields"].split()) >= {"security", "ai"}
    assert found["w2"]["fields"] == "outside"
    assert found["w2"]["scores"].startswith("outside:")
    assert found["w3"]["fields"] == "photonics_quantum"
    assert "title has" in found["w3"]["reason"]
    assert (found["w4"]["fields"], found["w4"]["scores"], found["w4"]["reason"]) == ("outside", "", "no evidence")
    assert "code" in found["w5"]["reason"]
    assert (summary.works, summary.unclassified) == (5, 1)


def test_the_order_of_the_rows_changes_no_answer(tmp_path):
    shuffled = random.Random(1).sample(WORKS, len(WORKS))
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
    assert classify(tmp_path / "a")[0] == classify(tmp_path / "b", shuffled)[0]


def test_a_label_file_has_the_last_word(tmp_path):
    (tmp_path / "mine.csv").write_text("keyword,fields\nAgriculture,iot\n", encoding="utf-8")
    found, _ = classify(tmp_path, labels=str(tmp_path / "mine.csv"))
    assert (found["w2"]["fields"], found["w2"]["scores"]) == ("iot", "iot:1.00")
    assert "labelled by you" in found["w2"]["reason"]


def test_a_synonym_file_makes_two_keywords_one_and_stops_another(tmp_path):
    (tmp_path / "mine.csv").write_text("keyword,fields\nfield work,edge\n", encoding="utf-8")
    (tmp_path / "same.csv").write_text("label,replace by\nagriculture,field work\nClimate change,\n", encoding="utf-8")
    found, _ = classify(tmp_path, labels=str(tmp_path / "mine.csv"), synonyms=str(tmp_path / "same.csv"))
    assert found["w2"]["fields"] == "edge"


@pytest.mark.parametrize(
    ("taxonomy", "work", "field"), [("ccs", "w5", "security"), ("openalex", "w5", "computer_science")]
)
def test_other_taxonomies_classify_the_same_works(tmp_path, taxonomy, work, field):
    found, _ = classify(tmp_path, taxonomy=taxonomy)
    assert field in found[work]["fields"].split()


def test_a_taxonomy_of_ones_own_needs_no_model(tmp_path):
    (tmp_path / "farm").mkdir()
    (tmp_path / "farm" / "taxonomy.toml").write_text(FARM, encoding="utf-8")
    (tmp_path / "farm" / "labels.csv").write_text("keyword,fields\nAgriculture,land\n", encoding="utf-8")
    found, summary = classify(tmp_path, taxonomy=str(tmp_path / "farm"))
    assert found["w2"]["fields"] == "land"
    assert (summary.fields, summary.unclassified) == (1, 4)


def test_without_a_model_titles_are_learnt_from_the_works_that_keywords_decide(tmp_path):
    (tmp_path / "farm").mkdir()
    (tmp_path / "farm" / "taxonomy.toml").write_text(FARM, encoding="utf-8")
    (tmp_path / "farm" / "labels.csv").write_text("keyword,fields\nfarming,land\nsailing,outside\n", encoding="utf-8")
    works = [(f"a{n}", f"wheat harvest {n}", "", "farming", "") for n in range(60)]
    works += [(f"b{n}", f"boat race {n}", "", "sailing", "") for n in range(60)]
    found, _ = classify(tmp_path, [*works, ("new", "The wheat harvest", "", "", "")], taxonomy=str(tmp_path / "farm"))
    assert found["new"]["fields"] == "land"
    assert found["b1"]["fields"] == "outside"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,name\n1,x\n", "line 1: has no column title"),
        ("id,title\n1,x\n1,y\n", "line 3: the id '1' stands in line 2 too; keep one row a work"),
        ("id,title\n,x\n", "line 2: has no id"),
        ("id,title,year\n1,x,soon\n", "line 2: the year 'soon' is no number"),
        ("id,title\n1,x,y\n", "line 2: has more or fewer cells than the header"),
    ],
)
def test_a_fault_in_the_file_is_named_with_line_and_remedy(tmp_path, text, message):
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        read_works(tmp_path / "in.csv")
    assert message in str(error.value)
