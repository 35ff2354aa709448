"""How a stage says how far it has come. The command line draws it; a library user may ignore it."""

from collections.abc import Callable, Mapping
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


class Watcher(Progress, Protocol):
    """Is told what the runner does."""

    def stage(self, name: str, number: int, total: int) -> None:
        """Stage `number` of `total` begins."""

    def skipped(self, name: str, number: int, total: int) -> None:
        """A stage is up to date."""

    def finished(self, name: str, seconds: float, rows: Mapping[str, int]) -> None:
        """A stage is done; `rows` counts the rows of each table it wrote."""


class Unwatched(Silent):
    """A watcher that does nothing."""

    def stage(self, name: str, number: int, total: int) -> None:
        """Ignore."""

    def skipped(self, name: str, number: int, total: int) -> None:
        """Ignore."""

    def finished(self, name: str, seconds: float, rows: Mapping[str, int]) -> None:
        """Ignore."""
