"""With whom: the partner's place and profile, or the ranking of countries and institutions with reasons both ways."""

from collections.abc import Iterator

from kakehashi.advice.answer import Advice
from kakehashi.advice.naming import institution_name
from kakehashi.advice.partners import Candidate, Ranking
from kakehashi.names import country_name, field_name
from kakehashi.report.advised.entries import Entry, Speaker


def entries(advice: Advice, speaker: Speaker) -> Iterator[Entry]:
    """Yield the section."""
    if advice.place is not None:
        for reason in advice.place.reasons:
            yield from speaker.told((reason,), int(reason.text == "advise.position_other"), signs=False)
    if advice.schemes is not None:
        yield from speaker.told(advice.schemes.region, signs=False)
    if advice.profile is not None:
        yield from speaker.told(advice.profile.ties)
        yield from speaker.told(advice.profile.strengths)
        yield from speaker.told(advice.profile.economy)
    yield from speaker.told(advice.notes, signs=False)
    for ranking in (advice.countries, advice.institutions):
        if ranking is not None:
            yield from _ranking(advice, ranking, speaker)


def field(name: str, speaker: Speaker) -> str:
    """Name a field, or all of them together."""
    return speaker.texts("advise.whole") if name == "all" else field_name(name, speaker.taxonomy, speaker.texts)


def called(candidate: Candidate, speaker: Speaker) -> str:
    """Name a candidate: a country, or an institution with its country."""
    t = speaker.texts
    country = country_name(candidate.country, t.language)
    if candidate.name is None:
        return country
    return speaker("institution", name=institution_name(candidate.name, candidate.country)(t.language), country=country)


def _ranking(advice: Advice, ranking: Ranking, speaker: Speaker) -> Iterator[Entry]:
    t = speaker.texts
    where = country_name(advice.asked.partner.country, t.language) if advice.asked.partner else ""
    key = f"ranked_{ranking.level}" + ("_of" if where else "")
    yield speaker.head(speaker(key, country=where, field=field(ranking.field, speaker), of=t.number(ranking.compared)))
    yield Entry(t("advise.report.ranking.score_note"), 1)
    for candidate in ranking.candidates:
        yield from _candidate(candidate, speaker)
    absent = dict.fromkeys(ranking.absent.values())
    if absent:
        told = speaker.joined(t(f"partners.missing.{why}") for why in absent)
        yield Entry(speaker("unmeasured", reasons=told), 1, more=True)
    rising = [one for one in ranking.emerging if one.entity not in {other.entity for other in ranking.candidates}]
    if rising:
        yield speaker.head(speaker("emerging"))
        for candidate in rising:
            yield from _candidate(candidate, speaker)


def _candidate(candidate: Candidate, speaker: Speaker) -> Iterator[Entry]:
    t = speaker.texts
    name = called(candidate, speaker)
    if candidate.region and candidate.name is None:
        name = speaker("institution", name=name, country=t(f"regions.{candidate.region}.name"))
    head = speaker("candidate", rank=t.number(candidate.rank), name=name, score=t.decimal(candidate.score, 2))
    for kind, stable in (("stable", candidate.by_weights), ("sample", candidate.by_sample)):
        if stable is not None:
            key = f"{kind}_same" if stable.low == stable.high else kind
            head = speaker.joined((head, speaker(key, low=t.number(stable.low), high=t.number(stable.high))))
    yield speaker.head(head, 1)
    yield from speaker.told(candidate.reasons_for, 2)
    yield from speaker.told(candidate.reasons_against, 2)
