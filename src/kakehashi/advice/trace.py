"""From a sentence to what it rests on: the row of the table, the rule's own text, the source's figure, the works."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi import tables as declared
from kakehashi.advice.partners.reading import Rows, listed, quoted
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
    return trace_all((evidence,), rows, own)[evidence]


def trace_all(evidence: Iterable[Evidence], rows: Rows, own: Path | None = None) -> dict[Evidence, Traced]:
    """Follow many pieces of evidence, with one SELECT for each table and each kind of works. Errors as in `trace`."""
    asked = tuple(dict.fromkeys(evidence))
    by_table: dict[str, list[Evidence]] = {}
    for one in asked:
        if one.kind == "table":
            by_table.setdefault(one.ref, []).append(one)
    found: dict[Evidence, Traced] = {}
    for ref, cited in by_table.items():
        found |= _table_rows(ref, cited, rows)
    found |= _works([one for one in asked if one.kind == "works"], rows)
    for one in asked:
        if one.kind == "rule":
            found[one] = _rule(one, own)
        elif one.kind == "source":
            found[one] = _source(one, own)
    return found


def _table_rows(ref: str, cited: list[Evidence], rows: Rows) -> dict[Evidence, Traced]:
    table = declared.BY_NAME.get(ref)
    for one in cited:
        if table is None or set(dict(one.key)) != set(table.key):
            raise DataError(f"{_named(one)}: no row of a declared table is named by that")
    assert table is not None  # noqa: S101 -- said above
    keys = [dict(one.key) for one in cited]
    columns = tuple(table.columns)
    # Some rows more than are cited; but these lists tell an engine which parts of a file it need not read.
    within = " and ".join(f"{column} in ({listed({key[column] for key in keys})})" for column in table.key)
    known: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for row in rows(f"select {', '.join(columns)} from {ref} where {within}"):
        values = dict(zip(columns, row, strict=True))
        known.setdefault(tuple(str(values[column]) for column in table.key), []).append(row)
    found = {}
    for one, key in zip(cited, keys, strict=True):
        same = known.get(tuple(key[column] for column in table.key), [])
        if len(same) != 1:
            raise DataError(f"{_named(one)}: the study has no such row")
        found[one] = Traced(one, tuple(zip(columns, same[0], strict=True)))
    return found


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


def _works(cited: list[Evidence], rows: Rows) -> dict[Evidence, Traced]:
    """Read the works of one entity or of two together: those of the same field, period and levels at once."""
    groups: dict[tuple[str, str, str, str], list[tuple[Evidence, str, str]]] = {}
    levels = _levels({dict(one.key).get(f"entity_{letter}") for one in cited for letter in "ab"}, rows)
    for one in cited:
        key = dict(one.key)
        a, b = (key.get(f"entity_{letter}") or "" for letter in "ab")
        groups.setdefault((key["field"], key["period"], levels[a], levels[b]), []).append((one, a, b))
    found: dict[Evidence, Traced] = {}
    for (field, period, *of), members in groups.items():
        known = _read_works(field, period, of, [(a, b) for _, a, b in members], rows)
        for one, a, b in members:
            if (a, b) not in known:
                raise DataError(f"{_named(one)}: the study has no such works")
            first = known[a, b]
            works = tuple((row[2], row[3], row[4], row[5]) for row in first)
            found[one] = Traced(one, one.key, works=works, count=first[0][6])
    return found


def _read_works(
    field: str, period: str, levels: list[str], pairs: list[tuple[str, str]], rows: Rows
) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    """Return the first works of each pair: both entities, id, year, title, DOI, and how many works there are."""
    joined, columns, conditions = "", [], [f"s.field = {quoted(field)}"]
    if period != "all":
        conditions.append(f"w.year = {int(period)}")
    for place, (letter, level) in enumerate(zip("ab", levels, strict=True)):
        if not level:
            columns.append("''")
            continue
        table, column = _MEMBERS[level]
        columns.append(f"{letter}.{column}")
        joined += (
            f" join {table} {letter} on {letter}.work_id = w.work_id "
            f"and {letter}.{column} in ({listed({pair[place] for pair in pairs})})"
        )
    either = " or ".join(
        f"({columns[0]} = {quoted(a)} and {columns[1]} = {quoted(b)})" for a, b in dict.fromkeys(pairs)
    )
    ends = ", ".join(columns)
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in rows(
        "select a, b, work_id, year, title, doi, n from ("
        f"select {columns[0]} as a, {columns[1]} as b, w.work_id, w.year, w.title, w.doi, "
        f"count(*) over (partition by {ends}) as n, "
        f"row_number() over (partition by {ends} order by w.year desc nulls last, w.work_id) as place "
        f"from works w join work_scopes s on s.work_id = w.work_id{joined} "
        f"where {' and '.join(conditions)} and ({either})) as t where place <= {WORKS_SHOWN} order by a, b, place"
    ):
        found.setdefault((row[0], row[1]), []).append(row)
    return found


def _levels(entities: set[str | None], rows: Rows) -> dict[str, str]:
    """Tell of each entity whether it is a country or an institution; of none, that it is neither."""
    named = {entity for entity in entities if entity}
    if not named:
        return {"": ""}
    known = rows(f"select distinct country_code from work_countries where country_code in ({listed(named)})")
    countries = {row[0] for row in known}
    return {"": "", **{entity: "country" if entity in countries else "institution" for entity in named}}


def _named(evidence: Evidence) -> str:
    told = ", ".join(f"{name} {value}" for name, value in evidence.key)
    return f"evidence {evidence.kind} {evidence.ref} ({told})"
