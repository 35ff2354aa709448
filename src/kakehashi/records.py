"""What a reader of export files yields: records, and refusals for what it could not keep.

Structs of msgspec: dozens are made for each record, and a frozen dataclass takes six times as long. To change a value,
`msgspec.structs.replace`.
"""

from typing import Literal

from msgspec import Struct

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


class Refusal(Struct, frozen=True, gc=False):
    """Something that was not kept. `records` is how many records were lost by it: 0 for a part of one, or a note."""

    row: int | None
    code: str
    reason: str
    records: int = 1
