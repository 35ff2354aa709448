"""Practices on record: what countries and institutions are known to do for international collaboration."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Practices:
    """The items of a knowledge file by entity (a country code or an institution's name or id)."""

    file: str
    """The file under data/knowledge, or the user's own laid over it, that holds the items."""
    items: Mapping[str, tuple[str, ...]]

    def of(self, *names: str | None) -> tuple[str, ...]:
        """Return the items of the first of these names that has any."""
        return next((self.items[name] for name in names if name and name in self.items), ())
