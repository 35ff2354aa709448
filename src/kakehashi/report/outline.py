"""The outline of the report: its title block, summary and chapters, from which every format is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.advice.answer import Advice
from kakehashi.report.blocks import Block, Chapter
from kakehashi.report.chapters import (
    candidates,
    countries,
    directions,
    fields,
    institutions,
    methods,
    schemes,
    sources,
    summary,
)
from kakehashi.report.context import Context
from kakehashi.report.queries import Rows, study_tables
from kakehashi.settings import Settings
from kakehashi.texts import Language, Texts, texts

_CHAPTERS = (
    sources.chapter, fields.chapter, countries.chapter, institutions.chapter,
    candidates.chapter, schemes.chapter, directions.chapter, methods.chapter,
)  # fmt: skip


@dataclass(frozen=True)
class Outline:
    """A report in one language, ready to be written. `facts` are the lines of the title block."""

    title: str
    facts: tuple[tuple[str, str], ...]
    synthetic: bool
    summary: Chapter
    chapters: tuple[Chapter, ...]
    texts: Texts
    version: str

    @property
    def blocks(self) -> list[Block]:
        """All blocks in reading order, the summary's first."""
        return [block for chapter in (self.summary, *self.chapters) for block in chapter.blocks]


def make_outline(
    rows: Rows,
    manifest: Mapping[str, Any],
    settings: Settings,
    language: Language,
    done: Callable[[int], None] = lambda _: None,
    advised: Callable[[], Advice | None] | None = None,
) -> Outline:
    """Read a study and make the outline of its report.

    Args:
        rows: runs a SELECT over the study's tables. A table that is missing or empty makes its part say so.
        manifest: what was run; any key may be absent.
        settings: the study's settings.
        language: of the report.
        done: told of each chapter that is finished.
        advised: gives the advice for the study's home where it serves several languages; None: it is made here.
    """
    context = Context(study_tables(rows), manifest, settings, texts(language), advised)
    chapters = []
    for chapter in _CHAPTERS:
        chapters.append(chapter(context))
        done(1)
    return Outline(
        title=settings.study.name,
        facts=tuple(title_facts(context)),
        synthetic=settings.study.synthetic,
        summary=summary.chapter(context),
        chapters=tuple(chapters),
        texts=context.texts,
        version=context.version,
    )


CHAPTERS = len(_CHAPTERS)
"""How many chapters `make_outline` reports as done."""


def title_facts(context: Context) -> list[tuple[str, str]]:
    """The lines of the title block."""
    t = context.texts
    years = sorted(int(period) for _, period, _ in context.totals if period.isdigit())
    first = context.settings.study.first_year or (years[0] if years else None)
    last = context.settings.study.last_year or (years[-1] if years else None)
    facts = [(t("title.home"), context.country(context.home))]
    if first is not None and last is not None:
        facts.append((t("title.period"), t("title.years", first=first, last=last)))
    whole = context.totals.get(("all", "all", "all"))
    if whole is not None:
        facts.append((t("title.works"), t("title.works_value", n=t.number(whole.works))))
    if context.countries:
        facts.append((t("title.countries"), t("title.countries_value", n=t.number(len(context.countries)))))
    facts.append((t("title.counting"), context.counting))
    return facts
