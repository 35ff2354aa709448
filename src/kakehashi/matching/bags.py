"""Works as bags of stems, kept block by block while an index is built: what latent semantic analysis learns from.

Words are stemmed once for each distinct word of a block, not once for each time they occur: that is most of the time.
"""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kakehashi.matching.words import WORD, stem

Integers = NDArray[np.int64]
_PLAIN = re.compile(r"[a-z]{3,24}")
_MOST_TIMES = 255


class Numbers(dict[str, int]):
    """Numbers texts in the order in which they are asked for."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class _Words:
    """The words of many works, one after the other, and where each work's end."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._ends: list[int] = []

    @property
    def works(self) -> int:
        return len(self._ends)

    def add(self, text: str) -> None:
        self._words.extend(WORD.findall(text.lower()))
        self._ends.append(len(self._words))

    def numbered(self) -> tuple[list[str], Integers, Integers]:
        """Return the distinct words, and for each word that was added which of them it is and of which work."""
        coded = pa.array(self._words, pa.string()).dictionary_encode()
        sizes = np.asarray(self._ends, dtype=np.int64) - np.asarray([0, *self._ends], dtype=np.int64)[: len(self._ends)]
        works = np.repeat(np.arange(len(self._ends)), sizes)
        return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64), works


class Bags:
    """Collects the stems of a block's works. `numbers` gives each stem of all blocks so far its number."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._known = len(numbers)
        self._texts = _Words()
        self._heads = _Words()

    def add(self, text: str, head: str) -> None:
        """Add a work: the text whose stems count, and its head, whose words may be heard in katakana."""
        self._texts.add(text)
        self._heads.add(head)

    def save(self, path: Path) -> None:
        """Write the block: for each work its distinct stems and how often they occur, and what is new of words."""
        distinct, words, works = self._texts.numbered()
        stems = [stem(word) for word in distinct]
        # A stop word has no stem; what the analyzer leaves out for its length neither.
        numbers = np.asarray([self._numbers[one] if one else -1 for one in stems], dtype=np.int64)
        found = numbers[words] if len(words) else words
        works, found = works[found >= 0], found[found >= 0]
        span = max(len(self._numbers), 1)
        keys, times = np.unique(works * span + found, return_counts=True)
        np.savez(
            path.with_suffix(".npz"),
            stems=(keys % span).astype(np.int32),
            times=np.minimum(times, _MOST_TIMES).astype(np.uint8),
            sizes=np.bincount(keys // span, minlength=self._texts.works).astype(np.int32),
        )
        new = list(self._numbers)[self._known :]
        path.with_suffix(".json").write_bytes(msgspec.json.encode({"stems": new, "words": self._of_heads()}))

    def _of_heads(self) -> Counter[str]:
        """Return the works that have each plain word in their head."""
        distinct, words, works = self._heads.numbered()
        span = max(len(distinct), 1)
        counts = np.bincount(np.unique(works * span + words) % span, minlength=len(distinct))
        return Counter({word: int(n) for word, n in zip(distinct, counts, strict=True) if _PLAIN.fullmatch(word)})


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
