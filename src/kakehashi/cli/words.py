"""What the command line says, in the reader's language."""

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal


def language() -> Literal["ja", "en"]:
    """Return ja or en: KAKEHASHI_LANG if set, else what the terminal's locale says."""
    chosen = os.environ.get("KAKEHASHI_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "ja" if chosen.lower().startswith("ja") else "en"


def say(key: str, **values: Any) -> str:
    """Return a text of data/texts/cli.toml, filled in."""
    return _texts()[key][language()].format(**values)


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("kakehashi.data").joinpath("texts/cli.toml").read_text(encoding="utf-8"))
