"""One affiliation string at a time: the institutions it names and their countries, each with its evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kakehashi.affiliations.institutions import Found, find_in, what_is_left
from kakehashi.affiliations.lists import Phrases, Policy, policy
from kakehashi.affiliations.locate import CONFIDENCE, Located, Match, PlaceFinder, locate
from kakehashi.affiliations.names import national_terms, normal_key
from kakehashi.affiliations.places import gazetteer
from kakehashi.affiliations.roles import NAMING_WEIGHT, Role, role_of
from kakehashi.affiliations.text import Clean, Part, clean

NameFinder = Callable[[str], list[tuple[int, int]]]
"""A language model's step: the extents of organisation names in a text."""

_BY_WEIGHT = {10: 0.95, 9: 0.93, 8: 0.9, 7: 0.88, 6: 0.85, 5: 0.8, 4: 0.7, 3: 0.6, 2: 0.5, 1: 0.4}
_ENTITY_CONFIDENCE = 0.6
_PLACED = ("country_name", "country_code", "region", "city")
_NOT_AFFILIATIONS = frozenset(("n a", "na", "none", "null", "unknown", "not available", "no affiliation", "nan", "nil",
                               "no affiliation provided", "no affiliations", "affiliation", "tbd"))  # fmt: skip

_LONGEST_NOTHING = 40


@dataclass(frozen=True, slots=True)
class Resolution:
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


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything seen in a string on the way to its resolutions; `explain` tells it step by step."""

    clean: Clean
    roles: tuple[Role, ...]
    matches: tuple[Match, ...]
    addresses: tuple[tuple[int, ...], ...]
    located: tuple[Located, ...]
    found: tuple[tuple[Found, ...], ...]


class Resolver:
    """Resolves strings under one territory policy. Cheap to make; the word lists are shared within a process."""

    def __init__(
        self, territory_policy: str = "seed", aliases: str | None = None, find_names: NameFinder | None = None
    ) -> None:
        self._policy: Policy = policy(territory_policy)
        self._places = PlaceFinder(gazetteer(aliases))
        self._national = Phrases(national_terms())
        self._find_names = find_names

    def resolve(self, text: str) -> tuple[Resolution, ...]:
        """Resolve one string; never raises on any text. Strings beyond MAX_CHARACTERS are read up to there."""
        reading = self.read(text)
        if not reading.clean.parts:
            return (_nothing("empty" if not text.strip() else "not_an_affiliation"),)
        if len(text) <= _LONGEST_NOTHING and normal_key(text) in _NOT_AFFILIATIONS:
            return (_nothing("not_an_affiliation"),)
        rows: list[Resolution] = []
        seen: set[tuple[str, str | None]] = set()
        for located, found in zip(reading.located, reading.found, strict=True):
            for one in found:
                row = _row(len(rows) + 1, reading.clean, one, located)
                if row.key is not None and (row.key, row.country_code) not in seen:
                    seen.add((row.key, row.country_code))
                    rows.append(row)
        known = {row.country_code for row in rows}
        for located in reading.located:  # a country whose institution was not found is still a country of the work
            if located.country is not None and located.country not in known:
                known.add(located.country)
                rows.append(_country_only(len(rows) + 1, located))
        return tuple(rows) or (_no_institution(reading),)

    def read(self, text: str) -> Reading:
        """Clean a string, find its places and institutions, and decide each address's country."""
        cleaned = self._split_countries(clean(text))
        roles = tuple(role_of(part) for part in cleaned.parts)
        matches: list[Match] = []
        national: list[tuple[int, int, int, str]] = []
        for index, part in enumerate(cleaned.parts):
            matches.extend(self._places.find(cleaned, index, roles[index].weight >= NAMING_WEIGHT))
            national.extend([(index, *term) for term in self._national.find(part.forms)])
        addresses: list[tuple[int, ...]] = []
        found: list[tuple[Found, ...]] = []
        for address in _addresses(cleaned, roles, matches):
            named = self._institutions(cleaned, address, roles, matches)
            placed = _has_place(address, matches)
            for one, names in [(address, named)] if placed else _one_by_one(address, named):
                addresses.append(one)
                found.append(tuple(names))
        located = [self._place(cleaned, address, matches, national) for address in addresses]
        return Reading(cleaned, roles, tuple(matches), tuple(addresses), tuple(_inherit(located)), tuple(found))

    def _split_countries(self, cleaned: Clean) -> Clean:
        """Cut `UK and Harvard University` and `GA and Center B` behind the place: another address begins there."""
        parts: list[Part] = []
        for part in cleaned.parts:
            cut = self._place_before_and(cleaned, part)
            rest = part.tokens[cut + 1 :]
            if cut and rest:
                second = Part(rest[0].start, part.end, rest, True, part.forms[cut + 1 :])
                if role_of(second).hits:
                    parts.append(
                        Part(part.start, part.tokens[cut - 1].end, part.tokens[:cut], part.hard, part.forms[:cut])
                    )
                    parts.append(second)
                    continue
            parts.append(part)
        return replace(cleaned, parts=tuple(parts)) if len(parts) != len(cleaned.parts) else cleaned

    def _place_before_and(self, cleaned: Clean, part: Part) -> int:
        """Number of words of the place that a part begins with before `and`, or 0.

        The place is all that stands there, and sure to be one: it names a country (`UK`, `GA 30332 USA`), or is a
        state's code with or without a postcode (`GA`, `MA 02139`).
        """
        end = next((number for number, form in enumerate(part.forms) if form in {"and", "&"}), 0)
        if not 0 < end < len(part.forms) - 1 or end > _PLACE_WORDS:
            return 0
        whole = self._places.names.at(part.forms, 0)
        if whole and whole[0] > end:
            return 0  # Bosnia and Herzegovina Academy
        words = part.tokens[:end]
        found = self._places.read(cleaned.text[words[0].start : words[-1].end])
        covered = {position for first, last, _, _ in found for position in range(first, last)}
        if any(position not in covered and not word.form[0].isdigit() for position, word in enumerate(words)):
            return 0
        code = cleaned.text[words[0].start : words[0].end]
        is_code = len(code) == 2 and self._places.is_state(code)
        return end if is_code or any(_is_country(readings) for _, _, readings, _ in found) else 0

    def _institutions(
        self, cleaned: Clean, address: tuple[int, ...], roles: Sequence[Role], matches: Sequence[Match]
    ) -> list[Found]:
        """Appendix 1's order: by rule, then by named-entity recognition, then what remains."""
        groups = _groups(cleaned, address)
        found = [one for group in groups for one in find_in(cleaned, group, roles, matches)]
        if not found and self._find_names is not None:
            found = self._entities(cleaned, address, roles, matches)
        if not found:
            rest = what_is_left(cleaned, address, roles, matches)
            found = [rest] if rest is not None else []
        return found

    def _entities(
        self, cleaned: Clean, address: tuple[int, ...], roles: Sequence[Role], matches: Sequence[Match]
    ) -> list[Found]:
        assert self._find_names is not None  # noqa: S101 - tells the type checker what the caller has checked
        placed = [match for match in matches if match.placed]
        for start, end in self._find_names(cleaned.text):
            for index in address:
                part = cleaned.parts[index]
                inside = part.start <= start < part.end and not roles[index].unit
                if inside and not any(match.part == index and match.first == 0 for match in placed):
                    return [Found(index, start, min(end, part.end), 1.0, "other", "entity")]
        return []

    def _place(
        self,
        cleaned: Clean,
        address: tuple[int, ...],
        matches: Sequence[Match],
        national: list[tuple[int, int, int, str]],
    ) -> Located:
        located = locate(cleaned, address, matches, national)
        if located.country is None:
            return located
        here = [match for match in matches if match.part in address]
        successors = self._policy.successors.get(located.country)
        territories = self._policy.territories.get(located.country)
        if successors:
            located = _successor(located, successors, here)
        elif territories:
            located = _territory(located, territories, here)
        return self._counted(located)

    def _counted(self, located: Located) -> Located:
        if located.country is None:
            return located
        code = self._policy.apply(located.country)
        if code == located.country:
            return located
        method = f"{located.method}>policy"
        return replace(located, country=code, method=method, reason=None if code else "territory_policy")


_PLACE_WORDS = 6
"""A place before `and` has no more words than this: town, state, postcode, country."""


def _is_country(readings: Sequence[object]) -> bool:
    return bool(readings) and all(getattr(reading, "kind", "") == "country" for reading in readings)


def _addresses(cleaned: Clean, roles: Sequence[Role], matches: Sequence[Match]) -> tuple[tuple[int, ...], ...]:
    """Cut the parts into addresses: behind a country that another institution follows, and at a semicolon.

    A semicolon does not end an address that has named no place yet: `Institute A; University B; Seoul, Korea`.
    """
    addresses: list[list[int]] = [[]]
    for index, part in enumerate(cleaned.parts):
        if part.hard and _has_place(addresses[-1], matches) and any(role.weight >= 2 for role in roles[index:]):
            addresses.append([])
        addresses[-1].append(index)
        if index + 1 == len(cleaned.parts) or not _ends_in_country(index, matches):
            continue
        named = any(roles[number].weight >= NAMING_WEIGHT for number in addresses[-1])
        follows = any(roles[number].weight >= 6 for number in range(index + 1, len(roles)))
        placed = any(match.part == index + 1 and match.placed and match.first == 0 for match in matches)
        if named and follows and not placed:
            addresses.append([])
    return tuple(tuple(address) for address in addresses if address)


def _one_by_one(address: tuple[int, ...], named: list[Found]) -> list[tuple[tuple[int, ...], list[Found]]]:
    """Cut an address without a place behind each institution: a town in one's name says nothing about the next."""
    ends = sorted({found.part for found in named})
    if len(ends) < 2:
        return [(address, named)]
    pieces, begin = [], address[0]
    for end in ends:
        last = address[-1] if end == ends[-1] else end
        pieces.append((tuple(range(begin, last + 1)), [found for found in named if found.part == end]))
        begin = last + 1
    return pieces


def _has_place(address: Sequence[int], matches: Sequence[Match]) -> bool:
    return any(match.part in address and match.placed for match in matches)


def _groups(cleaned: Clean, address: Sequence[int]) -> list[tuple[int, ...]]:
    """Cut an address at its semicolons: each stretch may name an institution of its own."""
    groups: list[list[int]] = [[]]
    for index in address:
        if cleaned.parts[index].hard and groups[-1]:
            groups.append([])
        groups[-1].append(index)
    return [tuple(group) for group in groups]


def _ends_in_country(index: int, matches: Sequence[Match]) -> bool:
    placed = [match for match in matches if match.part == index and match.placed]
    return bool(placed) and _is_country(placed[-1].readings)


def _inherit(located: list[Located]) -> list[Located]:
    """Give addresses without a place the country of the others, if that is one."""
    placed = [one for one in located if one.country is not None and (one.method or "").partition(">")[0] in _PLACED]
    if len({one.country for one in placed}) != 1:
        return located
    source = placed[0]
    shared = Located(source.country, "same_string", source.span, CONFIDENCE["same_string"], None)
    return [shared if one.country is None and one.reason == "no_place_named" else one for one in located]


def _successor(located: Located, successors: tuple[str, ...], here: Sequence[Match]) -> Located:
    """Replace a former state by its successor where there is one, or where a town tells which."""
    if len(successors) == 1:
        return replace(located, country=successors[0], method=f"{located.method}>successor")
    told = {
        code for match in here for code in {reading.country for reading in match.readings} & set(successors)
    }  # fmt: skip
    if len(told) == 1:
        return replace(located, country=told.pop(), method=f"{located.method}>successor", confidence=0.8)
    return Located(None, None, located.span, 0.0, "former_state")


def _territory(located: Located, territories: tuple[str, ...], here: Sequence[Match]) -> Located:
    """Prefer a territory that the address names: `Hong Kong, P.R. China`."""
    for match in reversed(here):
        codes = {reading.country for reading in match.readings}
        if len(codes) == 1 and codes <= set(territories):
            return replace(located, country=codes.pop(), method=f"{located.method}>territory")
        first = match.readings[0]
        if first.country in territories and first.kind == "country":
            return replace(located, country=first.country, method=f"{located.method}>territory")
    return located


def _row(seq: int, cleaned: Clean, found: Found, located: Located) -> Resolution:
    span = cleaned.span(found.start, found.end)
    name = " ".join(cleaned.text[found.start : found.end].split()).strip(" ,.;:-–()[]\"'*“”")
    certainty = _ENTITY_CONFIDENCE if found.method == "entity" else _BY_WEIGHT[int(found.weight)]
    confidence = min(certainty, located.confidence) if located.country else round(0.7 * certainty, 2)
    key = normal_key(name)
    return Resolution(
        seq,
        name,
        key or None,
        located.country,
        found.method,
        located.method,
        span,
        located.span,
        confidence,
        located.reason,
    )


def _country_only(seq: int, located: Located) -> Resolution:
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
