"""The stretches of a part's words that may be names: where they meet, and what stands on either side of each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kakehashi.affiliations.linking.candidates import Span, Words
from kakehashi.affiliations.linking.rarity import rarity, word_counts
from kakehashi.affiliations.linking.surroundings import is_abbreviated_behind, is_street, kind_behind, may_be_street
from kakehashi.affiliations.linking.words import HEADS, form_before, form_behind
from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.parts import Facts

NOTHING, UNIT, NAMED, ONE, MORE, PLACE = range(6)
"""What stands beside a name in its part: nothing, a department, another name, one word, more words, a place."""

MAX_NAMES = 24
"""Parts with more names keep the longest: time per string stays bounded."""

FREQUENT = 300
"""Words of more names than this say little about which is meant."""

_LINKS = small_words("beside")
"""Words that join a name to what stands beside it: `Faculty of`."""

AND = small_words("joining")
"""Words that join names: `and` in many languages."""

_AND_THE = AND | {"the", "of", "with"}

_KATAKANA = re.compile("[\u30a1-\u30fa]{2}")
_WITHIN = re.compile("[\u30a1-\u30ff][\u30a1-\u30ff]")
"""Two characters of one word in katakana, of which a middle dot does not end any."""

Where = tuple[int, int]
"""The first word of a stretch, and the one behind its last."""

Joints = frozenset[tuple[int, int]]

_NO_JOINTS: Joints = frozenset()


class Stretches(NamedTuple):
    """The stretches of a part, each with the names that it is or is like.

    `placed` are the tokens that stand where addresses put places; `joints` are the pairs of a token that one stretch
    ends before and a token that another begins with, between which only `and` or a stroke stands; `covered` are the
    words inside stretches of several words.
    """

    facts: Facts
    listed: Words
    spans: Mapping[Where, Sequence[Span]]
    placed: set[int]
    joints: Joints
    covered: set[int]

    def said(self, where: Where, raw: str) -> tuple[float, ...]:
        """Return the model's inputs of a stretch (`views.Named`), which is printed as `raw`."""
        first, last = where
        before, after = self._tokens(where)
        words, forms = self.listed.words[first:last], self.facts.words.forms
        left, right = self._beside(where)
        return (
            min(last - first, 6),
            not HEADS.isdisjoint(words),
            left,
            right,
            before > 0 and forms[before - 1] in _LINKS,
            after < len(forms) and forms[after] in _LINKS,
            min(sum([a <= first and last <= b for a, b in self.spans]) - 1, 3),  # itself is one of them
            min(sum([first <= a and b <= last for a, b in self.spans]) - 1, 4),
            *told(words, raw),
            self.facts.text[max(self.facts.words.starts[before] - 1, 0)] in "([（［",
            kind_behind(self.listed.words[last:]) if right in (ONE, MORE, NAMED) else 0,
        )

    def _tokens(self, where: Where) -> tuple[int, int]:
        return self.listed.tokens[where[0]], self.listed.tokens[where[1] - 1] + 1

    def _beside(self, where: Where) -> tuple[int, int]:
        """Return what stands before a stretch and behind it."""
        (first, last), (before, after) = where, self._tokens(where)
        words = self.listed.words
        left = right = NOTHING
        begin = first - form_before(words[:first])
        if begin and not any(joint == before for _, joint in self.joints):
            left = UNIT if self.facts.role.unit_start else self._held(range(begin))
        end = last + form_behind(words[last:])
        if end < len(words) and not any(joint == after for joint, _ in self.joints):
            rest = [
                position
                for position in range(end, len(words))
                if (token := self.listed.tokens[position]) not in self.placed
                and not words[position][0].isdigit()
                and not (token == after and is_abbreviated_behind(self.facts, token))
            ]
            right = self._held(rest) if rest else PLACE
        return left, right

    def _held(self, positions: Sequence[int]) -> int:
        if all(position in self.covered for position in positions):
            return NAMED
        return ONE if len(positions) == 1 else MORE


def stretches(facts: Facts, listed: Words, spans: Mapping[Where, Sequence[Span]], placed: set[int]) -> Stretches:
    """Return the stretches of a part that may be names: the longest of very many, no streets, no pieces of words."""
    if _KATAKANA.search(facts.text):
        spans = {where: found for where, found in spans.items() if not _is_cut(where, listed, facts)}
    if len(spans) > MAX_NAMES:
        longest = sorted(spans, key=lambda one: (one[0] - one[1], one))[:MAX_NAMES]
        spans = {where: spans[where] for where in longest}
    joints = _joints(facts, listed, spans)
    if may_be_street(facts.words.forms) or any(end == begin for end, begin in joints):
        spans = {where: found for where, found in spans.items() if not _is_no_name(where, listed, facts, joints)}
    covered = {position for first, last in spans if last - first > 1 for position in range(first, last)}
    return Stretches(facts, listed, spans, placed, joints, covered)


def told(words: Sequence[str], raw: str) -> tuple[float, float, float]:
    """Return what the words of a name tell by themselves: rarity, letters, and the share of frequent ones."""
    return (
        round(sum([rarity(word) for word in words]), 1),
        min(len(raw), 60),
        round(sum([_is_frequent(word) for word in words]) / len(words), 2),
    )


@lru_cache(maxsize=16_384)
def _is_frequent(word: str) -> bool:
    return word_counts().get(word, 0) > FREQUENT


def _joints(facts: Facts, listed: Words, names: Iterable[Where]) -> Joints:
    """Return where only `and` or a stroke stands between names: the token behind the one, the first of the other."""
    if "/" not in facts.text and AND.isdisjoint(facts.words.forms):
        return _NO_JOINTS
    sure = [
        (first, last) for first, last in names
        if last - first > 1 or facts.span(listed.tokens[first], listed.tokens[first] + 1).isupper()
    ]  # fmt: skip
    ends: dict[int, int] = {last: listed.tokens[last - 1] + 1 for _, last in sure}
    found = set()
    for first, _ in sure:
        end, begin = ends.get(first), listed.tokens[first]
        if end is None or begin < end:
            continue
        between = facts.words.forms[end:begin]
        stroke = "/" in facts.text[facts.words.ends[end - 1] : facts.words.starts[begin]]
        if (stroke and not between) or (AND.intersection(between) and _AND_THE.issuperset(between)):
            found.add((end, begin))
    return frozenset(found) if found else _NO_JOINTS


def _is_cut(where: Where, listed: Words, facts: Facts) -> bool:
    """Whether a stretch begins or ends within a word of katakana: マックス is not named in マックス・プランク研究所."""
    first, last = listed.tokens[where[0]], listed.tokens[where[1] - 1]
    begin, end = facts.words.starts[first], facts.words.ends[last]
    before = bool(_WITHIN.fullmatch(facts.text[max(begin - 1, 0) : begin + 1]))
    behind = bool(_WITHIN.fullmatch(facts.text[end - 1 : end + 1])) and not form_behind(listed.words[where[1] :])
    return before or behind


def _is_no_name(where: Where, listed: Words, facts: Facts, joints: Joints) -> bool:
    """Whether words are no name: names meet at a stroke among them (A University/B University), or it is a street."""
    first, last = listed.tokens[where[0]], listed.tokens[where[1] - 1] + 1
    if any(end == begin and first < end < last for end, begin in joints):
        return True
    return is_street(first, last, facts.words.forms)
