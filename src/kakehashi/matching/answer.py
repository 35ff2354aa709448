"""The answer to a need: ranked institutions and researchers with their works, passages, reasons and gaps."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kakehashi.errors import SettingsError
from kakehashi.knowledge.regions import regions
from kakehashi.matching.feedback import Feedback, read_feedback
from kakehashi.matching.need import Need, Reader
from kakehashi.matching.passages import Passage, passages
from kakehashi.matching.policy import COMPONENTS, policy
from kakehashi.matching.ranking import Candidate, Filters, rank
from kakehashi.matching.reading import Rows
from kakehashi.matching.reasoning import reasons
from kakehashi.matching.retrieval import Method
from kakehashi.matching.schema import Record
from kakehashi.matching.seeds import MatchedSeed, Seed, matched_seeds
from kakehashi.matching.store import Index, Institution
from kakehashi.matching.topics import FoundByTopic, asked_for, search, topics
from kakehashi.reasons import Reason
from kakehashi.texts import Language, texts


@dataclass(frozen=True)
class Question:
    """What is asked for. `goals` are ids of data/knowledge/goals.toml; `feedback` is a CSV of verdicts, or they.

    `seeds`: registered ones, such as patents, that are matched beside the works.
    """

    need: str
    language: Language | None = None
    top: int = 10
    goals: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    feedback: Path | Feedback | None = None
    method: Method = "hybrid"
    seeds: tuple[Seed, ...] = ()


@dataclass(frozen=True)
class MatchedWork:
    """A work as evidence: its weight against the best work, the passages that match, the topic (from 1) it answers."""

    record: Record
    weight: float
    passages: tuple[Passage, ...]
    topic: int | None = None


@dataclass(frozen=True)
class Researcher:
    """A person of the institution by the works found, with the sum of their weights."""

    name: str
    works: int
    weight: float


@dataclass(frozen=True)
class Matched:
    """An institution in the answer. `covered` and `gap` are what of the need its works do and do not cover."""

    rank: int
    candidate: Candidate
    works: tuple[MatchedWork, ...]
    researchers: tuple[Researcher, ...]
    covered: tuple[str, ...]
    gap: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Topic:
    """A matter of a page: its text, and the institutions whose works answer it best."""

    text: str
    best: tuple[Institution, ...]


@dataclass(frozen=True)
class Match:
    """The answer. `gap`: what of the need no work found covers; `keywords`: what the query was enlarged by.

    `seeds`: the registered seeds that answer the need, where any were given. `topics`: the matters of a page, each
    searched for itself; none where the need is of one.
    """

    need: Need
    institutions: tuple[Matched, ...]
    gap: tuple[str, ...]
    keywords: Mapping[str, float]
    works_found: int
    taxonomy: str
    seeds: tuple[MatchedSeed, ...] = ()
    topics: tuple[Topic, ...] = ()

    def to_list(self) -> list[dict[str, Any]]:
        """Return the institutions as plain data for JSON."""
        return [_plain(one, self.taxonomy) for one in self.institutions]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole answer as plain data for JSON: how the need was read, the institutions, the gap."""
        concepts = [
            {
                "text": concept.text,
                "start": concept.start,
                "end": concept.end,
                "weight": concept.weight,
                "terms": [
                    {"text": one.text, "language": one.language, "weight": one.weight, "origin": one.origin}
                    for one in concept.alternatives
                ],
            }
            for concept in self.need.concepts
        ]
        return {
            "need": {"text": self.need.text, "language": self.need.language, "concepts": concepts},
            "topics": [
                {"text": topic.text, "institutions": [one.institution_id for one in topic.best]}
                for topic in self.topics
            ],
            "expanded_by": dict(self.keywords),
            "works_found": self.works_found,
            "gap": list(self.gap),
            "institutions": self.to_list(),
            "seeds": [one.to_dict() for one in self.seeds],
        }


def match(index: Index, rows: Rows, question: Question, taxonomy: str) -> Match:
    """Answer a need. Raises SettingsError for a need without words and for unknown goals, DataError for feedback."""
    reader = Reader(index)
    need = reader.read(question.need, question.language)
    if not need.concepts:
        raise SettingsError(
            f"need: no technical word is left of {question.need!r}; name the technology or what it is to do, such as "
            "predictive maintenance of rotating machinery"
        )
    fits = region_fits(rows, question.goals)
    feedback = read_feedback(question.feedback) if isinstance(question.feedback, Path) else question.feedback
    parts = topics(reader, question.need, need.language)
    need = asked_for(need, parts)
    told = search(index, need, parts, question.method)
    found = told.found
    chosen = found.works[: policy()["institutions"]["works"]]
    factors = feedback.work_factors(index, [row for row, _ in chosen]) if feedback is not None else {}
    chosen = tuple(sorted(chosen, key=lambda one: (-one[1] * factors.get(one[0], 1.0), one[0])))
    best = [(row, found.evidence.get(row, score) * factors.get(row, 1.0)) for row, score in chosen]
    records = dict(found.looked.records) if found.looked else {}
    records |= index.records([row for row, _ in best if row not in records])
    candidates = rank(
        index, need, best, records, fits, question.filters, feedback.institution_factors() if feedback else {}
    )
    shown = candidates[: question.top]
    institutions = tuple(
        _matched(place, one, need, records, candidates, index, told) for place, one in enumerate(shown, 1)
    )  # fmt: skip
    met = frozenset().union(*(one.covers for one in candidates)) if candidates else frozenset()
    gap = tuple(concept.text for number, concept in enumerate(need.concepts) if number not in met)
    seeds = matched_seeds(need, question.seeds, question.top)
    told_of = tuple(_topic(number, told, candidates) for number in range(len(parts)))
    return Match(need, institutions, gap, found.keywords, len(found.works), taxonomy, seeds, told_of)


def _topic(number: int, told: FoundByTopic, candidates: Sequence[Candidate]) -> Topic:
    weights = {
        one.institution: weight
        for one in candidates
        if (weight := sum(work.weight for work in one.works if told.of.get(work.row) == number)) > 0
    }
    best = sorted(weights, key=lambda one: (-weights[one], one.institution_id))[: policy()["topics"]["best"]]
    return Topic(told.topics[number].text, tuple(best))


def region_fits(rows: Rows, goals: Sequence[str]) -> dict[str, float]:
    """Return for each country the share of the goals that its region offers (figure 5-1). Raises SettingsError."""
    if not goals:
        return {}
    gains = {region.id: set(region.gains) for region in regions().values()}
    known = sorted(set().union(*gains.values()))
    unknown = [goal for goal in goals if goal not in known]
    if unknown:
        raise SettingsError(f"goal {unknown[0]!r} is offered by no region; goals: {', '.join(known)}")
    placed = rows(
        "select entity, region from positions where kind = 'country' and field = 'all' and period = 'all' "
        "and region is not null"
    )
    wanted = set(goals)
    return {country: len(gains.get(region, set()) & wanted) / len(wanted) for country, region in placed}


def _matched(
    place: int, one: Candidate, need: Need, records: Mapping[int, Record], candidates: Sequence[Candidate],
    index: Index, told: FoundByTopic,
) -> Matched:  # fmt: skip
    limits = policy()["institutions"]
    works = []
    for work in one.works[: limits["works_shown"]]:
        topic = told.of.get(work.row)
        asked = need if topic is None else told.topics[topic]
        shown = passages(records[work.row], asked.concepts, limits["passages"])
        works.append(MatchedWork(records[work.row], work.weight, shown, None if topic is None else topic + 1))
    covered = tuple(concept.text for number, concept in enumerate(need.concepts) if number in one.covers)
    gap = tuple(concept.text for number, concept in enumerate(need.concepts) if number not in one.covers)
    why = reasons(one, candidates, [records[work.row].work_id for work in one.works], covered, gap, index)
    people = _researchers(one, records)[: limits["researchers_shown"]]
    return Matched(place, one, tuple(works), tuple(people), covered, gap, tuple(why))


def _researchers(one: Candidate, records: Mapping[int, Record]) -> list[Researcher]:
    """Return the persons whom the works' mentions place in the institution, the weightiest first."""
    weights: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for work in one.works:
        for person in records[work.row].people:
            if one.institution.institution_id in person.institutions:
                weights[person.name] += work.weight
                counts[person.name] += 1
    found = [Researcher(name, counts[name], weight) for name, weight in weights.items()]
    return sorted(found, key=lambda person: (-person.weight, person.name))


def _plain(one: Matched, taxonomy: str) -> dict[str, Any]:
    institution = one.candidate.institution
    languages = (texts("ja"), texts("en"))
    return {
        "rank": one.rank,
        "institution_id": institution.institution_id,
        "name": institution.name,
        "country_code": institution.country_code,
        "ror_id": institution.ror_id,
        "company": institution.company,
        "score": one.candidate.score,
        "components": {name: one.candidate.components[name] for name in COMPONENTS},
        "evidence": [_plain_work(work) for work in one.works],
        "works_found": len(one.candidate.works),
        "researchers": [{"name": p.name, "works": p.works, "weight": p.weight} for p in one.researchers],
        "covered": list(one.covered),
        "gap": list(one.gap),
        "reasons": [reason.plain(languages, taxonomy) for reason in one.reasons],
    }


def _plain_work(work: MatchedWork) -> dict[str, Any]:
    record = work.record
    return {
        "work_id": record.work_id,
        "title": record.title,
        "year": record.year,
        "venue": record.venue,
        "doi": record.doi,
        "weight": work.weight,
        "topic": work.topic,
        "passages": [
            {"place": one.place, "text": one.text, "marks": [list(mark) for mark in one.marks]} for one in work.passages
        ],
    }
