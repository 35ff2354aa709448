"""Appendix 1's second step: organisation names by the spaCy pipeline that the user names, if any."""

import importlib
import importlib.util
from functools import cache
from typing import Any

from kakehashi.affiliations.resolve import NameFinder
from kakehashi.errors import MissingExtraError, SettingsError


@cache
def name_finder(model: str | None) -> NameFinder | None:
    """Return the step for a pipeline (a package or a folder), or None where none is named.

    Raises MissingExtraError without spaCy, and SettingsError where the pipeline cannot be loaded or recognises no
    entities: a step that was asked for is never left out, for the report says that it was taken.
    """
    if model is None:
        return None
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

    def find(text: str) -> list[tuple[int, int]]:
        return [(entity.start_char, entity.end_char) for entity in pipeline(text).ents if entity.label_ == "ORG"]

    return find
