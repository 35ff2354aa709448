"""How a stage says how far it has come. The command line draws it; a library user may ignore it."""

from collections.abc import Callable
from typing import Protocol

Advance = Callable[[int], None]


def unwatched(units: int) -> None:
    """Advance where nobody watches."""


class Progress(Protocol):
    """Receives the steps of a stage."""

    def step(self, name: str, total: int | None) -> Advance:
        """Begin a step of `total` units (None: unknown) and return a function that adds finished units."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, total: int | None) -> Advance:  # noqa: ARG002
        """Return a function that does nothing."""
        return unwatched
