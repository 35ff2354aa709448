"""What was weighed: the candidates of many strings as columns, of which single ones are made into objects."""

from array import array
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.blocks import Block, Posting
from kakehashi.affiliations.linking.evidence import FEATURES, Candidate, Said, Seen
from kakehashi.affiliations.linking.index import ACRONYM
from kakehashi.affiliations.linking.joins import Numbers
from kakehashi.affiliations.linking.views import Named

Floats = NDArray[np.float64]

_KIND = FEATURES.index("kind")


ABOUT = ("string", "begin", "part", "said", "across", "follows")
"""What is said of a block: the number of its string, the position of its part among those that name something, the
number of the part, that of what its address says, whether it is a name over a comma, and one whose other part is looked
at by itself too."""


class Blocks:
    """The blocks of some strings, each with ABOUT, one after the other.

    `named` and `found` are those of all their stretches, `inner` numbers of some of these; `rows`: how many rows.
    `strings`: how many parts of each string name something, and how many type words they have. `said` numbers what
    addresses say.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.about = array("q")
        self.strings = array("q")
        self.said: dict[Said, int] = {}
        self.named: list[Named] = []
        self.found: list[Sequence[Posting]] = []
        self.inner: list[int] = []
        self.rows = 0

    def add(self, made: Block, about: tuple[int, ...]) -> None:
        """Add a block."""
        self.blocks.append(made)
        self.about.extend(about)
        self.named += made.names
        self.found += made.found
        self.rows += made.rows


class Weighed:
    """The candidates of some strings as columns, a row for each: objects are made of those that matter.

    `ends`: behind the last row of each string. `edges`: where each row begins and ends (see Candidate), of the
    `organisations`, with their `inputs`.
    """

    def __init__(
        self, ends: list[int], blocks: Blocks, edges: Numbers, stretch: Numbers, posting: Numbers,
        organisations: Numbers, inputs: Floats,
    ) -> None:  # fmt: skip
        self.ends = ends
        self.edges = edges[stretch]
        self.organisations = organisations
        self.inputs = inputs
        self._blocks = blocks
        self._edges: list[list[int]] = edges.tolist()
        self._stretch, self._posting, self._known = stretch.tolist(), posting.tolist(), organisations.tolist()

    def candidate(self, row: int, *, inputs: bool = True) -> Candidate:
        """Return a row as a candidate, with the model's inputs if somebody asks for them."""
        at = self._stretch[row]
        key, text = self._blocks.found[at][self._posting[row]][3], self._blocks.named[at].text
        part, first, until, last = self._edges[at]
        return Candidate(part, first, until, last, self._known[row], key, text, self.inputs[row] if inputs else ())

    def candidates(self) -> list[list[Candidate]]:
        """Return the candidates of each string."""
        return [list(map(self.candidate, range(*extent))) for extent in pairwise([0, *self.ends])]

    def alike(self, row: int, begin: int, end: int) -> list[int]:
        """Return the rows from `begin` on, before `end`, that have just the words of one."""
        edges, stretch = self._edges, self._stretch
        words = edges[stretch[row]]
        return [other for other in range(begin, end) if edges[stretch[other]] == words]

    def spelled_out(self, seen: Sequence[Seen], strings: Numbers) -> list[int]:
        """Return the rows of acronyms whose letters are the initials of words of the string (`strings`: of which)."""
        found, stretch, posting = self._blocks.found, self._stretch, self._posting
        rows = np.flatnonzero(self.inputs[:, _KIND] == ACRONYM)
        out, asked, initials = [], -1, ""
        for row, number in zip(rows.tolist(), strings[rows].tolist(), strict=True):
            key = found[stretch[row]][posting[row]][3]
            if len(key) > 1:
                if number != asked:
                    asked, initials = number, "".join([view.initials for view in seen[number].views])
                if key in initials:
                    out.append(row)
        return out
