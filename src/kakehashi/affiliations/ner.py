"""Named entities of a string, by the spaCy pipeline that the user names."""

import importlib
import importlib.util
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kakehashi.affiliations.lists import FOLDER
from kakehashi.affiliations.resolve import NameFinder
from kakehashi.errors import MissingExtraError, SettingsError

EntityKind = Literal["place", "organisation"]
EntityFinder = Callable[[str], list[tuple[int, int, EntityKind]]]
"""The extents of places and organisations in a text, in the order of the text."""


@cache
def entity_finder(model: str) -> EntityFinder:
    """Return the recogniser of a pipeline: a package or a folder. Labels: data/affiliations/appendix1.toml.

    Raises MissingExtraError without spaCy, and SettingsError where the pipeline cannot be loaded or recognises no
    entities: a step that was asked for is never left out, for the report says that it was taken.
    """
    if importlib.util.find_spec("spacy") is None:
        raise MissingExtraError("affiliations.spacy_model", "appendix1")
    spacy: Any = importlib.import_module("spacy")
    try:
        pipeline = spacy.load(model)
    except OSError as error:
        raise SettingsError(
            f"affiliations.spacy_model: {model!r} is neither an installed spaCy pipeline nor the folder of one; "
            f"install it (python -m spacy download NAME), name another, or remove the setting: {error}"
        ) from error
    if not any("doc.ents" in pipeline.get_pipe_meta(pipe).assigns for pipe in pipeline.pipe_names):
        raise SettingsError(f"affiliations.spacy_model: {model!r} has no component that recognises entities")
    kinds = _kinds()

    def find(text: str) -> list[tuple[int, int, EntityKind]]:
        labelled = ((entity, kinds.get(entity.label_.lower())) for entity in pipeline(text).ents)
        return [(entity.start_char, entity.end_char, kind) for entity, kind in labelled if kind is not None]

    return find


def name_finder(model: str | None) -> NameFinder | None:
    """Return the step that finds the names of organisations, or None where no pipeline is named.

    Raises what `entity_finder` raises.
    """
    if model is None:
        return None
    find_entities = entity_finder(model)

    def find(text: str) -> list[tuple[int, int]]:
        return [(start, end) for start, end, kind in find_entities(text) if kind == "organisation"]

    return find


@cache
def _kinds() -> dict[str, EntityKind]:
    labels = tomllib.loads((files("kakehashi") / FOLDER / "appendix1.toml").read_text(encoding="utf-8"))["labels"]
    kinds: tuple[EntityKind, ...] = ("place", "organisation")
    return {label: kind for kind in kinds for label in labels[kind]}
