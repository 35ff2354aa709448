"""Reads the parts of addresses, each distinct one once, as far as memory allows."""

import re
from collections.abc import Callable
from functools import lru_cache

from kakehashi.affiliations.finder import PlaceFinder
from kakehashi.affiliations.institutions import between_universities, candidates
from kakehashi.affiliations.lists import Phrases
from kakehashi.affiliations.names import national_terms
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.places import Gazetteer
from kakehashi.affiliations.roles import NAMING_WEIGHT, role_of
from kakehashi.affiliations.text import REMEMBERED, Part, Words, part_words

_PARTS = 16_384
"""Parts that are remembered, some 3 KB each, besides those that begin strings (see halves): to read one takes longer
than all the rest of a string."""

_HAS_DIGIT = re.compile(r"\d")
_AND = frozenset(("and", "&"))

_HEAVY = 6
"""The weight of a word that begins another institution's name behind a country: University, Institute, Hospital."""

_FIVE_DIGITS = re.compile(r"\d{5}(?!-\d{3}\b)")
_POSTCODES = (
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"), "GB"),
    (re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b"), "CA"),
    (re.compile(r"〒"), "JP"),
    (re.compile(r"(?<![\d-])\d{5}-\d{3}(?![\d-])"), "BR"),
)
_CAR_CODE = re.compile(r"\b(A|B|CH|CZ|D|DE|DK|E|F|FIN?|FR|GR|H|HR|I|IT|L|N|NL|NO|P|PL|PT|RO|S|SE|SI|SK|TR)-\d{3,6}\b")
_CAR_COUNTRY = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "FIN": "FI", "H": "HU", "I": "IT", "L": "LU",
                "N": "NO", "P": "PT", "S": "SE"}  # fmt: skip


class PartReader:
    """Tells the facts of a part. Equal parts share one object while they are remembered."""

    def __init__(self, places: Gazetteer) -> None:
        self._places = PlaceFinder(places)
        self._national = Phrases(national_terms())
        self._remembered: Callable[[str], Facts] = lru_cache(_PARTS)(self._read)

    def read(self, text: str) -> Facts:
        """Return the facts of a part, given as the text between two commas."""
        return self._remembered(text) if len(text) <= REMEMBERED else self._read(text)

    def cut(self, part: Part, facts: Facts) -> tuple[Part, Part]:
        """Cut a part behind the place it begins with, as `facts.cut` says: another address begins there."""
        words = part.words
        joined = words.forms[facts.cut] in _AND
        end = words.ends[facts.cut] if joined else words.ends[facts.cut - 1]
        place, rest = part.text[: words.ends[facts.cut - 1]], part.text[end:]
        origin = part.origin + end
        return Part(place, part.origin, part.hard, part_words(place)), Part(rest, origin, True, part_words(rest))

    def _read(self, text: str) -> Facts:
        words = part_words(text)
        role = role_of(words.forms)
        places = self._places.find(text, words, role.weight >= NAMING_WEIGHT)
        digits = _HAS_DIGIT.search(text) is not None
        facts = Facts(
            text, words, role, places, tuple([term for term in self._national.find(words.forms) if term[2]]),
            tuple(postcode_countries(text)) if digits else (), digits and _FIVE_DIGITS.search(text) is not None,
        )  # fmt: skip
        facts.candidates = candidates(facts)
        facts.cut = self._cut(text, words) or between_universities(facts)
        return facts

    def _cut(self, text: str, words: Words) -> int:
        """Cut `UK and Harvard University` and `England Univ Cape Town` behind the place; 0 for nothing to cut."""
        if _AND.isdisjoint(words.forms):
            cut = self._places.before_name(words)
            behind = role_of(words.forms[cut:]) if cut else None
            if behind is None:
                return 0
            named = behind.unit_start or any(hit.first == 0 and hit.weight >= _HEAVY for hit in behind.hits)
            return cut if named else 0
        cut = self._places.before_and(text, words)
        if cut:
            return cut if self._names_other(text, words, cut + 1) else 0
        cut = self._places.country_before_and(words)
        return cut if cut and role_of(words.forms[cut + 1 :]).unit_start else 0

    def _names_other(self, text: str, words: Words, first: int) -> bool:
        """Whether what stands behind a place and `and` names an institution: `USA and Nikhef`, not `USA and Canada`."""
        behind = role_of(words.forms[first:])
        if behind.hits or behind.unit_start:
            return True
        rest = text[words.starts[first] :]
        places = self._places.find(rest, part_words(rest), named=False)
        return rest[:1].isupper() and not (places and places[0].first == 0)


def postcode_countries(text: str) -> list[str]:
    """Countries whose postcodes have a form of their own that occurs in the text."""
    found = [code for pattern, code in _POSTCODES if pattern.search(text)]
    found.extend(_CAR_COUNTRY.get(match.group(1), match.group(1)) for match in _CAR_CODE.finditer(text))
    return sorted(set(found))
