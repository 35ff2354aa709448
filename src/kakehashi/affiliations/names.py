"""The normal form of an institution's name, so that spellings that differ in writing only become one."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from kakehashi.affiliations.lists import phrase_key, read_table, small_words
from kakehashi.affiliations.text import forms

MAX_ID_CHARACTERS = 120

_DROPPED = frozenset(("the", "at", "le", "la", "les", "der", "die", "das"))
_LOOSE = frozenset(("and", "&"))
_BEFORE = _LOOSE | {"from"}
_UNFOLD_AFTER = frozenset(("of", "and", "&", "inst", "institute", "federal"))
"""`Tech` is short for Technology in `Inst. of Tech.`, but a name of its own in `Georgia Tech`."""
_OPENING = re.compile(r"\A(?:and|&|from the) (?:the )?(?=\S)", re.IGNORECASE)
"""What joins a name to the text before it, or opens a note on the authors: `From the Tzanio Hospital`."""
_WORD = re.compile(r"[^\W_]+")


@cache
def _abbreviations() -> Mapping[str, str]:
    return {row["abbreviation"]: row["expansion"] for row in read_table("name_abbreviations.csv")}


@lru_cache(maxsize=65_536)
def is_abbreviated(name: str) -> bool:
    """Whether a name as printed has an abbreviation that normal_key unfolds: `Kyoto Univ.`, `Graz Univ Technol`.

    Another spelling of the same length (`Centre`, `Organisation`) is no abbreviation.
    """
    return not _shorter().isdisjoint(_WORD.findall(name.lower().replace("'", "")))


@cache
def _shorter() -> frozenset[str]:
    shorter = {word for word, full in _abbreviations().items() if len(full) > len(word)}
    return frozenset(shorter - {"st", "mt"})  # St. Louis is written so


def printed_name(text: str) -> str:
    """Return a stretch of text as a name: single spaces, no punctuation around it, no `and` before it."""
    return _OPENING.sub("", " ".join(text.split()).strip(" ,.;:-–()[]\"'*“”"))


@lru_cache(maxsize=32_768)
def normal_key(name: str) -> str:
    """Return the key under which spellings of one name meet.

    Case, accents, punctuation, "The", abbreviated words (data/affiliations/name_abbreviations.csv) and legal forms do
    not count. Word order does: `University of Boston` is not `Boston University`.
    """
    return key_of(forms(name))


def key_of(name: Sequence[str]) -> str:
    """Return the normal key of a name given by the forms of its words."""
    table = _abbreviations()
    words: list[str] = []
    previous = ""
    for word in name:
        own = word in {"tech", "techn"} and previous not in _UNFOLD_AFTER
        full = word if own else table.get(word, word)
        if full not in _DROPPED:
            words.append(full)
        previous = word
    while len(words) > 1 and (words[-1] in small_words("legal") or words[-1] in _LOOSE):
        words.pop()
    while len(words) > 1 and words[0] in _BEFORE:
        words.pop(0)
    return " ".join(words)


def institution_id(key: str, country: str | None) -> str:
    """Return a readable id that does not depend on the rest of the corpus: `tsinghua-university.cn`, `.xx` unknown."""
    slug = key.replace(" ", "-") if key.isascii() else _joined(key)
    return f"{slug[:MAX_ID_CHARACTERS]}.{(country or 'xx').lower()}"


def _joined(key: str) -> str:
    """Join words with hyphens, ideographs without."""
    out = ""
    for word in key.split(" "):
        glue = "" if not out or (len(word) == 1 and not word.isascii() and not out[-1].isascii()) else "-"
        out += glue + word
    return out


@cache
def campus_systems() -> frozenset[str]:
    """Keys of names that several universities share and only their town tells apart."""
    return frozenset(normal_key(row["name"]) for row in read_table("campus_systems.csv"))


def better_cased(name: str) -> bool:
    """Whether a spelling is written as names are: neither all capitals (beyond an acronym) nor all small."""
    letters = [character for character in name if character.isalpha()]
    if not any(character.isascii() for character in letters):
        return True
    return not (name.islower() or (name.isupper() and len(letters) > 6))


@cache
def national_terms() -> Mapping[str, str]:
    """National organisations and adjectives, and names that have a short form in native script, keyed as phrases."""
    full = {phrase_key(row["full"]): row["country_code"] for row in read_table("native_short_names.csv")}
    return full | {phrase_key(row["term"]): row["country_code"] for row in read_table("national_terms.csv")}
