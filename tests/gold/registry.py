"""The small registry of the gold set links.csv: registry.csv as organisations in the shape of a ROR v2 dump."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

from babel import Locale

FOLDER = Path(__file__).parent
ADDRESS = "https://ror.org/"
RELATIONS = {
    "parents": "parent",
    "children": "child",
    "related": "related",
    "predecessors": "predecessor",
    "successors": "successor",
}


def organisations() -> list[dict[str, Any]]:
    """Return the organisations of registry.csv, in the file's order."""
    with (FOLDER / "registry.csv").open(encoding="utf-8", newline="") as file:
        return [_organisation(row) for row in csv.DictReader(file)]


def write_dump(path: Path) -> Path:
    """Write the organisations as ROR publishes them, a JSON array (packed where the name ends in .gz)."""
    data = json.dumps(organisations(), ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def _organisation(row: dict[str, str]) -> dict[str, Any]:
    links = [{"type": "website", "value": row["website"]}] if row["website"] else []
    return {
        "id": ADDRESS + row["id"],
        "names": _names(row["name"], row["other_names"]),
        "locations": [{"geonames_details": _place(row)}],
        "types": row["types"].split(),
        "status": row["status"],
        "established": int(row["established"]) if row["established"] else None,
        "domains": row["domains"].split(),
        "links": links,
        "external_ids": [{"type": kind, "all": []} for kind in row["external_ids"].split()],
        "relationships": [
            {"type": kind, "id": ADDRESS + ror}
            for column, kind in RELATIONS.items()
            for ror in row[column].split()
        ],
    }  # fmt: skip


def _place(row: dict[str, str]) -> dict[str, str | None]:
    return {
        "country_code": row["country_code"],
        "country_name": Locale("en").territories.get(row["country_code"]),
        "country_subdivision_code": row["region_code"] or None,
        "country_subdivision_name": row["region"] or None,
        "name": row["town"] or None,
    }


def _names(display: str, others: str) -> list[dict[str, Any]]:
    """Read `alias:NAME|acronym:NAME|label:ja:NAME`. One name of several kinds becomes one entry, as in the dump."""
    kinds: dict[str, tuple[list[str], str | None]] = {display: (["ror_display", "label"], None)}
    for one in others.split("|") if others else ():
        kind, _, name = one.partition(":")
        language = None
        if kind == "label":
            language, _, name = name.partition(":")
        types, known = kinds.setdefault(name, ([], language or None))
        types.append(kind)
        kinds[name] = (types, known or language or None)
    return [{"value": name, "types": types, "lang": language} for name, (types, language) in kinds.items()]
