"""Choices that people type: what is not among the known ones is refused, and the nearest known one named."""

import difflib
from collections.abc import Iterable, Sequence

from kakehashi.errors import SettingsError


def checked(what: str, given: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the choices given, each once, in their order.

    Args:
        what: the option or argument, for the message.
        given: what was typed.
        known: the valid choices.

    Raises:
        SettingsError: where one is unknown, or none is given.
    """
    chosen = tuple(dict.fromkeys(part.strip() for part in given if part.strip()))
    unknown = next((part for part in chosen if part not in known), None)
    if chosen and unknown is None:
        return chosen
    near = difflib.get_close_matches((unknown or "").lower(), known, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}? " if near else ""
    raise SettingsError(f"{what}: {unknown or 'nothing'}; {hint}choose from {', '.join(known)}")
