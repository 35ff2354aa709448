"""Pictures of chapter 2 beside its tables: fields that meet, works of each field by year, what stays unclassified."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kakehashi.figures import theme
from kakehashi.figures.heatmap import SHADES, Cell, heatmap
from kakehashi.figures.lines import Series, lines
from kakehashi.figures.multiples import Panel, multiples
from kakehashi.report.blocks import Block, Drawing, FigureBlock, Key, Numbering, pictures
from kakehashi.report.chapters.years import FEWEST, MOST_YEARS
from kakehashi.report.context import Context, bar

MOST_FIELDS = 10  # more columns leave no room for a number on a telephone


def together(context: Context, numbering: Numbering, count: Mapping[tuple[str, str], int]) -> list[Block]:
    """Draw the works that two fields share, for the fields of most works; nothing for a single field."""
    t = context.texts
    own = [field for field in context.fields if (field, field) in count]
    largest = set(sorted(own, key=lambda field: (-count[field, field], field))[:MOST_FIELDS])
    fields = [field for field in own if field in largest]
    if len(fields) < 2:
        return []

    def cell(a: str, b: str, *, wide: bool) -> Cell:
        works = count.get((a, b), 0)
        if a == b:
            return Cell(None, (t.number(works),) if wide else ())
        share = works / count[a, a]
        return Cell(share, (t.number(works), t.percent(share)) if wide else (f"{100 * share:.0f}",))

    names = [context.field(field) for field in fields]
    drawings = [
        Drawing(heatmap(names, [[cell(a, b, wide=use == "wide") for b in fields] for a in fields], frame), use)  # type: ignore[arg-type]
        for frame, use in ((theme.WIDE, "wide"), (theme.NARROW, "narrow"))
    ]
    notes = [t("technology.heat_numbers")]
    if len(own) > len(fields):
        notes.append(t("technology.heat_left_out", n=t.number(len(own) - len(fields))))
    pairs = sorted(((a, b) for a in fields for b in fields if a < b), key=lambda pair: (-count.get(pair, 0), pair))
    described = t.listing(
        [f"{context.field(a)} × {context.field(b)} {t.number(count.get((a, b), 0))}" for a, b in pairs[:5]]
    )
    legend = (
        Key(bar(SHADES[0]), "0%"), Key(bar(SHADES[3]), "25%"), Key(bar(SHADES[-1]), t("technology.heat_most")),
    )  # fmt: skip
    works = context.totals[("all", "all", "all")].works if ("all", "all", "all") in context.totals else 0
    return [_figure(context, numbering, "heat", drawings, described, works, notes, legend)]


def years(context: Context, numbering: Numbering) -> list[Block]:
    """Draw the works of each field by year, the largest field first; nothing where there are not two years."""
    t = context.texts
    found = sorted({int(period) for _, period, base in context.totals if base == "all" and period.isdigit()})
    if len(found) < 2:
        return []
    span = range(max(found[0], found[-1] - MOST_YEARS + 1), found[-1] + 1)
    panels = []
    for field in context.fields:
        rows = [context.totals.get((field, str(year), "all")) for year in span]
        works = [row.works if row is not None else 0 for row in rows]
        if any(works):
            panels.append((sum(works), Panel(context.field(field), tuple(zip(span, map(float, works), strict=True)))))
    if not panels:
        return []
    panels.sort(key=lambda one: -one[0])
    shown = [panel for _, panel in panels]
    drawings = [
        Drawing(multiples(shown, theme.WIDE, t.number, 4), "wide"),
        Drawing(multiples(shown, theme.NARROW, t.number, 2), "narrow"),
    ]
    described = t.listing([f"{panel.label} {t.number(works)}" for works, panel in panels])
    total = sum(context.totals[("all", str(year), "all")].works for year in span
                if ("all", str(year), "all") in context.totals)  # fmt: skip
    notes = [t("technology.multiples_note")]
    return [_figure(context, numbering, "multiples", drawings, described, total, notes)]


def unclassified(context: Context, numbering: Numbering, count: Mapping[tuple[int, str], int]) -> list[Block]:
    """Draw the shares outside and unclassified by year, which the table by database does not tell.

    `count`: the works by year and outcome.
    """
    t = context.texts
    found = sorted({year for year, _ in count})
    if len(found) < 2:
        return []
    span = range(max(found[0], found[-1] - MOST_YEARS + 1), found[-1] + 1)
    total = {year: sum(works for (of, _), works in count.items() if of == year) for year in span}
    series = [
        Series(
            t(f"technology.{name}"),
            tuple((year, count.get((year, name), 0) / total[year] if total[year] >= FEWEST else None) for year in span),
        )
        for name in ("outside", "unclassified")
    ]
    if not any(value for one in series for _, value in one.values):
        return []
    drawings = [
        Drawing(lines(series, replace(frame, height=260), t("axes.share_works"), lambda share: f"{share:.0%}",
                      unit=0.01), use)  # type: ignore[arg-type]
        for frame, use in ((theme.WIDE, "wide"), (theme.NARROW, "narrow"))
    ]  # fmt: skip
    described = t("fields.years.described", names=t.listing([one.label for one in series]))
    notes = [t("fields.years.note_few", n=FEWEST)]
    return [_figure(context, numbering, "shares", drawings, described, sum(total.values()), notes)]


def _figure(
    context: Context, numbering: Numbering, key: str, drawings: Sequence[Drawing], described: str, works: int,
    notes: Sequence[str], legend: tuple[Key, ...] = (),
) -> FigureBlock:  # fmt: skip
    t = context.texts
    id_, no = numbering.exhibit()
    title = t(f"technology.{key}_title")
    return FigureBlock(
        id_, no, title, pictures(id_, drawings, title, described), t(f"technology.{key}_definition"),
        t("n.works", n=t.number(works)), tuple(notes), context.source, legend,
    )  # fmt: skip
