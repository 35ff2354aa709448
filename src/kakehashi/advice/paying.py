"""Which programmes could pay: for every actor and partner country in question, each programme told once."""

from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.advice.question import ALL, Asked, Own
from kakehashi.knowledge.forms import ACTORS
from kakehashi.knowledge.funding import Funding, Need, Offer, funding
from kakehashi.knowledge.programmes import Programme, calls, programmes, read_programmes
from kakehashi.names import taxonomy
from kakehashi.reasons import Reason
from kakehashi.settings import Settings


@dataclass(frozen=True)
class Payer:
    """A programme that could pay, to which of the actors and for which of the countries in question."""

    offer: Offer
    actors: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Payers:
    """`offers` could pay, `refused` not: no actor and country in question suits them. `reasons`: why there are none."""

    offers: tuple[Payer, ...]
    refused: tuple[Offer, ...]
    reasons: tuple[Reason, ...]


def payers(asked: Asked, settings: Settings, countries: Iterable[str], own: Own) -> Payers:
    """Return the programmes of home's country that could pay for work with the countries. Raises DataError.

    Where no actor is named, those to which a programme is open are told. A question for forms is met by any of them.
    """
    held, known = _held(own, settings), calls(own.folder)
    actors = (asked.question.actor,) if asked.question.actor else ACTORS
    forms = asked.question.forms or (None,)
    field = None if asked.field == ALL else asked.field
    found: dict[str, list[tuple[str, str, Offer]]] = {}
    refused: dict[str, Offer] = {}
    answers: list[Funding] = []
    for country in countries:
        for actor in actors:
            for form in forms:
                need = Need(asked.home.country, country, actor, form, field)
                answer = funding(held, need, known, own.folder)
                answers.append(answer)
                for offer in answer.offers:
                    found.setdefault(offer.programme.id, []).append((actor, country, offer))
                for offer in answer.refused:
                    refused.setdefault(offer.programme.id, offer)
    offers = [
        Payer(of[0][2], tuple(dict.fromkeys(actor for actor, _, _ in of)), tuple(dict.fromkeys(c for _, c, _ in of)))
        for of in found.values()
    ]
    return Payers(
        tuple(sorted(offers, key=lambda one: len(one.offer.unknown))),
        tuple(offer for name, offer in refused.items() if name not in found),
        () if found or not answers else answers[0].reasons,
    )


def _held(own: Own, settings: Settings) -> tuple[Programme, ...]:
    """Return our programmes, those of the user's folder and those of the user's file."""
    held = programmes(own.folder)
    if own.programmes is None:
        return held
    fields = [str(entry["id"]) for entry in taxonomy(settings.fields.taxonomy)]
    return (*held, *read_programmes(own.programmes, own.folder, fields))
