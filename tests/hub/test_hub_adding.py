"""Many records from one table: labels of both languages, names for ids, all or nothing, undone at once."""

import csv
import io

import openpyxl
import pytest

from kakehashi.hub.store.adding import MOST_ROWS, add_rows, template
from kakehashi.hub.store.errors import InvalidError
from kakehashi.hub.store.fields import kind_columns
from kakehashi.hub.store.models import KINDS
from kakehashi.texts import LANGUAGES, texts

PUMPS = {"name_en": "Pump Works", "name_ja": "ポンプ製作所", "kind": "company", "country": "JP"}


def table(*rows, encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def add(hub, kind, /, **values):
    with hub.unit("ann") as unit:
        return unit.create(kind, values)


def test_a_table_with_labels_and_names_is_added_as_one_batch_and_undone_as_one(hub):
    pumps = add(hub, "organisations", **PUMPS)["id"]
    head = ("組織", "題名", "本文", "言語", "状態")
    rows = [("ポンプ製作所", f"需要{n}", "安いセンサー", "日本語", "募集中") for n in range(30)]
    count, batch = add_rows(hub, "needs", table(head, *rows, ("", "", "", "", "")), "csv", "bob")
    kept = hub.records("needs")
    assert (count, len(kept)) == (30, 30)
    assert {(one["organisation_id"], one["language"], one["state"]) for one in kept} == {(pumps, "ja", "open")}
    assert {one["created_by"] for one in kept} == {"bob"}
    with hub.unit("bob") as unit:
        unit.undo(batch)
    assert hub.count("needs") == 0


def test_a_table_as_a_japanese_excel_saves_it_is_read(local_hub):
    given = table(("題名", "本文", "言語", "状態"), ("ポンプ", "予知保全", "日本語", "募集中"), encoding="cp932")
    assert add_rows(local_hub, "needs", given, "csv", "ann")[0] == 1
    assert local_hub.records("needs")[0]["title"] == "ポンプ"


def test_a_workbook_with_days_and_numbers_is_read(local_hub):
    import datetime

    book = openpyxl.Workbook()
    book.active.append(["Title", "Begins", "Income in a year", "State", "Scheme pattern (1 to 12)"])
    book.active.append(["A", datetime.datetime(2024, 4, 1), 12500000, "Running", 3])
    book.active.append(["B", "2024/4/2", "12,500,000.5", "running", "4"])
    out = io.BytesIO()
    book.save(out)
    add_rows(local_hub, "projects", out.getvalue(), "xlsx", "ann")
    one, two = local_hub.records("projects")
    assert (str(one["begins"]), one["income"], one["state"], one["pattern"]) == ("2024-04-01", 12500000, "running", 3)
    assert (str(two["begins"]), str(two["income"]), two["pattern"]) == ("2024-04-02", "12500000.5", 4)


def test_years_of_a_kpi_are_added_by_its_key(local_hub):
    add(local_hub, "kpi_definitions", key="joint", unit="works", direction="up", years="fiscal", cumulative="no")
    rows = [("joint", year, "Value", 10 + year - 2015) for year in range(2015, 2025)]
    add_rows(local_hub, "kpi_values", table(("KPI", "Year", "Kind", "Value"), *rows), "csv", "ann")
    assert [int(one["value"]) for one in local_hub.records("kpi_values")] == list(range(10, 20))


HEAD = ("title", "text", "language", "state")
GOOD = ("Sensor", "A cheap sensor", "en", "open")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([HEAD, GOOD, ("", "text", "en", "open")], "row 3, title"),
        ([HEAD, GOOD, ("A", "b", "en", "lost")], "row 3, state"),
        ([(*HEAD, "organisation_id"), (*GOOD, "Nobody")], "names no record"),
        ([("title", "colour"), ("A", "red")], "colour: is no column"),
        ([("title", "Title"), ("A", "B")], "stands there already"),
        ([HEAD], "has no rows"),
        ([[]], "has no head"),
        ([HEAD, *[GOOD] * (MOST_ROWS + 1)], "more than 5000 rows"),
    ],
)
def test_a_wrong_table_is_refused_by_row_and_column_and_adds_nothing(local_hub, rows, told):
    with pytest.raises(InvalidError) as caught:
        add_rows(local_hub, "needs", table(*rows), "csv", "ann")
    assert told in str(caught.value)
    assert local_hub.count("needs") == 0
    assert local_hub.changes() == []


def test_a_name_that_two_have_is_not_guessed(local_hub):
    for _ in range(2):
        add(local_hub, "organisations", **PUMPS)
    given = table((*HEAD, "organisation_id"), (*GOOD, "Pump Works"))
    with pytest.raises(InvalidError, match="or several"):
        add_rows(local_hub, "needs", given, "csv", "ann")


def test_what_an_export_keeps_from_being_a_formula_is_read_as_it_was(local_hub):
    add_rows(local_hub, "needs", table(HEAD, ("'=1+1", "'-text", "en", "open")), "csv", "ann")
    assert local_hub.records("needs")[0]["title"] == "=1+1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_table_of_every_kind_names_columns_that_are_read_back(local_hub, language):
    for kind in KINDS:
        [head] = csv.reader(io.StringIO(template(kind, texts(language)).decode("utf-8-sig")))
        assert len(set(head)) == len(head) == len(kind_columns(kind))
        choices = [one for column in kind_columns(kind) for one in column.info.get("choices", ())]
        assert all(texts(language)(f"hub.choices.{one}") for one in choices)
        with pytest.raises(InvalidError, match="has no rows"):
            add_rows(local_hub, kind, table(head), "csv", "ann")
