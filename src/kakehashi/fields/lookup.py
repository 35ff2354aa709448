"""A table of whole numbers and what they stand for, asked with arrays."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Lookup:
    """Answers to whole numbers, asked for by the hundred thousand. Most have none, which a table of bits says first."""

    _SLOTS = 1 << 20

    def __init__(self, answers: Mapping[int, int]) -> None:
        numbers = np.array(sorted(answers), dtype=np.int64)
        slots = self._slots(numbers)
        order = np.argsort(slots, kind="stable")
        in_slot = np.bincount(slots, minlength=self._SLOTS)
        self._most = int(in_slot.max())
        self._maybe = in_slot > 0
        self._begin = (np.cumsum(in_slot) - in_slot).astype(np.int32)
        # Behind the last one, room to look on.
        self._keys = np.append(numbers[order], np.full(self._most, -1))
        self._answers = np.array([answers[key] for key in self._keys[: len(order)].tolist()], dtype=np.int64)

    def find(self, asked: Ints, of_use: Bools | bool = True) -> Ints:
        """Return the answer to each number, -1 where there is none or it is of no use."""
        result = np.full(len(asked), -1, dtype=np.int64)
        slots = self._slots(asked)
        places = np.flatnonzero(of_use & self._maybe[slots])
        wanted, at = asked[places], self._begin[slots[places]]
        for _ in range(self._most - 1):
            at += self._keys[at] != wanted
        hit = self._keys[at] == wanted
        result[places[hit]] = self._answers[at[hit]]
        return result

    def _slots(self, numbers: Ints) -> Ints:
        return (numbers ^ (numbers >> 17)) & (self._SLOTS - 1)
