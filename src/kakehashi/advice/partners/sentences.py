"""One component of one candidate as a sentence: its text, the numbers it is filled with, the rows it rests on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np

from kakehashi.advice.naming import institution_name
from kakehashi.advice.partners.profiles import fields_of
from kakehashi.advice.partners.rules import COMPONENTS_FILE
from kakehashi.reasons import Evidence, Reason, Stance, Value, row, rule, works

if TYPE_CHECKING:
    from kakehashi.advice.partners.reasoning import Standing

Side = Literal["for", "against"]
Told = tuple[str, dict[str, Value], tuple[Evidence, ...]] | None
Teller = Callable[["Standing", int, str], Told]
_OLD_YEARS = 3


def sentence(standing: "Standing", place: int, component: str, stance: Stance) -> Reason | None:
    """Write a component as a reason for or against; None where its numbers do not bear that out.

    A growth below the others' that is still a growth is told as such; a share below zero as a decline. What speaks for
    a candidate among those listed, but lies in the lower half of all, is told without praise.
    """
    told = _TELLERS[component](standing, place, stance)
    if told is None:
        return None
    key, values, evidence = told
    if stance == "for" and "place" in values and values["place"].raw * 2 > values["of"].raw + 1:
        key = f"{key}_middling"
    entity = standing.pool.entities[place]
    named = {"name": name(standing, entity), **values}
    return Reason(f"partners.{entity}.{component}.{stance}", stance, f"partners.{stance}.{key}", named, evidence)


def emerging(standing: "Standing", place: int, signs: tuple[str, ...]) -> Reason:
    """Write why a candidate is on the list of emerging partners."""
    entity = standing.pool.entities[place]
    values = {
        "name": name(standing, entity),
        "papers": Value("number", float(standing.pool.columns["papers"][place])),
        "signs": Value("list", [Value("text", f"partners.signs.{sign}") for sign in signs]),
    }
    evidence = (rule(COMPONENTS_FILE, "emerging"), indicator(standing, place))
    return Reason(f"partners.{entity}.emerging.for", "for", "partners.for.emerging", values, evidence)


def name(standing: "Standing", entity: str) -> Value:
    """Return how an entity of the candidates' level is called."""
    if standing.question.level == "country":
        return Value("country", entity)
    places = dict(zip(standing.pool.entities, standing.pool.countries, strict=True))
    found = institution_name(standing.details.names.get(entity, entity), places.get(entity))
    return Value("name", found.en) if found.ja == found.en else Value("words", found)


def place_of(standing: "Standing", place: int, component: str) -> dict[str, Value]:
    """Return the candidate's place among all candidates by a component, equal ones sharing the better place."""
    raw = standing.measures.raw[component]
    known = raw[~np.isnan(raw)]
    above = int((np.round(known, 9) > round(float(raw[place]), 9)).sum())
    return {"place": Value("number", above + 1), "of": Value("number", len(known))}


def indicator(standing: "Standing", place: int, field: str | None = None, period: str = "all") -> Evidence:
    """Name the row of indicators that a candidate's number is from."""
    question = standing.question
    return row(
        "indicators", level=question.level, field=field or question.field, period=period,
        entity=standing.pool.entities[place],
    )  # fmt: skip


def edge(standing: "Standing", one: str, other: str, level: str | None = None, period: str = "all") -> Evidence:
    """Name the edge between two entities."""
    question = standing.question
    first, second = sorted((one, other))
    return row(
        "edges", level=level or question.level, field=question.field, period=period, entity_a=first, entity_b=second
    )


def _output(standing: "Standing", place: int, stance: str) -> Told:
    del stance
    papers = Value("number", float(standing.measures.raw["output"][place]))
    return "output", {"papers": papers, **place_of(standing, place, "output")}, (indicator(standing, place),)


def _centrality(standing: "Standing", place: int, stance: str) -> Told:
    del stance
    value = Value("decimal", float(standing.measures.raw["centrality"][place]))
    return "centrality", {"value": value, **place_of(standing, place, "centrality")}, (indicator(standing, place),)


def _growth(standing: "Standing", place: int, stance: str) -> Told:
    growth = float(standing.measures.raw["growth"][place])
    if abs(growth) < standing.rules.trend_told or (stance == "for" and growth < 0):
        return None
    if stance == "against" and growth > 0 and growth >= np.nanmedian(standing.measures.raw["growth"]):
        return None  # slower than the others on the list, and still among the faster half of all
    years = standing.details.years.get(standing.pool.entities[place])
    periods = (str(years[0]), str(years[1])) if years else ("all", "all")
    rows = tuple(indicator(standing, place, None, period) for period in dict.fromkeys(periods))
    values = {"rate": Value("percent", abs(growth)), "span": Value("number", standing.rules.trend_years)}
    return ("growth" if growth > 0 else "decline"), values, rows


def _openness(standing: "Standing", place: int, stance: str) -> Told:
    share = standing.pool.columns["international_share"]
    typical, papers = float(np.nanmedian(share[standing.listed])), float(standing.pool.columns["papers"][place])
    own = float(share[place])
    if (own > typical) != (stance == "for"):
        return None
    return (
        "openness",
        {"share": Value("percent", own), "typical": Value("percent", typical), "papers": Value("number", papers)},
        (indicator(standing, place),),
    )


def _complementarity(standing: "Standing", place: int, stance: str) -> Told:
    bring, take = fields_of(standing.measures.ours, standing.measures.theirs, place)
    level, home = standing.question.home_level, standing.question.home
    rows = tuple(
        one
        for field in (*bring, *take)[:4]
        for one in (_profile(standing, standing.pool.entities[place], standing.question.level, field),
                    _profile(standing, home, level, field))
    )  # fmt: skip
    listed = {"bring": _fields(bring), "take": _fields(take)}
    if stance == "against":
        return None if bring or take else ("complementarity", {}, (indicator(standing, place),))
    if not rows:
        return None
    key = "complementarity_both" if bring and take else "complementarity_bring" if bring else "complementarity_take"
    return key, {key: value for key, value in listed.items() if value.raw}, rows


def _profile(standing: "Standing", entity: str, level: str, field: str) -> Evidence:
    if standing.measures.verdicts_only:
        return row("strengths", entity=entity, field=field)
    where = field if (entity, field) in standing.details.fields else "all"
    return row("indicators", level=level, field=where, period="all", entity=entity)


def _fields(names: tuple[str, ...]) -> Value:
    return Value("list", [Value("field", one) for one in names])


def _specialisation(standing: "Standing", place: int, stance: str) -> Told:
    strength = float(standing.measures.raw["specialisation"][place])
    if strength == 0 or (strength > 0) != (stance == "for"):
        return None
    field = standing.question.focus
    values = {"field": Value("field", field)}
    if standing.measures.verdicts_only:
        return "specialisation_verdict", values, (row("strengths", entity=standing.pool.entities[place], field=field),)
    index = round(2**strength, 1)
    if index == 1.0:  # as everybody: nothing to tell
        return None
    return "specialisation", {**values, "index": Value("number", index)}, (indicator(standing, place),)


def _shared(standing: "Standing", place: int) -> tuple[Evidence, ...]:
    """Name what home and a candidate share: the edge where there is one, and the works."""
    question, entity = standing.question, standing.pool.entities[place]
    found = works(question.field, "all", question.home, entity)
    return (found,) if question.mixed else (edge(standing, question.home, entity), found)


def _ties(standing: "Standing", place: int, stance: str) -> Told:
    joint, last = (standing.measures.facts[key][place] for key in ("joint_works", "last_year"))
    if not joint:
        return None if stance == "for" else ("no_ties", {}, (indicator(standing, place),))
    values = {"works": Value("number", float(joint))}
    if np.isnan(last):
        return "ties", values, _shared(standing, place)
    return "ties_until", {**values, "year": Value("name", str(int(last)))}, _shared(standing, place)


def _recency(standing: "Standing", place: int, stance: str) -> Told:
    last, year = standing.measures.facts["last_year"][place], standing.question.year
    if np.isnan(last) or year is None:
        return _ties(standing, place, stance)
    age = year - int(last)
    if (age >= _OLD_YEARS) != (stance == "against"):
        return None
    return "recency", {"year": Value("name", str(int(last)))}, _shared(standing, place)


def _national_ties(standing: "Standing", place: int, stance: str) -> Told:
    count, country = float(standing.measures.facts["national_works"][place]), str(standing.question.country)
    if not count:
        missing = ("no_national_ties", {"home": Value("country", country)}, (indicator(standing, place),))
        return None if stance == "for" else missing
    evidence = (works(standing.question.field, "all", country, standing.pool.entities[place]),)
    return "national_ties", {"works": Value("number", count), "home": Value("country", country)}, evidence


def _country_ties(standing: "Standing", place: int, stance: str) -> Told:
    count, home = float(standing.measures.facts["country_works"][place]), str(standing.question.country)
    other = str(standing.pool.countries[place])
    values = {"home": Value("country", home), "country": Value("country", other), "works": Value("number", count)}
    if not count:
        return (
            None
            if stance == "for"
            else ("no_country_ties", {k: values[k] for k in ("home", "country")}, (indicator(standing, place),))
        )
    return "country_ties", values, (edge(standing, home, other, "country"),)


def _shared_partners(standing: "Standing", place: int, stance: str) -> Told:
    common = float(standing.measures.facts["common"][place])
    bridges = standing.details.bridges.get(standing.pool.entities[place], ())
    if not common or not bridges:
        return None if stance == "for" else ("no_shared_partners", {}, (indicator(standing, place),))
    listed = Value("list", [name(standing, bridge.entity) for bridge in bridges])
    return "shared_partners", {"common": Value("number", common), "partners": listed}, _steps(standing, place)


def _bridge(standing: "Standing", place: int, stance: str) -> Told:
    bridges = standing.details.bridges.get(standing.pool.entities[place], ())
    if not bridges or stance == "against":
        return _shared_partners(standing, place, stance)
    first = bridges[0]
    values = {
        "partner": name(standing, first.entity),
        "ours": Value("number", first.ours),
        "theirs": Value("number", first.theirs),
        "common": Value("number", float(standing.measures.facts["common"][place])),
    }
    return "bridge", values, _steps(standing, place)


def _steps(standing: "Standing", place: int) -> tuple[Evidence, ...]:
    """Name both steps of the strongest paths."""
    question, entity = standing.question, standing.pool.entities[place]
    found: list[Evidence] = []
    for bridge in standing.details.bridges[entity]:
        ours = works(question.field, "all", question.home, bridge.entity)
        found += [ours if question.mixed else edge(standing, question.home, bridge.entity)]
        found += [edge(standing, bridge.entity, entity)]
    return tuple(found)


def _reach(standing: "Standing", place: int, stance: str) -> Told:
    del stance
    new = Value("number", float(standing.measures.raw["reach"][place]))
    return "reach", {"new": new, **place_of(standing, place, "reach")}, (indicator(standing, place),)


def _topics(standing: "Standing", place: int, stance: str) -> Told:
    question, entity = standing.question, standing.pool.entities[place]
    terms = standing.details.terms.get(entity, ())
    evidence = (works(question.field, "all", question.home), works(question.field, "all", entity))
    if not terms:
        return None if stance == "for" else ("no_topics", {}, evidence)
    return "topics", {"terms": Value("list", [Value("name", term) for term in terms])}, evidence


def _economic_ties(standing: "Standing", place: int, stance: str) -> Told:
    del stance
    country, home = str(standing.pool.countries[place]), str(standing.question.country)
    evidence = tuple(
        row("economy", country_code=country, indicator=what, period="all") for what in standing.measures.trade
    )
    values = {"home": Value("country", home), "country": Value("country", country)}
    return "economic_ties", {**values, **place_of(standing, place, "economic_ties")}, evidence


def _practices(standing: "Standing", place: int, stance: str) -> Told:
    if standing.practices is None:
        return None
    items = standing.practices.of(standing.pool.entities[place], standing.pool.names[place])
    if not items:
        return None if stance == "for" else ("no_practices", {}, (indicator(standing, place),))
    values = {"count": Value("number", len(items))}
    return "practices", values, tuple(rule(standing.practices.file, item) for item in items)


_TELLERS: dict[str, Teller] = {
    "output": _output, "centrality": _centrality, "growth": _growth, "openness": _openness,
    "complementarity": _complementarity, "specialisation": _specialisation, "ties": _ties, "recency": _recency,
    "national_ties": _national_ties, "country_ties": _country_ties, "shared_partners": _shared_partners,
    "bridge": _bridge, "reach": _reach, "topics": _topics, "economic_ties": _economic_ties, "practices": _practices,
}  # fmt: skip
