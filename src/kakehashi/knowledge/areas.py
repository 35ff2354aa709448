"""Groups of countries that items, cases and programmes speak of, such as the recipients of ODA, and country codes."""

import difflib
import functools
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from babel import Locale
from pydantic.dataclasses import dataclass

from kakehashi.errors import DataError
from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.knowledge.sources import STRICT
from kakehashi.names import country_name
from kakehashi.texts import Words

FILE = "areas.toml"
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@dataclass(frozen=True, config=STRICT)
class Area:
    """A group of countries: whose list it is (`basis`), of which year, what to mind, and the countries' codes."""

    id: str
    name: Words
    basis: str
    year: str
    note: Words
    countries: tuple[str, ...]


@shipped_once
def areas(own: Path | None = None) -> Mapping[str, Area]:
    """Return the areas by id. Raises DataError."""
    book = open_book(FILE, ("areas",), own)
    found = book.items("areas", Area)
    for area in found.values():
        for code in area.countries:
            problem = country_problem(code)
            if problem is not None:
                raise DataError(f"{book.where(area.id)}: countries: {problem}")
    return found


def countries_of(places: Iterable[str], known: Mapping[str, Area]) -> frozenset[str]:
    """Return the countries that places, which are countries or areas, take in."""
    found: set[str] = set()
    for place in places:
        found.update(known[place].countries if place in known else (place,))
    return frozenset(found)


@functools.cache
def country_codes() -> Collection[str]:
    """Return the country codes of two letters that Unicode CLDR names (ISO 3166-1 and a few in use, such as XK)."""
    codes = (str(code) for code in Locale("en").territories)
    return tuple(sorted(code for code in codes if len(code) == 2 and code not in _NO_COUNTRIES))


def country_problem(code: str) -> str | None:
    """Say what is wrong with a country code and which is meant, or nothing where it is one or empty."""
    if not code or code in country_codes():
        return None
    if code.upper() in country_codes():
        return f"unknown country {code!r}; did you mean {code.upper()!r}?"
    names = _names()
    near = difflib.get_close_matches(code.casefold(), names, n=1, cutoff=0.8)
    if near:
        return f"unknown country {code!r}; did you mean {names[near[0]]!r}?"
    return f"unknown country {code!r}; write its two-letter code of ISO 3166-1, such as JP"


@functools.cache
def _names() -> Mapping[str, str]:
    return {
        country_name(code, language).casefold(): code
        for code in country_codes()
        for language in ("ja", "en")
    }  # fmt: skip
