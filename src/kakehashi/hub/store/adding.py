"""Many records of a kind from one table, CSV or xlsx, as people keep them: all of them in one batch, or none.

The head names columns by their keys or by their labels in either language; so are choices. What another record is
meant by may be its id or its name.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Date, Integer, Numeric

from kakehashi.hub.store.errors import HubError, InvalidError
from kakehashi.hub.store.fields import kind_columns
from kakehashi.hub.store.hub import Hub
from kakehashi.hub.store.models import KINDS
from kakehashi.hub.store.sheets import sheet_rows
from kakehashi.hub.store.transfer import unquoted
from kakehashi.knowledge.book import nearest
from kakehashi.texts import LANGUAGES, Texts, texts

TABLES = {".csv": "csv", ".xlsx": "xlsx"}
"""The form of a table by the ending of its name."""
MOST_ROWS = 5000
_MANY = 20
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?: 00:00:00)?")
_ENCODINGS = ("utf-8-sig", "cp932")
"""As tables are saved: by most programs, and by a Japanese Excel."""


def add_rows(hub: Hub, kind: str, given: bytes, form: str, author: str) -> tuple[int, str]:
    """Add the rows of a table. Returns how many, and the batch. Raises InvalidError by row and column."""
    head, *body = _rows(kind, given, form) or [[]]
    columns = _columns(kind, head)
    if not any(any(cell not in (None, "") for cell in row) for row in body):
        raise InvalidError(kind, {"file": "has no rows under its head; fill some in"})
    if len(body) > MOST_ROWS:
        raise InvalidError(kind, {"file": f"has more than {MOST_ROWS} rows; give it in parts"})
    known = {owner: _known(hub, owner) for column in columns if (owner := refers_to(column))}
    problems: dict[str, str] = {}
    count = 0
    with hub.unit(author) as unit:
        for number, row in enumerate(body, 2):
            cells = {
                column.name: cell for column, cell in zip(columns, row, strict=False) if cell not in (None, "")
            }  # fmt: skip
            if not cells:
                continue
            try:
                unit.create(kind, {name: _value(KINDS[kind].c[name], cell, known) for name, cell in cells.items()})
                count += 1
            except InvalidError as error:
                problems |= {f"row {number}, {column}": told for column, told in error.problems.items()}
            if len(problems) > _MANY:
                break
        if problems:
            raise InvalidError(kind, dict(list(problems.items())[:_MANY]))
        return count, unit.batch


def template(kind: str, t: Texts) -> bytes:
    """Return an empty table as CSV: the labels of the columns, as a spreadsheet opens it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([label(t, kind, column.name) for column in kind_columns(kind)])
    return out.getvalue().encode("utf-8-sig")


def label(t: Texts, kind: str, column: str) -> str:
    """Name a column; a kind may have a word of its own for it."""
    own = f"hub.fields.{kind}_{column}"
    return t(own) if t.has(own) else t(f"hub.fields.{column}")


def refers_to(column: Column[Any]) -> str:
    """Return the kind of record that a column names, or nothing."""
    return next((key.column.table.name for key in column.foreign_keys), "")


def _rows(kind: str, given: bytes, form: str) -> list[list[Any]]:
    if form == "xlsx":
        sheets = dict(sheet_rows(given))
        return sheets.get(kind) or next(iter(sheets.values()), [])
    if form != "csv":
        raise HubError(f"format: unknown {form!r}; {nearest(form, TABLES.values())}")
    for encoding in _ENCODINGS:
        try:
            return list(csv.reader(io.StringIO(given.decode(encoding), newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise InvalidError(kind, {"file": f"cannot be read as CSV in UTF-8 ({error}); correct it there"}) from error
    raise InvalidError(kind, {"file": "cannot be read as CSV in UTF-8 (nor in Shift JIS); save it as UTF-8"})


def _columns(kind: str, head: Sequence[Any]) -> list[Column[Any]]:
    """Return the columns that a head names. Raises InvalidError for what is none, or stands there twice."""
    names = {column.name.casefold(): column for column in kind_columns(kind)}
    for language in LANGUAGES:
        for column in kind_columns(kind):
            names.setdefault(label(texts(language), kind, column.name).casefold(), column)
    written = [str(cell or "").strip() for cell in head]
    while written and not written[-1]:
        written.pop()
    problems = {
        one or f"column {place}": f"is no column; {nearest(one, names)}"
        for place, one in enumerate(written, 1)
        if one.casefold() not in names
    }
    if problems or not written:
        raise InvalidError(kind, problems or {"file": "has no head; name the columns in the first row"})
    found = [names[one.casefold()] for one in written]
    twice = next((one.name for place, one in enumerate(found) if one in found[:place]), None)
    if twice is not None:
        raise InvalidError(kind, {twice: "stands there already; keep one"})
    return found


def _known(hub: Hub, kind: str) -> dict[str, str]:
    """Return ids by the ids and names of the records of a kind; nothing by a name that several have."""
    names = [column.name for column in kind_columns(kind) if column.info.get("name")]
    found: dict[str, str] = {}
    records = hub.records(kind)
    for record in records:
        for name in {str(record[name]).casefold() for name in names if record[name]}:
            found[name] = "" if name in found else record["id"]
    return {name: record for name, record in found.items() if record} | {
        record["id"]: record["id"] for record in records
    }


def _value(column: Column[Any], cell: Any, known: Mapping[str, Mapping[str, str]]) -> Any:
    """Read a cell as people write it; what it cannot be read as stays, and is refused with the reason."""
    text = unquoted(str(cell).strip())
    if refers_to(column):
        if text.casefold() not in known[refers_to(column)]:
            raise InvalidError("row", {column.name: f"names no record that is kept, or several; {text[:40]!r}"})
        return known[refers_to(column)][text.casefold()]
    if column.info.get("choices"):
        choices = {
            texts(language)(f"hub.choices.{one}").casefold(): one
            for language in LANGUAGES
            for one in column.info["choices"]
        }
        return choices.get(text.casefold(), text)
    if isinstance(column.type, Date):
        day = _DAY.fullmatch(text)
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" if day else text
    if isinstance(column.type, Numeric):
        return text.replace(",", "")
    if isinstance(column.type, Integer):
        return int(text) if text.isascii() and text.lstrip("-").isdecimal() and len(text) < 10 else text
    return text
