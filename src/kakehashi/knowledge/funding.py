"""Which programmes could pay for a collaboration: what fits, what does not, and what nobody has said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kakehashi.errors import DataError
from kakehashi.knowledge.areas import FILE as AREAS
from kakehashi.knowledge.areas import Area, areas, countries_of, country_problem
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.forms import ACTORS, Form, Group, forms, groups
from kakehashi.knowledge.money import Money
from kakehashi.knowledge.programmes import FILE, Call, Programme
from kakehashi.reasons import Evidence, Reason, Stance, Value, rule, source

Fit = Literal["yes", "no", "unknown"]
_DECIDING = ("actor", "countries", "form", "field")
_STANCES: Mapping[Fit, Stance] = {"yes": "for", "no": "against", "unknown": "neutral"}


@dataclass(frozen=True)
class Need:
    """What is to be paid for. None: left open. `money` is for a year; `year` a fiscal year in which it is wanted."""

    home: str
    partner: str
    actor: str
    form: str | None = None
    field: str | None = None
    money: Money | None = None
    months: float | None = None
    year: int | None = None


@dataclass(frozen=True)
class Offer:
    """A programme; the aspects (`deadline`, `countries` …) that are `unknown` or speak `against` it; the reasons."""

    programme: Programme
    unknown: tuple[str, ...]
    against: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Funding:
    """`offers` could pay, fewest open questions first; `refused` cannot. `reasons` say why there are no offers."""

    need: Need
    offers: tuple[Offer, ...]
    refused: tuple[Offer, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class _Verdict:
    aspect: str
    fit: Fit
    text: str
    values: Mapping[str, Value]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class _Known:
    """The files that an answer draws on, read once."""

    areas: Mapping[str, Area]
    forms: Mapping[str, Form]
    groups: Mapping[str, Group]
    calls: tuple[Call, ...]


def funding(
    programmes: Iterable[Programme], need: Need, calls: Iterable[Call] = (), own: Path | None = None
) -> Funding:
    """Find the programmes of the home country that could pay. No other country's programme is ever offered.

    Raises DataError for a country, actor or form that there is not, naming the nearest, and where home is partner.
    """
    known = _Known(areas(own), forms(own), groups(own), tuple(calls))
    _check(need, known)
    held = tuple(programmes)
    mine = [one for one in held if one.home == need.home]
    told = [_judge(one, need, known) for one in mine]
    offers = sorted((one for one in told if not one.against), key=_open_questions)
    refused = tuple(one for one in told if one.against)
    return Funding(need, tuple(offers), refused, () if offers else _none(held, need, refused))


def _open_questions(offer: Offer) -> tuple[int, int]:
    """Count what is unknown: first whether it pays for this at all, then how much, how long and until when."""
    return sum(one in _DECIDING for one in offer.unknown), len(offer.unknown)


def _check(need: Need, known: _Known) -> None:
    for name, code in (("home", need.home), ("partner", need.partner)):
        problem = country_problem(code) or (None if code else "is empty; give a country")
        if problem is not None:
            raise DataError(f"{name}: {problem}")
    if need.home == need.partner:
        raise DataError(f"home and partner are both {need.home}; name two countries")
    if need.actor not in ACTORS:
        raise DataError(f"actor: unknown {need.actor!r}; {nearest(need.actor, ACTORS)}")
    ids = (*known.forms, *known.groups)
    if need.form is not None and need.form not in ids:
        raise DataError(f"form: unknown {need.form!r}; {nearest(need.form, ids)}")


def _judge(one: Programme, need: Need, known: _Known) -> Offer:
    evidence = [rule(one.file, one.id)]
    if one.file == FILE and " " in one.source:
        evidence.append(source(*one.source.split(" ", 1)))
    verdicts = [
        _actor(one, need),
        _country(one, need, known.areas),
        *_called(one, need, known),
        _form(one, need, known),
        _field(one, need),
        _money(one, need),
        _duration(one, need),
        _term(one, need),
        _deadline(one),
    ]
    said = [verdict for verdict in verdicts if verdict is not None]
    reasons = [
        Reason(
            f"programme.{one.id}.{verdict.aspect}",
            _STANCES[verdict.fit],
            f"items.programmes.{verdict.text}",
            verdict.values,
            (*evidence, *verdict.evidence),
        )
        for verdict in said
    ]
    if one.country_rule == "oda":
        minded = known.areas["oda"].note
        reasons.append(Reason(f"programme.{one.id}.oda_note", "neutral", minded, {}, (rule(AREAS, "oda"),)))
    if one.note is not None:
        reasons.append(Reason(f"programme.{one.id}.note", "neutral", one.note, {}, tuple(evidence)))
    return Offer(
        one,
        unknown=tuple(verdict.aspect for verdict in said if verdict.fit == "unknown"),
        against=tuple(verdict.aspect for verdict in said if verdict.fit == "no"),
        reasons=tuple(reasons),
    )


def _actor(one: Programme, need: Need) -> _Verdict:
    actor = Value("text", f"items.actors.{need.actor}")
    if not one.actors:
        return _Verdict("actor", "unknown", "actor_unknown", {"actor": actor})
    may = Value("list", [Value("text", f"items.actors.{each}") for each in one.actors])
    if need.actor not in one.actors:
        return _Verdict("actor", "no", "actor_no", {"actor": actor, "may": may})
    if one.people:
        people = Value("list", [Value("text", f"items.people.{each}") for each in one.people])
        return _Verdict("actor", "yes", "people", {"may": may, "people": people})
    return _Verdict("actor", "yes", "actor", {"may": may})


def _country(one: Programme, need: Need, known: Mapping[str, Area]) -> _Verdict:
    partner = {"partner": Value("country", need.partner)}
    if one.country_rule == "open":
        return _Verdict("countries", "yes", "country_open", partner)
    if one.country_rule == "oda":
        listed = need.partner in known["oda"].countries
        said = partner | {"year": Value("name", known["oda"].year)}
        fit: Fit = "yes" if listed else "no"
        return _Verdict("countries", fit, "oda" if listed else "oda_no", said, (rule(AREAS, "oda"),))
    named = need.partner in countries_of(one.countries, known)
    used = tuple(
        rule(AREAS, place) for place in one.countries if place in known and need.partner in known[place].countries
    )
    if one.country_rule == "listed":
        return _Verdict("countries", "yes" if named else "no", "listed" if named else "listed_no", partner, used)
    if one.country_rule == "call":
        return _Verdict("countries", "unknown", "call_named" if named else "call", partner, used)
    return _Verdict("countries", "unknown", "country_unknown", partner)


def _called(one: Programme, need: Need, known: _Known) -> list[_Verdict]:
    """Tell the calls on record that took in the partner; they are past facts and decide nothing."""
    found = []
    for call in known.calls:
        if call.programme == one.id and need.partner in countries_of((call.place,), known.areas):
            years = {"first": Value("name", call.first), "last": Value("name", call.last)}
            found.append(_Verdict(f"call.{call.place}", "yes", "called", years))
    return found


def _form(one: Programme, need: Need, known: _Known) -> _Verdict | None:
    if need.form is None:
        return None
    named = known.groups[need.form].name if need.form in known.groups else known.forms[need.form].name
    wanted = {"form": Value("words", named)}
    if not one.forms:
        return _Verdict("form", "unknown", "form_unknown", wanted)
    fits = need.form in one.forms or need.form in {known.forms[form].group for form in one.forms}
    return _Verdict("form", "yes" if fits else "no", "form" if fits else "form_no", wanted)


def _field(one: Programme, need: Need) -> _Verdict | None:
    if need.field is None:
        return None
    field = {"field": Value("field", need.field)}
    if not one.fields:
        return _Verdict("field", "unknown", "field_unknown", field)
    fits = need.field in one.fields
    return _Verdict("field", "yes" if fits else "no", "field" if fits else "field_no", field)


def _money(one: Programme, need: Need) -> _Verdict:
    least, most = one.least, one.most
    bound = most or least
    if bound is None:
        return _Verdict("amount", "unknown", "amount_unknown", {})
    said = {
        "least": _amount(least),
        "most": _amount(most),
        "per": Value("text", f"items.per.{one.amount_per}"),
    }
    key = "amount_most" if least is None else "amount_least" if most is None else "amount"
    if least == most:
        key = "amount_one"
    if need.money is None:
        return _Verdict("amount", "yes", key, said)
    said |= {"asked": _amount(need.money)}
    if need.money.currency != bound.currency or one.amount_per != "year":
        return _Verdict("amount", "unknown", "amount_other", said)
    if most is not None and need.money.amount > most.amount:
        return _Verdict("amount", "no", "amount_over", said)
    if least is not None and most != least and need.money.amount < least.amount:
        return _Verdict("amount", "no", "amount_under", said)
    return _Verdict("amount", "yes", key, said)


def _amount(money: Money | None) -> Value:
    return Value("money", None if money is None else (money.amount, money.currency))


def _duration(one: Programme, need: Need) -> _Verdict:
    if one.duration is None:
        return _Verdict("duration", "unknown", "duration_unknown", {})
    said = {
        "least": Value("number", one.duration.least),
        "most": Value("number", one.duration.most),
        "unit": Value("text", f"items.units.{one.duration.unit}"),
    }
    least, most = one.duration.least, one.duration.most
    key = "duration_one" if least == most else "duration"
    key = "duration_most" if least is None else "duration_least" if most is None else key
    longest = one.duration.months()[1]
    if need.months is not None and longest is not None and need.months > longest:
        return _Verdict("duration", "no", "duration_over", said | {"asked": Value("decimal", need.months)})
    return _Verdict("duration", "yes", key, said)


def _term(one: Programme, need: Need) -> _Verdict | None:
    """Tell the years that a programme is known to have; the newest figures may be old."""
    if one.until is not None:
        said = {"until": Value("name", one.until)}
        if need.year is not None:
            over = need.year > one.until
            return _Verdict("term", "no" if over else "yes", "term_over" if over else "term", said)
        return _Verdict("term", "unknown", "term", said)
    if one.as_of is None:
        return _Verdict("term", "unknown", "as_of_unknown", {})
    return _Verdict("term", "unknown", "as_of", {"year": Value("name", one.as_of)})


def _deadline(one: Programme) -> _Verdict:
    agencies = Value("list", [Value("name", agency) for agency in one.agencies])
    if one.deadline is None:
        return _Verdict("deadline", "unknown", "deadline_unknown", {"agencies": agencies})
    return _Verdict("deadline", "yes", "deadline", {"day": Value("name", one.deadline)})


def _none(held: tuple[Programme, ...], need: Need, refused: tuple[Offer, ...]) -> tuple[Reason, ...]:
    """Say why nothing is offered, and how to add programmes of one's own."""
    home = {"home": Value("country", need.home)}
    if refused:
        evidence = tuple(rule(one.programme.file, one.programme.id) for one in refused)
        said = home | {"n": Value("number", len(refused))}
        return (Reason("programmes.none_fits", "against", "items.programmes.none_fits", said, evidence),)
    files = sorted({one.file for one in held} | {FILE})
    evidence = tuple(Evidence("rule", file, (("home", need.home),)) for file in files)
    return (Reason("programmes.none", "neutral", "items.programmes.none", home, evidence),)
