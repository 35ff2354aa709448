"""Export and import of everything, so that what is imported equals what was exported: JSON, CSV in a zip, xlsx.

Records come with their ids, versions, authors and times, and the log of changes comes too; accounts do not. An empty
cell is no value. In CSV and xlsx a text that a spreadsheet would take for a formula has an apostrophe put before it,
and the import takes it off again.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Integer, Numeric, Table, delete, insert, select, text

from kakehashi.hub.store import engine as engines
from kakehashi.hub.store.errors import HubError, InvalidError
from kakehashi.hub.store.fields import checked, from_plain, to_plain
from kakehashi.hub.store.hub import Hub, now
from kakehashi.hub.store.models import KINDS, STAMPS, Change
from kakehashi.hub.store.sheets import guarded_parts, sheet_rows, write_sheets
from kakehashi.knowledge.book import nearest

FORMATS = ("json", "csv", "xlsx")
ENDINGS = {".json": "json", ".zip": "csv", ".xlsx": "xlsx"}
"""The form of a file by the ending of its name."""
MEDIA = {
    "json": "application/json",
    "csv": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHANGES = "changes"
_TABLES: Mapping[str, Table] = {**KINDS, CHANGES: Change.__table__}  # type: ignore[dict-item]
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n]")
_MANY = 20
_ID = re.compile(r"[0-9a-f]{32}")
_UNWANTED = re.compile(r"[\x00-\x1f\ud800-\udfff]")
_LARGEST = 2**31
_NEXT_CHANGE = text(
    "select setval(pg_get_serial_sequence('changes', 'id'), (select coalesce(max(id), 0) + 1 from changes), false)"
)
Rows = dict[str, list[dict[str, Any]]]


def export(hub: Hub, form: str) -> bytes:
    """Return everything in a format: one moment's state. Raises HubError for a format that there is not."""
    tables: Rows = {}
    with hub.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("set transaction isolation level repeatable read read only"))
        for name, table in _TABLES.items():
            order = (table.c.id,) if name == CHANGES else (table.c.created_at, table.c.id)
            found = connection.execute(select(table).order_by(*order)).mappings()
            tables[name] = [{column: to_plain(row[column]) for column in _columns(table)} for row in found]
    if form == "json":
        head = {"kakehashi_hub": engines.newest(), "exported_at": now().isoformat(timespec="seconds")}
        return json.dumps({**head, "tables": tables}, ensure_ascii=False, indent=1, allow_nan=False).encode()
    cells = {name: [list(_columns(_TABLES[name])), *_cells(name, rows)] for name, rows in tables.items()}
    if form == "csv":
        return _zip(cells)
    if form == "xlsx":
        return write_sheets(cells)
    raise HubError(f"format: unknown {form!r}; {nearest(form, FORMATS)}")


def wipe(hub: Hub, author: str) -> None:
    """Take everything away, the log too, and log that. Accounts stay."""
    with hub.unit(author) as unit:
        for table in reversed(tuple(_TABLES.values())):
            unit.connection.execute(delete(table))
        _note(unit.connection, unit.batch, author, "wipe")


def import_everything(hub: Hub, given: bytes, form: str, author: str) -> dict[str, int]:
    """Put an export into an empty hub, all or nothing. Returns the number of rows by table.

    Raises HubError where the hub is not empty, InvalidError naming table, row, column and remedy.
    """
    readers: Mapping[str, Callable[[bytes], Rows]] = {"json": _from_json, "csv": _from_csv, "xlsx": _from_xlsx}
    if form not in readers:
        raise HubError(f"format: unknown {form!r}; {nearest(form, FORMATS)}")
    tables = readers[form](given)
    unknown = [name for name in tables if name not in _TABLES]
    if unknown:
        raise InvalidError("import", {unknown[0]: f"is no table; {nearest(unknown[0], _TABLES)}"})
    rows = _checked(tables)
    with hub.unit(author) as unit:
        for name, table in KINDS.items():
            if unit.connection.execute(select(table.c.id).limit(1)).first() is not None:
                raise HubError(f"{name}: is not empty; import into a new hub, or `kakehashi hub wipe` first")
        unit.connection.execute(delete(Change))
        for name, table in _TABLES.items():
            if rows[name]:
                unit.connection.execute(insert(table), rows[name])
        if unit.connection.dialect.name == "postgresql":
            unit.connection.execute(_NEXT_CHANGE)
    return {name: len(found) for name, found in rows.items()}


def _note(connection: Any, batch: str, author: str, action: str) -> None:
    connection.execute(
        insert(Change).values(batch=batch, at=now(), author=author, action=action, kind="all", record_id="all")
    )


def _columns(table: Table) -> list[str]:
    """Return the columns as files have them: what identifies a record first."""
    names = list(table.c.keys())
    return sorted(names, key=lambda name: (name != "id", name in STAMPS, names.index(name)))


def _cells(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Any]]:
    table = _TABLES[name]
    for row in rows:
        yield [_cell(table.c[column], row[column]) for column in _columns(table)]


def _cell(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, Integer):
        return value
    if isinstance(column.type, JSON):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(column.type, Numeric):
        return value
    return f"'{value}" if _FORMULA.match(str(value)) else value


def _zip(cells: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in cells.items():
            sheet = io.StringIO()
            csv.writer(sheet, lineterminator="\n").writerows(rows)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0)), sheet.getvalue().encode("utf-8-sig")
            )
    return out.getvalue()


def _from_json(given: bytes) -> Rows:
    try:
        tree = json.loads(given.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidError(
            "import", {"file": f"cannot be read as JSON in UTF-8 ({error}); give an export as it was written"}
        ) from error
    tables = tree.get("tables") if isinstance(tree, dict) else None
    if not isinstance(tables, dict) or not all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in tables.values()
    ):
        raise InvalidError("import", {"file": "has no tables; give an export as it was written"})
    return tables


def _from_csv(given: bytes) -> Rows:
    tables: Rows = {}
    for name, part in guarded_parts(given, (".csv",)):
        try:
            rows = list(csv.reader(io.StringIO(part.decode("utf-8-sig"), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise InvalidError(
                "import", {name: f"cannot be read as CSV in UTF-8 ({error}); correct it there"}
            ) from error
        tables[name.removesuffix(".csv")] = _tabled(name.removesuffix(".csv"), rows)
    return tables


def _from_xlsx(given: bytes) -> Rows:
    return {name: _tabled(name, rows) for name, rows in sheet_rows(given)}


def _tabled(name: str, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    head, *body = rows
    width = len(head)
    wrong = next((number for number, row in enumerate(body, 2) if len(row) != width), None)
    if wrong is not None:
        raise InvalidError(
            "import", {f"{name} row {wrong}": f"has another number of cells than the head ({width}); correct it"}
        )
    table = _TABLES.get(name)
    found = []
    for row in body:
        cells: dict[str, Any] = {}
        for key, value in zip(head, row, strict=True):
            column = None if table is None else table.c.get(str(key))
            cells[str(key)] = None if value in ("", None) else _uncell(column, value)
        found.append(cells)
    return found


def _uncell(column: Column[Any] | None, value: Any) -> Any:
    if column is None or isinstance(column.type, Numeric):
        return value
    if isinstance(column.type, Integer):
        return value
    if isinstance(column.type, JSON):
        try:
            return json.loads(value)
        except (TypeError, ValueError, RecursionError):
            return value
    return unquoted(value) if isinstance(value, str) else value


def unquoted(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from reading a formula."""
    return text[1:] if _QUOTED.match(text) else text


def _checked(tables: Rows) -> Rows:
    """Check every row as if it were entered, and its stamps. Raises InvalidError with the first problems."""
    problems: dict[str, str] = {}
    found: Rows = {}
    for name, table in _TABLES.items():
        found[name] = []
        seen: set[Any] = set()
        for number, row in enumerate(tables.get(name, []), 2):
            where = f"{name} row {number}"
            try:
                kept = _row(name, table, row)
            except InvalidError as error:
                problems |= {f"{where}, column {column}": told for column, told in error.problems.items()}
                continue
            if kept["id"] in seen:
                problems[f"{where}, column id"] = "stands there already; keep one"
            seen.add(kept["id"])
            found[name].append(kept)
    if problems:
        raise InvalidError("import", dict(list(problems.items())[:_MANY]))
    return found


def _row(name: str, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    own = STAMPS if name != CHANGES else tuple(table.c.keys())
    values = {key: value for key, value in row.items() if key not in own}
    kept = {key: _stamp(table.c[key], row.get(key)) for key in own}
    if name == CHANGES:
        unknown = dict.fromkeys(values, "is unknown; leave it out")
        if unknown:
            raise InvalidError(name, unknown)
        return kept
    values = {key: _whole(table.c[key], value) if key in table.c else value for key, value in values.items()}
    return {**checked(name, values, name), **kept}


def _whole(column: Column[Any], value: Any) -> Any:
    """Read a whole number that came as text."""
    if isinstance(column.type, Integer) and isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value[:19])
    return value


def _stamp(column: Column[Any], value: Any) -> Any:
    if value is None:
        if column.nullable:
            return None
        raise InvalidError("row", {column.name: "is empty; give it as it was exported"})
    found = _as_exported(column, value)
    if found is None:
        raise InvalidError("row", {column.name: f"{str(value)[:40]!r} is not as it was exported; correct it"})
    return found


def _as_exported(column: Column[Any], value: Any) -> Any:
    """Return a stamp as the table takes it, or nothing where it is not what an export writes."""
    if isinstance(column.type, JSON):
        return value if isinstance(value, dict) else None
    if isinstance(column.type, Integer):
        whole = str(value)
        return int(whole) if whole.isascii() and whole.isdecimal() and 0 < int(whole[:19]) < _LARGEST else None
    if isinstance(column.type, DateTime):
        try:
            moment = from_plain(column, value)
        except (ValueError, TypeError):
            return None
        return moment if isinstance(moment, datetime) and moment.tzinfo is None else None
    one = str(value)
    fits = len(one) <= column.type.length and not _UNWANTED.search(one)  # type: ignore[attr-defined]
    return one if fits and (column.name != "id" or _ID.fullmatch(one)) else None
