"""Texts that the command line says too: names of stages and steps, questions of the review."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from kakehashi.texts import Language


def said(key: str, language: Language, **values: Any) -> str:
    """Return a text of data/texts/cli.toml in a language, filled in."""
    return _texts()[key][language].format(**values)


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("kakehashi.data").joinpath("texts/cli.toml").read_text(encoding="utf-8"))
