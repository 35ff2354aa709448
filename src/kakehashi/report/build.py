"""Builds the report: one self-contained HTML page per language, from a study's tables, manifest and settings."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from kakehashi.report.outline import Outline, make_outline
from kakehashi.report.queries import Rows
from kakehashi.settings import Settings
from kakehashi.texts import LANGUAGES, Language


def build_report(rows: Rows, manifest: Mapping[str, Any], settings: Settings, language: Language) -> str:
    """Write the report of a study as one HTML page; arguments as of `make_outline`."""
    return page(make_outline(rows, manifest, settings, language))


def page(outline: Outline, pages: Mapping[str, int] | None = None) -> str:
    """Write an outline as one HTML page that needs nothing from outside.

    Args:
        outline: what is written.
        pages: for print only: on which sheet each chapter and section begins, by its id. Tables that a page folds are
            then open, and sheets are numbered. Empty where the sheets are not known yet.
    """
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
            zooms=pages is None and any(getattr(block, "zoom", False) for block in outline.blocks),
            version=outline.version,
            others=[(other, file_name(other)) for other in LANGUAGES if other != outline.texts.language],
            pages=pages,
        )
    )


def file_name(language: Language, ending: str = "html") -> str:
    """Name the report's file in a language and a format."""
    return f"report.{language}.{ending}"


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("kakehashi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
