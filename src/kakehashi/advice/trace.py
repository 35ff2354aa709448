"""From a sentence to what it rests on: the row of the table, the rule's own text, the source's figure, the works."""

import csv
import io
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from kakehashi import tables as declared
from kakehashi.advice.partners.reading import Rows, quoted
from kakehashi.errors import DataError
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
    items = _items(evidence.ref, own)
    if "id" not in key:  # a statement about absence: the file was looked through and holds no item of this kind
        found = [item for item in items if all(str(item.get(name)) == value for name, value in evidence.key)]
        return Traced(evidence, tuple(evidence.key), count=len(found))
    for item in reversed(items):  # a user's file comes last and has the last word
        if str(item["id"]) == key["id"]:
            return Traced(evidence, tuple((name, value) for name, value in item.items() if value not in (None, "")))
    raise DataError(f"{_named(evidence)}: the file holds no such item")


def _items(file: str, own: Path | None) -> list[dict[str, Any]]:
    """Return the items of a knowledge file: ours, then those of the user's file of that name; or a user's own path."""
    if file == SURVEY:
        return [vars(share) for share in shares().values()]
    shipped = resources.files("kakehashi.data").joinpath("knowledge", file) if "/" not in file else None
    texts = [shipped.read_text(encoding="utf-8")] if shipped is not None and shipped.is_file() else []
    beside = Path(file) if own is None or Path(file).is_absolute() else own / file
    if not texts or own is not None:
        path = beside if beside.is_file() else Path(file)
        texts += [path.read_text(encoding="utf-8-sig")] if path.is_file() else []
    if not texts:
        raise DataError(f"{file}: there is no such file of knowledge")
    return [item for text in texts for item in (_toml(text) if file.endswith(".toml") else _csv(text))]


def _toml(text: str) -> Iterable[dict[str, Any]]:
    for items in tomllib.loads(text).values():
        if isinstance(items, list):
            for item in items:
                name = item.get("id") or f"{item.get('goal')}.{item.get('component')}"
                yield {**item, "id": name}


def _csv(text: str) -> Iterable[dict[str, Any]]:
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    for row in csv.DictReader(io.StringIO("".join(lines))):
        yield {"id": next(iter(row.values())), **row}


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
        f"select w.work_id, w.year, w.title, w.doi {body} order by w.year desc nulls last, w.work_id limit {WORKS_SHOWN}"
    )
    return Traced(evidence, evidence.key, works=tuple((row[0], row[1], row[2], row[3]) for row in found), count=count)


def _level(entity: str, rows: Rows) -> str:
    known = rows(f"select 1 from work_countries where country_code = {quoted(entity)} limit 1")
    return "country" if known else "institution"


def _named(evidence: Evidence) -> str:
    told = ", ".join(f"{name} {value}" for name, value in evidence.key)
    return f"evidence {evidence.kind} {evidence.ref} ({told})"
