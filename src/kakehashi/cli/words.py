"""What the command line says, in the reader's language."""

import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import click

_CHOSEN = "kakehashi.language"


def choose_language(context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Keep what an option `--lang` says, for the command that is running and nothing else."""
    if value:
        context.meta[_CHOSEN] = value
    return value


def language() -> Literal["ja", "en"]:
    """Return ja or en: the command's --lang, else KAKEHASHI_LANG, else what the terminal's locale says."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get(_CHOSEN) if context else None
    chosen = chosen or os.environ.get("KAKEHASHI_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "ja" if chosen.lower().startswith("ja") else "en"


def say(key: str, **values: Any) -> str:
    """Return a text of data/texts/cli.toml, filled in."""
    return _texts()[key][language()].format(**values)


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("kakehashi.data").joinpath("texts/cli.toml").read_text(encoding="utf-8"))
