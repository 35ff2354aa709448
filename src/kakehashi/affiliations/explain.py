"""`kakehashi explain "..."`: from a string to its institutions and countries step by step, in two languages."""

from dataclasses import dataclass
from typing import Literal

from kakehashi.affiliations.locate import Match
from kakehashi.affiliations.resolve import Reading, Resolution, Resolver
from kakehashi.affiliations.roles import NAMING_WEIGHT

Language = Literal["ja", "en"]

_STEPS = {
    "given": {"ja": "原文", "en": "Given"},
    "cleaned": {"ja": "1 前処理", "en": "1 Cleaned"},
    "part": {"ja": "要素", "en": "Part"},
    "place": {"ja": "2 地名", "en": "2 Place"},
    "institution": {"ja": "3 機関名", "en": "3 Institution"},
    "country": {"ja": "4 国", "en": "4 Country"},
    "answer": {"ja": "結果", "en": "Answer"},
}
_ROLES = {
    "institution": {"ja": "機関を表す語を含む", "en": "has an institution word"},
    "unit": {"ja": "学部・部局", "en": "department or unit"},
    "other": {"ja": "その他", "en": "other"},
}
_PLACES = {
    True: {"ja": "住所の位置にある", "en": "where an address puts its place"},
    False: {"ja": "名称の一部(所在を直接には示さない)", "en": "inside a name, so it does not locate by itself"},
}
_REASONS = {
    "no_place_named": {"ja": "地名がない", "en": "no place is named"},
    "ambiguous_place": {"ja": "地名が一つに定まらない", "en": "the place may lie in more than one country"},
    "only_department": {"ja": "部局名だけで機関名がない", "en": "only a department is named"},
    "no_institution_named": {"ja": "機関名がない", "en": "no institution is named"},
    "former_state": {
        "ja": "現存しない国で、後継国が定まらない",
        "en": "a former state, and its successor cannot be told",
    },
    "territory_policy": {"ja": "地域区分の方針により国に数えない", "en": "the territory policy counts no country here"},
    "not_an_affiliation": {"ja": "所属の表記ではない", "en": "not an affiliation"},
    "empty": {"ja": "空欄", "en": "empty"},
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name (a key of the step list), and what it found in words."""

    name: str
    text: str


def steps(text: str, resolver: Resolver | None = None, language: Language = "en") -> list[Step]:
    """Return the steps in order: cleaning, parts, places, institutions, countries, answers."""
    resolver = resolver or Resolver()
    reading = resolver.read(text)
    answers = resolver.resolve(text)
    out = [Step("given", text), Step("cleaned", " ".join(reading.clean.text.split()))]
    for part, role in zip(reading.clean.parts, reading.roles, strict=True):
        kind = "unit" if role.unit else "institution" if role.weight >= NAMING_WEIGHT else "other"
        out.append(Step("part", f"{reading.clean.span(part.start, part.end)} — {_ROLES[kind][language]}"))
    out.extend(Step("place", _place(reading, match, language)) for match in reading.matches)
    for found in reading.found:
        for one in found:
            span = reading.clean.span(one.start, one.end)
            out.append(Step("institution", f"{span} — {one.method}, {one.kind}, {one.weight:g}"))
    for located in reading.located:
        if located.country is not None:
            out.append(Step("country", f"{located.country} — {located.method}: {located.span or '-'}"))
        else:
            out.append(Step("country", _reason(located.reason, language)))
    out.extend(Step("answer", _answer(one, language)) for one in answers)
    return out


def explain(text: str, resolver: Resolver | None = None, language: Language = "en") -> list[str]:
    """Return the steps as lines of text."""
    return [f"{_STEPS[step.name][language]}: {step.text}" for step in steps(text, resolver, language)]


def _place(reading: Reading, match: Match, language: Language) -> str:
    tokens = reading.clean.parts[match.part].tokens
    span = reading.clean.span(tokens[match.first].start, tokens[match.last - 1].end)
    shown = [f"{r.country}{'-' + r.region if r.region else ''} ({r.kind})" for r in match.readings[:4]]
    more = f" +{len(match.readings) - 4}" if len(match.readings) > 4 else ""
    return f"{span} = {', '.join(shown)}{more} — {_PLACES[match.placed][language]}"


def _answer(one: Resolution, language: Language) -> str:
    name = one.institution or "-"
    reason = f"; {_reason(one.reason, language)}" if one.reason else ""
    return f"{name} [{one.country_code or '-'}] {one.confidence:.2f}{reason}"


def _reason(reason: str | None, language: Language) -> str:
    return _REASONS.get(reason or "", {"ja": "-", "en": "-"})[language]
