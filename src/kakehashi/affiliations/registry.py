"""Exact look-up of institution names in a ROR v2 dump, where the country agrees. Later issues deepen this."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from kakehashi.affiliations.dump import content
from kakehashi.affiliations.names import normal_key
from kakehashi.errors import SourceError


class Registry:
    """Names of organisations by normal key; each name leads to its ids and their countries."""

    def __init__(self, organisations: Iterable[dict[str, Any]]) -> None:
        self._ids: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for organisation in organisations:
            if organisation.get("status", "active") != "active":
                continue
            for country in _countries(organisation):
                for name in organisation.get("names", ()):
                    if "acronym" not in name.get("types", ()):
                        self._ids[normal_key(name["value"])].add((organisation["id"], country))

    def find(self, key: str, country: str | None) -> str | None:
        """Return the id of the one organisation of this name (in this country, if known), or None.

        Several organisations of one name are not told apart here: none is returned.
        """
        ids = {ror for ror, code in self._ids.get(key, ()) if country is None or code == country}
        return ids.pop() if len(ids) == 1 else None


def _countries(organisation: dict[str, Any]) -> list[str]:
    found = {place.get("geonames_details", {}).get("country_code") for place in organisation.get("locations", ())}
    return sorted(code for code in found if code)


@cache
def read_registry(path: Path) -> Registry:
    """Read a ROR v2 dump: .json, .json.gz, or the .zip that ROR publishes. Raises SourceError."""
    try:
        data = msgspec.json.decode(content(path))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read as a ROR dump (JSON, .gz or .zip): {error}") from error
    if not isinstance(data, list) or not all(isinstance(entry, dict) and "id" in entry for entry in data):
        raise SourceError(f"{path}: a ROR v2 dump is a JSON array of organisations with an id")
    return Registry(data)
