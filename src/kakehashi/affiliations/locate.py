"""The country of an address: the last place named, read in the light of everything else that the address says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.places import ABBREVIATED, CODE_WEIGHT, Gazetteer, Reading, city_weight
from kakehashi.affiliations.text import Clean, Token, tokenize

_HAS_DIGIT = re.compile(r"\d")
_US_ZIP = re.compile(r"^\d{5}(?:\d{4})?$")
_POSTCODES = (
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b"), "GB"),
    (re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b"), "CA"),
    (re.compile(r"〒"), "JP"),
)
_CAR_CODE = re.compile(r"\b(A|B|CH|CZ|D|DE|DK|E|F|FIN?|FR|GR|H|HR|I|IT|L|N|NL|NO|P|PL|PT|RO|S|SE|SI|SK|TR)-\d{3,6}\b")
_CAR_COUNTRY = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "FIN": "FI", "H": "HU", "I": "IT", "L": "LU",
                "N": "NO", "P": "PT", "S": "SE"}  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Match:
    """A place name: the part and words it covers, its readings, and whether it stands where addresses put places."""

    part: int
    first: int
    last: int
    readings: tuple[Reading, ...]
    placed: bool


@dataclass(frozen=True, slots=True)
class Located:
    """A country with its evidence, or None with the reason."""

    country: str | None
    method: str | None
    span: str | None
    confidence: float
    reason: str | None


NamedPlace = tuple[int, int, tuple[Reading, ...]]
"""A place name in a part: first and last word, readings."""

Placed = tuple[int, int, tuple[Reading, ...], bool]
"""The same, and whether it stands where addresses put places."""


class PlaceFinder:
    """Finds the places in parts of addresses. Cached by the part's text, for towns and countries repeat."""

    def __init__(self, places: Gazetteer) -> None:
        self.names = places.names
        self._codes = places.codes
        self._find: Callable[[str, str, bool], tuple[Placed, ...]] = lru_cache(16_384)(self._find_anew)

    def find(self, clean: Clean, index: int, named: bool) -> list[Match]:
        """Find the places in a part. In a `named` part, which holds an institution's name, places may not locate."""
        part = clean.parts[index]
        before = clean.text[part.start - 1] if part.start else ""
        return [Match(index, *found) for found in self._find(clean.text[part.start : part.end], before, named)]

    def read(self, text: str) -> tuple[Placed, ...]:
        """Find the places in a stretch of text that stands by itself."""
        return self._find(text, "", False)

    def is_state(self, code: str) -> bool:
        """Whether a code in capitals, as printed, is that of a state or province."""
        return any(reading.kind == "region" for reading in self._codes.get(code, ()))

    def _find_anew(self, text: str, before: str, named: bool) -> tuple[Placed, ...]:
        tokens = tokenize(text)
        words = tuple(token.form for token in tokens)
        found = [match for match in self.names.find(words) if match[2]]
        found = self._with_codes(text, before, tokens, found, named)
        placed = _tail(words, found, named)
        return tuple(
            (first, last, readings, (first, last) in placed)
            for first, last, readings in found
            if (first, last) in placed or readings[0].weight != ABBREVIATED
        )

    def _with_codes(
        self, text: str, before: str, tokens: Sequence[Token], found: list[NamedPlace], named: bool
    ) -> list[NamedPlace]:
        """Add the capital-letter code at a part's end, or before digits and countries there (`CA 92093 USA`)."""
        covered = {position for first, last, _ in found for position in range(first, last)}
        position = len(tokens) - 1
        while position >= 0 and (position in covered or _HAS_DIGIT.search(tokens[position].form)):
            position -= 1
        if position < 0:
            return found
        token = tokens[position]
        raw = text[token.start : token.end].strip()
        readings = self._codes.get(raw.replace(".", "").replace(" ", "")) if raw.isupper() else None
        if readings is None or (text[token.start - 1] if token.start else before) in set("-–("):
            return found
        digits_follow = position + 1 < len(tokens) and position + 1 not in covered
        if position + 1 < len(tokens) and _US_ZIP.match(tokens[position + 1].form):
            american = [reading for reading in readings if reading.country == "US" and reading.region]
            readings = tuple(Reading("US", "region", reading.region, 3.2) for reading in american) or readings
        elif digits_follow:
            readings = tuple(reading for reading in readings if reading.kind == "region" and reading.country != "US")
        elif named or (position > 0 and position - 1 not in covered):
            readings = tuple(reading for reading in readings if reading.kind == "region" and not named)
        if "." in raw:
            readings = tuple(reading for reading in readings if reading.kind == "region")
        return sorted([*found, (position, position + 1, readings)], key=lambda match: match[:2]) if readings else found


def _tail(words: tuple[str, ...], found: list[NamedPlace], named: bool) -> set[tuple[int, int]]:
    """Return the matches that stand where a place stands: all of a pure part, or those at its end."""
    covered = {position for first, last, _ in found for position in range(first, last)}
    noise = small_words("address")
    rest = [
        position for position, word in enumerate(words)
        if position not in covered and word not in noise and not _HAS_DIGIT.search(word)
    ]  # fmt: skip
    if not rest:
        return {(first, last) for first, last, _ in found}
    end = len(words)
    placed: set[tuple[int, int]] = set()
    for first, last, readings in reversed(found):
        if any(
            words[position] not in noise and not _HAS_DIGIT.search(words[position]) for position in range(last, end)
        ):
            break
        if first > 0 and words[first - 1] in small_words("preposition") and first - 1 not in covered:
            break
        if named and (first == 0 or readings[0].kind == "city"):
            break
        placed.add((first, last))
        end = first
    return placed


def locate(
    clean: Clean, parts: Sequence[int], matches: Sequence[Match], national: Sequence[tuple[int, int, int, str]]
) -> Located:
    """Decide the country of one address, given by the numbers of its parts. `national` are national terms in it."""
    inside = set(parts)
    here = [match for match in matches if match.part in inside]
    support = _support(clean, parts, national)
    last = _last_place([match for match in here if match.placed and _backed(match, here, support)])
    if last is not None:
        return _read(clean, last, here, support)
    return _from_name(clean, here, support, [term for term in national if term[0] in inside])


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
    if match.readings[0].weight != CODE_WEIGHT:
        return True
    return any(
        support.get(reading.country, 0.0) or _agreement(reading, match, here) for reading in match.readings
    )  # fmt: skip


def _support(clean: Clean, parts: Sequence[int], national: Sequence[tuple[int, int, int, str]]) -> dict[str, float]:
    """Weigh the evidence that is not a place name: internet domains, postcodes, national terms."""
    support: dict[str, float] = {}
    for host in clean.hosts:
        code = host_country(host)
        if code:
            support[code] = support.get(code, 0.0) + 1.5
    text = clean.text[clean.parts[parts[0]].start : clean.parts[parts[-1]].end]
    if _HAS_DIGIT.search(text):
        for code in postcode_countries(text):
            support[code] = support.get(code, 0.0) + 1.0
        if re.search(r"\d{5}", text):
            support["US"] = support.get("US", 0.0) + 0.3
    for part, _first, _last, code in national:
        if part in parts:
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


def postcode_countries(text: str) -> list[str]:
    """Countries whose postcodes have a form of their own that occurs in the text."""
    found = [code for pattern, code in _POSTCODES if pattern.search(text)]
    found.extend(_CAR_COUNTRY.get(match.group(1), match.group(1)) for match in _CAR_CODE.finditer(text))
    return sorted(set(found))


def _read(clean: Clean, last: Match, here: Sequence[Match], support: dict[str, float]) -> Located:
    """Choose among the readings of the last place by what else the address names."""
    best: dict[str, tuple[float, Reading]] = {}
    for reading in last.readings:
        score = reading.weight + support.get(reading.country, 0.0) + _agreement(reading, last, here)
        if reading.country not in best or best[reading.country][0] < score:
            best[reading.country] = (score, reading)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    span = _span(clean, last)
    if len(ranked) > 1 and ranked[0][1][0] - ranked[1][1][0] < (MARGIN if last.placed else MARGIN_IN_NAME):
        return Located(None, None, span, 0.0, "ambiguous_place")
    code, (_score, reading) = ranked[0]
    method = {"country": "country_name", "region": "region", "city": "city"}[reading.kind]
    if reading.kind == "country" and reading.weight < 3.0:
        method = "country_code"
    confidence = CONFIDENCE[method] if len(ranked) == 1 else CONFIDENCE[method] - 0.04
    return Located(code, method, span, round(confidence, 2), None)


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
    if other.kind == "city" and other.region and other.region == reading.region:
        gain += 1.0
    return gain if placed else 0.4 * gain


def _from_name(
    clean: Clean, here: Sequence[Match], support: dict[str, float], national: Sequence[tuple[int, int, int, str]]
) -> Located:
    """Decide without a place where places stand: by internet domain, postcode, or the institution's own name."""
    hosts = sorted({code for host in clean.hosts if (code := host_country(host))})
    if len(hosts) == 1:
        host = next(host for host in clean.hosts if host_country(host) == hosts[0])
        return Located(hosts[0], "internet", host, CONFIDENCE["internet"], None)
    here = [match for match in here if _readable_in_name(clean, match)]
    for kind in ("country", "region"):
        chosen = _single(
            clean, [match for match in here if match.readings[0].kind == kind], here, support, f"{kind}_in_name"
        )
        if chosen is not None:
            return chosen
    codes = sorted({code for _part, _first, _last, code in national})
    if len(codes) == 1:
        part, first, last, _code = national[0]
        tokens = clean.parts[part].tokens
        span = clean.span(tokens[first].start, tokens[last - 1].end)
        return Located(codes[0], "national_term", span, CONFIDENCE["national_term"], None)
    if len(codes) > 1:
        return Located(None, None, None, 0.0, "ambiguous_place")
    chosen = _single(
        clean, [match for match in here if match.readings[0].kind == "city"], here, support, "city_in_name"
    )
    if chosen is not None:
        return chosen
    postcodes = [code for code, weight in support.items() if weight >= 1.0]
    if len(postcodes) == 1:
        return Located(postcodes[0], "postcode", None, CONFIDENCE["postcode"], None)
    return _by_script(clean)


def _readable_in_name(clean: Clean, match: Match) -> bool:
    """Whether a place in a name is evidence: no codes, no short or hyphenated towns, no state that is a town too."""
    first = match.readings[0]
    span = _span(clean, match)
    if first.weight == CODE_WEIGHT or (first.kind == "city" and len(span) < 4 and span.isascii()):
        return False
    tokens = clean.parts[match.part].tokens
    around = clean.text[max(tokens[match.first].start - 1, 0) : tokens[match.last - 1].end + 1]
    if first.kind == "city" and ("-" in (around[0], around[-1])):
        return False
    abroad = [other for other in match.readings if other.country != first.country and other.weight >= LARGE_TOWN]
    return first.kind != "region" or not abroad


def _single(
    clean: Clean, candidates: list[Match], here: Sequence[Match], support: dict[str, float], method: str
) -> Located | None:
    """Read the last candidate, if a name so embedded can be read at all."""
    if not candidates:
        return None
    chosen = _read(clean, candidates[-1], here, support)
    if chosen.country is None:
        return chosen
    return Located(chosen.country, method, chosen.span, CONFIDENCE[method], None)


def _by_script(clean: Clean) -> Located:
    """Read the writing: kana and characters that only Japan uses, hangul, characters that only the mainland uses.

    A character belongs to the national character sets that hold it (JIS X 0208, GB 2312, Big5). Text that fits
    traditional script alone may be from Taiwan, Hong Kong or Macau, and text that fits several sets from anywhere.
    """
    if any("\u3040" <= character <= "\u30ff" and character != "・" for character in clean.text):
        return Located("JP", "script", None, CONFIDENCE["script"], None)
    if any("\uac00" <= character <= "\ud7a3" for character in clean.text):
        return Located("KR", "script", None, CONFIDENCE["script"], None)
    ideographs = "".join(character for character in clean.text if "\u3400" <= character <= "\u9fff")
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


def _span(clean: Clean, match: Match) -> str:
    tokens = clean.parts[match.part].tokens
    return clean.span(tokens[match.first].start, tokens[match.last - 1].end)
