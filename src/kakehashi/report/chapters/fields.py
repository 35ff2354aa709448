"""Chapter 2, the fields: works and international share by technology field, by database and by year."""

from dataclasses import replace

from kakehashi.figures import theme
from kakehashi.figures.bars import Bar, bars
from kakehashi.figures.table import Column, Emphasis, Row, table
from kakehashi.names import database_name
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
from kakehashi.report.chapters import findings, technology, years
from kakehashi.report.chapters.tables import headline, number, percent, text
from kakehashi.report.context import Context, bar
from kakehashi.report.queries import Total

_SUMS = ("all", "collected")
_OPEN_TABLES = 4


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(2)
    blocks = [
        *_fields(context, numbering), *_databases(context, numbering), *years.blocks(context, numbering),
        *technology.blocks(context, numbering),
    ]  # fmt: skip
    return Chapter("fields", "2", context.texts("fields.title"), tuple(blocks))


def _of(context: Context, database: str) -> list[Total]:
    """Totals of the whole period for a database: the fields by works, then the sums."""
    rows = [
        context.totals[(field, "all", database)]
        for field in context.fields
        if (field, "all", database) in context.totals
    ]
    rows.sort(key=lambda row: (-row.works, row.field))
    return rows + [
        context.totals[(name, "all", database)] for name in _SUMS if (name, "all", database) in context.totals
    ]


def _fields(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("fields.overview.heading"))
    rows = _of(context, "all")
    if not rows:
        return [heading, Paragraph(t("fields.overview.empty"), "empty")]
    title = t("fields.overview.title")
    overview = replace(_table(context, numbering, rows, title), headline=headline(findings.works(context)))
    blocks: list[Block] = [heading, Paragraph(t("fields.overview.text")), overview]
    single = [row for row in rows if row.field not in _SUMS]
    return [
        *blocks,
        _chart(context, numbering, single) if single else Paragraph(t("fields.overview.no_fields"), "empty"),
    ]


def _table(
    context: Context, numbering: Numbering, rows: list[Total], title: str, *, folded: bool = False
) -> TableBlock:
    t = context.texts
    resolved = any(row.works_resolved is not None for row in rows)
    body: list[Row] = []
    for row in rows:
        cells = (
            text(context.field(row.field), heads=True),
            number(context, row.works),
            *([number(context, row.works_resolved)] if resolved else []),
            number(context, row.international_papers),
            percent(context, row.international_share),
        )
        body.append(Emphasis(cells) if row.field in _SUMS else cells)
    columns = [
        Column(t("columns.field")),
        Column(t("columns.papers"), "number", t("units.works")),
        *([Column(t("columns.works_resolved"), "number", t("units.works"))] if resolved else []),
        Column(t("columns.international_papers"), "number", t("units.works")),
        Column(t("columns.international_share"), "number"),
    ]
    id_, no = numbering.exhibit()
    whole = next((row for row in rows if row.field == "all"), rows[-1])
    notes = [t("fields.overview.note_several")] if any(row.field not in _SUMS for row in rows) else []
    if whole.without_country:
        notes.append(t("fields.overview.note_share", n=t.number(whole.without_country)))
    n = t("n.works", n=t.number(whole.works))
    return TableBlock(id_, no, title, table(columns, body, title), n, tuple(notes), context.source, folded)


def _chart(context: Context, numbering: Numbering, rows: list[Total]) -> FigureBlock:
    t = context.texts
    entries = [
        Bar(
            context.field(row.field),
            row.works,
            row.international_papers,
            t("fields.chart.value", works=t.number(row.works), share=t.percent(row.international_share)),
        )
        for row in rows
    ]
    id_, no = numbering.exhibit()
    title = t("fields.chart.title")
    drawings = [
        Drawing(bars(entries, frame, t("axes.papers"), t.number), use)  # type: ignore[arg-type]
        for frame, use in ((theme.WIDE, "wide"), (theme.NARROW, "narrow"))
    ]
    described = t.listing([f"{entry.label} {entry.text}" for entry in entries])
    legend = (
        Key(bar(theme.ACCENT_LIGHT), t("fields.chart.all")),
        Key(bar(theme.ACCENT), t("fields.chart.international")),
    )
    whole = context.totals.get(("all", "all", "all"))
    n = t("n.works", n=t.number(whole.works if whole else sum(row.works for row in rows)))
    return FigureBlock(
        id_, no, title, pictures(id_, drawings, title, described), t("fields.chart.definition"), n,
        (t("fields.overview.note_several"),), context.source, legend, headline=headline(findings.fields(context)),
    )  # fmt: skip


def _databases(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("fields.databases.heading"))
    names = sorted({database for _, period, database in context.totals if period == "all"} - {"all"})
    if not names:
        return [heading, Paragraph(t("fields.databases.empty"), "empty")]
    if len(names) == 1 and _works(context, names[0]) == _works(context, "all"):
        return [heading, Paragraph(t("fields.databases.single", database=database_name(names[0], t)))]
    blocks: list[Block] = [heading, Paragraph(t("fields.databases.text"))]
    names.sort(key=lambda name: (-_works(context, name), name))
    for place, name in enumerate(names):
        title = t("fields.databases.title", database=database_name(name, t))
        blocks.append(_table(context, numbering, _of(context, name), title, folded=place >= _OPEN_TABLES))
    return blocks


def _works(context: Context, database: str) -> int:
    row = context.totals.get(("all", "all", database))
    return row.works if row is not None else 0
