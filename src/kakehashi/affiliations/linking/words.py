"""The words of a name as the index knows them: spelled out, in the singular, type words and towns under one name."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from unicodedata import normalize

from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.text import forms

MIN_PLURAL = 5
"""In words longer than this a final s does not count."""

HEADS = frozenset(
    ("university", "institute", "hospital", "college", "academy", "laboratory", "center", "school", "polytechnic")
)
"""Type words around which a name may stand in another order (Nottingham University)."""

_ELIDED = ("dell", "nell", "all", "dall", "l", "d")


@cache
def _spelled() -> Mapping[str, str]:
    """Abbreviations, foreign type words and other names of towns, with what they stand for."""
    table = {row["abbreviation"]: row["expansion"] for row in read_table("name_abbreviations.csv")}
    table.update((row["word"], row["meaning"]) for row in read_table("type_words.csv"))
    table.update((row["name"], row["meaning"]) for row in read_table("town_names.csv"))
    return {word: _singular(meaning) for word, meaning in table.items()}


@cache
def directions() -> Mapping[tuple[str, str], str]:
    """Return what a single letter stands for before a word: `n` before `carolina`."""
    return {(row["letter"], row["before"]): row["meaning"] for row in read_table("direction_words.csv")}


@cache
def _unspoken() -> frozenset[str]:
    return small_words("unspoken")


def _singular(word: str) -> str:
    return word[:-1] if len(word) > MIN_PLURAL and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=16_384)
def index_word(form: str) -> str:
    """Return a folded word as the index keys it; '' for words that names drop at will (of, the, and, de)."""
    if form in _unspoken():
        return ""
    table = _spelled()
    found = table.get(form)
    if found is not None:
        return found
    for article in _ELIDED:  # the apostrophe of l'Université and dell'Insubria is gone by now
        if form.startswith(article) and table.get(form[len(article) :]) in HEADS:
            return table[form[len(article) :]]
    return _singular(form)


def index_words(words: Sequence[str]) -> list[str]:
    """Return the index words of folded words, the dropped ones left out."""
    return [word for form in words if (word := index_word(form))]


def name_words(name: str) -> list[str]:
    """Return the index words of a name as printed, its characters in the form that strings are brought to (NFKC)."""
    return index_words(forms(normalize("NFKC", name)))


@cache
def legal_forms() -> frozenset[str]:
    """Return the index words that end companies' names and tell nothing: `incorporated`, as `Inc.` is keyed."""
    return frozenset(index_words(sorted(small_words("company_tail"))))


@cache
def _native_forms() -> tuple[Mapping[str, Sequence[tuple[str, ...]]], Mapping[str, Sequence[tuple[str, ...]]]]:
    """Return the words of legal forms in native script by their first word, and by their last, the longest first."""
    found = sorted(
        (tuple(name_words(form)) for form in small_words("native_form")), key=lambda form: (-len(form), form)
    )
    first: dict[str, list[tuple[str, ...]]] = {}
    last: dict[str, list[tuple[str, ...]]] = {}
    for form in found:
        first.setdefault(form[0], []).append(form)
        last.setdefault(form[-1], []).append(form)
    return first, last


def form_before(words: Sequence[str]) -> int:
    """Return how many words at the end are a legal form in native script (`株式会社`), which a name may follow."""
    met = _native_forms()[1].get(words[-1], ()) if words else ()
    return next((len(form) for form in met if tuple(words[-len(form) :]) == form), 0)


def form_behind(words: Sequence[str]) -> int:
    """Return how many words at the beginning are a legal form in native script, which may follow a name."""
    met = _native_forms()[0].get(words[0], ()) if words else ()
    return next((len(form) for form in met if tuple(words[: len(form)]) == form), 0)
