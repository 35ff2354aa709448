"""Positioning maps for the report: which points, in which order, with which notes."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Literal

from kakehashi.figures import theme
from kakehashi.figures.scatter import Point, Words, scatter, tick_label
from kakehashi.figures.theme import Figure
from kakehashi.report.blocks import Drawing, FigureBlock, Key, Numbering, pictures
from kakehashi.report.chapters import findings
from kakehashi.report.chapters.tables import headline
from kakehashi.report.context import Context, symbol
from kakehashi.report.queries import Position

_FRAMES = ((theme.WIDE, "wide"), (theme.NARROW, "narrow"))
_SHORT = ("upper_right", "upper_left", "lower_right", "lower_left")


def words(context: Context, *, named: bool = True) -> Words:
    """The texts inside a map."""
    t = context.texts
    regions = {region: t(f"regions.{region}.short") for region in _SHORT} if named else {}
    return Words(t("axes.papers_log"), t("axes.eigenvector_log"), t("axes.floor"), regions)


def country_points(context: Context, rows: Sequence[Position], shown: Set[str]) -> list[Point]:
    """Points of the shown countries and home: home first, then the focus countries, then by papers."""
    kept = [row for row in rows if row.entity in shown or row.entity == context.home]
    focus = set(context.focus)
    kept.sort(key=lambda row: (row.entity != context.home, row.entity not in focus, -(row.papers or 0), row.entity))
    return [
        Point(
            context.country(row.entity),
            row.papers,
            row.eigenvector,
            "home" if row.entity == context.home else row.region,
            row.entity == context.home or row.entity in focus,
        )
        for row in kept
    ]


def country_map(
    context: Context, numbering: Numbering, rows: Sequence[Position], shown: Set[str], title: str
) -> FigureBlock:
    """The map of all fields for some countries, in both widths."""
    points = country_points(context, rows, shown)
    made = both_widths(context, numbering, points, title, context.region, definition(context))
    return replace(made, headline=headline(findings.regions(context)[:2]))


def definition(context: Context) -> str:
    """What a map of countries shows; without a home point there are no regions to explain."""
    if context.home not in context.regions:
        return context.texts("maps.definition_plain", counting=context.counting)
    return context.texts(
        "maps.definition",
        home=context.country(context.home),
        counting=context.counting,
        radius=context.settings.positioning.centre_radius,
        times=f"{10**context.settings.positioning.centre_radius:.2g}",
    )


def both_widths(
    context: Context,
    numbering: Numbering,
    points: Sequence[Point],
    title: str,
    name: Callable[[str], str],
    defined: str,
    what: Literal["countries", "institutions"] = "countries",
    short: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
) -> FigureBlock:
    """A map drawn for wide and for narrow pages. `short` replaces labels on the narrow one."""
    t = context.texts
    drawings = []
    for frame, use in _FRAMES:
        mine = points
        if short is not None and use == "narrow":
            mine = [replace(p, label=short.get(p.label, p.label)) for p in points]
        figure = scatter(mine, frame, words(context), radius=context.settings.positioning.centre_radius)
        unlabelled = int(figure.facts["unlabelled"])
        note = t.count("maps.unlabelled", unlabelled) if unlabelled else ""
        drawings.append(Drawing(figure, use, note))  # type: ignore[arg-type]
    facts = drawings[0].figure.facts
    id_, no = numbering.exhibit()
    n = t.count(f"n.{what}", int(facts["drawn"]))
    shown = pictures(id_, drawings, title, described(context, points))
    return FigureBlock(
        id_,
        no,
        title,
        shown,
        defined,
        n,
        (*notes(context, drawings[0].figure), *remarks),
        context.source,
        legend(points, name),
    )


def legend(points: Sequence[Point], name: Callable[[str], str]) -> tuple[Key, ...]:
    """Symbols of the regions that have points, home first."""
    met = {point.region or "unplaced" for point in points}
    return tuple(Key(symbol(region), name(region)) for region in theme.REGION_COLOURS if region in met)


def notes(context: Context, figure: Figure) -> list[str]:
    """What a map left out or moved."""
    t = context.texts
    found = []
    if figure.facts["on_floor"]:
        limit = tick_label(figure.facts["floor"])
        found.append(t.count("maps.on_floor", int(figure.facts["on_floor"]), limit=limit))
    if figure.facts["not_drawn"]:
        found.append(t.count("maps.not_drawn", int(figure.facts["not_drawn"])))
    return found


def described(context: Context, points: Sequence[Point]) -> str:
    """The map in words: who stands in which region."""
    t = context.texts
    parts = []
    for region in theme.REGIONS:
        names = [point.label for point in points if point.region == region]
        if names and region != "home":
            parts.append(t("maps.described", region=context.region(region), names=t.listing(names)))
    return " ".join(parts) or t("maps.described_plain", names=t.listing([point.label for point in points]))


def country_field_maps(context: Context, numbering: Numbering, fields: Sequence[str]) -> FigureBlock:
    """One small map for each field."""
    shown = set(context.targets)
    panels = []
    for field in fields:
        rows = [row for row in context.country_positions if row.field == field]
        panels.append((context.field(field), country_points(context, rows, shown)))
    title = context.texts("countries.maps.fields_title")
    return field_maps(context, numbering, panels, title, context.region, definition(context))


def field_maps(
    context: Context,
    numbering: Numbering,
    panels: Sequence[tuple[str, Sequence[Point]]],
    title: str,
    name: Callable[[str], str],
    defined: str,
    what: Literal["countries", "institutions"] = "countries",
    remarks: Sequence[str] = (),
) -> FigureBlock:
    """Small multiples: the same map by field, all with the same axes, so that places can be compared."""
    t = context.texts
    everyone = [point for _, points in panels for point in points]
    drawings = []
    for field, points in panels:
        figure = scatter(
            points,
            theme.PANEL,
            words(context, named=False),
            radius=context.settings.positioning.centre_radius,
            extent=everyone,
        )
        drawings.append(Drawing(figure, "panel", _panel_note(context, figure, what), field))
    id_, no = numbering.exhibit()
    everything = t("maps.panels_described", names=t.listing([field for field, _ in panels]))
    shown = pictures(id_, drawings, title, everything)
    n = t.count("n.panels", len(panels))
    symbols = legend(everyone, name)
    common = [t("maps.panels_note")]
    if any(drawing.figure.facts["on_floor"] for drawing in drawings):
        limit = min(drawing.figure.facts["floor"] for drawing in drawings)
        common.append(t("maps.panels_floor", limit=tick_label(limit)))
    return FigureBlock(id_, no, title, shown, defined, n, (*common, *remarks), context.source, symbols)


def _panel_note(context: Context, figure: Figure, what: str) -> str:
    """The counts of one panel in few words; what they mean stands once under the whole figure."""
    t = context.texts
    counted = [fact for fact in ("on_floor", "unlabelled", "not_drawn") if figure.facts[fact]]
    parts = [t(f"maps.panel_{fact}", n=t.number(figure.facts[fact])) for fact in counted]
    return " ".join([t.count(f"n.{what}", int(figure.facts["drawn"])), *parts])
