"""Organisations as a ROR v2 dump describes them, reduced to what linking needs."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from kakehashi.affiliations.dump import content
from kakehashi.affiliations.lists import read_table
from kakehashi.errors import SourceError

NameKind = Literal["display", "label", "alias", "acronym"]


class Name(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One name of an organisation."""

    value: str
    kind: NameKind
    language: str


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where an organisation is: town, region and country as the registry prints them, and the codes of the last two."""

    town: str
    region: str
    region_code: str
    country: str
    country_name: str


class Organisation(msgspec.Struct, frozen=True, array_like=True):
    """One record of the registry. `ror_id` is the whole URL; the relations hold such ids.

    `registered` counts the other registers that know the organisation (Wikidata, ISNI, Fundref, GRID, ...): a rough
    sign of how well known it is. `withdrawn` records are those that the registry took back: duplicates and errors.
    `home` is the country of the parent that a branch shares its name with: of `NTT (Germany)` that of `NTT (Japan)`.
    """

    ror_id: str
    names: tuple[Name, ...]
    places: tuple[Place, ...]
    types: tuple[str, ...]
    active: bool
    established: int | None
    domains: tuple[str, ...]
    parents: tuple[str, ...]
    children: tuple[str, ...]
    related: tuple[str, ...]
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    registered: int
    withdrawn: bool = False
    home: str | None = None

    @property
    def name(self) -> str:
        """The name that the registry displays."""
        return next((name.value for name in self.names if name.kind == "display"), self.names[0].value)


class _Geonames(msgspec.Struct):
    country_code: str | None = None
    country_name: str | None = None
    country_subdivision_code: str | None = None
    country_subdivision_name: str | None = None
    name: str | None = None


class _Location(msgspec.Struct):
    geonames_details: _Geonames = msgspec.field(default_factory=_Geonames)


class _RawName(msgspec.Struct):
    value: str
    types: list[str] = []
    lang: str | None = None


class _Relation(msgspec.Struct):
    id: str
    type: str
    label: str = ""


class _Link(msgspec.Struct):
    type: str = ""
    value: str | None = None


class _External(msgspec.Struct):
    type: str


class _Record(msgspec.Struct):
    id: str
    names: list[_RawName]
    status: str = "active"
    types: list[str] = []
    locations: list[_Location] = []
    relationships: list[_Relation] = []
    links: list[_Link] = []
    domains: list[str] = []
    external_ids: list[_External] = []
    established: int | None = None


_BRANCH = re.compile(r"(?P<name>.+) \((?P<country>[^()]+)\)")

_KINDS: tuple[tuple[str, NameKind], ...] = (("ror_display", "display"), ("label", "label"), ("acronym", "acronym"))


def read_organisations(path: Path) -> list[Organisation]:
    """Read a ROR v2 dump: .json, .json.gz, or the .zip that ROR publishes. Raises SourceError."""
    try:
        records = msgspec.json.decode(content(path), type=list[_Record])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path}: cannot be read as a ROR v2 dump (a JSON array of organisations, plain, .gz or .zip): {error}"
        ) from error
    countries = {
        details.country_name: details.country_code
        for record in records for location in record.locations
        if (details := location.geonames_details).country_name and details.country_code
    }  # fmt: skip
    return [_organisation(record, countries) for record in records if record.names]


def _organisation(record: _Record, countries: Mapping[str, str]) -> Organisation:
    related: dict[str, list[str]] = {}
    for relation in record.relationships:
        related.setdefault(relation.type.lower(), []).append(relation.id)
    sites = [_site(link.value) for link in record.links if link.value and link.type == "website"]
    return Organisation(
        ror_id=record.id,
        names=tuple(_name(name) for name in record.names),
        places=tuple(place for location in record.locations if (place := _place(location)) is not None),
        types=tuple(sorted(record.types)),
        active=record.status == "active",
        established=record.established,
        domains=tuple(sorted({*(domain.lower() for domain in record.domains), *sites} - _shared_hosts())),
        parents=tuple(related.get("parent", ())),
        children=tuple(related.get("child", ())),
        related=tuple(related.get("related", ())),
        predecessors=tuple(related.get("predecessor", ())),
        successors=tuple(related.get("successor", ())),
        registered=len(record.external_ids),
        withdrawn=record.status == "withdrawn",
        home=_home(record, countries),
    )


def _home(record: _Record, countries: Mapping[str, str]) -> str | None:
    """Return where the parent of a record's name is, if that is abroad. Companies are displayed as `Name (Country)`."""
    own = _BRANCH.fullmatch(next((name.value for name in record.names if "ror_display" in name.types), ""))
    for relation in record.relationships:
        parent = _BRANCH.fullmatch(relation.label)
        if own and parent and relation.type.lower() == "parent" and own["name"] == parent["name"]:
            return countries.get(parent["country"]) if own["country"] != parent["country"] else None
    return None


def _name(raw: _RawName) -> Name:
    kind: NameKind = next((kind for word, kind in _KINDS if word in raw.types), "alias")
    return Name(raw.value, kind, raw.lang or "")


def _place(location: _Location) -> Place | None:
    details = location.geonames_details
    if not details.country_code:
        return None
    return Place(
        details.name or "",
        details.country_subdivision_name or "",
        details.country_subdivision_code or "",
        details.country_code,
        details.country_name or "",
    )


def _site(address: str) -> str:
    """The host of a web site without `www.`; '' where the address has none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


@cache
def _shared_hosts() -> frozenset[str]:
    """Hosts that tell nothing of who uses them: mail for everybody, addresses of members, `edu.cn`; and no host."""
    return frozenset({"", *(row["host"] for row in read_table("shared_hosts.csv"))})
