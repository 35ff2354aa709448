"""Money, cautions and first steps: the programmes that could pay, what to watch, what to do first."""

from collections.abc import Iterator, Sequence

from kakehashi.advice.answer import Advice
from kakehashi.advice.paying import Payer
from kakehashi.names import country_name
from kakehashi.reasons import Reason
from kakehashi.report.advised.entries import Entry, Speaker

_SHOWN = 6
_ALIKE = ("items.programmes.as_of", "items.programmes.deadline_unknown")
"""What is told once where it holds for several programmes: that the record is old, and has no deadline."""


def money(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield the programmes that could pay."""
    t = speaker.texts
    offers = advice.payers.offers
    yield from speaker.told(advice.payers.reasons, signs=False)
    alike = [reason for payer in offers for reason in payer.offer.reasons if reason.text in _ALIKE]
    if alike:
        yield Entry(speaker("ask_agencies"), reasons=tuple(alike[:2]))
    for place, payer in enumerate(offers):
        yield from _programme(advice, payer, speaker, more=place >= _SHOWN)
    if len(offers) > _SHOWN:
        names = t.listing([payer.offer.programme.name(t.language) for payer in offers[_SHOWN:]])
        reasons = tuple(payer.offer.reasons[0] for payer in offers[_SHOWN:])
        yield Entry(speaker("further", names=names), reasons=reasons)
    for offer in advice.payers.refused:
        against = [reason for reason in offer.reasons if reason.stance == "against"]
        said = speaker.joined(speaker.say(reason) for reason in against)
        name = offer.programme.name(t.language)
        yield Entry(speaker("refused", name=name, why=said), 0, "against", tuple(against), more=True)


def _programme(advice: Advice, payer: Payer, speaker: Speaker, *, more: bool) -> Iterator[Entry]:
    t, one = speaker.texts, payer.offer.programme
    agencies = ("、" if t.language == "ja" else ", ").join(one.agencies)
    yield speaker.head(
        speaker("programme", name=one.name(t.language), agencies=agencies), 0, *payer.offer.reasons[:1], more=more
    )
    if advice.asked.partner is None:
        countries = t.listing([country_name(code, t.language) for code in payer.countries])
        yield Entry(speaker("for_countries", countries=countries), 1, reasons=payer.offer.reasons[:2], more=more)
    about = [reason for reason in payer.offer.reasons if not _is_note(reason) and reason.text not in _ALIKE]
    if advice.asked.partner is None:  # what is said of one country does not hold for all of them
        about = [reason for reason in about if ".countries" not in reason.id]
    yield Entry(speaker.joined(speaker.say(reason) for reason in about), 1, reasons=tuple(about), more=more)
    yield from speaker.told((one for one in payer.offer.reasons if _is_note(one)), 1, more=True, signs=False)


def _is_note(reason: Reason) -> bool:
    return reason.id.endswith(("note", ".note"))


def watch(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield what to take care of: cautions of the region and of the actor's framework, and the due diligence."""
    regions = ((None, advice.schemes), *((one, one.schemes) for one in advice.regions))
    asked: set[str] = set()
    for region, found in regions:
        if found is None:
            continue
        if region is not None:
            yield speaker.head(speaker.texts(f"regions.{region.region}.name"))
        yield from speaker.told(found.cautions, 0 if region is None else 1)
    for actor, actions in advice.actions.items():
        fresh = [one for one in actions.cautions if speaker.say(one) not in asked]
        asked |= {speaker.say(one) for one in fresh}
        if len(advice.actions) > 1 and fresh:
            yield speaker.head(speaker.texts(f"schemes.actors.{actor}"))
        yield from speaker.told(fresh, 1 if len(advice.actions) > 1 else 0)
    yield from _prompts(advice, speaker)


def _prompts(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    found = [(advice.schemes, 0), *((one.schemes, 1) for one in advice.regions)]
    seen: set[str] = set()
    prompts = [prompt for schemes, _ in found if schemes is not None for prompt in schemes.prompts]
    if prompts:
        yield speaker.head(speaker("diligence"))
    for prompt in prompts:
        if prompt.id in seen:
            continue
        seen.add(prompt.id)
        yield from speaker.told(prompt.reasons[:1], 1, signs=False)
        yield from speaker.told(prompt.reasons[1:], 2, more=True, signs=False)


def first(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield the first steps of each actor, and the doors to knock at."""
    several = len(advice.actions) > 1
    for actor, actions in advice.actions.items():
        if several:
            yield speaker.head(speaker.texts(f"schemes.actors.{actor}"))
        level = 1 if several else 0
        for step in actions.steps:
            text = speaker("step", order=step.order, text=speaker.say(step.reasons[0]))
            yield Entry(text, level, "head", step.reasons[:1])
            given = [reason for reason in step.reasons[1:] if reason.text in _RECOMMENDED]
            rest = [reason for reason in step.reasons[1:] if reason not in given]
            yield from speaker.told(given, level + 1, signs=False)
            yield from speaker.told(rest, level + 1, more=True, signs=False)
        yield from _listed("helps", actions.helps, speaker, level, more=several)
        yield from _listed("doors", actions.doors, speaker, level, more=several)


_RECOMMENDED = ("items.actions.recommended", "items.actions.again")


def _listed(key: str, reasons: Sequence[Reason], speaker: Speaker, level: int, *, more: bool) -> Iterator[Entry]:
    if reasons:
        yield speaker.head(speaker(key), level, more=more)
        yield from speaker.told(reasons, level + 1, more=more, signs=False)
