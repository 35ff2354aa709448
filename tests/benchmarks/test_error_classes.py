"""The error classes of benchmarks/errors.py, and what benchmarks/throughput.py makes, on small cases."""

import re
import sys
from itertools import islice
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
for package in ("rapidfuzz", "psutil"):
    pytest.importorskip(package, reason=f"{package} (group bench) is not installed")

import errors  # noqa: E402
import ror_names  # noqa: E402
import throughput  # noqa: E402
from gold_sets import Answer, Frame, Gold  # noqa: E402

UNIVERSITY, CAMPUS, INSTITUTE, ABROAD, CLOSED, SIBLING = (
    "01aaaaa11", "02bbbbb22", "03ccccc33", "04ddddd44", "05eeeee55", "05fffff66"
)  # fmt: skip


def entry(ror, name, country="JP", acronym=None, status="active", **relations):
    names = [{"value": name, "types": ["label", "ror_display"]}]
    return {
        "id": f"https://ror.org/{ror}",
        "names": names + ([{"value": acronym, "types": ["acronym"]}] if acronym else []),
        "locations": [{"geonames_details": {"country_code": country}}],
        "status": status,
        "relationships": [{"type": kind, "id": f"https://ror.org/{other}"} for kind, other in relations.items()],
        "domains": ["kyoto.example"],
        "links": [],
    }


DUMP = [
    entry(UNIVERSITY, "Kyoto University", child=CAMPUS),
    entry(CAMPUS, "Kyoto University Uji Campus", parent=UNIVERSITY),
    entry(SIBLING, "Kyoto University Katsura Campus", parent=UNIVERSITY),
    entry(INSTITUTE, "Northern Institute of Optics", acronym="NIO"),
    entry(ABROAD, "Northern Institute of Optics", country="CA"),
    entry(CLOSED, "Old Laboratory of Glass", status="inactive"),
]


@pytest.fixture
def registry(tmp_path):
    import json

    (tmp_path / "dump.json").write_text(json.dumps(DUMP), encoding="utf-8")
    return ror_names.read_organisations(tmp_path / "dump.json")


def classes(registry, text, wanted, given, reason=""):
    gold = Gold("1", text, tuple(wanted), (), "test")
    answer = Answer(tuple(given), (), (0.9,) * len(given), reason)
    return [(one.kind, one.group) for one in errors.errors_of(gold, answer, Frame({}), registry)]


@pytest.mark.parametrize(
    ("wanted", "given", "group"),
    [
        (CAMPUS, UNIVERSITY, "parent given"),
        (UNIVERSITY, CAMPUS, "child given"),
        (CAMPUS, SIBLING, "sibling given"),
        (INSTITUTE, ABROAD, "same name elsewhere"),
    ],
)
def test_an_answer_in_the_place_of_a_related_one_is_one_error_under_the_relation(registry, wanted, given, group):
    assert classes(registry, "Somewhere", [wanted], [given]) == [("false", group)]


def test_an_unrelated_answer_and_the_miss_are_two_errors(registry):
    assert classes(registry, "Kyoto Univ., Kyoto", [INSTITUTE], [UNIVERSITY]) == [
        ("false", "unrelated; answer's name in string, abbreviated"),
        ("miss", "alias missing or not named; another answer"),
    ]


def test_an_answer_named_in_full_beside_the_right_one_is_set_apart(registry):
    text = "Kyoto University and Old Laboratory of Glass"
    assert classes(registry, text, [UNIVERSITY], [UNIVERSITY, CLOSED]) == [
        ("false", "beside the right answer; answer's name in string")
    ]


@pytest.mark.parametrize(
    ("text", "wanted", "group"),
    [
        ("Dept. of Foo, Kyoto University", UNIVERSITY, "name in string; no answer (why)"),
        ("Northern Institute of Optics", INSTITUTE, "name in string, shared by several; no answer (why)"),
        ("NIO, Tsukuba", INSTITUTE, "acronym in string; no answer (why)"),
        ("Northern Institut of Optics", INSTITUTE, "name in string, otherwise spelled; no answer (why)"),
        ("Old Laboratory of Glass", CLOSED, "name in string, inactive; no answer (why)"),
        ("Department of Physics", UNIVERSITY, "alias missing or not named; no answer (why)"),
        ("Kyoto University", "09zzzzz99", "not in the registry file"),
    ],
)
def test_a_miss_is_sorted_by_what_the_string_shows_and_the_reason_given(registry, text, wanted, group):
    assert classes(registry, text, [wanted], [], reason="why") == [("miss", group)]


def test_a_right_answer_is_no_error(registry):
    assert classes(registry, "Kyoto University", [UNIVERSITY], [UNIVERSITY]) == []


# --- throughput -------------------------------------------------------------------------------------------


def test_crossed_strings_are_distinct_begin_with_the_given_ones_and_come_in_one_order(tmp_path):
    rows = [f'"Dept {n}, University {n}, Town {n}"' for n in range(20)] + ["Alone"]
    (tmp_path / "gold.csv").write_text("\n".join(["affiliation", *rows]) + "\n", encoding="utf-8")
    made = list(throughput.strings(tmp_path))
    assert made[20] == "Alone"
    assert len(made) == len(set(made)) == 20 * 20 + 1
    assert "Dept 3, University 7, Town 7" in made
    assert made[:50] == list(islice(throughput.strings(tmp_path), 50))


def test_an_enlarged_registry_keeps_its_own_and_adds_copies_without_their_names_and_ids():
    found = throughput.enlarged(DUMP, 15)
    assert len(found) == len({one["id"] for one in found}) == 15
    assert found[:6] == DUMP
    assert all(re.fullmatch(r"https://ror\.org/0[a-z0-9]{6}[0-9]{2}", one["id"]) for one in found)
    names = [{name["value"] for name in one["names"]} for one in found]
    assert not set().union(*names[:6]) & set().union(*names[6:])
    assert found[7]["relationships"] == [{"type": "parent", "id": found[6]["id"]}]
    assert found[6]["domains"] == []
