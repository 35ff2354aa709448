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
    longest_stem: int
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
        Phrases(exact), tuple(stems), max(len(stem[0]) for stem in stems), Phrases(roles["start"]),
        frozenset(roles["end"]), Phrases(roles["anywhere"]), Phrases(roles["exception"]), Phrases(roles["inner"]),
    )  # fmt: skip


def role_of(forms: tuple[str, ...]) -> Role:
    """Read the institution and department words among the words of a part."""
    lists = words()
    hits = [Hit(first, last, *value) for first, last, value in lists.exact.find(forms)]
    taken = {position for hit in hits for position in range(hit.first, hit.last)}
    for position, form in enumerate(forms):
        stem = _stem(form[: lists.longest_stem])
        if stem is not None and position not in taken:
            hits.append(Hit(position, position + 1, *stem))
    begin = 1 if forms[0] == "the" and len(forms) > 1 else 0
    unit_start = lists.starts.at(forms, begin) is not None
    unit = unit_start or forms[-1] in lists.ends or bool(lists.anywhere.find(forms))
    weight = max([hit.weight for hit in hits], default=0)
    hits.sort(key=lambda hit: hit.first)
    return Role(tuple(hits), unit_start, unit, bool(lists.exceptions.find(forms)), weight)


@lru_cache(maxsize=65_536)
def _stem(beginning: str) -> tuple[int, str] | None:
    """Return weight and kind of the institution word that a word begins with, or None."""
    return next(((weight, kind) for stem, weight, kind in words().stems if beginning.startswith(stem)), None)


@cache
def _plain_words() -> tuple[tuple[str, ...], int, frozenset[str]]:
    types = tuple(sorted(small_words("type")))
    return types, max(map(len, types)), small_words("generic") | small_words("link") | small_words("common")


def is_type(form: str) -> bool:
    """Whether a word says a type of institution: `university`, `institut`, `hospitals`."""
    return _begins_with_type(form[: _plain_words()[1]])


@lru_cache(maxsize=65_536)
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
