"""What to do first: directions with the recommendations to an actor, where to knock, and what to watch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kakehashi.errors import DataError
from kakehashi.knowledge import survey
from kakehashi.knowledge.areas import Area, areas, countries_of, country_problem
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.forms import ACTORS
from kakehashi.knowledge.items import (
    Institution,
    Item,
    OnRecord,
    Recommendation,
    doors,
    institutions,
    items,
    on_record,
    recommendations,
)
from kakehashi.knowledge.regions import regions
from kakehashi.knowledge.sources import Citation, cells
from kakehashi.reasons import Evidence, Reason, Stance, Value, rule, source
from kakehashi.texts import Words

STAGES = ("entry", "process", "exit")
PUBLISHED_HOME = "JP"
_WATCHED: tuple[str, ...] = ("problem", "demerit", "risk")


@dataclass(frozen=True)
class Who:
    """Who asks: actor, home, and the partner or the countries of the region looked at (`partners`)."""

    actor: str
    home: str
    region: str
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step: a direction, or what a government is asked for, in its cell. `recommendations` are told at first use."""

    order: int
    item: str
    stage: str
    resource: str
    name: Words
    recommendations: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Actions:
    """What to do and what to mind.

    `steps`: in order. `doors`: practices on record of institutions in the partner countries. `helps`: what speaks for
    those countries. `cautions`: what to watch.
    """

    steps: tuple[Step, ...]
    doors: tuple[Reason, ...]
    helps: tuple[Reason, ...]
    cautions: tuple[Reason, ...]


@dataclass(frozen=True)
class _Known:
    """The files that an answer draws on, read once."""

    items: Mapping[str, Item]
    recommendations: tuple[Recommendation, ...]
    areas: Mapping[str, Area]


def first_steps(who: Who, stages: Iterable[str] = ("entry",), own: Path | None = None) -> Actions:
    """Return what an actor should do, stage by stage and within each for people, things and money.

    Findings that speak of certain countries are told for those partners; without partners, and from Japan, for the
    region that they lie in on the published map. Raises DataError for what there is not, naming the nearest.
    """
    wanted = tuple(stages)
    _check(who, wanted, own)
    known = _Known(items(own), tuple(recommendations(own).values()), areas(own))
    kind = "request" if who.actor == "government" else "direction"
    chosen = [
        item
        for cell in cells(own).values()
        if cell.stage in wanted
        for item in known.items.values()
        if item.kind == kind and item.cell == cell.id and who.actor in item.actors and _concerns(item, who, known)
    ]
    told: set[str] = set()
    steps = tuple(_step(order, item, who, told, known) for order, item in enumerate(chosen, 1))
    findings = [item for item in known.items.values() if who.actor in item.actors and _concerns(item, who, known)]
    return Actions(
        steps,
        doors=_doors(who, known, own),
        helps=tuple(_handed("help", item, "for") for item in findings if item.kind == "merit" and item.places),
        cautions=(
            *(_handed("caution", item, "against") for item in _near_first(findings) if item.kind in _WATCHED),
            *_surveyed(who),
        ),
    )


def _check(who: Who, stages: tuple[str, ...], own: Path | None) -> None:
    known: tuple[tuple[str, Iterable[str], Iterable[str]], ...] = (
        ("actor", (who.actor,), ACTORS),
        ("region", (who.region,), tuple(regions(own))),
        ("stage", stages, STAGES),
    )
    for name, given, ids in known:
        for one in given:
            if one not in ids:
                raise DataError(f"{name}: unknown {one!r}; {nearest(one, ids)}")
    for code in (who.home, *who.partners):
        problem = country_problem(code) if code else "is empty; give a country"
        if problem is not None:
            raise DataError(problem)
    if who.home in who.partners:
        raise DataError(f"home {who.home} is among the partners; name other countries")


def _concerns(item: Item, who: Who, known: _Known) -> bool:
    if item.homes and who.home not in item.homes:
        return False
    if not item.places:
        return True
    if who.partners:
        return bool(countries_of(item.places, known.areas) & set(who.partners))
    return who.home == PUBLISHED_HOME and who.region in item.regions


def _near_first(findings: list[Item]) -> list[Item]:
    return sorted(findings, key=lambda item: not item.places)


def _step(order: int, item: Item, who: Who, told: set[str], known: _Known) -> Step:
    given = [one for one in known.recommendations if item.id in one.directions.get(who.actor, ())]
    reasons = [_handed("action", item, "neutral")]
    for one in given:
        reasons.append(_recommended(item, one, again=one.id in told))
        told.add(one.id)
    reasons.extend(_built_on(item, who, known))
    stage, resource = item.cell.split(".")
    return Step(order, item.id, stage, resource, item.name, tuple(one.id for one in given), tuple(reasons))


def _recommended(item: Item, one: Recommendation, *, again: bool) -> Reason:
    evidence = (rule("recommendations.toml", one.id), *_cited(one.source), source("mic2023", "5-9"))
    values = {"name": Value("words", one.name), "text": Value("words", one.text)}
    key = "items.actions.again" if again else "items.actions.recommended"
    return Reason(f"action.{item.id}.{one.id}", "for", key, {"name": values["name"]} if again else values, evidence)


def _built_on(item: Item, who: Who, known: _Known) -> list[Reason]:
    """Hand on what interviewees did and found that a direction builds on."""
    practices = [known.items[one] for one in item.practices]
    stances: Mapping[str, Stance] = {"problem": "against", "demerit": "against", "risk": "against"}
    return [
        _handed(f"action.{item.id}", one, stances.get(one.kind, "for"))
        for one in practices
        if who.actor in one.actors and _concerns(one, who, known)
    ]


def _doors(who: Who, known: _Known, own: Path | None) -> tuple[Reason, ...]:
    """Tell the practices of institutions in the partner countries at which the actor can knock."""
    by_actor, by_id = doors(own), institutions(own)
    wanted = by_actor[who.actor].items if who.actor in by_actor else ()
    found: list[tuple[int, tuple[Reason, ...]]] = []
    for record in on_record(own).values():
        institution = by_id[record.institution]
        opened = [item for item in record.items if item in wanted]
        concerned = not record.homes or who.home in record.homes
        if concerned and opened and institution.country in who.partners:
            practice = known.items[opened[0]]
            found.append((wanted.index(practice.id), _door(record, institution, practice, who)))
    return tuple(reason for _, reasons in sorted(found, key=lambda one: one[0]) for reason in reasons)


def _door(record: OnRecord, institution: Institution, practice: Item, who: Who) -> tuple[Reason, ...]:
    values = {
        "institution": Value("words", institution.name),
        "country": Value("country", institution.country),
        "practice": Value("words", practice.name),
        "text": Value("words", record.text),
    }
    sources = tuple(each for cited in record.sources for each in _cited(cited))
    evidence = (rule("institutions.toml", record.id), rule("doors.toml", who.actor), *sources)
    door = Reason(f"door.{record.id}", "for", "items.actions.door", values, evidence)
    besides = (record.for_home or {}).get(who.home)
    return (door,) if besides is None else (door, Reason(f"door.{record.id}.home", "neutral", besides, {}, evidence))


def _surveyed(who: Who) -> list[Reason]:
    """Tell what those like the actor answered in the survey of their country."""
    reasons = []
    for one in (survey.shares()[name] for name in survey.told(who.actor, who.home)):
        question, answer = survey.questions()[one.figure], survey.wordings("answers")[f"{one.figure}.{one.answer}"]
        values = {
            "question": Value("words", question.name),
            "answer": Value("words", answer.name),
            "share": Value("percent", one.share),
            "n": Value("number", one.n),
        }
        evidence = (rule(survey.FILE, one.id), *_cited(question.source))
        reasons.append(Reason(f"caution.survey.{one.id}", "against", "items.actions.survey", values, evidence))
    return reasons


def _handed(prefix: str, item: Item, stance: Stance) -> Reason:
    values = {"name": Value("words", item.name), "text": Value("words", item.text)}
    return Reason(
        f"{prefix}.{item.id}", stance, "items.actions.item", values, (rule(item.file, item.id), *_cited(item.source))
    )


def _cited(cited: Citation) -> tuple[Evidence, ...]:
    return (source(cited.document, cited.figure),)
