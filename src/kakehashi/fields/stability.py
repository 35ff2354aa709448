"""How much of the keyword tree and of the works' fields hangs on single works: 1% of them are left out as a trial."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from kakehashi.engine.base import Engine, Row
from kakehashi.fields.lookup import Lookup
from kakehashi.fields.tree import Integers, Ints, Tree, build, slices
from kakehashi.tables import Table

SEED = 20230331
"""Of the draw, which is made among the works in the order of their ids: the order of the input plays no part."""
LEFT_OUT = 100
"""One work in so many is left out, at least one."""
MOST_WORKS = 5_000
"""So many of the works that stay, drawn likewise, are decided again: a share of 2% is then known to 0.4 points."""

LOTS = Table(
    "fields_lots",
    "The places, from 0 in the order of the works' ids, that were drawn: those left out, and those decided again.",
    MappingProxyType({"place": "bigint", "again": "boolean"}),
    ("place",),
    private=True,
)
DRAWN = Table(
    "fields_drawn",
    "The works that were drawn, with their numbers: those left out in the trial, and those decided again.",
    MappingProxyType({"work_id": "string", "work": "bigint", "again": "boolean"}),
    ("work_id",),
    private=True,
)
AGAIN = Table(
    "fields_again",
    "The works decided again in the trial.",
    MappingProxyType({"work_id": "string", "title": "string", "abstract": "string"}),
    ("work_id",),
    private=True,
)


@dataclass(frozen=True)
class Counts:
    """What a tree is built from.

    keywords: of the tree, in alphabetical order. works: of each keyword. pairs: one row for each pair of keywords that
    share a work: two positions, the lower one first, and the joint works, in four bytes each where there may be a
    hundred million. total: works with keywords.
    """

    keywords: tuple[str, ...]
    works: Ints
    pairs: Integers
    total: int

    def tree(self, method: str) -> Tree:
        """Build the tree by a method of `tree.build`."""
        return build(self.works, self.pairs[:, 0], self.pairs[:, 1], self.pairs[:, 2], method, self.keywords)

    def without(self, other: "Counts", least: int) -> "Counts":
        """Take away the counts of some of the works; keywords of fewer works than `least` leave the tree.

        `other` counts the same keywords, and no pair that is not among these.
        """
        works = self.works - other.works
        size = len(self.keywords)
        left = other.pairs[:, 0].astype(np.int64) * size + other.pairs[:, 1]
        taken = Lookup(dict(zip(left.tolist(), other.pairs[:, 2].tolist(), strict=True)))
        stays = works >= least
        number = np.cumsum(stays) - 1
        parts = [np.empty((3, 0), self.pairs.dtype)]
        for some in slices(len(self.pairs)):
            first, second, joint = self.pairs[some].T
            joint = joint - np.maximum(taken.find(first.astype(np.int64) * size + second), 0)
            there = (joint > 0) & stays[first] & stays[second]
            found = np.array([number[first[there]], number[second[there]], joint[there]])
            parts.append(found.astype(self.pairs.dtype))
        pairs = np.concatenate(parts, axis=1).T
        kept = tuple(keyword for keyword, there in zip(self.keywords, stays.tolist(), strict=True) if there)
        return Counts(kept, works[stays], pairs, self.total - other.total)


def draw(engine: Engine) -> None:
    """Write fields_drawn and fields_again from works."""
    works = int(engine.rows("select count(*) from works")[0][0])
    left = -(-works // LEFT_OUT)
    places = drawn(works)[: left + MOST_WORKS]
    engine.load(LOTS, ((place, number >= left) for number, place in enumerate(places)))
    engine.make(DRAWN, _DRAWN)
    engine.make(AGAIN, _AGAIN)


def drawn(works: int) -> list[int]:
    """Return the numbers below `works` in an order drawn by lot."""
    places: list[int] = np.random.default_rng(SEED).permutation(works).tolist()
    return places


def decided_again(engine: Engine, texts: bool) -> frozenset[Row]:
    """Return the works decided again with their fields, as work_fields has them now; without `texts` by keywords."""
    which = "" if texts else "where f.method <> 'text'"
    return frozenset(
        engine.rows(
            f"select f.work_id, f.field from work_fields f join fields_again a on a.work_id = f.work_id {which}"
        )
    )


def measures(
    engine: Engine, trees: tuple[Mapping[str, str], Mapping[str, str]], fields: tuple[frozenset[Row], frozenset[Row]]
) -> dict[str, float]:
    """Return what the trial changed: trees are parents by keyword, fields pairs of work and field, before and after.

    A link is changed if the tree of the trial does not have it, and a work if its set of fields is another.
    """
    again = engine.rows("select count(*) from fields_drawn where again")[0][0]
    left = engine.rows("select count(*) from fields_drawn where not again")[0][0]
    moved = sum(trees[1].get(keyword) != parent for keyword, parent in trees[0].items())
    changed = len({work for work, _ in fields[0] ^ fields[1]})
    return {
        "seed": SEED,
        "works_left_out": left,
        "links": len(trees[0]),
        "links_changed": moved,
        "links_changed_share": round(moved / max(len(trees[0]), 1), 6),
        "works_decided_again": again,
        "works_changed": changed,
        "works_changed_share": round(changed / max(again, 1), 6),
    }


_DRAWN = """
    select w.work_id, w.work, l.again from fields_works w join fields_lots l on l.place = w.work
"""

_AGAIN = """
    select w.work_id, w.title, w.abstract from works w join fields_drawn d on d.work_id = w.work_id where d.again
"""
