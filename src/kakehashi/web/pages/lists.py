"""Lists of countries, institutions and fields: each number opens, each name leads to its page."""

from kakehashi.web.page import Choice, Column, Form, Page, Part, Table
from kakehashi.web.pages.indicator_columns import indicator_column
from kakehashi.web.pages.map import institution_table, leading
from kakehashi.web.view import PER_PAGE, Record, View

_MOST = 100_000
_INDICATORS = ("papers", "papers_fractional", "international_papers", "international_share", "degree", "betweenness",
               "eigenvector", "activity_index")  # fmt: skip


def countries(view: View) -> Page:
    """List the countries of a field and period with their indicators."""
    t, context = view.t, view.context
    field, year = view.field(), view.year()
    rows = []
    if view.reader.has("indicators"):
        rows = view.reader.rows(
            f"select entity, {', '.join(_INDICATORS)} from indicators where level = 'country' and field = ? "
            "and period = ? order by papers desc, entity",
            (field, year),
        )
    shown = [name for place, name in enumerate(_INDICATORS, 1) if any(row[place] is not None for row in rows)]
    body = tuple(
        (
            view.country(row[0]),
            row[0],
            *(view.number(row[_INDICATORS.index(name) + 1], name, "country", row[0], field, year) for name in shown),
        )
        for row in rows
    )
    columns = (
        Column("country", t("columns.country")),
        Column("country_code", view.say("columns.code")),
        *(indicator_column(view, name, "country") for name in shown),
    )
    title = view.say("lists.countries", field=context.field(field), period=view.period_name(year))
    home = frozenset(number for number, row in enumerate(body) if row[1] == context.home)
    table = Table(
        "countries", title, columns, body, (view.counted(),), emphasis=home, missing=t("common.no_value"),
        source=context.source,
    )  # fmt: skip
    return Page("countries", view.say("nav.countries"), (_form(view, year=True), table), view.say("ways.countries"))


def _form(view: View, *more: Choice, year: bool) -> Form:
    choices = [Choice("field", view.say("choose.field"), view.field(), view.field_options())]
    if year and view.years():
        choices.append(Choice("year", view.say("choose.year"), view.year(), view.year_options()))
    return Form((*choices, *more), view.say("choose.show"))


def institutions(view: View) -> Page:
    """List institutions by papers, searched by name and country, a page at a time."""
    context = view.context
    field, name, country = view.field(), view.get("q").strip(), view.get("country")
    known = [
        ("", view.say("choose.any_country")),
        *sorted(((row.entity, context.country(row.entity)) for row in context.countries), key=lambda pair: pair[1]),
    ]
    form = _form(
        view,
        Choice("country", view.t("columns.country"), country, tuple(known)),
        Choice("q", view.say("choose.name"), name, kind="text"),
        year=False,
    )
    rows, total, at = _found(view, field, name, country)
    title = view.say("lists.institutions", field=view.context.field(field))
    step = _MOST if view.whole else PER_PAGE
    table = institution_table(
        view, rows, title, field, total=total, notes=(view.counted(),),
        before=view.here(start=max(at - step, 0) or None) if at else "",
        after=view.here(start=at + step) if at + step < total else "",
    )  # fmt: skip
    return Page("institutions", view.say("nav.institutions"), (form, table), view.say("ways.institutions"))


def _found(view: View, field: str, name: str, country: str) -> tuple[list[Record], int, int]:
    """Return the rows of a page, how many there are in all, and where the page begins."""
    if not view.reader.has("institution_ranks"):
        rows = leading(view, field, _MOST)
        rows = [row for row in rows if name.casefold() in row[1].casefold() and country in ("", row[2])]
        return rows, len(rows), 0
    where, values = ["field = ?"], [field]
    if country:
        where.append("country_code = ?")
        values.append(country)
    if name:
        where.append("contains(folded, ?)")
        values.append(name.lower())
    said = " and ".join(where)
    at = 0 if view.whole else view.integer("start", 0, 0, 10_000_000)
    most = _MOST if view.whole else PER_PAGE
    columns = "institution_id, name, country_code, papers, international_share, degree, betweenness, eigenvector"
    if not country and not name:
        found = view.reader.rows(
            f"select {columns} from institution_ranks where {said} and place > {at} and place <= {at + most} "
            "order by place",
            values,
        )
    else:  # looked through once for both, the rows and their number
        rows = view.reader.rows(
            f"select {columns}, count(*) over () from institution_ranks where {said} order by place "
            f"limit {most} offset {at}",
            values,
        )
        return [row[:-1] for row in rows], rows[0][-1] if rows else 0, at
    [(total,)] = view.reader.rows(f"select count(*) from institution_ranks where {said}", values)
    return found, total, at


def fields(view: View) -> Page:
    """List the fields with works, international share, and the papers of home."""
    t, context = view.t, view.context
    home = {}
    if view.reader.has("indicators"):
        home = {
            row[0]: row[1:]
            for row in view.reader.rows(
                "select field, papers, activity_index from indicators where level = 'country' and entity = ? "
                "and period = 'all'",
                (context.home,),
            )
        }
    body = []
    for field in (*view.fields, "collected"):
        total = context.totals.get((field, "all", "all"))
        if total is None:
            continue
        papers, activity = home.get(field, (None, None))
        body.append(
            (
                view.ref(context.field(field), "field", id=field),
                view.ref(total.works, "works", field=field) if view.reader.has("work_heads") else total.works,
                total.works_resolved,
                total.international_papers,
                total.international_share,
                view.number(papers, "papers", "country", context.home, field, "all"),
                view.number(activity, "activity_index", "country", context.home, field, "all"),
            )
        )
    name = context.country(context.home)
    columns = (
        Column("field", t("columns.field")),
        Column("works", t("columns.works"), "number", t("units.works")),
        Column("works_resolved", t("columns.works_resolved"), "number", t("units.works")),
        Column("international_papers", view.say("columns.international_papers"), "number", t("units.works")),
        Column("international_share", t("columns.international_share"), "percent"),
        Column("home_papers", view.say("columns.papers_of", name=name), "number", t("units.works")),
        Column("home_activity_index", view.say("columns.activity_of", name=name), "decimal"),
    )
    title = view.say("lists.fields")
    table = Table("fields", title, columns, tuple(body), missing=t("common.no_value"), source=context.source)
    parts: list[Part] = [table]
    if len(body) > 1 and view.years():
        parts.append(_by_year(view))
    return Page("fields", view.say("nav.fields"), tuple(parts), view.say("ways.fields"))


def _by_year(view: View) -> Table:
    years, context = view.years(), view.context
    body = tuple(
        (
            view.ref(context.field(field), "field", id=field),
            *(total.works if (total := context.totals.get((field, year, "all"))) else None for year in years),
        )
        for field in view.fields
        if (field, "all", "all") in context.totals
    )
    columns = (Column("field", view.t("columns.field")), *(Column(year, year, "number") for year in years))
    return Table(
        "fields_by_year", view.say("lists.fields_by_year"), columns, body, missing=view.t("common.no_value"),
        source=context.source,
    )  # fmt: skip
