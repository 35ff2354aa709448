"""Hands labels down the keyword tree: from a labelled keyword to those below it, while the links mean something."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from kakehashi.fields.taxonomy import Label, label_of
from kakehashi.fields.tree import Ints, Tree


@dataclass(frozen=True)
class Rule:
    """When a label goes down the tree.

    Set by reading inherited keywords of real works (23,576 with keywords): 136 of 200 were right with min_share 0.5 and
    120 of 172 with the numbers below and more labels. So one inherited keyword alone never decides a work.

    max_distance: links from the label. min_joint_works: works that the two ends of each link share. min_share: product
    over the links of joint works / works of the lower end. min_lift: how many times more often than by chance the ends
    of each link meet; 20 means that a keyword carried by more than 5% of all works hands nothing down, because its
    company says nothing.
    """

    max_distance: int = 2
    min_joint_works: int = 3
    min_share: float = 0.6
    min_lift: float = 20.0


@dataclass(frozen=True)
class Decision:
    """The fields of a keyword of the tree and why. `fields` is empty where there is none, and `reason` says why."""

    fields: tuple[str, ...]
    method: str | None
    from_keyword: str | None
    distance: int | None
    reason: str | None


def inherit(
    keywords: tuple[str, ...],
    works: Ints,
    tree: Tree,
    labels: Mapping[str, Label],
    total_works: int,
    rule: Rule = Rule(),
) -> dict[str, Decision]:
    """Decide every keyword of the tree.

    A keyword with a label (`label_of`) keeps it. Any other takes the label of the nearest labelled keyword above it,
    as far as the rule lets it. A label `outside` stops what comes from further up and is handed down in the same way,
    as the reason `outside:<label>`. `total_works` is the number of works with keywords.
    """
    path = [_NO_ANCESTOR] * len(keywords)
    share, strong = _links(works, tree, total_works, rule)
    parent = tree.parent.tolist()
    for node in tree.order.tolist():
        own = label_of(keywords[node], labels)
        if own is not None:
            path[node] = _Path(own, 0, 1.0, None)
        elif parent[node] >= 0:
            path[node] = _step(path[parent[node]], share[node], strong[node], rule)
    return {keyword: _decision(keyword, path[node]) for node, keyword in enumerate(keywords)}


def labelled(keyword: str, label: Label) -> Decision:
    """Return the decision by a keyword's own label (distance 0), or by that of its ending or facet (distance 1)."""
    reason = None if label.fields else f"outside:{label.keyword}"
    return Decision(label.fields, "own" if label.own else "label", label.keyword, int(keyword != label.keyword), reason)


@dataclass(frozen=True)
class _Path:
    """How a keyword hangs from the nearest label above it; where it does not, `blocked` says why."""

    origin: Label | None
    distance: int
    share: float
    blocked: str | None


_NO_ANCESTOR, _TOO_FAR, _WEAK_LINK = (
    _Path(None, 0, 1.0, reason) for reason in ("no_labelled_ancestor", "too_far", "weak_link")
)


def _step(above: _Path, share: float, strong: bool, rule: Rule) -> _Path:
    """Go one link down."""
    if above.origin is None:
        return above
    if above.distance == rule.max_distance:
        return _TOO_FAR
    if not strong or above.share * share < rule.min_share:
        return _WEAK_LINK
    return _Path(above.origin, above.distance + 1, above.share * share, None)


def _decision(keyword: str, path: _Path) -> Decision:
    if path.origin is None:
        return _undecided(path.blocked)
    decision = labelled(keyword, path.origin)
    return decision if path.distance == 0 else replace(decision, method="inherited", distance=path.distance)


@cache
def _undecided(reason: str | None) -> Decision:
    return Decision((), None, None, None, reason)


def _links(works: Ints, tree: Tree, total_works: int, rule: Rule) -> tuple[list[float], list[bool]]:
    """Return of each keyword's link to its parent the share, and whether it has joint works and lift enough."""
    above = works[tree.parent]  # a root's parent index (-1) is harmless: its joint works are 0
    share = tree.joint_works / works
    lift = tree.joint_works * total_works / (works * above)
    strong = (tree.joint_works >= rule.min_joint_works) & (lift >= rule.min_lift)
    return share.tolist(), strong.tolist()
