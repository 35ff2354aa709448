"""Hands labels down the keyword tree: from a labelled keyword to those below it, while the links mean something."""

from collections.abc import Mapping
from dataclasses import dataclass

from kakehashi.fields.taxonomy import Label
from kakehashi.fields.tree import Ints, Tree

MAX_DISTANCE = 2
MIN_JOINT_WORKS = 2
MIN_SHARE = 0.3
MIN_LIFT = 3.0
"""A label goes down a link only if the two keywords share at least MIN_JOINT_WORKS works, these are at least MIN_SHARE
of the lower keyword's works and at least MIN_LIFT times as many as chance would give; and over MAX_DISTANCE links at
most."""


@dataclass(frozen=True)
class Decision:
    """The fields of a keyword of the tree and why. `fields` is empty where there is none, and `reason` says why."""

    fields: tuple[str, ...]
    method: str | None
    from_keyword: str | None
    distance: int | None
    reason: str | None


def inherit(
    keywords: tuple[str, ...], works: Ints, tree: Tree, labels: Mapping[str, Label], total_works: int
) -> dict[str, Decision]:
    """Decide every keyword of the tree.

    A keyword with a label keeps it. Any other takes the label of the nearest labelled keyword above it, if that is
    near enough and each link on the way is meaningful. A label `outside` stops what comes from further up and is
    handed down in the same way, as the reason `outside:<label>`. `total_works` is the number of works with keywords.
    """
    source = [-1] * len(keywords)
    distance = [0] * len(keywords)
    blocked: list[str | None] = [None] * len(keywords)
    meaningful = _meaningful(works, tree, total_works)
    for node in tree.order.tolist():
        parent = int(tree.parent[node])
        if keywords[node] in labels:
            source[node] = node
        elif parent < 0:
            blocked[node] = "no_labelled_ancestor"
        elif source[parent] < 0:
            blocked[node] = blocked[parent]
        elif not meaningful[node]:
            blocked[node] = "weak_link"
        elif distance[parent] == MAX_DISTANCE:
            blocked[node] = "too_far"
        else:
            source[node], distance[node] = source[parent], distance[parent] + 1
    return {
        keyword: _decision(labels, keywords[source[node]] if source[node] >= 0 else None, distance[node], blocked[node])
        for node, keyword in enumerate(keywords)
    }


def own_label(label: Label) -> Decision:
    """Return the decision for a keyword that carries a label itself."""
    if label.fields:
        return Decision(label.fields, "label", label.keyword, 0, None)
    return Decision((), "label", label.keyword, 0, f"outside:{label.keyword}")


def _decision(labels: Mapping[str, Label], origin: str | None, distance: int, blocked: str | None) -> Decision:
    if origin is None:
        return Decision((), None, None, None, blocked)
    label = labels[origin]
    if distance == 0:
        return own_label(label)
    reason = None if label.fields else f"outside:{label.keyword}"
    return Decision(label.fields, "inherited", label.keyword, distance, reason)


def _meaningful(works: Ints, tree: Tree, total_works: int) -> list[bool]:
    """Say of each keyword whether the link to its parent is more than the company of a very frequent keyword."""
    above = works[tree.parent]  # a root's own parent index (-1) is harmless: its joint works are 0
    share = tree.joint_works / works
    lift = tree.joint_works * total_works / (works * above)
    kept = (tree.joint_works >= MIN_JOINT_WORKS) & (share >= MIN_SHARE) & (lift >= MIN_LIFT)
    return [bool(value) for value in kept]
