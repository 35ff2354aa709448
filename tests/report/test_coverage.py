"""The share of mentions resolved, by source, as the report gives it."""

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

# file, format, database
SOURCES = [("a_10.csv", "ieee_csv", "ieee"), ("a_2.csv", "ieee_csv", "ieee"), ("b.bib", "acm_bibtex", "acm"),
           ("notes.txt", None, None)]  # fmt: skip
# file, mentions, and how many of them lead to an institution, to one with a ROR id, and to a country
COVERAGE = [("a_10.csv", 3, 2, 2, 2), ("a_2.csv", 5, 4, 3, 4)]


def study(*absent, counted=COVERAGE):
    connection = duckdb.connect()
    for table, rows in ((tables.SOURCES, SOURCES), (tables.SOURCE_COVERAGE, counted)):
        if table.name not in absent:
            load(connection, table, [(*row, *[None] * (len(table.columns) - len(row))) for row in rows])
    return study_tables(rows_of(connection))


def context(language="en", *absent):
    return Context(study(*absent), {}, Settings(), texts(language))


def test_every_input_file_is_told_of_also_one_that_gave_no_affiliations():
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


@pytest.mark.parametrize("missing", ["sources", "source_coverage"])
def test_a_study_that_lacks_one_of_the_tables_has_no_such_part(missing):
    assert mention_tables(context("en", missing), Numbering(1)) == []


def test_without_a_registry_and_without_ids_of_the_source_links_are_left_out_with_the_reason():
    unlinked = study(counted=[(file, mentions, named, 0, located) for file, mentions, named, _, located in COVERAGE])
    t = texts("en")
    for manifest, cells_of_links in (({}, ["–", "–"]), ({"registry": {"version": "v1"}}, ["0", "0.0%"])):
        found = Context(unlinked, manifest, Settings(), t)
        html = mention_tables(found, Numbering(1))[1].table.__html__()
        assert cells(html)[-1] == [t("columns.total"), "8", "6", "75.0%", *cells_of_links, "6", "75.0%"]
        assert (t("data.mentions.no_registry") in html) == (not manifest)
