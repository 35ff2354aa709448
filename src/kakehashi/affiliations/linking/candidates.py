"""Candidates: the stretches of words that are, or nearly are, a name of the registry."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kakehashi.affiliations.linking.index import MAX_WORDS, MIN_LETTERS, STEM, Index, bag, joined, stems
from kakehashi.affiliations.linking.rarity import rarity
from kakehashi.affiliations.linking.spelling import Speller, misspelt_heads
from kakehashi.affiliations.linking.words import HEADS, directions, index_word, index_words

EXACT, REORDERED, JOINED, ABBREVIATED, CORRECTED, SIMILAR = range(6)
MANNERS = ("exact", "reordered", "joined", "abbreviated", "corrected", "similar")
"""How the words of the string are those of the name."""

RARE = 60
"""Similar names are looked for under words of at most so many names: the others would lead to too many."""

MIN_SIMILAR = 0.55
"""Similar names share at least this much of their weight: rarities of the common words over those of all words."""


_LEAST = MIN_SIMILAR - 1e-6
"""Less than what rounding may take from MIN_SIMILAR."""

DIRECTIONS = frozenset(("n", "no", "s", "so", "e", "w"))
"""Points of the compass as Web of Science abbreviates them."""

SAME_FORM = 4
"""Forms of one word share at least so many first letters: technology, technical."""


class Span(NamedTuple):
    """Words [first, last) of a part, and the key of the registry that they are."""

    first: int
    last: int
    key: str
    manner: int
    likeness: float


class Words(NamedTuple):
    """The index words of a part, the token each comes from, and the positions of those that were corrected.

    `longest`: how many words the longest name has that begins with a word and the one behind it; 0 for none.
    """

    words: tuple[str, ...]
    tokens: tuple[int, ...]
    corrected: frozenset[int]
    longest: tuple[int, ...]


class Left(NamedTuple):
    """What a part brings to a name that runs over the comma behind it.

    `reaching`: where such names may begin, and how many words they have at most. `may`: whether all of it may be the
    beginning of a name met loosely: in another order (`sizes`: bits for the numbers of words that names with all of
    its words have) or, if `broken`, in other breaks or shortened. `typed`: whether it has a type word.
    """

    reaching: tuple[tuple[int, int], ...]
    may: bool
    typed: bool
    sizes: int
    broken: bool


ALL_SIZES = (1 << (MAX_WORDS + 1)) - 1

_GLANCE, _BEGIN = 2 * MIN_LETTERS, 2
"""So many letters, and stems, of a name are looked at first: most words begin no name that is met loosely."""


class Finder:
    """Finds the names of one index in the words of a part."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._speller = Speller(index.counts)
        self._under: dict[str, list[str]] = defaultdict(list)
        for keys in index.bags.values():
            for key in keys:
                for word in set(key.split(" ")):
                    if index.counts[word] <= RARE:
                        self._under[word].append(key)
        # What names that are met loosely have: to look at it takes less than to make their other spellings.
        self._sizes: dict[str, int] = {}
        for signature in index.bags:
            words = signature.split(" ")
            bit = 1 << len(words)
            for word in words:
                self._sizes[word] = self._sizes.get(word, 0) | bit
        self._joins = {letters[:_GLANCE] for letters in index.joined}
        self._stems = {" ".join(short.split(" ", _BEGIN)[:_BEGIN]) for short in index.stems}
        self._similar = lru_cache(maxsize=8_192)(self._find_similar)

    def words(self, forms: Sequence[str], glued: Mapping[int, Sequence[str]] | None = None) -> Words:
        """Return the index words of a part's folded words; misspelt ones corrected, run-together ones cut.

        `glued`: positions of words with a capital inside, and what stands on either side of it (BrisbaneAustralia).
        """
        words: list[str] = []
        tokens: list[int] = []
        wrong: list[int] = []
        plain = [index_word(form) for form in forms]
        named = not HEADS.isdisjoint(plain) or not misspelt_heads().keys().isdisjoint(plain)
        if named and not DIRECTIONS.isdisjoint(forms):
            plain = _directed(forms, plain)
        for position, word in enumerate(plain):
            if not word:
                continue
            pieces: Sequence[str] = self._speller.meant(word, named)
            if glued and position in glued and tuple(pieces) == (word,) and word not in self._index.counts:
                pieces = index_words(glued[position])
            if len(pieces) == 1 and pieces[0] != word:
                wrong.append(len(words))
            words.extend(pieces)
            tokens.extend([position] * len(pieces))
        return Words(tuple(words), tuple(tokens), frozenset(wrong), self._longest(words))

    def _longest(self, words: Sequence[str]) -> tuple[int, ...]:
        longest = self._index.longest
        return tuple([longest.get(f"{word} {after}", 0) for word, after in pairwise(words)])

    def find(self, listed: Words) -> list[Span]:
        """Return every stretch that is a name: as it stands, in another order, unbroken, abbreviated, or like one."""
        words = listed.words
        found = self._exact(listed)
        taken = {(span.first, span.last) for span in found}
        named = [(first, last) for first, last in taken if last - first > 1]
        confused = self._index.confused
        for first, last in _windows(words):
            if (first, last) not in taken:
                taken.add((first, last))
                found.extend(self.loosely(words[first:last], first))
                if last - first == 2 and (key := confused.get(" ".join(words[first:last]))) is not None:
                    found.append(Span(first, last, key, CORRECTED, 1.0))
        if 1 < len(words) <= MAX_WORDS and not any(last - first >= len(words) - 1 for first, last in named):
            found.extend(self._similar(words))
        return found

    def _exact(self, listed: Words) -> list[Span]:
        words, corrected = listed.words, listed.corrected
        names = self._index.names
        found = [
            Span(first, first + 1, word, CORRECTED if first in corrected else EXACT, 1.0)
            for first, word in enumerate(words) if word in names
        ]  # fmt: skip
        for first, most in enumerate(listed.longest):
            for last in range(first + 2, min(first + most, len(words)) + 1):
                key = " ".join(words[first:last])
                if key in names:
                    right = corrected.isdisjoint(range(first, last))
                    found.append(Span(first, last, key, EXACT if right else CORRECTED, 1.0))
        return found

    def loosely(self, words: Sequence[str], begin: int = 0) -> Iterator[Span]:
        """Yield the names that have just these words in another order, other breaks, or written out in full."""
        index, last = self._index, begin + len(words)
        for signature, keys, manner in ((bag, index.bags, REORDERED), (joined, index.joined, JOINED)):
            named = keys.get(signature(words))
            if named is not None:
                for key in named:
                    yield Span(begin, last, key, manner, 1.0)
                return
        for key in index.stems.get(stems(words), ()):
            full = key.split(" ")
            if all(_abbreviates(short, long) for long, short in zip(full, words, strict=True)):
                yield Span(begin, last, key, ABBREVIATED, 1.0)

    def _find_similar(self, words: tuple[str, ...]) -> list[Span]:
        """Return the three names most like a whole part, between the first and last word that they share with it."""
        own = {word for word in words if not word[0].isdigit()}
        rarest = sorted(
            (word for word in own if word in self._under), key=lambda word: (self._index.counts[word], word)
        )[:2]
        tells = {word: rarity(word) for word in own}
        weight = sum([tells[word] for word in sorted(own)])
        own_name = own.difference(self._index.towns)
        scored = []
        for key in dict.fromkeys(key for word in rarest for key in self._under[word]):
            name = key.split(" ")
            common = sum([tells[word] for word in name if word in tells])
            if common < _LEAST * weight:  # its other words would make it less
                continue
            share = common / (weight + sum(rarity(word) for word in name if word not in own))
            if share >= MIN_SIMILAR and not own_name.isdisjoint(name):  # a town alone is no name
                scored.append((round(share, 3), key, own.intersection(name)))
        scored.sort(key=lambda one: (-one[0], one[1]))
        out = []
        for share, key, shared in scored[:3]:
            places = [position for position, word in enumerate(words) if word in shared]
            out.append(Span(places[0], places[-1] + 1, key, SIMILAR, share))
        return out

    def may_cross(self, left: Sequence[str], right: Sequence[str], begin: Left) -> bool:
        """Return whether a name may run over the comma between two parts that have words; mostly none does."""
        if begin.may and (begin.typed or not HEADS.isdisjoint(right)):
            whole = len(left) + len(right)
            if whole <= MAX_WORDS and (begin.broken or begin.sizes >> whole & 1):
                return True
        return self._index.tables.adjoin(left[-1], right[0])

    def across(
        self, left: Sequence[str], right: Sequence[str], begin: Left | None = None
    ) -> list[tuple[int, int, str, int]]:
        """Return the names that run over the comma between two parts: first word in the left, end in the right one.

        `begin`: what the left part brings to them, where that is known.
        """
        names, size = self._index.names, len(left)
        begin = begin or self.left(left, self._longest(left))
        joint = self._index.longest.get(f"{left[-1]} {right[0]}", 0) if left and right else 0
        if not joint and not begin.reaching and not begin.may:
            return []
        found, whole = [], size + len(right)
        if joint or begin.reaching:
            words = (*left, *right)
            for first, most in (*begin.reaching, (size - 1, joint)):
                for last in range(size + 1, min(first + most, whole) + 1):
                    key = " ".join(words[first:last])
                    if key in names:
                        found.append((first, last - size, key, EXACT))
        if found or not begin.may or whole > MAX_WORDS or not (begin.typed or not HEADS.isdisjoint(right)):
            return found
        bit = 1 << whole
        if begin.broken or (begin.sizes & bit and all([self._sizes.get(word, 0) & bit for word in right])):  # noqa: C419
            found = [(0, len(right), span.key, span.manner) for span in self.loosely((*left, *right))]
        return found

    def left(self, left: Sequence[str], longest: Sequence[int]) -> Left:
        """Return what a part, given by its words and `Words.longest`, brings to names over the comma behind it."""
        end = len(left)
        reaching = [
            (first, most) for first, most in enumerate(longest) if first + most > end and first >= end - MAX_WORDS
        ]  # fmt: skip
        sizes = ALL_SIZES
        for word in left:
            sizes &= self._sizes.get(word, 0)
        letters, short = "".join(left)[:_GLANCE], " ".join([word[:STEM] for word in left[:_BEGIN]])
        broken = len(letters) < _GLANCE or letters in self._joins or end < _BEGIN or short in self._stems
        # Universidad de Chile, Santiago is no Santiago de Chile
        apart = end > 1 and " ".join(left) in self._index.names
        may = not apart and bool(sizes or broken)
        return Left(tuple(reaching), may, not HEADS.isdisjoint(left), sizes, broken)


def _directed(forms: Sequence[str], plain: list[str]) -> list[str]:
    """Spell out `N` in `Univ N Carolina`: a letter before a word that regions are told apart by."""
    table = directions()
    return [
        table.get((form, plain[at + 1]), plain[at]) if form in DIRECTIONS and at + 1 < len(forms) else plain[at]
        for at, form in enumerate(forms)
    ]


def _abbreviates(short: str, long: str) -> bool:
    """Whether a word may stand for another: its beginning, or spelled out as another form of it (tech: technology)."""
    return long.startswith(short) or (len(short) > SAME_FORM and long[:SAME_FORM] == short[:SAME_FORM])


def _windows(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that may be a name in another order: words around a type word, and the whole part."""
    end = len(words)
    for at, word in enumerate(words):
        if word in HEADS:
            for first, last in ((at - 1, at + 1), (at, at + 2), (at - 2, at + 1), (at, at + 3), (at - 1, at + 2)):
                if first >= 0 and last <= end:
                    yield first, last
    if 1 < end <= MAX_WORDS:
        yield 0, end
