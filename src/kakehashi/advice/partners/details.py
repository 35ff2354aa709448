"""What reasons tell of the few candidates that are listed: who links them to us, on which topics, in which years."""

from dataclasses import dataclass, field

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.pool import Pool, network
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, listed, quoted
from kakehashi.advice.partners.rules import Rules
from kakehashi.advice.partners.terms import heavy_terms, of_candidates

_SHOWN = 3


@dataclass(frozen=True)
class Bridge:
    """A partner of ours that is also the candidate's: joint works with us and with the candidate."""

    entity: str
    ours: int
    theirs: int


@dataclass(frozen=True)
class Details:
    """By candidate: the strongest bridges, heaviest shared terms, first and last year with works, region, names.

    `fields` holds who (home too) has works in which field.
    """

    bridges: dict[str, tuple[Bridge, ...]] = field(default_factory=dict)
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    years: dict[str, tuple[int, int]] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    fields: set[tuple[str, str]] = field(default_factory=set)


def details(
    reader: Reader, question: Question, rules: Rules, pool: Pool, places: list[int], *,
    bridges: bool, terms: bool, regions: bool,
) -> Details:  # fmt: skip
    """Look the details of some candidates up. `regions`: whether the study's positions are those around this home."""
    found, entities = Details(), [pool.entities[place] for place in places]
    if bridges:
        _bridges(reader, question, rules, entities, found)
    if terms:
        heavy = heavy_terms(reader, question, rules)
        theirs = of_candidates(reader, question, heavy, pool)
        for entity, term in reader.rows(sql.shared_terms(heavy, entities, theirs)):
            found.terms[entity] = (*found.terms.get(entity, ()), term)[:_SHOWN]
    scope = f"level = {quoted(question.level)} and field = {quoted(question.field)} and entity in ({listed(entities)})"
    for entity, first, last in reader.rows(
        "select entity, min(cast(period as bigint)), max(cast(period as bigint)) from indicators "
        f"where {scope} and period <> 'all' group by entity"
    ):
        found.years[entity] = (first, last)
    level, people = quoted(question.home_level), listed([question.home])
    own = (
        f"(level = {quoted(question.level)} and entity in ({listed(entities)})) "
        f"or (level = {level} and entity in ({people}))"
    )
    found.fields.update(reader.rows(f"select entity, field from indicators where period = 'all' and ({own})"))
    if regions and "positions" in reader.present:
        kind = f"kind = {quoted(question.level)} and field = {quoted(question.field)} and period = 'all'"
        rows = reader.rows(
            f"select entity, region from positions where {kind} and region is not null "
            f"and entity in ({listed(entities)})"
        )
        found.regions.update(rows)
    if question.level == "institution" and "institutions" in reader.present:
        others = {bridge.entity for each in found.bridges.values() for bridge in each}
        known = listed({*entities, *others, question.home})
        found.names.update(
            reader.rows(
                "select institution_id, coalesce(name, institution_id) from institutions "
                f"where institution_id in ({known})"
            )
        )
    return found


def _bridges(reader: Reader, question: Question, rules: Rules, entities: list[str], found: Details) -> None:
    rows = reader.rows(sql.bridges(*network(reader, question, rules), entities))
    for entity, between, ours, theirs in rows:
        held = found.bridges.get(entity, ())
        if len(held) < _SHOWN:
            found.bridges[entity] = (*held, Bridge(between, int(ours), int(theirs)))
