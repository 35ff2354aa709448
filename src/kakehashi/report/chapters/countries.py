"""Chapter 3, the countries: networks, indicators, positioning maps with five regions, strong fields."""

from collections.abc import Sequence
from dataclasses import replace

from kakehashi.figures import theme
from kakehashi.figures.network import Link, Node, network
from kakehashi.figures.table import Column, Emphasis, Row, table
from kakehashi.report import codes
from kakehashi.report.blocks import (
    Block,
    Chapter,
    Drawing,
    FigureBlock,
    Key,
    Numbering,
    Paragraph,
    TableBlock,
    pictures,
)
from kakehashi.report.chapters import findings, maps, strengths
from kakehashi.report.chapters.tables import (
    betweenness_note,
    decimal,
    headline,
    number,
    percent,
    rank,
    rank_note,
    text,
)
from kakehashi.report.context import Context, disc

_PER_NODE = 3
_INDICATORS = ("papers", "international_share", "degree", "betweenness", "eigenvector")


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(3)
    blocks = [
        *_networks(context, numbering),
        *_indicators(context, numbering),
        *_positions(context, numbering),
        *strengths.blocks(context, numbering),
    ]
    return Chapter("countries", "3", context.texts("countries.title"), tuple(blocks))


def _networks(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("countries.networks.heading"))
    if not context.edges:
        return [heading, Paragraph(t("countries.networks.empty"), "empty")]
    everyone = [row.entity for row in context.countries]
    chosen = (
        ("world", everyone, 60),
        ("top", list(dict.fromkeys([*context.top, context.home])), 60),
        ("targets", [code for code in everyone if code in {*context.targets, context.home}], 60),
    )
    blocks: list[Block] = [heading, Paragraph(t("countries.networks.text"))]
    for name, shown, overall in chosen:
        if name == "targets" and not context.settings.study.targets:
            blocks.append(Paragraph(t("countries.networks.no_targets"), "note"))
            continue
        blocks.append(_network(context, numbering, name, shown, overall))
    return blocks


def _network(context: Context, numbering: Numbering, name: str, codes: Sequence[str], overall: int) -> FigureBlock:
    t = context.texts
    papers = {row.entity: row.papers for row in context.countries}
    nodes = [Node(code, context.country(code), papers.get(code, 0), _kind(context, code)) for code in codes]
    links = [Link(edge.a, edge.b, edge.works) for edge in context.edges]
    drawings = []
    for frame, use, labelled in ((theme.WIDE_NETWORK, "wide", 200), (theme.NARROW_NETWORK, "narrow", 40)):
        figure = network(nodes, links, frame, per_node=_PER_NODE, overall=overall, labelled=labelled)
        note = t.count("countries.networks.unlabelled", int(figure.facts["unlabelled"]))
        drawings.append(Drawing(figure, use, note if figure.facts["unlabelled"] else ""))  # type: ignore[arg-type]
    facts = drawings[0].figure.facts
    title = t(f"countries.networks.{name}_title", n=len(context.top))
    id_, no = numbering.exhibit()
    notes = [
        t(
            "countries.networks.thinned",
            per_node=_PER_NODE,
            overall=overall,
            drawn=t.number(facts["links_drawn"]),
            left_out=t.number(facts["links"] - facts["links_drawn"]),
            share=t.percent(facts["joint_works_share"]),
        )
    ]
    if facts["small"]:
        notes.append(t.count("countries.networks.small", int(facts["small"])))
    kinds = [kind for kind in ("home", "target", "other") if any(node.kind == kind for node in nodes)]
    colours = {"home": theme.HOME, "target": theme.TARGET, "other": theme.OTHER}
    legend = tuple(
        Key(disc(colours[kind]), context.country(context.home) if kind == "home" else t(f"countries.networks.{kind}"))
        for kind in kinds
    )
    described = t("countries.networks.described", names=t.listing([context.country(code) for code in codes[:12]]))
    n = t.count("countries.networks.n", int(facts["links"]), nodes=t.number(facts["nodes"]))
    definition = t("countries.networks.definition", counting=context.counting)
    return FigureBlock(
        id_,
        no,
        title,
        pictures(id_, drawings, title, described),
        definition,
        n,
        tuple(notes),
        context.source,
        legend,
        headline=headline(findings.partners(context)),
    )


def _kind(context: Context, code: str) -> str:
    if code == context.home:
        return "home"
    return "target" if code in context.settings.study.targets else "other"


def _indicators(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("countries.indicators.heading"))
    if not context.countries:
        return [heading, Paragraph(t("countries.indicators.empty"), "empty")]
    care = [Paragraph(" ".join(note), "care") for note in (context.dominant_note("country"),) if note]
    return [
        heading,
        Paragraph(t("countries.indicators.text")),
        *care,
        _definitions(context, numbering),
        _values(context, numbering),
    ]


def _definitions(context: Context, numbering: Numbering) -> TableBlock:
    t = context.texts
    body: list[Row] = [
        (
            text(t(f"columns.{name}"), heads=True),
            text(t(f"indicators.{name}.definition")),
            text(t(f"indicators.{name}.meaning")),
        )
        for name in _INDICATORS
    ]
    columns = [Column(t("columns.indicator")), Column(t("columns.definition")), Column(t("columns.meaning"))]
    id_, no = numbering.exhibit()
    title = t("countries.indicators.definitions_title")
    return TableBlock(id_, no, title, table(columns, body, title), "", (), t("common.source_definitions"))


def _values(context: Context, numbering: Numbering) -> TableBlock:
    t = context.texts
    shown = {*context.targets, context.home}
    fractional = context.settings.counting.counting == "fractional"
    ranks = context.tables.ranks("country")
    body: list[Row] = []
    for row in [row for row in context.countries if row.entity in shown]:
        cells = (
            text(context.country(row.entity), heads=True),
            number(context, row.papers),
            *([decimal(context, row.papers_fractional, 1)] if fractional else []),
            *([rank(context, ranks.get(row.entity))] if ranks else []),
            percent(context, row.international_share),
            number(context, row.degree),
            decimal(context, row.betweenness),
            decimal(context, row.eigenvector),
        )
        body.append(Emphasis(cells) if row.entity == context.home else cells)
    columns = [
        Column(t("columns.country")),
        Column(t("columns.papers"), "number", t("units.works")),
        *([Column(t("columns.papers_fractional"), "number", t("units.works"))] if fractional else []),
        *([Column(t("ranks.column"), "number")] if ranks else []),
        Column(t("columns.international_share"), "number"),
        Column(t("columns.degree"), "number", t("units.countries")),
        Column(t("columns.betweenness"), "number"),
        Column(t("columns.eigenvector"), "number"),
    ]
    inexact = betweenness_note(context, [row.betweenness_error for row in context.countries])
    notes = [context.targets_note, *rank_note(context, ranks)]
    missing = sorted(shown - {row.entity for row in context.countries})
    if missing:
        notes.append(t("countries.indicators.missing", names=t.listing([context.country(code) for code in missing])))
    notes += inexact or ([] if context.published else [t("countries.indicators.exact")])
    id_, no = numbering.exhibit()
    title = t("countries.indicators.values_title")
    n = t.count("n.countries", len(body))
    return TableBlock(
        id_,
        no,
        title,
        table(columns, body, title),
        n,
        tuple(notes),
        context.source,
        headline=headline(findings.home(context)),
    )


def _positions(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("countries.maps.heading"))
    rows = [row for row in context.country_positions if row.field == "all"]
    if not rows:
        return [heading, Paragraph(t("countries.maps.empty"), "empty")]
    home = context.country(context.home)
    placed = context.home in context.regions
    said = Paragraph(t("countries.maps.text" if placed else "countries.maps.home_absent", home=home))
    blocks: list[Block] = [heading, said if placed else replace(said, look="empty")]
    if {row.entity for row in rows} - {context.home, *context.targets} or not context.settings.study.targets:
        title = t("countries.maps.top_title", n=len(context.top))
        blocks.append(maps.country_map(context, numbering, rows, set(context.top), title))
    if context.settings.study.targets:
        blocks.append(
            maps.country_map(context, numbering, rows, set(context.targets), t("countries.maps.targets_title"))
        )
    else:
        blocks.append(Paragraph(t("countries.maps.no_targets"), "note"))
    if placed:
        blocks.append(_regions(context, numbering))
    single = [field for field in context.fields if any(row.field == field for row in context.country_positions)]
    if single:
        blocks += [Paragraph(_moved(context))] if placed else []
        blocks.append(maps.country_field_maps(context, numbering, single))
    else:
        blocks.append(Paragraph(t("countries.maps.fields_empty"), "empty"))
    return blocks


def _moved(context: Context) -> str:
    """Count the target countries that stand in another region in some field than over all fields."""
    placed = {code for code in context.targets if code in context.regions}
    by_field = [row for row in context.country_positions if row.entity in placed and row.field in context.fields]
    moved = {row.entity for row in by_field if row.region not in (None, context.regions[row.entity])}
    t = context.texts
    return t("countries.maps.fields_text", placed=t.number(len(placed)), moved=t.number(len(moved)))


def _regions(context: Context, numbering: Numbering) -> TableBlock:
    t = context.texts
    home = context.country(context.home)
    radius = context.settings.positioning.centre_radius
    body: list[Row] = []
    counted = 0
    for region in [region for region in theme.REGIONS if region != "home"]:
        codes = [code for code in context.targets if context.regions.get(code) == region]
        counted += len(codes)
        body.append(
            (
                text(t(f"regions.{region}.name"), heads=True),
                text(t(f"regions.{region}.place", home=home, radius=radius, times=f"{10**radius:.2g}")),
                text(t(f"regions.{region}.meaning", home=home)),
                text(t.listing([context.country(code) for code in codes])),
            )
        )
    columns = [
        Column(t("columns.region")),
        Column(t("columns.place")),
        Column(t("columns.characteristics")),
        Column(t("columns.countries")),
    ]
    unplaced = [code for code in context.targets if code not in context.regions]
    notes = [context.targets_note]
    if unplaced:
        notes.append(t("regions.unplaced_note", names=t.listing([_unplaced(context, code) for code in unplaced])))
    id_, no = numbering.exhibit()
    title = t("regions.title", home=home)
    return TableBlock(
        id_,
        no,
        title,
        table(columns, body, title),
        t.count("n.countries", counted),
        tuple(notes),
        context.source,
        headline=headline(findings.regions(context)[:2]),
    )


def _unplaced(context: Context, code: str) -> str:
    """Name a target country without a region, and say why it has none."""
    t = context.texts
    reason = next((row.reason for row in context.country_positions if (row.entity, row.field) == (code, "all")), None)
    why = codes.label("reasons", reason, t.language) if reason else t("regions.no_papers")
    return t("regions.unplaced_one", name=context.country(code), why=why or reason)
