"""A second look at the works found: what their titles and keywords say of the need, weighed by learnt weights.

The ways of searching rank works by whole texts; a work is more likely an answer when its title names what is asked
for. The weights are in data/matching/second_look.toml, none of them negative; benchmarks/train_matching.py learns them.
"""

import math
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.bridge import bridge
from kakehashi.matching.latent import Vectors
from kakehashi.matching.need import Concept
from kakehashi.matching.schema import Record
from kakehashi.matching.store import Index
from kakehashi.matching.words import WORD, is_japanese, morphemes, normal, stem

SCORES = ("bag", "expanded", "dense", "meaning")
"""Ways of searching, by their scores from 0 to 1; meaning only where a pretrained encoder is installed."""
FEATURES = (*SCORES, "title", "likeness", "words", "nearness")
"""The scores, and what `features` says of the others."""
_LEAST_ALTERNATIVE = 0.5
_FURTHER_WORD = 0.3
_DIGITS = 6  # what the last bits of a product are depends on how many threads compute it

Floats = NDArray[np.float64]


@cache
def weights(*, meaning: bool) -> Floats:
    """Return the learnt weights in the order of FEATURES, their sum 1: with the score of the encoder, or without."""
    text = files("kakehashi.data").joinpath("matching/second_look.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["with_meaning" if meaning else "weights"]
    own = np.array([found.get(name, 0.0) for name in FEATURES])
    return np.asarray(own / own.sum())


def features(
    index: Index, concepts: Sequence[Concept], vector: Vectors | None, shares: Mapping[str, Mapping[int, float]],
    rows: Sequence[int], records: Mapping[int, Record],
) -> Floats:  # fmt: skip
    """Return what is weighed, works x FEATURES, each from 0 to 1.

    title: the share of the need's things that the title names, rare things counting more; likeness: how near, in the
    study's latent space, a word of title or keywords comes to each thing; words: the cosine of the words of title and
    keywords with those of the need; nearness: that of the work's vector with the need's.

    Args:
        index: the study's index.
        concepts: the things that the need names.
        vector: the need in the latent space; None where none of its words is known.
        shares: the scores, by the way of searching and the row.
        rows: the works.
        records: those works.
    """
    asked = _Asked(index, concepts)
    titles = [_stems(records[row].title) for row in rows]
    heads = _Heads([own | _stems(". ".join(records[row].keywords)) for own, row in zip(titles, rows, strict=True)])
    found = np.zeros((len(rows), len(FEATURES)))
    for place, name in enumerate(SCORES):
        found[:, place] = [shares.get(name, {}).get(row, 0.0) for row in rows]
    found[:, -4] = [asked.named(own) for own in titles]
    found[:, -3] = asked.likeness(heads)
    found[:, -2] = asked.cosine(heads)
    if vector is not None and len(rows):
        vectors = index.neighbours.vectors(rows)
        found[:, -1] = np.clip(np.array([vectors[row] for row in rows]) @ vector, 0, 1)
    return np.round(found, _DIGITS)


def _stems(text: str) -> frozenset[str]:
    """Return the stems of a title or of keywords; of Japanese ones also those of their terms' English."""
    if is_japanese(text):
        own = normal(text)
        english = [one for term in bridge().terms(own, morphemes(own)) for one in term.english]
        text = ". ".join([own, *english])
    return frozenset(found for word in WORD.findall(text.lower()) if (found := stem(word)))


class _Heads:
    """The words of works' titles and keywords: each distinct word once, and the works' words as numbers of these."""

    def __init__(self, heads: Sequence[frozenset[str]]) -> None:
        self.words = sorted(frozenset().union(*heads))
        numbers = {word: number for number, word in enumerate(self.words)}
        sizes = np.array([len(head) for head in heads], dtype=np.int64)
        self._works = len(heads)
        self._worded = np.flatnonzero(sizes)
        self._starts = (np.cumsum(sizes) - sizes)[self._worded]
        self._numbers = np.array([numbers[word] for head in heads for word in sorted(head)], dtype=np.int64)

    def over(self, operation: np.ufunc, values: NDArray[np.floating[Any]]) -> Floats:
        """Return the sum or the greatest of the values of each work's words, works x ...; 0 for a work without words.

        Args:
            operation: np.add or np.maximum.
            values: of the distinct words, words x ....
        """
        found = np.zeros((self._works, *values.shape[1:]))
        if len(self._worded):
            found[self._worded] = operation.reduceat(values[self._numbers], self._starts, axis=0)
        return found


@dataclass(frozen=True)
class _Name:
    """A name of a thing: the thing's number, what the name counts, its words with their shares of its rarity."""

    concept: int
    weight: float
    words: Mapping[str, float]


class _Asked:
    """What a need asks for, in the form in which titles and keywords are compared with it."""

    def __init__(self, index: Index, concepts: Sequence[Concept]) -> None:
        self._latent = index.latent
        self._index = index
        self._rarity: dict[str, float] = {}
        self._names: list[_Name] = []
        self._names_with: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._words: dict[str, float] = {}
        amounts = np.zeros(len(concepts))
        for number, concept in enumerate(concepts):
            english = [one for one in concept.alternatives if one.language == "en" and one.stems]
            for one in english:
                whole = sum(map(self._rare, one.stems))
                name = _Name(number, one.weight, {word: self._rare(word) / whole for word in one.stems})
                self._names.append(name)
                for word, share in name.words.items():
                    self._names_with[word].append((len(self._names) - 1, share))
                    self._words[word] = max(self._words.get(word, 0.0), concept.weight * one.weight)
            sure = [one for one in english if one.weight >= _LEAST_ALTERNATIVE and one.origin != "beside"]
            amounts[number] = concept.weight * min((self._rarity_of(one.stems) for one in sure), default=0.0)
        whole = amounts.sum()
        self._amounts = amounts / whole if whole > 0 else amounts
        self._length = sum((self._rare(word) * weight) ** 2 for word, weight in self._words.items()) ** 0.5

    def named(self, words: frozenset[str]) -> float:
        """Return the share of the things that are named, each by the best of its names, in part or in full."""
        met: dict[int, float] = defaultdict(float)
        for word in sorted(words & self._words.keys()):
            for place, share in self._names_with[word]:
                met[place] += share
        best: dict[int, float] = defaultdict(float)
        for place, share in met.items():
            name = self._names[place]
            best[name.concept] = max(best[name.concept], name.weight * min(share, 1.0))
        return math.fsum(share * self._amounts[concept] for concept, share in best.items())

    def cosine(self, heads: _Heads) -> Floats:
        """Return for each work the cosine of its words with those of the need, by rarity."""
        squares = self._rarities(heads.words) ** 2
        weights = np.array([self._words.get(word, 0.0) for word in heads.words])
        lengths = heads.over(np.add, squares) ** 0.5 * self._length
        both = heads.over(np.add, squares * weights)
        found: Floats = np.divide(both, lengths, out=np.zeros(len(both)), where=lengths > 0)
        return np.minimum(found, 1.0)

    def likeness(self, heads: _Heads) -> Floats:
        """Return for each work how near the nearest of its words comes to each thing, the mean over the things."""
        places = self._latent.places
        names = [(name, vector) for name in self._names if (vector := self._direction(name)) is not None]
        known = [number for number, word in enumerate(heads.words) if word in places]
        if not known or not names:
            return heads.over(np.add, np.zeros(len(heads.words)))
        vectors = self._latent.terms[[places[heads.words[number]] for number in known]]
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        near = np.zeros((len(heads.words), len(names)), dtype=np.float32)
        near[known] = np.maximum(vectors @ np.array([vector for _, vector in names]).T, 0.0)
        near *= np.array([name.weight for name, _ in names], dtype=np.float32)
        concepts, starts = np.unique([name.concept for name, _ in names], return_index=True)
        best = np.maximum.reduceat(heads.over(np.maximum, near), starts, axis=1)
        found: Floats = best @ self._amounts[concepts]
        return np.minimum(found, 1.0)

    def _direction(self, name: _Name) -> Vectors | None:
        """Return where a name points in the latent space, of length 1; None for what only stands beside a thing."""
        words = [word for word in name.words if word in self._latent.places]
        if name.weight < _LEAST_ALTERNATIVE or not words:
            return None
        terms = self._latent.terms[[self._latent.places[word] for word in words]]
        terms = terms / np.maximum(np.linalg.norm(terms, axis=1, keepdims=True), 1e-9)
        found = np.array([self._rare(word) for word in words], dtype=np.float32) @ terms
        size = float(np.linalg.norm(found))
        return np.asarray(found / size) if size > 0 else None

    def _rarity_of(self, words: Sequence[str]) -> float:
        """Return how rare a name is: its rarest word and a part of the others, for they go together."""
        first, *others = sorted(map(self._rare, words), reverse=True)
        return first + _FURTHER_WORD * sum(others)

    def _rare(self, word: str) -> float:
        """Return the inverse document frequency of a word of the need, as BM25 has it."""
        if word not in self._rarity:
            works = self._index.works_with_word(word)
            self._rarity[word] = float(np.log1p((self._index.works - works + 0.5) / (works + 0.5)))
        return self._rarity[word]

    def _rarities(self, words: Sequence[str]) -> Floats:
        """Return the same of any words, from the latent space; 0 where one is unknown there, as misspellings are."""
        places = np.array([self._latent.places.get(word, -1) for word in words], dtype=np.int64)
        known = places >= 0
        found = np.zeros(len(words))
        found[known] = self._latent.idf[places[known]] - 1
        for number, word in enumerate(words):
            if word in self._words:
                found[number] = self._rare(word)
        return found
