"""The organisations of a ROR v2 dump as the baselines and the error analysis need them: names, places, relations."""

import gzip
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from gold_sets import rors_of

_NOT_WORDS = re.compile(r"[\W_]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return lower-case words without accents, one space between: what two spellings of a name share."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return _NOT_WORDS.sub(" ", plain).strip()


@dataclass(frozen=True)
class Organisation:
    """One organisation: its display name, folded names without and with acronyms, countries, and related ids."""

    id: str
    name: str
    names: tuple[str, ...]
    acronyms: tuple[str, ...]
    countries: tuple[str, ...]
    status: str
    related: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Organisations:
    """All organisations by id, and the ids that share a folded name (acronyms left out)."""

    by_id: dict[str, Organisation]
    by_name: dict[str, frozenset[str]]


def read_dump(path: Path) -> list[dict[str, Any]]:
    """Read a ROR dump: .json, .json.gz or .zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return list(json.loads(archive.read(next(name for name in archive.namelist() if name.endswith(".json")))))
    data = path.read_bytes()
    return list(json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data))


def read_organisations(path: Path) -> Organisations:
    """Read the organisations of a dump. Withdrawn ones are kept: gold files name them."""
    by_id = {one.id: one for one in map(_organisation, read_dump(path))}
    shared: dict[str, set[str]] = defaultdict(set)
    for one in by_id.values():
        for name in one.names:
            shared[name].add(one.id)
    return Organisations(by_id, {name: frozenset(ids) for name, ids in shared.items()})


def _organisation(entry: dict[str, Any]) -> Organisation:
    names = entry.get("names", [])
    acronyms = [name["value"] for name in names if "acronym" in name.get("types", ())]
    others = [name["value"] for name in names if "acronym" not in name.get("types", ())]
    shown = next((name["value"] for name in names if "ror_display" in name.get("types", ())), "")
    places = (place.get("geonames_details", {}).get("country_code") for place in entry.get("locations", ()))
    related: dict[str, tuple[str, ...]] = {}
    for relation in entry.get("relationships", ()):
        kind = relation.get("type", "related")
        related[kind] = (*related.get(kind, ()), *rors_of(relation["id"]))
    return Organisation(
        rors_of(entry["id"])[0], shown or (others or acronyms or [""])[0], _folded(others), _folded(acronyms),
        tuple(dict.fromkeys(code for code in places if code)), entry.get("status", "active"), related,
    )  # fmt: skip


def _folded(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted({folded for name in names if (folded := fold(name))}))
