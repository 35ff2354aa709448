"""What the ids in tables and settings mean, in the reader's language."""

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from kakehashi.texts import Language


def label(kind: str, code: str, language: Language) -> str | None:
    """Name an id of a kind (formats, refusals, reasons, ...), or return None where it is not one of ours."""
    entry = _codes()[kind].get(code)
    return None if entry is None else str(entry[language])


def meaning(kind: str, code: str, language: Language) -> str | None:
    """Say in a sentence what an id means, where its kind has sentences."""
    entry = _codes()[kind].get(code)
    return None if entry is None else str(entry[f"{language}_note"])


def country_method(method: str, language: Language) -> str | None:
    """Name how a country was found. An id such as `country_name>territory` is a method and what was done with it."""
    first, *steps = method.split(">")
    names = [label("country_methods", first, language), *[label("country_steps", step, language) for step in steps]]
    known = [name for name in names if name is not None]
    if len(known) < len(names):
        return None
    base, *further = known
    opening, mark, closing = ("（", "、", "）") if language == "ja" else (" (", ", ", ")")
    return base + (opening + mark.join(further) + closing if further else "")


@functools.cache
def _codes() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("kakehashi.data").joinpath("texts/codes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
