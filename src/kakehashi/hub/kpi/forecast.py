"""Forecasts: a straight line by least squares with the prediction interval of its residuals (Student's t).

The interval holds for one new value if the values scatter about a straight line independently, with equal spread and
normally; yearly figures seldom do, so read it as the least that one must expect. With two points no spread can be
told, with one no line.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

_LINE, _SPREAD = 2, 3


@dataclass(frozen=True)
class Ahead:
    """The forecast of a year; `low` and `high` are None where no interval can be told."""

    year: int
    middle: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Forecast:
    """A forecast from `points` values with `slope` a year.

    `reason`: why there are no years (`one_point`, `no_point`), or no interval (`two_points`, `exact_line`), else None.
    `clipped`: whether a value was held to what is possible. `spread`: the residual standard deviation.
    """

    points: int
    slope: float | None
    years: tuple[Ahead, ...]
    reason: str | None
    level: float
    clipped: bool
    spread: float | None
    _fit: "_Line | None" = None

    def chance(self, year: int, target: float, *, above: bool) -> float | None:
        """Return the probability that the value of a year is at the target or better; None without an interval."""
        if self._fit is None or not self.spread or self.reason is not None:
            return None
        middle, error = self._fit.at(year, self.spread)
        below = float(stdtr(self._fit.points - _LINE, (target - middle) / error))
        return 1 - below if above else below


@dataclass(frozen=True)
class Bounds:
    """What values are possible."""

    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class _Line:
    """A fitted line: its centre, slope, the number of points and the sum of squares of their years."""

    mean_year: float
    mean: float
    slope: float
    points: int
    squares: float

    def at(self, year: int, spread: float) -> tuple[float, float]:
        """Return the line's value in a year and the standard error of a new value there."""
        away = year - self.mean_year
        error = spread * math.sqrt(1 + 1 / self.points + away**2 / self.squares)
        return self.mean + self.slope * away, error


def forecast(values: Mapping[int, float], years: Sequence[int], level: float, bounds: Bounds) -> Forecast:
    """Forecast years from values by year. `level`: the share of new values that the interval should hold."""
    points = len(values)
    if points < _LINE:
        return Forecast(points, None, (), "one_point" if points else "no_point", level, False, None)
    line = _fitted(values)
    if points < _SPREAD:
        ahead, clipped = _ahead(line, years, None, bounds)
        return Forecast(points, line.slope, ahead, "two_points", level, clipped, None, line)
    residuals = [value - line.at(year, 0)[0] for year, value in values.items()]
    spread = math.sqrt(sum(one**2 for one in residuals) / (points - _LINE))
    exact = spread <= 1e-9 * max(1.0, *(abs(value) for value in values.values()))
    width = None if exact else spread * float(stdtrit(points - _LINE, (1 + level) / 2))
    ahead, clipped = _ahead(line, years, width, bounds)
    reason = "exact_line" if exact else None
    return Forecast(points, line.slope, ahead, reason, level, clipped, None if exact else spread, line)


def _fitted(values: Mapping[int, float]) -> _Line:
    count = len(values)
    mean_year, mean = sum(values) / count, sum(values.values()) / count
    squares = sum((year - mean_year) ** 2 for year in values)
    slope = sum((year - mean_year) * (value - mean) for year, value in values.items()) / squares
    return _Line(mean_year, mean, slope, count, squares)


def _ahead(line: _Line, years: Sequence[int], width: float | None, bounds: Bounds) -> tuple[tuple[Ahead, ...], bool]:
    found = []
    clipped = False
    for year in years:
        middle, error = line.at(year, width or 0.0)
        raw = (middle, None, None) if width is None else (middle, middle - error, middle + error)
        held = [None if one is None else min(max(one, bounds.low), bounds.high) for one in raw]
        clipped = clipped or tuple(held) != raw
        found.append(Ahead(year, held[0] or 0.0, held[1], held[2]))
    return tuple(found), clipped
