"""The best scores among the candidates of a string: to compare each with all others would take too long for many."""

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.affiliations.linking.choosing import Scored
from kakehashi.affiliations.linking.evidence import Candidate


class Tops:
    """The best scores of a string's candidates: of those that have just the same words (`alike`), or begin there."""

    def __init__(self, scored: Sequence[Scored]) -> None:
        self.alike: dict[tuple[int, ...], float] = {}
        self.begun: dict[tuple[int, int], float] = {}
        self._until: dict[int, float] = {}
        self._first: dict[tuple[int, int], float] = {}  # of names within a part, as _last
        self._last: dict[tuple[int, int], float] = {}
        for candidate, score, _ in scored:
            _raise(self.alike, candidate[:4], score)
            _raise(self.begun, candidate[:2], score)
            _raise(self._until, candidate.until, score)
            if candidate.part == candidate.until:
                _raise(self._first, candidate[:2], score)
                _raise(self._last, candidate[2:4], score)

    def before(self, part: int) -> float:
        """Return the best score of what ends before a part."""
        return max([score for until, score in self._until.items() if until < part], default=0.0)

    def joined(self, one: Candidate, joints: Mapping[int, frozenset[tuple[int, int]]]) -> float:
        """Return the best score of what `and` or a stroke joins to a name within its part."""
        if one.part != one.until:
            return 0.0
        best = 0.0
        for end, begin in joints.get(one.part, ()):
            if begin == one.first:
                best = max(best, self._last.get((one.part, end), 0.0))
            if end == one.last:
                best = max(best, self._first.get((one.part, begin), 0.0))
        return best


def _raise(tops: dict[Any, float], key: object, score: float) -> None:
    if tops.get(key, -1.0) < score:
        tops[key] = score
