"""From a number to its definition and the works behind it, and from a work to where each of its values came from."""

from collections.abc import Sequence
from typing import Any

from kakehashi.indicators.definitions import Definition, definitions
from kakehashi.names import database_name
from kakehashi.origins import ORIGINS
from kakehashi.report import codes
from kakehashi.tables import INDICATORS
from kakehashi.web.page import Column, Facts, Links, NotHere, Page, Part, Table
from kakehashi.web.pages.entity import institution_names
from kakehashi.web.view import PER_PAGE, Record, View

_LEVELS = ("country", "institution")
_MOST = 1_000_000


def number(view: View) -> Page:
    """Open a number: what it is, how it is computed, over what, what was left out, and the works behind it."""
    level = view.one_of("level", _LEVELS, "country")
    entity, field, year = view.get("id"), view.field(), view.year()
    known = tuple(name for name in definitions() if name in INDICATORS.columns)
    definition = definitions()[view.one_of("indicator", known, "papers")]
    rows = view.reader.rows(
        f"select {definition.name} from {view.indicators} where level = ? and field = ? and period = ? and entity = ?",
        (level, field, year, entity),
    ) if view.reader.has("indicators") else []  # fmt: skip
    if not rows:
        raise NotHere("errors.number", id=entity)
    name = named(view, level, entity)
    label = definition.label[view.language]
    parts: list[Part] = [
        Facts(tuple(_facts(view, definition, rows[0][0], level, entity, field, year))),
        *_left_out(view, field, year),
        *_works(view, level, entity, "", field, year),
    ]
    title = view.say("number.title", label=label, name=name)
    lead = view.say("number.lead", field=view.context.field(field), period=view.period_name(year))
    return Page("number", title, tuple(parts), lead)


def named(view: View, level: str, entity: str) -> str:
    """Name an entity."""
    if level == "country":
        return view.context.country(entity)
    return institution_names(view, [entity]).get(entity, entity) if view.reader.has("institutions") else entity


def _facts(
    view: View, definition: Definition, value: Any, level: str, entity: str, field: str, year: str
) -> list[tuple[str, Any]]:
    t = view.t
    words = view.language
    share = "share" in definition.name
    shown = t.percent(value) if share else t.number(value) if isinstance(value, int) else t.decimal(value, 6)
    whole = {"full": "full", "fractional": "fractional"}.get(definition.counting)
    counting = view.study.settings.counting.counting if definition.counting == "setting" else whole
    facts: list[tuple[str, Any]] = [
        (view.say("number.value"), f"{shown} {'' if share else definition.unit[words]}".strip()),
        (view.say("number.of"), view.ref(named(view, level, entity), level, id=entity)),
        (view.say("number.definition"), definition.formula[words]),
        (view.say("number.null"), definition.null_policy[words]),
        (view.say("number.counting"), t(f"counting.{counting}") if counting else view.say("number.no_counting")),
        (view.say("number.reference"), definition.reference),
    ]
    if definition.name == "betweenness":
        [(error,)] = view.reader.rows(
            f"select betweenness_error from {view.indicators} where level = ? and field = ? and period = ? "
            "and entity = ?",
            (level, field, year, entity),
        )
        facts.append((view.say("number.error"), view.say("number.exact") if error is None else f"± {error:g}"))
    return facts


def _left_out(view: View, field: str, year: str) -> list[Part]:
    """Say over how many works the study counts in this field and period, and how many could not take part."""
    total = view.context.totals.get((field, year, "all"))
    if total is None:
        return []
    t = view.t
    items = [
        (view.say("number.n"), t.number(total.works)),
        (t("columns.works_resolved"), f"{t.number(total.works_resolved)} ({t.percent(total.resolved_share)})"),
        (view.say("number.without"), view.say("number.without_value", n=t.number(total.without_country))),
    ]
    if total.works_resolved is None:
        items = items[:1]
    return [Facts(tuple(items)), Links((view.ref(view.say("number.quality"), "quality"),))]


def works(view: View) -> Page:
    """List works: of an entity, of two that share them, or of a field."""
    level = view.one_of("level", _LEVELS, "country")
    entity, partner, field, year = view.get("id"), view.get("partner"), view.field(), view.year()
    who = [named(view, level, one) for one in (entity, partner) if one]
    name = view.say("works.joint", a=who[0], b=who[1]) if len(who) > 1 else who[0] if who else view.say("works.every")
    found = _works(view, level, entity, partner, field, year)
    if not found:
        raise NotHere("errors.works")
    lead = view.say("number.lead", field=view.context.field(field), period=view.period_name(year))
    return Page("works", view.say("works.title", name=name), tuple(found), lead)


def _works(view: View, level: str, entity: str, partner: str, field: str, year: str) -> list[Part]:
    if not view.reader.has("entity_works", "work_heads"):
        return []
    inner, values = _ids(level, entity, partner, field, year)
    at = 0 if view.whole else view.integer("start", 0, 0, 100_000_000)
    most = _MOST if view.whole else PER_PAGE
    ids = view.reader.rows(
        f"select work_id, count(*) over () from ({inner}) as t order by year desc, work_id limit {most} offset {at}",
        values,
    )
    total = ids[0][1] if ids else 0
    rows = _heads(view, [row[0] for row in ids])
    t = view.t
    body = tuple(
        (view.ref(row[1] or row[0], "work", id=row[0]), row[2], row[3], row[4], database_name(row[5], t), row[6])
        for row in rows
    )
    columns = (
        Column("title", view.say("columns.title")),
        Column("year", view.say("columns.year"), "year"),
        Column("venue", view.say("columns.venue")),
        Column("doi", "DOI"),
        Column("database", t("columns.database")),
        Column("citations", view.say("columns.citations"), "number"),
    )
    before = view.here(start=max(at - most, 0) or None) if at else ""
    after = view.here(start=at + most) if at + most < total else ""
    return [
        Table("works", view.say("works.table"), columns, body, total=total, before=before, after=after,
              missing=view.say("works.missing"))
    ]  # fmt: skip


def _heads(view: View, ids: Sequence[str]) -> list[Record]:
    """Return id, title, year, venue, DOI, database and citations of works, in the order of the ids."""
    found: dict[str, Record] = {}
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        marks = ", ".join("?" for _ in part)
        for row in view.reader.rows(
            f"select work_id, title, year, venue, doi, database, citations from work_heads where work_id in ({marks})",
            part,
        ):
            found[row[0]] = row
    return [found[one] for one in ids if one in found]


def _ids(level: str, entity: str, partner: str, field: str, year: str) -> tuple[str, list[Any]]:
    """Return the SELECT of work ids and years, with its values."""
    in_year = "" if year == "all" else " and year = ?"
    of_year: list[Any] = [] if year == "all" else [int(year)]
    if not entity:
        period = " and year = ?" if year != "all" else ""
        return f"select work_id, year from work_scopes where field = ?{period}", [field, *of_year]
    one = f"select work_id, year from entity_works where level = ? and entity = ? and field = ?{in_year}"
    values = [level, entity, field, *of_year]
    if not partner:
        return one, values
    return (
        f"select a.work_id, a.year from ({one}) a join ({one}) b on b.work_id = a.work_id",
        [*values, level, partner, field, *of_year],
    )


def work(view: View) -> Page:
    """Show a work: its values and their records, its affiliations and what they were read as, its fields."""
    id_ = view.get("id")
    heads = view.reader.rows(
        "select title, year, venue, doi, doc_type, citations, database from work_heads where work_id = ?", (id_,)
    ) if view.reader.has("work_heads") else []  # fmt: skip
    if not heads:
        raise NotHere("errors.work", id=id_)
    title, year, venue, doi, kind, citations, database = heads[0]
    t = view.t
    facts = [
        (view.say("columns.year"), year), (view.say("columns.venue"), venue), ("DOI", doi),
        (view.say("columns.doc_type"), kind), (view.say("columns.citations"), citations),
        (t("columns.database"), database_name(database, t)), ("ID", id_),
    ]  # fmt: skip
    parts: list[Part] = [
        Facts(tuple((name, str(value)) for name, value in facts if value is not None)),
        _authors(view, id_),
        _mentions(view, id_),
        _fields(view, id_),
        _values(view, id_),
    ]
    return Page("work", title or id_, tuple(part for part in parts if not isinstance(part, Table) or part.rows))


def _authors(view: View, id_: str) -> Table:
    rows = view.reader.rows("select seq, author, orcid from authorships where work_id = ? order by seq", (id_,))
    columns = (
        Column("author", view.say("columns.author")), Column("seq", view.say("columns.place"), "year"),
        Column("orcid", "ORCID"),
    )  # fmt: skip
    body = tuple((row[1], row[0], row[2]) for row in rows)
    return Table("authors", view.say("work.authors"), columns, body, missing=view.say("work.no_orcid"))


def _mentions(view: View, id_: str) -> Table:
    rows = view.reader.rows(
        "select m.affiliation, r.institution, r.institution_id, r.country_code, r.method, r.confidence, r.reason "
        "from (select affiliation, seq from mentions where work_id = ?) m "
        "left join resolutions r on r.affiliation = m.affiliation order by m.seq, r.seq",
        (id_,),
    )
    words = view.language
    body = tuple(
        (
            row[0],
            view.ref(row[1] or row[2], "institution", id=row[2]) if row[2] else None,
            view.country(row[3]),
            row[5],
            (codes.label("institution_methods", row[4], words) or row[4]) if row[4] else
            (codes.label("reasons", row[6], words) or row[6]) if row[6] else None,
        )
        for row in rows
    )  # fmt: skip
    columns = (
        Column("affiliation", view.say("columns.affiliation")),
        Column("institution", view.t("columns.institution")),
        Column("country", view.t("columns.country")),
        Column("confidence", view.say("columns.confidence"), "decimal"),
        Column("method", view.t("columns.method")),
    )
    return Table("affiliations", view.say("work.affiliations"), columns, body, missing=view.say("work.unresolved"))


def _fields(view: View, id_: str) -> Table:
    rows = view.reader.rows(
        "select field, keyword, method, score from work_fields where work_id = ? order by score desc, field", (id_,)
    )
    words = view.language
    body = tuple(
        (
            view.ref(view.context.field(row[0]), "field", id=row[0]),
            row[3],
            row[1],
            (codes.label("field_methods", row[2], words) or row[2]) if row[2] else None,
        )
        for row in rows
    )
    columns = (
        Column("field", view.t("columns.field")),
        Column("score", view.say("columns.score"), "decimal"),
        Column("keyword", view.say("columns.keyword")),
        Column("method", view.t("columns.method")),
    )
    return Table("fields", view.say("work.fields"), columns, body, missing=view.say("work.by_words"))


def _values(view: View, id_: str) -> Table:
    rows = view.reader.rows(ORIGINS.format(work="$1"), (id_,))
    columns = (
        Column("name", view.say("columns.value_name")),
        Column("value", view.say("columns.value")),
        Column("record", view.say("columns.record")),
    )

    def called(name: str) -> str:
        if name == "doi":
            return "DOI"
        return view.t(f"web.work.names.{name}") if view.t.has(f"web.work.names.{name}") else name

    body = tuple((called(row[0]), row[1] if row[1] is None else str(row[1])[:600], row[2]) for row in rows)
    return Table("values", view.say("work.values"), columns, body, missing=view.say("work.empty"))
