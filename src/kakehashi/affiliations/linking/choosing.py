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
    if len(scored) < 2:
        return [_link(candidate, confidence, None, 0.0) for candidate, _, confidence in scored]
    taken: list[tuple[tuple[int, int], tuple[int, int]]] = []
    organisations: set[int] = set()
    links: list[Link] = []
    ordered = [
        (candidate, confidence, candidate[:2], candidate[2:4], candidate[4])
        for candidate, _, confidence in sorted(scored, key=_surest)
    ]
    for candidate, confidence, begin, end, organisation in ordered:
        if taken and any([start < end and begin < stop for start, stop in taken]):  # noqa: C419 - a list is faster here
            continue
        taken.append((begin, end))
        if organisation in organisations:
            continue
        organisations.add(organisation)
        second, doubt = None, 0.0
        for _, share, start, stop, other in ordered:
            if share >= SHARED and start < end and begin < stop and other != organisation:
                second, doubt = other, share
                break
        links.append(_link(candidate, confidence, second, doubt))
    return sorted(links) if len(links) > 1 else links


def _link(candidate: Candidate, confidence: float, second: int | None, doubt: float) -> Link:
    return Link(*candidate[:7], confidence, second, doubt)


FIRST = tuple(range(32))
"""Most strings begin with the parts that name something: their numbers are their places."""


def relative(links: Sequence[Link], parts: tuple[int, ...]) -> tuple[Link, ...]:
    """Number parts by their place among those that name something; `until` stays as many parts behind as it was."""
    if not links or parts == FIRST[: len(parts)]:
        return tuple(links)
    position = {number: at for at, number in enumerate(parts)}
    return tuple([moved(one, position[one.part]) for one in links])


def moved(link: Link, part: int) -> Link:
    """Return a link that begins in another part."""
    return link if part == link.part else link._replace(part=part, until=link.until - link.part + part)
