"""Money, cautions and first steps: the programmes that could pay, what to watch, what to do first."""

import itertools
from collections.abc import Iterator, Sequence

from kakehashi.advice.answer import Advice
from kakehashi.advice.paying import Payer
from kakehashi.names import country_name
from kakehashi.reasons import Reason
from kakehashi.report.advised.entries import Entry, Speaker

_SHOWN = 6
_FINDINGS = 6
_ALIKE = ("items.programmes.as_of", "items.programmes.deadline_unknown", "items.programmes.field_unknown")
"""What is told once where it holds for several programmes: that the record is old, and what is not on it."""


def money(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield the programmes that could pay."""
    t = speaker.texts
    offers = advice.payers.offers
    yield from speaker.told(advice.payers.reasons, signs=False)
    alike = [reason for payer in offers for reason in payer.offer.reasons if reason.text in _ALIKE]
    if alike:
        yield Entry(speaker("ask_agencies"), reasons=tuple(alike[:2]))
    for more, some in ((False, offers[:_SHOWN]), (True, offers[_SHOWN:])):
        for _, alike_in_countries in itertools.groupby(some, key=lambda payer: _countries(payer, speaker)):
            yield from _programmes(advice, tuple(alike_in_countries), speaker, more=more)
    if len(offers) > _SHOWN:
        names = t.listing([payer.offer.programme.name(t.language) for payer in offers[_SHOWN:]])
        reasons = tuple(payer.offer.reasons[0] for payer in offers[_SHOWN:])
        yield Entry(speaker("further", names=names), reasons=reasons)
    for offer in advice.payers.refused:
        against = [reason for reason in offer.reasons if reason.stance == "against"]
        said = speaker.joined(speaker.say(reason) for reason in against)
        name = offer.programme.name(t.language)
        yield Entry(speaker("refused", name=name, why=said), 0, "against", tuple(against), more=True)


def _countries(payer: Payer, speaker: Speaker) -> str:
    return speaker.joined(speaker.say(reason) for reason in payer.offer.reasons if reason.id.endswith(".countries"))


def _programmes(advice: Advice, some: Sequence[Payer], speaker: Speaker, *, more: bool) -> Iterator[Entry]:
    """Yield programmes that say the same of partner countries: that first, then each with money and time."""
    t, inside = speaker.texts, 0
    if advice.asked.partner is not None:
        about = tuple(one for one in some[0].offer.reasons if one.id.endswith(".countries"))
        yield Entry(_countries(some[0], speaker), 0, reasons=about, more=more)
        inside = 1
    for payer in some:
        one = payer.offer.programme
        agencies = ("、" if t.language == "ja" else ", ").join(one.agencies)
        name = speaker("programme", name=one.name(t.language), agencies=agencies)
        yield speaker.head(name, inside, *payer.offer.reasons[:1], more=more)
        if advice.asked.partner is None:
            countries = t.listing([country_name(code, t.language) for code in payer.countries])
            yield Entry(
                speaker("for_countries", countries=countries), inside + 1, reasons=payer.offer.reasons[:2], more=more
            )
        told = [reason for reason in payer.offer.reasons if _tells(reason, advice)]
        yield Entry(speaker.joined(speaker.say(one) for one in told), inside + 1, reasons=tuple(told), more=more)
        notes = [reason for reason in payer.offer.reasons if _is_note(reason)]
        yield from speaker.told(notes, inside + 1, more=True, signs=False)


def _tells(reason: Reason, advice: Advice) -> bool:
    """Tell whether a sentence belongs to the programme's own line: not what the lines around it say already."""
    if _is_note(reason) or reason.text in _ALIKE or reason.id.endswith(".countries"):
        return False
    return not (reason.text == "items.programmes.actor" and advice.asked.question.actor)


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
        level = 1 if len(advice.actions) > 1 else 0
        yield from speaker.told(fresh[:_FINDINGS], level)
        yield from speaker.told(fresh[_FINDINGS:], level, more=True)
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
    known: set[str] = set()
    for actor, actions in advice.actions.items():
        if several:
            yield speaker.head(speaker.texts(f"schemes.actors.{actor}"))
        level = 1 if several else 0
        for step in actions.steps:
            said = speaker.say(step.reasons[0])
            text = speaker("step", order=step.order, text=speaker.texts.fill(step.name) if said in known else said)
            known.add(said)
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
