"""What texts and keywords say of works is kept: after a change of labels only the works that it touches are weighed.

A work is weighed anew where one of its keywords is decided otherwise than in the last run, or where its texts hold a
labelled term whose label has changed. Where a term has come or gone all works are: it may stand in any text, and it may
hide or uncover others.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kakehashi.engine.base import Engine, Row
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.taxonomy import Label, Taxonomy
from kakehashi.settings import FieldsSection
from kakehashi.tables import FIELD_EVIDENCE, FIELD_OUTCOMES, FIELD_TERMS, KEYWORD_FIELDS, WORK_FIELDS, Table, declare

MOST_CHANGED = 200
"""If more labels of terms have changed than this, all works are weighed: texts are searched for each."""

TOUCHED = declare("fields_touched", "The works to be weighed anew.", "work_id", "work_id string", private=True)
_FORMER_KEYWORDS = replace(KEYWORD_FIELDS, name="fields_former_keywords", private=True)
_FORMER_FIELDS = replace(WORK_FIELDS, name="fields_former_fields", private=True)
_FORMER_OUTCOMES = replace(FIELD_OUTCOMES, name="fields_former_outcomes", private=True)
_NEVER = {"string": "' '", "bigint": "-1", "double": "-1e0"}
"""What no value of a work's fields, evidence or outcome is."""


@dataclass(frozen=True)
class Former:
    """The terms of the last run: of each its number, words, the keyword of its label and its fields, then the reader.

    `reader` is the fingerprint under which this run reads texts.
    """

    terms: tuple[Row, ...]
    reader: str

    def changed(self, terms: list[Row]) -> list[int] | None:
        """Return the numbers of the terms whose label is another now; None where all works have to be weighed."""
        read_alike = bool(self.terms) and all(row[-1] == self.reader for row in self.terms)
        if not read_alike or [row[:2] for row in terms] != [row[:2] for row in self.terms]:
            return None
        found = [now[0] for now, then in zip(terms, self.terms, strict=True) if now != then]
        return found if len(found) <= MOST_CHANGED else None


@dataclass(frozen=True)
class Kept:
    """What is to be kept for the next run: the terms of this one. partly: only works in TOUCHED are weighed anew."""

    terms: tuple[Row, ...]
    partly: bool


def former(engine: Engine, reader: str) -> Former:
    """Put aside what the last run knew, before its tables are replaced: a run that is killed weighs all works."""
    needed = (FIELD_EVIDENCE, FIELD_TERMS, KEYWORD_FIELDS, WORK_FIELDS, FIELD_OUTCOMES)
    there = bool(reader) and all(engine.has(table) for table in needed)
    terms = engine.rows(_TERMS) if there else []
    if terms:
        for table, aside in (
            (KEYWORD_FIELDS, _FORMER_KEYWORDS), (WORK_FIELDS, _FORMER_FIELDS), (FIELD_OUTCOMES, _FORMER_OUTCOMES)
        ):  # fmt: skip
            engine.retain(table, aside)
    engine.load(FIELD_TERMS, [])
    return Former(tuple(terms), reader)


def fingerprint(reader: str, section: FieldsSection, taxonomy: Taxonomy, synonyms: Mapping[str, str]) -> str:
    """Return the fingerprint of all that decides how works are weighed but their keywords' fields and the labels.

    `reader` stands for code, packages, works and keywords. Without one nothing is kept.
    """
    if not reader:
        return ""
    model = taxonomy.model.read_bytes() if taxonomy.model is not None and taxonomy.model.is_file() else b""
    parts = [
        reader, section.model_dump(mode="json", exclude={"taxonomy", "labels"}),
        [field.id for field in taxonomy.fields], sorted(synonyms.items()),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode() + model).hexdigest()


def term_rows(labels: Mapping[str, Label], reader: str) -> list[Row]:
    """Return the rows of FIELD_TERMS: the labelled terms that texts are searched for, by their words."""
    terms = Phrases(labels).terms
    return [
        (number, " ".join(words), terms[words].keyword, " ".join(terms[words].fields) or None, reader)
        for number, words in enumerate(sorted(terms))
    ]


def touched(engine: Engine, changed: list[int]) -> None:
    """Write TOUCHED by KEYWORD_FIELDS of this run and the numbers of the terms whose label is another now."""
    met = " or ".join(f"met like '%,{number},%'" for number in changed)
    held = f"union select work_id from field_evidence where place = 1 and ({met})" if changed else ""
    engine.make(TOUCHED, _TOUCHED_SQL + held)


def store(engine: Engine, keeps: Kept) -> None:
    """Write FIELD_EVIDENCE from the works just weighed, and those kept."""
    scores = f"select {', '.join(FIELD_EVIDENCE.columns)} from fields_scores"
    write(engine, FIELD_EVIDENCE, _beside(FIELD_EVIDENCE, FIELD_EVIDENCE, scores) if keeps.partly else scores)


def write(engine: Engine, table: Table, sql: str) -> None:
    """Write a table, the same rows as the same bytes, whatever the engine knows of how they were put together.

    DuckDB writes a column in another form where it knows that no value is missing. With nullif it knows of none.
    """
    columns = ", ".join(f"nullif({name}, {_NEVER[kind]}) as {name}" for name, kind in table.columns.items())
    engine.make(table, f"select {columns} from ({sql}) as made")


def vouch(engine: Engine, keeps: Kept) -> None:
    """Write FIELD_TERMS, which vouches for the evidence, the fields and the outcomes: once all of them are written."""
    engine.load(FIELD_TERMS, keeps.terms)


def fields_beside(sql: str) -> str:
    """Return the SELECT of WORK_FIELDS: of touched works those of `sql`, of others those of the last run."""
    return _beside(WORK_FIELDS, _FORMER_FIELDS, sql)


def outcomes_beside(sql: str) -> str:
    """Return the SELECT of FIELD_OUTCOMES: of touched works those of `sql`, of others those of the last run."""
    return _beside(FIELD_OUTCOMES, _FORMER_OUTCOMES, sql)


def _beside(table: Table, former_rows: Table, sql: str) -> str:
    known = ", ".join(f"e.{name}" for name in table.columns)
    return f"""
        select {", ".join(table.columns)} from ({sql}) anew
        union all
        select {known} from {former_rows.name} e
        left join fields_touched t on t.work_id = e.work_id
        where t.work_id is null
    """


def clear(engine: Engine) -> None:
    """Write both tables without rows: nothing was weighed that could be kept."""
    engine.load(FIELD_EVIDENCE, [])
    engine.load(FIELD_TERMS, [])


ONLY_TOUCHED = "where w.work_id in (select work_id from fields_touched)"

_TERMS = "select number, words, keyword, fields, reader from field_terms order by number nulls last"

KEYWORDS_DECIDED = "select distinct keyword from fields_former_keywords"

_NOW = "select keyword, seq, field, method, distance from keyword_fields"
_THEN = "select keyword, seq, field, method, distance from fields_former_keywords"
_TOUCHED_SQL = f"""
    select k.work_id
    from keywords k
    join (
        select f.kind, f.keyword
        from keyword_forms f
        join (
            select keyword from ({_NOW} except {_THEN}) come
            union
            select keyword from ({_THEN} except {_NOW}) gone
        ) c on c.keyword = case when f.kind = 'ccs' then 'ccs:' || f.keyword else f.form end
    ) f on f.kind = k.kind and f.keyword = k.keyword
    group by k.work_id
"""
