"""The ranking as values: candidates with their components and reasons, and what the order rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kakehashi.advice.partners.reading import Level
from kakehashi.advice.partners.sensitivity import Stability
from kakehashi.reasons import Reason
from kakehashi.texts import Texts


@dataclass(frozen=True)
class Part:
    """A component of one candidate: raw value, value 0 to 1, weight, and what it adds to the score.

    Where `missing` says why there is no value, the component adds what it adds to the middle candidate.
    """

    component: str
    raw: float | None
    value: float | None
    weight: float
    adds: float
    missing: str | None

    def plain(self) -> dict[str, Any]:
        """Return the part as plain data for JSON."""
        return dict(vars(self))


@dataclass(frozen=True)
class Candidate:
    """A possible partner. `known` is the share of the weight that the score rests on; `signs` are of the emerging rule.

    `joint_works` is None where the study has no edges. `region` is that of the candidate or its country, seen from the
    study's home: None for another home, whose five regions the study does not hold.
    """

    entity: str
    name: str | None
    country: str | None
    rank: int
    score: float
    known: float
    region: str | None
    joint_works: int | None
    parts: tuple[Part, ...]
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    by_weights: Stability | None
    by_sample: Stability | None
    signs: tuple[str, ...] = ()

    def plain(self, languages: Iterable[Texts], taxonomy: str) -> dict[str, Any]:
        """Return the candidate as plain data for JSON."""
        spoken = tuple(languages)
        keys = ("entity", "name", "country", "rank", "score", "known", "region", "joint_works")
        return {
            **{key: getattr(self, key) for key in keys},
            "signs": list(self.signs),
            "parts": [part.plain() for part in self.parts],
            "for": [reason.plain(spoken, taxonomy) for reason in self.reasons_for],
            "against": [reason.plain(spoken, taxonomy) for reason in self.reasons_against],
            "by_weights": vars(self.by_weights) if self.by_weights else None,
            "by_sample": vars(self.by_sample) if self.by_sample else None,
        }


@dataclass(frozen=True)
class Ranking:
    """An answer. `weights` are those used: of components that the study has, summing to 1.

    `field` is the one asked for, `scope` that whose tables were read: `all` where the study has no others.
    `absent` says why a component took no part, `asked` how much weight it would have had. `set_aside` counts candidates
    by the constraint that took them out, `unplaced` institutions without a known country.
    """

    home: str
    home_level: Level
    level: Level
    field: str
    scope: str
    goals: tuple[str, ...]
    weights: dict[str, float]
    asked: dict[str, float]
    absent: dict[str, str]
    compared: int
    set_aside: dict[str, int]
    unplaced: int
    candidates: tuple[Candidate, ...]
    emerging: tuple[Candidate, ...]

    def plain(self, languages: Iterable[Texts], taxonomy: str) -> dict[str, Any]:
        """Return the ranking as plain data for JSON."""
        spoken = tuple(languages)
        keys = (
            "home", "home_level", "level", "field", "scope", "weights", "asked", "absent", "compared", "set_aside",
            "unplaced",
        )  # fmt: skip
        return {
            **{key: getattr(self, key) for key in keys},
            "goals": list(self.goals),
            "candidates": [one.plain(spoken, taxonomy) for one in self.candidates],
            "emerging": [one.plain(spoken, taxonomy) for one in self.emerging],
        }
