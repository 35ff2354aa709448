"""The names of parts as columns, made once: a string takes over those of its parts whole, without a look at each."""

from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.joins import Numbers, spread

if TYPE_CHECKING:
    from kakehashi.affiliations.linking.views import Named

Posting = tuple[int, int, int, str, float]
"""An organisation, the kind of its name, the manner in which the words are that name, its key, the likeness."""

Edges = tuple[int, int, int, int, bool]
"""The first word of a stretch and the one it ends before, the first token and the one it ends before, and whether it
is the whole part."""

Describe = Callable[[Sequence[Posting], Sequence[float]], list[float]]
"""Says of each posting, given what is said of its stretch, what it has whatever stands around it: VALUES numbers."""

VALUES = 4
_EDGES = 5


class Block(NamedTuple):
    """Some stretches, with what each names, and where their columns begin: at which stretch and at which row.

    `rows`: how many postings all of them have.
    """

    names: tuple["Named", ...]
    found: tuple[Sequence[Posting], ...]
    stretch: int
    row: int
    rows: int


class Taken(NamedTuple):
    """The columns of some blocks, one after the other.

    `stretches` of each block; the number of rows of each stretch (`sizes`), its `edges` and what is `said` of it;
    the organisation of each row and its `values` (see Describe).
    """

    stretches: Numbers
    sizes: Numbers
    edges: Numbers
    said: NDArray[np.float64]
    organisations: Numbers
    values: NDArray[np.float64]


class Columns:
    """Keeps the columns of all blocks in a few arrays: arrays of their own would take more room than what they hold."""

    def __init__(self, said: int) -> None:
        self._about = said
        self._sizes, self._edges, self._organisations = array("q"), array("q"), array("q")
        self._said, self._values = array("d"), array("d")

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._organisations)

    def add(self, stretches: Sequence[tuple["Named", Sequence[Posting], Edges]], describe: Describe) -> Block:
        """Add the columns of at least one stretch, each with what it names and where it stands."""
        names, found, _ = zip(*stretches, strict=True)
        begin, row = len(self._sizes), len(self._organisations)
        for named, postings, edge in stretches:
            self._sizes.append(len(postings))
            self._edges.extend(edge)
            self._said.extend(named.said)
            self._organisations.extend([one[0] for one in postings])
            self._values.extend(describe(postings, named.said))
        return Block(names, found, begin, row, len(self._organisations) - row)

    def of(self, blocks: Sequence[Block]) -> Taken:
        """Return the columns of blocks that were made here."""
        begin, row, rows, stretches = np.array([(*one[2:5], len(one.names)) for one in blocks], np.int64).T
        _, stretch = spread(begin, stretches)
        _, posting = spread(row, rows)
        return Taken(
            stretches,
            np.frombuffer(self._sizes, np.int64)[stretch],
            np.frombuffer(self._edges, np.int64).reshape(-1, _EDGES)[stretch],
            np.frombuffer(self._said).reshape(-1, self._about)[stretch],
            np.frombuffer(self._organisations, np.int64)[posting],
            np.frombuffer(self._values).reshape(-1, VALUES)[posting],
        )
