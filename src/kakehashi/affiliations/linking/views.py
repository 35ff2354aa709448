"""A part of an address as the linker sees it: the names it holds, with what can be said of them within the part.

Parts repeat across strings, so all of this is computed once per text.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import count
from typing import NamedTuple

from kakehashi.affiliations.linking.aliases import aliases
from kakehashi.affiliations.linking.blocks import Edges, Posting
from kakehashi.affiliations.linking.candidates import SIMILAR, Finder, Left, Span
from kakehashi.affiliations.linking.index import ACRONYM, DISPLAY, LABEL, PLACED, Index
from kakehashi.affiliations.linking.stretches import AND, NOTHING, ONE, Stretches, Where, stretches, told
from kakehashi.affiliations.linking.surroundings import glued
from kakehashi.affiliations.linking.words import HEADS, legal_forms
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.places import is_bare_code
from kakehashi.affiliations.text import forms

CROWDED = 10
"""What a name of more organisations names is listed once: there are few of them, of up to a thousand organisations."""

_NUMBERS = count()

MIN_CAPITALISED = 5
"""Acronyms of so many letters are also printed as words (Inria, Inserm), where nothing else stands in the part."""

MIN_CAPITALS = 3
"""So many capitals in a word that stands alone are an acronym too, whatever is between them (INRAe, STScI)."""


class Named(NamedTuple):
    """Words [first, last) of a part that name some organisations; `said`: the model's inputs that all of them share.

    They are: words, head, left, right, link before, link after, inside, around, rarity, letters, generic, bracketed,
    behind.
    """

    first: int
    last: int
    postings: tuple[Posting, ...]
    said: tuple[float, ...]
    text: str


class View(NamedTuple):
    """What a part holds. `bare` parts (departments, streets, places) name nothing.

    `number` tells views apart: short where the text would be long.
    `towns` are numbers of towns and regions of the registry with the words they cover; `placed` those that stand where
    addresses put places, `regions` the codes of such regions (`USCA`). `joints` are the pairs of a token that one name
    ends before and a token that another begins with, between which only `and` or a stroke stands. `begins`
    is what the part brings to names over the comma behind it. `initials` are the first letters of the words.
    """

    number: int
    words: tuple[str, ...]
    tokens: tuple[int, ...]
    names: tuple[Named, ...]
    towns: tuple[tuple[int, int, int], ...]
    heads: int
    bare: bool
    placed: tuple[int, ...]
    regions: tuple[str, ...]
    joints: frozenset[tuple[int, int]]
    begins: Left
    initials: str


class Viewer:
    """Makes and keeps the views of parts for one index."""

    def __init__(self, index: Index) -> None:
        self.finder = Finder(index)
        self._index = index
        self._mixed = frozenset(index.tables.mixed)
        self._town_starts = {key.split(" ", 1)[0] for key in index.towns if " " in key}
        self._crowded: dict[tuple[str, int, float], tuple[Posting, ...]] = {}

    def view(self, facts: Facts) -> View:
        """Return the view of a part. It is kept with the facts, and gone with them."""
        memo = facts.memo
        if memo is not None and memo[0] is self:
            return memo[1]  # type: ignore[return-value]
        view = self._make(facts)
        facts.memo = (self, view)
        return view

    def _make(self, facts: Facts) -> View:
        part = self._stretches(facts)
        listed = part.listed
        towns = tuple(self._towns(listed.words))
        names = _pruned(self._names(part, {(first, last) for _, first, last in towns}), listed.words)
        telling = any(name.last - name.first > 1 or name.text.isupper() for name in names)
        return View(
            next(_NUMBERS), listed.words, listed.tokens, tuple(names), towns,
            sum(word in HEADS for word in listed.words),
            not names or (facts.role.unit_start and not telling),
            tuple([
                town for town, first, last in towns
                if listed.tokens[first] in part.placed or (not names and last - first == len(listed.words))
            ]),
            tuple(
                one.country + one.region
                for place in facts.places if place.placed
                for one in place.readings if one.kind == "region" and one.region and not is_bare_code(one)
            ),
            part.joints,
            self.finder.left(listed.words, listed.longest),
            "".join([word[0] for word in listed.words]),
        )  # fmt: skip

    def _stretches(self, facts: Facts) -> Stretches:
        listed = self.finder.words(facts.words.forms, glued(facts))
        placed = {token for place in facts.places if place.placed for token in range(place.first, place.last)}
        groups: dict[Where, list[Span]] = {}
        spans = self.finder.find(listed)
        alike = bool(spans) and spans[-1].manner == SIMILAR  # those come last
        for span in spans:
            if span.manner != SIMILAR or not placed.issuperset(listed.tokens[span.first : span.last]):
                groups.setdefault((span.first, span.last), []).append(span)  # a place is not like a name: it is a place
        if alike:
            self._drop_likenesses(groups)
        return stretches(facts, listed, groups, placed)

    def _names(self, part: Stretches, towns: Collection[Where]) -> list[Named]:
        """Return the stretches that name something: `towns` are those that are a town or region of the registry."""
        facts, tokens = part.facts, part.listed.tokens
        places = {(place.first, place.last) for place in facts.places if place.placed}
        found = []
        for where in sorted(part.spans):
            begin, end = tokens[where[0]], tokens[where[1] - 1] + 1
            is_place = (begin, end) in places  # Menlo Park is not Menlo
            if is_place and where[1] - where[0] > 1:  # INRAE, Orléans, Centre Val de Loire
                continue
            raw = facts.span(begin, end)
            postings = self._postings(part.spans[where], raw, alone=len(tokens) == 1)
            if not AND.isdisjoint(facts.words.forms[begin : end - 1]):
                postings = tuple([posting for posting in postings if self._has_and(posting[0], posting[3])])
            if where[1] - where[0] == 1 and begin in part.placed:  # Shibuya, Tokyo; Bellevue, WA
                postings = tuple([
                    one for one in postings if is_place and one[1] <= LABEL and not self._is(one[0], "company")
                ])  # fmt: skip
            if where in towns:  # the Australian Capital Territory is not its government, which goes by it
                postings = tuple([one for one in postings if one[1] == DISPLAY or not self._is(one[0], "government")])
            if postings:
                found.append(Named(*where, postings, part.said(where, raw), raw))
        return found

    def _drop_likenesses(self, groups: dict[Where, list[Span]]) -> None:
        """Leave out names that the words are only like, of organisations that a stretch of them names outright."""
        names = self._index.names
        outright = {
            number
            for (first, last), spans in groups.items() if last - first > 1
            for span in spans if span.manner != SIMILAR
            for number, _ in names[span.key]
        }  # fmt: skip
        for where, spans in list(groups.items()):
            kept = [
                span for span in spans
                if span.manner != SIMILAR or any(number not in outright for number, _ in names[span.key])
            ]  # fmt: skip
            if kept:
                groups[where] = kept
            else:
                del groups[where]

    def _postings(self, spans: Sequence[Span], raw: str, *, alone: bool = False) -> tuple[Posting, ...]:
        """Return the organisations of a stretch, each by its best name. Acronyms count in capitals or as registered."""
        capitals = raw.isupper() or (alone and (
            (len(raw) >= MIN_CAPITALISED and raw.istitle()) or sum(map(str.isupper, raw)) >= MIN_CAPITALS
        ))  # fmt: skip
        if len(spans) == 1:  # most are: there is nothing to compare
            return self._named(spans[0], raw, capitals=capitals)
        found: dict[int, Posting] = {}
        for span in spans:
            for one in self._named(span, raw, capitals=capitals):
                number = one[0]
                if number not in found or (one[2], one[1]) < (found[number][2], found[number][1]):
                    found[number] = one
        return tuple(found.values())

    def _named(self, span: Span, raw: str, *, capitals: bool) -> tuple[Posting, ...]:
        key, manner, likeness = span[2:]
        names = self._index.names[key]
        crowded = len(names) > CROWDED
        if crowded and (known := self._crowded.get(span[2:])) is not None:
            return known
        if not capitals and any([kind == ACRONYM for _, kind in names]):  # noqa: C419 - a list is faster here
            printed = raw in self._mixed
            names = tuple([one for one in names if one[1] != ACRONYM or (printed and self._prints(one[0], raw))])
        found = tuple([(number, kind, manner, key, likeness) for number, kind in names])
        if crowded and not any(kind == ACRONYM for _, kind in self._index.names[key]):
            self._crowded[span[2:]] = found
        return found

    def _has_and(self, number: int, key: str) -> bool:
        """Whether `and` is in a name of the organisation: `Oxford and University` is not Oxford University."""
        one = self._index.organisations[number]
        named = any(not AND.isdisjoint(forms(name.value)) for name in one.names)
        return named or one.ror_id in aliases(joining=True).get(key, ())

    def _is(self, number: int, kind: str) -> bool:
        return kind in self._index.organisations[number].types

    def _prints(self, number: int, raw: str) -> bool:
        """Whether the registry prints an acronym just so: `CeNTech`."""
        return raw in [name.value for name in self._index.organisations[number].names]

    def may_cross(self, left: View, right: View) -> bool:
        """Return whether a name may begin in one part and end in the next: mostly none does, and that is soon told."""
        return bool(left.words and right.words) and self.finder.may_cross(left.words, right.words, left.begins)

    def across(self, left: View, right: View, facts: Facts, behind: Facts) -> list[Named]:
        """Return the names that begin in one part and end in the next; `last` counts words of the right part."""
        met = self.finder.across(left.words, right.words, left.begins)
        return self._across(met, left, right, f"{facts.text},{behind.text}") if met else []

    def _across(self, met: Sequence[tuple[int, int, str, int]], left: View, right: View, raw: str) -> list[Named]:
        raw = raw if left.bare else raw.strip()
        found: dict[tuple[int, int], list[Span]] = {}
        for first, last, key, manner in met:
            found.setdefault((first, last), []).append(Span(first, last, key, manner, 1.0))
        out = []
        for (first, last), spans in found.items():
            words = (*left.words[first:], *right.words[:last])
            said = (
                min(len(words), 6), not HEADS.isdisjoint(words), ONE if first else NOTHING,
                NOTHING if last == len(right.words) else ONE, False, False, 0,
                min(sum(one.first >= first for one in left.names) + sum(one.last <= last for one in right.names), 4),
                *told(words, raw), False, 0,
            )  # fmt: skip
            postings = tuple([one for one in self._postings(spans, raw) if one[1] != PLACED])  # University, Sakai
            if postings:
                out.append(Named(first, last, postings, said, raw))
        return out

    def _towns(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Return the towns and regions of the registry with the words they cover."""
        found = []
        towns, starts = self._index.towns, self._town_starts
        for first, word in enumerate(words):
            number = towns.get(word)
            if number is not None:
                found.append((number, first, first + 1))
            if word in starts:
                for last in (first + 2, first + 3):
                    number = towns.get(" ".join(words[first:last])) if last <= len(words) else None
                    if number is not None:
                        found.append((number, first, last))
        return found


def edges(names: Iterable[Named], tokens: Sequence[int]) -> list[Edges]:
    """Return where each name of a part begins and ends, in words and in tokens, and whether it is the whole part."""
    whole = 0, len(tokens)
    return [(*one[:2], tokens[one.first], tokens[one.last - 1] + 1, one[:2] == whole) for one in names]


def _pruned(names: list[Named], words: Sequence[str]) -> list[Named]:
    """Leave out single words inside longer names, and organisations that a longer name around already means.

    A name that is only like one never stands for an organisation that a stretch of it names outright.
    """
    if len(names) < 2:
        return names
    outright = {posting[0] for one in names for posting in one.postings if posting[2] != SIMILAR}
    kept = []
    for one in names:
        postings = tuple([posting for posting in one.postings if posting[2] != SIMILAR or posting[0] not in outright])
        if postings:
            kept.append(one if len(postings) == len(one.postings) else one._replace(postings=postings))
    out = []
    for one in kept:
        around = [other for other in kept if other.first <= one.first and one.last <= other.last and other is not one]
        if one.last - one.first == 1 and any(not _is_form(words[one.last : other.last]) for other in around):
            continue
        meant = {posting[0] for other in around for posting in other.postings}
        postings = tuple([posting for posting in one.postings if posting[0] not in meant]) if meant else one.postings
        if postings:
            out.append(one if len(postings) == len(one.postings) else one._replace(postings=postings))
    return out


def _is_form(words: Sequence[str]) -> bool:
    """Whether words are a legal form and nothing else: Illumina, Inc. is Illumina."""
    return bool(words) and legal_forms().issuperset(words)
