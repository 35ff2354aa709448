"""What each indicator is, in words: the one text that docs, report and `kakehashi explain number` read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from kakehashi.errors import DataError

Language = Literal["ja", "en"]
Counting = Literal["full", "fractional", "setting", "none"]

_FILE = "indicators.toml"
_TEXTS = ("label", "unit", "formula", "null_policy")
_LANGUAGES = {"ja", "en"}
_COUNTINGS = {"full", "fractional", "setting", "none"}


@dataclass(frozen=True)
class Definition:
    """One indicator. Texts are keyed by language (`ja`, `en`).

    name: the column of INDICATORS, POSITIONS or STRENGTHS (`strength` stands for the verdict). counting: whether works
    are counted in full or in fractions, whether the study's setting decides, or `none` where works are not counted.
    reference: where the method comes from. null_policy: when there is no value, and what 0 means.
    """

    name: str
    counting: Counting
    reference: str
    label: Mapping[str, str]
    unit: Mapping[str, str]
    formula: Mapping[str, str]
    null_policy: Mapping[str, str]


@cache
def definitions() -> Mapping[str, Definition]:
    """Return all definitions by name, in the order of the file. Raises DataError if the file breaks its rules."""
    text = files("kakehashi.data").joinpath(_FILE).read_text(encoding="utf-8")
    return MappingProxyType({name: _definition(name, entry) for name, entry in tomllib.loads(text).items()})


def _definition(name: str, entry: Mapping[str, Any]) -> Definition:
    if entry.keys() != {"counting", "reference", *_TEXTS}:
        raise DataError(f"data/{_FILE}: [{name}] must have counting, reference, {', '.join(_TEXTS)} and nothing else")
    if entry["counting"] not in _COUNTINGS:
        raise DataError(f"data/{_FILE}: [{name}] counting must be one of {', '.join(sorted(_COUNTINGS))}")
    for key in _TEXTS:
        if entry[key].keys() != _LANGUAGES:
            raise DataError(f"data/{_FILE}: [{name}] {key} must have ja and en")
    texts = {key: MappingProxyType(entry[key]) for key in _TEXTS}
    return Definition(name, entry["counting"], entry["reference"], **texts)
