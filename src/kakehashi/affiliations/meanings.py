"""What a name says beyond its spelling: type words and towns in one language, short forms in full, order set aside."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from kakehashi.affiliations.clusters import Evidence
from kakehashi.affiliations.lists import Phrases, phrase_key, read_table, small_words
from kakehashi.affiliations.names import normal_key

MIN_PLURAL = 5
"""In words longer than this a final s does not count: Academy of Science(s)."""


class Meaning(NamedTuple):
    """The words of a name without those that stay unspoken, in one language; and what had to be done for that."""

    words: tuple[str, ...]
    evidence: Evidence

    @property
    def signature(self) -> tuple[str, ...]:
        """The words in alphabetical order: names with the same signature may be one."""
        return tuple(sorted(self.words))


def meaning(key: str, country: str | None) -> Meaning:
    """Return what a normal key says, under the languages and short forms of its country (None: none of them)."""
    begins, wholes, in_words, translations = _tables(country)
    full = wholes.get(key)
    forms = tuple((full or key).split(" "))
    hit = begins.at(forms, 0) if full is None else None
    if hit is not None and hit[0] < len(forms):
        full = " ".join((hit[1], *forms[hit[0] :]))
        forms = tuple(full.split(" "))
    words, translated = _told(forms, translations)
    if full is None and words in in_words:
        full = in_words[words]
        words, translated = _told(tuple(full.split(" ")), translations)
    if full is None or full == key:
        return Meaning(words, "translation" if translated else "word_order")
    return Meaning(words, "short_form" if key.isascii() else "translation")


def _told(forms: tuple[str, ...], translations: Phrases) -> tuple[tuple[str, ...], bool]:
    """Return the spoken words of a name in one language, and whether more than unspoken words were translated."""
    silent = unspoken()
    found = translations.find(forms)
    if not found:
        return tuple(_polytechnic([plain(word) for word in forms if word not in silent])), False
    words: list[str] = []
    at = 0
    for first, last, phrase in found:
        words += [*forms[at:first], *phrase.split()]
        at = last
    words += forms[at:]
    spoken = [word for word in words if word not in silent]
    translated = spoken != [form for form in forms if form not in silent]
    return tuple(_polytechnic([plain(word) for word in spoken])), translated


def plain(word: str) -> str:
    """Return a word without the s of its plural."""
    return word.rstrip("s") if len(word) > MIN_PLURAL and word[-1] == "s" else word


@cache
def unspoken() -> frozenset[str]:
    """Words that a name may have or lack."""
    return small_words("unspoken") | {""}


def is_rotation(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one order of words is the other, begun elsewhere: `Tokyo University`, `University (of) Tokyo`."""
    return len(one) == len(other) and any(one[at:] + one[:at] == other for at in range(len(one)))


def _polytechnic(words: list[str]) -> list[str]:
    """A polytechnic is a university, whether its name says so or not."""
    if "polytechnic" in words and len(words) > 2:
        return [word for word in words if word != "university"]
    return words


@cache
def _tables(country: str | None) -> tuple[Phrases, Mapping[str, str], Mapping[tuple[str, ...], str], Phrases]:
    """The country's short forms by how names begin, by whole name, and by its words; and its languages' words."""
    spoken = {row["language"] for row in read_table("name_languages.csv") if row["country_code"] == country}
    meant: dict[str, str] = {}
    for row in read_table("name_translations.csv"):
        if row["language"] in spoken:
            meant.setdefault(phrase_key(row["phrase"]), row["translation"] or " ")
    translations = Phrases(meant)
    begins: dict[str, str] = {}
    wholes: dict[str, str] = {}
    for row in read_table("name_short_forms.csv"):
        if row["country_code"] == country:
            into = begins if row["extent"] == "begin" else wholes
            into[normal_key(row["short"])] = normal_key(row["full"])
    in_words = {_told(tuple(short.split(" ")), translations)[0]: full for short, full in wholes.items()}
    return Phrases(begins), wholes, {words: full for words, full in in_words.items() if len(words) > 1}, translations
