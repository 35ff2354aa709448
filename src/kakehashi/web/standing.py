"""Positions of countries in any field, year and counting mode, also the mode that the study was not counted in."""

from dataclasses import dataclass

import numpy as np

from kakehashi.indicators.eigenvector import eigenvector
from kakehashi.indicators.graph import Graph
from kakehashi.regions import Point, place
from kakehashi.report.queries import Position
from kakehashi.web.shelf import Opened


@dataclass(frozen=True)
class Yearly:
    """Where a country stood in a year."""

    entity: str
    year: str
    papers: float
    eigenvector: float


def country_positions(study: Opened, field: str, period: str, counting: str) -> list[Position]:
    """Return the positions of all countries, most papers first, in the counting mode asked for."""
    key = ("positions", field, period, counting)
    if key not in study.kept:
        as_ran = counting == study.settings.counting.counting
        study.kept[key] = _stored(study, field, period) if as_ran else _counted(study, field, period, counting)
    found: list[Position] = study.kept[key]
    return found


def trails(study: Opened, entities: tuple[str, ...], field: str) -> dict[str, list[Yearly]]:
    """Return the yearly positions of some countries in order of years, where both values can be drawn."""
    if not entities or not study.reader.has("positions"):
        return {}
    marks = ", ".join("?" for _ in entities)
    rows = study.reader.rows(
        "select entity, period, papers, eigenvector from positions where kind = 'country' and field = ? "
        f"and period <> 'all' and entity in ({marks}) and papers > 0 and eigenvector > 0 order by entity, period",
        (field, *entities),
    )
    found: dict[str, list[Yearly]] = {}
    for entity, period, papers, score in rows:
        found.setdefault(entity, []).append(Yearly(entity, period, papers, score))
    return found


def _stored(study: Opened, field: str, period: str) -> list[Position]:
    if not study.reader.has("positions"):
        return []
    indexed = study.reader.has("country_positions")
    held, where = ("country_positions", "") if indexed else ("positions", "kind = 'country' and")
    rows = study.reader.rows(
        "select entity, field, papers, international_share, degree, betweenness, eigenvector, region, reason "
        f"from {held} where {where} field = ? and period = ? order by papers desc, entity",
        (field, period),
    )
    return [Position(*row) for row in rows]


def _counted(study: Opened, field: str, period: str, counting: str) -> list[Position]:
    """Count again: papers and joint works of the other mode, the eigenvector of them, and the regions around home."""
    if not study.reader.has("indicators", "edges"):
        return []
    papers = "papers" if counting == "full" else "papers_fractional"
    rows = study.reader.rows(
        f"select entity, {papers}, international_share, degree, betweenness from indicators "
        f"where level = 'country' and field = ? and period = ? order by {papers} desc, entity",
        (field, period),
    )
    scores = _scores(study, [row[0] for row in rows], field, period, counting)
    home = study.settings.study.home
    points = {row[0]: Point(row[1], scores.get(row[0], 0.0)) for row in rows}
    found = []
    for entity, count, share, degree, betweenness in rows:
        placed = place(
            points[entity], points.get(home), study.settings.positioning.centre_radius, is_home=entity == home
        )
        found.append(
            Position(
                entity, field, count, share, degree, betweenness, points[entity].eigenvector, placed.region,
                placed.reason,
            )
        )  # fmt: skip
    return found


def _scores(study: Opened, entities: list[str], field: str, period: str, counting: str) -> dict[str, float]:
    weight = "works" if counting == "full" else "fractional"
    indexed = study.reader.has("country_edges")
    held, where = ("country_edges", "") if indexed else ("edges", "level = 'country' and")
    rows = study.reader.rows(
        f"select entity_a, entity_b, works, {weight} from {held} where {where} field = ? and period = ? "
        "order by entity_a, entity_b",
        (field, period),
    )
    if not rows:
        return {}
    *sides, works, weights = zip(*rows, strict=True)
    labels = sorted(set(sides[0]).union(sides[1]).intersection(entities))
    if not labels:
        return {}
    number = {label: place_ for place_, label in enumerate(labels)}
    a, b = (np.array([number.get(end, -1) for end in side], dtype=np.int64) for side in sides)
    kept = (a >= 0) & (b >= 0)
    graph = Graph(
        np.arange(len(labels), dtype=np.int64), a[kept], b[kept], np.array(works, dtype=np.int64)[kept],
        np.array(weights, dtype=np.float64)[kept],
    )  # fmt: skip
    values = eigenvector(graph)
    return {label: float(values[number[label]]) for label in labels if not np.isnan(values[number[label]])}
