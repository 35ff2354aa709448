"""Many strings in little room."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise


class Packed:
    """Strings in one piece of memory: an object for each would take twice to ten times as much."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", (0,))
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        """Add a string."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends) - 1

    def __getitem__(self, at: int) -> str:
        """Return one by its number."""
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        """Yield them in their order."""
        whole = self._bytes
        for start, stop in pairwise(self._ends):
            yield whole[start:stop].decode("utf-8", "surrogatepass")
