"""The hub's database on SQLite and PostgreSQL: changes, undoing, locking, migrations, export and import."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hub_records import everything, fill
from sqlalchemy import text

from kakehashi.hub.store.engine import make_engine, newest, schema_version, upgrade
from kakehashi.hub.store.errors import ConflictError, HubError, InvalidError, NotFoundError, ReferencedError
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.models import KINDS, Base
from kakehashi.hub.store.transfer import FORMATS, export, import_everything, wipe

NEED = {"title": "Sensor", "text": "A cheap sensor", "language": "en", "state": "open"}


def add(hub, kind, values, author="ann"):
    with hub.unit(author) as unit:
        return unit.create(kind, values)


def change(hub, kind, record, values, author="bob"):
    with hub.unit(author) as unit:
        return unit.update(kind, record["id"], record["version"], values)


def test_every_change_has_an_author_a_time_and_both_states(hub):
    need = add(hub, "needs", NEED)
    change(hub, "needs", need, {"state": "closed"})
    newer, older = hub.changes("needs", need["id"])
    assert (older["author"], older["action"], older["before"]) == ("ann", "create", None)
    assert (newer["author"], newer["before"]["state"], newer["after"]["state"]) == ("bob", "open", "closed")
    assert newer["at"] >= older["at"]
    assert hub.get("needs", need["id"])["updated_by"] == "bob"


def test_a_change_on_an_old_version_is_refused_and_changes_nothing(hub):
    need = add(hub, "needs", NEED)
    change(hub, "needs", need, {"state": "closed"})
    with pytest.raises(ConflictError, match="changed by bob, now version 2"):
        change(hub, "needs", need, {"state": "matched"}, "cid")
    assert hub.get("needs", need["id"])["state"] == "closed"
    assert len(hub.changes()) == 2


def test_no_update_is_lost_among_many_who_add_to_one_record(hub):
    project = add(hub, "projects", {"title": "P", "income": 0, "currency": "JPY", "state": "running"})

    def add_one(name):
        for _ in range(5):
            while True:
                here = hub.get("projects", project["id"])
                try:
                    change(hub, "projects", here, {"income": here["income"] + 1}, name)
                    break
                except ConflictError:
                    continue

    threads = [threading.Thread(target=add_one, args=(f"t{number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (hub.get("projects", project["id"])["income"], len(hub.changes("projects"))) == (25, 26)


def test_creating_changing_and_deleting_can_each_be_undone_and_the_undoing_too(hub):
    need = add(hub, "needs", NEED)
    change(hub, "needs", need, {"state": "closed"})
    with hub.unit("cid") as unit:
        unit.delete("needs", need["id"], 2)
    for expected in ("closed", "open"):
        with hub.unit("dan") as unit:
            done = [one for one in hub.changes() if one["undoes"] is None]
            undone = {one["undoes"] for one in hub.changes()}
            unit.undo(next(one["batch"] for one in done if one["batch"] not in undone))
        assert hub.get("needs", need["id"])["state"] == expected
    with hub.unit("dan") as unit:
        unit.undo(hub.changes(limit=1)[0]["batch"])
    here = hub.get("needs", need["id"])
    assert (here["state"], here["version"], here["created_by"]) == ("closed", 5, "ann")


def test_a_batch_is_undone_whole_and_not_where_a_record_was_changed_since(hub):
    with hub.unit("ann") as unit:
        first, second = unit.create("needs", NEED), unit.create("needs", {**NEED, "title": "Other"})
        unit.update("needs", first["id"], 1, {"title": "Twice"})
        batch = unit.batch
    with hub.unit("bob") as unit:
        unit.update("needs", second["id"], 1, {"state": "closed"})
    with pytest.raises(ConflictError, match="undo the later change first"), hub.unit("cid") as unit:
        unit.undo(batch)
    assert hub.count("needs") == 2
    with hub.unit("cid") as unit:
        unit.undo(hub.changes(limit=1)[0]["batch"])


def test_a_batch_that_changed_a_record_twice_is_undone(hub):
    with hub.unit("ann") as unit:
        first = unit.create("needs", NEED)
        unit.update("needs", first["id"], 1, {"title": "Twice"})
        batch = unit.batch
    with hub.unit("cid") as unit:
        unit.undo(batch)
    assert hub.count("needs") == 0


def test_a_wipe_is_logged_and_cannot_be_undone(local_hub):
    fill(local_hub)
    wipe(local_hub, "ann")
    (one,) = local_hub.changes()
    assert (one["action"], one["author"]) == ("wipe", "ann")
    with pytest.raises(HubError, match="nor a wipe"), local_hub.unit("ann") as unit:
        unit.undo(one["batch"])


def test_a_unit_that_fails_leaves_nothing(hub):
    def two():
        with hub.unit("ann") as unit:
            unit.create("needs", NEED)
            unit.create("needs", {**NEED, "language": "fr"})

    with pytest.raises(InvalidError):
        two()
    assert (hub.count("needs"), hub.changes()) == (0, [])


def test_a_person_is_erased_from_the_log_as_well_and_cannot_be_brought_back(hub):
    person = add(hub, "people", {"name": "Ann Secret", "email": "ann@example.org"})
    change(hub, "people", person, {"role": "Director"})
    batches = [one["batch"] for one in hub.changes()]
    with hub.unit("bob") as unit:
        unit.erase("people", person["id"])
    assert "Secret" not in json.dumps(everything(hub), default=str)
    for batch in batches:
        with pytest.raises(HubError, match="erased"), hub.unit("bob") as unit:
            unit.undo(batch)
    with pytest.raises(HubError, match="only people"), hub.unit("bob") as unit:
        unit.erase("needs", "x")


def test_a_record_that_others_refer_to_stays_and_one_that_is_not_there_cannot_be_named(hub):
    need = add(hub, "needs", NEED)
    add(hub, "matches", {"need_id": need["id"], "state": "suggested"})
    with pytest.raises(ReferencedError), hub.unit("ann") as unit:
        unit.delete("needs", need["id"], 1)
    with pytest.raises(ReferencedError):
        add(hub, "matches", {"need_id": "0" * 32, "state": "suggested"})
    with pytest.raises(NotFoundError):
        hub.get("needs", "0" * 32)
    with pytest.raises(NotFoundError, match="did you mean 'needs'"):
        hub.records("need")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": "lost"}, "state"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"colour": "red"}, "colour"),
        ({"title": 5}, "title"),
    ],
)
def test_values_that_break_the_rules_are_refused_by_field(local_hub, values, field):
    with pytest.raises(InvalidError) as caught:
        add(local_hub, "needs", {**NEED, **values})
    assert set(caught.value.problems) == {field}


def test_numbers_come_back_as_they_were_written(hub):
    for written in ("0.1", "1234567890123456.00000001", "-0.00000001", "1E+3", "100"):
        kept = add(hub, "projects", {"title": "P", "income": written, "currency": "EUR", "state": "planned"})
        found = hub.get("projects", kept["id"])["income"]
        assert found == kept["income"]
        assert f"{found:f}".rstrip("0").rstrip(".") in (f"{kept['income']:f}", "1", "1000")


@pytest.mark.parametrize("form", FORMATS)
def test_export_wipe_import_gives_equal_rows(hub, form):
    fill(hub)
    before = everything(hub)
    written = export(hub, form)
    wipe(hub, "ann")
    assert all(not rows for kind, rows in everything(hub).items() if kind != "changes")
    counted = import_everything(hub, written, form, "bob")
    assert everything(hub) == before
    assert counted == {kind: len(rows) for kind, rows in before.items()}
    # The log goes on behind the imported one.
    add(hub, "needs", NEED)
    assert len(hub.changes(limit=None)) == len(before["changes"]) + 1


def test_an_export_of_one_database_is_imported_into_the_other(hub, local_hub):
    fill(hub)
    import_everything(local_hub, export(hub, "json"), "json", "ann")
    assert everything(local_hub) == everything(hub)


def test_no_exported_cell_begins_as_a_formula_does(local_hub):
    fill(local_hub)
    import csv

    with zipfile.ZipFile(io.BytesIO(export(local_hub, "csv"))) as archive:
        for name in archive.namelist():
            for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t")), (name, cell)
                    assert not cell.startswith("-") or float(cell) < 0, (name, cell)


def test_an_import_into_a_hub_with_records_is_refused(local_hub):
    fill(local_hub)
    with pytest.raises(HubError, match="not empty"):
        import_everything(local_hub, export(local_hub, "json"), "json", "ann")


def broken(hub, **change):
    tree = json.loads(export(hub, "json"))
    tree["tables"]["needs"][0] |= change
    return json.dumps(tree).encode()


def test_a_broken_import_names_table_row_and_column_and_leaves_nothing(local_hub, tmp_path):
    fill(local_hub)
    target = Hub(f"sqlite:///{tmp_path / 'target.db'}", create=True)
    for wrong, told in (
        ({"state": "lost"}, "needs row 2, column state"),
        ({"version": "x"}, "needs row 2, column version"),
        ({"id": "../../etc"}, "needs row 2, column id"),
        ({"created_at": "yesterday"}, "needs row 2, column created_at"),
    ):
        with pytest.raises(InvalidError) as caught:
            import_everything(target, broken(local_hub, **wrong), "json", "ann")
        assert told in str(caught.value)
    assert target.changes() == []
    target.close()


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("given", "form", "told"),
    [
        (b"PK\x03\x04 no zip", "xlsx", "not of this format"),
        (b"", "csv", "not of this format"),
        (zipped(needs_dot_csv=b"0" * 60_000_000), "csv", "swell"),
        (zipped(xl__sheet_dot_xml=b"0" * 60_000_000), "xlsx", "swell"),
        (zipped(**{f"a{number}_dot_csv": b"" for number in range(300)}), "csv", "swell"),
        (zipped(___dot____dot___etc_dot_csv=b"id\n"), "csv", "does not belong"),
        (zipped(a_dot_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "xlsx", "entities"),
        (zipped(xl__vbaProject_dot_bin=b"x"), "xlsx", "macros"),
        (zipped(a_dot_xml=b"<x/>"), "xlsx", "workbook"),
        (zipped(spoons_dot_csv=b"id\n1\n"), "csv", "no table"),
        (zipped(needs_dot_csv=b"id,title\n1\n"), "csv", "number of cells"),
        (zipped(needs_dot_csv=b"\xff\xfe"), "csv", "UTF-8"),
        (b"[" * 200_000, "json", "JSON"),
        (b'{"tables": {"needs": [1]}}', "json", "no tables"),
    ],
)  # fmt: skip
def test_hostile_uploads_are_refused_with_a_clear_message(local_hub, given, form, told):
    with pytest.raises(InvalidError) as caught:
        import_everything(local_hub, given, form, "ann")
    assert told in str(caught.value)


def test_a_formula_in_a_workbook_is_refused(local_hub):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "needs"
    sheet.append(["id", "title"])
    sheet.append(["x", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InvalidError, match="formula"):
        import_everything(local_hub, out.getvalue(), "xlsx", "ann")


OLD = (
    "insert into projects (id, version, created_at, created_by, updated_at, updated_by, title, state, income) "
    "values (:id, 1, :at, 'ann', :at, 'ann', 'Old project', 'running', 12.5)",
    "insert into changes (batch, at, author, action, kind, record_id, after) "
    "values ('b', :at, 'ann', 'create', 'projects', :id, :after)",
)


def test_the_first_schema_version_with_data_is_migrated(empty_url):
    engine = make_engine(empty_url)
    assert schema_version(engine) is None
    upgrade(engine, "0001")
    assert schema_version(engine) == "0001"
    with pytest.raises(HubError, match="kakehashi hub upgrade"):
        Hub(empty_url)
    one = "a" * 32
    row = {"id": one, "version": 1, "created_at": "2026-01-01T00:00:00.000000", "created_by": "ann",
           "updated_at": "2026-01-01T00:00:00.000000", "updated_by": "ann", "title": "Old project", "state": "running",
           "income": "12.5"}  # fmt: skip
    values = {"id": one, "at": "2026-01-01 00:00:00.000000", "after": json.dumps(row)}
    with engine.begin() as connection:
        for statement in OLD:
            known = {key: value for key, value in values.items() if f":{key}" in statement}
            if engine.dialect.name == "postgresql":
                statement = statement.replace(":at", "cast(:at as timestamp)").replace(":after", "cast(:after as json)")
            connection.execute(text(statement), known)
    upgrade(engine)
    assert schema_version(engine) == newest()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
    hub = Hub(empty_url)
    found = hub.get("projects", one)
    assert (found["title"], found["income"], found["currency"]) == ("Old project", 12.5, "JPY")
    change(hub, "projects", found, {"currency": "EUR"})
    with hub.unit("ann") as unit:
        unit.undo(hub.changes(limit=1)[0]["batch"])
    with hub.unit("ann") as unit:
        unit.undo("b")  # the record is again as the first version left it
    assert hub.count("projects") == 0
    hub.close()


WRITER = """
import sys
from kakehashi.hub.store.hub import Hub
hub = Hub(sys.argv[1])
print("ready", flush=True)
number = 0
while True:
    with hub.unit("writer") as unit:
        a = unit.create("needs", {"title": f"a{number}", "text": "x" * 5000, "language": "en", "state": "open"})
        unit.create("matches", {"need_id": a["id"], "state": "suggested"})
    number += 1
    print(number, flush=True)
"""


def test_kill_9_while_writing_loses_nothing_committed_and_leaves_nothing_half_written(hub_url):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, hub_url], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert writer.stdout.readline() == "ready\n"
    told = [writer.stdout.readline() for _ in range(8)]
    time.sleep(0.003)
    writer.send_signal(signal.SIGKILL)
    told += writer.stdout.read().splitlines(keepends=True)
    writer.wait()
    writer.stdout.close()
    committed = max(int(line) for line in told if line.endswith("\n"))
    hub = Hub(hub_url)
    kept = hub.count("needs")
    assert kept in (committed, committed + 1)
    assert hub.count("matches") == hub.count("needs")
    assert len(hub.changes(limit=None)) == 2 * hub.count("needs")
    if hub.engine.dialect.name == "sqlite":
        with hub.reading() as connection:
            assert connection.execute(text("pragma integrity_check")).scalar_one() == "ok"
    hub.close()


def test_a_database_that_cannot_be_used_is_one_message_without_the_password(tmp_path):
    for url in ("mysql://a:secret@b/c", "no url", "postgresql://a:secret@127.0.0.1:1/c"):
        with pytest.raises(HubError) as caught:
            Hub(url)
        assert "secret" not in str(caught.value)
        assert "KAKEHASHI_HUB_URL" in str(caught.value)
    with pytest.raises(HubError, match="kakehashi hub init"):
        Hub(f"sqlite:///{tmp_path / 'new.db'}")


def test_every_kind_of_record_was_tried(local_hub):
    assert set(fill(local_hub)) == set(KINDS)
