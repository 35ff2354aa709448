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


def rank(wanted: Mapping[Axis, tuple[View, ...]], own: Path | None = None) -> tuple[Fit, ...]:
    """Return every pattern with its fit, the best first; of equals, the one with more cases. Raises DataError."""
    fits = [
        max((_fit(pattern, seen, wanted, own) for seen in seen_from_home(pattern)), key=lambda fit: fit.share)
        for pattern in patterns(own).values()
    ]
    return tuple(sorted(fits, key=lambda fit: (-fit.share, -fit.pattern.cases, fit.pattern.number)))


def _fit(pattern: Pattern, seen: Seen, wanted: Mapping[Axis, tuple[View, ...]], own: Path | None) -> Fit:
    met = tuple(axis for axis in AXES if seen.views[axis] in wanted[axis])
    partly = tuple(axis for axis in AXES if axis not in met and _shares_a_side(seen.views[axis], wanted[axis]))
    missed = tuple(axis for axis in AXES if axis not in (*met, *partly))
    weights = {axis: text.weight for axis, text in axes(own).items()}
    reached = sum(weights[axis] for axis in met) + worth(own).worth * sum(weights[axis] for axis in partly)
    return Fit(pattern, seen, round(reached / sum(weights.values()), 6), met, partly, missed)


def _shares_a_side(view: View, wanted: tuple[View, ...]) -> bool:
    return any(SIDES[view] & SIDES[one] for one in wanted)
