"""Where one address of a string ends and the next begins, and which parts have their country from another's place."""

from collections.abc import Sequence
from functools import cache

from kakehashi.affiliations.institutions import leaves_name
from kakehashi.affiliations.lists import policy
from kakehashi.affiliations.locate import Located
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.roles import NAMING_WEIGHT
from kakehashi.affiliations.text import Clean

SAME_STRING = "same_string"
"""The method of countries that another address of the string tells."""


def addresses_of(cleaned: Clean, facts: Sequence[Facts]) -> list[list[int]]:
    """Cut the parts into addresses: behind a country that another institution follows, and at a semicolon.

    A semicolon does not end an address that has named no place yet: `Institute A; University B; Seoul, Korea`, unless
    what follows has a name and a place of its own; nor one whose parts it divides as commas do: `MIT; Cambridge; MA`.
    """
    if not facts:
        return []
    if len(facts) == 1 or not any([one.seat for one in facts[:-1]] + [part.hard for part in cleaned.parts]):
        return [list(range(len(facts)))]
    last_word = max([index for index, one in enumerate(facts) if one.role.weight >= 2], default=-1)
    last_name = max([index for index, one in enumerate(facts) if one.role.weight >= 6], default=-1)
    addresses: list[list[int]] = [[]]
    placed = named = False
    for index, one in enumerate(facts):
        if not cleaned.parts[index].hard:
            begins = False
        elif placed:
            begins = index <= last_word or _opens(cleaned, facts, index)
        else:
            begins = named and _is_whole(cleaned, facts, index)
        if begins:
            addresses.append([])
            placed = named = False
        addresses[-1].append(index)
        placed = placed or one.has_place
        named = named or one.role.weight >= NAMING_WEIGHT
        if one.seat is not None and _ends(facts, addresses[-1], index < last_name and named):
            addresses.append([])
            placed = named = False
    return addresses


def _opens(cleaned: Clean, facts: Sequence[Facts], index: int) -> bool:
    """Whether what stands between two semicolons is an address of its own though no word tells an institution.

    It is one if it ends in another country, or has a name and a place: `Acme, Tokyo; Foo, Bonn; Italian Medicines`.
    """
    stretch = facts[index : _stretch_end(cleaned, index)]
    if len(stretch) < 2 or not stretch[-1].has_place:
        return stretch[0].locates and not stretch[0].has_place and leaves_name(stretch[0])
    return _is_abroad(facts[index - 1].seat, stretch[-1].seat) or leaves_name(stretch[0])


def _is_whole(cleaned: Clean, facts: Sequence[Facts], index: int) -> bool:
    """Whether what stands between two semicolons is a name, then a place: `Yale University, New Haven`."""
    stretch = facts[index : _stretch_end(cleaned, index)]
    named = any(one.role.weight >= NAMING_WEIGHT or leaves_name(one) for one in stretch[:-1])
    return named and stretch[-1].has_place and not behind_stroke(cleaned, index)


def _stretch_end(cleaned: Clean, index: int) -> int:
    """Return the number of the first part behind the next semicolon."""
    parts = cleaned.parts
    return next((number for number in range(index + 1, len(parts)) if parts[number].hard), len(parts))


def _ends(facts: Sequence[Facts], address: Sequence[int], named: bool) -> bool:
    """Whether another address follows the place that one ends in: a country, where both name institutions (`named`).

    Or each names something, and another country than the other: `Acme, Japan, Foo, Germany`. Then the country stands
    alone in its part: `Universidad de Buenos Aires, Paraguay 2155, Argentina` has a street by that name.
    """
    last, following = facts[address[-1]], address[-1] + 1
    if following >= len(facts) or facts[following].begins_with_place:
        return False
    if named and last.ends_in_country:
        return True
    return (
        last.is_seat
        and any(_is_abroad(last.seat, one.seat) for one in facts[following + 1 :])
        and _names_something(facts, address)
    )


def _is_abroad(one: str | None, other: str | None) -> bool:
    """Whether two countries are told, and neither is a territory of the other: `Hong Kong, SAR, China`."""
    return None not in (one, other) and one != other and frozenset((one, other)) not in _of_one_state()


@cache
def _of_one_state() -> frozenset[frozenset[str | None]]:
    territories = policy("seed").territories
    return frozenset(frozenset((state, code)) for state, codes in territories.items() for code in codes)


def stretches(cleaned: Clean, address: Sequence[int]) -> list[Sequence[int]]:
    """Cut an address at its semicolons: each stretch may name an institution of its own."""
    if not any([cleaned.parts[index].hard for index in address[1:]]):  # noqa: C419 - a list is faster here
        return [address]
    groups: list[list[int]] = [[]]
    for index in address:
        if cleaned.parts[index].hard and groups[-1]:
            groups.append([])
        groups[-1].append(index)
    return [*groups]


def lent_parts(
    cleaned: Clean, facts: Sequence[Facts], addresses: Sequence[Sequence[int]], located: Sequence[Located]
) -> frozenset[int]:
    """Return the parts that say nothing of where they are, and have the country of a name beside them.

    Names between strokes share the place of the last (`A / B, Paris`): that is all of theirs.
    """
    found: list[int] = []
    for address, place in zip(addresses, located, strict=True):
        if place.method == SAME_STRING:
            found.extend(address)
            continue
        groups = stretches(cleaned, address)
        if len(groups) < 2 or any(behind_stroke(cleaned, group[0]) for group in groups):
            continue
        placed = [any(facts[index].has_place for index in group) for group in groups]
        if any(here and _names_something(facts, group) for group, here in zip(groups, placed, strict=True)):
            found.extend(index for group, here in zip(groups, placed, strict=True) if not here for index in group)
    return frozenset(found)


def _names_something(facts: Sequence[Facts], group: Sequence[int]) -> bool:
    return any(facts[index].candidates or leaves_name(facts[index]) for index in group)


def behind_stroke(cleaned: Clean, index: int) -> bool:
    """Whether a stroke stands before a part."""
    return cleaned.parts[index].hard and cleaned.text[: cleaned.begin(index)].endswith("/")
