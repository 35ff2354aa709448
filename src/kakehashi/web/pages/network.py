"""The network of countries or institutions: filtered by the address, drawn in the browser, its lines as a table."""

import json
from dataclasses import dataclass
from typing import Any

from kakehashi.figures import theme
from kakehashi.report.context import disc
from kakehashi.web.netpicture import network_svg
from kakehashi.web.page import Choice, Column, Drawing, Form, Html, Links, Page, Part, Table
from kakehashi.web.pages.entity import institution_names
from kakehashi.web.snapshot import MOST_EDGES
from kakehashi.web.view import Record, View

_LEVELS = ("country", "institution")
_DARK = {
    "home": "#f28b82", "upper_right": "#6ea8e0", "upper_left": "#4db6a6", "lower_right": "#e39a4a",
    "centre": "#b794e0", "lower_left": "#97a4ac", "unplaced": "#7d8a92",
}  # fmt: skip
FILES = (("graphml", "GraphML"), ("gexf", "GEXF"), ("pajek.zip", "Pajek"), ("vosviewer.zip", "VOSviewer"),
         ("tables.zip", "CSV"))  # fmt: skip
"""Endings of the files for other programs, and the names of their formats: networkfiles.py writes them."""
_SHOWN = 50
_MOST_NODES = 3_000


@dataclass(frozen=True)
class Graph:
    """What is drawn. nodes: id, name, country, papers, x, y, region; edges: places of both ends, joint works.

    fractional: joint works of each edge, counted in fractions.
    """

    nodes: list[Record]
    edges: list[tuple[int, int, int]]
    fractional: list[float]


def page(view: View) -> Page:
    """Show the network asked for."""
    level, field, year = asked(view)
    found = graph(view, level, field, year)
    title = view.say(
        "network.heading", level=view.say(f"level.{level}s"), field=view.context.field(field),
        period=view.period_name(year),
    )  # fmt: skip
    parts: list[Part] = [_form(view, level, found)]
    if not found.nodes:
        parts.append(Links((), view.say("network.empty")))
        return Page("network", view.say("network.title"), tuple(parts), view.say("network.lead"))
    if view.form in ("svg", "png"):
        parts.append(Drawing("network", title, network_svg(found.nodes, found.edges, title)))
    else:
        parts.append(_picture(view, level, field, year, found, title))
    if view.get("part") != "graph":  # what the picture fetches is the graph alone
        parts.append(_table(view, level, field, year, found))
    return Page("network", view.say("network.title"), tuple(parts), view.say("network.lead"))


def asked(view: View) -> tuple[str, str, str]:
    """Return level, field and period. Raises NotHere."""
    return view.one_of("level", _LEVELS, "country"), view.field(), view.year()


def graph(view: View, level: str, field: str, year: str) -> Graph:
    """Read nodes and edges, filtered by weight, region and neighbourhood."""
    if not view.reader.has("network_edges"):
        return Graph([], [], [])
    least = view.integer("least", 1, 1, 10_000_000)
    edges = _edges(view, level, field, year, least)
    near = view.get("near")
    if near:
        around = {near} | {b if a == near else a for a, b, *_ in edges if near in (a, b)}
        edges = [edge for edge in edges if edge[0] in around and edge[1] in around]
    known = {row[0]: row for row in _nodes(view, level, field, year)}
    region = view.get("region")
    kept = {id_ for id_, row in known.items() if not region or row[6] == region or id_ == near}
    edges = [edge for edge in edges if edge[0] in kept and edge[1] in kept]
    drawn = {end for edge in edges for end in edge[:2]}
    nodes = [row for id_, row in known.items() if id_ in drawn]
    at = {row[0]: number for number, row in enumerate(nodes)}
    ends = [(at[a], at[b], works) for a, b, works, _ in edges]
    return Graph(nodes, ends, [fractional for *_, fractional in edges])


def _edges(view: View, level: str, field: str, year: str, least: int) -> list[Record]:
    if year == "all":
        return view.reader.rows(
            "select entity_a, entity_b, works, fractional from network_edges where level = ? and field = ? "
            "and works >= ? order by place",
            (level, field, least),
        )
    return view.reader.rows(
        "select e.entity_a, e.entity_b, e.works, e.fractional from edges e "
        "join layouts a on a.level = e.level and a.entity = e.entity_a "
        "join layouts b on b.level = e.level and b.entity = e.entity_b "
        "where e.level = ? and e.field = ? and e.period = ? and e.works >= ? "
        f"order by e.works desc, e.entity_a, e.entity_b limit {MOST_EDGES}",
        (level, field, year, least),
    )


def _nodes(view: View, level: str, field: str, year: str) -> list[Record]:
    """Return id, name, country, papers, x, y and region of every node that has a place."""
    if year == "all" and view.reader.has("network_nodes"):
        rows = view.reader.rows(
            "select entity, papers, x, -y from network_nodes where level = ? and field = ? "
            "order by papers desc, entity",
            (level, field),
        )
    else:
        rows = view.reader.rows(
            "select n.entity, i.papers, n.x, -n.y from layouts n left join indicators i on i.level = n.level and "
            "i.field = ? and i.period = ? and i.entity = n.entity where n.level = ? order by i.papers desc, n.entity",
            (field, year, level),
        )
    context = view.context
    regions = {**context.regions, context.home: "home"}
    if level == "country":
        return [(e, context.country(e), e, papers or 0, x, y, regions.get(e, "unplaced")) for e, papers, x, y in rows]
    named = {
        row[0]: row[1:]
        for row in view.reader.rows(
            "select i.institution_id, coalesce(i.name, i.institution_id), i.country_code from institutions i "
            "join layouts n on n.entity = i.institution_id and n.level = 'institution'"
        )
    }
    found = []
    for entity, papers, x, y in rows:
        name, country = named.get(entity, (entity, None))
        found.append((entity, name, country or "", papers or 0, x, y, regions.get(country or "", "unplaced")))
    return found


def _form(view: View, level: str, found: Graph) -> Form:
    region = view.get("region")
    known = {*view.context.regions.values(), "home"}
    regions = [("", view.say("network.any_region"))]
    regions += [(one, view.context.region(one)) for one in theme.REGIONS if one in known]
    near = view.get("near")
    around = [("", view.say("network.around_all"))]
    if near:
        name = view.context.country(near) if level == "country" else institution_names(view, [near]).get(near, near)
        around.append((near, name))
    elif level == "country":
        around += sorted(((row[0], row[1]) for row in found.nodes), key=lambda pair: pair[1])
    years = view.year_options()
    return Form(
        (
            Choice("level", view.say("map.level"), level, tuple((one, view.say(f"level.{one}s")) for one in _LEVELS)),
            Choice("field", view.say("choose.field"), view.field(), view.field_options()),
            *([Choice("year", view.say("choose.year"), view.year(), years)] if len(years) > 1 else []),
            Choice("region", view.say("network.region"), region, tuple(regions)),
            Choice("near", view.say("network.around"), near, tuple(around)),
            Choice("least", view.say("network.least"), view.integer("least", 1, 1, 10_000_000), kind="number"),
        ),
        view.say("choose.show"),
    )  # fmt: skip


def _picture(view: View, level: str, field: str, year: str, found: Graph, title: str) -> Html:
    t, context = view.t, view.context
    query = view.here().partition("?")[2]
    met = {row[6] for row in found.nodes}
    legend = [
        (disc(theme.REGION_COLOURS[one]), view.say("network.unplaced") if one == "unplaced" else context.region(one))
        for one in (*theme.REGIONS, "unplaced")
        if one in met
    ]
    home_lines = view.say("network.home_lines") if level == "country" else ""
    return Html(
        "network.html.j2",
        {
            "title": title, "level": level, "nodes": found.nodes, "edges": found.edges,
            "_source": f"network.json?part=graph&{query}", "_legend": legend, "_field": field if field != "all" else "",
            "_year": year if year != "all" else "",
            "_light": json.dumps(dict(theme.REGION_COLOURS)), "_dark": json.dumps(_DARK),
            "_n": view.say(f"network.n_{level}", nodes=t.number(len(found.nodes)), edges=t.number(len(found.edges))),
            "_definition": view.say("network.definition") + home_lines,
            "_note": view.say("network.note", most_nodes=t.number(_MOST_NODES), most_edges=t.number(MOST_EDGES)),
            "_files_note": view.say("network.files_note"),
            "_downloads": [(f"network.{form}?{query}", form.upper()) for form in ("svg", "png")],
            "_files": [(f"network.{form}?{query}", name) for form, name in FILES],
        },
    )  # fmt: skip


def _table(view: View, level: str, field: str, year: str, found: Graph) -> Table:
    shown = found.edges if view.whole else found.edges[:_SHOWN]
    names = [(row[0], row[1]) for row in found.nodes]
    kept: dict[str, Any] = {"field": field if field != "all" else None, "year": year if year != "all" else None}
    body = tuple(
        (
            view.ref(names[a][1], level, id=names[a][0]),
            view.ref(names[b][1], level, id=names[b][0]),
            view.ref(works, "works", level=level, id=names[a][0], partner=names[b][0], **kept),
        )
        for a, b, works in shown
    )
    columns = (
        Column("a", view.t(f"columns.{level}")),
        Column("b", view.say("columns.partner")),
        Column("works", view.say("columns.joint_works"), "number", view.t("units.works")),
    )
    return Table("lines", view.say("network.table"), columns, body, (view.counted(),), total=len(found.edges),
                 source=view.context.source)  # fmt: skip
