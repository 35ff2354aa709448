"""What the words of a part say: institution words with their weights, department words, names that only say a type."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from kakehashi.affiliations.lists import Phrases, phrase_key, read_table, small_words

NAMING_WEIGHT = 3
"""From this weight on a word makes its part an institution's name, in which place names need care."""


class Hit(NamedTuple):
    """An institution word inside a part."""

    first: int
    last: int
    weight: int
    kind: str


class Role(NamedTuple):
    """What the words of a part say about it. `weight` is that of the heaviest institution word, 0 without one."""

    hits: tuple[Hit, ...]
    unit_start: bool
    unit: bool
    exception: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists, ready for look-up."""

    exact: Phrases
    stems: tuple[tuple[str, int, str], ...]
    starts: Phrases
    ends: frozenset[str]
    anywhere: Phrases
    exceptions: Phrases
    inner: Phrases


@cache
def words() -> Words:
    """Load the institution and department words."""
    exact: dict[str, tuple[int, str]] = {}
    stems: list[tuple[str, int, str]] = []
    for row in read_table("institution_words.csv"):
        word, weight, kind = row["word"], int(row["weight"]), row["kind"]
        if word.endswith("*"):
            stems.append((word[:-1], weight, kind))
        else:
            exact.setdefault(phrase_key(word), (weight, kind))
    roles: dict[str, dict[str, bool]] = {"start": {}, "end": {}, "anywhere": {}, "exception": {}, "inner": {}}
    for row in read_table("department_words.csv"):
        roles[row["role"]][phrase_key(row["phrase"])] = True
    stems.sort(key=lambda stem: (-len(stem[0]), stem[0]))  # the longest stem decides: universitari* before universit*
    return Words(
        Phrases(exact), tuple(stems), Phrases(roles["start"]),
        frozenset(roles["end"]), Phrases(roles["anywhere"]), Phrases(roles["exception"]), Phrases(roles["inner"]),
    )  # fmt: skip


def role_of(forms: tuple[str, ...]) -> Role:
    """Read the institution and department words among the words of a part."""
    lists, seen = words(), 0
    hits: list[Hit] = []
    for position, form in enumerate(forms):
        begun, stem = _told(form[:_LONGEST_WORD])
        seen |= begun
        if stem is not None:
            hits.append(Hit(position, position + 1, *stem))
    if not seen and not hits:
        return _NO_ROLE
    if seen & _EXACT:
        exact = [Hit(first, last, *value) for first, last, value in lists.exact.find(forms)]
        taken = {position for hit in exact for position in range(hit.first, hit.last)}
        hits = sorted([*exact, *(hit for hit in hits if hit.first not in taken)], key=lambda hit: hit.first)
    begin = 1 if forms[0] == "the" and len(forms) > 1 else 0
    unit_start = bool(seen & _START) and lists.starts.at(forms, begin) is not None
    unit = unit_start or forms[-1] in lists.ends or bool(seen & _ANYWHERE and lists.anywhere.find(forms))
    weight = max([hit.weight for hit in hits], default=0)
    return Role(tuple(hits), unit_start, unit, bool(seen & _EXCEPTION and lists.exceptions.find(forms)), weight)


_EXACT, _START, _END, _ANYWHERE, _EXCEPTION = 1, 2, 4, 8, 16
"""Lists in which a word begins a phrase."""

_LONGEST_WORD = 40
"""No listed word has so many letters."""

_NO_ROLE = Role((), False, False, False, 0)


@lru_cache(maxsize=16_384)
def _told(form: str) -> tuple[int, tuple[int, str] | None]:
    """Return the lists in which a word begins a phrase, and weight and kind of the institution word it begins with."""
    lists = words()
    begun = sum(
        bit
        for bit, phrases in (
            (_EXACT, lists.exact), (_START, lists.starts), (_ANYWHERE, lists.anywhere), (_EXCEPTION, lists.exceptions)
        )
        if phrases.begins(form)
    ) | (_END if form in lists.ends else 0)  # fmt: skip
    return begun, next(((weight, kind) for stem, weight, kind in lists.stems if form.startswith(stem)), None)


@cache
def _plain_words() -> tuple[tuple[str, ...], int, frozenset[str]]:
    types = tuple(sorted(small_words("type")))
    return types, max(map(len, types)), small_words("generic") | small_words("link") | small_words("common")


def is_type(form: str) -> bool:
    """Whether a word says a type of institution: `university`, `institut`, `hospitals`."""
    return _begins_with_type(form[: _plain_words()[1]])


@lru_cache(maxsize=16_384)
def _begins_with_type(beginning: str) -> bool:
    return beginning.startswith(_plain_words()[0])


def is_generic(forms: tuple[str, ...]) -> bool:
    """Whether a name says what an institution is, but not which: `Technical University`, `University of Technology`."""
    common = _plain_words()[2]
    typed = False
    for form in forms:
        if is_type(form):
            typed = True
        elif form not in common:
            return False
    return typed
