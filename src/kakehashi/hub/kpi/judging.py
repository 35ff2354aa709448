"""Status against the path to target, and what would have to happen to reach it."""

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from kakehashi.hub.kpi.definitions import Kpi
from kakehashi.hub.kpi.forecast import Bounds, Forecast, forecast
from kakehashi.hub.kpi.series import Series

LIGHTS = ("green", "amber", "red", "none")


@dataclass(frozen=True)
class Status:
    """How a year's value stands.

    `light`: green, amber, red, or none with the reason. `expected`: the target of the year, or the straight path's
    value between the known points; `is_target`: which of the two. `way`: the share of the way from baseline to what is
    expected, or without a baseline of the expected value itself; 1 is there.
    """

    year: int
    value: float
    expected: float | None
    is_target: bool
    gap: float | None
    way: float | None
    light: str
    reason: str | None


@dataclass(frozen=True)
class Needed:
    """What the next target takes: so much a year, against the slope so far.

    `ratio`: needed over slope so far, None where there is no slope in the right direction. `reason`: `reached`, or why
    nothing can be said (`no_value`, `no_target_ahead`).
    """

    year: int | None
    target: float | None
    per_year: float | None
    pace: float | None
    ratio: float | None
    chance: float | None
    reason: str | None


@dataclass(frozen=True)
class Judged:
    """Everything that is said of a KPI."""

    series: Series
    statuses: tuple[Status, ...]
    from_baseline: tuple[float, float | None] | None
    forecast: Forecast
    needed: Needed

    @property
    def latest(self) -> Status | None:
        """The status of the newest value."""
        return self.statuses[-1] if self.statuses else None


@functools.cache
def policy() -> Mapping[str, Any]:
    """Return the thresholds of data/hub/kpi.toml."""
    return tomllib.loads(resources.files("kakehashi.data").joinpath("hub/kpi.toml").read_text(encoding="utf-8"))


def judge(of: Series) -> Judged:
    """Judge a KPI: every year's value, the change since the baseline, the forecast and what the next target takes."""
    kpi, values = of.kpi, dict(sorted(of.values.items()))
    begin = start(kpi, values)
    statuses = tuple(_status(kpi, year, value, begin) for year, value in values.items())
    last = max(values, default=None)
    ahead = forecast(_points(kpi, values), _horizon(kpi, last), float(policy()["level"]), _bounds(kpi, values))
    return Judged(of, statuses, _from_baseline(kpi, values), ahead, _needed(kpi, values, ahead))


def start(kpi: Kpi, values: Mapping[int, float]) -> tuple[int, float] | None:
    """Return where the path begins: the baseline where its year is known, else the first value before a target."""
    if kpi.baseline is not None and kpi.baseline[0] is not None:
        return kpi.baseline[0], kpi.baseline[1]
    first = min(values, default=None)
    return None if first is None or first >= max(kpi.targets, default=first) else (first, values[first])


def path(kpi: Kpi, year: int, begin: tuple[int, float] | None) -> tuple[float | None, bool]:
    """Return what is expected in a year and whether it is a target: straight lines join the beginning and targets."""
    if year in kpi.targets:
        return kpi.targets[year], True
    known = dict(kpi.targets)
    if begin is not None:
        known.setdefault(*begin)
    before = max((one for one in known if one <= year), default=None)
    after = min((one for one in known if one >= year), default=None)
    if before is None or after is None:
        return None, False
    if before == after:
        return known[before], False
    share = (year - before) / (after - before)
    return known[before] + share * (known[after] - known[before]), False


def _status(kpi: Kpi, year: int, value: float, begin: tuple[int, float] | None) -> Status:
    expected, is_target = path(kpi, year, begin)
    if expected is None or (begin == (year, value) and not is_target):
        return Status(year, value, None, False, None, None, "none", _why(kpi, year, begin))
    sign = 1 if kpi.direction == "up" else -1
    gap = value - expected
    base = _start(kpi, expected, sign, begin)
    way = _way(value, expected, sign, base)
    if gap * sign >= -1e-9 * max(1.0, abs(expected)):
        return Status(year, value, expected, is_target, gap, way, "green", None)
    least = policy()["amber_of_target" if base is None else "amber_of_way"]
    light = "red" if way is None or way < least else "amber"
    return Status(year, value, expected, is_target, gap, way, light, None)


def _start(kpi: Kpi, expected: float, sign: int, begin: tuple[int, float] | None) -> float | None:
    """Return the baseline, or where the path begins, if the way from it leads in the right direction."""
    base = kpi.baseline[1] if kpi.baseline is not None else None if begin is None else begin[1]
    return None if base is None or (expected - base) * sign <= 0 else base


def _way(value: float, expected: float, sign: int, base: float | None) -> float | None:
    if base is not None:
        return (value - base) / (expected - base)
    over, under = (value, expected) if sign > 0 else (expected, value)
    return over / under if under > 0 and over >= 0 else None


def _why(kpi: Kpi, year: int, begin: tuple[int, float] | None) -> str:
    if not kpi.targets:
        return "no_target"
    if year > max(kpi.targets):
        return "after_targets"
    return "beginning" if begin is not None and begin[0] == year else "before_baseline"


def _from_baseline(kpi: Kpi, values: Mapping[int, float]) -> tuple[float, float | None] | None:
    """Return the change since the baseline, and the newest value over it where that is above zero."""
    if kpi.baseline is None or not values:
        return None
    value, base = values[max(values)], kpi.baseline[1]
    return value - base, value / base if base > 0 else None


def _points(kpi: Kpi, values: Mapping[int, float]) -> dict[int, float]:
    """Return the points of the forecast: the values, and the baseline where its year is known."""
    points = dict(values)
    if values and kpi.baseline is not None and kpi.baseline[0] is not None:
        points.setdefault(kpi.baseline[0], kpi.baseline[1])
    return dict(sorted(points.items()))


def _horizon(kpi: Kpi, last: int | None) -> range:
    if last is None:
        return range(0)
    longest = last + int(policy()["horizon"])
    ahead = [year for year in kpi.targets if last < year <= longest]
    return range(last + 1, (max(ahead) if ahead else min(last + 3, longest)) + 1)


def _bounds(kpi: Kpi, values: Mapping[int, float]) -> Bounds:
    low = 0.0 if all(value >= 0 for value in values.values()) else -math.inf
    if kpi.cumulative and values:
        low = values[max(values)]
    fits = all(0 <= value <= 100 for value in values.values())
    return Bounds(low, 100.0 if kpi.is_percent and fits else math.inf)


def _needed(kpi: Kpi, values: Mapping[int, float], ahead: Forecast) -> Needed:
    if not values:
        return Needed(None, None, None, None, None, None, "no_value")
    last = max(values)
    coming = sorted(year for year in kpi.targets if year > last)
    if not coming:
        return Needed(None, None, None, ahead.slope, None, None, "no_target_ahead")
    year, target = coming[0], kpi.targets[coming[0]]
    up = kpi.direction == "up"
    chance = ahead.chance(year, target, above=up)
    if (values[last] >= target) if up else (values[last] <= target):
        return Needed(year, target, 0.0, ahead.slope, None, chance, "reached")
    per_year = (target - values[last]) / (year - last)
    pace = ahead.slope
    ratio = per_year / pace if pace and pace * per_year > 0 else None
    return Needed(year, target, per_year, pace, ratio, chance, None)
