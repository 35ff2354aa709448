"""The texts of our CSV files are there in both languages, each in its script, and say no more than a cell can hold."""

import re

import pytest

from kakehashi.data.read import csv_rows

JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
TEXTS = [
    (file, row[key], column, row[f"{column}_ja"], row[f"{column}_en"])
    for file, key, columns in (
        ("cases.csv", "case", ("summary", "note")),
        ("programmes.csv", "programme", ("name", "note")),
    )
    for row in csv_rows(f"knowledge/{file}")
    for column in columns
]


@pytest.mark.parametrize(("file", "item", "column", "ja", "en"), TEXTS)
def test_a_text_is_in_both_languages_or_in_none(file, item, column, ja, en):
    assert bool(ja) == bool(en)
    assert not JAPANESE.search(en)
    if column != "name" and ja:
        assert JAPANESE.search(ja)
        assert ja.endswith("。")
        assert en.endswith(".")


def test_every_case_has_its_title_in_both_languages():
    for row in csv_rows("knowledge/cases.csv"):
        printed = JAPANESE.search(row["title"])
        other = row["title_en"] if printed else row["title_ja"]
        assert other or row["case"] == "109", row["case"]  # the name of a fair is the same in both
        assert not JAPANESE.search(row["title_en"])
