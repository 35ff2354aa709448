"""How an affiliation string, a work or a number came about, from the study's own tables."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from kakehashi.cli.words import language, say
from kakehashi.cli.wrapping import wrapped
from kakehashi.errors import StudyError
from kakehashi.origins import ORIGINS
from kakehashi.report.codes import country_method, label
from kakehashi.study import Study
from kakehashi.tables import INDICATORS

WIDEST = 120
"""Lines longer than this are hard to follow, however wide the terminal."""


def explain_anything(
    what: Sequence[str], study: str | None, registry: str | None = None, every: bool = False
) -> Iterator[str]:
    """Yield the lines of an explanation. Raises StudyError where a study is needed or the thing is unknown."""
    kind, rest = what[0], list(what[1:])
    if kind == "work" and len(rest) == 1:
        yield from explain_work(_opened(study, "explain work ID"), rest[0])
    elif kind == "institution" and rest:
        yield from explain_institution(_opened(study, "explain institution NAME"), " ".join(rest))
    elif kind == "number" and len(rest) == 4:
        yield from explain_number(_opened(study, "explain number LEVEL ENTITY FIELD PERIOD"), *rest)
    elif kind == "number":
        raise StudyError("explain number takes LEVEL ENTITY FIELD PERIOD, for example: number country JP all all")
    else:
        yield from explain_string(" ".join(what), study, registry, every)


def explain_string(text: str, study: str | None, registry: str | None, every: bool) -> Iterator[str]:
    """Yield the explanation of a string, cut to the terminal's width; whole lines where the output is not a terminal.

    Raises SettingsError, SourceError and StudyError.
    """
    from rich.console import Console

    from kakehashi.cli.watch import TerminalWatcher
    from kakehashi.explaining import explanation

    seen = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = min(shutil.get_terminal_size().columns, WIDEST) if seen else None
    with TerminalWatcher(Console(stderr=True)) as watcher:
        told = list(
            explanation(text, registry=registry, study=study, language=language(), every=every, progress=watcher)
        )
    for line in told:
        for row in wrapped(line.text, line.level, width):
            yield click.style(row, bold=True) if line.level == 0 else row


def explain_reason(study: str | None, wanted: str, question: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence of advice and what it rests on. Raises StudyError where a study is needed or it is unknown."""
    from kakehashi.cli.advise import reason_lines

    yield from reason_lines(_opened(study, "explain reason ID"), wanted, question)


def _opened(study: str | None, usage: str) -> Study:
    if study is None:
        raise StudyError(f"{usage} needs --study DIR")
    return Study(study)


def explain_work(study: Study, work_id: str) -> Iterator[str]:
    """Yield where each value of a work came from, and how its countries, institutions and fields were found."""
    key = _quote(work_id)
    values = study.rows(ORIGINS.format(work=key))
    if not values:
        raise StudyError(f"no work {work_id!r}; ids look like doi:10.1000/x or title:..., see `kakehashi show works`")
    yield f"work {work_id}"
    for name, value, record in values:
        yield f"  {name}: {_short(value)}   <- {record}"
    yield say("records_of_work")
    for record, database, status, rule in study.rows(
        f"select record_id, database, status, rule from records where work_id = {key} order by status, record_id"
    ):
        yield f"  {record} ({database}): {status}, {rule}"
    yield say("affiliations_of_work")
    for seq, text, *settled in study.rows(
        "select m.seq, m.affiliation, r.institution, r.country_code, r.method, r.country_method, r.confidence, "
        "r.reason, coalesce(r.decision, r.country_decision) from mentions m left join resolutions r "
        f"on r.affiliation = m.affiliation where m.work_id = {key} order by m.seq, r.seq"
    ):
        yield f"  {seq}. {_short(text)}"
        yield f"     {_settled(*settled)}"
    yield say("countries_of_work") + ", ".join(
        f"{code} ({fraction:.3g})"
        for code, fraction in study.rows(
            f"select country_code, fraction from work_countries where work_id = {key} order by country_code"
        )
    )
    yield say("fields_of_work")
    words = language()
    for field, keyword, kind, method, score in study.rows(
        f"select field, keyword, kind, method, score from work_fields where work_id = {key} order by field"
    ):
        if keyword is None:
            yield "  " + say("field_of_work_by_words", field=field, score=score)
            continue
        kind, method = label("keyword_kinds", kind, words) or kind, label("field_methods", method, words) or method
        yield "  " + say("field_of_work", field=field, kind=kind, keyword=keyword, method=method, score=score)
    for outcome, score, keywords, decided in study.rows(
        "select outcome, coalesce(score, 0), keywords, decided from field_outcomes "
        f"where work_id = {key} and outcome <> 'fields'"
    ):
        yield "  " + say(f"field_outcome_{outcome}", score=score, keywords=keywords, decided=decided)


def _settled(
    name: str | None,
    country: str | None,
    method: str | None,
    how: str | None,
    sure: float | None,
    reason: str | None,
    decision: str | None,
) -> str:
    """Say in one line what a string names, by which methods, how surely, and who decided it."""
    words = language()
    told = [
        label("institution_methods", method, words) if method else None,
        country_method(how, words) if how else None,
        say("confidence", confidence=sure) if sure else None,
        label("reasons", reason, words) if reason else None,
        say("decided_by", label=decision) if decision else None,
    ]
    return f"-> {name or '–'} [{country or '–'}] " + "; ".join(one for one in told if one)


def explain_institution(study: Study, named: str) -> Iterator[str]:
    """Yield the institutions of an id or a name, with their spellings and what brought each to them."""
    name = _quote(named)
    found = study.rows(
        "select institution_id, name, country_code, ror_id, works from institutions i "
        f"where institution_id = {name} or lower(name) = lower({name}) or exists (select 1 from institution_names n "
        f"where n.institution_id = i.institution_id and lower(n.name) = lower({name})) order by works desc, 1"
    )
    if not found:
        raise StudyError(f"no institution {named!r}; see `kakehashi show institutions --study {study.folder}`")
    for identity, title, country, ror, works in found:
        yield f"{title} [{country or '–'}] {identity}" + (f" {ror}" if ror and ror != identity else "")
        yield "  " + say("institution_works", works=works)
        for spelling, met, mentions, evidence in study.rows(
            "select name, met_country, mentions, evidence from institution_names "
            f"where institution_id = {_quote(identity)} order by seq"
        ):
            how = label("name_evidence", evidence, language()) or evidence
            yield f"  {mentions:>6} × {spelling} [{met or '–'}] — {how}"
        yield from _relations(study, identity)
        for decided, strings in study.rows(
            "select coalesce(decision, country_decision) as label, count(distinct affiliation) from resolutions "
            f"where institution_id = {_quote(identity)} and (decision is not null or country_decision is not null) "
            "group by label order by label"
        ):
            yield "  " + say("institution_decided", decision=decided, strings=strings)


def _relations(study: Study, identity: str) -> Iterator[str]:
    """Yield as which others an institution counts, or why it does not, and which others count as it."""
    key = _quote(identity)
    for relation, counts, reason, begin, end, name, other in study.rows(
        "select relation, counts, reason, from_year, until_year, related, related_id from institution_relations "
        f"where institution_id = {key} order by relation, counts, related_id"
    ):
        what = label("relations", relation, language()) if counts else "–"
        years = f", {begin}–{end - 1 if end else ''}" if begin else ""
        yield f"  {what}: {name} {other}{years} ({label('relation_reasons', reason, language()) or reason})"
    for relation, name, other in study.rows(
        "select r.relation, coalesce(i.institution, r.institution_id), r.institution_id from institution_relations r "
        "left join (select institution_id, min(institution) as institution from resolutions group by institution_id) i "
        f"on i.institution_id = r.institution_id where r.related_id = {key} and r.counts order by 1, 3"
    ):
        yield f"  ← {name} {other}: {label('relations', relation, language()) or relation}"


def explain_number(study: Study, level: str, entity: str, field: str, period: str) -> Iterator[str]:
    """Yield each indicator of an entity with its definition, what it was counted over, and works behind it."""
    from kakehashi.indicators.definitions import definitions

    where = " and ".join(
        f"{column} = {_quote(value)}"
        for column, value in (("level", level), ("entity", entity), ("field", field), ("period", period))
    )
    known = [definition for name, definition in definitions().items() if name in INDICATORS.columns]
    names = [definition.name for definition in known]
    found = study.rows(f"select {', '.join(names)} from indicators where {where}")
    if not found:
        raise StudyError(
            f"no indicators for {level} {entity} in field {field}, period {period}; see `kakehashi show indicators`"
        )
    counting = study.settings.counting
    yield say("number_of", level=level, entity=entity, field=field, period=period, counting=counting.counting)
    words = language()
    for definition, value in zip(known, found[0], strict=True):
        shown = "–" if value is None else value
        yield f"  {definition.label[words]} ({definition.name}) = {shown} [{definition.unit[words]}]"
        yield f"      {definition.formula[words]}"
        if value is None:
            yield f"      {definition.null_policy[words]}"
    yield from _counted_over(study, field, period)
    yield from _works_behind(study, level, entity, field, period)


def _counted_over(study: Study, field: str, period: str) -> Iterator[str]:
    for works, resolved, without in study.rows(
        "select works, works_resolved, without_country from totals where database = 'all' "
        f"and field = {_quote(field)} and period = {_quote(period)}"
    ):
        yield "  " + say("counted_over", works=works, resolved=resolved, without=without)


def _works_behind(study: Study, level: str, entity: str, field: str, period: str) -> Iterator[str]:
    if level not in ("country", "institution"):
        raise StudyError(f"no level {level!r}: country or institution")
    if study.is_reference:
        return
    table, column = (
        ("work_countries", "country_code") if level == "country" else ("work_institutions", "institution_id")
    )
    in_period = "" if period == "all" else f" and w.year = {int(period)}"
    behind = study.rows(
        f"select w.work_id, w.year, w.title from works w join {table} e on e.work_id = w.work_id "
        f"join work_scopes s on s.work_id = w.work_id where e.{column} = {_quote(entity)} "
        f"and s.field = {_quote(field)}{in_period} order by w.work_id limit 10"
    )
    yield "  " + say("works_behind")
    for work_id, year, title in behind:
        yield f"    {work_id} ({year}) {_short(title or '')}"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _short(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
