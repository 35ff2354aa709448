"""Practices on record: what countries and institutions are known to do for international collaboration."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kakehashi.knowledge.items import institutions, on_record


@dataclass(frozen=True)
class Practices:
    """The items of a knowledge file by entity: a country code, or an institution's id or name.

    Who is not among them was not looked at: that is unknown, and not the same as having none.
    """

    file: str
    """The file under data/knowledge that holds the items."""
    items: Mapping[str, tuple[str, ...]]

    def of(self, *names: str | None) -> tuple[str, ...] | None:
        """Return the items of the first of these names that was looked at, in any letter case; None if none was."""
        known = self._folded
        return next((known[name.casefold()] for name in names if name and name.casefold() in known), None)

    @cached_property
    def _folded(self) -> Mapping[str, tuple[str, ...]]:
        return {name.casefold(): held for name, held in self.items.items()}


def recorded(home: str | None, own: Path | None = None) -> Practices:
    """Return the practices of data/knowledge/institutions.toml as a home country is told them, by name and by country.

    `own` is a folder of the user's own knowledge files. Raises DataError.
    """
    held: dict[str, tuple[str, ...]] = {}
    known = institutions(own)
    for one in known.values():
        held[one.name.en] = held.get(one.name.en, ())
        held[one.country] = held.get(one.country, ())
    for record in on_record(own).values():
        if record.homes and home not in record.homes:
            continue
        place = known[record.institution]
        for name in (place.name.en, place.country):
            held[name] = (*held[name], record.id)
    return Practices("institutions.toml", held)
