"""Names of countries, fields and databases in the language of the reader."""

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Any

from babel import Locale

from kakehashi.data.read import csv_rows
from kakehashi.texts import Language, Texts

_DATABASES = MappingProxyType(
    {
        "ieee": "IEEE Xplore",
        "acm": "ACM Digital Library",
        "scopus": "Scopus",
        "wos": "Web of Science",
        "openalex": "OpenAlex",
        "springer": "SpringerLink",
        "pubmed": "PubMed",
        "medline": "MEDLINE",
        "lens": "The Lens",
        "cnki": "CNKI",
        "embase": "Embase",
        "sciencedirect": "ScienceDirect",
        "dimensions": "Dimensions",
    }
)


def country_name(code: str | None, language: Language) -> str:
    """Name a country: our own choice where there is one, else Unicode CLDR's, else the code itself."""
    if code is None:
        return "–"
    own = _own_names().get(code)
    if own is not None:
        return own[language]
    return str(_cldr(language).get(code, code))


@functools.cache
def _cldr(language: Language) -> Mapping[str, str]:
    return Locale(language).territories


@functools.cache
def _own_names() -> Mapping[str, Mapping[str, str]]:
    return {row["code"]: row for row in csv_rows("country_names.csv")}


@functools.cache
def taxonomy(name: str) -> tuple[Mapping[str, Any], ...]:
    """Return the fields of a built-in taxonomy in its order, or nothing where the taxonomy is the user's own file."""
    file = resources.files("kakehashi.data").joinpath(f"taxonomies/{name}/taxonomy.toml")
    if "/" in name or not file.is_file():
        return ()
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")).get("fields", ()))


def taxonomy_name(name: str, texts: Texts) -> str:
    """Name a built-in taxonomy; a user's own is called by its folder."""
    file = resources.files("kakehashi.data").joinpath(f"taxonomies/{name}/taxonomy.toml")
    if "/" in name or not file.is_file():
        return name
    return str(tomllib.loads(file.read_text(encoding="utf-8")).get(f"name_{texts.language}", name))


def policy_name(policy: str, texts: Texts) -> str:
    """Say what a territory policy does; an unknown one is its own name."""
    file = resources.files("kakehashi.data").joinpath("affiliations/territory_policies.toml")
    policies = tomllib.loads(file.read_text(encoding="utf-8"))["policies"]
    return str(policies.get(policy, {}).get(f"label_{texts.language}", policy))


def field_name(field: str, taxonomy_name: str, texts: Texts) -> str:
    """Name a field, or the sums `all` and `collected`; an unknown id is its own name."""
    if field in ("all", "collected"):
        return texts(f"fields.{field}")
    for entry in taxonomy(taxonomy_name):
        if entry.get("id") == field:
            return str(entry.get(f"name_{texts.language}", field))
    return field


def database_name(database: str, texts: Texts) -> str:
    """Name a database as its owner writes it."""
    return texts("common.other_database") if database == "other" else _DATABASES.get(database, database)
