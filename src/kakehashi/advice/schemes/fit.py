"""How well each pattern fits the chosen views: the weighted share of the five axes that it satisfies.

An axis counts in full where the pattern has one of the chosen views, in part (axes.toml, `partly`) where it shares a
side with one, and not at all else. Each pattern is taken the way round that fits best.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kakehashi.knowledge.axes import AXES, Axis, View, axes, worth
from kakehashi.knowledge.derive import Seen, seen_from_home
from kakehashi.knowledge.patterns import Pattern, patterns

SIDES: Mapping[View, frozenset[str]] = MappingProxyType(
    {
        "home": frozenset({"home"}),
        "partner": frozenset({"partner"}),
        "both": frozenset({"home", "partner"}),
        "joint": frozenset({"home", "partner"}),
        "none": frozenset(),
    }
)


@dataclass(frozen=True)
class Fit:
    """The fit of a pattern, a share of 1, as home sees it, and the axes that are met, met in part and missed."""

    pattern: Pattern
    seen: Seen
    share: float
    met: tuple[Axis, ...]
    partly: tuple[Axis, ...]
    missed: tuple[Axis, ...]


def rank(
    wanted: Mapping[Axis, tuple[View, ...]],
    own: Path | None = None,
    *,
    weights: Mapping[Axis, float] | None = None,
    partly: float | None = None,
) -> tuple[Fit, ...]:
    """Return every pattern with its fit, the best first; of equals, the one with more cases.

    Args:
        wanted: the chosen views by axis.
        own: a folder of knowledge files laid over ours.
        weights: of the axes. None: those of axes.toml.
        partly: what an axis is worth that is met in part, a share of 1. None: that of axes.toml.

    Raises:
        DataError: for bad knowledge.
    """
    measure = _Measure(
        weights or {text.id: text.weight for text in axes(own).values()},
        worth(own).worth if partly is None else partly,
    )
    fits = [
        max((_fit(pattern, seen, wanted, measure) for seen in seen_from_home(pattern)), key=lambda fit: fit.share)
        for pattern in patterns(own).values()
    ]
    return tuple(sorted(fits, key=lambda fit: (-fit.share, -fit.pattern.cases, fit.pattern.number)))


@dataclass(frozen=True)
class _Measure:
    weights: Mapping[Axis, float]
    partly: float


def _fit(pattern: Pattern, seen: Seen, wanted: Mapping[Axis, tuple[View, ...]], measure: _Measure) -> Fit:
    met = tuple(axis for axis in AXES if seen.views[axis] in wanted[axis])
    partly = tuple(axis for axis in AXES if axis not in met and _shares_a_side(seen.views[axis], wanted[axis]))
    missed = tuple(axis for axis in AXES if axis not in (*met, *partly))
    reached = sum(measure.weights[axis] for axis in met)
    reached += measure.partly * sum(measure.weights[axis] for axis in partly)
    return Fit(pattern, seen, round(reached / sum(measure.weights.values()), 6), met, partly, missed)


def _shares_a_side(view: View, wanted: tuple[View, ...]) -> bool:
    return any(SIDES[view] & SIDES[one] for one in wanted)
