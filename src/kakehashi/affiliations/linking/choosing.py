"""The choice among candidates: the surest first, each word in one name only, each organisation once."""

from collections.abc import Sequence
from typing import NamedTuple

from kakehashi.affiliations.linking.evidence import Candidate

SHARED = 0.02
"""A runner-up with less than this score is nobody's guess, and not told."""


class Link(NamedTuple):
    """An organisation found in a string: between which parts and words, how sure, and who came second.

    `confidence` is calibrated: of the answers given 0.9, nine in ten are right (docs/benchmarks.md).
    """

    part: int
    first: int
    until: int
    last: int
    organisation: int
    key: str
    text: str
    confidence: float
    second: int | None
    second_confidence: float


class Scored(NamedTuple):
    """A candidate with the model's score, which orders, and the calibrated confidence that it is meant."""

    candidate: Candidate
    score: float
    confidence: float


def _surest(one: Scored) -> tuple[float, tuple[object, ...]]:
    return -one.score, one.candidate[:5]


def chosen(scored: Sequence[Scored]) -> list[Link]:
    """Choose links: the surest first, each word in one name only, each organisation once."""
    if len(scored) == 1:
        return [_link(*scored[0][::2], None, 0.0)]
    taken: list[tuple[tuple[int, int], tuple[int, int]]] = []
    organisations: set[int] = set()
    links: list[Link] = []
    ordered = [
        (one.candidate, one.confidence, one.candidate[:2], one.candidate[2:4]) for one in sorted(scored, key=_surest)
    ]
    for candidate, confidence, begin, end in ordered:
        if any([start < end and begin < stop for start, stop in taken]):  # noqa: C419 - a list is faster here
            continue
        taken.append((begin, end))
        if candidate.organisation in organisations:
            continue
        organisations.add(candidate.organisation)
        second, doubt = next(
            (
                (other.organisation, share) for other, share, start, stop in ordered
                if share >= SHARED and start < end and begin < stop and other.organisation != candidate.organisation
            ),
            (None, 0.0),
        )  # fmt: skip
        links.append(_link(candidate, confidence, second, doubt))
    return sorted(links)


def _link(candidate: Candidate, confidence: float, second: int | None, doubt: float) -> Link:
    return Link(*candidate[:7], confidence, second, doubt)
