"""The explanation of an affiliation string in words: one section a step, in Japanese or English."""

import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from kakehashi.affiliations.decisions import Decision
from kakehashi.affiliations.explain import Explanation, Option, Value, Weighing
from kakehashi.affiliations.locate import Located, Match, host_country
from kakehashi.affiliations.resolve import Reading, Resolution
from kakehashi.affiliations.roles import NAMING_WEIGHT
from kakehashi.names import country_name
from kakehashi.report import codes
from kakehashi.texts import Language

PLACES_SHOWN = 4
"""Places of one name that are told one by one, the likeliest first."""

MANY = 6
"""The model counts organisations of one name up to here."""

_FLAGS = ("host", "parent_named", "child_named", "named_again", "spelled_out", "inside", "bracketed", "across")
"""Inputs of the model that are worth a word where they are not nothing."""


_UNSEEN = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " ")
"""Control characters, which would break the line, turn it round or steer the terminal."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the explanation. `level` 0 is a heading, each further level is indented more."""

    level: int
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.translate(_UNSEEN))


def lines(one: Explanation, language: Language) -> Iterator[Line]:
    """Yield the explanation line by line, the answer last."""
    words = _Words(language)
    values = {"threshold": one.weighing.threshold if one.weighing else 0.0, "setting": "affiliations.min_confidence"}
    yield Line(0, one.text)
    for number, (title, section) in enumerate(_sections(one, words), start=1):
        yield Line(0, f"{number} {words(title, **values)}")
        empty = True
        for line in section:
            empty = False
            yield line
        if empty:
            yield Line(1, words("none_found"))


def _sections(one: Explanation, words: "_Words") -> Iterator[tuple[str, Iterator[Line]]]:
    yield "cleaned", _cleaned(one, words)
    if one.reading is not None and one.reading.facts:
        yield "parts", _parts(one.reading, words)
        yield "places", _places(one.reading, words)
        yield "rules", _rules(one, one.reading, words)
    if one.weighing is not None and one.reading is not None and one.reading.facts:
        yield "candidates", _candidates(one.weighing, words)
    if one.reading is not None and one.reading.facts:
        yield "country", _countries(one, one.reading, words)
    yield "answer", _answers(one, words)


class _Words:
    """The texts of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return a text of explain.toml, filled in."""
        return _texts()[key][self.language].format(**values)

    def code(self, kind: str, code: str | None) -> str:
        """Name an id of codes.toml, or give it as it is."""
        return (codes.label(kind, code, self.language) if code else None) or code or "–"

    def country_method(self, method: str | None) -> str:
        """Name how a country was found."""
        return codes.country_method(method or "", self.language) or method or "–"

    def country(self, code: str | None) -> str:
        """Name a country with its code."""
        opening, closing = ("（", "）") if self.language == "ja" else (" (", ")")
        return f"{country_name(code, self.language)}{opening}{code}{closing}" if code else "–"

    def listing(self, items: Sequence[str]) -> str:
        """Join short phrases."""
        return ("、" if self.language == "ja" else ", ").join(items)

    def span(self, span: str | None) -> str:
        """Quote a stretch of the string behind what it proves."""
        return self("country_span", span=span) if span else ""


@functools.cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files("kakehashi.data").joinpath("texts/explain.toml").read_text(encoding="utf-8"))


def _cleaned(one: Explanation, words: _Words) -> Iterator[Line]:
    if not one.cleaned:
        yield Line(1, words("cleaned_empty"))
    else:
        yield Line(1, words("cleaned_same") if one.cleaned == one.text else one.cleaned)
    if one.reading is not None and one.reading.clean.hosts:
        yield Line(1, words("hosts", hosts=words.listing(one.reading.clean.hosts)))


def _parts(reading: Reading, words: _Words) -> Iterator[Line]:
    several = len(reading.addresses) > 1
    for number, address in enumerate(reading.addresses, start=1):
        if several:
            yield Line(1, words("address", number=number))
        for index in address:
            part = reading.clean.parts[index]
            span = reading.clean.span(part.start, part.end)
            yield Line(2 if several else 1, words("part", span=span, role=_role(reading, index, words)))


def _role(reading: Reading, index: int, words: _Words) -> str:
    facts = reading.facts[index]
    role, forms = facts.role, facts.words.forms
    covered = {at for place in facts.places if place.placed for at in range(place.first, place.last)}
    if covered and all(at in covered or any(map(str.isdigit, form)) for at, form in enumerate(forms)):
        return words.code("part_roles", "place")
    if role.weight >= NAMING_WEIGHT and not role.unit_start:
        heaviest = max(role.hits, key=lambda hit: hit.weight)
        return words(
            "word", role=words.code("part_roles", "unit" if role.unit else "institution"),
            word=facts.span(heaviest.first, heaviest.last), kind=words.code("institution_kinds", heaviest.kind),
        )  # fmt: skip
    return words.code("part_roles", "unit" if role.unit else "mixed" if facts.places else "other")


def _places(reading: Reading, words: _Words) -> Iterator[Line]:
    for match in reading.matches:
        span = reading.facts[match.part].span(match.first, match.last)
        key = "place" if match.placed else "place_in_name"
        yield Line(1, words(key, span=span, readings=_readings(match, words)))
    for facts in reading.facts:
        for first, last, code in facts.national:
            yield Line(1, words("national", span=facts.span(first, last), country=words.country(code)))
        if facts.postcodes:
            named = words.listing([words.country(code) for code in facts.postcodes])
            yield Line(1, words("postcode", countries=named))
    for host in reading.clean.hosts:
        country = host_country(host)
        if country is not None:
            yield Line(1, words("place", span=host, readings=words("place_country", country=words.country(country))))


def _readings(match: Match, words: _Words) -> str:
    """Say what a place name may stand for, one phrase a country, the likeliest first."""
    kinds: dict[str, list[str]] = {}
    for reading in match.readings:
        kinds.setdefault(reading.country, []).append(reading.kind)
    told = [_place(code, list(dict.fromkeys(found)), words) for code, found in kinds.items()]
    more = [words("place_more", more=len(told) - PLACES_SHOWN)] if len(told) > PLACES_SHOWN else []
    return words.listing([*told[:PLACES_SHOWN], *more])


def _place(code: str, kinds: Sequence[str], words: _Words) -> str:
    country = words.country(code)
    if country_name(code, words.language) == code:
        return words("place_former", code=code)
    if "country" in kinds:
        return words("place_country", country=country)
    named = words("or").join(words.code("place_kinds", kind) for kind in kinds)
    return words("place_reading", kind=named, country=country)


def _rules(one: Explanation, reading: Reading, words: _Words) -> Iterator[Line]:
    for found in (found for address in reading.found for found in address):
        key = "found_replaced" if found in one.replaced else "found"
        span = reading.clean.span(found.start, found.end)
        method, kind = words.code("institution_methods", found.method), words.code("institution_kinds", found.kind)
        yield Line(1, words(key, span=span, method=method, kind=kind))


def _candidates(weighing: Weighing, words: _Words) -> Iterator[Line]:
    for option in weighing.options:
        yield Line(1, _option(option, weighing.threshold, words))
        yield Line(3, _found_how(option, words))
    if weighing.others:
        yield Line(1, words("candidates_others", others=weighing.others))


def _option(option: Option, threshold: float, words: _Words) -> str:
    verdict = "runner_up" if option.runner_up else option.verdict
    one = option.organisation
    place = one.places[0] if one.places else None
    own = next((name.value for name in one.names if name.language == words.language == "ja"), None)
    known = [own] if own and own != one.name else []
    return words(
        "candidate", number=option.number, confidence=option.confidence, name=one.name,
        place=", ".join([*known, *filter(None, (place.town, place.country))] if place else known),
        id=one.ror_id.removeprefix("https://ror.org/"),
        verdict=words(f"verdict_{verdict}", threshold=threshold, by=option.by),
    )  # fmt: skip


def _found_how(option: Option, words: _Words) -> str:
    said = option.evidence
    return words(
        "candidate_evidence", span=option.span, name=words.code("name_kinds", str(said["name"])),
        manner=words.code("name_manners", str(said["manner"])), evidence=words.listing(list(_evidence(said, words))),
    )  # fmt: skip


def _evidence(said: Mapping[str, Value], words: _Words) -> Iterator[str]:
    yield words(f"evidence_country_{said['country']}")
    if said["town"] != "absent":
        yield words(f"evidence_town_{said['town']}")
    elif said["region"] == "agrees":
        yield words("evidence_region_agrees")
    rivals, nearer = int(said.get("rivals", 0)), int(said.get("nearer", 0))
    if rivals > 1:
        yield words("evidence_rivals_many" if rivals >= MANY else "evidence_rivals", rivals=rivals)
    if nearer:
        yield words("evidence_nearer", nearer=nearer)
    for flag in _FLAGS:
        if said.get(flag):
            yield words(f"evidence_{flag}")
    if not said.get("active", True):
        yield words("evidence_inactive")


def _countries(one: Explanation, reading: Reading, words: _Words) -> Iterator[Line]:
    for located in dict.fromkeys(reading.located):
        yield Line(1, _located(located, words))
    weighing = one.weighing
    if weighing is None:
        return
    if weighing.country and not any(option.verdict == "chosen" for option in weighing.options):
        told = words.country(weighing.country)
        yield Line(1, words("country_leaning", country=told, confidence=weighing.country_confidence))
    for option in weighing.options:
        there = list(dict.fromkeys(place.country for place in option.organisation.places))
        if option.verdict == "chosen" and there and not any(located.country in there for located in reading.located):
            countries = words.listing([words.country(code) for code in there])
            yield Line(1, words("country_elsewhere", name=option.organisation.name, countries=countries))


def _located(located: Located, words: _Words) -> str:
    span = words.span(located.span)
    if located.country is None:
        return words("country_none", reason=words.code("reasons", located.reason), span=span)
    return words(
        "country_found", country=words.country(located.country), method=words.country_method(located.method), span=span
    )


def _answers(one: Explanation, words: _Words) -> Iterator[Line]:
    for answer in one.answers:
        if answer.institution is None and answer.country_code is None:
            yield Line(1, words("answer_nothing", reason=words.code("reasons", answer.reason)))
            continue
        yield Line(1, _headline(answer, words))
        if answer.institution is not None:
            method = words.code("institution_methods", answer.method)
            yield Line(2, words("answer_institution", method=method, span=words.span(answer.span)))
        if answer.country_code is not None:
            method, span = words.country_method(answer.country_method), words.span(answer.country_span)
            yield Line(2, words("answer_country", method=method, span=span))
        if answer.reason is not None:
            yield Line(2, words("answer_reason", reason=words.code("reasons", answer.reason)))


def _headline(answer: Resolution, words: _Words) -> str:
    country = answer.country_code or "–"
    if answer.institution is None:
        return words("answer_no_institution", country=country, confidence=answer.confidence)
    identity = f"  {answer.ror_id}" if answer.ror_id else ""
    return words("answer_line", name=answer.institution, country=country, confidence=answer.confidence, id=identity)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What a study made of a string: its mentions, its works, and what its tables say of it.

    rows: of `resolutions`: institution, institution_id, country_code, method, country_method, confidence, reason, and
    the label of the decision that settled it. relations: of `institution_relations`: institution_id, relation, related,
    related_id, counts, from_year, until_year, reason.
    """

    mentions: int
    works: int
    rows: tuple[tuple[Any, ...], ...]
    relations: tuple[tuple[Any, ...], ...] = ()


def decision_lines(decisions: Sequence[Decision], language: Language) -> Iterator[Line]:
    """Yield the decisions that people made about a string or what it names; nothing where they made none."""
    words = _Words(language)
    if decisions:
        yield Line(0, words("decisions"))
    for one in decisions:
        about = words.listing([item for item in (one.affiliation, one.name, one.institution_id) if item])
        target = f" {one.target}" if one.target else ""
        yield Line(1, words("decision", label=one.label, about=about, decision=one.decision, target=target))


def study_lines(study: str, found: Occurrence | None, language: Language) -> Iterator[Line]:
    """Yield what a study made of a string, after its decisions and with the whole corpus beside it."""
    words = _Words(language)
    yield Line(0, words("in_study", study=study))
    if found is None or not found.mentions:
        yield Line(1, words("in_study_unread" if found is None else "in_study_absent"))
        return
    yield Line(1, words("in_study_mentions", works=found.works, mentions=found.mentions))
    for row in found.rows:
        yield from _settled(row, words)
        for identity, *relation in found.relations:
            if identity == row[1]:
                yield Line(2, _relation(relation, words))


def _settled(row: Sequence[Any], words: _Words) -> Iterator[Line]:
    name, identity, country, method, country_method, confidence, reason, decision = row
    if identity is None and country is None:
        yield Line(1, words("answer_nothing", reason=words.code("reasons", reason)))
    elif identity is None:
        yield Line(1, words("answer_no_institution", country=country, confidence=confidence))
    else:
        shown = country or "–"
        yield Line(1, words("answer_line", name=name, country=shown, confidence=confidence, id=f"  {identity}"))
        yield Line(2, words("answer_institution", method=words.code("institution_methods", method), span=""))
    if country is not None:
        yield Line(2, words("answer_country", method=words.country_method(country_method), span=""))
    if decision is not None:
        yield Line(2, words("in_study_decided", label=decision))


def _relation(row: Sequence[Any], words: _Words) -> str:
    relation, related, identity, counts, begin, end, reason = row
    if not counts:
        why = words.code("relation_reasons", reason)
        return words("relation_not", related=related, identity=identity, reason=why)
    years = words("relation_from", year=begin) if begin else ""
    years += words("relation_until", year=end) if end else ""
    named = words.code("relations", relation)
    return words("relation", relation=named, related=related, identity=identity, years=years)
