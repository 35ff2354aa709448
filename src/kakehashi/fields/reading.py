"""What `model.read` says, for thousands of texts at once: the words as numbers, the sums as arrays.

A text costs a tenth of what it costs alone. The answers do not depend on which texts are read together, and equal
those of `model.read` but for the order in which weights are added.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from kakehashi.fields.linear import Floats
from kakehashi.fields.model import TELLING, Model, Read
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.taxonomy import Label
from kakehashi.fields.words import MAX_WORDS, PLAIN_WORD, SMALL, words

Ints = npt.NDArray[np.int64]
Text = tuple[str | None, str | None]

_SKIP, _UNKNOWN = -1, 0
_MARKS = ("<", "&", "$")


class _Numbers(dict[str, int]):
    """The number of each word as it is printed: that of its singular, 0 if nothing is known of it, -1 to skip it."""

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, word: str) -> int:
        if len(word) < 2 or word in SMALL:
            number = _SKIP
        else:
            (single,) = words(word)
            number = self._known.get(single, _UNKNOWN)
        self[word] = number
        return number


@dataclass(frozen=True)
class _Part:
    """What the model knows of titles, or of abstracts: the column of each word, and of each pair of words (sorted)."""

    letter: str
    words: Ints
    pairs: Ints
    columns: Ints


@dataclass(frozen=True)
class _Met:
    """Features met, ordered by work and column: the work, the column, which it was of the work's in reading order."""

    work: Ints
    column: Ints
    first: Ints
    value: Floats


class Reader:
    """Reads texts with one model and the terms of one label file."""

    def __init__(self, model: Model, phrases: Phrases) -> None:
        self._model, self._phrases = model, phrases
        begins = {word for key in phrases.terms for word in key}
        known = sorted(begins | {word for term in model.words for word in term.partition(":")[2].split(" ")})
        self._of = {word: number for number, word in enumerate(known, 1)}
        self._size = len(known) + 1
        self._numbers = _Numbers(self._of)
        self._idf = np.array([idf for _, idf in sorted(model.words.values())])
        self._names = [name for name, _ in sorted(model.words.items(), key=lambda item: item[1][0])]
        self._parts = tuple(self._part(letter) for letter in "ta")
        self._terms = {tuple(self._of[word] for word in key): label for key, label in phrases.terms.items()}
        self._single = np.zeros(self._size, dtype=bool)
        lengths: dict[int, list[int]] = {}
        for key in sorted(self._terms, key=len, reverse=True):
            self._single[key[0]] |= len(key) == 1
            if len(key) not in lengths.setdefault(key[0], []):
                lengths[key[0]].append(len(key))
        self._lengths = lengths
        self._prefixes = np.array(
            sorted({key[0] * self._size + key[1] for key in self._terms if len(key) > 1}), dtype=np.int64
        )
        self._cue_names = [(f"t:{field}", f"a:{field}") for field in model.fields]
        self._cues = {name: number for number, name in enumerate(sorted(model.cues))}
        self._cue_weights = np.array([model.cues[name] for name in self._cues]).reshape(-1, len(model.fields))

    def read(self, texts: Sequence[Text]) -> Iterator[list[Read]]:
        """Yield what each title and abstract say, for each field in the model's order."""
        model, n = self._model, len(texts)
        tokens = [[self._tokens(text[place]) for text in texts] for place in range(2)]
        cues = self._cues_met(tokens)
        met = self._features(tokens)
        parts = met.value[:, None] * model.weights[met.column]
        total = np.zeros((n, len(model.fields)))
        np.add.at(total, met.work, parts)
        of_work, of_cue = self._known_cues(cues)
        extra = np.zeros_like(total)
        np.add.at(extra, of_work, self._cue_weights[of_cue])
        total = model.intercept + total + extra
        telling = self._telling(met, parts)
        has_words = np.bincount(met.work, minlength=n) > 0
        for work, (scores, own, any_word) in enumerate(zip(total.tolist(), cues, has_words.tolist(), strict=True)):
            words_only = "words" if any_word or own.keys() - {"noabstract"} else None
            yield [
                self._answer(score, own, names, telling.get((work, place)), words_only)
                for place, (names, score) in enumerate(zip(self._cue_names, scores, strict=True))
            ]

    def _answer(
        self, score: float, cues: dict[str, str], names: tuple[str, str], name: str | None, words_only: str | None
    ) -> Read:
        for cue, part in zip(names, ("title", "abstract"), strict=True):
            if cue in cues:
                return Read(score, cues[cue], part)
        if name is None:
            return Read(score, None, words_only)
        letter, _, term = name.partition(":")
        return Read(score, term, "title" if letter == "t" else "abstract")

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
        keys = np.array(sorted(pairs), dtype=np.int64)
        return _Part(letter, single, keys, np.array([pairs[key] for key in keys.tolist()], dtype=np.int64))

    def _tokens(self, text: str | None) -> list[int]:
        """Return the numbers of a text's words, as `words` counts them."""
        if not text:
            return []
        if not text.isascii() or any(mark in text for mark in _MARKS):
            plain = unicodedata.normalize("NFKC", text)
            if not plain.isascii() or any(mark in text for mark in _MARKS):
                return [self._of.get(word, _UNKNOWN) for word in words(text)]
            text = plain
        numbers = self._numbers
        return [number for word in PLAIN_WORD.findall(text.lower()) if (number := numbers[word]) >= 0][:MAX_WORDS]

    def _features(self, tokens: list[list[list[int]]]) -> _Met:
        """Return the features that the model knows, with their weight by tf-idf to length 1."""
        works, columns = [], []
        for part, of_part in zip(self._parts, tokens, strict=True):
            flat, work = _flat(of_part)
            single = part.words[flat]
            pair = _found(part.pairs, part.columns, *self._pairs(flat, work))
            for found in (single, pair):
                known = np.flatnonzero(found >= 0)
                works.append(work[known])
                columns.append(found[known])
        work, column = np.concatenate(works), np.concatenate(columns)
        key, first, count = np.unique(work * len(self._idf) + column, return_index=True, return_counts=True)
        work, column = key // max(len(self._idf), 1), key % max(len(self._idf), 1)
        value = (1.0 + np.log(count)) * self._idf[column]
        length = np.sqrt(np.bincount(work, weights=value * value, minlength=len(tokens[0])))
        return _Met(work, column, first, value / np.where(length > 0, length, 1.0)[work])

    def _pairs(self, flat: Ints, work: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Return the number of each pair of neighbours (the last of all has none), and whether both belong together."""
        following = np.append(flat[1:], 0)
        together = (np.append(work[1:], -1) == work) & (flat > 0) & (following > 0)
        return flat * self._size + following, together

    def _telling(self, met: _Met, parts: Floats) -> dict[tuple[int, int], str]:
        """Return, by work and field, the feature that says most for it, where it says much: the first of equals."""
        if not len(met.work):
            return {}
        rows, fields = np.nonzero(parts >= TELLING)
        order = np.lexsort((-met.first[rows], parts[rows, fields]))
        rows, fields = rows[order], fields[order]
        best = dict(zip(zip(met.work[rows].tolist(), fields.tolist(), strict=True), rows.tolist(), strict=True))
        return {key: self._names[met.column[row]] for key, row in best.items()}

    def _cues_met(self, tokens: list[list[list[int]]]) -> list[dict[str, str]]:
        """Return the cues of each work, each with the term that was met, as `model.text_features` does."""
        cues: list[dict[str, str]] = [{} for _ in tokens[0]]
        for part, of_part in zip("ta", tokens, strict=True):
            met = [(work, field, label.keyword) for work, label in self._terms_met(of_part) for field in label.fields]
            often = Counter([(work, field) for work, field, _ in met])
            for work, field, term in met:
                own = cues[work]
                own.setdefault(f"{part}:{field}", term)
                if often[work, field] > 1:
                    own.setdefault(f"{part}2:{field}", term)
        for own, found in zip(cues, tokens[1], strict=True):
            if not found:
                own["noabstract"] = ""
        return cues

    def _terms_met(self, of_part: list[list[int]]) -> list[tuple[int, Label]]:
        """Return the labelled terms of each work as `Phrases.find` does: only where a term may begin is looked."""
        flat, work = _flat(of_part)
        pair, together = self._pairs(flat, work)
        may = self._single[flat] | (together & (_found(self._prefixes, self._prefixes, pair, together) >= 0))
        starts = np.cumsum([0, *(len(found) for found in of_part)])
        found: list[tuple[int, Label]] = []
        until = -1
        places = np.flatnonzero(may)
        owners = work[places]
        for place, owner, begin in zip(places.tolist(), owners.tolist(), starts[owners].tolist(), strict=True):
            if place < until:
                continue
            own, at = of_part[owner], place - begin
            for length in self._lengths[own[at]]:
                key = tuple(own[at : at + length])  # shorter at the end of a text
                label = self._terms.get(key)
                if label is not None:
                    found.append((owner, label))
                    until = place + len(key)
                    break
        return found

    def _known_cues(self, cues: list[dict[str, str]]) -> tuple[Ints, Ints]:
        numbers = self._cues
        known = [(work, numbers[cue]) for work, own in enumerate(cues) for cue in own if cue in numbers]
        table = np.array(known, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]


def _flat(of_part: list[list[int]]) -> tuple[Ints, Ints]:
    """Return the words of all texts one after the other, and the text of each."""
    sizes = np.array([len(found) for found in of_part], dtype=np.int64)
    flat = np.fromiter(chain.from_iterable(of_part), dtype=np.int64, count=int(sizes.sum()))
    return flat, np.repeat(np.arange(len(of_part)), sizes)


def _found(keys: Ints, answers: Ints, asked: Ints, of_use: npt.NDArray[np.bool_]) -> Ints:
    """Return the answer to each key asked for, -1 where it is not among the sorted keys or of no use."""
    result = np.full(len(asked), -1, dtype=np.int64)
    if len(keys):
        places = np.flatnonzero(of_use)
        wanted = asked[places]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        hit = keys[at] == wanted
        result[places[hit]] = answers[at[hit]]
    return result
