"""What people should label next: the keywords whose label decides most works, with a guess and example works."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kakehashi.fields.inherit import Rule
from kakehashi.fields.keywords import normal

Rows = Callable[[str], list[Any]]

COLUMNS = ("keyword", "fields", "guess", "works", "carried", "below", "cluster", "parent", "parent_fields", "examples")
EXAMPLES = 3


@dataclass(frozen=True)
class Item:
    """A keyword to label.

    works: works without any decided keyword that this label would decide, none that an item before it decides. carried:
    works that carry the keyword. below: undecided keywords that would inherit the label. guess: what its works are
    classified as at present, by title, abstract and their other keywords. examples: titles.
    """

    keyword: str
    guess: str
    works: int
    carried: int
    below: int
    cluster: int
    parent: str
    parent_fields: str
    examples: tuple[str, ...]

    def row(self) -> tuple[Any, ...]:
        """Return the row of the CSV; the column `fields` is to be filled in."""
        return (
            self.keyword, "", self.guess, self.works, self.carried, self.below, self.cluster, self.parent,
            self.parent_fields, " | ".join(self.examples),
        )  # fmt: skip


@dataclass(frozen=True)
class Conflict:
    """A keyword labelled otherwise than its parent in the tree: kept, and told."""

    keyword: str
    fields: str
    parent: str
    parent_fields: str
    works: int


@dataclass(frozen=True)
class Spread:
    """How far a label reaches: the keywords it decides, itself included, and the sum of their works."""

    label: str
    fields: str
    keywords: int
    works: int


def items(rows: Rows, limit: int = 200) -> list[Item]:
    """Return the keywords to label in the order that decides most works for each decision.

    After each keyword the works that it decides are taken out, and the next is the one that decides most of the rest
    (the greedy cover). Equal ones stand in alphabetical order.
    """
    tree = {row[0]: row[1:] for row in rows(_TREE)}
    fields = _fields(rows)
    open_ones = {keyword for keyword in tree if keyword not in fields}
    carriers = _carriers(rows(_UNDECIDED), open_ones)
    below = _below(tree, open_ones, Rule())
    reach = {
        keyword: frozenset().union(*(carriers.get(one, frozenset()) for one in (keyword, *below[keyword])))
        for keyword in sorted(open_ones)
    }
    chosen: list[tuple[str, int]] = []
    covered: set[str] = set()
    left = dict(reach)
    while left and len(chosen) < limit:
        gain = {keyword: len(works - covered) for keyword, works in left.items()}
        best = min(gain, key=lambda keyword: (-gain[keyword], keyword))
        if not gain[best]:
            break
        chosen.append((best, gain[best]))
        covered |= left.pop(best)
        left = {keyword: works for keyword, works in left.items() if gain[keyword]}
    picked = {keyword: sorted(reach[keyword])[:EXAMPLES] for keyword, _ in chosen}
    titles = dict(rows(_TITLES.format(works=_listed(work for works in picked.values() for work in works))))
    guesses = _guesses(rows, {keyword: carriers.get(keyword, frozenset()) for keyword, _ in chosen})
    return [
        Item(
            keyword, guesses[keyword], works, tree[keyword][2], len(below[keyword]), tree[keyword][1],
            tree[keyword][0] or "", fields.get(tree[keyword][0], ""),
            tuple(titles[work] for work in picked[keyword] if titles.get(work)),
        )
        for keyword, works in chosen
    ]  # fmt: skip


def conflicts(rows: Rows) -> list[Conflict]:
    """Return labelled keywords that share no field with their labelled parent, most works first."""
    label = _fields(rows, "label", "own")
    found = [
        Conflict(keyword, label[keyword], parent, label[parent], works)
        for keyword, parent, _cluster, works, _joint in rows(_TREE)
        if keyword in label and parent in label and not set(label[keyword].split()) & set(label[parent].split())
    ]
    return sorted(found, key=lambda one: (-one.works, one.keyword))


def spread(rows: Rows) -> list[Spread]:
    """Return the labels of the study by the works that carry a keyword they decide, most first."""
    works = {keyword: count for keyword, _, _, count, _ in rows(_TREE)}
    decided: dict[str, set[str]] = defaultdict(set)
    given: dict[str, set[str]] = defaultdict(set)
    for keyword, label, field in rows(_SPREAD):
        decided[label].add(keyword)
        given[label].add(field or "outside")
    found = [
        Spread(label, " ".join(sorted(given[label])), len(keywords), sum(works.get(one, 1) for one in keywords))
        for label, keywords in decided.items()
    ]
    return sorted(found, key=lambda one: (-one.works, one.label))


def _fields(rows: Rows, *methods: str) -> dict[str, str]:
    """Return the decided keywords with their fields, or `outside`."""
    found: dict[str, list[str]] = defaultdict(list)
    for keyword, field, method in rows(_DECIDED):
        if not methods or method in methods:
            found[keyword].append(field or "outside")
    return {keyword: " ".join(fields) for keyword, fields in found.items()}


def _carriers(pairs: Iterable[Any], known: set[str]) -> dict[str, frozenset[str]]:
    forms: dict[str, str] = {}
    found: dict[str, set[str]] = defaultdict(set)
    for work, keyword in pairs:
        form = forms.setdefault(keyword, normal(keyword))
        if form in known:
            found[form].add(work)
    return {keyword: frozenset(works) for keyword, works in found.items()}


def _below(tree: dict[str, tuple[Any, ...]], open_ones: set[str], rule: Rule) -> dict[str, list[str]]:
    """Return for each undecided keyword the undecided ones that would inherit its label, by joint works and share."""
    children: dict[str, list[str]] = defaultdict(list)
    for keyword in sorted(open_ones):
        parent, _, works, joint = tree[keyword]
        if parent in open_ones and (joint or 0) >= max(rule.min_joint_works, rule.min_share * works):
            children[parent].append(keyword)
    found: dict[str, list[str]] = {}
    for keyword in sorted(open_ones):
        level, seen = [keyword], []
        for _ in range(rule.max_distance):
            level = [child for one in level for child in children[one]]
            seen += level
        found[keyword] = seen
    return found


def _guesses(rows: Rows, carried: dict[str, frozenset[str]]) -> dict[str, str]:
    """Return for each keyword the fields that at least half of its works have at present, or `outside`."""
    wanted = _listed(work for works in carried.values() for work in works)
    given: dict[str, list[str]] = defaultdict(list)
    for work, field in rows(_WORK_FIELDS.format(works=wanted)):
        given[work].append(field)
    found = {}
    for keyword, works in carried.items():
        counts: dict[str, int] = defaultdict(int)
        for work in works:
            for field in given.get(work, ["outside"]):
                counts[field] += 1
        often = sorted(field for field, count in counts.items() if 2 * count >= len(works))
        found[keyword] = " ".join(field for field in often if field != "outside" or len(often) == 1)
    return found


def _listed(works: Iterable[str]) -> str:
    quoted = sorted({"'" + work.replace("'", "''") + "'" for work in works})
    return ", ".join(quoted) or "''"


_TREE = "select keyword, parent, cluster, works, joint_works from keyword_tree order by keyword"
_DECIDED = """
select keyword, field, method from keyword_fields where method is not null order by keyword, seq
"""
_SPREAD = """
select keyword, from_keyword, field from keyword_fields where from_keyword is not null order by keyword, seq
"""
_UNDECIDED = """
select distinct k.work_id, k.keyword
from keywords k
join field_outcomes o on o.work_id = k.work_id
where o.keywords > 0 and o.decided = 0 and k.kind <> 'ccs'
order by k.work_id, k.keyword
"""
_TITLES = "select work_id, title from works where work_id in ({works}) order by work_id"
_WORK_FIELDS = "select work_id, field from work_fields where work_id in ({works}) order by work_id, field"
