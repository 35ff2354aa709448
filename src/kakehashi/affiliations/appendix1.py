"""The strategy `appendix1`: the name resolution of the 2023 report as its appendix 1 describes it, for comparison.

Four steps: clean by regular expressions; places by named-entity recognition; the institution by rule, else by
recognition, else what is left without the places; the country as the last place, in the spelling of country_converter.
"""

import importlib
import importlib.util
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from kakehashi.affiliations.decoding import MAX_CHARACTERS
from kakehashi.affiliations.lists import FOLDER, Policy, policy
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.ner import EntityFinder
from kakehashi.affiliations.resolve import Resolution
from kakehashi.errors import MissingExtraError

CountryOf = Callable[[str], str | None]
"""From the name of a place to the ISO 3166-1 alpha-2 code of the country it is the name of, or None."""

_UNKNOWN = "unknown"
_EDGES = " ,.;:-–()[]\"'*“”"


@dataclass(frozen=True)
class Lists:
    """The patterns and words of appendix1.toml."""

    noise: tuple[re.Pattern[str], ...]
    institution: re.Pattern[str]
    department: re.Pattern[str]
    confidence: Mapping[str, float]


@cache
def lists() -> Lists:
    """Load the patterns and words."""
    raw = tomllib.loads((files("kakehashi") / FOLDER / "appendix1.toml").read_text(encoding="utf-8"))
    noise = tuple(re.compile(entry["pattern"]) for entry in raw["noise"])
    return Lists(noise, _any_of(raw["words"]["institution"]), _any_of(raw["words"]["department"]), raw["confidence"])


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A string after step 1. `offsets` maps its characters, and its end, to places in the given text."""

    given: str
    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> str:
        """Return the given text behind a stretch of the prepared text."""
        return self.given[self.offsets[start] : self.offsets[end]].strip()


def prepare(given: str) -> Prepared:
    """Remove noise and the accents of Latin letters, and reduce white space (step 1)."""
    given = given[:MAX_CHARACTERS]
    text = given
    for pattern in lists().noise:
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    letters: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        for letter in _without_accent(character):
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                offsets.append(position)
    return Prepared(given, "".join(letters), (*offsets, len(given)))


@lru_cache(maxsize=4_096)
def _without_accent(character: str) -> str:
    if character.isascii():
        return " " if character.isspace() else character
    if unicodedata.combining(character):
        return "" if "\u0300" <= character <= "\u036f" else character
    base = unicodedata.normalize("NFD", character)[0]
    plain = base if base.isascii() else character  # a kana or a Hangul syllable keeps its marks
    return " " if plain.isspace() else plain


class Appendix1:
    """Resolves strings as appendix 1 of the report does. Same interface as `resolve.Resolver`.

    Where several comma parts carry an institution word, or several organisations are recognised, each is an
    institution; all of a string are in its one country. `confidence` keeps the order in which appendix 1 trusts its
    three ways to a name; it is not a measure.
    """

    def __init__(
        self, find_entities: EntityFinder, territory_policy: str = "seed", country_of: CountryOf | None = None
    ) -> None:
        """Raise MissingExtraError without country_converter, unless `country_of` is given, and SettingsError."""
        self._find_entities = find_entities
        self._policy: Policy = policy(territory_policy)
        self._country_of = country_of or country_converter()

    def resolve_many(self, texts: Sequence[str]) -> Iterator[tuple[Resolution, ...]]:
        """Yield the resolutions of each string."""
        return map(self.resolve, texts)

    def resolve(self, text: str) -> tuple[Resolution, ...]:
        """Resolve one string. Strings beyond MAX_CHARACTERS are read up to there."""
        prepared = prepare(text)
        if not prepared.text.strip(_EDGES):
            return (_resolution(1, reason="not_an_affiliation" if text.strip() else "empty"),)
        entities = self._find_entities(prepared.text)
        places = [(start, end) for start, end, kind in entities if kind == "place"]
        organisations = [(start, end) for start, end, kind in entities if kind == "organisation"]
        country, place, reason = self._country(prepared, places)
        found = {"country_code": country, "country_method": "last_place" if country else None, "country_span": place}
        names, method = _institutions(prepared.text, places, organisations)
        if not names:
            reason = reason if country is None else "no_institution_named"
            sureness = lists().confidence["country"] if country else 0.0
            return (_resolution(1, **found, confidence=sureness, reason=reason),)
        return tuple(
            _resolution(
                seq, institution=name, key=normal_key(name) or None, method=method, span=prepared.span(start, end),
                confidence=lists().confidence[method], reason=reason, **found,
            ) for seq, (name, start, end) in enumerate(names, start=1)
        )  # fmt: skip

    def _country(
        self, prepared: Prepared, places: Sequence[tuple[int, int]]
    ) -> tuple[str | None, str | None, str | None]:
        """Take the last place for the country (step 4): code, the place as given, and why there is no code."""
        if not places:
            return None, None, "no_place_named"
        start, end = places[-1]
        span = prepared.span(start, end)
        code = self._country_of(prepared.text[start:end].strip(_EDGES))
        if code is None:
            return None, span, "last_place_no_country"
        counted = self._policy.apply(code)
        return counted, span, None if counted else "territory_policy"


def _institutions(
    text: str, places: Sequence[tuple[int, int]], organisations: Sequence[tuple[int, int]]
) -> tuple[list[tuple[str, int, int]], str]:
    """Return names with their extents, by the first of the three ways of step 3 that finds any, and that way."""
    parts = [(match.start(), match.end()) for match in re.finditer(r"[^,]+", text)]
    by_rule = [_named(text, *part) for part in parts if lists().institution.search(text, *part)]
    if by_rule:
        return _distinct(by_rule), "rule"
    recognised = [_named(text, *one) for one in organisations if not lists().department.search(text, *one)]
    if recognised:
        return _distinct(recognised), "entity"
    return _distinct([_left_over(text, parts, places)]), "remainder"


def _left_over(text: str, parts: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]) -> tuple[str, int, int]:
    """Take the places away; what is left of all parts together is the name."""
    blanked = text
    for start, end in places:
        blanked = blanked[:start] + " " * (end - start) + blanked[end:]
    kept = [part for part in parts if blanked[slice(*part)].strip(_EDGES)]
    name = ", ".join(" ".join(blanked[slice(*part)].split()).strip(_EDGES) for part in kept)
    return (name, kept[0][0], kept[-1][1]) if kept else ("", 0, 0)


def _named(text: str, start: int, end: int) -> tuple[str, int, int]:
    return text[start:end].strip(_EDGES), start, end


def _distinct(names: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    first: dict[str, tuple[str, int, int]] = {}
    for name in names:
        if name[0]:
            first.setdefault(name[0], name)
    return list(first.values())


def _resolution(seq: int, **known: Any) -> Resolution:
    nothing: dict[str, Any] = dict.fromkeys(Resolution.__struct_fields__)
    return Resolution(**{**nothing, "seq": seq, "confidence": 0.0, **known})


@cache
def country_converter() -> CountryOf:
    """Return country_converter's reading of a place as a country. Raises MissingExtraError where it is not installed.

    A text of two or three letters is read as an ISO code, as country_converter does: `CA` is Canada, also behind a town
    of California. A name that fits several countries fits none.
    """
    if importlib.util.find_spec("country_converter") is None:
        raise MissingExtraError('affiliations.strategy = "appendix1"', "appendix1")
    library: Any = importlib.import_module("country_converter")
    converter = library.CountryConverter()
    log = library.country_converter.log

    @lru_cache(maxsize=65_536)
    def country_of(place: str) -> str | None:
        if not place:
            return None
        was, log.disabled = log.disabled, True  # it warns of every town that is no country
        try:
            codes = converter.convert(place, to="ISO2", enforce_list=True, not_found=_UNKNOWN)[0]
        finally:
            log.disabled = was
        return codes[0] if len(codes) == 1 and codes[0] != _UNKNOWN else None

    return country_of
