"""Strings read in two halves: what stands behind the first comma is read once for all strings that end so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kakehashi.affiliations.institutions import Found, Named, leaves_name
from kakehashi.affiliations.locate import Located
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.text import LONGEST_HALF, REMEMBERED, Half, first_half, second_half

_BEGINNINGS, _ENDINGS = 65_536, 2_048
"""So many halves are remembered: strings with one ending meet if they are sorted, their beginnings come from afar."""

_NOWHERE: frozenset[str] = frozenset()
"""One for all: an empty set for each would be a fifteenth of what is remembered of a first part."""


@dataclass(eq=False, slots=True)
class Beginning:
    """A first part that belongs to the address behind it.

    `mute`: the rules find no institution in it, whatever follows. `countries` are those that its places may be in.
    `memo` is room for what a later step makes of it (see Facts).
    """

    half: Half
    facts: Facts
    mute: bool
    countries: frozenset[str]
    memo: tuple[object, object] | None = None


@dataclass(eq=False, slots=True)
class Ending:
    """What stands behind a first comma, whatever stands before it. `apart`: it may be several addresses.

    `address` are the numbers of all parts of the string, `named` the names that the rules choose among, `watched` the
    countries of which a place in the first part may change where it is (see Locator.watched). `located` and `found` are
    what the rules say where the first part says nothing that counts, noted when that was first asked; the places of
    `found` count from behind the comma. `memo` is room for what a later step makes of it (see Facts).
    """

    half: Half
    facts: tuple[Facts, ...]
    apart: bool
    address: tuple[int, ...]
    named: list[Named]
    has_place: bool
    watched: frozenset[str] | None
    located: Located | None = None
    found: tuple[Found, ...] | None = None
    memo: tuple[object, object] | None = None


class Halves:
    """Reads and remembers halves. `read` tells the facts of a part, `watched` see Ending."""

    def __init__(
        self, read: Callable[[str], Facts], watched: Callable[[Sequence[Facts]], frozenset[str] | None]
    ) -> None:
        self._read = read
        self._watched = watched
        self._begin: Callable[[str], Beginning | None] = lru_cache(_BEGINNINGS)(self._beginning)
        self._end: Callable[[str], Ending | None] = lru_cache(_ENDINGS)(self._ending)

    def of(self, text: str) -> tuple[Beginning, Ending] | None:
        """Return the halves of a string; None where it takes the whole string to read it."""
        head, comma, tail = text.partition(",")
        if not comma or len(head) > REMEMBERED or len(tail) > LONGEST_HALF:
            return None
        begin = self._begin(head)
        end = self._end(tail) if begin is not None else None
        return (begin, end) if begin is not None and end is not None else None

    def _beginning(self, head: str) -> Beginning | None:
        half = first_half(head)
        if half is None:
            return None
        facts = self._read(half.parts[0].text)
        if facts.cut or facts.ends_in_country:
            return None
        countries = {reading.country for place in facts.places for reading in place.readings}
        mute = not facts.candidates and not leaves_name(facts)
        return Beginning(half, facts, mute, frozenset(countries) if countries else _NOWHERE)

    def _ending(self, tail: str) -> Ending | None:
        half = second_half(tail)
        if half is None:
            return None
        facts = tuple([self._read(part.text) for part in half.parts])
        abroad = facts[-1].seat
        apart = any(part.hard for part in half.parts) or any(one.cut for one in facts)
        apart = apart or any(one.ends_in_country or (abroad and one.seat not in (None, abroad)) for one in facts[:-1])
        placed = any(one.has_place for one in facts)
        watched = self._watched(facts) if placed and not apart else None
        named = [(number, one) for number, each in enumerate(facts, start=1) for one in each.candidates]
        return Ending(half, facts, apart, tuple(range(len(facts) + 1)), named, placed, watched)
