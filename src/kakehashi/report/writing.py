"""Writes the report of a study in any of its formats, all from one outline for each language."""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from kakehashi.answers import Answers
from kakehashi.progress import Progress, Silent
from kakehashi.report.build import file_name, page
from kakehashi.report.context import home_advice
from kakehashi.report.documents.brand import Brand
from kakehashi.report.outline import CHAPTERS, Outline, make_outline
from kakehashi.report.queries import Rows, study_tables
from kakehashi.settings import Settings
from kakehashi.texts import LANGUAGES, Language

FORMATS = ("html", "xlsx", "docx", "pptx", "pdf")

_MOST_REMEMBERED = 50_000
"""Rows of an answer that is kept for the next language. Of larger ones, each is asked for once."""


def write_report(
    study_rows: Rows,
    manifest: Mapping[str, Any],
    settings: Settings,
    folder: Path,
    languages: Iterable[Language] = LANGUAGES,
    formats: Sequence[str] = ("html",),
    brand: Brand | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Write `report.LANGUAGE.FORMAT` into a folder for each language and format.

    Nothing is put into the folder before all files are made, and each comes there whole.

    Args:
        study_rows: runs a SELECT over the study's tables, in several threads at once.
        manifest: what was run.
        settings: the study's settings.
        folder: made if it is missing.
        languages: in which to write.
        formats: of `FORMATS`.
        brand: the user's templates and logo.
        progress: told of chapters made and files written.

    Returns:
        The files, by language and then by format.

    Raises:
        MissingProgramError: where a PDF is wanted and there is no browser, before anything is made.
    """
    if "pdf" in formats:
        from kakehashi.report.documents.paper import browser

        browser()
    chosen = tuple(languages)
    progress = progress or Silent()
    chapter_done = progress.step("chapters", CHAPTERS * len(chosen))
    rows = remembered(study_rows)  # the same questions are asked for each language
    with ThreadPoolExecutor(1) as beside:
        # Advice takes longer than all other chapters together, and mostly one processor.
        advised = beside.submit(home_advice, rows, settings, True).result if study_tables(rows).has_networks else None
        outlines = [make_outline(rows, manifest, settings, language, chapter_done, advised) for language in chosen]
    file_done = progress.step("documents", len(chosen) * len(formats))
    made: dict[Path, bytes] = {}
    for outline in outlines:
        for form in formats:
            made[folder / file_name(outline.texts.language, form)] = written(outline, form, brand or Brand())
            file_done(1)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(made)
    return list(made)


def remembered(study_rows: Rows) -> Rows:
    """Return a function that runs each SELECT once, unless what it found is too much to be kept.

    It may be asked in several threads at once; of those that ask the same one runs it.
    """
    known: dict[str, list[tuple[Any, ...]]] = {}
    asking: dict[str, Lock] = {}

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with asking.setdefault(sql, Lock()):
            if sql in known:
                return known[sql]
            found = study_rows(sql)
            if len(found) <= _MOST_REMEMBERED:
                known[sql] = found
            return found

    if isinstance(study_rows, Answers):
        return Answers(rows, study_rows.columns, study_rows.keep)
    return rows


def written(outline: Outline, form: str, brand: Brand) -> bytes:
    """Return an outline as a file of a format. The libraries for it are loaded only then."""
    if form == "docx":
        from kakehashi.report.documents.word import word_file

        return word_file(outline, brand)
    if form == "pptx":
        from kakehashi.report.documents.slides import slide_file

        return slide_file(outline, brand)
    if form == "xlsx":
        from kakehashi.report.documents.workbook import workbook

        return workbook(outline)
    if form == "pdf":
        from kakehashi.report.documents.annex import with_annex
        from kakehashi.report.documents.paper import pdf_file

        annexed = with_annex(outline)
        return pdf_file(annexed, lambda sheets: page(annexed, sheets))
    return page(outline).encode("utf-8")


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write files beside their places and move them there, so that a reader never meets half a file."""
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, content in files.items():
            drafts[path].write_bytes(content)
        for path, draft in drafts.items():
            draft.replace(path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
