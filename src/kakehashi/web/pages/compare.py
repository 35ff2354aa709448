"""Up to six countries or institutions side by side, indicator by indicator and field by field."""

from collections.abc import Sequence
from dataclasses import replace

from kakehashi.figures import theme
from kakehashi.figures.lines import Series, lines
from kakehashi.indicators.definitions import definitions
from kakehashi.report.blocks import Paragraph
from kakehashi.web.drawing import drawn
from kakehashi.web.page import Choice, Column, Drawing, Form, Page, Part, Table
from kakehashi.web.pages import ranks
from kakehashi.web.pages.entity import institution_names
from kakehashi.web.pages.indicator_columns import KINDS
from kakehashi.web.view import Record, View

MOST = 6
_LEVELS = ("country", "institution")
_SHOWN = ("papers", "papers_fractional", "international_share", "degree", "betweenness", "eigenvector")


def page(view: View) -> Page:
    """Compare what the address names; at first home and the two leading target countries."""
    level = view.one_of("level", _LEVELS, "country")
    context = view.context
    chosen = tuple(one for one in view.all("id") if one)[:MOST]
    if not chosen and level == "country":
        chosen = (context.home, *(context.focus or context.targets)[:2])
    names = _names(view, level, chosen)
    chosen = tuple(one for one in chosen if one in names)
    parts: list[Part] = [_form(view, level, chosen, names)]
    if not chosen:
        parts.append(Paragraph(view.say("compare.nobody"), "empty"))
    else:
        rows = _rows(view, level, chosen)
        parts += [_indicators(view, level, chosen, names, rows), _fields(view, level, chosen, names, rows)]
        parts += _years(view, level, chosen, names)
    return Page("compare", view.say("compare.title"), tuple(parts), view.say("compare.lead", most=MOST))


def _names(view: View, level: str, chosen: Sequence[str]) -> dict[str, str]:
    if level == "institution":
        return institution_names(view, chosen) if view.reader.has("institutions") else {}
    known = {row.entity for row in view.context.countries}
    return {code: view.context.country(code) for code in chosen if code in known}


def _form(view: View, level: str, chosen: Sequence[str], names: dict[str, str]) -> Form:
    choices = [
        Choice("level", view.say("map.level"), level, tuple((one, view.say(f"level.{one}s")) for one in _LEVELS))
    ]
    if level == "country":
        known = sorted(
            ((row.entity, view.context.country(row.entity)) for row in view.context.countries), key=lambda one: one[1]
        )
    else:
        known = sorted(_offered(view, chosen, names).items(), key=lambda one: one[1])
    options = (("", view.say("compare.none")), *known)
    for place in range(MOST):
        value = chosen[place] if place < len(chosen) else ""
        choices.append(Choice("id", view.say("compare.place", n=place + 1), value, options))
    return Form(tuple(choices), view.say("compare.show"))


def _offered(view: View, chosen: Sequence[str], names: dict[str, str]) -> dict[str, str]:
    """Offer the leading institutions; others come by the link on their own page."""
    rows: list[Record] = []
    if view.reader.has("institution_ranks"):
        rows = view.reader.rows(
            "select institution_id, name, country_code from institution_ranks where field = 'all' and place <= 300"
        )
    return {**{row[0]: f"{row[1]} ({row[2] or '–'})" for row in rows}, **{one: names[one] for one in chosen}}


def _rows(view: View, level: str, chosen: Sequence[str]) -> dict[tuple[str, str], Record]:
    if not view.reader.has("indicators"):
        return {}
    marks = ", ".join("?" for _ in chosen)
    found = view.reader.rows(
        f"select entity, field, {', '.join(_SHOWN)}, activity_index from {view.indicators} where level = ? "
        f"and period = 'all' and entity in ({marks})",
        [level, *chosen],
    )
    return {(row[0], row[1]): row[2:] for row in found}


def _indicators(
    view: View, level: str, chosen: Sequence[str], names: dict[str, str], rows: dict[tuple[str, str], Record]
) -> Table:
    t = view.t
    body = []
    for place, name in enumerate(_SHOWN):
        values = [rows[(one, "all")][place] if (one, "all") in rows else None for one in chosen]
        if all(value is None for value in values):
            continue
        label = definitions()[name].label[view.language]
        cells = [
            None if value is None
            else replace(view.ref(value, "number", indicator=name, level=level, id=one), kind=KINDS.get(name, "number"))
            for one, value in zip(chosen, values, strict=True)
        ]  # fmt: skip
        body.append((label, *cells))
    places = ranks.ranked(view, level, chosen)
    for measure in (ranks.PAPERS, ranks.EIGENVECTOR):
        said = [ranks.said(view, places.get((one, "all", measure))) for one in chosen]
        if any(said):
            body.append((view.say(f"ranks.{measure}"), *said))
    columns = (Column("indicator", t("columns.indicator")), *(Column(one, names[one], "number") for one in chosen))
    return Table("indicators", view.say("compare.indicators"), columns, tuple(body),
                 (view.counted(), *ranks.note(view, places)),
                 missing=t("common.no_value"), source=view.context.source)  # fmt: skip


def _fields(
    view: View, level: str, chosen: Sequence[str], names: dict[str, str], rows: dict[tuple[str, str], Record]
) -> Table:
    body = tuple(
        (
            view.ref(view.context.field(field), "field", id=field),
            *(view.number(rows[(one, field)][-1] if (one, field) in rows else None, "activity_index", level, one, field,
                          "all") for one in chosen),
        )
        for field in view.context.fields
    )  # fmt: skip
    columns = (
        Column("field", view.t("columns.field")),
        *(Column(one, names[one], "decimal") for one in chosen),
    )
    return Table("activity", view.say("compare.activity"), columns, body, missing=view.t("common.no_value"),
                 source=view.context.source)  # fmt: skip


def _years(view: View, level: str, chosen: Sequence[str], names: dict[str, str]) -> list[Part]:
    years = view.years()
    if len(years) < 2 or not view.reader.has("indicators"):
        return []
    marks = ", ".join("?" for _ in chosen)
    found = {
        (row[0], row[1]): float(row[2])
        for row in view.reader.rows(
            f"select entity, period, papers from {view.indicators} where level = ? and field = 'all' "
            f"and period <> 'all' and entity in ({marks})",
            [level, *chosen],
        )
    }
    series = [
        Series(names[one], tuple((int(year), found.get((one, year))) for year in years), one == view.context.home)
        for one in chosen
    ]
    title = view.say("compare.years")
    made = []
    for frame in (theme.Frame("wide", 860, 340), theme.Frame("narrow", 340, 300)):
        figure = lines(series, frame, view.say("axes.works"), lambda value: f"{value:,.0f}")
        made.append(drawn(figure, f"years-{frame.name}", title, title))
    notes = (view.say("compare.left_out"),) if len(series) > 5 else ()
    return [Drawing("years", title, made[0], made[1], notes=notes, source=view.context.source)]
