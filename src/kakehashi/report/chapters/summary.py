"""The summary: one page of key figures and sentences, each made from the study's numbers."""

from kakehashi.report.blocks import Block, Bullets, Chapter, KeyFigures, Paragraph
from kakehashi.report.chapters import findings
from kakehashi.report.context import Context


def chapter(context: Context) -> Chapter:
    """Write the summary."""
    found = [
        *findings.works(context),
        *findings.fields(context),
        *findings.home(context),
        *findings.partners(context),
        *findings.regions(context),
        *findings.strengths(context),
    ]
    t = context.texts
    blocks: list[Block] = [Bullets(tuple(found)) if found else Paragraph(t("summary.empty"), "empty")]
    if key := findings.key_figures(context):
        blocks.insert(0, KeyFigures(tuple(key)))
    if found:
        blocks.append(Paragraph(t("summary.care"), "note"))
    return Chapter("summary", "", t("summary.title"), tuple(blocks))
