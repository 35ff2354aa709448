"""Gaps in order of leverage, and what changed since an earlier year.

The rule: a gap's leverage is its severity times one plus the severities of the answered gaps that it eases, so that a
heavy one whose closing makes most others smaller comes first. Ties: the lower standing in the survey, then the order
of the questionnaire.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.errors import DataError
from kakehashi.hub.readiness.answers import Answers
from kakehashi.hub.readiness.profile import Line, profile
from kakehashi.hub.readiness.questionnaire import Part, links, parts

_NONE = 1.0


@dataclass(frozen=True)
class Gap:
    """A weakness. `severity` in (0, 1]; `eases`: the answered gaps that get smaller with it; `leverage`: see above."""

    part: Part
    severity: float
    eases: tuple[str, ...]
    leverage: float
    line: Line


@dataclass(frozen=True)
class Moved:
    """A part answered in both years. `before` and `after`: the weights; `easier`: the fall of its severity as a gap.

    `percentile`: the change of the middle standing, None where one of the years has none.
    """

    part: Part
    before: Mapping[str, float]
    after: Mapping[str, float]
    easier: float
    percentile: float | None


@dataclass(frozen=True)
class Change:
    """What changed since `year`: answers that moved, gaps closed and new, total severity of the parts in both years."""

    year: int
    moved: tuple[Moved, ...]
    closed: tuple[str, ...]
    new: tuple[str, ...]
    severity_before: float
    severity_after: float
    only_now: tuple[str, ...]
    only_before: tuple[str, ...]


def severity(part: Part, given: Mapping[str, float]) -> float:
    """Return how badly a part's answers weigh as a gap: the weighted mean of the severities of its answers."""
    return sum(part.severity(answer) * weight for answer, weight in given.items())


def gaps(answers: Answers) -> tuple[Gap, ...]:
    """Return the gaps by leverage."""
    lines = {line.part.id: line for line in profile(answers)}
    weighed = {name: severity(line.part, line.given) for name, line in lines.items()}
    open_gaps = {name: weight for name, weight in weighed.items() if weight > 0}
    found = []
    for name, weight in open_gaps.items():
        eased = tuple(one for one in (links()[name].eases if name in links() else ()) if one in open_gaps)
        found.append(
            Gap(parts()[name], weight, eased, weight * (1 + sum(open_gaps[one] for one in eased)), lines[name])
        )
    order = {name: number for number, name in enumerate(parts())}
    return tuple(sorted(found, key=lambda gap: (-round(gap.leverage, 9), _middle(gap.line), order[gap.part.id])))


def _middle(line: Line) -> float:
    return _NONE if line.standing is None else round(line.standing.middle, 9)


def change(now: Answers, before: Answers) -> Change:
    """Compare two years of one institution. Raises DataError where they are not two years of one institution."""
    if now.institution != before.institution:
        raise DataError(
            f"the earlier answers are those of {before.institution!r}, these of {now.institution!r}; "
            "give two years of one institution, with the name written alike"
        )
    if before.year >= now.year:
        raise DataError(f"the earlier answers are of {before.year}, these of {now.year}; give an earlier year")
    lines_now = {line.part.id: line for line in profile(now)}
    lines_before = {line.part.id: line for line in profile(before)}
    shared = [name for name in lines_now if name in lines_before]
    heavy_now = {name: severity(parts()[name], now.given[name]) for name in shared}
    heavy_before = {name: severity(parts()[name], before.given[name]) for name in shared}
    return Change(
        before.year,
        tuple(
            _moved(lines_before[name], lines_now[name], heavy_before[name] - heavy_now[name])
            for name in shared
            if dict(now.given[name]) != dict(before.given[name])
        ),
        closed=tuple(name for name in shared if heavy_before[name] > 0 and not heavy_now[name]),
        new=tuple(name for name in shared if heavy_now[name] > 0 and not heavy_before[name]),
        severity_before=sum(heavy_before.values()),
        severity_after=sum(heavy_now.values()),
        only_now=tuple(name for name in lines_now if name not in lines_before),
        only_before=tuple(name for name in lines_before if name not in lines_now),
    )


def _moved(before: Line, after: Line, easier: float) -> Moved:
    places = (before.standing, after.standing)
    moved = None if places[0] is None or places[1] is None else places[1].middle - places[0].middle
    return Moved(after.part, before.given, after.given, easier, moved)
