"""Builds the report: one self-contained HTML page per language, from a study's tables, manifest and settings."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

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
from kakehashi.texts import LANGUAGES, Language, texts

_CHAPTERS = (
    sources.chapter, fields.chapter, countries.chapter, institutions.chapter,
    candidates.chapter, schemes.chapter, directions.chapter, methods.chapter,
)  # fmt: skip


def build_report(rows: Rows, manifest: Mapping[str, Any], settings: Settings, language: Language) -> str:
    """Write the report of a study as one HTML page that needs nothing from outside.

    Args:
        rows: runs a SELECT over the study's tables. A table that is missing or empty makes its part say so.
        manifest: what was run; any key may be absent.
        settings: the study's settings.
        language: of the page.
    """
    context = Context(study_tables(rows), manifest, settings, texts(language))
    chapters = [chapter(context) for chapter in _CHAPTERS]
    template = _environment().get_template("report.html.j2")
    return template.render(
        t=context.texts,
        title=settings.study.name,
        facts=title_facts(context),
        synthetic=settings.study.synthetic,
        summary=summary.chapter(context),
        chapters=chapters,
        zooms=any(getattr(block, "zoom", False) for chapter in chapters for block in chapter.blocks),
        version=context.version,
        others=[(other, file_name(other)) for other in LANGUAGES if other != language],
    )


def file_name(language: Language) -> str:
    """Name the report's file in a language."""
    return f"report.{language}.html"


def write_report(
    study_rows: Rows,
    manifest: Mapping[str, Any],
    settings: Settings,
    folder: Path,
    languages: Iterable[Language] = LANGUAGES,
) -> list[Path]:
    """Write `report.ja.html` and `report.en.html` into a folder, each whole or not at all.

    Returns:
        The files, in the order of the languages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in languages:
        path = folder / file_name(language)
        _write_whole(path, build_report(study_rows, manifest, settings, language))
        written.append(path)
    return written


def _write_whole(path: Path, text: str) -> None:
    """Write beside the file and move into place, so that a reader never meets half a page."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


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


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kakehashi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
