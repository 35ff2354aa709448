"""The gold set for linking to a registry: its own form, and that its small registry is whole."""

import csv
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
ROR_ID = re.compile(r"0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}")
ABSTAIN = {
    "acronym without evidence",
    "not in the registry",
    "only a department",
    "only a place",
    "person or nothing",
}
"""Classes in which no string names an organisation of the registry."""


def load(name):
    spec = importlib.util.spec_from_file_location(f"gold_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


with (FOLDER / "links.csv").open(encoding="utf-8", newline="") as file:
    LINKS = list(csv.DictReader(file))
REGISTRY = load("registry")
ORGANISATIONS = {one["id"].removeprefix(REGISTRY.ADDRESS): one for one in REGISTRY.organisations()}


def test_the_set_has_450_strings_and_ten_of_every_class():
    assert len(LINKS) >= 450
    assert {name: count for name, count in Counter(row["class"] for row in LINKS).items() if count < 10} == {}
    assert len({row["text"] for row in LINKS}) == len(LINKS)


@pytest.mark.parametrize("row", LINKS, ids=lambda row: f"{row['class']}: {row['text'][:50]}")
def test_every_id_is_in_the_small_registry_and_in_a_country_of_the_row(row):
    ids = row["ror_ids"].split()
    assert len(set(ids)) == len(ids)
    for ror in ids:
        assert ROR_ID.fullmatch(ror)
        [place] = ORGANISATIONS[ror]["locations"]
        assert place["geonames_details"]["country_code"] in row["country_codes"].split()
    assert not set(ids) & set(row["also_right"].split())
    assert set(row["also_right"].split()) <= set(ORGANISATIONS)
    assert row["country_codes"].split() == sorted(set(row["country_codes"].split()))


def test_exactly_the_classes_of_nothing_to_link_have_no_id_beside_single_strings():
    empty = Counter(row["class"] for row in LINKS if not row["ror_ids"])
    full = Counter(row["class"] for row in LINKS)
    assert {name for name, count in empty.items() if count == full[name]} == ABSTAIN


def test_no_answer_is_a_withdrawn_record():
    given = {ror for row in LINKS for ror in row["ror_ids"].split()}
    assert {ror for ror in given if ORGANISATIONS[ror]["status"] == "withdrawn"} == set()


def test_the_registry_holds_neighbours_that_no_string_names():
    named = {ror for row in LINKS for ror in (row["ror_ids"] + " " + row["also_right"]).split()}
    assert len(ORGANISATIONS) >= 350
    assert len(set(ORGANISATIONS) - named) >= 100


def test_the_relations_of_the_registry_lead_to_organisations_that_it_holds():
    for one in ORGANISATIONS.values():
        for relation in one["relationships"]:
            assert relation["id"].removeprefix(REGISTRY.ADDRESS) in ORGANISATIONS


def test_the_small_registry_is_written_in_the_shape_of_a_dump(tmp_path):
    dump = json.loads(REGISTRY.write_dump(tmp_path / "ror.json").read_bytes())
    assert len(dump) == len(ORGANISATIONS)
    assert all(any("ror_display" in name["types"] for name in one["names"]) for one in dump)
    kyoto = next(one for one in dump if one["id"].endswith("02kpeqv85"))
    assert {"value": "京都大学", "types": ["label"], "lang": "ja"} in kyoto["names"]
    assert kyoto["locations"][0]["geonames_details"]["country_name"] == "Japan"
