"""Conditions: the wishes that call for an item, such as a choice on an axis or a prompt."""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

State = Literal["met", "open", "unmet"]
Stated = Mapping[str, tuple[str, ...]]
"""What somebody says they want, by the keys of `Condition`. A key that is absent or empty was not said."""


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Condition:
    """All keys that are given must be met, each by any of its ids."""

    actors: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    views: tuple[str, ...] = ()

    def keys(self) -> dict[str, tuple[str, ...]]:
        """Return the keys that are given, with their ids."""
        return {name: ids for name in KEYS if (ids := getattr(self, name))}

    def state(self, stated: Stated) -> State:
        """Tell whether what is said meets the condition, rules it out, or leaves it open for want of a word."""
        said = {name: set(stated.get(name, ())) for name in self.keys()}
        if any(ids and not ids & set(self.keys()[name]) for name, ids in said.items()):
            return "unmet"
        return "met" if all(said.values()) else "open"


KEYS = tuple(Condition.__dataclass_fields__)


def any_of(conditions: Iterable[Condition], stated: Stated) -> State:
    """Tell the state of alternatives: met by any, open where one may still be met. No condition at all is met."""
    states = [condition.state(stated) for condition in conditions]
    if not states or "met" in states:
        return "met"
    return "open" if "open" in states else "unmet"
