"""What the demo is made of, read from `data/demo`: countries, cities, institutions, fields, keywords, names."""

from dataclasses import dataclass
from functools import cache

from kakehashi.data.read import csv_rows

OUTSIDE = "outside"


@dataclass(frozen=True)
class Country:
    """A country of the demo. `spellings` are as authors print them, the usual one first."""

    code: str
    spellings: tuple[str, ...]
    papers: float
    international_share: float
    eigenvector: float
    names: str


@dataclass(frozen=True)
class KnownInstitution:
    """An institution with a weight of its own; the others are made up from cities."""

    name: str
    country: str
    city: str
    papers: float
    international_share: float | None
    companion: str | None


@dataclass(frozen=True)
class FieldProfile:
    """A field of the demo: how large it is, what it goes with, and its vocabulary."""

    id: str
    papers: float
    acm_papers: float
    goes_with: tuple[str, ...]
    upper: tuple[str, ...]
    specific: tuple[str, ...]
    ccs: tuple[tuple[str, str], ...]


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries, the published ones first."""
    return tuple(
        Country(
            row["country_code"],
            tuple(row["spellings"].split("|")),
            float(row["papers"]),
            float(row["international_share"]),
            float(row["eigenvector"]),
            row["names"],
        )
        for row in csv_rows("demo/countries.csv")
    )


@cache
def cities() -> dict[str, tuple[str, ...]]:
    """Return the cities by country code, as printed in an affiliation (`Boston, MA`)."""
    return {row["country_code"]: tuple(row["cities"].split("|")) for row in csv_rows("demo/cities.csv")}


@cache
def known_institutions() -> tuple[KnownInstitution, ...]:
    """Return the institutions that have a weight of their own."""
    return tuple(
        KnownInstitution(
            row["name"],
            row["country_code"],
            row["city"],
            float(row["papers"]),
            float(row["international_share"]) if row["international_share"] else None,
            row["companion"] or None,
        )
        for row in csv_rows("demo/institutions.csv")
    )


@cache
def fields() -> dict[str, FieldProfile]:
    """Return the fields by id, the share outside the study last."""
    terms: dict[tuple[str, str], list[str]] = {}
    for row in csv_rows("demo/keywords.csv"):
        terms.setdefault((row["field"], row["level"]), []).append(row["term"])
    concepts: dict[str, list[tuple[str, str]]] = {}
    for row in csv_rows("demo/ccs.csv"):
        concepts.setdefault(row["field"], []).append((row["concept"], row["name"]))
    profiles = {}
    for row in [*csv_rows("demo/fields.csv"), {"field": OUTSIDE, "papers": "0", "acm_papers": "0", "goes_with": ""}]:
        name = row["field"]
        profiles[name] = FieldProfile(
            name,
            float(row["papers"]),
            float(row["acm_papers"]),
            tuple(row["goes_with"].split()),
            tuple(terms[name, "upper"]),
            tuple(terms[name, "specific"]),
            tuple(concepts[name]),
        )
    return profiles


@cache
def author_forms() -> dict[str, str]:
    """Return how authors now and then write a term, by term."""
    return {row["term"]: row["author_form"] for row in csv_rows("demo/keywords.csv") if row["author_form"]}


@cache
def multipliers() -> dict[tuple[str, str], float]:
    """Return the odds of a field in a country against the world's; 1 where nothing is said."""
    return {(row["country_code"], row["field"]): float(row["multiplier"]) for row in csv_rows("demo/profiles.csv")}


@cache
def family_names() -> dict[str, tuple[str, ...]]:
    """Return common family names by the name group of countries.csv."""
    return {row["names"]: tuple(row["family_names"].split()) for row in csv_rows("demo/names.csv")}
