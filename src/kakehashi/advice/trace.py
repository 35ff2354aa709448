"""From a sentence to what it rests on: the row of the table, the rule's own text, the source's figure, the works."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi import tables as declared
from kakehashi.advice.partners.reading import Rows, quoted
from kakehashi.errors import DataError
from kakehashi.knowledge.book import entry
from kakehashi.knowledge.rows import shipped
from kakehashi.knowledge.sources import documents
from kakehashi.knowledge.survey import FILE as SURVEY
from kakehashi.knowledge.survey import shares
from kakehashi.reasons import Evidence
from kakehashi.texts import Words

WORKS_SHOWN = 10
_MEMBERS = {"country": ("work_countries", "country_code"), "institution": ("work_institutions", "institution_id")}


@dataclass(frozen=True)
class Traced:
    """What a piece of evidence leads to.

    `values`: columns of the row or keys of the rule, in order. `title`, `publisher`, `date`: of the document. `works`:
    id, year, title and DOI of the first works, newest first; `count` how many there are in all.
    """

    evidence: Evidence
    values: tuple[tuple[str, Any], ...] = ()
    title: Words | None = None
    publisher: Words | None = None
    date: str | None = None
    works: tuple[tuple[str, int | None, str | None, str | None], ...] = ()
    count: int = 0


def trace(evidence: Evidence, rows: Rows, own: Path | None = None) -> Traced:
    """Follow a piece of evidence. Raises DataError where it leads to nothing, which would be a defect of the advice."""
    if evidence.kind == "table":
        return _row(evidence, rows)
    if evidence.kind == "rule":
        return _rule(evidence, own)
    if evidence.kind == "source":
        return _source(evidence, own)
    return _works(evidence, rows)


def _row(evidence: Evidence, rows: Rows) -> Traced:
    table = declared.BY_NAME.get(evidence.ref)
    key = dict(evidence.key)
    if table is None or set(key) != set(table.key):
        raise DataError(f"{_named(evidence)}: no row of a declared table is named by that")
    where = " and ".join(f"{column} = {quoted(value)}" for column, value in evidence.key)
    columns = tuple(table.columns)
    found = rows(f"select {', '.join(columns)} from {table.name} where {where}")
    if len(found) != 1:
        raise DataError(f"{_named(evidence)}: the study has no such row")
    return Traced(evidence, tuple(zip(columns, found[0], strict=True)))


def _rule(evidence: Evidence, own: Path | None) -> Traced:
    key = dict(evidence.key)
    if evidence.ref.endswith(".toml"):
        return Traced(evidence, tuple(entry(evidence.ref, key["id"], own).keys.items()))
    items = list(_rows_of(evidence.ref))
    if "id" not in key:  # a statement of absence: the file was looked through and holds no row of this kind
        found = [item for item in items if all(item.get(name) == value for name, value in evidence.key)]
        return Traced(evidence, tuple(evidence.key), count=len(found))
    for item in items:
        if item["id"] == key["id"]:
            return Traced(evidence, tuple((name, value) for name, value in item.items() if value not in (None, "")))
    raise DataError(f"{_named(evidence)}: the file holds no such row")


def _rows_of(file: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a CSV of knowledge, ours by its name or a user's by its path, each with its `id`."""
    if file == SURVEY:
        yield from (vars(share) for share in shares().values())
        return
    path = shipped(file) if "/" not in file and shipped(file).is_file() else Path(file)
    if not path.is_file():
        raise DataError(f"{file}: there is no such file of knowledge")
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    for row in csv.DictReader(io.StringIO("".join(line for line in lines if not line.startswith("#")))):
        yield {"id": (row.get("case") or row.get("programme") or "").strip(), **row}


def _source(evidence: Evidence, own: Path | None) -> Traced:
    document = documents(own).get(evidence.ref)
    if document is None:
        raise DataError(f"{_named(evidence)}: sources.toml holds no such document")
    return Traced(evidence, evidence.key, document.title, document.publisher, document.date)


def _works(evidence: Evidence, rows: Rows) -> Traced:
    key = dict(evidence.key)
    joined, conditions = "", [f"s.field = {quoted(key['field'])}"]
    if key["period"] != "all":
        conditions.append(f"w.year = {int(key['period'])}")
    for letter in "ab":
        entity = key.get(f"entity_{letter}")
        if entity is not None:
            table, column = _MEMBERS[_level(entity, rows)]
            joined += f" join {table} {letter} on {letter}.work_id = w.work_id and {letter}.{column} = {quoted(entity)}"
    body = f"from works w join work_scopes s on s.work_id = w.work_id{joined} where {' and '.join(conditions)}"
    [(count,)] = rows(f"select count(*) {body}")
    if not count:
        raise DataError(f"{_named(evidence)}: the study has no such works")
    found = rows(
        f"select w.work_id, w.year, w.title, w.doi {body} "
        f"order by w.year desc nulls last, w.work_id limit {WORKS_SHOWN}"
    )
    return Traced(evidence, evidence.key, works=tuple((row[0], row[1], row[2], row[3]) for row in found), count=count)


def _level(entity: str, rows: Rows) -> str:
    known = rows(f"select 1 from work_countries where country_code = {quoted(entity)} limit 1")
    return "country" if known else "institution"


def _named(evidence: Evidence) -> str:
    told = ", ".join(f"{name} {value}" for name, value in evidence.key)
    return f"evidence {evidence.kind} {evidence.ref} ({told})"
