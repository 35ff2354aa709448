"""What the ranking goes by, read from data/knowledge: components, weights of the goals, thresholds."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import dataclasses

from kakehashi.advice.partners.question import unknown
from kakehashi.errors import DataError, SettingsError
from kakehashi.knowledge.book import open_book
from kakehashi.knowledge.sources import STRICT
from kakehashi.texts import LANGUAGES, Words

COMPONENTS_FILE, WEIGHTS_FILE = "partner_components.toml", "goal_weights.toml"
Scale = Literal["log", "rank"]
_TABLES = ("thresholds", "lists", "components")


@dataclasses.dataclass(frozen=True, config=STRICT)
class Component:
    """A part of the score. `scale` says how raw values become 0 to 1, `formula` how the raw value is computed."""

    id: str
    scale: Scale
    name: Words
    meaning: Words
    formula: str


@dataclass(frozen=True)
class Weight:
    """How much a component counts for a goal, and why."""

    id: str
    goal: str
    component: str
    weight: float
    why: Words | None


@dataclasses.dataclass(frozen=True, config=STRICT)
class Rules:
    """Thresholds of the ranking, as partner_components.toml explains them."""

    id: str
    pool_whole: int
    pool_each: int
    half_life: float
    recent_years: int
    trend_years: int
    trend_least_years: int
    trend_least_papers: int
    trend_told: float
    prior_papers: float
    topic_terms: int
    reasons_for: int
    reasons_against: int
    notable: float
    top: int
    weight_draws: int
    weight_spread: float
    sample_draws: int
    sample_candidates: int
    seed: int
    emerging_largest: float
    emerging_high: float
    emerging_signs: int
    hub_share: float


@functools.cache
def components() -> Mapping[str, Component]:
    """Return the components in their order. Raises DataError."""
    return open_book(COMPONENTS_FILE, _TABLES).items("components", Component)


@functools.cache
def rules() -> Rules:
    """Return the thresholds. Raises DataError where one is missing or unknown."""
    return open_book(COMPONENTS_FILE, _TABLES).items("thresholds", Rules)["ranking"]


def shipped_weights(own: Path | None = None) -> tuple[Weight, ...]:
    """Return the weights of all goals; those of a user's folder `own` are laid over the shipped. Raises DataError."""
    book = open_book(WEIGHTS_FILE, ("weights",), own)
    return _weights({"weights": [dict(entry.keys) for entry in book.entries.values()]}, f"knowledge/{WEIGHTS_FILE}")


def read_weights(path: Path) -> tuple[Weight, ...]:
    """Read a user's own weights file, of the shipped one's form. Raises DataError naming the item and the remedy."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as TOML in UTF-8: {error}") from error
    return _weights(raw, str(path))


def goals(weights: Sequence[Weight]) -> tuple[str, ...]:
    """Return the goals that have weights, in their order."""
    return tuple(dict.fromkeys(weight.goal for weight in weights))


def combined(weights: Sequence[Weight], chosen: Sequence[str]) -> dict[str, float]:
    """Return one weight a component, summing to 1: each goal's weights are brought to the sum 1, then averaged.

    Without a goal all goals count alike. Raises SettingsError for an unknown goal.
    """
    known = goals(weights)
    for goal in chosen:
        if goal not in known:
            raise SettingsError(f"goal: {unknown(goal, known, 'no goal that has weights')}")
    asked = tuple(dict.fromkeys(chosen)) or known
    summed = dict.fromkeys(components(), 0.0)
    for goal in asked:
        own = [weight for weight in weights if weight.goal == goal]
        total = sum(weight.weight for weight in own)
        for weight in own:
            summed[weight.component] += weight.weight / total / len(asked)
    return {component: weight for component, weight in summed.items() if weight > 0}


def _weights(raw: Mapping[str, Any], where: str) -> tuple[Weight, ...]:
    items = raw.get("weights")
    if not isinstance(items, list) or not items:
        raise DataError(f"{where}: it holds no [[weights]]; give each a goal, a component and a weight")
    found = [_weight(item, f"{where}: weights item {place}") for place, item in enumerate(items, 1)]
    twice = [one.id for place, one in enumerate(found) if one.id in {other.id for other in found[:place]}]
    if twice:
        raise DataError(f"{where}: {twice[0]}: the goal weighs this component twice; keep one")
    for goal in goals(found):
        if sum(one.weight for one in found if one.goal == goal) <= 0:
            raise DataError(f"{where}: {goal}: its weights sum to 0; give one component a weight above 0")
    return tuple(found)


def _weight(item: Any, where: str) -> Weight:
    if not isinstance(item, dict):
        raise DataError(f"{where}: not a table; write [[weights]] and below it goal, component and weight")
    extra = sorted(set(item) - {"id", "goal", "component", "weight", "why"})
    if extra:
        raise DataError(f"{where}: {extra[0]}: unknown key; known: goal, component, weight, why")
    missing = [key for key in ("goal", "component", "weight") if key not in item]
    if missing:
        raise DataError(f"{where}: {missing[0]} is missing")
    component, weight = str(item["component"]), item["weight"]
    if component not in components():
        raise DataError(f"{where}: component: {unknown(component, components(), 'no component')}")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight < float("inf"):
        raise DataError(f"{where}: weight: {weight!r} is no number of 0 or above")
    goal = str(item["goal"])
    return Weight(f"{goal}.{component}", goal, component, float(weight), _why(item.get("why"), where))


def _why(why: Any, where: str) -> Words | None:
    if why is None:
        return None
    if not isinstance(why, dict) or set(why) != set(LANGUAGES):
        raise DataError(f"{where}: why: give why.ja and why.en, or leave it out")
    return Words(**{language: str(why[language]) for language in LANGUAGES})
