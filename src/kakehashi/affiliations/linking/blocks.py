"""The names of a part as columns, made once: a string takes over those of its parts whole, without a look at each."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from kakehashi.affiliations.linking.views import Named

Posting = tuple[int, int, int, str, float]
"""An organisation, the kind of its name, the manner in which the words are that name, its key, the likeness."""


class Rows(NamedTuple):
    """What a stretch names, as arrays: organisations, and the inputs each has whatever stands around (see weighing)."""

    organisations: NDArray[np.int64]
    values: NDArray[np.float64]


Describe = Callable[[Sequence[Posting], Sequence[float]], Rows]
"""Makes the rows of postings and what is said of their stretch."""


class Block(NamedTuple):
    """Some stretches, with what each names: `found` and its size, and the rows of all, one after the other.

    `edges` has for each stretch its first word and the one it ends before, the first token and the one it ends before,
    and whether it is the whole part. `most`: organisations of the name that has most of them.
    """

    names: tuple["Named", ...]
    found: tuple[Sequence[Posting], ...]
    sizes: NDArray[np.int64]
    edges: NDArray[np.int64]
    organisations: NDArray[np.int64]
    values: NDArray[np.float64]
    most: int


Edges = tuple[int, int, int, int, bool]


def block(stretches: Sequence[tuple["Named", Sequence[Posting], Edges]], describe: Describe) -> Block:
    """Make the block of at least one stretch, each with what it names and where it stands."""
    names, found, edges = zip(*stretches, strict=True)
    rows = [describe(postings, named.said) for named, postings, _ in stretches]
    sizes = [len(postings) for postings in found]
    return Block(
        names, found, np.array(sizes, np.int64), np.array(edges, np.int64),
        rows[0].organisations if len(rows) == 1 else np.concatenate([one.organisations for one in rows]),
        rows[0].values if len(rows) == 1 else np.concatenate([one.values for one in rows]), max(sizes),
    )  # fmt: skip
