"""Works as bags of stems, kept block by block while an index is built: what latent semantic analysis learns from."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.words import stems

Integers = NDArray[np.int64]
_WORD = re.compile(r"[a-z]{3,24}")
_MOST_TIMES = 255


class Numbers(dict[str, int]):
    """Numbers texts in the order in which they are asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Bags:
    """Collects the stems of a block's works. `numbers` gives each stem of all blocks so far its number."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._known = len(numbers)
        self._stems: list[int] = []
        self._ends: list[int] = []
        self._words: Counter[str] = Counter()

    def add(self, text: str, head: str) -> None:
        """Add a work: the text whose stems count, and its head, whose words may be heard in katakana."""
        self._stems.extend(map(self._numbers.__getitem__, stems(text)))
        self._ends.append(len(self._stems))
        self._words.update(set(_WORD.findall(head.lower())))

    def save(self, path: Path) -> None:
        """Write the block: for each work its distinct stems and how often they occur, and what is new of words."""
        ends = np.asarray(self._ends, dtype=np.int64)
        works = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        span = max(len(self._numbers), 1)
        keys, times = np.unique(works * span + np.asarray(self._stems, dtype=np.int64), return_counts=True)
        sizes = np.bincount(keys // span, minlength=len(ends)) if len(keys) else np.zeros(len(ends), np.int64)
        np.savez(
            path.with_suffix(".npz"),
            stems=(keys % span).astype(np.int32),
            times=np.minimum(times, _MOST_TIMES).astype(np.uint8),
            sizes=sizes.astype(np.int32),
        )
        new = list(self._numbers)[self._known :]
        path.with_suffix(".json").write_bytes(msgspec.json.encode({"stems": new, "words": dict(self._words)}))


class Bag:
    """A saved block."""

    def __init__(self, path: Path) -> None:
        with np.load(path.with_suffix(".npz")) as saved:
            self.stems: NDArray[np.int32] = saved["stems"]
            self.times: NDArray[np.uint8] = saved["times"]
            self.sizes: NDArray[np.int32] = saved["sizes"]


def read_words(path: Path) -> tuple[list[str], Mapping[str, int]]:
    """Return the stems that a saved block met first, and the works of the block that have each word in their head."""
    saved: dict[str, Any] = msgspec.json.decode(path.with_suffix(".json").read_bytes())
    return saved["stems"], saved["words"]
