"""Yearly development: works, papers of the countries looked at, and international shares."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kakehashi.figures import theme
from kakehashi.figures.lines import Series, lines
from kakehashi.report.blocks import Block, Drawing, FigureBlock, Numbering, Paragraph, pictures
from kakehashi.report.chapters import findings
from kakehashi.report.chapters.tables import headline
from kakehashi.report.context import Context
from kakehashi.report.queries import Total

MOST_YEARS = 25
FEWEST = 10  # papers a year under which a share says little
_COUNTRIES = 5

Value = Callable[[int], float | None]


def blocks(context: Context, numbering: Numbering) -> list[Block]:
    """The section."""
    t = context.texts
    heading = numbering.heading(t("fields.years.heading"))
    totals = {
        int(period): row
        for (field, period, database), row in context.totals.items()
        if (field, database) == ("all", "all") and period.isdigit()
    }
    if len(totals) < 2:
        return [heading, Paragraph(t("fields.years.empty"), "empty")]
    last = max(totals)
    years = range(max(min(totals), last - MOST_YEARS + 1), last + 1)
    earlier = sum(row.works for year, row in totals.items() if year not in years)
    n = t("n.works", n=t.number(sum(row.works for year, row in totals.items() if year in years)))
    notes = (t("fields.years.earlier", first=years[0], n=t.number(earlier)),) if earlier else ()
    works = [_series(t("fields.years.all"), years, lambda year: totals[year].works if year in totals else None)]
    papers, shares = _countries(context, years)
    overall = _series(t("fields.years.all"), years, lambda year: _share(totals.get(year)))
    shown = t.count("n.countries", len(papers))
    made: list[Block] = [heading, Paragraph(t("fields.years.text", first=years[0], last=last))]
    made.append(
        replace(
            _figure(context, numbering, works, "works", n, notes),
            headline=headline(findings.growth(context, totals, years)),
        )
    )
    if papers:
        made.append(_figure(context, numbering, papers, "papers", shown, (*notes, t("fields.years.note_countries"))))
    drawn = [overall, *shares]
    if all(value is None for line in drawn for _, value in line.values):
        return [*made, Paragraph(t("fields.years.no_shares", n=FEWEST), "empty")]
    few = t("fields.years.note_few", n=FEWEST)
    made.append(_figure(context, numbering, drawn, "share", n, (*notes, t("fields.years.note_countries"), few)))
    return made


def _countries(context: Context, years: Sequence[int]) -> tuple[list[Series], list[Series]]:
    """Papers and international share of home and the leading focus (or target) countries."""
    codes = [context.home, *[code for code in context.focus or context.targets if code != context.home]][:_COUNTRIES]
    rows = {(row[0], row[1]): row for row in context.tables.yearly("country", codes)}
    papers, shares = [], []
    for code in codes:
        mine = {year: rows[(code, str(year))] for year in years if (code, str(year)) in rows}
        if mine:
            count = {year: float(row[2]) for year, row in mine.items()}
            share = {year: row[3] for year, row in mine.items() if row[2] >= FEWEST}
            home = code == context.home
            papers.append(_series(context.country(code), years, count.get, home=home))
            shares.append(_series(context.country(code), years, share.get, home=home))
    return papers, shares


def _series(name: str, years: Sequence[int], value: Value, *, home: bool = False) -> Series:
    return Series(name, tuple((year, value(year)) for year in years), home)


def _share(row: Total | None) -> float | None:
    if row is None or (row.works_resolved or 0) < FEWEST:
        return None
    return row.international_share


def _figure(
    context: Context, numbering: Numbering, series: list[Series], what: str, n: str, notes: tuple[str, ...]
) -> FigureBlock:
    t = context.texts
    is_share = what == "share"
    tick = (lambda value: f"{value:.0%}") if is_share else t.number
    axis, unit = (t("axes.share"), 0.01) if is_share else (t("axes.papers"), 1.0)
    title = t(f"fields.years.{what}_title")
    drawings = [
        Drawing(lines(series, replace(theme.WIDE, height=300), axis, tick, unit=unit), "wide"),
        Drawing(lines(series, replace(theme.NARROW, height=300), axis, tick, unit=unit), "narrow"),
    ]
    id_, no = numbering.exhibit()
    described = t("fields.years.described", names=t.listing([line.label for line in series]))
    shown = pictures(id_, drawings, title, described)
    return FigureBlock(id_, no, title, shown, t(f"fields.years.{what}_definition"), n, notes, context.source)
