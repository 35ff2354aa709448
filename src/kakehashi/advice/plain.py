"""The answer as plain data, for JSON: ids first, then details that point to the reasons at the end by their ids."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kakehashi.advice.answer import Advice, RegionAdvice
from kakehashi.advice.cases import Alike
from kakehashi.advice.partners import Ranking
from kakehashi.advice.paying import Payer
from kakehashi.advice.question import Side
from kakehashi.advice.schemes.advise import PatternAdvice, SchemeAdvice
from kakehashi.advice.schemes.choices import AxisChoice
from kakehashi.advice.standing import Standing
from kakehashi.knowledge.funding import Offer
from kakehashi.knowledge.money import Money
from kakehashi.knowledge.patterns import patterns
from kakehashi.knowledge.regions import choices
from kakehashi.reasons import Reason
from kakehashi.texts import LANGUAGES, Texts, Words, texts

Plain = dict[str, Any]


def plain(advice: Advice) -> Plain:
    """Return an answer as one object of plain data.

    `gains`, `forms` and `patterns` are ids and numbers, best first; `axes` holds the choices by axis. Without a partner
    they are empty, and `regions` holds them by region. Every sentence stands once in `reasons`, in both languages.
    """
    spoken = tuple(texts(language) for language in LANGUAGES)
    question, taxonomy, own = advice.asked.question, advice.taxonomy, advice.own.folder
    return {
        "study": advice.study,
        "synthetic": advice.synthetic,
        "home": _side(advice.asked.home),
        "partner": None if advice.asked.partner is None else _side(advice.asked.partner),
        "field": question.field,
        "actor": question.actor,
        "goals": list(question.goals),
        "region": advice.region,
        **_schemes(advice.schemes, spoken, taxonomy, own),
        "position": None if advice.place is None else _standing(advice.place.used),
        "positions_elsewhere": [] if advice.place is None else [_standing(one) for one in advice.place.others],
        "strengths": {} if advice.profile is None else _both(advice.profile.fields),
        "regions": [_region(one, spoken, taxonomy, own) for one in advice.regions],
        "countries": _ranking(advice.countries, spoken, taxonomy),
        "institutions": _ranking(advice.institutions, spoken, taxonomy),
        "cases": [_case(one) for one in advice.cases],
        "programmes": [_payer(one) for one in advice.payers.offers],
        "programmes_refused": [_offer(one) for one in advice.payers.refused],
        "actions": [
            {
                "actor": actor,
                "order": step.order,
                "id": step.item,
                "cell": f"{step.stage}.{step.resource}",
                "name": words(step.name),
                "recommendations": list(step.recommendations),
                "reasons": _ids(step.reasons),
            }
            for actor, actions in advice.actions.items()
            for step in actions.steps
        ],
        "cautions": _cautions(advice),
        "sections": _sections(advice),
        "reasons": [reason.plain(spoken, taxonomy) for reason in advice.reasons()],
    }


def words(text: Words) -> dict[str, str]:
    """Return a text in both languages."""
    return {"ja": text.ja, "en": text.en}


def _ids(reasons: Iterable[Reason]) -> list[str]:
    return [reason.id for reason in reasons]


def _side(side: Side) -> Plain:
    return {"country": side.country, "institution": side.institution, "name": side.name}


def _both(fields: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Plain:
    return {country: {verdict: list(names) for verdict, names in of.items()} for country, of in fields.items()}


def _standing(one: Standing) -> Plain:
    return {
        "country": one.country,
        "field": one.field,
        "region": one.region,
        "decades_from_home": one.distance,
        "papers": one.here.papers,
        "eigenvector": one.here.eigenvector,
        "home_papers": one.home.papers,
        "home_eigenvector": one.home.eigenvector,
    }


def _schemes(schemes: SchemeAdvice | None, spoken: tuple[Texts, ...], taxonomy: str, own: Path | None) -> Plain:
    if schemes is None:
        names = ("gains", "forms", "further_forms", "patterns", "pattern_details", "by_axes", "prompts")
        return {**{name: [] for name in names}, "axes": {}}
    return {
        "gains": [gain.goal for gain in schemes.gains],
        "forms": [form.form for form in schemes.forms],
        "further_forms": [form.form for form in schemes.further_forms],
        "patterns": [pattern.number for pattern in schemes.patterns],
        "axes": {
            axis: [_choice(one, spoken, taxonomy, own) for one in offered] for axis, offered in schemes.axes.items()
        },
        "pattern_details": [_pattern(one, own) for one in schemes.patterns],
        "by_axes": [{"pattern": one.number, "fit": one.fit, "published": one.published} for one in schemes.by_axes],
        "prompts": [{"id": one.id, "reasons": _ids(one.reasons)} for one in schemes.prompts],
    }


def _choice(one: AxisChoice, spoken: tuple[Texts, ...], taxonomy: str, own: Path | None) -> Plain:
    """Return a choice; `state` tells whether the wishes meet its conditions, `when`, of which any one suffices."""
    rule = choices(own)[one.id]
    return {
        "value": one.value,
        "pattern_values": list(one.pattern_values),
        "chosen": one.chosen,
        "state": one.state,
        "when": [{key: list(ids) for key, ids in condition.keys().items()} for condition in rule.when],
        "grounds": {texts.language: one.reasons[0].say(texts, taxonomy) for texts in spoken},
        "source": f"{rule.source.document} {rule.source.figure}",
        "reasons": _ids(one.reasons),
    }


def _pattern(one: PatternAdvice, own: Path | None) -> Plain:
    return {
        "pattern": one.number,
        "name": words(patterns(own)[one.number].name),
        "published": one.published,
        "fit": one.fit,
        "views": dict(one.seen.views),
        "met": list(one.met),
        "partly": list(one.partly),
        "missed": list(one.missed),
        "reasons": _ids(one.reasons),
        "effects": _ids(one.effects),
    }


def _region(one: RegionAdvice, spoken: tuple[Texts, ...], taxonomy: str, own: Path | None) -> Plain:
    told = _schemes(one.schemes, spoken, taxonomy, own)
    return {"region": one.region, "countries": list(one.countries), **told}


def _ranking(ranking: Ranking | None, spoken: tuple[Texts, ...], taxonomy: str) -> Plain | None:
    return None if ranking is None else ranking.plain(spoken, taxonomy)


def _case(one: Alike) -> Plain:
    case = one.case
    return {
        "id": case.id,
        "title": case.title,
        "names": words(case.names),
        "scheme": case.scheme,
        "countries": list(case.read_as),
        "pattern": case.pattern,
        "form": case.form,
        "field": case.field,
        "money": _money(case.money),
        "months": None if case.period is None else round(case.period.months, 1),
        "score": one.score,
        "shared": list(one.shared),
        "unknown": list(one.unknown),
        "reasons": _ids(one.reasons),
    }


def _money(money: Money | None) -> Plain | None:
    return None if money is None else {"amount": money.amount, "currency": money.currency}


def _payer(one: Payer) -> Plain:
    return {**_offer(one.offer), "for_actors": list(one.actors), "for_countries": list(one.countries)}


def _offer(offer: Offer) -> Plain:
    one = offer.programme
    return {
        "id": one.id,
        "home": one.home,
        "name": words(one.name),
        "agencies": list(one.agencies),
        "kind": one.kind,
        "actors": list(one.actors),
        "amount_min": _money(one.least),
        "amount_max": _money(one.most),
        "amount_per": one.amount_per,
        "duration_months": None if one.duration is None else [_rounded(bound) for bound in one.duration.months()],
        "deadline": one.deadline,
        "unknown": list(offer.unknown),
        "against": list(offer.against),
        "reasons": _ids(offer.reasons),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _cautions(advice: Advice) -> list[str]:
    """Return the ids of what to watch: of the region or regions, then of the actor's framework."""
    schemes = [one for one in (advice.schemes, *(part.schemes for part in advice.regions)) if one is not None]
    found = [reason.id for one in schemes for reason in one.cautions]
    found += [reason.id for actions in advice.actions.values() for reason in actions.cautions]
    return list(dict.fromkeys(found))


def _sections(advice: Advice) -> dict[str, list[str]]:
    """Return the ids of the sentences that belong to no item of their own, by what they tell of."""
    profile = advice.profile
    return {
        "notes": _ids(advice.notes),
        "position": _ids(advice.place.reasons) if advice.place else [],
        "ties": _ids(profile.ties) if profile else [],
        "strengths": _ids(profile.strengths) if profile else [],
        "economy": _ids(profile.economy) if profile else [],
        "schemes": _ids(advice.schemes.notes) if advice.schemes else [],
        "programmes": _ids(advice.payers.reasons),
    }
