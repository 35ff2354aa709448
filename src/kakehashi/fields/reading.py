"""What `model.read` says, for thousands of texts at once: the words as numbers, the sums as arrays.

A text costs a tenth of what it costs alone. The answers do not depend on which texts are read together, and equal
those of `model.read` but for the order in which weights are added.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array

from kakehashi.fields.linear import Floats
from kakehashi.fields.lookup import Lookup
from kakehashi.fields.model import TELLING, Model, Read
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.terms import Cues, Terms, ordered
from kakehashi.fields.tokens import Tokens

Ints = npt.NDArray[np.int64]
Text = tuple[str | None, str | None]

PARTS = (None, "words", "title", "abstract")
"""Where a text says something for a field, by the number that `Said` gives it."""


@dataclass(frozen=True)
class _Part:
    """What the model knows of titles, or of abstracts: the column of each word, and of each pair of words."""

    words: Ints
    pairs: Lookup


@dataclass(frozen=True)
class _Met:
    """Features met, ordered by work and column: the work, the column, which it was of the work's in reading order."""

    work: Ints
    column: Ints
    first: Ints
    value: Floats


@dataclass(frozen=True)
class Said:
    """What texts say for each field: arrays of texts x fields.

    scores: the sums of weights. terms: the number of the term that says most in `Reader.names`, -1 where none says much
    by itself. parts: the place in `PARTS` of where it stands. met: (texts,) the numbers of the labelled terms met, in
    the order of the terms' words, as `,3,17,`; null where there are none.
    """

    scores: Floats
    terms: Ints
    parts: npt.NDArray[np.int8]
    met: pa.Array


class Reader:
    """Reads texts with one model and the terms of one label file."""

    def __init__(self, model: Model, phrases: Phrases) -> None:
        self._model = model
        begins = {word for key in phrases.terms for word in key}
        known = sorted(begins | {word for term in model.words for word in term.partition(":")[2].split(" ")})
        self._of = {word: number for number, word in enumerate(known, 1)}
        self._size = len(known) + 1
        self._tokens = Tokens(self._of)
        self._idf = np.array([idf for _, idf in sorted(model.words.values())])
        self._most = model.weights.max(axis=1, initial=0.0)
        names = [name.partition(":") for name, _ in sorted(model.words.items(), key=lambda item: item[1][0])]
        self._in_title = np.array([letter == "t" for letter, _, _ in names], dtype=bool)
        self._parts = tuple(self._part(letter) for letter in "ta")
        self._terms = Terms(phrases.terms, self._of, model.fields)
        # By the number that `Said` gives a term: those of the model's words, then the labelled ones.
        self.names = [term for _, _, term in names] + self._terms.names
        self._cues = {name: weights for name, weights in model.cues.items() if weights.any()}

    def read(self, texts: Sequence[Text]) -> Iterator[list[Read]]:
        """Yield what each title and abstract say, for each field in the model's order."""
        said = self.said(*(pa.array([text[place] for text in texts], pa.string()) for place in range(2)))
        for scores, terms, parts in zip(said.scores.tolist(), said.terms.tolist(), said.parts.tolist(), strict=True):
            yield [
                Read(score, self.names[term] if term >= 0 else None, PARTS[part])
                for score, term, part in zip(scores, terms, parts, strict=True)
            ]

    def said(self, titles: pa.Array, abstracts: pa.Array) -> Said:
        """Return what titles and abstracts say."""
        model, n = self._model, len(titles)
        flat = [self._tokens.flat(texts) for texts in (titles, abstracts)]
        met = self._features(flat, n)
        cues = [self._terms.met(*of_part, n) for of_part in flat]
        spoken = np.bincount(met.work, minlength=n) > 0
        spoken |= cues[0].any | cues[1].any
        parts = np.where(spoken[:, None], np.int8(1), np.int8(0)).repeat(len(model.fields), axis=1)
        terms = np.full(parts.shape, -1, dtype=np.int64)
        self._tell(met, terms, parts)
        for place in (1, 0):  # a term met in the title is named before one in the abstract
            of_part = cues[place]
            terms[of_part.once] = len(self._in_title) + of_part.first[of_part.once]
            parts[of_part.once] = 2 + place
        starts = np.searchsorted(met.work, np.arange(n + 1))
        rows = csr_array((met.value, met.column, starts), shape=(n, len(self._idf)))
        scores = model.intercept + rows @ model.weights + self._weighed_cues(cues, flat, n)
        return Said(scores, terms, parts, self._terms.listed(cues, n))

    def _part(self, letter: str) -> _Part:
        single = np.full(self._size, -1, dtype=np.int64)
        pairs: dict[int, int] = {}
        for name, (column, _) in self._model.words.items():
            kind, _, term = name.partition(":")
            if kind != letter:
                continue
            first, _, second = term.partition(" ")
            if second:
                pairs[self._of[first] * self._size + self._of[second]] = column
            else:
                single[self._of[first]] = column
        return _Part(single, Lookup(pairs))

    def _features(self, flat: list[tuple[Ints, Ints]], n: int) -> _Met:
        """Return the features that the model knows, with their weight by tf-idf to length 1."""
        works, columns = [], []
        for part, (numbers, work) in zip(self._parts, flat, strict=True):
            single = part.words[numbers]
            following = np.append(numbers[1:], 0)
            together = (np.append(work[1:], -1) == work) & (numbers > 0) & (following > 0)
            pair = part.pairs.find(numbers * self._size + following, together)
            for found in (single, pair):
                known = np.flatnonzero(found >= 0)
                works.append(work[known])
                columns.append(found[known])
        work, column = np.concatenate(works), np.concatenate(columns)
        size = max(len(self._idf), 1)
        key, first, count = ordered(work * size + column, n * size)
        work, column = key // size, key % size
        value = (1.0 + np.log(count)) * self._idf[column]
        length = np.sqrt(np.bincount(work, weights=value * value, minlength=n))
        return _Met(work, column, first, value / np.where(length > 0, length, 1.0)[work])

    def _tell(self, met: _Met, terms: Ints, parts: npt.NDArray[np.int8]) -> None:
        """Enter for each text and field the feature that says most for it, where it says much: the first of equals."""
        much = np.flatnonzero(met.value * self._most[met.column] >= TELLING)
        weighed = met.value[much, None] * self._model.weights[met.column[much]]
        rows, fields = np.nonzero(weighed >= TELLING)
        order = np.lexsort((-met.first[much[rows]], weighed[rows, fields]))
        rows, fields = much[rows[order]], fields[order]
        column = met.column[rows]
        terms[met.work[rows], fields] = column  # of those entered at one place the last one stays
        parts[met.work[rows], fields] = np.where(self._in_title[column], 2, 3)

    def _weighed_cues(self, cues: list[Cues], flat: list[tuple[Ints, Ints]], n: int) -> Floats:
        """Return what labelled terms weigh, and an abstract that is not there."""
        total = np.zeros((n, len(self._model.fields)))
        for letter, of_part in zip("ta", cues, strict=True):
            for place, field in enumerate(self._model.fields):
                for name, met in ((f"{letter}:{field}", of_part.once), (f"{letter}2:{field}", of_part.again)):
                    if name in self._cues:
                        total[met[:, place]] += self._cues[name]
        if "noabstract" in self._cues:
            total[np.bincount(flat[1][1], minlength=n) == 0] += self._cues["noabstract"]
        return total
