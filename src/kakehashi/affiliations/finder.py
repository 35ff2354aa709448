"""The place names in one part of an address, and which of them stand where addresses put places."""

import re
from collections.abc import Set
from functools import cache

from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.parts import Placed, is_country, seat_of
from kakehashi.affiliations.places import ABBREVIATED, Gazetteer, Reading, is_bare_code
from kakehashi.affiliations.text import Words, find_words

_HAS_DIGIT = re.compile(r"\d")
_US_ZIP = re.compile(r"^\d{5}(?:\d{4})?$")
_CEP = re.compile(r"\d{5}-\d{3}\b")  # a postcode of Brazil

_PLACE_WORDS = 6
"""A place before `and` has no more words than this: town, state, postcode, country."""

NamedPlace = tuple[int, int, tuple[Reading, ...]]
"""A place name in a part: first and last word, readings."""


class PlaceFinder:
    """Finds the places in parts of addresses."""

    def __init__(self, places: Gazetteer, doubtful: Set[str] | None = None) -> None:
        """Find the places of a gazetteer. `doubtful`: names that `doubtful_places` gives, unless others are given."""
        self._names = places.names
        self._codes = places.codes
        self._doubtful = doubtful_places() if doubtful is None else doubtful

    def find(self, text: str, words: Words, named: bool) -> tuple[Placed, ...]:
        """Find the places in a part. In a `named` part, which holds an institution's name, places may not locate."""
        found = [place for place in self._names.find(words.forms) if place[2]]
        code = self._code(text, words, found, named)
        if code is not None:
            found = sorted([*found, code], key=lambda place: place[:2])
        found = self._certain(text, words, found)
        if not found:
            return ()
        placed = _tail(words.forms, found, named)
        return tuple(
            Placed(first, last, readings, (first, last) in placed)
            for first, last, readings in found
            if (first, last) in placed or readings[0].weight != ABBREVIATED
        )

    def _certain(self, text: str, words: Words, found: list[NamedPlace]) -> list[NamedPlace]:
        """Leave out names that are more often something else, unless the part holds only places (`Superior WI`)."""
        doubtful = [
            place
            for place in found
            if text[words.starts[place[0]] : words.ends[place[1] - 1]].casefold() in self._doubtful
        ]
        if not doubtful or not _others(words.forms, found):
            return found
        return [place for place in found if place not in doubtful]

    def before_and(self, text: str, words: Words) -> int:
        """Number of words of the place that a part begins with before `and`, or 0.

        The place is all that stands there, and sure to be one: it names a country (`UK`, `GA 30332 USA`), or is a
        state's code with or without a postcode (`GA`, `MA 02139`).
        """
        forms = words.forms
        first = forms[0]
        if not (self._names.begins(first) or first.upper() in self._codes or first[0].isdigit()):
            return 0
        end = min([forms.index(word) for word in ("and", "&") if word in forms], default=0)
        if not 0 < end < len(forms) - 1 or end > _PLACE_WORDS:
            return 0
        whole = self._names.at(forms, 0)
        if whole and whole[0] > end:
            return 0  # Bosnia and Herzegovina Academy
        before = text[words.starts[0] : words.ends[end - 1]]
        found = self.find(before, find_words(before), False)
        covered = {position for place in found for position in range(place.first, place.last)}
        if any(position not in covered and not form[0].isdigit() for position, form in enumerate(forms[:end])):
            return 0
        code = text[words.starts[0] : words.ends[0]]
        is_code = len(code) == 2 and any(
            reading.kind == "region" and not is_bare_code(reading) for reading in self._codes.get(code, ())
        )
        return end if is_code or any(is_country(place.readings) for place in found) else 0

    def country_before_and(self, words: Words) -> int:
        """Number of words of a part up to the country that stands before its first `and`, or 0.

        `Kasetsart Univ Bangkok 10900 Thailand and Department of Histology`.
        """
        forms = words.forms
        end = min([forms.index(word) for word in ("and", "&") if word in forms], default=0)
        found = self._names.find(forms[:end]) if 0 < end < len(forms) - 1 else []
        return end if any(last == end and _is_nation(readings) for _, last, readings in found) else 0

    def before_name(self, words: Words) -> int:
        """Number of words of the country that a part begins with before another institution, or 0.

        `England Univ Cape Town`: nothing separates the addresses. `Korea University` begins with its own name.
        """
        forms = words.forms
        whole = self._names.at(forms, 0) if len(forms) > 2 and self._names.begins(forms[0]) else None
        if whole is None or whole[0] > len(forms) - 2 or not is_country(whole[1]):
            return 0
        return 0 if " ".join(forms[: whole[0]]) in small_words("begins_names") else whole[0]

    def _code(self, text: str, words: Words, found: list[NamedPlace], named: bool) -> NamedPlace | None:
        """Find the capital-letter code at a part's end, or before digits and countries there (`CA 92093 USA`)."""
        forms = words.forms
        covered = {position for first, last, _ in found for position in range(first, last)} if found else ()
        position = len(forms) - 1
        while position >= 0 and (position in covered or _HAS_DIGIT.search(forms[position])):
            position -= 1
        if position < 0:
            return None
        start = words.starts[position]
        raw = text[start : words.ends[position]]
        readings = self._codes.get(raw.replace(".", "").replace(" ", "")) if raw.isupper() else None
        if readings is None or text[max(start - 1, 0) : start] in {"-", "–", "("}:
            return None
        digits_follow = position + 1 < len(forms) and position + 1 not in covered
        zip_code = position + 1 < len(forms) and _US_ZIP.match(forms[position + 1])
        if zip_code and not _CEP.match(text, words.starts[position + 1]):
            american = [reading for reading in readings if reading.country == "US" and reading.region]
            readings = tuple(Reading("US", "region", reading.region, 3.2) for reading in american) or readings
        elif digits_follow:
            readings = tuple(reading for reading in readings if reading.kind == "region" and reading.country != "US")
        elif named or (position > 0 and position - 1 not in covered):
            readings = tuple(reading for reading in readings if reading.kind == "region" and not named)
        if "." in raw:
            readings = tuple(reading for reading in readings if reading.kind == "region")
        return (position, position + 1, readings) if readings else None


def _is_nation(readings: tuple[Reading, ...]) -> bool:
    """Whether a name is a country's, which may be a town's too: Singapore."""
    return bool(readings) and readings[0].kind == "country" and seat_of(readings) is not None


@cache
def doubtful_places() -> frozenset[str]:
    """Return the names of places, as written in small letters, that are more often something else in longer names."""
    return frozenset(row["name"] for row in read_table("doubtful_places.csv"))


def _telling(forms: tuple[str, ...]) -> list[int]:
    """Return the words of a part that are neither digits nor words of any address."""
    noise = small_words("address")
    return [position for position, form in enumerate(forms) if form not in noise and not _HAS_DIGIT.search(form)]


def _others(forms: tuple[str, ...], found: list[NamedPlace]) -> bool:
    """Whether a part has words besides the places found in it."""
    covered = {position for first, last, _ in found for position in range(first, last)}
    return not covered.issuperset(_telling(forms))


def _tail(forms: tuple[str, ...], found: list[NamedPlace], named: bool) -> set[tuple[int, int]]:
    """Return the matches that stand where a place stands: all of a pure part, or those at its end."""
    covered = {position for first, last, _ in found for position in range(first, last)}
    rest = _telling(forms)
    if covered.issuperset(rest):
        return {(first, last) for first, last, _ in found}
    last_word = rest[-1]
    prepositions = small_words("preposition")
    placed: set[tuple[int, int]] = set()
    for first, last, readings in reversed(found):
        if last_word >= last:
            break
        if first > 0 and forms[first - 1] in prepositions and first - 1 not in covered:
            break
        if named and (first == 0 or readings[0].kind == "city"):
            break
        placed.add((first, last))
        last_word = max([position for position in rest if position < first], default=-1)
    return placed
