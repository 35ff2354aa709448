"""Answers that strings share: `Department of X, Y University, Tokyo` is answered as any department there is.

Many strings begin with a department, and what stands behind the first comma was met before. Where the first part is
silent (it can decide nothing, whatever stands behind it) the answer is the one given before, without reading it anew.
"""

from typing import NamedTuple, cast

from kakehashi.affiliations.halves import Beginning, Ending
from kakehashi.affiliations.institutions import FUNDER, leaves_name
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.resolve import NOTHING_WORDS, Reading, Resolution
from kakehashi.affiliations.roles import NAMING_WEIGHT

KEPT_ANSWERS = 2_048
"""Beyond that all go at once: what repeats is soon back."""

_IDEOGRAPHS = "\u2e80"
"""From here on are the letters that tell a country by themselves."""

_EITHER = (False, True)


class Head(NamedTuple):
    """A first part that names nothing by itself.

    `weight`: names heavier than this, in the same stretch, leave it without a say. `named` and `unit` are what is asked
    of it besides. `begins`: it may begin a name that runs over the comma, if a type word stands behind it.
    """

    weight: float
    named: bool
    unit: bool
    begins: bool


class _Kept(NamedTuple):
    """An answer: the weight of the heaviest name in the first stretch, and whether a type word begins it."""

    rows: tuple[Resolution, ...]
    weight: float
    typed: bool


Shared = tuple[Ending, bool, bool]
"""What strings share: what stands behind the comma, and of their heads `named` and `unit`."""


class Key(NamedTuple):
    """Under what the answer of a string may be kept."""

    head: Head
    shared: Shared


class Tails:
    """Keeps the answers of strings with what stands behind the first comma, to be forgotten together with it."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._kept: dict[Shared, _Kept] = {}

    def key(self, begin: Beginning, end: Ending) -> Key | None:
        """Return under what the answer of a string may be kept; None where its first part may have a say."""
        if begin.memo is None or begin.memo[0] is not self:
            begin.memo = self, self._head(begin.facts)
        head = cast("Head | None", begin.memo[1])
        return Key(head, (end, head.named, head.unit)) if head is not None else None

    def find(self, key: Key) -> tuple[Resolution, ...] | None:
        """Return the answer kept for a string with as silent a first part and the same end, if there is one."""
        kept = self._kept.get(key.shared)
        return kept.rows if kept is not None and _is_silent(key.head, kept) else None

    def keep(self, key: Key, reading: Reading, rows: tuple[Resolution, ...]) -> None:
        """Keep the answer of a string, if others can have it."""
        if len(reading.facts) < 2:
            return
        head, (end, *_) = key
        typed = not reading.clean.parts[1].hard and self._linker.is_typed(reading.facts[1])
        kept = _Kept(rows, _weight(reading), typed)
        if not _is_silent(head, kept):
            return
        if len(self._kept) > KEPT_ANSWERS:
            self._kept.clear()
        several = any(one.ends_in_country for one in reading.facts[1:-1])
        nothing = rows[0].institution is None and rows[0].country_code is None
        for named in (head.named,) if several else _EITHER:
            for unit in (head.unit,) if nothing else _EITHER:
                self._kept[end, named, unit] = kept

    def _head(self, facts: Facts) -> Head | None:
        if facts.locates or facts.cut or not self._linker.is_bare(facts) or max(facts.text) >= _IDEOGRAPHS:
            return None
        if not NOTHING_WORDS.isdisjoint(facts.words.forms) or self._linker.may_name(facts):
            return None
        weight = max([one.weight for one in facts.candidates], default=0.0)
        if leaves_name(facts) or facts.candidates:
            weight = max(weight, FUNDER)
        return Head(weight, facts.role.weight >= NAMING_WEIGHT, facts.role.unit, self._linker.may_begin(facts))


def _is_silent(head: Head, kept: _Kept) -> bool:
    return (not head.weight or head.weight < kept.weight) and not (head.begins and kept.typed)


def _weight(reading: Reading) -> float:
    """Return the weight of the heaviest name that surely stands in one stretch with the first part, but not in it."""
    heaviest = 0.0
    for index in reading.addresses[0][1:]:
        if reading.clean.parts[index].hard:
            break
        heaviest = max([heaviest, *(one.weight for one in reading.facts[index].candidates)])
    return heaviest
