"""What for and how: gains, forms, choices on the five axes, patterns with merits and demerits, similar cases."""

from collections.abc import Iterator, Sequence

from kakehashi.advice.answer import Advice, RegionAdvice
from kakehashi.advice.cases import Alike
from kakehashi.advice.schemes.advise import PatternAdvice, SchemeAdvice
from kakehashi.advice.schemes.choices import AxisChoice
from kakehashi.knowledge.axes import axes, views
from kakehashi.knowledge.forms import forms, goals
from kakehashi.knowledge.patterns import patterns
from kakehashi.names import country_name
from kakehashi.reasons import Reason, written
from kakehashi.report.advised.entries import Entry, Speaker


def gains(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield what is to be gained, and the forms that suit."""
    for found, region in _each(advice):
        t, folder, level = speaker.texts, advice.own.folder, 0
        if region is not None:
            yield speaker.head(_region(region, speaker))
            level = 1
        for gain in found.gains:
            name = goals(folder)[gain.goal].name(t.language)
            key = "gain_wished" if gain.wished else "gain"
            yield speaker.head(speaker(key, name=name), level, more=region is not None)
            yield from speaker.told(gain.reasons, level + 1, more=region is not None, signs=False)
        if region is not None:
            named = t.listing([goals(folder)[gain.goal].name(t.language) for gain in found.gains])
            reasons = tuple(gain.reasons[0] for gain in found.gains)
            yield Entry(speaker("gains_of", gains=named), level, reasons=reasons)
        yield from _forms(advice, found, speaker, level, brief=region is not None)


def _forms(advice: Advice, found: SchemeAdvice, speaker: Speaker, level: int, *, brief: bool) -> Iterator[Entry]:
    t, folder = speaker.texts, advice.own.folder
    if brief:
        named = t.listing([forms(folder)[one.form].name(t.language) for one in found.forms])
        yield Entry(speaker("forms_of", forms=named), level, reasons=tuple(one.reasons[0] for one in found.forms))
        return
    yield speaker.head(speaker("forms"), level)
    for one in (*found.forms, *found.further_forms):
        yield speaker.head(forms(folder)[one.form].name(t.language), level + 1)
        for reason in one.reasons:
            effect = ".merit." in reason.id or ".demerit." in reason.id
            yield from speaker.told((reason,), level + 2, more=effect, signs=effect or reason.stance == "against")


def how(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield the choices on the axes and the patterns."""
    for found, region in _each(advice):
        if region is None:
            yield speaker.head(speaker("axes"))
            for axis, offered in found.axes.items():
                yield from _axis(advice, axis, offered, speaker)
            yield speaker.head(speaker("patterns"))
            yield from _patterns(advice, found, speaker)
            yield from speaker.told(found.notes, signs=False)
        else:
            yield speaker.head(_region(region, speaker))
            for axis, offered in found.axes.items():
                yield _axis_brief(advice, axis, offered, speaker)
            for pattern in found.patterns:
                yield Entry(_named(advice, pattern.number, speaker), 1, reasons=pattern.reasons[:2])


def similar(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield the cases that share most with what is asked."""
    for alike in advice.cases:
        yield from _case(alike, speaker)


def _each(advice: Advice) -> Iterator[tuple[SchemeAdvice, RegionAdvice | None]]:
    if advice.schemes is not None:
        yield advice.schemes, None
    for region in advice.regions:
        yield region.schemes, region


def _region(region: RegionAdvice, speaker: Speaker) -> str:
    t = speaker.texts
    names = t.listing([country_name(code, t.language) for code in region.countries])
    return speaker("region", region=t(f"regions.{region.region}.name"), countries=names)


def _axis(advice: Advice, axis: str, offered: Sequence[AxisChoice], speaker: Speaker) -> Iterator[Entry]:
    chosen = [one for one in offered if one.chosen]
    yield _axis_brief(advice, axis, offered, speaker)
    for one in (*chosen, *(one for one in offered if not one.chosen)):
        condition = [reason for reason in one.reasons if reason.id.endswith((".met", ".open", ".unmet"))]
        rest = [reason for reason in one.reasons if reason not in condition]
        name = view(one, speaker)
        grounds = speaker.joined(speaker.say(reason) for reason in rest)
        if not (one.chosen and len(chosen) == 1):  # else the line above names it
            grounds = speaker("choice", name=name, grounds=grounds)
        yield Entry(grounds, 2, reasons=tuple(rest), more=not one.chosen)
        yield from speaker.told(condition, 3, more=not one.chosen, signs=False)


def _axis_brief(advice: Advice, axis: str, offered: Sequence[AxisChoice], speaker: Speaker) -> Entry:
    t = speaker.texts
    chosen = [one for one in offered if one.chosen]
    name = axes(advice.own.folder)[axis].name(t.language)
    shown = speaker("or").join(dict.fromkeys(view(one, speaker) for one in chosen))
    return Entry(speaker("axis", axis=name, choices=shown), 1, "head", tuple(one.reasons[0] for one in chosen))


def view(one: AxisChoice, speaker: Speaker) -> str:
    """Name a choice, with the two sides filled in as its reason has them."""
    name = views()[f"{one.axis}.{one.value}"].name
    places = {key: written(one.reasons[0].values[key], speaker.texts, speaker.taxonomy) for key in ("home", "partner")}
    return speaker.texts.fill(name, **places)


def _patterns(advice: Advice, found: SchemeAdvice, speaker: Speaker) -> Iterator[Entry]:
    held = [{reason.id for reason in pattern.effects} for pattern in found.patterns]
    common = set.intersection(*held) if len(held) > 1 else set()
    for pattern in found.patterns:
        yield Entry(_named(advice, pattern.number, speaker), 1, "head", pattern.reasons[:1], scheme=pattern.seen)
        yield from speaker.told(pattern.reasons, 2)
        own = [reason for reason in pattern.effects if reason.id not in common]
        yield from speaker.told(own, 2, more=False)
    shared = [reason for reason in (found.patterns[0].effects if found.patterns else ()) if reason.id in common]
    if shared:
        yield speaker.head(speaker("common"), 1)
        yield from speaker.told(shared, 2)
    yield from _by_axes(found.by_axes, found.patterns, speaker)


def _by_axes(by_axes: Sequence[PatternAdvice], shown: Sequence[PatternAdvice], speaker: Speaker) -> Iterator[Entry]:
    """Tell the order by the axis choices alone, beside the patterns above."""
    t = speaker.texts
    best = [
        speaker("fit", pattern=speaker("pattern_short", number=one.number), fit=t.percent(one.fit))
        for one in by_axes[: max(3, len(shown))]
    ]
    reasons: tuple[Reason, ...] = tuple(one.reasons[1] for one in by_axes[: max(3, len(shown))])
    yield Entry(speaker("by_axes", patterns=t.listing(best)), 1, reasons=reasons)


def _named(advice: Advice, number: int, speaker: Speaker) -> str:
    return speaker("pattern", number=number, name=patterns(advice.own.folder)[number].name(speaker.texts.language))


def _case(alike: Alike, speaker: Speaker) -> Iterator[Entry]:
    t, case = speaker.texts, alike.case
    facts = [t.listing([country_name(code, t.language) for code in case.read_as])] if case.read_as else []
    if case.pattern is not None:
        facts.append(speaker("pattern_short", number=case.pattern))
    if case.period is not None:
        key = f"advise.outline.period_{case.period.unit}"
        facts.append(
            t.count(key, int(case.period.length))
            if case.period.length == 1
            else t(f"{key}.other", n=t.number(case.period.length))
        )
    if case.money is not None:
        facts.append(t.money(case.money.amount, case.money.currency))
    joined = ("、" if t.language == "ja" else "; ").join(facts)
    yield speaker.head(speaker("case", name=case.names(t.language), facts=joined), 0, *alike.reasons[:1])
    summary = [reason for reason in alike.reasons if reason.id.endswith(".summary")]
    shared = [reason for reason in alike.reasons if reason.stance == "for"]
    rest = [reason for reason in alike.reasons if reason not in summary and reason not in shared]
    yield from speaker.told(summary, 1, signs=False)
    yield Entry(speaker.joined(speaker.say(one) for one in shared), 1, reasons=tuple(shared))
    yield from speaker.told(rest, 1, more=True, signs=False)
