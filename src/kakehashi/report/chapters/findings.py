"""Sentences that say what the numbers show, each made from the study's values; none where it has no such values.

The summary lists them, and each stands as the headline of the figure or table that it is read from.
"""

from collections.abc import Mapping, Sequence

from kakehashi.figures import theme
from kakehashi.report.blocks import KeyFigure
from kakehashi.report.context import Context
from kakehashi.report.queries import Total

_PARTNERS = 5


def key_figures(context: Context) -> list[KeyFigure]:
    """The study at a glance: works, international share, home's papers and rank, its most frequent partner."""
    t = context.texts
    total = context.totals.get(("all", "all", "all"))
    row = next((one for one in context.countries if one.entity == context.home), None)
    home = context.country(context.home)
    found = []
    if total is not None and total.works:
        share = total.resolved_share
        remark = "" if share is None else t("summary.key.works_remark", share=t.percent(share))
        found.append(KeyFigure(t("title.works"), t("title.works_value", n=t.number(total.works)), remark))
        if total.international_share is not None:
            mine = None if row is None else row.international_share
            remark = "" if mine is None else t("summary.key.share_remark", home=home, share=t.percent(mine))
            found.append(KeyFigure(t("columns.international_share"), t.percent(total.international_share), remark))
    if row is not None:
        rank = 1 + sum(1 for other in context.countries if other.papers > row.papers)
        remark = t("summary.key.home_remark", rank=rank, countries=t.number(len(context.countries)))
        value = t("title.works_value", n=t.number(row.papers))
        found.append(KeyFigure(t("summary.key.home", home=home), value, remark))
    if links := _links(context):
        code, joint = links[0]
        remark = t("summary.key.partner_remark", works=t.number(joint))
        found.append(KeyFigure(t("summary.key.partner"), context.country(code), remark))
    return found


def works(context: Context) -> list[str]:
    """How many works there are, how many of them have a country, and how many are international."""
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


def fields(context: Context) -> list[str]:
    """Which field has most works, and which the highest international share."""
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


def home(context: Context) -> list[str]:
    """Where the home country stands among all."""
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


def partners(context: Context) -> list[str]:
    """With which countries home has most joint works."""
    t = context.texts
    links = _links(context)
    if not links:
        return []
    names = [
        t("summary.partner", country=context.country(code), works=t.number(works)) for code, works in links[:_PARTNERS]
    ]
    return [t("summary.partners", home=context.country(context.home), names=t.listing(names))]


def _links(context: Context) -> list[tuple[str, int]]:
    """Home's partners with their joint works, most first."""
    return [
        (edge.b if edge.a == context.home else edge.a, edge.works)
        for edge in context.edges
        if context.home in (edge.a, edge.b)
    ]


def regions(context: Context) -> list[str]:
    """Which target countries lie in which region of the map."""
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


def strengths(context: Context) -> list[str]:
    """In which fields home is relatively strong or weak."""
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


def growth(context: Context, totals: Mapping[int, Total], years: Sequence[int]) -> list[str]:
    """How many works the first year shown has, and which year has most. The last one is often not complete yet."""
    first, most = years[0], max(years, key=lambda year: (totals[year].works if year in totals else 0, -year))
    if first == most or first not in totals:
        return []
    t = context.texts
    numbers = {"before": t.number(totals[first].works), "most": t.number(totals[most].works)}
    return [t("documents.headline.growth", first=first, year=most, **numbers)]
