"""Builds the report: one self-contained HTML page per language, from a study's tables, manifest and settings."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kakehashi.report.outline import Outline, make_outline
from kakehashi.report.queries import Rows
from kakehashi.settings import Settings
from kakehashi.texts import LANGUAGES, Language


def build_report(rows: Rows, manifest: Mapping[str, Any], settings: Settings, language: Language) -> str:
    """Write the report of a study as one HTML page; arguments as of `make_outline`."""
    return page(make_outline(rows, manifest, settings, language))


def page(outline: Outline) -> str:
    """Write an outline as one HTML page that needs nothing from outside."""
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            t=outline.texts,
            title=outline.title,
            facts=outline.facts,
            synthetic=outline.synthetic,
            summary=outline.summary,
            chapters=outline.chapters,
            zooms=any(getattr(block, "zoom", False) for block in outline.blocks),
            version=outline.version,
            others=[(other, file_name(other)) for other in LANGUAGES if other != outline.texts.language],
        )
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


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kakehashi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
