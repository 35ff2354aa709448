"""Labelled terms in thousands of texts at once: as `Phrases.find`, the longest at each place from left to right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kakehashi.fields.lookup import Bools, Ints, Lookup
from kakehashi.fields.phrases import MAX_LENGTH
from kakehashi.fields.taxonomy import Label


@dataclass(frozen=True)
class Cues:
    """The labelled terms that texts hold: arrays of texts x fields.

    Is one of the field met, is one met again, and the number of the first. any: (texts,) whether one of any field is.
    texts, terms: all terms met, those outside all fields too, and the text of each.
    """

    once: Bools
    again: Bools
    first: Ints
    any: Bools
    texts: Ints
    terms: Ints


class Terms:
    """Terms by the numbers of their words, as a tree: a branch leads from a node by a word to a node."""

    def __init__(
        self, terms: Mapping[tuple[str, ...], Label], numbers: Mapping[str, int], fields: tuple[str, ...]
    ) -> None:
        self.names = [label.keyword for label in terms.values()]
        place_of = {key: place for place, key in enumerate(sorted(terms))}
        self._places = np.array([place_of[key] for key in terms], dtype=np.int64)
        self._size = len(numbers) + 1
        branches: dict[int, int] = {}
        ends = {0: -1}
        for number, key in enumerate(terms):
            node = 0
            for word in key:
                node = branches.setdefault(node * self._size + numbers[word], len(branches) + 1)
            ends[node] = number
        self._branches = Lookup(branches)
        self._ends = np.array([ends.get(node, -1) for node in range(len(branches) + 1)], dtype=np.int64)
        self._roots = np.zeros(self._size, dtype=np.int64)
        for branch, node in branches.items():
            if branch < self._size:
                self._roots[branch] = node
        place = {field: number for number, field in enumerate(fields)}
        spoken = [[place[field] for field in label.fields if field in place] for label in terms.values()]
        self._fields = np.array([field for own in spoken for field in own], dtype=np.int64)
        self._starts = np.cumsum([0, *map(len, spoken)])
        self._width = len(fields)

    def met(self, flat: Ints, text: Ints, n: int) -> Cues:
        """Return the terms met in n texts: the numbers of their words, one text after the other, and the text of each.

        A term outside all fields hides those in it.
        """
        places, terms = self._found(flat, text)
        counts = np.diff(self._starts)[terms]
        owner = np.repeat(text[places], counts)
        offset = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        field = self._fields[np.repeat(self._starts[terms], counts) + offset]
        key, at, often = ordered(owner * self._width + field, n * self._width)
        once, again = (np.zeros(n * self._width, dtype=bool) for _ in range(2))
        first = np.full(n * self._width, -1, dtype=np.int64)
        once[key], again[key], first[key] = True, often > 1, np.repeat(terms, counts)[at]
        shape = (n, self._width)
        any_field = np.asarray(once.reshape(shape).any(axis=1))
        return Cues(once.reshape(shape), again.reshape(shape), first.reshape(shape), any_field, text[places], terms)

    def listed(self, cues: Sequence[Cues], n: int) -> pa.Array:
        """Return the terms that each of n texts holds in its parts: their numbers in the order of their words."""
        size = max(len(self._places), 1)
        met = [part.texts * size + self._places[part.terms] for part in cues]
        keys, _, _ = ordered(np.concatenate(met), n * size)
        starts = np.searchsorted(keys, np.arange(n + 1) * size).astype(np.int32)
        numbers = pa.ListArray.from_arrays(starts, pa.array(keys % size).cast(pa.string()))
        joined = pc.binary_join_element_wise("", pc.binary_join(numbers, ","), "", ",")
        return pc.if_else(np.diff(starts) > 0, joined, None)

    def _found(self, flat: Ints, text: Ints) -> tuple[Ints, Ints]:
        """Return the places where terms begin, and the terms; none begins within another."""
        places = np.flatnonzero(self._roots[flat])
        nodes = self._roots[flat[places]]
        best, length = self._ends[nodes], np.ones(len(places), dtype=np.int64)
        going = np.arange(len(places))
        for further in range(1, MAX_LENGTH):
            going = going[places[going] + further < len(flat)]
            going = going[text[places[going] + further] == text[places[going]]]
            words = flat[places[going] + further]
            asked = nodes[going] * self._size + words
            found = self._branches.find(asked, words > 0)
            going, found = going[found > 0], found[found > 0]
            nodes[going] = found
            ends = self._ends[nodes[going]]
            best[going] = np.where(ends >= 0, ends, best[going])
            length[going] = np.where(ends >= 0, further + 1, length[going])
        some = best >= 0
        places, best, length = places[some], best[some], length[some]
        kept = _apart(places, places + length)
        return places[kept], best[kept]


def _apart(begins: Ints, ends: Ints) -> Bools:
    """Tell which of the stretches, ordered by their beginnings, are taken from left to right: none within another."""
    taken = np.zeros(len(begins), dtype=bool)
    # One that begins behind all before it is taken whatever became of those; from there one leads to the next.
    at = np.flatnonzero(begins >= np.maximum.accumulate(np.append(0, ends[:-1]))[: len(begins)])
    until = np.append(at[1:], len(begins))
    following = np.searchsorted(begins, ends)
    while len(at):
        taken[at] = True
        going = following[at] < until
        at, until = following[at[going]], until[going]
    return taken


def ordered(keys: Ints, limit: int) -> tuple[Ints, Ints, Ints]:
    """Return each key, all below `limit`, in order, the place where it is met first, and how often it is met.

    As `np.unique` does, by one sort of whole numbers, which is many times as fast: a key and its place in one.
    """
    bits = max(len(keys), 1).bit_length()
    if limit >= 1 << (62 - bits):
        return np.unique(keys, return_index=True, return_counts=True)
    both = np.sort((keys << bits) | np.arange(len(keys)))
    keys = both >> bits
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    return keys[starts], both[starts] & ((1 << bits) - 1), np.diff(np.append(starts, len(keys)))
