"""As which other institutions one counts, after the registry: its successor by the work's year, and its parents."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kakehashi.affiliations.decisions import Entry, LookUp, ror_id
from kakehashi.affiliations.names import normal_key

RollUp = Literal["none", "parents", "top"]
Successors = Literal["by_year", "never", "always"]
Relation = Literal["successor", "parent", "top"]


@dataclass(frozen=True, slots=True)
class Relative:
    """Another institution as which one counts, or would count but for the `reason`.

    A `successor` counts in its place, in works from `from_year` on and before `until_year` (None: without that limit).
    A `parent` or `top` counts beside it, whatever the year.
    """

    relation: Relation
    identity: str
    counts: bool
    reason: str
    from_year: int | None = None
    until_year: int | None = None

    @property
    def in_place(self) -> bool:
        """Whether the other counts instead of the institution, at least in some works."""
        return self.counts and self.relation == "successor"


@cache
def roll_up_policy() -> dict[str, Any]:
    """Return the rules of data/affiliations/roll_up.toml."""
    return tomllib.loads((files("kakehashi") / "data/affiliations/roll_up.toml").read_text(encoding="utf-8"))


class Relatives:
    """Finds the relatives of institutions in a registry, None where a study uses none."""

    def __init__(self, look_up: LookUp | None, roll_up: RollUp, successors: Successors) -> None:
        self._look_up = look_up
        self._roll_up = roll_up
        self._successors = successors

    def around(self, identities: Iterable[str]) -> list[str]:
        """Return the registry ids among the identities and all their relatives' relatives, sorted."""
        found: set[str] = set()
        ahead = [one for one in identities if ror_id(one) == one]
        while ahead:
            identity = ahead.pop()
            if identity not in found and self._entry(identity) is not None:
                found.add(identity)
                ahead.extend(relative.identity for relative in self.of(identity))
        return sorted(found)

    def of(self, identity: str) -> list[Relative]:
        """Return the relatives of an institution under the settings: successors in their order, then parents by id."""
        succeeding = [] if self._successors == "never" else list(self._succession(identity))
        if self._roll_up == "none":
            return succeeding
        return succeeding + (self._parents(identity) if self._roll_up == "parents" else self._topmost(identity))

    def _entry(self, identity: str) -> Entry | None:
        return self._look_up(identity) if self._look_up else None

    def _succession(self, identity: str) -> Iterator[Relative]:
        """Follow an organisation that is no more to its only successor, and on, each from its own year."""
        chain: list[tuple[str, int | None]] = []
        entry, seen = self._entry(identity), {identity}
        stop = ""
        while entry is not None and not entry.active and entry.successors:
            if len(entry.successors) > 1:
                stop = "several_successors"
                break
            [successor] = entry.successors
            entry = self._entry(successor)
            if entry is None or successor in seen:
                break
            seen.add(successor)
            if self._successors == "by_year" and entry.established is None:
                yield from self._periods(chain)
                yield Relative("successor", successor, counts=False, reason="year_unknown")
                return
            chain.append((successor, entry.established))
        yield from self._periods(chain)
        if stop and entry is not None:
            for one in entry.successors:
                if self._entry(one) is not None and one not in seen:
                    yield Relative("successor", one, counts=False, reason=stop)

    def _periods(self, chain: list[tuple[str, int | None]]) -> Iterator[Relative]:
        """Turn successors and the years they began into periods that do not overlap: the last that began counts."""
        if self._successors == "always":
            yield from (Relative("successor", one, counts=True, reason="always") for one, _ in chain[-1:])
            return
        until: int | None = None
        found: list[Relative] = []
        for identity, year in reversed(chain):
            if until is None or (year is not None and year < until):
                found.append(Relative("successor", identity, True, "from_its_year", year, until))
                until = year
        yield from reversed(found)

    def _parents(self, identity: str) -> list[Relative]:
        own = self._entry(identity)
        parents = sorted(set(own.parents) - {identity}) if own else []
        known = [(one, entry) for one in parents if (entry := self._entry(one)) is not None]
        verdicts = [(one, _against(identity, own, one, entry)) for one, entry in known if own]
        return [Relative("parent", one, not reason, reason or "registry_parent") for one, reason in verdicts]

    def _topmost(self, identity: str) -> list[Relative]:
        """Climb through parents that count; offices between them are passed, and do not count themselves."""
        office = roll_up_policy()["office"]["reason"]
        counting: dict[str, bool] = {}
        ahead, seen = [identity], {identity}
        while ahead:
            here = ahead.pop()
            above = self._parents(here)
            if here in counting:
                counting[here] = not self._leads_up(above, office, {here})
            for one in above:
                if one.identity not in seen and (one.counts or one.reason == office):
                    seen.add(one.identity)
                    ahead.append(one.identity)
                    if one.counts:
                        counting[one.identity] = True
        tops = sorted(one for one, top in counting.items() if top) or sorted(counting)
        return [Relative("top", one, counts=True, reason="registry_parent") for one in tops if one != identity]

    def _leads_up(self, above: list[Relative], office: str, seen: set[str]) -> bool:
        """Whether a parent that counts is among those above, directly or behind offices."""
        for one in above:
            if one.identity in seen:
                continue
            if one.counts:
                return True
            seen.add(one.identity)
            if one.reason == office and self._leads_up(self._parents(one.identity), office, seen):
                return True
        return False


def _against(identity: str, own: Entry, parent_id: str, parent: Entry) -> str:
    """Return why an institution does not count for a parent, '' where it does."""
    rules = roll_up_policy()
    office = rules["office"]
    if {"institution": identity, "parent": parent_id} in rules["faulty"]:
        return "faulty_relation"
    if not parent.active:
        return "inactive_parent"
    for rule in rules["not_for"]:
        meant = rule["institution"] in own.types and rule["parent"] not in own.types and rule["parent"] in parent.types
        if meant and not _names(parent.name, rule["unless_named"]):
            return str(rule["reason"])
    named = parent_id in office["listed"] or _names(parent.name, office["words"])
    if named and set(parent.types) <= set(office["types"]):
        return str(office["reason"])
    return ""


def _names(name: str, words: Iterable[str]) -> bool:
    key = f" {normal_key(name)} "
    return any(f" {normal_key(word)} " in key for word in words)
