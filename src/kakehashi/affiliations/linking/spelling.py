"""Misspelt and run-together words, read as words that occur in the registry's names."""

from collections.abc import Mapping
from functools import cache, lru_cache

from kakehashi.affiliations.linking.rarity import word_counts
from kakehashi.affiliations.linking.words import HEADS, index_word
from kakehashi.affiliations.lists import small_words

MIN_CORRECTED = 6
"""Shorter words are not corrected: too many others are one letter away."""

MIN_PIECE = 4
"""Words that were run together have at least so many letters each, unless they are dropped anyway (of, the)."""

COMMON = 20
"""Run-together words without a type word (University) both occur in at least so many names."""

MAX_LETTERS = 40
"""Longer words are left as they are: nobody meant them."""

MAX_PIECES = 4

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Speller:
    """Reads words by those of an index, for which `counts` gives the number of names with them, and by common ones."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = {**counts, **word_counts()}
        self._read = lru_cache(maxsize=32_768)(self._meant)

    def meant(self, word: str, named: bool) -> tuple[str, ...]:
        """Return the words meant: mostly the word itself, else several run together or one that is a letter away.

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
        head = misspelt_heads().get(word)
        if head is not None:
            return (head,)
        pieces = self._pieces(word, MAX_PIECES)
        if pieces:
            return pieces
        if not named:
            return (word,)
        near = [(number, other) for other in one_away(word) if (number := counts.get(other, 0))]
        return (max(near)[1],) if near else (word,)

    def _pieces(self, word: str, most: int) -> tuple[str, ...]:
        """Cut `universityoftokyo` into known words; () where it is no such thing. The longest first word wins."""
        spoken = small_words("unspoken")
        for at in range(len(word) - 2, 1, -1):
            left, right = word[:at], word[at:]
            first = () if left in spoken else self._known(left)
            if first is None:
                continue
            rest = () if right in spoken else self._known(right)
            if rest is None and most > 2:
                rest = self._pieces(right, most - 1) or None
            if rest is not None and (first or rest):
                return (*first, *rest)
        return ()

    def _known(self, word: str) -> tuple[str, ...] | None:
        known = index_word(word)
        if known in HEADS or (len(word) >= MIN_PIECE and self._counts.get(known, 0) >= COMMON):
            return (known,)
        return None


@cache
def misspelt_heads() -> Mapping[str, str]:
    """Return the ways to misspell a type word by one letter: `univercity`, `insitute`."""
    return {wrong: head for head in sorted(HEADS) if len(head) > MIN_CORRECTED for wrong in one_away(head)}


def one_away(word: str) -> set[str]:
    """Return all words one letter left out, too many, changed or transposed away; the first letter stands."""
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    deleted = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS}
    added = {left + letter + right for left, right in cuts for letter in _LETTERS}
    return (deleted | swapped | changed | added) - {word}
