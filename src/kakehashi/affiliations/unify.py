"""One name and one country per institution over a whole corpus: spellings meet under their normal key."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kakehashi.affiliations.names import better_cased, campus_systems, institution_id

MIN_SHARE = 0.9
MIN_MENTIONS = 3
"""A name without a country takes the only country attested for it, or one with this share and number of mentions."""

Spelling = tuple[str, str, str | None, int]
"""A normal key, a spelling, the country it was met with (None: none), and the number of mentions."""


@dataclass(frozen=True, slots=True)
class Unified:
    """What the mentions of `key` with `met_country` (None: without one) belong to."""

    key: str
    met_country: str | None
    institution_id: str
    name: str
    country: str | None


def unify(spellings: Iterable[Spelling]) -> Iterator[Unified]:
    """Yield one row per key and country met, sorted. The same name in two countries stays two institutions.

    The representative name is the most frequent well-cased spelling, ties in alphabetical order. A name met without
    any country is attached to the country attested for it (see MIN_SHARE), unless the name is one that several
    universities share.
    """
    by_key: dict[str, dict[str | None, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for key, name, country, mentions in spellings:
        by_key[key][country][name] += mentions
    for key in sorted(by_key):
        countries = by_key[key]
        home = None if key in campus_systems() else _attested({c: sum(n.values()) for c, n in countries.items()})
        merged: dict[str | None, Counter[str]] = defaultdict(Counter)
        for country, names in countries.items():
            merged[country or home].update(names)
        for country in sorted(countries, key=lambda code: code or ""):
            final = country or home
            yield Unified(key, country, institution_id(key, final), _representative(merged[final]), final)


def _attested(mentions: dict[str | None, int]) -> str | None:
    known = {country: number for country, number in mentions.items() if country is not None}
    if len(known) == 1:
        return next(iter(known))
    if not known:
        return None
    top = max(sorted(known), key=lambda country: known[country])
    enough = known[top] >= MIN_MENTIONS and known[top] >= MIN_SHARE * sum(known.values())
    return top if enough else None


def _representative(names: Counter[str]) -> str:
    return min(names, key=lambda name: (not better_cased(name), -names[name], name))
