"""Katakana words met with the English words of a corpus: a fallback for terms that no list holds.

Both are reduced to the consonants that Japanese writes. Words that agree in them are compared as a whole, a Japanese
word read in Latin letters against the English one respelt as Japanese would hear it.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import JaroWinkler

from kakehashi.data.read import csv_rows

_LEAST = 0.78
_LEAST_PART = 0.82
_FREQUENT = 0.015
"""What each e-fold of a word's works adds to its likeness: of two words that sound alike the usual one is meant."""

_PARTING = 0.05
_LEAST_SIGNS = 3
_SILENT = (r"[^a-z]", "")
_RULES: tuple[tuple[str, str], ...] = (
    (r"tion|sion|cian|tian", "shon"), (r"tch", "ch"), (r"ture", "cha"), (r"ph", "f"), (r"gh", ""), (r"ck", "k"),
    (r"sch", "sk"), (r"th", "s"), (r"sc(?=[eiy])", "s"), (r"dge", "j"), (r"^kn", "n"), (r"^wr", "r"), (r"wh", "w"),
    (r"qu", "kw"), (r"x", "ks"), (r"c(?=[eiy])", "s"), (r"c(?!h)", "k"), (r"g(?=[eiy])", "j"), (r"v", "b"),
    (r"[eoa]r$|(?<=t)re$", "a"), (r"[eiu]r(?![aeiouy])", "a"), (r"(?<=[aeiou])r(?![aeiouy])", ""), (r"l", "r"),
    (r"^us", "yuz"), (r"m(?=[pb])", "n"), (r"(?<=[^aeiou])e$", ""), (r"ee|ea", "i"), (r"oo", "u"), (r"ai|ay|ei", "e"),
    (r"(.)\1+", r"\1"),
)  # fmt: skip
_HARD = tuple((pattern, "g") if pattern.startswith("g(?=") else (pattern, target) for pattern, target in _RULES)
_GREEK = tuple((r"ch", "k") if pattern == "tch" else (pattern, target) for pattern, target in _RULES)
_READINGS = (_RULES, _HARD, _GREEK)
_COARSE: tuple[tuple[str, str], ...] = (
    (r"sh|ts|z|j", "s"), (r"ch", "t"), (r"h", "f"), (r"[aeiouyw]", ""), (r"n(?=[pb])", "n"), (r"(.)\1+", r"\1"),
)  # fmt: skip
_SMALL = "ァィゥェォャュョ"


@dataclass(frozen=True)
class Heard:
    """English words that a katakana word may be, the likeliest first, each with its likeness from 0 to 1."""

    words: tuple[str, ...]
    likeness: float


def consonants(katakana: str) -> str:
    """Return the consonants of a katakana word, those alike made one."""
    return _coarse(roman(katakana))


@lru_cache(maxsize=10_000)
def roman(katakana: str) -> str:
    """Return a katakana word in Latin letters; vowels that Japanese must add behind a consonant are left out."""
    out = ""
    for place, sign in enumerate(katakana):
        sound = _signs().get(sign, "")
        if sign in _SMALL and out:
            out = out.rstrip("aiueo") + sound
            continue
        after = katakana[place + 1 : place + 2]
        if len(sound) > 1 and (sound.endswith("u") or sound in ("to", "do")) and not (after and after in _SMALL + "ー"):
            sound = sound[:-1]
        out += sound
    return re.sub(r"(.)\1+", r"\1", out)


@lru_cache(maxsize=100_000)
def spoken(word: str) -> tuple[str, ...]:
    """Return an English word as Japanese may hear it: g and ch have two sounds."""
    return tuple(dict.fromkeys(_replaced(re.sub(*_SILENT, word.lower()), rules) for rules in _READINGS))


def _coarse(sound: str) -> str:
    return _replaced(sound, _COARSE)


def _replaced(text: str, rules: Sequence[tuple[str, str]]) -> str:
    for pattern, target in rules:
        text = re.sub(pattern, target, text)
    return text


class Hearing:
    """Finds the words of a vocabulary, given with the works they occur in, that katakana words may be."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._works = vocabulary
        self._by_skeleton: dict[str, list[str]] = {}
        for word in sorted(vocabulary):
            if len(word) > 2 and word.isascii() and word.isalpha():
                for skeleton in {_coarse(sound) for sound in spoken(word)}:
                    if skeleton:
                        self._by_skeleton.setdefault(skeleton, []).append(word)

    def heard(self, katakana: str) -> Heard | None:
        """Return what a katakana word may be: one English word or up to three in a row; None where nothing fits."""
        parts = [part for part in katakana.split("・") if part]
        if len(parts) > 1:
            return self._joined([self._split(part) for part in parts])
        return self._split(katakana)

    def _split(self, katakana: str) -> Heard | None:
        best = self._one(katakana, _LEAST)
        most = best.likeness if best else 0.0
        for cut in _cuts(katakana):
            heard = self._joined([self._one(part, _LEAST_PART) for part in cut])
            likeness = heard.likeness - _PARTING * (len(cut) - 1) if heard else 0.0
            if likeness > most:
                best, most = heard, likeness
        return best

    def _one(self, katakana: str, least: float) -> Heard | None:
        if len(katakana) < _LEAST_SIGNS:
            return None
        sound = roman(katakana)
        rated = []
        for word in self._by_skeleton.get(consonants(katakana), ()):
            likeness = max(JaroWinkler.similarity(sound, one) for one in spoken(word))
            if likeness >= least:
                rated.append((likeness + _FREQUENT * math.log(self._works[word]), word))
        return Heard((max(rated)[1],), min(max(rated)[0], 1.1)) if rated else None

    @staticmethod
    def _joined(heard: Iterable[Heard | None]) -> Heard | None:
        parts = list(heard)
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return None
        return Heard(tuple(word for part in found for word in part.words), min(part.likeness for part in found))


def _cuts(katakana: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to part a long word into two or three."""
    places = range(_LEAST_SIGNS, len(katakana) - _LEAST_SIGNS + 1)
    ends = [at for at in places if katakana[at] not in "ーッャュョァィゥェォン"]
    for first in ends:
        yield katakana[:first], katakana[first:]
        for second in ends:
            if second - first >= _LEAST_SIGNS:
                yield katakana[:first], katakana[first:second], katakana[second:]


@cache
def _signs() -> Mapping[str, str]:
    return {row["sign"]: row["sound"] for row in csv_rows("matching/katakana.csv")}
