"""Whom to work with: the ranking of countries or institutions for a home, a field, goals and constraints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kakehashi.advice.partners import sentences
from kakehashi.advice.partners.answer import Candidate, Part, Ranking
from kakehashi.advice.partners.constraints import Constraints, check, kept
from kakehashi.advice.partners.details import details
from kakehashi.advice.partners.emerging import emerging, hub_ties
from kakehashi.advice.partners.measures import Measures, measure
from kakehashi.advice.partners.pool import Pool, candidates
from kakehashi.advice.partners.practices import Practices
from kakehashi.advice.partners.question import Question, ask
from kakehashi.advice.partners.reading import Reader, Rows, reader
from kakehashi.advice.partners.reasoning import Standing, reasons
from kakehashi.advice.partners.resample import by_sample
from kakehashi.advice.partners.rules import Weight, combined, components, rules, shipped_weights
from kakehashi.advice.partners.scoring import Scores, order, score
from kakehashi.advice.partners.sensitivity import Stability, by_weights
from kakehashi.settings import Settings

_NO_CONSTRAINT = Constraints()


@dataclass(frozen=True)
class Scored:
    """Candidates measured and scored: `places` are those that the constraints leave, best first."""

    tables: Reader
    question: Question
    pool: Pool
    measures: Measures
    keep: np.ndarray
    aside: dict[str, int]
    asked: dict[str, float]
    scores: Scores
    places: list[int]


def rank_partners(
    rows: Rows, settings: Settings, *, home: str, level: str = "country", field: str = "all",
    goals: Sequence[str] = (), constraints: Constraints = _NO_CONSTRAINT, weights: Sequence[Weight] | None = None,
    practices: Practices | None = None, most: int = 20, sensitivity: bool = True,
    resampled: bool = True,
) -> Ranking:  # fmt: skip
    """Rank possible partners of a home, which is a country code, or an institution by its id or name.

    `rows` runs a SELECT over a study's tables. Without goals all goals count alike; several count alike too. `weights`
    replace the shipped ones (`read_weights`). `most` candidates are returned, and as many emerging ones at most.
    `sensitivity`: whether the ranks that other weights would give are told; `resampled`: those over resampled works
    too, which takes by far the most time in a large study.
    Raises SettingsError for an unknown home, field, goal or level and for constraints that conflict or leave nobody.
    """
    scored = score_partners(
        rows, settings, home=home, level=level, field=field, goals=goals, constraints=constraints, weights=weights,
        practices=practices,
    )  # fmt: skip
    limits, tables, question, pool = rules(), scored.tables, scored.question, scored.pool
    rising = emerging(scored.measures, pool, limits, scored.keep, hub_ties(tables, question, limits, pool))[:most]
    by_weight = by_weights(scored.scores, scored.places, limits) if sensitivity else {}
    sample = (
        by_sample(tables, question, limits, pool, scored.measures, scored.scores, scored.places)
        if sensitivity and resampled
        else {}
    )
    shown = sorted({*scored.places[:most], *(one.place for one in rising)})
    found = details(
        tables, question, limits, pool, shown,
        bridges="bridge" in scored.measures.raw, terms="topics" in scored.measures.raw,
        regions=question.country == settings.study.home,
    )  # fmt: skip
    standing = Standing(question, limits, pool, scored.measures, scored.scores, scored.places[:most], found, practices)
    ranks = {place: number for number, place in enumerate(scored.places, 1)}
    signs = {one.place: one.signs for one in rising}

    def candidate(place: int) -> Candidate:
        return _candidate(place, ranks[place], standing, scored.asked, signs.get(place, ()), by_weight, sample)

    return Ranking(
        question.home, question.home_level, question.level, question.focus, question.field, tuple(dict.fromkeys(goals)),
        {name: float(share) for name, share in zip(scored.scores.components, scored.scores.weights, strict=True)},
        scored.asked, {name: why for name, why in scored.measures.absent.items() if name in scored.asked},
        len(pool.entities), scored.aside, pool.unplaced,
        tuple(candidate(place) for place in scored.places[:most]), tuple(candidate(one.place) for one in rising),
    )  # fmt: skip


def score_partners(
    rows: Rows, settings: Settings, *, home: str, level: str, field: str, goals: Sequence[str],
    constraints: Constraints, weights: Sequence[Weight] | None, practices: Practices | None,
) -> Scored:  # fmt: skip
    """Measure and score all candidates, without reasons. Arguments and errors as in `rank_partners`."""
    tables, limits = reader(rows), rules()
    asked = combined(shipped_weights() if weights is None else weights, goals)
    question = ask(tables, settings, home, level, field)
    pool = candidates(tables, question, limits, domestic=constraints.domestic)
    check(constraints, question, pool)
    measures = measure(tables, question, limits, pool, settings.study.home, practices)
    keep, aside = kept(constraints, pool, measures)
    scores = score(measures, asked)
    return Scored(
        tables, question, pool, measures, keep, aside, asked, scores, order(scores.score, pool.entities, keep)
    )


def _candidate(
    place: int, rank: int, standing: Standing, asked: Mapping[str, float], signs: tuple[str, ...],
    by_weight: Mapping[int, Stability], sample: Mapping[int, Stability],
) -> Candidate:  # fmt: skip
    pool, measures, scores = standing.pool, standing.measures, standing.scores
    joint = measures.facts.get("joint_works")
    in_favour, against = reasons(standing, place)
    if signs:
        in_favour = (sentences.emerging(standing, place, signs), *in_favour)
    return Candidate(
        pool.entities[place], pool.names[place], pool.countries[place], rank, float(scores.score[place]),
        float(round(scores.known[place], 9)), standing.details.regions.get(pool.entities[place]),
        None if joint is None else int(joint[place]),
        tuple(_part(name, place, measures, scores) for name in components() if name in asked),
        in_favour, against, by_weight.get(place), sample.get(place), signs,
    )  # fmt: skip


def _part(name: str, place: int, measures: Measures, scores: Scores) -> Part:
    if name not in scores.components:
        return Part(name, None, None, 0.0, 0.0, measures.absent[name])
    column = scores.components.index(name)
    weight, value, raw = float(scores.weights[column]), scores.values[place, column], measures.raw[name][place]
    adds = weight * float(scores.filled[place, column])
    if np.isnan(value):
        return Part(name, None, None, weight, adds, "few_papers" if name == "growth" else "no_value")
    return Part(name, float(raw), float(value), weight, adds, None)
