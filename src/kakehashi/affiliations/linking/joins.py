"""Lists of numbers as arrays, and joins over them: they relate thousands of candidates to each other in a few steps."""

from collections.abc import Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Lists:
    """A list of numbers for each of many things, kept as two arrays."""

    def __init__(self, lists: Iterable[Iterable[int]]) -> None:
        listed = [tuple(one) for one in lists]
        self._begin: Numbers = np.cumsum([0, *map(len, listed)], dtype=np.int64)
        self._members: Numbers = np.fromiter(chain.from_iterable(listed), np.int64, int(self._begin[-1]))

    def of(self, things: Numbers) -> tuple[Numbers, Numbers]:
        """Return each member of each thing's list, behind the position of the thing in `things`."""
        begin = self._begin[things]
        which, at = spread(begin, self._begin[things + 1] - begin)
        return which, self._members[at]


def matched(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Return every pair of positions at which the two hold the same number."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    begin = np.searchsorted(ordered, left, "left")
    which, at = spread(begin, np.searchsorted(ordered, left, "right") - begin)
    return which, order[at]


def spread(begin: Numbers, sizes: Numbers) -> tuple[Numbers, Numbers]:
    """Return all numbers of the stretches [begin, begin + size), behind the position of their stretch."""
    which = np.repeat(np.arange(len(sizes)), sizes)
    return which, np.arange(len(which)) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
