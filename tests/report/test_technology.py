"""What became of the works of each database: the first table of the section on technology fields."""

import re

import duckdb
from markupsafe import escape

from example_study import load, rows_of
from kakehashi import tables
from kakehashi.report.blocks import Numbering, TableBlock
from kakehashi.report.chapters.technology import blocks
from kakehashi.report.context import Context
from kakehashi.report.queries import study_tables
from kakehashi.settings import Settings
from kakehashi.texts import texts


def outcomes(databases):
    """Return the outcome table of a study with one work of each database."""
    connection = duckdb.connect()
    works = [{"work_id": f"w{number}", "database": name} for number, name in enumerate(databases)]
    decided = [{"work_id": work["work_id"], "outcome": "fields", "keywords": 1, "decided": 1} for work in works]
    for table, rows in ((tables.WORKS, works), (tables.FIELD_OUTCOMES, decided)):
        load(connection, table, [tuple(row.get(column) for column in table.columns) for row in rows])
    made = blocks(Context(study_tables(rows_of(connection)), {}, Settings(), texts("en")), Numbering(1))
    table = str(escape(next(block for block in made if isinstance(block, TableBlock)).table))
    return [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r"<tr[^>]*>\s*<th.*?</th>", table, re.DOTALL)]


def test_databases_of_equally_many_works_stand_in_alphabetical_order():
    named = ["acm", "cnki", "dimensions", "ieee", "lens", "openalex", "scopus", "wos"]
    heads = outcomes([*named, "wos"])
    assert heads == outcomes(["wos", *reversed(named)])
    assert [head.casefold()[:3] for head in heads[1:4]] == ["web", "acm", "cnk"]
