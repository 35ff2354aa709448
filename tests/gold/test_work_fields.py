"""The gold set of fields: its own form."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent
FIELDS = ["security", "iot", "bigdata", "ai", "device", "network", "edge", "photonics_quantum"]


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


WORKS = read("work_fields.csv")
SECOND = read("work_fields_second_sample.csv")
SECOND_LABELS = read("work_fields_second.csv")
ADJUDICATED = read("work_fields_adjudicated.csv")


def test_the_set_has_600_different_works():
    assert len(WORKS) == 600
    assert len({row["id"] for row in WORKS}) == 600


def test_a_work_has_fields_in_one_order_each_once_or_is_outside_alone():
    for row in WORKS + SECOND_LABELS + ADJUDICATED:
        fields = row["fields"].split()
        assert fields == ["outside"] or (fields and fields == [field for field in FIELDS if field in fields]), row


def test_half_is_for_tuning_and_half_for_testing_in_every_source():
    assert Counter(row["part"] for row in WORKS) == {"tune": 300, "test": 300}
    parts = Counter((row["source"], row["part"]) for row in WORKS)
    assert all(abs(parts[source, "tune"] - parts[source, "test"]) <= 1 for source, _ in parts)


def test_every_field_can_be_measured_in_both_parts():
    found = Counter((row["part"], field) for row in WORKS for field in row["fields"].split())
    assert min(found[part, field] for part in ("tune", "test") for field in FIELDS) >= 7


def test_the_table_holds_facts_and_no_text():
    assert set(WORKS[0]) == {"id", "source", "fields", "labelled_on", "draw", "part"}
    assert set(SECOND[0]) == {"id", "source"}
    assert set(SECOND_LABELS[0]) == {"id", "fields", "labelled_on"}
    assert set(ADJUDICATED[0]) == {"id", "fields", "why"}
    assert not [row["id"] for row in WORKS if " " in row["id"]]


def test_the_second_sample_is_150_works_of_the_set_about_a_quarter_of_every_source():
    of_the_set = {(row["id"], row["source"]) for row in WORKS}
    sample = {(row["id"], row["source"]) for row in SECOND}
    assert len(sample) == len(SECOND) == 150
    assert sample <= of_the_set
    works, second = (Counter(source for _, source in some) for some in (of_the_set, sample))
    assert all(abs(second[source] - works[source] / 4) <= 1 for source in works)


def test_the_second_reader_labelled_the_sample_each_work_once_in_its_order():
    assert [row["id"] for row in SECOND_LABELS] == [row["id"] for row in SECOND]
    assert all(date.fromisoformat(row["labelled_on"]) for row in SECOND_LABELS)


def test_adjudicated_are_the_works_on_which_the_readers_differ_each_once_with_a_short_reason():
    first = {row["id"]: row["fields"] for row in WORKS}
    differ = [row["id"] for row in SECOND_LABELS if first[row["id"]] != row["fields"]]
    assert differ
    assert sorted(row["id"] for row in ADJUDICATED) == sorted(differ)
    assert all(row["why"].strip() and len(row["why"]) <= 130 for row in ADJUDICATED)
