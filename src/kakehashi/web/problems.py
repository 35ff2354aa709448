"""Errors in the reader's language. They are raised in English: what they mean is looked up by their words or kind."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kakehashi.texts import Language


@dataclass(frozen=True)
class Problem:
    """What went wrong, and, where that is a translation, the message as it was raised."""

    text: str
    original: str = ""


def problem(kind: str, message: str, language: Language) -> Problem:
    """Say an error in a language. `kind` is the name of its class; one that is not known keeps its own words."""
    if language == "en":
        return Problem(message)
    for pattern, text in _known():
        found = pattern.fullmatch(message)
        if found is not None:
            return Problem(text.format(**found.groupdict()), message)
    meant = _texts()["kinds"].get(kind)
    return Problem(meant, message) if meant else Problem(message)


def said(message: str, language: Language) -> str:
    """Say a message in a language, or as it is where that is not known."""
    return problem("", message, language).text


def of(error: BaseException, language: Language) -> Problem:
    """Say an error that was caught."""
    return problem(kind_of(error), str(error), language)


def kind_of(error: BaseException) -> str:
    """Name the nearest class of an error that has a text."""
    names = [one.__name__ for one in type(error).__mro__]
    return next((name for name in names if name in _texts()["kinds"]), names[0])


@cache
def _texts() -> Mapping[str, Any]:
    path = resources.files("kakehashi.data").joinpath("texts/problems.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(entry["pattern"], re.DOTALL), entry["ja"]) for entry in _texts()["known"].values())
