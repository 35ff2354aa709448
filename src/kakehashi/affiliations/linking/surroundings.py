"""What the words around a name say: that it is a street's, what the whole thing is, that two words ran together."""

import re
from collections.abc import Sequence

from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.text import forms

_GLUED = re.compile(r"([a-z]{3})([A-Z][a-z]{3})")
"""Where a line ended in a word and the next began: `BrisbaneAustralia`."""

_BEFORE_STREET, _STREET = small_words("before_street"), small_words("street")
_STREETS = _BEFORE_STREET | _STREET
_UNITS, _INSTITUTES, _HOSPITALS = map(small_words, ("unit_behind", "institute_behind", "hospital_behind"))

_OPENING, _CLOSING = frozenset("([（［"), frozenset((*")]）］", ""))  # the last bracket of a part may be cut off

LONGEST_ABBREVIATION = 4
"""Shorter words for streets have other meanings too: St, Dr, Way, Lane."""

UNIT_BEHIND, INSTITUTE_BEHIND, HOSPITAL_BEHIND = 1, 2, 3
"""What kind of word follows a name in its part: School of Medicine, Cancer Center, Hospital; 0 for none of these."""


def glued(facts: Facts) -> dict[int, tuple[str, ...]] | None:
    """Return the words that have a capital inside, cut before it: lines that were joined without a blank."""
    if _GLUED.search(facts.text) is None:
        return None
    found = {}
    for position, (start, end) in enumerate(zip(facts.words.starts, facts.words.ends, strict=True)):
        word = facts.text[start:end]
        if _GLUED.search(word):
            found[position] = forms(_GLUED.sub(r"\1 \2", word))
    return found


def is_abbreviated_behind(facts: Facts, token: int) -> bool:
    """Return whether a word is all that stands in the brackets behind what goes before: a name's acronym (DKFZ)."""
    start, end = facts.words.starts[token], facts.words.ends[token]
    before, word = facts.text[facts.words.ends[token - 1] : start], facts.text[start:end]
    return before.strip() in _OPENING and word[-1:].isupper() and facts.text[end : end + 1] in _CLOSING


def may_be_street(forms: Sequence[str]) -> bool:
    """Return whether a word for a street is among the words."""
    return not _STREETS.isdisjoint(forms)


def is_street(first: int, last: int, forms: Sequence[str]) -> bool:
    """Return whether a house number and a word for a street stand beside: `12 Harvard Street`, `Via Bocconi 8`."""
    numbered = forms[0][0].isdigit() or forms[-1][0].isdigit()
    if last < len(forms) and forms[last] in _STREET:
        return numbered or last + 1 == len(forms) or len(forms[last]) > LONGEST_ABBREVIATION
    if not first:
        return False
    named = forms[first - 1] in _BEFORE_STREET or (first > 1 and forms[first - 2] in _BEFORE_STREET)
    return named and numbered


def kind_behind(words: Sequence[str]) -> int:
    """Return the first kind of word behind a name that says what the whole is."""
    if words and not words[0].isascii():
        return _behind_in_native_script("".join(words))
    for word in words:
        if word in _HOSPITALS:
            return HOSPITAL_BEHIND
        if word in _INSTITUTES:
            return INSTITUTE_BEHIND
        if word in _UNITS:
            return UNIT_BEHIND
    return 0


def _behind_in_native_script(text: str) -> int:
    """Tell 大学院 and 研究所, which are parts of what they follow without a break, from 附属病院, which is its own."""
    if any(word in text for word in small_words("native_hospital_behind")):
        return HOSPITAL_BEHIND
    return UNIT_BEHIND if any(word in text for word in small_words("native_unit_behind")) else 0
