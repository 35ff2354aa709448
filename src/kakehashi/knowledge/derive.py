"""From five axis values to the pattern, and from home's view to axis values and back; every step is said.

A pattern speaks of the funder and the host; home speaks of itself and its partner. `seen_from_home` writes a pattern
out for each way round (which side pays, which hosts), so that both can be compared on the same five axes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from kakehashi.errors import DataError
from kakehashi.knowledge.axes import AXES, Axis, View, axes, values, values_of, views
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.patterns import Pattern, patterns
from kakehashi.reasons import Evidence, Reason, Value, rule, source

Side = Literal["home", "partner"]
_FILE = "axes.toml"
OTHER: Mapping[Side, Side] = MappingProxyType({"home": "partner", "partner": "home"})


@dataclass(frozen=True)
class Step:
    """One axis of a derivation: its value (None where unknown) and the patterns that are left after it."""

    axis: Axis
    value: str | None
    left: tuple[int, ...]


@dataclass(frozen=True)
class Near:
    """A pattern that comes near, and the axes on which it differs from what was given."""

    pattern: int
    differs: tuple[Axis, ...]


@dataclass(frozen=True)
class Derivation:
    """What five values lead to.

    `pattern` is None where no pattern has the values or one of them is unknown; `near` then holds the nearest patterns,
    those that differ on the fewest known axes. `reasons` say how it came about.
    """

    pattern: int | None
    steps: tuple[Step, ...]
    near: tuple[Near, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Seen:
    """A pattern as home sees it: its view on each axis, and which side pays and which hosts (None: both)."""

    pattern: int
    views: Mapping[Axis, View]
    funder: Side | None
    host: Side | None


def derive(on: Mapping[str, str | None], own: Path | None = None) -> Derivation:
    """Find the pattern that has five axis values; an axis that is absent or None is unknown.

    Raises DataError for an axis or value that there is not, naming the nearest.
    """
    given = _checked(on, own)
    known = patterns(own)
    left = tuple(known)
    steps: list[Step] = []
    for axis, value in given.items():
        left = tuple(number for number in left if value is None or known[number].on[axis] == value)
        steps.append(Step(axis, value, left))
    complete = None not in given.values()
    found = left[0] if len(left) == 1 and complete else None
    near = () if found is not None else _nearest_patterns(given, known)
    return Derivation(found, tuple(steps), near, _said(found, steps, near, own))


def seen_from_home(pattern: Pattern) -> tuple[Seen, ...]:
    """Write a pattern out from home's view, once for each way round that makes a difference; home first."""
    ways: list[tuple[Side | None, Side | None]]
    if pattern.funding == "one_side":
        hosts: dict[str, dict[Side, Side | None]] = {
            "both": {"home": None, "partner": None},
            "funder": {"home": "home", "partner": "partner"},
            "host_one_side": {"home": "partner", "partner": "home"},
        }
        ways = [(side, hosts[pattern.research_site][side]) for side in OTHER]
    elif pattern.research_site == "both":
        ways = [(None, None)]
    else:
        ways = [(None, side) for side in OTHER]
    return tuple(Seen(pattern.number, _views(pattern, funder, host), funder, host) for funder, host in ways)


def from_home(choice: Mapping[str, str], own: Path | None = None) -> Mapping[Axis, tuple[str, ...]]:
    """Return the pattern values that an arrangement seen from home may have on each axis.

    Funding by both may be fixed or voluntary. Empty: no pattern knows the arrangement, such as an agency of the side
    that does not pay. Raises DataError for an axis or view that there is not.
    """
    known = views(own)
    for axis, view in choice.items():
        if f"{axis}.{view}" not in known:
            raise DataError(f"axes.toml: no view {axis}.{view}; {nearest(f'{axis}.{view}', known)}")
    missing = [axis for axis in AXES if axis not in choice]
    if missing:
        raise DataError(f"no view is given of {', '.join(missing)}; a scheme needs one on each of {', '.join(AXES)}")
    funder = choice["funding"] if choice["funding"] in OTHER else None
    return MappingProxyType({axis: pattern_values(axis, choice[axis], funder) for axis in AXES})


def pattern_values(axis: str, view: str, funder: str | None) -> tuple[str, ...]:
    """Return the values that a view on an axis may stand for, where `funder` is the side that pays (None: both)."""
    if axis == "funding":
        return ("one_side",) if view in OTHER else ("both", "both_voluntary")
    if view not in OTHER:
        return (view,)
    if view == funder:
        return ("funder",)
    return ("host_one_side",) if axis == "research_site" else ()


def _views(pattern: Pattern, funder: Side | None, host: Side | None) -> Mapping[Axis, View]:
    def view(value: str) -> View:
        if value == "funder" and funder is not None:
            return funder
        return "joint" if value == "joint" else "none" if value == "none" else "both"

    return MappingProxyType(
        {
            "funding": funder or "both",
            "research_site": host or "both",
            "government": view(pattern.government),
            "agency": view(pattern.agency),
            "researchers": view(pattern.researchers),
        }
    )


def _checked(on: Mapping[str, str | None], own: Path | None) -> dict[Axis, str | None]:
    for axis, value in on.items():
        if axis not in AXES:
            raise DataError(f"no axis {axis!r}; {nearest(axis, AXES)}")
        if value is not None and value not in values_of(axis, own):
            raise DataError(f"{axis}: no value {value!r}; {nearest(value, values_of(axis, own))}")
    return {axis: on.get(axis) for axis in AXES}


def _nearest_patterns(given: Mapping[Axis, str | None], known: Mapping[int, Pattern]) -> tuple[Near, ...]:
    near = [
        Near(number, tuple(axis for axis, value in given.items() if value not in (None, pattern.on[axis])))
        for number, pattern in known.items()
    ]
    fewest = min((len(one.differs) for one in near), default=0)
    return tuple(one for one in near if len(one.differs) == fewest)


def _said(found: int | None, steps: list[Step], near: tuple[Near, ...], own: Path | None) -> tuple[Reason, ...]:
    """Say what each axis left, as far as patterns are left, then the outcome."""
    reasons: list[Reason] = []
    for step in steps:
        said = {"axis": Value("words", axes(own)[step.axis].name)}
        if step.value is None:
            reasons.append(Reason(f"derive.{step.axis}", "neutral", "derive.unknown", said, (rule(_FILE, step.axis),)))
            continue
        value = values(own)[f"{step.axis}={step.value}"]
        said |= {"value": Value("words", value.name), "left": _numbers(step.left)}
        evidence = (rule(_FILE, value.id), source(value.source.document, value.source.figure))
        key = "derive.step" if step.left else "derive.none_left"
        reasons.append(Reason(f"derive.{step.axis}", "neutral", key, said, evidence))
        if not step.left:
            break
    return (*reasons, *_outcome(found, near, own))


def _outcome(found: int | None, near: tuple[Near, ...], own: Path | None) -> tuple[Reason, ...]:
    if found is not None:
        said = {"pattern": Value("number", found), "name": Value("words", patterns(own)[found].name)}
        return (Reason("derive.found", "for", "derive.found", said, _evidence(found, own)),)
    if not near[0].differs:
        said = {"left": _numbers(tuple(one.pattern for one in near))}
        rules = tuple(rule("patterns.toml", str(one.pattern)) for one in near)
        key = "derive.several" if len(near) > 1 else "derive.only"
        return (Reason(key, "neutral", key, said, rules),)
    return tuple(
        Reason(
            f"derive.near.{one.pattern}",
            "against",
            "derive.near",
            {
                "pattern": Value("number", one.pattern),
                "name": Value("words", patterns(own)[one.pattern].name),
                "axes": Value("list", [Value("words", axes(own)[axis].name) for axis in one.differs]),
            },
            _evidence(one.pattern, own),
        )
        for one in near
    )


def _evidence(number: int, own: Path | None) -> tuple[Evidence, ...]:
    cited = patterns(own)[number].source
    return (rule("patterns.toml", str(number)), source(cited.document, cited.figure))


def _numbers(numbers: tuple[int, ...]) -> Value:
    return Value("list", [Value("number", number) for number in numbers])
