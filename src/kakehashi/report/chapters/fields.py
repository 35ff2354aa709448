"""Chapter 2, the fields: works and international share by technology field, by database and by year."""

from dataclasses import replace

from kakehashi.figures import theme
from kakehashi.figures.bars import Bar, bars
from kakehashi.figures.lines import Series, lines
from kakehashi.figures.table import Column, Emphasis, Row, table
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
from kakehashi.report.chapters.tables import number, percent, text
from kakehashi.report.context import Context, bar
from kakehashi.report.names import database_name
from kakehashi.report.queries import Total

_SUMS = ("all", "collected")


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(2)
    blocks = [*_fields(context, numbering), *_databases(context, numbering), *_years(context, numbering)]
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
    blocks: list[Block] = [heading, Paragraph(t("fields.overview.text")), _table(context, numbering, rows, title)]
    single = [row for row in rows if row.field not in _SUMS]
    return [*blocks, _chart(context, numbering, single)] if single else blocks


def _table(context: Context, numbering: Numbering, rows: list[Total], title: str) -> TableBlock:
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
    notes = [t("fields.overview.note_several")]
    if whole.without_country:
        notes.append(t("fields.overview.note_share", n=t.number(whole.without_country)))
    n = t("n.works", n=t.number(whole.works))
    return TableBlock(id_, no, title, table(columns, body, title), n, tuple(notes), context.source)


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
        (t("fields.overview.note_several"),), context.source, legend,
    )  # fmt: skip


def _databases(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("fields.databases.heading"))
    names = sorted({database for _, period, database in context.totals if period == "all"} - {"all"})
    if not names:
        return [heading, Paragraph(t("fields.databases.empty"), "empty")]
    blocks: list[Block] = [heading, Paragraph(t("fields.databases.text"))]
    for name in names:
        title = t("fields.databases.title", database=database_name(name))
        blocks.append(_table(context, numbering, _of(context, name), title))
    return blocks


def _years(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("fields.years.heading"))
    total = {
        period: row
        for (field, period, database), row in sorted(context.totals.items())
        if (field, database) == ("all", "all") and period.isdigit()
    }
    if len(total) < 2:
        return [heading, Paragraph(t("fields.years.empty"), "empty")]
    years = range(min(map(int, total)), max(map(int, total)) + 1)
    shown = [context.home, *[code for code in context.focus or context.targets if code != context.home]][:5]
    values = {(row[0], row[1]): row for row in context.tables.yearly("country", shown)}
    shown = [code for code in shown if any((code, str(year)) in values for year in years)]
    papers = [
        Series(context.country(code), tuple((year, _at(values, code, year, 2)) for year in years), code == context.home)
        for code in shown
    ]
    shares = [
        Series(t("fields.years.all"), tuple((year, _share(total.get(str(year)))) for year in years)),
        *[
            Series(
                context.country(code), tuple((year, _at(values, code, year, 3)) for year in years), code == context.home
            )
            for code in shown
        ],
    ]
    works = Series(
        t("fields.years.all"),
        tuple((year, float(total[str(year)].works) if str(year) in total else None) for year in years),
    )
    n = t("n.works", n=t.number(sum(row.works for row in total.values())))
    blocks: list[Block] = [heading, Paragraph(t("fields.years.text", first=years[0], last=years[-1]))]
    blocks.append(_lines(context, numbering, [works], "works", n))
    if papers:
        blocks.append(_lines(context, numbering, papers, "papers", n))
    blocks.append(_lines(context, numbering, shares, "share", n))
    return blocks


def _at(
    values: dict[tuple[str, str], tuple[str, str, int, float | None]], code: str, year: int, column: int
) -> float | None:
    row = values.get((code, str(year)))
    return None if row is None else row[column]  # type: ignore[return-value]


def _share(row: Total | None) -> float | None:
    return None if row is None else row.international_share


def _lines(context: Context, numbering: Numbering, series: list[Series], what: str, n: str) -> FigureBlock:
    t = context.texts
    is_share = what == "share"
    tick = (lambda value: f"{value:.0%}") if is_share else t.number
    title = t(f"fields.years.{what}_title")
    drawings = [
        Drawing(
            lines(
                series,
                replace(frame, height=300),
                t(f"axes.{'share' if is_share else 'papers'}"),
                tick,
                unit=0.01 if is_share else 1,
            ),
            use,  # type: ignore[arg-type]
        )
        for frame, use in ((theme.WIDE, "wide"), (theme.NARROW, "narrow"))
    ]
    id_, no = numbering.exhibit()
    notes = () if what == "works" else (t("fields.years.note_countries"),)
    described = t("fields.years.described", names=t.listing([line.label for line in series]))
    return FigureBlock(
        id_, no, title, pictures(id_, drawings, title, described), t(f"fields.years.{what}_definition"), n, notes,
        context.source,
    )  # fmt: skip
