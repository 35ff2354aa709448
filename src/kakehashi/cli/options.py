"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from kakehashi.cli.words import choose_language


def language_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of the language in which `what` is told; `language()` knows it then."""
    return click.option(
        "--lang",
        type=click.Choice(["ja", "en"]),
        callback=choose_language,
        expose_value=False,
        help=f"{what}; else KAKEHASHI_LANG, else the terminal's.",
    )


def listed(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Split an option at its commas."""
    return tuple(dict.fromkeys(part.strip() for part in (value or "").split(",") if part.strip()))


def codes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Split an option at its commas into country codes."""
    return tuple(one.upper() for one in listed(context, option, value))
