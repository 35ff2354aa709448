"""Chapter 7, directions: what to aim for, what is recommended to companies and universities, and the next steps."""

from kakehashi.figures.table import Column, Row, table
from kakehashi.knowledge.items import Item, items, recommendations
from kakehashi.knowledge.sources import cells
from kakehashi.report.blocks import Block, Bullets, Chapter, Numbering, Paragraph, TableBlock, Terms
from kakehashi.report.chapters.candidates import knowledge_source
from kakehashi.report.chapters.tables import text
from kakehashi.report.context import Context

_STAGES = ("entry", "process", "exit")
_RESOURCES = ("people", "things", "money")
_ACTORS = ("company", "university")


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(7)
    found = {item.id: item for item in items().values() if item.kind == "direction"}
    blocks = [
        *_framework(context, numbering, found),
        *_linked(context, numbering, found),
        *_recommended(context, numbering),
        *_next(context, numbering),
    ]
    return Chapter("directions", "7", context.texts("advise.report.directions.title"), tuple(blocks))


def _framework(context: Context, numbering: Numbering, found: dict[str, Item]) -> list[Block]:
    """The directions in the nine cells of the framework, as in figure 5-7, and what each means."""
    t = context.texts
    body: list[Row] = []
    for stage in _STAGES:
        row = [text(t(f"advise.report.stages.{stage}"), heads=True)]
        for resource in _RESOURCES:
            names = [t.fill(one.name) for one in found.values() if one.cell == f"{stage}.{resource}"]
            row.append(text(("／" if t.language == "ja" else " / ").join(names)))
        body.append(tuple(row))
    columns = [
        Column(t("advise.report.directions.stage")),
        *(Column(t(f"advise.report.resources.{resource}")) for resource in _RESOURCES),
    ]
    id_, no = numbering.exhibit()
    title = t("advise.report.directions.table")
    meanings = tuple(
        (t.fill(one.name), t.fill(one.text)) for cell in cells() for one in found.values() if one.cell == cell
    )
    return [
        numbering.heading(t("advise.report.directions.heading")),
        Paragraph(t("advise.report.directions.text")),
        TableBlock(id_, no, title, table(columns, body, title), "", (), knowledge_source(context, "5-7", "5-8")),
        Terms(meanings),
    ]


def _linked(context: Context, numbering: Numbering, found: dict[str, Item]) -> list[Block]:
    """Directions and the recommendations that serve them, as in figure 5-9."""
    t = context.texts
    given = tuple(recommendations().values())
    body: list[Row] = []
    for direction in found.values():
        cells_ = [
            text("／".join(t.fill(one.name) for one in given if direction.id in one.directions.get(actor, ())))
            if t.language == "ja"
            else text("; ".join(t.fill(one.name) for one in given if direction.id in one.directions.get(actor, ())))
            for actor in _ACTORS
        ]
        body.append((text(t.fill(direction.name), heads=True), *cells_))
    heads = [t("advise.report.linked.direction"), *(t(f"schemes.actors.{actor}") for actor in _ACTORS)]
    columns = [Column(head[:1].upper() + head[1:]) for head in heads]
    id_, no = numbering.exhibit()
    title = t("advise.report.linked.title")
    return [
        numbering.heading(t("advise.report.linked.heading")),
        TableBlock(id_, no, title, table(columns, body, title), "", (), knowledge_source(context, "5-9")),
    ]


def _recommended(context: Context, numbering: Numbering) -> list[Block]:
    """What is recommended to each actor, in full."""
    t = context.texts
    blocks: list[Block] = []
    for actor in _ACTORS:
        blocks.append(numbering.heading(t("advise.report.recommended.heading", actor=t(f"schemes.actors.{actor}"))))
        told = tuple((t.fill(one.name), t.fill(one.text)) for one in recommendations().values() if actor in one.actors)
        blocks.append(Terms(told))
    return blocks


def _next(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    steps = tuple(t(f"advise.report.next.{key}") for key in ("goal", "partner", "scheme", "money", "trace", "own"))
    return [
        numbering.heading(t("advise.report.next.heading")),
        Paragraph(t("advise.report.next.text")),
        Bullets(steps),
    ]
