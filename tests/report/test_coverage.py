"""The share of mentions resolved, by source: counted by hand over three files of a made-up study."""

import re

import duckdb
import pytest
from markupsafe import escape

from example_study import load, rows_of
from kakehashi import tables
from kakehashi.report.blocks import Numbering
from kakehashi.report.chapters.coverage import Coverage, coverage, mention_tables
from kakehashi.report.context import Context
from kakehashi.report.queries import study_tables
from kakehashi.settings import Settings
from kakehashi.texts import LANGUAGES, texts

ROR = "https://ror.org/000000001"
# file, format, database
SOURCES = [("a_10.csv", "ieee_csv", "ieee"), ("a_2.csv", "ieee_csv", "ieee"), ("b.bib", "acm_bibtex", "acm"),
           ("notes.txt", None, None)]  # fmt: skip
# work, the record of each file that describes it, and the record that gave it its affiliations
RECORDS = [("w1", "a_10.csv#1"), ("w2", "a_2.csv#1"), ("w2", "b.bib#1"), ("w3", "a_2.csv#2"), ("w4", "b.bib#2")]
MENTIONS_FROM = [("w1", "a_10.csv#1"), ("w2", "a_2.csv#1"), ("w3", "a_2.csv#2")]
# a_10: full, full, nothing. a_2: full twice (the same string on two works), country alone, institution alone, two of
# which one is linked. b.bib prints none.
MENTIONS = [("w1", "full"), ("w1", "full"), ("w1", "nothing"), ("w2", "full"), ("w3", "full"), ("w3", "country"),
            ("w3", "institution"), ("w3", "two")]  # fmt: skip
# affiliation, institution, country, ROR id
RESOLUTIONS = [("full", "i1", "JP", ROR), ("nothing", None, None, None), ("country", None, "JP", None),
               ("institution", "i2", None, None), ("two", "i1", "JP", ROR), ("two", None, None, None),
               ("of no work", "i3", "FR", ROR)]  # fmt: skip


def study(*absent):
    connection = duckdb.connect()
    seen: dict[str, int] = {}

    def number(key: str) -> int:
        seen[key] = seen.get(key, 0) + 1
        return seen[key]

    def row(table, **known):
        return tuple(known.get(column) for column in table.columns)

    made = {
        "sources": [dict(zip(("file", "format", "database"), one, strict=True)) for one in SOURCES],
        "records": [{"record_id": r, "file": r.split("#")[0], "work_id": w} for w, r in RECORDS],
        "work_values": [{"work_id": w, "name": "mentions", "record_id": r} for w, r in MENTIONS_FROM]
        + [{"work_id": w, "name": "title", "record_id": r} for w, r in RECORDS],
        "mentions": [{"work_id": w, "seq": number(w), "affiliation": text} for w, text in MENTIONS],
        "resolutions": [
            {"affiliation": a, "seq": number(f"r {a}"), "institution_id": i, "country_code": c, "ror_id": ror}
            for a, i, c, ror in RESOLUTIONS
        ],
    }
    for name, rows in made.items():
        table = tables.BY_NAME[name]
        if name not in absent:
            load(connection, table, [row(table, **known) for known in rows])
    return study_tables(rows_of(connection))


def context(language="en", *absent):
    return Context(study(*absent), {}, Settings(), texts(language))


def test_mentions_are_counted_for_the_file_that_gave_the_work_its_affiliations():
    assert coverage(context()) == [
        ("acm_bibtex", "b.bib", Coverage(0, 0, 0, 0)),
        ("ieee_csv", "a_10.csv", Coverage(3, 2, 2, 2)),
        ("ieee_csv", "a_2.csv", Coverage(5, 4, 3, 4)),
        (None, "notes.txt", Coverage(0, 0, 0, 0)),
    ]


def cells(html):
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, flags=re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL)]
        for row in rows
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_gives_the_shares_by_format_with_a_total_and_by_file(language):
    t = texts(language)
    _, formats, files = mention_tables(context(language), Numbering(1))
    acm, ieee, unknown, total = cells(escape(formats.table))[1:]
    dash = ["0", "0", "–", "0", "–", "0", "–"]
    assert ieee[1:] == ["8", "6", "75.0%", "5", "62.5%", "6", "75.0%"]
    assert total == [t("columns.total"), "8", "6", "75.0%", "5", "62.5%", "6", "75.0%"]
    assert acm[1:] == unknown[1:] == dash
    assert escape(formats.table).count(t("data.mentions.no_mentions")) == 6
    assert t("n.mentions", n="8") == formats.n == files.n
    by_file = {row[0]: row[1:] for row in cells(escape(files.table)) if len(row) > 1}
    assert by_file["a_10.csv"] == ["3", "2", "66.7%", "2", "66.7%", "2", "66.7%"]
    assert by_file["a_2.csv"] == ["5", "4", "80.0%", "3", "60.0%", "4", "80.0%"]
    assert by_file["b.bib"] == dash
    order = [name for name in by_file if name.startswith("a_")]
    assert order == ["a_2.csv", "a_10.csv"], "numbers in names sort as numbers"
    assert (formats.folded, files.folded) == (False, True)


@pytest.mark.parametrize("missing", ["sources", "records", "work_values", "mentions", "resolutions"])
def test_a_study_that_lacks_one_of_the_tables_has_no_such_part(missing):
    assert mention_tables(context("en", missing), Numbering(1)) == []


def test_without_a_registry_and_without_ids_of_the_source_links_are_left_out_with_the_reason():
    names = ("sources", "records", "work_values", "mentions")
    linked = study()
    place = list(tables.RESOLUTIONS.columns).index("ror_id")
    unlinked = [(*row[:place], None, *row[place + 1 :]) for row in linked.rows("select * from resolutions")]
    connection = duckdb.connect()
    for name in names:
        load(connection, tables.BY_NAME[name], linked.rows(f"select * from {name}"))
    load(connection, tables.BY_NAME["resolutions"], unlinked)
    t = texts("en")
    for manifest, cells_of_links in (({}, ["–", "–"]), ({"registry": {"version": "v1"}}, ["0", "0.0%"])):
        found = Context(study_tables(rows_of(connection)), manifest, Settings(), t)
        html = mention_tables(found, Numbering(1))[1].table.__html__()
        assert cells(html)[-1] == [t("columns.total"), "8", "6", "75.0%", *cells_of_links, "6", "75.0%"]
        assert (t("data.mentions.no_registry") in html) == (not manifest)
