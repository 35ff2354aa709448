"""One number, one value: 200 cells of the study are the same in pages, comparison, workbook and Word document."""

import random

import openpyxl
import pytest
from docx import Document

from kakehashi import Study
from kakehashi.indicators.definitions import definitions
from kakehashi.names import country_name
from kakehashi.texts import texts
from kakehashi.web.page import Column
from kakehashi.web.render import shown

MEASURES = ("papers", "international_share", "degree", "betweenness", "eigenvector")
KINDS = {"papers": "number", "degree": "number", "international_share": "percent"}
TITLES = ("Papers", "International share", "Degree", "Betweenness", "Eigenvector")
HEADS = {"country": "Indicators by country", "institution": "Indicators by institution"}
CELLS = 200
UP_TO = 6  # entities that one comparison shows
T = texts("en")


@pytest.fixture(scope="module")
def cells(finished):
    """The values drawn: level, entity, indicator, value; all from the study's own table."""
    study = Study(finished / "study")
    names = dict(study.rows("select institution_id, coalesce(name, institution_id) from institutions"))
    found = []
    for level in HEADS:
        rows = study.rows(
            f"select entity, {', '.join(MEASURES)} from indicators where level = '{level}' and field = 'all' "
            "and period = 'all' order by papers desc, entity"
        )
        found += [(level, row[0], *pair) for row in rows for pair in zip(MEASURES, row[1:], strict=True)]
    return found, names


@pytest.fixture(scope="module")
def documents(finished, tmp_path_factory):
    """The tables of indicators by level in a workbook and in a Word document: name of the entity to its five cells."""
    made = Study(finished / "study").report(["en"], tmp_path_factory.mktemp("report"), formats=["xlsx", "docx"])
    by_form = {path.suffix: path for path in made}
    book = openpyxl.load_workbook(by_form[".xlsx"])
    in_book = {}
    for level, head in HEADS.items():
        sheet = next(one for one in book.worksheets if str(one["A1"].value).endswith(head))
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        first = next(n for n, row in enumerate(rows) if any(str(cell).startswith("Papers") for cell in row)) + 1
        at = places([str(cell) for cell in rows[first - 1]])
        in_book[level] = {row[at[0] - 1]: [row[n] for n in at] for row in rows[first:] if row[at[0]] is not None}
    in_words = {level: {} for level in HEADS}
    for table in Document(by_form[".docx"]).tables:
        head = [cell.text.split("\n")[0] for cell in table.rows[0].cells]
        if set(TITLES) <= set(head):
            level, at = "institution" if "Institution" in head else "country", places(head)
            for row in table.rows[1:]:
                texts_ = [cell.text for cell in row.cells]
                in_words[level][texts_[at[0] - 1]] = [texts_[n] for n in at]
    return in_book, in_words


def places(head):
    """Where the five indicators stand in a table: other columns may stand between them."""
    return [next(n for n, cell in enumerate(head) if cell.startswith(title)) for title in TITLES]


def table(browser, address, id_):
    parts = browser.get(f"/en/s/study/{address}").json()["parts"]
    return next(part for part in parts if part.get("id") == id_)


def bare(cell):
    return cell["value"] if isinstance(cell, dict) else cell


def on_page(browser, level, entity):
    """The row `all fields` of an entity's page."""
    found = table(browser, f"{level}.json?id={entity}", "by_field")
    names = [column["name"] for column in found["columns"]]
    return dict(zip(names, map(bare, found["rows"][0]), strict=True))


def compared(browser, level, entities):
    """The cells of a comparison: one row an indicator, one column an entity."""
    query = "&".join(f"id={one}" for one in entities)
    rows = table(browser, f"compare.json?level={level}&{query}", "indicators")["rows"]
    labels = {definitions()[measure].label["en"]: measure for measure in MEASURES}
    return {
        (entity, labels[row[0]]): bare(row[place])
        for row in rows
        for place, entity in enumerate(entities, 1)
        if row[0] in labels
    }


def written(measure, value):
    return shown(T, Column(measure, "", KINDS.get(measure, "decimal")), value)


def test_sampled_cells_are_equal_in_pages_comparison_workbook_and_document(browser, cells, documents):
    values, names = cells
    in_book, in_words = documents

    def called(level, entity):
        return country_name(entity, "en") if level == "country" else names[entity]

    shared = [one for one in values if called(*one[:2]) in in_book[one[0]]]
    drawn = random.Random(7).sample(shared, CELLS)
    pages, side_by_side = {}, {}
    for level in HEADS:
        entities = sorted({entity for one, entity, *_ in drawn if one == level})
        pages |= {(level, entity): on_page(browser, level, entity) for entity in entities}
        for first in range(0, len(entities), UP_TO):
            found = compared(browser, level, entities[first : first + UP_TO])
            side_by_side |= {(level, *key): value for key, value in found.items()}
    for level, entity, measure, value in drawn:
        place, name = MEASURES.index(measure), called(level, entity)
        told = (level, entity, measure)
        assert pages[level, entity][measure] == value, told
        assert side_by_side.get(told) == value, told
        kept = in_book[level][name][place]
        assert kept == (value if value is None else pytest.approx(value, rel=1e-13)), told  # a workbook keeps 15 digits
        assert in_words[level][name][place] == written(measure, value), told
