"""Appendix 1's second step: organisation names by the spaCy pipeline that the user has installed, if any."""

import importlib
import importlib.util
import logging
from functools import cache
from typing import Any

from kakehashi.affiliations.resolve import NameFinder

_log = logging.getLogger(__name__)


@cache
def name_finder(model: str | None) -> NameFinder | None:
    """Return the step for a pipeline name, or None (and say so in the log) where spaCy or the pipeline is missing."""
    if model is None:
        return None
    if importlib.util.find_spec("spacy") is None:
        _log.warning("affiliations.spacy_model is %s, but spaCy is not installed: the entity step is skipped", model)
        return None
    spacy: Any = importlib.import_module("spacy")
    try:
        pipeline = spacy.load(model)
    except OSError:
        _log.warning("the spaCy pipeline %s is not installed: the entity step is skipped", model)
        return None

    def find(text: str) -> list[tuple[int, int]]:
        return [(entity.start_char, entity.end_char) for entity in pipeline(text).ents if entity.label_ == "ORG"]

    return find
