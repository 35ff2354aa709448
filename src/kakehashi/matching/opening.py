"""From a study to its index: opened where it is up to date, else built first."""

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from kakehashi.errors import StudyError
from kakehashi.matching import building
from kakehashi.matching.answer import Match, Question, match
from kakehashi.matching.bridge import bridge
from kakehashi.matching.encoder import encoder
from kakehashi.matching.ranking import Filters
from kakehashi.matching.seeds import Seed
from kakehashi.matching.store import Index
from kakehashi.matching.words import morphemes
from kakehashi.progress import Progress, Silent
from kakehashi.texts import Language

if TYPE_CHECKING:
    from kakehashi.study import Study


def open_index(study: "Study", progress: Progress | None = None) -> Index:
    """Open the index of a study's works, in its folder `matching`; build it where it is missing or out of date.

    A build may be stopped at any moment and goes on when asked again. Raises StudyError for a study without works.
    """
    folder = index_folder(study)
    if not (folder / "index.json").is_file():
        from kakehashi.study import writing

        with writing(folder.parent), study.reading() as rows:
            building.build(folder, rows, study.settings.study.home, progress or Silent())
    try:
        return Index(folder)
    except (OSError, EOFError, ValueError, KeyError, msgspec.MsgspecError) as error:
        raise StudyError(f"{folder}: the index cannot be read ({error}); remove this folder and ask again") from error


def index_folder(study: "Study") -> Path:
    """Return where the index of a study stands, or would. Raises StudyError for a study without works."""
    if study.is_reference:
        raise StudyError(
            f"{study.folder} is a built-in study of published figures without works to search. Make one of your own: "
            "kakehashi init my-study --home JP --sources PATH"
        )
    digests = _digests(study.manifest)
    missing = [name for name in building.TABLES if name not in digests]
    if missing:
        raise StudyError(
            f"{study.folder}: table {missing[0]} has not been computed. First: kakehashi run {study.folder}"
        )
    key = building.key([digests[name] for name in building.TABLES], study.settings.study.home)
    return study.folder / building.FOLDER / key


def load_what_stays() -> None:
    """Load what the first need waits for, whatever the index: lists of terms, the words of Japanese, the encoder."""
    bridge()
    morphemes("架け橋")
    installed = encoder()
    if installed is not None:
        installed.encode(["bridge"])


def ask(
    study: "Study", need: str, *, language: Language | None = None, top: int = 10, goals: Sequence[str] = (),
    exclude: Sequence[str] = (), only: Sequence[str] = (), abroad: bool = False,
    feedback: str | PathLike[str] | None = None, seeds: Sequence[Seed] = (), progress: Progress | None = None,
) -> Match:  # fmt: skip
    """Answer a need from a study.

    Args:
        study: the study; its index is built where needed.
        need: a sentence or a page, Japanese or English.
        language: of the need; None: what its letters say.
        top: how many institutions are listed.
        goals: ids of what is wanted of the partner's country, such as technology.
        exclude: countries left out.
        only: the only countries looked at.
        abroad: leave out the institutions of the home country.
        feedback: a CSV of what was found useful or not: kind, id, verdict.
        seeds: registered seeds that are matched beside the works; see `matching.seeds.read_seeds`.
        progress: told how far a build has come.

    Raises:
        SettingsError: for a need without a technical word, and for unknown goals.
        DataError: for a feedback file that breaks its rules.
        StudyError: where the study has not been run or has no works.
    """
    index = open_index(study, progress)
    filters = Filters(frozenset(exclude), frozenset(only), abroad)
    question = Question(
        need, language, top, tuple(goals), filters, None if feedback is None else Path(feedback), seeds=tuple(seeds)
    )  # fmt: skip
    with study.reading() as rows:
        return match(index, rows, question, study.settings.fields.taxonomy)


def _digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    stages = manifest.get("stages", {})
    return {name: table["sha256"] for stage in stages.values() for name, table in stage["tables"].items()}
