"""The positioning map: field, year, counting and level by the address, trails over time, a link on each point."""

from collections.abc import Sequence
from typing import Any

from kakehashi.figures import theme
from kakehashi.figures.scatter import Point, places, scatter
from kakehashi.figures.theme import Frame
from kakehashi.report import codes
from kakehashi.report.chapters import maps
from kakehashi.report.context import symbol
from kakehashi.report.queries import Position
from kakehashi.web.drawing import Spot, Trail, colour_of, drawn, overlaid
from kakehashi.web.page import Choice, Column, Drawing, Form, Links, Page, Part, Table
from kakehashi.web.standing import Yearly, country_positions, trails
from kakehashi.web.view import PER_PAGE, Record, View

_FRAMES = (Frame("wide", 960, 640), theme.NARROW)
_LEVELS = ("country", "institution")
_SHOWN = ("targets", "all")
_TRAILS = ("none", "home", "focus")
_LEADING = 40
_WHOLE_TABLE = 100
"""Countries that are listed on one page: a longer table would hold up who only changes the year."""


def page(view: View) -> Page:
    """Draw the map asked for."""
    level = view.one_of("level", _LEVELS, "country")
    found = _countries(view) if level == "country" else _institutions(view)
    return Page("map", view.say("map.title"), tuple(found), view.say(f"map.lead_{level}"))


def picture(view: View) -> list[Drawing]:
    """Return the map of all fields over the whole period, for pages that show it among other things."""
    return [part for part in _countries(view) if isinstance(part, Drawing)]


def _frames(view: View) -> tuple[Frame, ...]:
    return tuple(frame for frame in _FRAMES if view.frame in ("", frame.name))


def _form(view: View, level: str) -> Form:
    counting = view.study.settings.counting.counting
    choices = [
        Choice("level", view.say("map.level"), level, tuple((one, view.say(f"level.{one}s")) for one in _LEVELS)),
        Choice("field", view.say("choose.field"), view.field(), view.field_options()),
    ]
    if level == "country":
        years = view.year_options()
        options = tuple((one, view.t(f"counting.{one}")) for one in ("full", "fractional"))
        choices += [
            *([Choice("year", view.say("choose.year"), view.year(), years)] if len(years) > 1 else []),
            *([Choice("counting", view.say("choose.counting"), _counting(view), options)]
              if view.reader.has("edges") else [Choice("counting", "", counting, kind="hidden")]),
            Choice("shown", view.say("map.shown"), view.one_of("shown", _SHOWN, "targets"),
                   tuple((one, view.say(f"map.shown_{one}")) for one in _SHOWN)),
            *([Choice("trails", view.say("map.trails"), view.one_of("trails", _TRAILS, "none"),
                      tuple((one, view.say(f"map.trails_{one}")) for one in _TRAILS))] if len(years) > 2 else []),
        ]  # fmt: skip
    return Form(tuple(choices), view.say("choose.show"))


def _counting(view: View) -> str:
    return view.one_of("counting", ("full", "fractional"), view.study.settings.counting.counting)


def _countries(view: View) -> list[Part]:
    context, t = view.context, view.t
    field, year, counting = view.field(), view.year(), _counting(view)
    everyone = country_positions(view.study, field, year, counting)
    chosen = view.one_of("shown", _SHOWN, "targets")
    shown = {row.entity for row in everyone} if chosen == "all" else {*context.targets}
    rows = [row for row in everyone if row.entity in shown or row.entity == context.home]
    focus = {*context.focus}
    rows.sort(key=lambda row: (row.entity != context.home, row.entity not in focus, -(row.papers or 0), row.entity))
    points = [
        Point(
            context.country(row.entity),
            row.papers,
            row.eigenvector,
            "home" if row.entity == context.home else row.region,
            row.entity == context.home or row.entity in focus,
        )
        for row in rows
    ]
    parts: list[Part] = [_form(view, "country")]
    if not any(point.x for point in points):
        return [*parts, Links((), view.say("map.empty"))]
    title = view.say("map.heading", field=context.field(field), period=view.period_name(year))
    spots = [_spot(view, row) for row in rows]
    followed = {"none": (), "home": (context.home,), "focus": (context.home, *context.focus)}
    ways = trails(view.study, followed[view.one_of("trails", _TRAILS, "none")], field)
    along = [Point("", one.papers, one.eigenvector, None) for way in ways.values() for one in way]
    svgs, facts = [], None
    for frame in _frames(view):
        extent = [*points, *along]
        figure = scatter(
            points, frame, maps.words(context), radius=context.settings.positioning.centre_radius, extent=extent
        )
        facts = facts or figure
        at = places(points, frame, extent)
        laid = [Spot(where[0], where[1], *spot) for where, spot in zip(at, spots, strict=True) if where is not None]
        text = drawn(figure, f"map-{frame.name}", title, maps.described(context, points))
        svgs.append(overlaid(text, laid, _ways(view, ways, rows, frame, extent)))
    assert facts is not None  # noqa: S101 -- a frame was drawn
    notes = maps.notes(context, facts)
    if facts.facts["unlabelled"]:
        notes.append(t.count("maps.unlabelled", int(facts.facts["unlabelled"])))
    if ways:
        notes.append(view.say("map.trails_note", first=view.years()[0], last=view.years()[-1]))
    if counting != view.study.settings.counting.counting:
        notes.append(view.say("map.counted_again"))
    legend = tuple((key.symbol, key.text) for key in maps.legend(points, context.region))
    drawing = Drawing(
        "map", title, svgs[0], "".join(svgs[1:]), legend, _definition(view, counting),
        tuple(notes), t.count("n.countries", int(facts.facts["drawn"])), context.source,
    )  # fmt: skip
    return [*parts, drawing, _table(view, rows, field, year, counting)]


def _definition(view: View, counting: str) -> str:
    context = view.context
    key = "maps.definition" if context.home in context.regions else "maps.definition_plain"
    radius = context.settings.positioning.centre_radius
    return view.t(
        key, home=context.country(context.home), counting=view.t(f"counting.{counting}"), radius=radius,
        times=f"{10**radius:.2g}",
    )  # fmt: skip


def _spot(view: View, row: Position) -> tuple[str, tuple[str, ...], str]:
    t = view.t
    facts = [
        f"{t('columns.papers')}: {t.number(row.papers)}",
        f"{t('columns.eigenvector')}: {t.decimal(row.eigenvector)}",
        f"{t('columns.international_share')}: {t.percent(row.international_share)}",
    ]
    if row.region:
        facts.append(f"{t('columns.region')}: {view.context.region(row.region)}")
    return view.context.country(row.entity), tuple(facts), view.ref("", "country", id=row.entity).href


def _ways(
    view: View,
    ways: dict[str, list[Yearly]],
    rows: Sequence[Position],
    frame: Frame,
    extent: Sequence[Point],
) -> list[Trail]:
    regions = {row.entity: "home" if row.entity == view.context.home else row.region for row in rows}
    found = []
    for entity, way in ways.items():
        points = [Point("", one.papers, one.eigenvector, None) for one in way]
        at = places(points, frame, extent)
        steps = tuple((*where, one.year) for where, one in zip(at, way, strict=True) if where is not None)
        found.append(Trail(view.context.country(entity), steps, colour_of(regions.get(entity))))
    return found


def _table(view: View, rows: Sequence[Position], field: str, year: str, counting: str) -> Table:
    t, context = view.t, view.context
    as_ran = counting == view.study.settings.counting.counting
    papers = "papers" if counting == "full" else "papers_fractional"

    def opened(value: float | None, indicator: str, entity: str) -> object:
        ours = as_ran or indicator not in ("eigenvector",)
        known = ours and view.reader.has("indicators")
        return view.number(value, indicator, "country", entity, field, year) if known else value

    ordered = sorted(rows, key=lambda row: (-(row.papers or 0), row.entity))
    step = len(rows) if view.whole or len(rows) <= _WHOLE_TABLE else PER_PAGE
    at = view.integer("start", 0, 0, max(len(rows) - 1, 0)) if step < len(rows) else 0
    body = tuple(
        (
            view.ref(context.country(row.entity), "country", id=row.entity),
            row.entity,
            opened(row.papers, papers, row.entity),
            opened(row.international_share, "international_share", row.entity),
            opened(row.degree, "degree", row.entity),
            opened(row.betweenness, "betweenness", row.entity),
            opened(row.eigenvector, "eigenvector", row.entity),
            context.region(row.region) if row.region else _why(view, row.reason),
        )
        for row in ordered[at : at + step]
    )
    columns = (
        Column("country", t("columns.country")),
        Column("country_code", view.say("columns.code")),
        Column("papers", t("columns.papers"), "number", t("units.works")),
        Column("international_share", t("columns.international_share"), "percent"),
        Column("degree", t("columns.degree"), "number", t("units.countries")),
        Column("betweenness", t("columns.betweenness"), "decimal"),
        Column("eigenvector", t("columns.eigenvector"), "decimal"),
        Column("region", t("columns.region")),
    )
    home = frozenset(number for number, row in enumerate(body) if row[1] == context.home)
    title = view.say("map.table", field=context.field(field), period=view.period_name(year))
    return Table(
        "positions", title, columns, body, (view.counted(counting),), total=len(rows), emphasis=home,
        before=f"{view.here(start=max(at - step, 0) or None)}#positions" if at else "",
        after=f"{view.here(start=at + step)}#positions" if at + step < len(rows) else "", source=context.source,
    )  # fmt: skip


def _why(view: View, reason: str | None) -> str | None:
    return (codes.label("reasons", reason, view.language) or reason) if reason else None


def _institutions(view: View) -> list[Part]:
    context, t = view.context, view.t
    field = view.field()
    rows = leading(view, field, _LEADING)
    parts: list[Part] = [_form(view, "institution")]
    if not rows:
        return [*parts, Links((), view.say("map.empty"))]
    regions = {row.entity: row.region for row in country_positions(
        view.study, field, "all", view.study.settings.counting.counting)}  # fmt: skip
    first = next((row[0] for row in rows if row[2] == context.home), None)
    points = [
        Point(
            row[1], row[3], row[7], "home_country" if row[2] == context.home else regions.get(row[2]),
            row[0] == first, row[0] == first,
        )
        for row in rows
    ]  # fmt: skip
    title = view.say("map.institutions_heading", n=len(rows), field=context.field(field))
    svgs, kept = [], None
    for frame in _frames(view):
        figure = scatter(points, frame, maps.words(context, named=False), radius=0)
        kept = kept or figure
        laid = [
            Spot(where[0], where[1], row[1], _institution_facts(view, row), view.ref("", "institution", id=row[0]).href)
            for where, row in zip(places(points, frame), rows, strict=True)
            if where is not None
        ]
        text = drawn(figure, f"map-{frame.name}", title, maps.described(context, points))
        svgs.append(overlaid(text, laid))
    assert kept is not None  # noqa: S101 -- a frame was drawn
    notes = maps.notes(context, kept)
    if kept.facts["unlabelled"]:
        notes.append(t.count("maps.unlabelled", int(kept.facts["unlabelled"])))

    def named(region: str) -> str:
        return view.say("map.home_country") if region == "home_country" else context.region(region)

    legend = tuple((symbol(one), named(one)) for one in theme.REGION_COLOURS if any(p.region == one for p in points))
    drawing = Drawing(
        "map", title, svgs[0], "".join(svgs[1:]), legend,
        view.say("map.institutions_definition", counting=context.counting), tuple(notes),
        t.count("n.institutions", len(rows)), context.source,
    )  # fmt: skip
    return [*parts, drawing, institution_table(view, rows, title, field)]


def leading(view: View, field: str, most: int) -> list[Record]:
    """Return the institutions with most papers in a field.

    Each row: id, name, country, papers, international share, degree, betweenness, eigenvector.
    """
    if not view.reader.has("institution_ranks"):
        if not view.reader.has("indicators", "institutions"):
            return []
        return view.reader.rows(
            "select i.institution_id, coalesce(i.name, i.institution_id), i.country_code, n.papers, "
            "n.international_share, n.degree, n.betweenness, n.eigenvector from indicators n "
            "join institutions i on i.institution_id = n.entity where n.level = 'institution' and n.field = ? "
            f"and n.period = 'all' order by n.papers desc, i.institution_id limit {most}",
            (field,),
        )
    return view.reader.rows(
        "select institution_id, name, country_code, papers, international_share, degree, betweenness, eigenvector "
        f"from institution_ranks where field = ? and place <= {most} order by place",
        (field,),
    )


def _institution_facts(view: View, row: Record) -> tuple[str, ...]:
    t = view.t
    return (
        view.context.country(row[2]),
        f"{t('columns.papers')}: {t.number(row[3])}",
        f"{t('columns.eigenvector')}: {t.decimal(row[7])}",
        f"{t('columns.international_share')}: {t.percent(row[4])}",
    )


def institution_table(view: View, rows: Sequence[Record], title: str, field: str, **more: Any) -> Table:
    """Make the table of institutions, each number leading to how it came about."""
    t = view.t
    names = ("papers", "international_share", "degree", "betweenness", "eigenvector")
    body = tuple(
        (
            view.ref(row[1], "institution", id=row[0]),
            view.country(row[2]),
            *(view.number(value, name, "institution", row[0], field, "all")
              for name, value in zip(names, row[3:8], strict=True)),
        )
        for row in rows
    )  # fmt: skip
    columns = (
        Column("institution", t("columns.institution")),
        Column("country", t("columns.country")),
        Column("papers", t("columns.papers"), "number", t("units.works")),
        Column("international_share", t("columns.international_share"), "percent"),
        Column("degree", t("columns.degree"), "number", t("units.institutions")),
        Column("betweenness", t("columns.betweenness"), "decimal"),
        Column("eigenvector", t("columns.eigenvector"), "decimal"),
    )
    return Table("institutions", title, columns, body, source=view.context.source, **more)
