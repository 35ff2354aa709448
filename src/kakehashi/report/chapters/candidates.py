"""Chapter 5, possible partners: what each region promises, countries and institutions ranked, the economy."""

from collections.abc import Sequence

from kakehashi.advice.answer import REGIONS
from kakehashi.advice.partners import Candidate, Ranking
from kakehashi.figures.table import Band, Cell, Column, Row, table
from kakehashi.knowledge.forms import forms, goals
from kakehashi.knowledge.regions import Region, regions
from kakehashi.knowledge.sources import documents
from kakehashi.reasons import Reason
from kakehashi.report.advised import whom
from kakehashi.report.advised.entries import Speaker
from kakehashi.report.blocks import Block, Chapter, Numbering, Paragraph, TableBlock
from kakehashi.report.chapters import economy
from kakehashi.report.chapters.tables import decimal, number, text
from kakehashi.report.context import Context

_REASONS = 2


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(5)
    blocks = [
        *_regions(context, numbering),
        *_ranked(context, numbering, "country"),
        *_ranked(context, numbering, "institution"),
        *economy.blocks(context, numbering),
    ]
    return Chapter("candidates", "5", context.texts("advise.report.candidates.title"), tuple(blocks))


def knowledge_source(context: Context, *figures: str) -> str:
    """Say from which figures of the 2023 report a table of ours is."""
    t = context.texts
    document = documents()["mic2023"]
    return t(
        "advise.report.source",
        title=document.title(t.language),
        publisher=document.publisher(t.language),
        figures=t.listing([t("advise.evidence.figure", figure=figure) for figure in figures]),
    )


def _regions(context: Context, numbering: Numbering) -> list[Block]:
    """The section that corresponds to figures 2-17 and 5-1: gains, forms and patterns by region."""
    t = context.texts
    home = context.country(context.home)
    blocks: list[Block] = [numbering.heading(t("advise.report.regions.heading"))]
    blocks.append(Paragraph(t("advise.report.regions.text", home=home)))
    body: list[Row] = []
    for region in regions().values():
        body += [Band(t(f"regions.{region.id}.name")), *_region_rows(context, region)]
    columns = [Column(t("advise.report.regions.what")), Column(t("advise.report.regions.which"))]
    id_, no = numbering.exhibit()
    title = t("advise.report.regions.title", home=home)
    notes = [context.targets_note]
    seen_from = documents()["mic2023"].seen_from
    if seen_from != context.home and seen_from is not None:
        notes.append(t("advise.report.regions.other_home", country=context.country(seen_from), home=home))
    blocks.append(
        TableBlock(
            id_, no, title, table(columns, body, title), "", tuple(notes), knowledge_source(context, "2-17", "5-1")
        )
    )
    return blocks


def _region_rows(context: Context, region: Region) -> list[Row]:
    t = context.texts
    here = [code for code in context.targets if context.regions.get(code) == region.id]
    facts = (
        ("countries", [context.country(code) for code in here]),
        ("gains", [goals()[one].name(t.language) for one in region.gains]),
        ("forms", [forms()[one].name(t.language) for one in region.forms]),
        ("patterns", [t("advise.outline.pattern_short", number=one) for one in region.patterns]),
    )
    return [(text(t(f"advise.report.regions.{key}"), heads=True), text(t.listing(names))) for key, names in facts]


def _ranked(context: Context, numbering: Numbering, level: str) -> list[Block]:
    """Countries or institutions ranked, with the weightiest reasons both ways."""
    t = context.texts
    heading = numbering.heading(t(f"advise.report.{level}.heading"))
    advice = context.advice
    ranking = None if advice is None else advice.countries if level == "country" else advice.institutions
    if ranking is None or not ranking.candidates:
        return [heading, Paragraph(t(f"advise.report.{level}.empty"), "empty")]
    blocks: list[Block] = [heading, Paragraph(t(f"advise.report.{level}.text", home=context.country(context.home)))]
    blocks.append(_ranking(context, numbering, ranking, ranking.candidates, level))
    rising = [one for one in ranking.emerging if one.entity not in {other.entity for other in ranking.candidates}]
    if rising:
        blocks.append(Paragraph(t("advise.report.emerging")))
        blocks.append(_ranking(context, numbering, ranking, rising, f"emerging_{level}"))
    return blocks


def _ranking(
    context: Context, numbering: Numbering, ranking: Ranking, shown: Sequence[Candidate], key: str
) -> TableBlock:
    t = context.texts
    body: list[Row] = []
    for region in (*REGIONS, None):
        inside = [one for one in shown if one.region == region]
        if inside:
            body.append(Band(t(f"regions.{region or 'unplaced'}.name")))
            body += [_candidate(context, one) for one in inside]
    columns = [
        Column(t("advise.report.ranking.name")),
        Column(t("advise.report.ranking.rank"), "number"),
        Column(t("advise.report.ranking.score"), "number"),
        Column(t("advise.report.ranking.range"), "number"),
        Column(t("advise.report.ranking.for")),
        Column(t("advise.report.ranking.against")),
    ]
    notes = [t("advise.report.ranking.score_note"), t("advise.report.ranking.range_note")]
    absent = list(dict.fromkeys(ranking.absent.values()))
    if absent:
        reasons = [t(f"partners.missing.{why}") for why in absent]
        told = ("" if t.language == "ja" else " ").join(reasons)
        notes.append(t("advise.outline.unmeasured", reasons=told))
    id_, no = numbering.exhibit()
    title = t(f"advise.report.{key}.title", home=context.country(context.home))
    n = t("advise.report.ranking.compared", n=t.number(ranking.compared))
    best = [whom.called(one, Speaker(t, context.settings.fields.taxonomy)) for one in _first_of_each_region(shown)]
    said = t("documents.headline.ranking", home=context.country(context.home), names=t.listing(best)) if best else ""
    return TableBlock(id_, no, title, table(columns, body, title), n, tuple(notes), context.source, headline=said)


def _first_of_each_region(shown: Sequence[Candidate]) -> list[Candidate]:
    firsts = [next((one for one in shown if one.region == region), None) for region in REGIONS]
    return [one for one in firsts if one is not None]


def _candidate(context: Context, one: Candidate) -> Row:
    speaker = Speaker(context.texts, context.settings.fields.taxonomy)
    stable = one.by_weights
    between = (
        None if stable is None else f"{stable.low}–{stable.high}" if stable.low != stable.high else str(stable.low)
    )
    return (
        text(whom.called(one, speaker), heads=True),
        number(context, one.rank),
        decimal(context, one.score, 2),
        Cell(between, context.texts("common.no_value")),
        _said(one.reasons_for[:_REASONS], speaker),
        _said(one.reasons_against[:_REASONS], speaker),
    )


def _said(reasons: Sequence[Reason], speaker: Speaker) -> Cell:
    return Cell(
        speaker.joined(speaker.say(one) for one in reasons) or None, speaker.texts("advise.report.ranking.none")
    )
