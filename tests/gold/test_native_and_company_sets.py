"""The gold sets in native script and of companies: their own form, and the countries that the strings tell."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from kakehashi.affiliations.resolve import Resolver

FOLDER = Path(__file__).parent
COLUMNS = ["text", "names", "country_codes", "ror_ids", "class", "checked", "also_right"]
ROR_ID = re.compile(r"0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}")

NEEDS_REGISTRY = {
    "place not told",  # a name alone, in characters that China writes too
    "several, one placed",  # the country of one of two institutions, the other's is not named
    "needs registry",  # a company's name alone
}
"""Classes whose country no reader could tell from the string without knowing the institution."""

WRITTEN_IN = {"ja": "cp932", "zh-Hans": "gb18030", "zh-Hant": "big5", "ko": "cp949"}


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NATIVE = read("native_script.csv")
COMPANIES = read("companies.csv")
TOLD = [row for row in NATIVE + COMPANIES if row["class"] not in NEEDS_REGISTRY]


@pytest.fixture(scope="module")
def resolver():
    return Resolver()


def test_the_sets_hold_as_many_strings_as_were_asked_for():
    scripts = Counter(row["script"] for row in NATIVE)
    assert len(NATIVE) >= 300
    assert scripts["ja"] >= 130
    assert scripts["zh-Hans"] + scripts["zh-Hant"] >= 90
    assert scripts["ko"] >= 60
    assert len(COMPANIES) >= 200


@pytest.mark.parametrize("row", NATIVE, ids=lambda row: row["text"][:40])
def test_a_native_string_is_written_in_the_script_that_is_stated(row):
    row["text"].encode(WRITTEN_IN[row["script"]])
    assert re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]", row["text"])
    assert bool(re.search(r"[\uac00-\ud7a3]", row["text"])) == (row["script"] == "ko")


@pytest.mark.parametrize("rows", [NATIVE, COMPANIES], ids=["native", "companies"])
def test_every_row_is_whole_and_no_text_comes_twice(rows):
    assert list(rows[0])[: len(COLUMNS)] == COLUMNS
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert row["text"], row
        assert row["class"], row
        assert row["checked"], row
        assert all(re.fullmatch(r"[A-Z]{2}", code) for code in row["country_codes"].split()), row
        assert all(ROR_ID.fullmatch(ror) for ror in (row["ror_ids"] + " " + row["also_right"]).split()), row
        names = row["names"].split("|") if row["names"] else []
        assert len(row["ror_ids"].split()) <= len(names), row
        assert all(name == name.strip() for name in names), row
        if names:
            assert row["country_codes"], row


@pytest.mark.parametrize("rows", [NATIVE, COMPANIES], ids=["native", "companies"])
def test_no_institution_has_more_than_three_strings(rows):
    uses = Counter((name, row["country_codes"]) for row in rows for name in row["names"].split("|") if name)
    assert {name: count for name, count in uses.items() if count > 3} == {}


def test_every_class_that_needs_a_registry_occurs():
    assert {row["class"] for row in NATIVE + COMPANIES} >= NEEDS_REGISTRY


@pytest.mark.parametrize("row", TOLD, ids=lambda row: f"{row['class']}: {row['text'][:50]}")
def test_the_country_that_a_string_tells_is_found_without_a_registry(resolver, row):
    found = sorted({one.country_code for one in resolver.resolve(row["text"]) if one.country_code})
    assert found == row["country_codes"].split()
