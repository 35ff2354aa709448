"""Keys that stand for one institution: joined step by step, each with the evidence, never across a known difference."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

Evidence = Literal[
    "same_key", "spacing", "abbreviation", "short_form", "translation", "word_order", "typo", "place", "acronym",
    "company",
]  # fmt: skip
"""How a key came to its cluster; the labels are in data/texts/codes.toml, section name_evidence."""


class Member(NamedTuple):
    """The main key of a key's cluster, and how the key joined it (`same_key`: it is the main key itself).

    `alike`: nothing but spacing lies between the two, so that the key's spellings may stand for the cluster.
    """

    main: str
    evidence: Evidence
    alike: bool


class Clusters:
    """Disjoint sets of keys. `mentions` gives the weight of each key; `apart` the keys that must not meet a key."""

    def __init__(self, mentions: Mapping[str, int], apart: Mapping[str, frozenset[str]]) -> None:
        self._total = dict(mentions)
        self._members = {key: [key] for key in mentions}
        self._main = {key: key for key in mentions}
        self._joined: dict[str, tuple[str, Evidence]] = {}
        self._apart = apart

    def __contains__(self, key: str) -> bool:
        return key in self._main

    def main(self, key: str) -> str:
        """Return the main key of a key's cluster."""
        return self._main[key]

    def mains(self) -> list[str]:
        """Return all main keys, sorted."""
        return sorted(self._members)

    def total(self, key: str) -> int:
        """Return the mentions of a key's cluster."""
        return self._total[self._main[key]]

    def join(self, key: str, other: str, evidence: Evidence) -> bool:
        """Put the cluster of `key` under the main key of `other`. False where they are one, or known to differ."""
        source, target = self._main[key], self._main[other]
        if source == target or self._differ(source, target):
            return False
        self._joined[source] = (target, evidence)
        moved = self._members.pop(source)
        self._members[target] += moved
        self._total[target] += self._total.pop(source)
        self._main.update(dict.fromkeys(moved, target))
        return True

    def joined(self) -> dict[str, Member]:
        """Return the membership of every key."""
        joined = self._joined
        return {
            key: Member(main, joined[key][1], self._alike(key)) if key in joined else Member(main, "same_key", True)
            for key, main in self._main.items()
        }

    def _alike(self, key: str) -> bool:
        while key in self._joined:
            key, evidence = self._joined[key]
            if evidence != "spacing":
                return False
        return True

    def _differ(self, source: str, target: str) -> bool:
        there = set(self._members[target])
        return any(not there.isdisjoint(self._apart.get(key, ())) for key in self._members[source])


def known_apart(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Index pairs of keys that name different institutions, both ways."""
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {key: frozenset(others) for key, others in found.items()}
