"""Labelled terms met in running text: the longest at each place, read from left to right."""

from collections.abc import Iterator, Mapping

from kakehashi.fields.keywords import spelling
from kakehashi.fields.taxonomy import Label
from kakehashi.fields.words import words

MAX_LENGTH = 5
"""Longer terms are not looked for."""


class Phrases:
    """The terms of a label file by their words, known abbreviations among them. Of two terms alike, one with fields."""

    def __init__(self, labels: Mapping[str, Label]) -> None:
        self.terms: dict[tuple[str, ...], Label] = {}
        short = [(form, standard) for form, standard in spelling().phrases.items() if standard in labels]
        for form, standard in [*((term, term) for term in labels), *short]:
            key, label = tuple(words(form)), labels[standard]
            known = self.terms.get(key)
            if key and len(key) <= MAX_LENGTH and (known is None or not known.fields):
                self.terms[key] = label
        self._lengths: dict[str, tuple[int, ...]] = {}
        for key in sorted(self.terms, key=len, reverse=True):
            found = self._lengths.get(key[0], ())
            if len(key) not in found:
                self._lengths[key[0]] = (*found, len(key))

    def find(self, tokens: list[str]) -> Iterator[Label]:
        """Yield the labels of the terms in a text, given as its words. A term outside all fields hides those in it."""
        place = 0
        while place < len(tokens):
            length = self._match(tokens, place)
            if length:
                yield self.terms[tuple(tokens[place : place + length])]
            place += length or 1

    def _match(self, tokens: list[str], place: int) -> int:
        for length in self._lengths.get(tokens[place], ()):
            if tuple(tokens[place : place + length]) in self.terms:
                return length
        return 0
