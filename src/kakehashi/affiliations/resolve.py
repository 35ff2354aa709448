"""One affiliation string at a time: the institutions it names and their countries, each with its evidence."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from kakehashi.affiliations.addresses import SAME_STRING, addresses_of, lent_parts, stretches
from kakehashi.affiliations.halves import Beginning, Ending, Halves
from kakehashi.affiliations.institutions import Found, choose, find_in, what_is_left
from kakehashi.affiliations.lists import policy
from kakehashi.affiliations.locate import CONFIDENCE, Located, Locator, Match
from kakehashi.affiliations.names import normal_key, printed_name
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.places import gazetteer
from kakehashi.affiliations.reader import PartReader
from kakehashi.affiliations.roles import Role
from kakehashi.affiliations.text import Clean, clean, joined

NameFinder = Callable[[str], list[tuple[int, int]]]
"""A language model's step: the extents of organisation names in a text."""

_BY_WEIGHT = {10: 0.95, 9: 0.93, 8: 0.9, 7: 0.88, 6: 0.85, 5: 0.8, 4: 0.7, 3: 0.6, 2: 0.5, 1: 0.4}
_ENTITY_CONFIDENCE = 0.6
_PLACED = ("country_name", "country_code", "region", "city")
_NOT_AFFILIATIONS = frozenset(("n a", "na", "none", "null", "unknown", "not available", "no affiliation", "nan", "nil",
                               "no affiliation provided", "no affiliations", "affiliation", "tbd"))  # fmt: skip

_LONGEST_ACRONYM, _CODE = 5, 2
"""Letters of the longest capitals that are rather an acronym than a town, and of a state's code."""

_LONGEST_NOTHING = 40
NOTHING_WORDS = frozenset(word for phrase in _NOT_AFFILIATIONS for word in phrase.split())


class Resolution(msgspec.Struct, frozen=True, gc=False):  # made a million times: a dataclass takes ten times as long
    """One institution found in a string, or the reason why none was. `key` is the name's normal form.

    `span` and `country_span` are stretches of the given text. `confidence` in [0, 1] orders answers: the lower of the
    institution's (by the kind of word that decided) and the country's (see locate.CONFIDENCE).
    """

    seq: int
    institution: str | None
    key: str | None
    country_code: str | None
    method: str | None
    country_method: str | None
    span: str | None
    country_span: str | None
    confidence: float
    reason: str | None
    ror_id: str | None = None


class Reading(NamedTuple):
    """Everything seen in a string on the way to its resolutions; `explain` tells it step by step.

    `facts` are those of the parts; `located` and `found` belong to the addresses, which are numbers of parts. `ending`
    is what others may share with a string that was read in two halves. `lent`: parts that another address of the string
    lends its country, or another stretch between semicolons that has a name of its own.
    """

    clean: Clean
    facts: tuple[Facts, ...]
    addresses: tuple[tuple[int, ...], ...]
    located: tuple[Located, ...]
    found: tuple[tuple[Found, ...], ...]
    ending: Ending | None = None
    lent: frozenset[int] = frozenset()

    def extent(self, part: int, first: int, until: int, last: int) -> tuple[int, int]:
        """Return the places in the clean text of words [first, last), counted in the parts they belong to."""
        begin, end = self.facts[part].words.starts[first], self.facts[until].words.ends[last - 1]
        return self.clean.begin(part) + begin, self.clean.begin(until) + end

    @property
    def roles(self) -> tuple[Role, ...]:
        """What the words of each part say about it."""
        return tuple([facts.role for facts in self.facts])

    @property
    def matches(self) -> tuple[Match, ...]:
        """The place names of all parts."""
        return tuple([Match(index, *place) for index, facts in enumerate(self.facts) for place in facts.places])


class Resolver:
    """Resolves strings under one territory policy. Cheap to make; the word lists are shared within a process."""

    def __init__(
        self, territory_policy: str = "seed", aliases: str | None = None, find_names: NameFinder | None = None
    ) -> None:
        self._locator = Locator(policy(territory_policy))
        self._parts = PartReader(gazetteer(aliases))
        self._find_names = find_names
        self._halves = Halves(self._parts.read, self._locator.watched)

    @property
    def reads_whole(self) -> bool:
        """Whether a language model is asked, which reads strings as a whole."""
        return self._find_names is not None

    def resolve(self, text: str) -> tuple[Resolution, ...]:
        """Resolve one string; never raises on any text. Strings beyond MAX_CHARACTERS are read up to there."""
        return plain_resolutions(text, self.read(text))

    def resolve_many(self, texts: Sequence[str]) -> Iterator[tuple[Resolution, ...]]:
        """Yield the resolutions of each string."""
        return map(self.resolve, texts)

    def read(self, text: str) -> Reading:
        """Clean a string, find its places and institutions, and decide each address's country."""
        return self.read_halves(text, self.halves(text))

    def halves(self, text: str) -> tuple[Beginning, Ending] | None:
        """Return what stands before and behind the first comma, read; None where it takes the whole string for that."""
        return self._halves.of(text) if self._find_names is None else None

    def read_halves(self, text: str, halves: tuple[Beginning, Ending] | None) -> Reading:
        """Read a string as `read`, given its halves."""
        reading = self._joined(text, *halves) if halves is not None and not halves[1].apart else None
        return reading if reading is not None else self._read(text)

    def _joined(self, text: str, begin: Beginning, end: Ending) -> Reading | None:
        """Read a string by its halves; None where it is to be cut between two institutions."""
        cleaned, facts = joined(text, begin.half, end.half), (begin.facts, *end.facts)
        if begin.mute:
            named = self._named_behind(cleaned, end, facts)
        else:
            names = [*[(0, one) for one in begin.facts.candidates], *end.named]
            told = choose(cleaned, facts, end.address, names)
            named = tuple(told or self._institutions(cleaned, end.address, facts))
        if len(named) > 1 and not begin.facts.has_place and not end.has_place:
            return None
        alone = not begin.facts.locates or (end.watched is not None and end.watched.isdisjoint(begin.countries))
        located = end.located if alone else None
        if located is None:
            located = self._locator.locate(cleaned, end.address, facts)
            if alone and located.reason != "no_place_named" and cleaned.text.isascii():
                end.located = located  # else the writing of the first part may tell a country
        return Reading(cleaned, facts, (end.address,), (located,), (named,), end)

    def _named_behind(self, cleaned: Clean, end: Ending, facts: Sequence[Facts]) -> tuple[Found, ...]:
        """Return the institutions behind a first part that names none."""
        begin = cleaned.shift
        if end.found is None:
            found = self._institutions(cleaned, end.address, facts)
            end.found = tuple([one._replace(start=one.start - begin, end=one.end - begin) for one in found])
        return tuple([one._replace(start=one.start + begin, end=one.end + begin) for one in end.found])

    def _read(self, text: str) -> Reading:
        cleaned, facts = self._facts(clean(text))
        addresses: list[Sequence[int]] = []
        found: list[list[Found]] = []
        for address in addresses_of(cleaned, facts):
            named = self._institutions(cleaned, address, facts)
            if len(named) < 2 or any(facts[index].has_place for index in address):
                addresses.append(address)
                found.append(named)
                continue
            for one, names in _one_by_one(address, named):
                addresses.append(one)
                found.append(names)
        located = [self._locator.locate(cleaned, address, facts) for address in addresses]
        if len(facts) == 1 and _is_bare_acronym(facts[0], located[0]):
            located = [Located(None, None, None, 0.0, "ambiguous_place")]
        elif len(located) > 1:
            located = _inherit(located)
        return Reading(
            cleaned,
            tuple(facts),
            tuple([tuple(address) for address in addresses]),
            tuple(located),
            tuple([tuple(names) for names in found]),
            lent=lent_parts(cleaned, facts, addresses, located),
        )

    def facts(self, part: str) -> Facts:
        """Return the facts of a part, as `read` sees them."""
        return self._parts.read(part)

    def _facts(self, cleaned: Clean) -> tuple[Clean, list[Facts]]:
        """Read the parts, cut in two where another institution follows a country; the first begins with no country."""
        facts = [self._parts.read(part.text) for part in cleaned.parts]
        if not any(one.cut for one in facts[1:]) and not (facts and facts[0].cut and facts[0].joined):
            return cleaned, facts
        pieces = [
            piece
            for part, one in zip(cleaned.parts, facts, strict=True)
            for piece in (
                self._parts.cut(part, one) if one.cut and (one.joined or part is not cleaned.parts[0]) else (part,)
            )
        ]
        return cleaned._replace(parts=tuple(pieces)), [self._parts.read(part.text) for part in pieces]

    def _institutions(self, cleaned: Clean, address: Sequence[int], facts: Sequence[Facts]) -> list[Found]:
        """Appendix 1's order: by rule, then by named-entity recognition, then what remains."""
        groups = stretches(cleaned, address)
        found = [one for group in groups for one in find_in(cleaned, facts, group)]
        if not found and self._find_names is not None:
            found = self._entities(cleaned, address, facts)
        if not found:
            rest = what_is_left(cleaned, facts, address)
            found = [rest] if rest is not None else []
        return found

    def _entities(self, cleaned: Clean, address: Sequence[int], facts: Sequence[Facts]) -> list[Found]:
        assert self._find_names is not None  # noqa: S101 - tells the type checker what the caller has checked
        for start, end in self._find_names(cleaned.text):
            for index in address:
                part, one = cleaned.parts[index], facts[index]
                if part.start <= start < part.end and not one.role.unit and not one.begins_with_place:
                    name = printed_name(cleaned.text[start : min(end, part.end)])
                    return [Found(index, start, min(end, part.end), 1.0, "other", "entity", name, normal_key(name))]
        return []


def plain_resolutions(text: str, reading: Reading) -> tuple[Resolution, ...]:
    """Return what the rules say of a string: its institutions with their countries, or why there are none."""
    if not reading.facts:
        return (_nothing("empty" if not text.strip() else "not_an_affiliation"),)
    if _says_none(text, reading.facts[0]):
        return (_nothing("not_an_affiliation"),)
    rows: list[Resolution] = []
    seen: set[tuple[str, str | None]] = set()
    for located, found in zip(reading.located, reading.found, strict=True):
        for one in found:
            if one.key and (one.key, located.country) not in seen:
                seen.add((one.key, located.country))
                rows.append(found_resolution(len(rows) + 1, reading.clean, one, located))
    known = {row.country_code for row in rows}
    for located in reading.located:  # a country whose institution was not found is still a country of the work
        if located.country is not None and located.country not in known:
            known.add(located.country)
            rows.append(country_only(len(rows) + 1, located))
    return tuple(rows) or (_no_institution(reading),)


def _says_none(text: str, first: Facts) -> bool:
    """Whether a short string says that there is no affiliation."""
    if len(text) > _LONGEST_NOTHING or NOTHING_WORDS.isdisjoint(first.words.forms):
        return False
    return normal_key(text) in _NOT_AFFILIATIONS


def _is_bare_acronym(facts: Facts, located: Located) -> bool:
    """Whether a few capitals are all there is: `UT` may be Utah or a university, `OSU` a town or a university."""
    text = facts.text.strip()
    size = len(text)
    short = size <= _LONGEST_ACRONYM and text.isalpha() and text.isascii() and text.isupper()
    method = (located.method or "").partition(">")[0]
    return short and (method == "city" or (method == "region" and size == _CODE))


def _one_by_one(address: Sequence[int], named: list[Found]) -> list[tuple[Sequence[int], list[Found]]]:
    """Cut an address without a place behind each institution: a town in one's name says nothing about the next."""
    ends = sorted({found.part for found in named})
    if len(ends) < 2:
        return [(address, named)]
    pieces: list[tuple[Sequence[int], list[Found]]] = []
    begin = address[0]
    for end in ends:
        last = address[-1] if end == ends[-1] else end
        pieces.append((tuple(range(begin, last + 1)), [found for found in named if found.part == end]))
        begin = last + 1
    return pieces


def _inherit(located: list[Located]) -> list[Located]:
    """Give addresses without a place the country of the others, if that is one and their own names say no other."""
    placed = [one for one in located if _is_placed(one)]
    if len({one.country for one in placed}) != 1:
        return located
    source = placed[0]
    shared = Located(source.country, SAME_STRING, source.span, CONFIDENCE[SAME_STRING], None)
    return [
        shared if not _is_placed(one) and (one.country == source.country or one.reason == "no_place_named") else one
        for one in located
    ]


def _is_placed(located: Located) -> bool:
    return located.country is not None and (located.method or "").partition(">")[0] in _PLACED


def found_resolution(seq: int, cleaned: Clean, found: Found, located: Located) -> Resolution:
    """Return the resolution of an institution that the rules found."""
    certainty = _ENTITY_CONFIDENCE if found.method == "entity" else _BY_WEIGHT[int(found.weight)]
    confidence = min(certainty, located.confidence) if located.country else round(0.7 * certainty, 2)
    return Resolution(
        seq,
        found.name,
        found.key,
        located.country,
        found.method,
        located.method,
        cleaned.span(found.start, found.end),
        located.span,
        confidence,
        located.reason,
    )


def country_only(seq: int, located: Located) -> Resolution:
    """Return the resolution of a country whose institution was not found."""
    return Resolution(
        seq,
        None,
        None,
        located.country,
        None,
        located.method,
        None,
        located.span,
        located.confidence,
        "no_institution_named",
    )


def _no_institution(reading: Reading) -> Resolution:
    reasons = [located.reason for located in reading.located if located.reason]
    units = any(role.unit for role in reading.roles)
    reason = "only_department" if units else (reasons[0] if reasons else "not_an_affiliation")
    return _nothing(reason)


def _nothing(reason: str) -> Resolution:
    return Resolution(1, None, None, None, None, None, None, None, 0.0, reason)
