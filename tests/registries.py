"""Dumps of registries made by hand: half a dozen organisations in the shape in which ROR publishes them."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any


def organisation(
    number: int, name: str, town: str, country: str, *others: str, status: str = "active", changed: str = "2025-01-20"
) -> dict[str, Any]:
    """A record of schema 2.1. `others` are further names."""
    names = [{"value": name, "types": ["ror_display", "label"], "lang": "en"}]
    names += [{"value": other, "types": ["alias"], "lang": None} for other in others]
    change = {"date": changed, "schema_version": "2.1"}
    return {
        "id": f"https://ror.org/0{number:08d}",
        "names": names,
        "status": status,
        "types": ["education"],
        "locations": [{"geonames_id": number, "geonames_details": {"name": town, "country_code": country}}],
        "relationships": [],
        "links": [],
        "domains": [],
        "external_ids": [],
        "established": 1900 + number,
        "admin": {"created": change, "last_modified": change},
    }


FEW = [
    organisation(1, "University of Kushiro", "Kushiro", "JP", "釧路総合大学"),
    organisation(2, "University of Lund", "Lund", "SE", changed="2025-03-01"),
    organisation(3, "Lund Institute of Optics", "Lund", "SE", status="inactive"),
]
SCHEMA_1 = [{"id": "https://ror.org/000000001", "name": "University of Kushiro", "country": {"country_code": "JP"}}]


def as_json(organisations: Any = FEW) -> bytes:
    return json.dumps(organisations, ensure_ascii=False).encode()


def as_gzip(organisations: Any = FEW) -> bytes:
    return gzip.compress(as_json(organisations), mtime=0)


def as_zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def published(release: str = "v1.59-2025-01-23", organisations: Any = FEW) -> bytes:
    """A zip as ROR published it until release 1.74: both schemas, as JSON and CSV."""
    name = f"{release}-ror-data"
    return as_zip({
        f"{name}.csv": b"id,name\n",
        f"{name}.json": as_json(SCHEMA_1),
        f"{name}_schema_v2.json": as_json(organisations),
        f"__MACOSX/{name}_schema_v2.json": b"\0",
    })  # fmt: skip


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
