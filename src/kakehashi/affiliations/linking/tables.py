"""What is asked of all organisations of a registry at once, as arrays: made with the index, read with it.

A process that had to look at fifty thousand records at its start, and keep them as objects, would need half a second
and 80 MB for it. So the records themselves are read one by one, when somebody asks for one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.joins import Lists
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.rarity import rarity
from kakehashi.affiliations.linking.words import name_words

OWN = ("type", "active", "prominence", "children", "succeeded", "has_parent")
"""The model's inputs that an organisation has wherever it is named, in the order of `Tables.own`."""

TYPES = ("education", "healthcare", "company", "government", "facility", "nonprofit", "archive", "other", "funder")
"""The first type of this list that an organisation has stands for it."""

BRACKETED = re.compile(r"\s*[(（][^()（）]*[)）]\s*")

_LAST_PAIR = 2**23 - 1
"""Pairs of words are known by so many bits: a pair that is in no name is taken for one in one of twenty cases."""

_MOST_KNOWN, _MOST_CHILDREN = 30, 10


class Tables(msgspec.Struct, frozen=True):
    """Numbers are those of organisations, in the order of the index, and of `codes`.

    `codes`: countries, and regions behind their country (`USCA`); `countries` and `regions`: the codes of each
    organisation; `towns` and `wider`: the numbers of its towns and regions (see Index.towns); `parents`, `holders`: its
    parents, and those that call it a child; `later`: what became of it; `values`: OWN of each; `rarities`: how much the
    words of its displayed name tell; `domains`: who owns a domain; `mixed`: acronyms that the registry does not print
    in capitals; `branches`: those that share their name with a parent abroad (see Organisation.home); `adjoining`: bits
    for pairs of words that follow each other in a name.
    """

    codes: dict[str, int]
    countries: Lists
    regions: Lists
    towns: Lists
    wider: Lists
    parents: Lists
    holders: Lists
    later: dict[int, tuple[int, ...]]
    values: bytes
    rarities: bytes
    domains: dict[str, tuple[int, ...]]
    mixed: tuple[str, ...]
    branches: tuple[int, ...]
    adjoining: bytes

    @property
    def own(self) -> NDArray[np.float64]:
        """OWN of each organisation: a row for each."""
        return np.frombuffer(self.values).reshape(-1, len(OWN))

    def adjoin(self, word: str, after: str) -> bool:
        """Return whether two words may follow each other in a name. Where they do that is so, else mostly not."""
        at = crc32(f"{word} {after}".encode("utf-8", "surrogatepass")) & _LAST_PAIR
        return bool(self.adjoining[at >> 3] >> (at & 7) & 1)


def tables_of(
    listed: Sequence[Organisation], places: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], names: Iterable[str]
) -> Tables:
    """Make the tables of organisations. `places` are the numbers of the towns and regions of each, `names` all keys."""
    numbers = {one.ror_id: number for number, one in enumerate(listed)}
    codes: dict[str, int] = {}
    holders: list[list[int]] = [[] for _ in listed]
    domains: dict[str, list[int]] = defaultdict(list)
    later: dict[int, tuple[int, ...]] = {}
    for number, one in enumerate(listed):
        for child in one.children:
            if child in numbers:
                holders[numbers[child]].append(number)
        for domain in one.domains:
            domains[domain].append(number)
        if successors := dict.fromkeys(numbers[each] for each in one.successors if each in numbers):
            later[number] = tuple(successors)
    return Tables(
        codes,
        Lists.of_all([codes.setdefault(place.country, len(codes)) for place in one.places] for one in listed),
        Lists.of_all(
            [codes.setdefault(place.country + place.region_code, len(codes)) for place in one.places] for one in listed
        ),
        Lists.of_all(towns for towns, _ in places),
        Lists.of_all(wider for _, wider in places),
        Lists.of_all([numbers[each] for each in one.parents if each in numbers] for one in listed),
        Lists.of_all(holders),
        later,
        np.array([_own(one) for one in listed], np.float64).tobytes(),
        np.array([_rarity(one) for one in listed], np.float64).tobytes(),
        {domain: tuple(found) for domain, found in domains.items()},
        tuple(sorted({
            name.value for one in listed for name in one.names
            if name.kind == "acronym" and not name.value.isupper()
        })),
        tuple(number for number, one in enumerate(listed) if one.home is not None),
        _adjoining(names),
    )  # fmt: skip


def _own(one: Organisation) -> tuple[float, ...]:
    return (
        next((number for number, kind in enumerate(TYPES) if kind in one.types), len(TYPES)),
        one.active,
        min(one.registered + len(one.children), _MOST_KNOWN),
        min(len(one.children), _MOST_CHILDREN),
        bool(one.successors),
        bool(one.parents),
    )


def _adjoining(names: Iterable[str]) -> bytes:
    bits = bytearray((_LAST_PAIR >> 3) + 1)
    for pair in {f"{word} {after}" for name in names for word, after in pairwise(name.split(" "))}:
        at = crc32(pair.encode("utf-8", "surrogatepass")) & _LAST_PAIR
        bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


def _rarity(one: Organisation) -> float:
    return float(sum(rarity(word) for word in name_words(BRACKETED.sub(" ", one.name))))


class Records(Sequence[Organisation]):
    """Organisations as an index keeps them, each read when it is first asked for."""

    def __init__(self, raw: Sequence[msgspec.Raw]) -> None:
        self._raw = raw
        self._read: dict[int, Organisation] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._raw)

    @overload
    def __getitem__(self, number: int) -> Organisation: ...
    @overload
    def __getitem__(self, number: slice) -> list[Organisation]: ...
    def __getitem__(self, number: int | slice) -> Organisation | list[Organisation]:
        """Return one organisation, or some."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        found = self._read.get(number)
        if found is None:
            found = self._read[number] = _DECODER.decode(self._raw[number])
        return found

    def __eq__(self, other: object) -> bool:
        """Return whether another sequence has equal organisations in the same order."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Organisation]:
        """Yield all in order. They are not kept: who walks over all seldom comes back to each."""
        return map(_DECODER.decode, self._raw)


_DECODER = msgspec.msgpack.Decoder(Organisation)
