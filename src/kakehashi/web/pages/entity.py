"""Pages of one country, institution or field."""

from collections.abc import Sequence

from kakehashi.figures import theme
from kakehashi.figures.lines import Series, lines
from kakehashi.report import codes
from kakehashi.report.chapters.strengths import no_verdict
from kakehashi.web.drawing import drawn
from kakehashi.web.page import Column, Drawing, Facts, Links, NotHere, Page, Part, Ref, Table
from kakehashi.web.pages import ranks
from kakehashi.web.pages.indicator_columns import indicator_column
from kakehashi.web.pages.map import institution_table, leading
from kakehashi.web.standing import country_positions
from kakehashi.web.view import View

_TOP = 20
_NAMES_KEPT = 50_000
_SHOWN = ("papers", "international_share", "degree", "betweenness", "eigenvector", "activity_index")


def country(view: View) -> Page:
    """Show a country: where it stands, field by field and year by year, with whom it works, its institutions."""
    context, code = view.context, view.get("id")
    positions = {row.field: row for row in context.country_positions if row.entity == code}
    if not positions:
        raise NotHere("errors.country", id=code)
    name = context.country(code)
    at = positions.get("all")
    region = context.region(at.region) if at and at.region else None
    facts: list[tuple[str, object]] = [(view.say("columns.code"), code)]
    if region:
        facts.append((view.t("columns.region"), Ref(region, "map")))
    facts += _ranks(view, "country", code)
    ways = [Ref(view.say("entity.on_map", name=name), "map")]
    if code != context.home:
        ways.append(view.ref(view.say("entity.advise", name=name), "advise", partner=code))
        ways.append(view.ref(view.say("entity.compare_home", name=name), "compare", id=[context.home, code]))
    if view.reader.has("entity_edges"):
        ways.append(view.ref(view.say("entity.on_network", name=name), "network", near=code))
    parts: list[Part] = [
        Facts(tuple(facts)),
        by_field(view, "country", code, name),
        *by_year(view, "country", code, name),
        *partners(view, "country", code, name),
        *_strengths(view, code, name),
        *_institutions(view, code, name),
        Links(tuple(ways), view.say("entity.ways")),
    ]
    return Page("country", name, tuple(parts), view.say("entity.country_lead", name=name))


def institution(view: View) -> Page:
    """Show an institution: its spellings, where it stands field by field, with whom it works."""
    id_ = view.get("id")
    rows = view.reader.rows(
        "select name, country_code, ror_id, spellings, works from institutions where institution_id = ?", (id_,)
    ) if view.reader.has("institutions") else []  # fmt: skip
    if not rows:
        raise NotHere("errors.institution", id=id_)
    name, code, ror, spellings, works = rows[0]
    name = name or id_
    t = view.t
    facts: list[tuple[str, object]] = [
        (t("columns.country"), view.country(code) or "–"),
        (view.say("entity.all_works"), t.number(works)),
        ("ID", id_),
        *_ranks(view, "institution", id_),
    ]
    if ror:
        facts.append(("ROR", ror))
    ways = []
    if code and code != view.context.home:
        ways.append(view.ref(view.say("entity.advise", name=name), "advise", partner=id_))
    ways.append(view.ref(view.say("entity.compare_this", name=name), "compare", level="institution", id=id_))
    if view.reader.has("entity_edges"):
        ways.append(view.ref(view.say("entity.on_network", name=name), "network", level="institution", near=id_))
    parts: list[Part] = [
        Facts(tuple(facts)),
        by_field(view, "institution", id_, name, code or "–"),
        *by_year(view, "institution", id_, name),
        *partners(view, "institution", id_, name),
        *_spellings(view, id_, spellings),
        Links(tuple(ways), view.say("entity.ways")),
    ]
    return Page("institution", name, tuple(parts), view.say("entity.institution_lead", name=name))


def field(view: View) -> Page:
    """Show a field: its works by year and database, its countries and its institutions."""
    id_ = view.one_of("id", (*view.fields, "collected"), "all")
    context, t = view.context, view.t
    name = context.field(id_)
    total = context.totals.get((id_, "all", "all"))
    facts: list[tuple[str, object]] = []
    if total is not None:
        works: object = total.works
        if view.reader.has("work_heads"):
            works = view.ref(t.number(total.works), "works", field=id_)
        facts = [
            (t("columns.works"), works if isinstance(works, Ref) else t.number(total.works)),
            (t("columns.international_share"), t.percent(total.international_share)),
        ]
    ranked = country_positions(view.study, id_, "all", view.study.settings.counting.counting)[:_TOP]
    body = tuple(
        (
            view.country(row.entity),
            view.number(row.papers, "papers", "country", row.entity, id_, "all"),
            view.number(row.international_share, "international_share", "country", row.entity, id_, "all"),
            view.number(row.eigenvector, "eigenvector", "country", row.entity, id_, "all"),
            context.region(row.region) if row.region else None,
        )
        for row in ranked
    )
    columns = (
        Column("country", t("columns.country")),
        Column("papers", t("columns.papers"), "number", t("units.works")),
        Column("international_share", t("columns.international_share"), "percent"),
        Column("eigenvector", t("columns.eigenvector"), "decimal"),
        Column("region", t("columns.region")),
    )
    parts: list[Part] = [Facts(tuple(facts))]
    years = [
        (int(year), float(row.works) if (row := context.totals.get((id_, year, "all"))) else None)
        for year in view.years()
    ]
    if len(years) > 1:
        parts.append(_line(view, "years", view.say("entity.field_years", name=name), [Series(name, tuple(years))]))
    if body:
        title = view.say("entity.field_countries", name=name, n=len(body))
        parts.append(Table("countries", title, columns, body, source=context.source))
    institutions_ = leading(view, id_, _TOP)
    if institutions_:
        title = view.say("entity.field_institutions", name=name, n=len(institutions_))
        parts.append(institution_table(view, institutions_, title, id_))
    parts.append(Links((view.ref(view.say("entity.field_map", name=name), "map", field=id_),), view.say("entity.ways")))
    return Page("field", name, tuple(parts), view.say("entity.field_lead", name=name))


def by_field(view: View, level: str, entity: str, name: str, place: str | None = None) -> Table:
    """Make the table of an entity's indicators over the whole period, field by field. `place`: its country."""
    t, context = view.t, view.context
    rows = {}
    if view.reader.has("indicators"):
        rows = {
            row[0]: row[1:]
            for row in view.reader.rows(
                f"select field, {', '.join(_SHOWN)} from {view.indicators} "
                "where level = ? and entity = ? and period = 'all'",
                (level, entity),
            )
        }
    places = ranks.ranked(view, level, (entity,))
    # An institution stands in the region of its country.
    regions = {row.field: row.region for row in context.country_positions if row.entity == (place or entity)}
    body = tuple(
        (
            view.ref(context.field(field), "field", id=field),
            *(view.number(value, indicator, level, entity, field, "all")
              for indicator, value in zip(_SHOWN, rows[field], strict=True)),
            *((ranks.said(view, places.get((entity, field, ranks.PAPERS))),) if places else ()),
            context.region(region) if (region := regions.get(field)) else None,
        )
        for field in view.fields
        if field in rows
    )  # fmt: skip
    columns = (
        Column("field", t("columns.field")),
        *(indicator_column(view, one, level) for one in _SHOWN),
        *((Column("rank", t("ranks.column")),) if places else ()),
        Column("region", t("columns.region")),
    )
    title = view.say("entity.by_field", name=name)
    notes = (view.counted(), *ranks.note(view, places))
    return Table("by_field", title, columns, body, notes, missing=t("common.no_value"), source=context.source)


def _ranks(view: View, level: str, entity: str) -> list[tuple[str, object]]:
    """Say the ranks over all fields, and how sure they are."""
    found = ranks.ranked(view, level, (entity,))
    return [
        (view.say(f"ranks.{measure}"), ranks.said(view, one, "long"))
        for measure in (ranks.PAPERS, ranks.EIGENVECTOR)
        if (one := found.get((entity, "all", measure))) is not None
    ]


def by_year(view: View, level: str, entity: str, name: str) -> list[Part]:
    """Draw papers by year, with the numbers as a table."""
    if not view.reader.has("indicators") or len(view.years()) < 2:
        return []
    rows = {
        row[0]: row[1:]
        for row in view.reader.rows(
            f"select period, papers, international_share from {view.indicators} where level = ? and entity = ? "
            "and field = 'all' and period <> 'all'",
            (level, entity),
        )
    }
    if not rows:
        return []
    values = tuple((int(year), float(rows[year][0]) if year in rows else None) for year in view.years())
    home = level == "country" and entity == view.context.home
    figure = _line(view, "papers_by_year", view.say("entity.by_year", name=name), [Series(name, values, home)])
    body = tuple(
        (
            year,
            view.number(rows[year][0], "papers", level, entity, "all", year) if year in rows else None,
            view.number(rows[year][1], "international_share", level, entity, "all", year) if year in rows else None,
        )
        for year in view.years()
    )
    columns = (
        Column("year", view.say("columns.year"), "year"),
        Column("papers", view.t("columns.papers"), "number", view.t("units.works")),
        Column("international_share", view.t("columns.international_share"), "percent"),
    )
    title = view.say("entity.by_year", name=name)
    table = Table("by_year", title, columns, body, missing=view.t("common.no_value"), source=view.context.source)
    return [figure, table]


def _line(view: View, id_: str, title: str, series: Sequence[Series]) -> Drawing:
    made = []
    for frame in (theme.Frame("wide", 760, 260), theme.Frame("narrow", 340, 230)):
        figure = lines(series, frame, view.say("axes.works"), lambda value: f"{value:,.0f}")
        made.append(drawn(figure, f"{id_}-{frame.name}", title, title))
    return Drawing(id_, title, made[0], made[1], source=view.context.source)


def partners(view: View, level: str, entity: str, name: str) -> list[Part]:
    """List those it works with most, each leading to their joint works."""
    if not view.reader.has("entity_edges"):
        return []
    rows = view.reader.rows(
        "select partner, works, fractional from entity_edges where level = ? and field = 'all' and entity = ? "
        f"order by works desc, partner limit {_TOP}",
        (level, entity),
    )
    [(total,)] = view.reader.rows(
        "select count(*) from entity_edges where level = ? and field = 'all' and entity = ?", (level, entity)
    )
    if not rows:
        return []
    names = institution_names(view, [row[0] for row in rows]) if level == "institution" else {}
    body = tuple(
        (
            _named(view, level, row[0], names),
            view.ref(row[1], "works", level=level, id=entity, partner=row[0]),
            row[2],
        )
        for row in rows
    )
    t = view.t
    columns = (
        Column("partner", view.say("columns.partner")),
        Column("works", view.say("columns.joint_works"), "number", t("units.works")),
        Column("fractional", view.say("columns.fractional"), "decimal"),
    )
    notes = (view.say("entity.fractional_note"),)
    title = view.say("entity.partners", name=name)
    return [Table("partners", title, columns, body, notes, total=total, source=view.context.source)]


def _named(view: View, level: str, entity: str, names: dict[str, str]) -> Ref:
    if level == "country":
        return view.ref(view.context.country(entity), "country", id=entity)
    return view.ref(names.get(entity, entity), "institution", id=entity)


def institution_names(view: View, ids: Sequence[str]) -> dict[str, str]:
    """Return the names of institutions by their ids. Those asked for last are kept: few are partners of most."""
    kept: dict[str, str] = view.study.kept.setdefault("institution_names", {})
    found = {one: name for one in ids if (name := kept.get(one)) is not None}
    wanted = [one for one in ids if one not in found]
    if wanted:
        marks = ", ".join("?" for _ in wanted)
        read: dict[str, str] = dict(
            view.reader.rows(
                "select institution_id, coalesce(name, institution_id) from institutions "
                f"where institution_id in ({marks})",
                wanted,
            )
        )
        if len(kept) > _NAMES_KEPT:
            kept.clear()
        kept.update(read)
        found |= read
    return found


def _strengths(view: View, code: str, name: str) -> list[Part]:
    rows = [row for row in view.context.strengths if row.entity == code]
    if not rows:
        return []
    t = view.t
    body = tuple(
        (
            view.ref(view.context.field(row.field), "field", id=row.field),
            t(f"strengths.{row.verdict}_short") if row.verdict else None,
            row.shift,
            row.overtakes,
            row.overtaken,
            row.activity_index,
            no_verdict(view.context, row.reason) if row.reason else None,
        )
        for row in rows
    )
    columns = (
        Column("field", t("columns.field")),
        Column("verdict", t("columns.verdict")),
        Column("shift", view.say("columns.shift"), "signed", t("units.decades")),
        Column("overtakes", view.say("columns.overtakes"), "number"),
        Column("overtaken", view.say("columns.overtaken"), "number"),
        Column("activity_index", t("columns.activity_index"), "decimal"),
        Column("reason", view.say("columns.reason")),
    )
    title = view.say("entity.strengths", name=name)
    missing = view.say("entity.no_verdict")
    return [Table("strengths", title, columns, body, missing=missing, source=view.context.source)]


def _institutions(view: View, code: str, name: str) -> list[Part]:
    if not view.reader.has("institution_ranks"):
        return []
    rows = view.reader.rows(
        "select institution_id, name, country_code, papers, international_share, degree, betweenness, eigenvector "
        f"from institution_ranks where field = 'all' and country_code = ? order by place limit {_TOP}",
        (code,),
    )
    if not rows:
        return []
    [(total,)] = view.reader.rows(
        "select count(*) from institution_ranks where field = 'all' and country_code = ?", (code,)
    )
    title = view.say("entity.institutions", name=name)
    after = view.ref("", "institutions", country=code).href if total > len(rows) else ""
    return [institution_table(view, rows, title, "all", total=total, after=after)]


def _spellings(view: View, id_: str, spellings: int | None) -> list[Part]:
    if not spellings or not view.reader.has("institution_names"):
        return []
    limit = "" if view.whole else " limit 30"
    rows = view.reader.rows(
        "select name, met_country, mentions, evidence from institution_names where institution_id = ? "
        f"order by seq{limit}",
        (id_,),
    )
    body = tuple(
        (
            row[0],
            view.context.country(row[1]) if row[1] else None,
            row[2],
            codes.label("name_evidence", row[3], view.language) or row[3],
        )
        for row in rows
    )
    t = view.t
    columns = (
        Column("spelling", view.say("columns.spelling")),
        Column("country", view.say("columns.met_country")),
        Column("mentions", t("columns.mentions"), "number"),
        Column("evidence", view.say("columns.evidence")),
    )
    return [Table("spellings", view.say("entity.spellings"), columns, body, total=spellings)]
