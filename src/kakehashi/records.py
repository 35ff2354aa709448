"""What a reader of export files yields: records, and refusals for what it could not keep.

Structs of msgspec: dozens are made for each record, and a frozen dataclass takes six times as long. To change a value,
`msgspec.structs.replace`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec import Struct

Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
KeywordKind = Literal["author", "ieee", "inspec", "inspec_free", "index", "mesh", "ccs", "topic", "concept"]


class Author(Struct, frozen=True, gc=False):
    """A person as printed on the work."""

    name: str
    orcid: str | None = None


class Mention(Struct, frozen=True, gc=False):
    """An affiliation string as printed, and what the source itself asserts about it.

    `author` is the 1-based position of the author it belongs to, or None where the format does not say.
    """

    text: str
    author: int | None = None
    given_ror: str | None = None
    given_country: str | None = None


class Keyword(Struct, frozen=True, gc=False):
    """A keyword and its kind. A CCS concept may be given as its id path (`10002978.10002979`) or its name."""

    text: str
    kind: KeywordKind


class Record(Struct, frozen=True, gc=False):
    """One bibliographic record. `row` is its 1-based place among the records of its file."""

    row: int
    title: str | None
    year: int | None = None
    doi: str | None = None
    source_id: str | None = None
    venue: str | None = None
    doc_type: str | None = None
    language: str | None = None
    abstract: str | None = None
    citations: int | None = None
    authors: tuple[Author, ...] = ()
    mentions: tuple[Mention, ...] = ()
    keywords: tuple[Keyword, ...] = ()


class Parts(NamedTuple):
    """What records have several of, one after the other: whose each is (position from 0), its place there (from 1)."""

    texts: pa.Array
    of: Integers
    places: Integers

    def where(self, keep: Flags) -> "Parts":
        """Return only the parts that are to be kept."""
        return self if keep.all() else Parts(self.texts.filter(pa.array(keep)), self.of[keep], self.places[keep])

    def filled(self) -> "Parts":
        """Return only the parts that are not null."""
        return self.where(np.asarray(self.texts.is_valid()))

    def within(self, keep: Flags) -> "Parts":
        """Return the parts of those records only that are to be kept, which are numbered anew."""
        there = self.where(keep[self.of])
        return there._replace(of=(keep.cumsum() - 1)[there.of])


@dataclass(frozen=True)
class Batch:
    """Many records of one file by columns.

    `rows` are their places in the file. `values` holds an Arrow array for each value that a record has one of, by its
    name in `Record`. The place of a mention is that of its author. Keywords stand once each, by their kind.
    """

    rows: Integers
    values: Mapping[str, pa.Array]
    authors: Parts
    mentions: Parts
    keywords: Sequence[tuple[KeywordKind, Parts]]

    @property
    def row(self) -> int:
        """The last of the rows."""
        return int(self.rows[-1])

    def moved(self, offset: int) -> "Batch":
        """Return the batch with all rows further by a number."""
        return changed(self, rows=self.rows + offset)


class Refusal(Struct, frozen=True, gc=False):
    """Something that was not kept. `records` is how many records were lost by it: 0 for a part of one, or a note."""

    row: int | None
    code: str
    reason: str
    records: int = 1
