"""Misspelt and run-together words, read as words that occur in the registry's names."""

from collections.abc import Mapping
from functools import lru_cache

from kakehashi.affiliations.linking.words import HEADS, index_word

MIN_CORRECTED = 6
"""Shorter words are not corrected: too many others are one letter away."""

MIN_PIECE = 4
"""Words that were run together have at least so many letters each."""

COMMON = 20
"""Run-together words without a type word (University) both occur in at least so many names."""

MAX_LETTERS = 40
"""Longer words are left as they are: nobody meant them."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Speller:
    """Reads words by the words of an index, which `counts` gives with the number of names each occurs in."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._read = lru_cache(maxsize=32_768)(self._meant)

    def meant(self, word: str, named: bool) -> tuple[str, ...]:
        """Return the words meant: mostly the word itself, else two run together (`universityof`) or one a letter away.

        `named`: whether the word stands beside a type word; elsewhere an unknown word is a street or a person.
        """
        if word in self._counts or not MIN_CORRECTED <= len(word) <= MAX_LETTERS or not word.isascii():
            return (word,)
        return self._read(word, named)

    def _meant(self, word: str, named: bool) -> tuple[str, ...]:
        counts = self._counts
        letters = word.rstrip("0123456789")
        if letters != word:
            known = index_word(letters)
            return (known,) if known in counts and len(known) >= MIN_PIECE else (word,)
        best = 0
        split: tuple[str, ...] = (word,)
        for at in range(2, len(word) - 1):
            left, right = index_word(word[:at]), index_word(word[at:])
            if min(at, len(word) - at) < MIN_PIECE and left and right:
                continue
            pieces = tuple(piece for piece in (left, right) if piece)
            weight = min((counts.get(piece, 0) for piece in pieces), default=0)
            if weight > best and (not HEADS.isdisjoint(pieces) or (weight >= COMMON and len(pieces) > 1)):
                best, split = weight, pieces
        if best:
            return split
        if not named:
            return (word,)
        nearest = max(_one_away(word), key=lambda other: (counts.get(other, 0), other))
        return (nearest,) if counts.get(nearest, 0) else (word,)


def _one_away(word: str) -> set[str]:
    """Return all words one letter left out, too many, changed or transposed away; the first letter stands."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    deleted = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS}
    added = {left + letter + right for left, right in cuts for letter in _LETTERS}
    return (deleted | swapped | changed | added) - {word}
