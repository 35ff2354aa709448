"""What was weighed: the candidates of many strings as columns, of which single ones are made into objects."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.blocks import Block, Posting
from kakehashi.affiliations.linking.evidence import FEATURES, Candidate, Seen
from kakehashi.affiliations.linking.index import ACRONYM
from kakehashi.affiliations.linking.joins import Numbers
from kakehashi.affiliations.linking.views import Named

Floats = NDArray[np.float64]

_KIND = FEATURES.index("kind")


class Blocks:
    """The blocks of some strings, each with a row of numbers on where it stands (see weighing).

    `named` and `found` are those of all their stretches, `inner` numbers of some of these; `rows`: how many rows.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.about: list[tuple[int, ...]] = []
        self.named: list[Named] = []
        self.found: list[Sequence[Posting]] = []
        self.inner: list[int] = []
        self.rows = 0

    def add(self, made: Block, about: tuple[int, ...]) -> None:
        """Add a block."""
        self.blocks.append(made)
        self.about.append(about)
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

    def spelled_out(self, seen: Sequence[Seen]) -> list[int]:
        """Return the rows of acronyms whose letters are the initials of words of the string."""
        initials: dict[int, str] = {}
        found = []
        for row in np.flatnonzero(self.inputs[:, _KIND] == ACRONYM).tolist():
            key, number = self._blocks.found[self._stretch[row]][self._posting[row]][3], bisect_right(self.ends, row)
            if len(key) > 1:
                if number not in initials:
                    initials[number] = "".join([word[0] for view in seen[number].views for word in view.words])
                if key in initials[number]:
                    found.append(row)
        return found
