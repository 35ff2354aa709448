"""Chapter 4, the institutions: the leading ones of the focus countries, their indicators and maps."""

from dataclasses import dataclass

from kakehashi.figures.scatter import Point
from kakehashi.figures.table import Band, Column, Row, table
from kakehashi.report.blocks import Block, Chapter, Numbering, Paragraph, TableBlock
from kakehashi.report.chapters import maps
from kakehashi.report.chapters.tables import betweenness_note, decimal, number, percent, rank, rank_note, text
from kakehashi.report.context import Context
from kakehashi.report.queries import Indicator, Position

PER_COUNTRY = 4
MOST = 30
_LABEL = 24  # characters of a name on the map
_ABBREVIATIONS = (("University", "Univ."), ("Universidad", "Univ."), ("Institute", "Inst."), ("National", "Natl."))


@dataclass(frozen=True)
class Chosen:
    """An institution of the chapter: its number in the table, name, country and indicators."""

    number: int
    name: str
    country: str
    row: Indicator


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    t = context.texts
    numbering = Numbering(4)
    heading = numbering.heading(t("institutions.table.heading"))
    chosen = choose(context)
    if not chosen:
        blocks: tuple[Block, ...] = (heading, Paragraph(t("institutions.empty"), "empty"))
        return Chapter("institutions", "4", t("institutions.title"), blocks)
    rule = t("institutions.rule", per_country=PER_COUNTRY, most=MOST, home=context.country(context.home))
    rule = t("institutions.published") if context.published else rule
    care = [Paragraph(" ".join(note), "care") for note in (context.dominant_note("institution"),) if note]
    blocks = (heading, Paragraph(rule), *care, _table(context, numbering, chosen), *_maps(context, numbering, chosen))
    return Chapter("institutions", "4", t("institutions.title"), blocks)


def choose(context: Context) -> list[Chosen]:
    """Take the institutions with most papers of each focus country and of home, in the order of the table.

    A published study has made its own choice, so all of its institutions are taken.
    """
    countries = [context.home, *(context.focus or context.targets[: MOST // PER_COUNTRY])]
    limit = MOST if context.published else PER_COUNTRY
    found = context.tables.leading_institutions(countries, limit, MOST)
    found.sort(key=lambda one: (countries.index(one[0]), -one[2].papers, one[2].entity))
    return [Chosen(place, name, code, row) for place, (code, name, row) in enumerate(found, 1)]


def _table(context: Context, numbering: Numbering, chosen: list[Chosen]) -> TableBlock:
    t = context.texts
    ranks = context.tables.ranks("institution")
    body: list[Row] = []
    last = None
    for one in chosen:
        if one.country != last:
            region = context.regions.get(one.country)
            named = f"{context.country(one.country)}"
            if region is not None and region != "home":
                named = t("institutions.table.band", country=named, region=context.region(region))
            body.append(Band(named))
            last = one.country
        body.append(
            (
                number(context, one.number),
                text(one.name, heads=True),
                number(context, one.row.papers),
                *([rank(context, ranks.get(one.row.entity))] if ranks else []),
                percent(context, one.row.international_share),
                number(context, one.row.degree),
                decimal(context, one.row.betweenness),
                decimal(context, one.row.eigenvector),
            )
        )
    columns = [
        Column(t("columns.number"), "number"),
        Column(t("columns.institution")),
        Column(t("columns.papers"), "number", t("units.works")),
        *([Column(t("ranks.column"), "number")] if ranks else []),
        Column(t("columns.international_share"), "number"),
        Column(t("columns.degree"), "number", t("units.institutions")),
        Column(t("columns.betweenness"), "number"),
        Column(t("columns.eigenvector"), "number"),
    ]
    notes = betweenness_note(context, [one.row.betweenness_error for one in chosen]) + rank_note(context, ranks)
    id_, no = numbering.exhibit()
    title = t("institutions.table.title")
    n = t.count("n.institutions", len(chosen))
    most = max(chosen, key=lambda one: (one.row.papers, one.name))
    said = t(
        "documents.headline.institutions",
        institution=most.name,
        country=context.country(most.country),
        papers=t.number(most.row.papers),
    )
    return TableBlock(id_, no, title, table(columns, body, title), n, tuple(notes), context.source, headline=said)


def _maps(context: Context, numbering: Numbering, chosen: list[Chosen]) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("institutions.maps.heading"))
    positions = context.tables.institution_positions([one.row.entity for one in chosen])
    overall = {row.entity: row for row in positions if row.field == "all"}
    leading = max((one for one in chosen if one.country == context.home), key=lambda one: one.row.papers, default=None)
    points = [_point(context, one, overall.get(one.row.entity), leading, named=True) for one in chosen]
    title = t("institutions.maps.title")
    numbers = {_label(one): str(one.number) for one in chosen}

    def name(region: str) -> str:
        return _country_region(context, region)

    defined = t("institutions.maps.definition", counting=context.counting)
    if leading is not None:
        defined += t("institutions.maps.guides", institution=leading.name, home=context.country(context.home))
    care = (t("dominant.see"),) if context.dominant_note("institution") else ()
    blocks: list[Block] = [
        heading,
        Paragraph(t("institutions.maps.text")),
        maps.both_widths(context, numbering, points, title, name, defined, "institutions", numbers, care),
    ]
    panels = []
    for field in context.fields:
        rows = {row.entity: row for row in positions if row.field == field}
        mine = [
            _point(context, one, rows[one.row.entity], leading, named=False) for one in chosen if one.row.entity in rows
        ]
        if mine:
            panels.append((context.field(field), mine))
    if not panels:
        return [*blocks, Paragraph(t("institutions.maps.fields_empty"), "empty")]
    title = t("institutions.maps.fields_title")
    return [*blocks, maps.field_maps(context, numbering, panels, title, name, defined, "institutions", care)]


def _country_region(context: Context, region: str) -> str:
    t = context.texts
    if region == "home_country":
        return t("institutions.maps.of_home", home=context.country(context.home))
    return t("institutions.maps.of_region", region=context.region(region))


def _point(context: Context, one: Chosen, position: Position | None, leading: Chosen | None, *, named: bool) -> Point:
    """A point whose symbol tells the region of its country. The guide lines run through home's leading institution."""
    region = "home_country" if one.country == context.home else context.regions.get(one.country)
    label = _label(one) if named else str(one.number)
    papers = position.papers if position is not None else one.row.papers
    eigenvector = position.eigenvector if position is not None else one.row.eigenvector
    return Point(label, papers, eigenvector, region, reference=one is leading)


def _label(one: Chosen) -> str:
    name = one.name
    for long, short in _ABBREVIATIONS:
        name = name.replace(long, short)
    if len(name) > _LABEL:
        name = name.replace(" Of ", " ").replace(" of ", " ").replace(" And ", " & ").replace(" and ", " & ")
    return f"{one.number} {name if len(name) <= _LABEL else name[: _LABEL - 1].rstrip() + '…'}"
