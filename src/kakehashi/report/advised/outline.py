"""The outline of an answer: in short, with whom, what for, how, with which money, what to watch, what to do first."""

from collections.abc import Iterator

from kakehashi.advice.answer import Advice
from kakehashi.advice.schemes.advise import SchemeAdvice
from kakehashi.knowledge.forms import forms, goals
from kakehashi.knowledge.patterns import patterns
from kakehashi.names import country_name
from kakehashi.report.advised import schemes, steps, whom
from kakehashi.report.advised.entries import Entry, Section, Speaker
from kakehashi.texts import Texts

_NAMED = 3


def outline(advice: Advice, texts: Texts) -> tuple[Section, ...]:
    """Return the sections of an answer in one language. Sections without entries are left out."""
    speaker = Speaker(texts, advice.taxonomy)
    parts = (
        ("short", _short(advice, speaker)),
        ("whom", whom.entries(advice, speaker)),
        ("gains", schemes.gains(advice, speaker)),
        ("how", schemes.how(advice, speaker)),
        ("cases", schemes.similar(advice, speaker)),
        ("money", steps.money(advice, speaker)),
        ("watch", steps.watch(advice, speaker)),
        ("first", steps.first(advice, speaker)),
    )
    found = ((id_, tuple(entries)) for id_, entries in parts)
    return tuple(Section(id_, speaker(f"sections.{id_}"), entries) for id_, entries in found if entries)


def title(advice: Advice, texts: Texts) -> str:
    """Name the answer: who asks, and with whom or about whom."""
    home = advice.asked.home.name or country_name(advice.asked.home.country, texts.language)
    if advice.asked.partner is None:
        return texts("advise.outline.title_whom", home=home)
    partner = advice.asked.partner.name or country_name(advice.asked.partner.country, texts.language)
    return texts("advise.outline.title", home=home, partner=partner)


def facts(advice: Advice, texts: Texts) -> list[tuple[str, str]]:
    """Return what was asked, as terms and values."""
    question, speaker = advice.asked.question, Speaker(texts, advice.taxonomy)
    folder = advice.own.folder
    names = [goals(folder)[goal].name(texts.language) for goal in question.goals]
    wanted = [forms(folder)[form].name(texts.language) for form in question.forms]
    unsaid = speaker("unsaid")
    found = [
        ("study", speaker("synthetic", study=advice.study) if advice.synthetic else advice.study),
        ("field", whom.field(question.field, speaker)),
        ("actor", texts(f"schemes.actors.{question.actor}") if question.actor else unsaid),
        ("goals", texts.listing(names) if names else unsaid),
    ]
    if wanted:
        found.append(("forms", texts.listing(wanted)))
    for key, codes in (("exclude", question.exclude), ("only", question.only)):
        if codes:
            found.append((key, texts.listing([country_name(code, texts.language) for code in codes])))
    return [(speaker(f"facts.{key}"), value) for key, value in found]


def _short(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Tell the answer in a few lines."""
    t = speaker.texts
    if advice.schemes is not None:
        yield from _scheme(advice, advice.schemes, speaker)
    if advice.countries is not None:
        leading = advice.countries.candidates[:_NAMED]
        named = t.listing([country_name(one.entity, t.language) for one in leading])
        reasons = tuple(one for candidate in leading for one in candidate.reasons_for[:1])
        yield Entry(speaker("short.countries", names=named), reasons=reasons)
    if advice.institutions is not None:
        leading = advice.institutions.candidates[:_NAMED]
        named = t.listing([whom.called(one, speaker) for one in leading])
        reasons = tuple(one for candidate in leading for one in candidate.reasons_for[:1])
        yield Entry(speaker("short.institutions", names=named), reasons=reasons)
    offers = advice.payers.offers
    named = t.listing([one.offer.programme.name(t.language) for one in offers[:_NAMED]])
    if offers:
        reasons = tuple(payer.offer.reasons[0] for payer in offers[:_NAMED])
        yield Entry(speaker("short.money", n=t.number(len(offers)), names=named), reasons=reasons)
    else:
        yield from speaker.told(advice.payers.reasons, signs=False)
    for actor, actions in advice.actions.items():
        if actions.steps:
            step = actions.steps[0]
            key = "short.first" if len(advice.actions) == 1 else "short.first_of"
            name = t.fill(step.name)
            yield Entry(speaker(key, name=name, actor=t(f"schemes.actors.{actor}")), reasons=step.reasons[:1])


def _scheme(advice: Advice, found: SchemeAdvice, speaker: Speaker) -> Iterator[Entry]:
    t, folder = speaker.texts, advice.own.folder
    region = t(f"regions.{advice.region}.name")
    named = t.listing([goals(folder)[gain.goal].name(t.language) for gain in found.gains])
    reasons = (*(advice.place.reasons if advice.place else ())[:1], *(gain.reasons[0] for gain in found.gains))
    partner = country_name(advice.asked.partner.country if advice.asked.partner else None, t.language)
    yield Entry(speaker("short.gains", partner=partner, region=region, gains=named), reasons=reasons)
    shown = [
        speaker("pattern_listed", number=one.number, name=patterns(folder)[one.number].name(t.language))
        for one in found.patterns
    ]
    key = "short.patterns" if any(one.published for one in found.patterns) else "short.patterns_fit"
    reasons = tuple(one.reasons[0] for one in found.patterns)
    yield Entry(speaker(key, patterns=t.listing(shown)), reasons=reasons)
