"""Chapter 6, schemes: the twelve patterns, the choices on the axes by region, diagrams, and cases counted."""

from collections.abc import Sequence

from kakehashi.advice.answer import RegionAdvice
from kakehashi.advice.crosstab import Crosstab, crosstab
from kakehashi.advice.schemes.advise import PatternAdvice
from kakehashi.figures.table import Band, Column, Emphasis, Row, table
from kakehashi.knowledge.axes import AXES, axes, values
from kakehashi.knowledge.cases import cases, counts
from kakehashi.knowledge.forms import groups
from kakehashi.knowledge.patterns import patterns
from kakehashi.knowledge.rows import ict_fields
from kakehashi.names import field_name
from kakehashi.report.advised import schemes as outline
from kakehashi.report.advised.entries import Speaker
from kakehashi.report.advised.page import pattern_pictures
from kakehashi.report.blocks import Block, Chapter, FigureBlock, Numbering, Paragraph, TableBlock
from kakehashi.report.chapters.candidates import knowledge_source
from kakehashi.report.chapters.tables import number, text
from kakehashi.report.context import Context

_FIGURES = {"upper_right": "5-2", "upper_left": "5-3", "lower_right": "5-4", "centre": "5-5", "lower_left": "5-6"}
_TAXONOMY = "ict8"


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(6)
    found = context.advice.regions if context.advice is not None else ()
    blocks = [
        *pattern_blocks(context, numbering),
        *_choices(context, numbering, found),
        *_diagrams(context, numbering, found),
        *case_blocks(context, numbering),
    ]
    return Chapter("schemes", "6", context.texts("advise.report.schemes.title"), tuple(blocks))


def pattern_blocks(context: Context, numbering: Numbering) -> list[Block]:
    """The twelve patterns, as in figure 3-5."""
    t = context.texts
    body: list[Row] = []
    for pattern in patterns().values():
        on = [values()[f"{axis}={pattern.on[axis]}"].name(t.language) for axis in AXES]
        name = t("advise.outline.pattern", number=pattern.number, name=pattern.name(t.language))
        body.append((text(name, heads=True), *(text(one) for one in on), number(context, pattern.cases)))
    columns = [
        Column(t("advise.report.patterns.pattern")),
        *(Column(axes()[axis].name(t.language)) for axis in AXES),
        Column(t("advise.report.patterns.cases"), "number"),
    ]
    id_, no = numbering.exhibit()
    title = t("advise.report.patterns.title")
    return [
        numbering.heading(t("advise.report.patterns.heading")),
        Paragraph(t("advise.report.patterns.text")),
        TableBlock(
            id_, no, title, table(columns, body, title), t("advise.report.patterns.n", n=len(body)), (),
            knowledge_source(context, "3-5"),
        ),
    ]  # fmt: skip


def _choices(context: Context, numbering: Numbering, found: Sequence[RegionAdvice]) -> list[Block]:
    """The choices on the axes for the regions in which ranked countries lie, as in figures 5-2 to 5-6."""
    t = context.texts
    heading = numbering.heading(t("advise.report.choices.heading"))
    if not found:
        return [heading, Paragraph(t("advise.report.choices.empty"), "empty")]
    speaker = Speaker(t, context.settings.fields.taxonomy)
    blocks: list[Block] = [heading, Paragraph(t("advise.report.choices.text", home=context.country(context.home)))]
    for one in found:
        body: list[Row] = []
        for axis, offered in one.schemes.axes.items():
            body.append(Band(axes()[axis].name(t.language)))
            for choice in offered:
                grounds = speaker.joined(speaker.say(reason) for reason in choice.reasons)
                body.append((text(outline.view(choice, speaker), heads=True), text(grounds)))
        columns = [Column(t("advise.report.choices.choice")), Column(t("advise.report.choices.grounds"))]
        id_, no = numbering.exhibit()
        title = t("advise.report.choices.title", region=t(f"regions.{one.region}.name"))
        named = t.listing([context.country(code) for code in one.countries])
        notes = (t("advise.report.choices.countries", countries=named),)
        source = knowledge_source(context, _FIGURES[one.region])
        blocks.append(TableBlock(id_, no, title, table(columns, body, title), "", notes, source))
    return blocks


def _diagrams(context: Context, numbering: Numbering, found: Sequence[RegionAdvice]) -> list[Block]:
    """A diagram of each pattern recommended for any of the regions."""
    t = context.texts
    heading = numbering.heading(t("advise.report.diagrams.heading"))
    if not found:
        return [heading, Paragraph(t("advise.report.choices.empty"), "empty")]
    by_pattern: dict[int, list[tuple[RegionAdvice, PatternAdvice]]] = {}
    for region in found:
        for pattern in region.schemes.patterns:
            by_pattern.setdefault(pattern.number, []).append((region, pattern))
    blocks: list[Block] = [heading, Paragraph(t("advise.report.diagrams.text", home=context.country(context.home)))]
    return blocks + [_diagram(context, numbering, by_pattern[one]) for one in sorted(by_pattern)]


def _diagram(context: Context, numbering: Numbering, held: list[tuple[RegionAdvice, PatternAdvice]]) -> FigureBlock:
    t = context.texts
    pattern = patterns()[held[0][1].number]
    names = (context.country(context.home), t("schemes.partner"))
    notes = [
        t(
            "advise.report.diagrams.region",
            region=t(f"regions.{region.region}.name"),
            met=t.number(len(one.met)),
            fit=t.percent(one.fit),
        )
        for region, one in held
    ]
    id_, no = numbering.exhibit()
    title = t("advise.outline.pattern", number=pattern.number, name=pattern.name(t.language))
    pictures = pattern_pictures(held[0][1].seen, t, names, id_)
    source = knowledge_source(context, "3-5")
    said = pattern.summary(t.language)
    return FigureBlock(id_, no, title, pictures, said, "", tuple(notes), source, headline=said)


def case_blocks(context: Context, numbering: Numbering) -> list[Block]:
    """Count cases by form and field (figure 3-2) and by pattern (figure 3-5)."""
    t = context.texts
    speaker = Speaker(t, _TAXONOMY)
    by_field = crosstab(cases(), "form", "field", counts())
    by_pattern = crosstab(cases(), "pattern", counts=counts())
    return [
        numbering.heading(t("advise.report.cases.heading")),
        Paragraph(t("advise.report.cases.text", n=t.number(by_field.cases))),
        _by_field(context, numbering, by_field, speaker),
        _by_pattern(context, numbering, by_pattern, speaker),
    ]


def _by_field(context: Context, numbering: Numbering, found: Crosstab, speaker: Speaker) -> TableBlock:
    t = context.texts
    body: list[Row] = []
    for group in groups().values():
        if found.total(row=group.id):
            cells = [number(context, found.total(row=group.id, column=field)) for field in ict_fields()]
            body.append((text(group.name(t.language), heads=True), *cells, number(context, found.total(row=group.id))))
    totals = [number(context, found.total(column=field)) for field in ict_fields()]
    all_of_them = t("advise.report.cases.total")
    body.append(Emphasis((text(all_of_them, heads=True), *totals, number(context, found.total()))))
    columns = [
        Column(t("advise.report.cases.form")),
        *(Column(field_name(field, _TAXONOMY, t), "number") for field in ict_fields()),
        Column(all_of_them, "number"),
    ]
    id_, no = numbering.exhibit()
    title = t("advise.report.cases.title")
    notes = tuple(speaker.say(reason) for reason in found.reasons)
    source = knowledge_source(context, "3-1", "3-2")
    return TableBlock(id_, no, title, table(columns, body, title), "", notes, source)


def _by_pattern(context: Context, numbering: Numbering, found: Crosstab, speaker: Speaker) -> TableBlock:
    t = context.texts
    body: list[Row] = []
    for pattern in patterns().values():
        name = t("advise.outline.pattern", number=pattern.number, name=pattern.name(t.language))
        body.append((text(name, heads=True), number(context, found.total(row=pattern.id))))
    unknown = found.total(row=None)
    if unknown:
        body.append((text(t("advise.report.cases.unplaced"), heads=True), number(context, unknown)))
    body.append(Emphasis((text(t("advise.report.cases.total"), heads=True), number(context, found.total()))))
    columns = [Column(t("advise.report.patterns.pattern")), Column(t("advise.report.patterns.cases"), "number")]
    id_, no = numbering.exhibit()
    title = t("advise.report.cases.pattern_title")
    notes = tuple(speaker.say(reason) for reason in found.reasons)
    source = knowledge_source(context, "3-5")
    return TableBlock(id_, no, title, table(columns, body, title), "", notes, source)
