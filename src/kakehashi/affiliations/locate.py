"""The country of an address: the last place named, read in the light of everything else that the address says."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kakehashi.affiliations.lists import Policy, small_words
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.places import Reading, city_weight, is_bare_code
from kakehashi.affiliations.text import REMEMBERED, Clean

_US_TLD = frozenset(("edu", "gov", "mil"))

CONFIDENCE = {
    "country_name": 0.99, "country_code": 0.95, "region": 0.97, "city": 0.9, "internet": 0.85, "postcode": 0.8,
    "country_in_name": 0.8, "region_in_name": 0.75, "national_term": 0.7, "city_in_name": 0.65, "script": 0.6,
    "same_string": 0.7,
}  # fmt: skip
"""How far each kind of evidence is trusted: an order, not a probability (train_* accuracy falls in the same order)."""

_CHARSETS = (("JP", "shift_jis"), ("CN", "gb2312"), ("TW", "big5"))


MARGIN = 0.1
"""Two readings closer than this are ambiguous: for towns, populations within a factor of about 3."""

MARGIN_IN_NAME = 0.15
"""The same inside an institution's name, where the town is weaker evidence: a factor of about 6."""

LARGE_TOWN = city_weight(250_000)
"""A state inside a name does not decide if a town of this size abroad has the same name (University of Victoria)."""


_ADDRESSES = 8_192
"""Ends of addresses (town, state, country) whose country is remembered."""

_REMEMBERED_PARTS = 8
"""Addresses with more parts that speak of places are decided anew each time."""


class Match(NamedTuple):
    """A place name: the part and words it covers, its readings, and whether it stands where addresses put places."""

    part: int
    first: int
    last: int
    readings: tuple[Reading, ...]
    placed: bool


class Located(NamedTuple):
    """A country with its evidence, or None with the reason."""

    country: str | None
    method: str | None
    span: str | None
    confidence: float
    reason: str | None


Place = tuple[int, int, int]
"""Where the deciding words stand: part, first and last word."""

Decision = tuple[Located, Place | None]
"""A country, and where the text behind its span is to be found if it stands in a part."""


class Locator:
    """Decides the countries of addresses under a territory policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._remembered: Callable[[tuple[Facts, ...], tuple[str, ...]], Decision] = lru_cache(_ADDRESSES)(self._decide)

    def locate(self, clean: Clean, address: Sequence[int], facts: Sequence[Facts]) -> Located:
        """Decide the country of one address, given by the numbers of its parts.

        Parts that say nothing about a place do not matter, so that addresses with the same end are decided once.
        """
        telling = [index for index in address if facts[index].locates]
        evidence = tuple([facts[index] for index in telling])
        brief = len(evidence) <= _REMEMBERED_PARTS and all(len(one.text) <= REMEMBERED for one in evidence)
        located, place = (self._remembered if brief else self._decide)(evidence, clean.hosts)
        if located.reason == "no_place_named" and not clean.text.isascii():
            return self._settled(_by_script(clean.text), _matches(evidence))
        if place is not None and (clean.offsets is not None or str(located.span) not in clean.given):
            # Between its words something may have been blanked out: San<b>a.
            number, first, last = place
            origin, words = clean.begin(telling[number]), evidence[number].words
            start, end = origin + words.starts[first], origin + words.ends[last - 1]
            return located._replace(span=clean.span(start, end))
        return located

    def watched(self, end: Sequence[Facts]) -> frozenset[str] | None:
        """Return of which countries a place must be before the end of an address to change its country.

        None where other evidence may change it too: the last place is a town, a code, or may be several.
        """
        last = _last_place([match for match in _matches(end) if match.placed])
        if last is None or len(last.readings) != 1 or is_bare_code(last.readings[0]):
            return None
        country, kind = last.readings[0].country, last.readings[0].kind
        if kind == "city" or len(self._policy.successors.get(country, ())) > 1:
            return None
        return frozenset(self._policy.territories.get(country, ()))

    def _decide(self, evidence: tuple[Facts, ...], hosts: tuple[str, ...]) -> Decision:
        here = _matches(evidence)
        support = _support(evidence, hosts)
        deciding = _last_place([match for match in here if match.placed and _backed(match, here, support)])
        if deciding is not None:
            located, place = _read(evidence, deciding, here, support)
        else:
            located, place = _from_name(evidence, here, support, hosts)
            if located.method == "city_in_name":
                here = [match for match in here if match[:3] == place]
        return self._settled(located, here), place

    def _settled(self, located: Located, here: Sequence[Match]) -> Located:
        """Replace former states and count territories as the policy says."""
        if located.country is None:
            return located
        successors = self._policy.successors.get(located.country)
        territories = self._policy.territories.get(located.country)
        if successors:
            located = _successor(located, successors, here)
        elif territories:
            located = _territory(located, territories, here)
        if located.country is None:
            return located
        code = self._policy.apply(located.country)
        if code == located.country:
            return located
        method = f"{located.method}>policy"
        return located._replace(country=code, method=method, reason=None if code else "territory_policy")


def _matches(evidence: Sequence[Facts]) -> list[Match]:
    return [Match(number, *place) for number, facts in enumerate(evidence) for place in facts.places]


def _last_place(placed: list[Match]) -> Match | None:
    """The last place of the address; but a town after its country (`Japan, Tokyo`) gives way to the country."""
    if not placed:
        return None
    last = placed[-1]
    if any(reading.kind != "city" for reading in last.readings):
        return last
    named = [match for match in placed if all(reading.kind == "country" for reading in match.readings)]
    return named[-1] if named else last


def _backed(match: Match, here: Sequence[Match], support: dict[str, float]) -> bool:
    """Whether a place may decide: a bare country code (`UBC, CS`) needs something else that speaks for it."""
    if not is_bare_code(match.readings[0]):
        return True
    return any(
        support.get(reading.country, 0.0) or _agreement(reading, match, here) for reading in match.readings
    )  # fmt: skip


def _support(evidence: Sequence[Facts], hosts: Sequence[str]) -> dict[str, float]:
    """Weigh the evidence that is not a place name: internet domains, postcodes, national terms."""
    support: dict[str, float] = {}
    for host in hosts:
        code = host_country(host)
        if code:
            support[code] = support.get(code, 0.0) + 1.5
    for code in sorted({code for facts in evidence for code in facts.postcodes}):
        support[code] = support.get(code, 0.0) + 1.0
    if any(facts.five_digits for facts in evidence):
        support["US"] = support.get("US", 0.0) + 0.3
    for facts in evidence:
        for _first, _last, code in facts.national:
            support[code] = support.get(code, 0.0) + 0.5
    return support


def host_country(host: str) -> str | None:
    """Country of an internet host by its top-level domain, or None where the domain is used everywhere."""
    domain = host.rpartition(".")[2]
    if domain in _US_TLD:
        return "US"
    if len(domain) != 2 or domain in small_words("worldwide_domain"):
        return None
    return {"uk": "GB"}.get(domain, domain.upper())


def _read(evidence: Sequence[Facts], last: Match, here: Sequence[Match], support: dict[str, float]) -> Decision:
    """Choose among the readings of the last place by what else the address names."""
    best: dict[str, tuple[float, Reading]] = {}
    alone = len(last.readings) == 1
    for reading in last.readings:
        score = 0.0 if alone else reading.weight + support.get(reading.country, 0.0) + _agreement(reading, last, here)
        if reading.country not in best or best[reading.country][0] < score:
            best[reading.country] = (score, reading)
    ranked = [*best.items()] if alone else sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    span, place = evidence[last.part].span(last.first, last.last).strip(), (last.part, last.first, last.last)
    if len(ranked) > 1 and ranked[0][1][0] - ranked[1][1][0] < (MARGIN if last.placed else MARGIN_IN_NAME):
        return Located(None, None, span, 0.0, "ambiguous_place"), place
    code, (_score, reading) = ranked[0]
    method = {"country": "country_name", "region": "region", "city": "city"}[reading.kind]
    if reading.kind == "country" and reading.weight < 3.0:
        method = "country_code"
    confidence = CONFIDENCE[method] if len(ranked) == 1 else CONFIDENCE[method] - 0.04
    return Located(code, method, span, round(confidence, 2), None), place


def _agreement(reading: Reading, last: Match, here: Sequence[Match]) -> float:
    """Add up how far the other places of the address agree with a reading (each name counts once)."""
    total = 0.0
    for match in here:
        if match is last or match.readings == last.readings:
            continue
        gains = [_gain(other, reading, match.placed) for other in match.readings if other.country == reading.country]
        total += max(gains, default=0.0)
    return total


def _gain(other: Reading, reading: Reading, placed: bool) -> float:
    gain = {"country": 2.0, "region": 1.5, "city": max(other.weight - 1.0, 0.1)}[other.kind]
    if other.kind == "city" and reading.kind == "region" and other.region and other.region == reading.region:
        gain += 1.0
    return gain if placed else 0.4 * gain


def _from_name(
    evidence: Sequence[Facts], here: Sequence[Match], support: dict[str, float], hosts: Sequence[str]
) -> Decision:
    """Decide without a place where places stand: by internet domain, postcode, or the institution's own name."""
    domains = sorted({code for host in hosts if (code := host_country(host))})
    if len(domains) == 1:
        host = next(host for host in hosts if host_country(host) == domains[0])
        return Located(domains[0], "internet", host, CONFIDENCE["internet"], None), None
    readable = [match for match in here if _readable_in_name(evidence, match)]
    seat = next((match for match in reversed(readable) if match.readings[0].kind == "city"), None)
    for kind in ("country", "region"):
        chosen = _single(evidence, readable, support, kind)
        if chosen is not None and not (seat is not None and _ends_name(evidence, seat) and _is_abroad(seat, chosen)):
            return chosen
    national = _national(evidence)
    if national is not None and (seat is None or not _is_abroad(seat, national)):
        return national
    chosen = _single(evidence, readable, support, "city")
    if chosen is not None:
        return chosen
    postcodes = [code for code, weight in support.items() if weight >= 1.0]
    if len(postcodes) == 1:
        return Located(postcodes[0], "postcode", None, CONFIDENCE["postcode"], None), None
    return Located(None, None, None, 0.0, "no_place_named"), None


def _is_abroad(seat: Match, chosen: Decision) -> bool:
    """Whether a town lies in no country that other words of the name speak for (`Canadian University of Dubai`).

    Then the town is right: of the names of 51,000 organisations of ROR it is so 43 times of 46 against a national
    term, and 7 of 7 for a large town at a name's end against a state or country (`New York University Shanghai`).
    """
    return all(reading.country != chosen[0].country for reading in seat.readings)


def _ends_name(evidence: Sequence[Facts], seat: Match) -> bool:
    """Whether a large town is the last word of its part."""
    return seat.last == len(evidence[seat.part].words.forms) and seat.readings[0].weight >= LARGE_TOWN


def _national(evidence: Sequence[Facts]) -> Decision | None:
    """Decide by national terms: None where there are none, no country where they disagree and do not stand together."""
    terms = _terms(evidence)
    if not terms:
        return None
    leading = _leading(evidence, [term[:3] for term in terms])
    codes = {code for part, first, last, code in terms if (part, first, last) in leading}
    if len(codes) > 1:
        return Located(None, None, None, 0.0, "ambiguous_place"), None
    part, first, last = leading[0]
    span = evidence[part].span(first, last).strip()
    return Located(codes.pop(), "national_term", span, CONFIDENCE["national_term"], None), (part, first, last)


def _terms(evidence: Sequence[Facts]) -> list[tuple[int, int, int, str]]:
    return [(number, *term) for number, facts in enumerate(evidence) for term in facts.national]


def _named_first(evidence: Sequence[Facts], countries: Sequence[Match]) -> list[Match]:
    """Leave out countries joined to another nation's name before them: `Australian and New Zealand College`."""
    places = {match[:3] for match in countries}
    places.update(
        term[:3]
        for term in _terms(evidence)
        if not any(match.part == term[0] and match.first < term[2] and term[1] < match.last for match in countries)
    )
    leading = _leading(evidence, sorted(places))
    return [match for match in countries if match[:3] in leading]


def _leading(evidence: Sequence[Facts], places: Sequence[Place]) -> list[Place]:
    """Leave out what is joined to the place before it: `Egypt-Japan University`, `Australia and New Zealand`.

    Such an organisation is at home in the country named first: 31 of 36 in ROR.
    """
    found: list[Place] = []
    before: Place | None = None
    for place in places:
        part, first, _last = place
        between = evidence[part].words.forms[before[2] : first] if before and before[0] == part else ("other",)
        if not small_words("between_nations").issuperset(between):
            found.append(place)
        before = place
    return found


def _readable_in_name(evidence: Sequence[Facts], match: Match) -> bool:
    """Whether a place in a name is evidence: no codes, no short or hyphenated towns, no state that is a town too."""
    first = match.readings[0]
    facts = evidence[match.part]
    start, end = facts.words.starts[match.first], facts.words.ends[match.last - 1]
    if is_bare_code(first) or (first.kind == "city" and end - start < 4 and facts.text[start:end].isascii()):
        return False
    if first.kind == "city" and "-" in (facts.text[max(start - 1, 0) : start], facts.text[end : end + 1]):
        return False
    abroad = [other for other in match.readings if other.country != first.country and other.weight >= LARGE_TOWN]
    return first.kind != "region" or not abroad


def _single(
    evidence: Sequence[Facts], readable: Sequence[Match], support: dict[str, float], kind: str
) -> Decision | None:
    """Read the last place of a kind, if a name so embedded can be read at all."""
    candidates = [match for match in readable if match.readings[0].kind == kind]
    if not candidates:
        return None
    if kind == "country":
        candidates = _named_first(evidence, candidates)
        if not candidates:
            return None
    located, place = _read(evidence, candidates[-1], readable, support)
    if located.country is None:
        return located, place
    method = f"{kind}_in_name"
    return Located(located.country, method, located.span, CONFIDENCE[method], None), place


def _successor(located: Located, successors: tuple[str, ...], here: Sequence[Match]) -> Located:
    """Replace a former state by its successor where there is one, or where a town tells which."""
    if len(successors) == 1:
        return located._replace(country=successors[0], method=f"{located.method}>successor")
    told = {
        code for match in here for code in {reading.country for reading in match.readings} & set(successors)
    }  # fmt: skip
    if len(told) == 1:
        return located._replace(country=told.pop(), method=f"{located.method}>successor", confidence=0.8)
    return Located(None, None, located.span, 0.0, "former_state")


def _territory(located: Located, territories: tuple[str, ...], here: Sequence[Match]) -> Located:
    """Prefer a territory that the address names: `Hong Kong, P.R. China`.

    One in an institution's name counts only where no town of the state stands beside it (its campus in Guangzhou).
    """
    inland = any(match.placed and _is_town_of(match.readings, located.country) for match in here)
    for match in reversed([match for match in here if match.placed or not inland]):
        codes = {reading.country for reading in match.readings}
        if len(codes) == 1 and codes <= set(territories):
            return located._replace(country=codes.pop(), method=f"{located.method}>territory")
        first = match.readings[0]
        if first.country in territories and first.kind == "country":
            return located._replace(country=first.country, method=f"{located.method}>territory")
    return located


def _is_town_of(readings: tuple[Reading, ...], country: str | None) -> bool:
    return readings[0].kind == "city" and all(reading.country == country for reading in readings)


@lru_cache(maxsize=16)
def _by_script(text: str) -> Located:
    """Read the writing: kana and characters that only Japan uses, hangul, characters that only the mainland uses.

    A character belongs to the national character sets that hold it (JIS X 0208, GB 2312, Big5). Text that fits
    traditional script alone may be from Taiwan, Hong Kong or Macau, and text that fits several sets from anywhere.
    """
    if any("\u3040" <= character <= "\u30ff" and character != "・" for character in text):
        return Located("JP", "script", None, CONFIDENCE["script"], None)
    if any("\uac00" <= character <= "\ud7a3" for character in text):
        return Located("KR", "script", None, CONFIDENCE["script"], None)
    ideographs = "".join(character for character in text if "\u3400" <= character <= "\u9fff")
    fits = [code for code, charset in _CHARSETS if ideographs and _is_written_in(ideographs, charset)]
    if fits in (["JP"], ["CN"]):
        return Located(fits[0], "script", None, CONFIDENCE["script"], None)
    return Located(None, None, None, 0.0, "ambiguous_place" if ideographs and fits else "no_place_named")


def _is_written_in(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
