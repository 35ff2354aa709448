"""Resolving with a registry: what it knows is linked, what it does not know stays an institution of the corpus."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from kakehashi.affiliations.addresses import SAME_STRING
from kakehashi.affiliations.halves import Beginning, Ending
from kakehashi.affiliations.linking.choosing import SHARED, Link
from kakehashi.affiliations.linking.evidence import AMBIGUOUS
from kakehashi.affiliations.linking.link import Answer, Linker
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.words import name_words
from kakehashi.affiliations.lists import Policy, linking_policy, policy
from kakehashi.affiliations.locate import Located
from kakehashi.affiliations.names import normal_key
from kakehashi.affiliations.resolve import (
    Reading,
    Resolution,
    Resolver,
    country_only,
    found_resolution,
    plain_resolutions,
)
from kakehashi.affiliations.tails import Key, Shared, Tails

WEAK = frozenset(
    ("country_in_name", "region_in_name", "city_in_name", "national_term", "postcode", "script", SAME_STRING)
)
"""Ways of finding a country that give way to the one of a linked organisation: they read names, not addresses."""

FROM_REGISTRY = "registry"
"""The method of institutions and countries that the registry told."""

CONFLICT = "country_conflict"
"""The reason given where the address names another country than the registry does for the organisation."""

FROM_DOMAIN = "domain"
"""The method of institutions that only an e-mail or web address tells."""

BATCH = 2_048
"""Strings that are weighed together."""


class RegistryResolver:
    """Resolves strings with a linker over the rules. Links below `threshold` are not given."""

    def __init__(self, rules: Resolver, linker: Linker, threshold: float, territory_policy: str = "seed") -> None:
        self.rules = rules
        self.linker = linker
        self.threshold = threshold
        self._least = min(threshold, SHARED)
        domain = linking_policy()["domain"]
        self._domain_confidence, self._named_for_sure = domain["confidence"], domain["named_for_sure"]
        self._policy: Policy = policy(territory_policy)
        self._placed: dict[str, list[str]] = {}
        self._named: dict[int, frozenset[str]] = {}
        self._tails = None if rules.reads_whole else Tails(linker)

    def resolve(self, text: str) -> tuple[Resolution, ...]:
        """Resolve one string; never raises on any text."""
        return next(self.resolve_many([text]))

    def read(self, text: str) -> Reading:
        """Read a string as the rules do."""
        return self.rules.read(text)

    def resolve_many(self, texts: Sequence[str]) -> Iterator[tuple[Resolution, ...]]:
        """Yield the resolutions of each string. The answer for each does not depend on the others."""
        for begin in range(0, len(texts), BATCH):
            batch = texts[begin : begin + BATCH]
            if self._tails is None:
                yield from [rows for _, rows in self._read(batch, [None] * len(batch))]
            else:
                yield from self._shared(batch, self._tails)

    def _read(
        self, texts: Sequence[str], halves: Sequence[tuple[Beginning, Ending] | None]
    ) -> list[tuple[Reading, tuple[Resolution, ...]]]:
        readings = list(map(self.rules.read_halves, texts, halves))
        answers = self.linker.answer(readings, self._least, leaning=False)
        return [
            (reading, self._resolved(text, reading, answer))
            for text, reading, answer in zip(texts, readings, answers, strict=True)
        ]

    def _shared(self, texts: Sequence[str], tails: Tails) -> Iterator[tuple[Resolution, ...]]:
        """Resolve strings; of those that may share an answer one is read first, the others if they cannot have it."""
        halves = list(map(self.rules.halves, texts))
        found: list[tuple[Resolution, ...] | None] = [None] * len(texts)
        keys: dict[int, Key] = {}
        asked: set[Shared] = set()
        first: list[int] = []
        later: list[int] = []

        def read(places: Sequence[int]) -> None:
            told = self._read([texts[at] for at in places], [halves[at] for at in places])
            for at, (reading, rows) in zip(places, told, strict=True):
                found[at] = rows
                if at in keys:
                    tails.keep(keys[at], reading, rows)

        for at, both in enumerate(halves):
            key = tails.key(*both) if both is not None else None
            if key is None:
                first.append(at)
                continue
            found[at] = tails.find(key)
            if found[at] is None:
                keys[at] = key
                (later if key.shared in asked else first).append(at)
                asked.add(key.shared)
        read(first)
        for at in later:
            found[at] = tails.find(keys[at])
        read([at for at in later if found[at] is None])
        for rows in found:
            yield rows or ()

    def _resolved(self, text: str, reading: Reading, answer: Answer) -> tuple[Resolution, ...]:
        links = [link for link in answer.links if link.confidence >= self.threshold]
        if not links:
            owner = self.linker.owner(reading.clean.hosts) if self.threshold <= self._domain_confidence else None
            if owner is not None:
                return self._owned(reading, owner)
            if answer.country is None:
                return plain_resolutions(text, reading)
        spans = [(link, *reading.extent(link.part, link.first, link.until, link.last)) for link in links]
        rows: list[Resolution] = []
        seen: set[tuple[str, str | None]] = set()
        places = [
            self._in_its_town(located, [link for link in links if link.part in address])
            for address, located in zip(reading.addresses, reading.located, strict=True)
        ]
        for address, located, found in zip(reading.addresses, places, reading.found, strict=True):
            for link, start, end in spans:
                if link.part in address:
                    rows.append(self._linked(len(rows) + 1, reading, link, (start, end), located))
            told = self._leaning(located, answer)
            for one in found:
                taken = any(start < one.end and one.start < end for _, start, end in spans)
                if not taken and one.key and (one.key, told.country) not in seen and not self._names(links, one.key):
                    seen.add((one.key, told.country))
                    rows.append(found_resolution(len(rows) + 1, reading.clean, one, told))
        known = {row.country_code for row in rows}
        for located in places:
            told = self._leaning(located, answer)
            weak = links and _method(told) in WEAK
            if told.country is not None and told.country not in known and not weak:
                known.add(told.country)
                rows.append(country_only(len(rows) + 1, told))
        return tuple(rows) or plain_resolutions(text, reading)

    def _names(self, links: Sequence[Link], key: str) -> bool:
        """Whether a normal key is a name of an organisation that is linked already, or of a parent of one.

        `Pohang University (POSTECH)`; and the academy of an institute, for which it counts (`affiliations.roll_up`).
        """
        for link in links:
            known = self._named.get(link.organisation)
            if known is None:
                bearers = (link.organisation, *self.linker.parents(link.organisation))
                names = [name for one in bearers for name in self.linker.organisation(one).names]
                known = self._named[link.organisation] = frozenset([normal_key(name.value) for name in names])
            if key in known:
                return True
        return False

    def _owned(self, reading: Reading, owner: Organisation) -> tuple[Resolution, ...]:
        """Resolve by the e-mail domain, where nothing else is linked; a university that is named stays beside it."""
        located = next((one for one in reading.located if one.country is not None), None)
        countries = self._countries(owner)
        host = next(host for host in reading.clean.hosts if self.linker.owner([host]) is not None)
        printed = re.search(re.escape(host), reading.clean.given, re.IGNORECASE)
        row = Resolution(
            1, owner.name, normal_key(owner.name), countries[0] if len(countries) == 1 else None, FROM_DOMAIN,
            FROM_REGISTRY if len(countries) == 1 else None, printed.group() if printed else None, None,
            self._domain_confidence, None, owner.ror_id,
        )  # fmt: skip
        if located is not None and _method(located) not in WEAK:
            reason = None if located.country in countries else CONFLICT
            row = replace(
                row,
                country_code=located.country,
                country_method=located.method,
                country_span=located.span,
                reason=reason,
            )
        named = [
            found_resolution(number, reading.clean, one, place)
            for place, found in zip(reading.located, reading.found, strict=True)
            for number, one in enumerate(found, start=2)
            if one.weight >= self._named_for_sure
        ]
        return tuple(replace(one, seq=number) for number, one in enumerate([row, *named], start=1))

    def _countries(self, organisation: Organisation) -> list[str]:
        found = self._placed.get(organisation.ror_id)
        if found is None:
            codes = {code for place in organisation.places if (code := self._policy.apply(place.country))}
            found = self._placed[organisation.ror_id] = sorted(codes)
        return found

    def _linked(self, seq: int, reading: Reading, link: Link, extent: tuple[int, int], located: Located) -> Resolution:
        organisation = self.linker.organisation(link.organisation)
        countries = self._countries(organisation)
        country, method, span, reason = located.country, located.method, located.span, None
        if country not in countries and len(countries) > 0:
            if country is None or _method(located) in WEAK or link.part in reading.lent:
                country, method, span = (countries[0] if len(countries) == 1 else None), FROM_REGISTRY, None
            else:
                reason = CONFLICT
        return Resolution(
            seq, organisation.name, normal_key(link.text), country, FROM_REGISTRY, method if country else None,
            reading.clean.span(*extent), span, link.confidence, reason, organisation.ror_id,
        )  # fmt: skip

    def _in_its_town(self, located: Located, links: Sequence[Link]) -> Located:
        """Where a town of several countries decided, take the one whose organisation of that town is named beside it.

        Kingston alone is Jamaica's; behind `Queen's University` it is that of Ontario.
        """
        if _method(located) not in AMBIGUOUS or not located.span:
            return located
        town = name_words(located.span)
        for link in links:
            organisation = self.linker.organisation(link.organisation)
            countries = self._countries(organisation)
            if located.country in countries:
                return located
            if len(countries) == 1 and any(name_words(place.town) == town for place in organisation.places):
                return Located(countries[0], FROM_REGISTRY, located.span, link.confidence, None)
        return located

    def _leaning(self, located: Located, answer: Answer) -> Located:
        """Where an address tells no country, take the one that all likely organisations share."""
        untold = located.country is None and located.reason in {"no_place_named", "ambiguous_place"}
        if untold and answer.country is not None:
            code = self._policy.apply(answer.country)
            if code:
                return Located(code, FROM_REGISTRY, None, answer.country_confidence, None)
        return located


def _method(located: Located) -> str:
    return (located.method or "").partition(">")[0]
