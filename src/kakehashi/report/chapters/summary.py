"""The summary: one page of sentences, each made from the study's numbers."""

from kakehashi.figures import theme
from kakehashi.report.blocks import Block, Bullets, Chapter, Paragraph
from kakehashi.report.context import Context

_PARTNERS = 5


def chapter(context: Context) -> Chapter:
    """Write the summary."""
    found = [
        *_works(context),
        *_fields(context),
        *_home(context),
        *_partners(context),
        *_regions(context),
        *_strengths(context),
    ]
    t = context.texts
    blocks: list[Block] = [Bullets(tuple(found)) if found else Paragraph(t("summary.empty"), "empty")]
    if found:
        blocks.append(Paragraph(t("summary.care"), "note"))
    return Chapter("summary", "", t("summary.title"), tuple(blocks))


def _works(context: Context) -> list[str]:
    t = context.texts
    total = context.totals.get(("all", "all", "all"))
    if total is None or not total.works:
        return []
    if total.resolved_share is None:
        return [
            t("summary.works_only", works=t.number(total.works), share=t.percent(total.international_share)),
        ]
    return [
        t(
            "summary.works",
            works=t.number(total.works),
            resolved=t.number(total.works_resolved),
            resolved_share=t.percent(total.resolved_share),
            international=t.number(total.international_papers),
            share=t.percent(total.international_share),
        )
    ]


def _fields(context: Context) -> list[str]:
    t = context.texts
    rows = [
        context.totals[(field, "all", "all")] for field in context.fields if (field, "all", "all") in context.totals
    ]
    rows = [row for row in rows if row.works]
    if len(rows) < 2:
        return []
    largest = max(rows, key=lambda row: (row.works, row.field))
    shares = [row for row in rows if row.international_share is not None]
    if not shares:
        return []
    open_ = max(shares, key=lambda row: (row.international_share or 0, row.field))
    return [
        t(
            "summary.fields_only" if open_.works_resolved is None else "summary.fields",
            field=context.field(largest.field),
            works=t.number(largest.works),
            open_field=context.field(open_.field),
            share=t.percent(open_.international_share),
            resolved=t.number(open_.works_resolved),
        )
    ]


def _home(context: Context) -> list[str]:
    t = context.texts
    codes = [row.entity for row in context.countries]
    if context.home not in codes:
        return []
    row = context.countries[codes.index(context.home)]
    by_eigenvector = sorted((-(other.eigenvector or 0), other.entity) for other in context.countries)
    return [
        t(
            "summary.home",
            home=context.country(context.home),
            papers=t.number(row.papers),
            countries=t.number(len(codes)),
            rank=1 + sum(1 for other in context.countries if other.papers > row.papers),
            share=t.percent(row.international_share),
            eigenvector=t.decimal(row.eigenvector),
            eigenvector_rank=1 + sum(1 for value, _ in by_eigenvector if value < -(row.eigenvector or 0)),
        )
    ]


def _partners(context: Context) -> list[str]:
    t = context.texts
    links = [
        (edge.b if edge.a == context.home else edge.a, edge.works)
        for edge in context.edges
        if context.home in (edge.a, edge.b)
    ]
    if not links:
        return []
    names = [
        t("summary.partner", country=context.country(code), works=t.number(works)) for code, works in links[:_PARTNERS]
    ]
    return [t("summary.partners", home=context.country(context.home), names=t.listing(names))]


def _regions(context: Context) -> list[str]:
    t = context.texts
    sentences = []
    for region in theme.REGIONS[1:]:
        codes = [code for code in context.targets if context.regions.get(code) == region]
        if codes and region == "lower_left":
            sentences.append(t.count("summary.region_rest", len(codes), region=context.region(region)))
        elif codes:
            names = t.listing([context.country(code) for code in codes])
            home = context.country(context.home)
            sentences.append(t(f"summary.region_{region}", home=home, names=names, region=context.region(region)))
    return sentences


def _strengths(context: Context) -> list[str]:
    t = context.texts
    mine = [row for row in context.strengths if row.entity == context.home]
    strong = [context.field(row.field) for row in mine if row.verdict == "strong"]
    weak = [context.field(row.field) for row in mine if row.verdict == "weak"]
    home = context.country(context.home)
    sentences = []
    if strong:
        sentences.append(t("summary.strong", home=home, fields=t.listing(strong)))
    if weak:
        sentences.append(t("summary.weak", home=home, fields=t.listing(weak)))
    return sentences
