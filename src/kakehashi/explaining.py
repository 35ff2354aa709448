"""Why an affiliation string is resolved as it is: `kakehashi explain "STRING"`, for the command line and for Python."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kakehashi.affiliations.decisions import read_decisions
from kakehashi.affiliations.explain import decisions_about
from kakehashi.affiliations.explain import explain as explain_with
from kakehashi.affiliations.resolvers import make_resolver, registry_entries
from kakehashi.affiliations.store import open_registry
from kakehashi.progress import Progress
from kakehashi.report.explanation import Line, Occurrence, decision_lines, lines, study_lines
from kakehashi.settings import AffiliationsSection
from kakehashi.study import Study
from kakehashi.texts import Language


def explain(
    text: str,
    *,
    registry: str | None = None,
    study: Study | str | None = None,
    language: Language = "en",
    every: bool = False,
) -> str:
    """Explain how an affiliation string is resolved, as text of one line a fact.

    Args:
        text: The string as printed.
        registry: The version of an added registry, or the path of a ROR dump; instead of the study's.
        study: A study, or its folder: its settings and decisions apply, and what it made of the string is told.
        language: `en` or `ja`.
        every: Tell all candidates of the registry, however unlikely.

    Raises:
        SettingsError, SourceError, StudyError, MissingExtraError: as `Study.run` does.
    """
    told = explanation(text, registry=registry, study=study, language=language, every=every)
    return "\n".join(f"{'  ' * line.level}{line.text}" for line in told)


def explanation(
    text: str,
    *,
    registry: str | None = None,
    study: Study | str | None = None,
    language: Language = "en",
    every: bool = False,
    progress: Progress | None = None,
) -> Iterator[Line]:
    """Yield the lines of an explanation. Arguments and errors are those of `explain`.

    `progress` is told where the index of a registry must be built first.
    """
    opened = Study(study) if isinstance(study, str) else study
    section = opened.settings.affiliations if opened else AffiliationsSection()
    if registry is not None:
        section = section.model_copy(update={"registry": registry})
    if section.registry is not None and section.strategy == "rules":
        open_registry(section.registry, base=Path(), progress=progress)
    found = explain_with(text, make_resolver(section), every)
    yield from lines(found, language)
    if opened is None or opened.is_reference:
        return
    decisions = read_decisions(section.decisions, registry_entries(section)).decisions if section.decisions else ()
    yield from decision_lines(decisions_about(found, decisions), language)
    yield from study_lines(opened.folder.resolve().name, _occurrence(opened, text), language)


def _occurrence(study: Study, text: str) -> Occurrence | None:
    """Return what a study made of a string, None where it has not been run."""
    if not (Path(study.folder) / "tables" / "resolutions.parquet").exists():
        return None
    quoted = "'" + text.replace("'", "''") + "'"
    [(mentions, works)] = study.rows(
        f"select count(*), count(distinct work_id) from mentions where affiliation = {quoted}"
    )
    rows: list[Any] = study.rows(
        "select institution, institution_id, country_code, method, country_method, confidence, reason, "
        f"coalesce(decision, country_decision) from resolutions where affiliation = {quoted} order by seq"
    )
    relations: list[Any] = study.rows(
        "select institution_id, relation, related, related_id, counts, from_year, until_year, reason "
        "from institution_relations "
        f"where institution_id in (select institution_id from resolutions where affiliation = {quoted}) "
        "order by institution_id, relation desc, related_id"
    )
    return Occurrence(mentions, works, tuple(rows), tuple(relations))
