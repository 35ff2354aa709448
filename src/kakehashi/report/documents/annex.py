"""Where paper keeps what a page folds: tables of evidence stand in an annex, and the text goes on without them."""

from dataclasses import replace

from kakehashi.report.blocks import Block, Chapter, Paragraph, TableBlock
from kakehashi.report.documents.common import exhibit_name
from kakehashi.report.outline import Outline

ANNEX = "annex"


def with_annex(outline: Outline) -> Outline:
    """Move folded tables behind the last chapter. They keep their numbers, and a sentence says where they are."""
    t = outline.texts
    moved: list[Block] = []

    def kept(block: Block) -> Block:
        if not isinstance(block, TableBlock) or not block.folded:
            return block
        moved.append(replace(block, folded=False))
        return Paragraph(t("documents.in_annex", exhibit=exhibit_name(block, t), title=block.title), "note")

    chapters = [replace(chapter, blocks=tuple(map(kept, chapter.blocks))) for chapter in outline.chapters]
    if not moved:
        return outline
    lead = Paragraph(t("documents.annex_text"))
    annex = Chapter(ANNEX, t("documents.annex"), t("documents.annex_title"), (lead, *moved))
    return replace(outline, chapters=(*chapters, annex))
