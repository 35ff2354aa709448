"""The contract of a reader: recognise by content, then yield records and refusals, never raise on bad data."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from kakehashi.records import Batch, Record, Refusal

HEAD_BYTES = 65_536

Item = Record | Refusal


@dataclass(frozen=True)
class Input:
    """One stream of bytes to read: a file, or a member of an archive.

    `open` gives a new binary stream from its start (already decompressed). `columns` maps the product's names
    (title, year, doi, authors, affiliations, ...) to the file's own, as the user set them in study.toml.
    """

    name: str
    open: Callable[[], BinaryIO]
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    path: Path | None = None

    def head(self) -> bytes:
        """Return the first bytes, enough for a format to recognise itself."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)


@dataclass(frozen=True)
class Head:
    """The beginning of an input, decoded once for all formats that look at it.

    `text` starts without a byte-order mark; `encoding` is what the reader should decode with; `lines` are the first
    physical lines of `text`. For binary data `text` is empty.
    """

    data: bytes
    text: str
    encoding: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """A format that Kakehashi reads.

    name: stable id such as `ieee_csv`. database: the origin it stands for, such as `ieee` (or None: the record's own).
    recognise: whether a head is of this format; it must not claim another's file. read: yields records in file order,
    row numbers from 1, and refusals; it raises only OSError. description: one line for the documentation, in English.
    read_batches: the same, with records in batches where it can, if the format has such a reader.
    """

    name: str
    database: str
    recognise: Callable[[Head], bool]
    read: Callable[[Input, Head], Iterator[Item]]
    description: str
    read_batches: Callable[[Input, Head], Iterator[Item | Batch]] | None = None


def from_bytes(name: str, data: bytes, **columns: str) -> Input:
    """Wrap bytes as an input. Used by tests and by the web upload."""
    return Input(name, lambda: io.BytesIO(data), MappingProxyType(columns))
