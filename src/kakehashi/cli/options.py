"""Options that several commands share."""

import click


def listed(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Split an option at its commas."""
    return tuple(dict.fromkeys(part.strip() for part in (value or "").split(",") if part.strip()))


def codes(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Split an option at its commas into country codes."""
    return tuple(one.upper() for one in listed(context, option, value))
