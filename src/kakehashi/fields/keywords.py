"""One normal form for the spellings of a keyword: case, plural, hyphens, British English, markup, abbreviations."""

import csv
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from kakehashi.errors import DataError

_SPELLING_FILE = "spelling.csv"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+\s*|\\(?=[^A-Za-z])")
_JOINERS = re.compile(r"[\s_/\u2010-\u2015\u2212-]+")
_PLAIN = re.compile(r"[A-Za-z0-9 -]*")
_BRACES = str.maketrans("", "", "{}$^")
_EDGES = " .,;:*'\"`\u2018\u2019\u201c\u201d"
_TRAILING_ABBREVIATION = re.compile(r"(?<=\S)\s*\((?=[^()]*[A-Z][^()]*[A-Z])[A-Za-z0-9-]{2,10}\)$")
_NOT_PLURAL = ("ss", "us", "is", "ics", "os")
_PLURAL_ES = ("sses", "shes", "ches", "xes", "zzes")


@dataclass(frozen=True)
class Spelling:
    """The small table behind the normal form.

    words: one word to its American form. phrases: a whole keyword, already in normal form, to the term it stands for.
    invariant: words that end in s and are no plural.
    """

    words: MappingProxyType[str, str]
    phrases: MappingProxyType[str, str]
    invariant: frozenset[str]


@cache
def spelling() -> Spelling:
    """Load the shipped spelling table. Raises DataError if it breaks its rules."""
    text = (resources.files("kakehashi.data") / "taxonomies" / _SPELLING_FILE).read_text(encoding="utf-8")
    tables: dict[str, dict[str, str]] = {"word": {}, "phrase": {}, "invariant": {}}
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for row in csv.DictReader(lines):
        table = tables.get(row["kind"])
        if table is None or row["form"] in table:
            raise DataError(f"{_SPELLING_FILE}: {row['form']!r} has an unknown kind {row['kind']!r} or is repeated")
        table[row["form"]] = row["standard"]
    return Spelling(
        MappingProxyType(tables["word"]), MappingProxyType(tables["phrase"]), frozenset(tables["invariant"])
    )


def normal(keyword: str) -> str:
    """Return the normal form of a keyword, or an empty string where nothing is left of it.

    `Neural-Networks`, `neural network` and `neural network (NN)` have the same form, and a known abbreviation takes the
    form of the term it stands for. The form of a form is itself.
    """
    table = spelling()
    text = keyword if _PLAIN.fullmatch(keyword) else _without_markup(keyword)
    words = _JOINERS.sub(" ", text.lower()).strip(_EDGES).split()
    if not table.words.keys().isdisjoint(words):
        words = " ".join([table.words.get(word, word) for word in words]).split()
    if not words:
        return ""
    last = singular(words[-1])
    phrase = " ".join([*words[:-1], table.words.get(last, last)])
    return table.phrases.get(phrase, phrase)


def _without_markup(keyword: str) -> str:
    """Return a keyword without tags, LaTeX, signs of other alphabets' widths, and the abbreviation at its end."""
    text = _TAG.sub("", html.unescape(html.unescape(keyword)))
    text = _LATEX_COMMAND.sub("", text).translate(_BRACES)
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").strip(_EDGES)
    return _TRAILING_ABBREVIATION.sub("", text)


def singular(word: str) -> str:
    """Return the singular of a simple English plural, and any other word as it is."""
    if len(word) <= 3 or not word.endswith("s") or word in spelling().invariant or word.endswith(_NOT_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(_PLURAL_ES):
        return word[:-2]
    return word[:-1]
