"""The keyword trees of the study and of its trial: grown from who carries what, or taken from the last run's tables."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kakehashi.engine.base import Engine, Row
from kakehashi.fields.assignments import ASSIGNMENTS
from kakehashi.fields.stability import Counts
from kakehashi.fields.tree import Ints, Tree
from kakehashi.tables import KEYWORD_FORMS, KEYWORD_TOTALS, KEYWORD_TREE, KEYWORD_TRIAL, Table, declare

VOCABULARY = declare(
    "fields_vocabulary",
    "The keywords of the tree, numbered from 0 in alphabetical order as id, with their number of works.",
    "keyword",
    "keyword string, number bigint, id bigint, works bigint",
    private=True,
)


@dataclass(frozen=True)
class Grown:
    """A tree over keywords in alphabetical order, with the works of each, and how many works have keywords."""

    keywords: tuple[str, ...]
    works: Ints
    tree: Tree
    total: int

    @property
    def parents(self) -> dict[str, str]:
        """The links of the tree: the parent of each keyword that has one."""
        return {
            keyword: self.keywords[above]
            for keyword, above in zip(self.keywords, self.tree.parent.tolist(), strict=True)
            if above >= 0
        }


def grown(counts: Counts, method: str) -> Grown:
    """Grow a tree by a method of `tree.build`."""
    return Grown(counts.keywords, counts.works, counts.tree(method), counts.total)


def former(engine: Engine, reader: str) -> tuple[Grown, Grown] | None:
    """Return the trees of the study and of the trial if the last run grew them from the same keywords.

    `reader` is the fingerprint of all that decides them, and the normal forms too.
    """
    needed = (KEYWORD_FORMS, KEYWORD_TOTALS, KEYWORD_TREE, KEYWORD_TRIAL)
    if not reader or not all(engine.has(table) for table in needed):
        return None
    rows = engine.rows(f"select tree, works from keyword_totals where reader = '{reader}'")
    totals = {tree: int(works) for tree, works in rows}
    if totals.keys() != {KEYWORD_TREE.name, KEYWORD_TRIAL.name}:
        return None
    whole, trial = (_read(engine, table, totals[table.name]) for table in (KEYWORD_TREE, KEYWORD_TRIAL))
    return whole, trial


def forget(engine: Engine) -> None:
    """Vouch for no tree, before one is replaced: after a run that is killed they are grown anew."""
    engine.load(KEYWORD_TOTALS, [])


def store(engine: Engine, table: Table, found: Grown) -> None:
    """Write a tree as KEYWORD_TREE or KEYWORD_TRIAL."""
    engine.load(table, _rows(found))


def vouch(engine: Engine, whole: Grown, trial: Grown, reader: str) -> None:
    """Write KEYWORD_TOTALS: once both trees are written."""
    rows = ((KEYWORD_TREE.name, whole.total, reader), (KEYWORD_TRIAL.name, trial.total, reader))
    engine.load(KEYWORD_TOTALS, rows)


def counts(engine: Engine, least: int) -> Counts:
    """Write the private table of the tree's keywords and return what the tree is grown from."""
    engine.make(
        VOCABULARY,
        f"""
        select k.keyword, v.number, row_number() over (order by v.number nulls last) - 1 as id, v.works
        from (
            select a.number, count(*) as works
            from fields_assignments a
            join fields_kinds i on i.priority = a.priority
            where i.kind <> 'ccs'
            group by a.number
            having count(*) >= {least}
        ) v
        join fields_keywords k on k.number = v.number
        """,
    )
    vocabulary = engine.rows("select keyword from fields_vocabulary order by id nulls last")
    return counted(engine, tuple(keyword for (keyword,) in vocabulary), ASSIGNMENTS)


def counted(engine: Engine, keywords: tuple[str, ...], assignments: Table) -> Counts:
    """Count the tree's keywords, and their pairs, in works with the given assignments."""
    works = np.zeros(len(keywords), dtype=np.int64)
    for number, count in engine.rows(_WORKS.format(assignments=assignments.name)):
        works[number] = count
    found = engine.arrays(PAIRS.format(assignments=assignments.name))
    pairs = np.empty((3, len(found["joint"])), dtype=np.int32)
    for row, name in zip(pairs, ("one", "other", "joint"), strict=True):
        row[:] = found.pop(name)  # there may be a hundred million: each column is let go once it is copied
    total = int(engine.rows(f"select count(distinct work) from {assignments.name}")[0][0])
    return Counts(keywords, works, pairs.T, total)


def _rows(found: Grown) -> Iterator[Row]:
    keywords, tree = found.keywords, found.tree
    columns = (found.works, tree.parent, tree.joint_works, tree.cost, tree.depth, tree.cluster)
    for keyword, count, parent, joint, cost, depth, cluster in zip(
        keywords, *(column.tolist() for column in columns), strict=True
    ):
        if parent < 0:
            yield keyword, None, None, None, depth, cluster, count
        else:
            yield keyword, keywords[parent], joint, cost if joint else None, depth, cluster, count


def _read(engine: Engine, table: Table, total: int) -> Grown:
    columns = "keyword, parent, joint_works, cost, depth, cluster, works"
    rows = engine.rows(f"select {columns} from {table.name} order by keyword nulls last")
    keywords = tuple(row[0] for row in rows)
    place = {keyword: number for number, keyword in enumerate(keywords)}
    parent = np.array([-1 if row[1] is None else place[row[1]] for row in rows], dtype=np.int64)
    cost = np.array([np.nan if row[3] is None else row[3] for row in rows], dtype=np.float64)
    joint, depth, cluster, works = (
        np.array([row[column] or 0 for row in rows], dtype=np.int64) for column in (2, 4, 5, 6)
    )
    order = np.lexsort((np.arange(len(rows)), depth)).astype(np.int64)  # a parent comes before its children
    return Grown(keywords, works, Tree(parent, joint, cost, depth, cluster, order), total)


_WORKS = """
    select v.id, count(*) from {assignments} a join fields_vocabulary v on v.number = a.number group by v.id
"""

PAIRS = """
    with numbered as (
        select a.work, v.id from {assignments} a join fields_vocabulary v on v.number = a.number
    )
    select cast(x.id as int) as one, cast(y.id as int) as other, count(*) as joint
    from numbered x join numbered y on y.work = x.work and x.id < y.id
    group by x.id, y.id
"""
"""How many works two keywords of the vocabulary share, by the works of a table of assignments."""
