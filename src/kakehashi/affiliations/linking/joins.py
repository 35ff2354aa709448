"""Lists of numbers as arrays, and joins over them: they relate thousands of candidates to each other in a few steps."""

from collections.abc import Iterable
from itertools import chain

import msgspec
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Lists(msgspec.Struct, frozen=True):
    """A list of numbers for each of many things, kept as two arrays: where each begins, and the members of all."""

    begins: bytes
    members: bytes

    @classmethod
    def of_all(cls, lists: Iterable[Iterable[int]]) -> "Lists":
        """Keep a list for each thing, in the order of the things."""
        listed = [tuple(one) for one in lists]
        begins = np.cumsum([0, *map(len, listed)], dtype=np.int64)
        members = np.fromiter(chain.from_iterable(listed), np.int64, int(begins[-1]))
        return cls(begins.tobytes(), members.tobytes())

    def of(self, things: Numbers) -> tuple[Numbers, Numbers]:
        """Return each member of each thing's list, behind the position of the thing in `things`."""
        begins = np.frombuffer(self.begins, np.int64)
        begin = begins[things]
        which, at = spread(begin, begins[things + 1] - begin)
        return which, np.frombuffer(self.members, np.int64)[at]


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
