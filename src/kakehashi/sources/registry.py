"""All formats in the order in which they are asked, and the one way to read a file of any of them."""

import csv
import struct
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from msgspec.structs import replace

from kakehashi.errors import SourceError
from kakehashi.records import Batch, Record, Refusal
from kakehashi.sources import (
    acm_csv,
    bibtex,
    cnki,
    dimensions_csv,
    generic,
    ieee_csv,
    ieee_json,
    lens_csv,
    lens_json,
    medline,
    openalex,
    openalex_csv,
    openalex_parquet,
    ris,
    scopus_csv,
    springer_csv,
    wos_table,
    wos_tagged,
)
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.check import checked, is_sound
from kakehashi.sources.streams import find_files, first_bytes, inputs_of
from kakehashi.sources.text import make_head

__all__ = ["FORMATS", "find_files", "formats", "inputs_of", "read_batches", "read_file", "recognise"]

# The most specific first: what has marks of its own, then tables known by their columns. What accepts much comes last.
FORMATS: tuple[Format, ...] = (
    *wos_tagged.FORMATS,
    *ris.FORMATS,
    *medline.FORMATS,
    *openalex.FORMATS,
    *openalex_parquet.FORMATS,
    *ieee_json.FORMATS,
    *lens_json.FORMATS,
    *cnki.FORMATS,
    *bibtex.FORMATS,
    *ieee_csv.FORMATS,
    *scopus_csv.FORMATS,
    *wos_table.FORMATS,
    *springer_csv.FORMATS,
    *lens_csv.FORMATS,
    *dimensions_csv.FORMATS,
    *openalex_csv.FORMATS,
    *acm_csv.FORMATS,
)
GENERIC: tuple[Format, ...] = generic.FORMATS

# What bad data can raise inside a reader in spite of its care, down to a JSON value of another shape than documented.
# The refusal names reader and error, so that a fault of ours stays visible.
_DATA_ERRORS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, EOFError,
                csv.Error, struct.error, zlib.error, NotImplementedError)  # fmt: skip


@cache
def formats() -> tuple[Format, ...]:
    """All formats in the order asked: built in, from other packages (entry points `kakehashi.sources`), generic.

    An entry point names a Format or a sequence of them. Raises SourceError if one cannot be loaded.
    """
    found: list[Format] = []
    for entry in sorted(entry_points(group="kakehashi.sources"), key=lambda entry: (entry.name, entry.value)):
        try:
            loaded = entry.load()
        except (ImportError, AttributeError) as error:
            raise SourceError(f"the installed reader {entry.name!r} ({entry.value}) does not load: {error}") from error
        found += [loaded] if isinstance(loaded, Format) else list(loaded)
    return (*FORMATS, *found, *GENERIC)


def recognise(head: Head) -> Format | None:
    """Return the first format that knows this beginning as its own, or None."""
    return next((format_ for format_ in formats() if format_.recognise(head)), None)


def format_named(name: str) -> Format:
    """Return the format of this name. Raises SourceError naming the known ones."""
    for format_ in formats():
        if format_.name == name:
            return format_
    raise SourceError(f"unknown format {name!r}; known formats: {', '.join(sorted(f.name for f in formats()))}")


def read_file(
    path: Path, label: str, columns: Mapping[str, str], forced_format: str | None = None
) -> Iterator[tuple[Format | None, Item]]:
    """Read a file of any format, or an archive of such files; yield each item with the format it was read by.

    As `read_batches`, with each record by itself.
    """
    forced = format_named(forced_format) if forced_format else None
    return cast("Iterator[tuple[Format | None, Item]]", _read(path, label, columns, forced, in_batches=False))


def read_batches(
    path: Path, label: str, columns: Mapping[str, str], forced_format: str | None = None
) -> Iterator[tuple[Format | None, Item | Batch]]:
    """Read a file of any format, or an archive of such files; yield each item with the format it was read by.

    Formats that can give many sound records at once do.

    Rows are numbered through the whole file, members of an archive one after the other. Whatever is wrong with the
    data comes as a refusal: `empty`, `unrecognised`, `truncated`, `unreadable`, and those of the reader. Raises
    SourceError only for an unknown `forced_format` or an installed reader that does not load.
    """
    forced = format_named(forced_format) if forced_format else None
    return _read(path, label, columns, forced, in_batches=True)


def _read(
    path: Path, label: str, columns: Mapping[str, str], forced: Format | None, *, in_batches: bool
) -> Iterator[tuple[Format | None, Item | Batch]]:
    offset = 0
    for source in inputs_of(path, label, columns):
        if isinstance(source, Refusal):
            yield forced, source
            continue
        last = offset
        for format_, item in _read_input(source, forced, in_batches):
            moved = _moved(item, offset) if offset else item
            if moved.row is not None and moved.row > last:
                last = moved.row
            yield format_, _name_member(moved, source, label) if isinstance(moved, Refusal) else moved
        offset = last


def _moved(item: Item | Batch, offset: int) -> Item | Batch:
    if isinstance(item, Batch):
        return item.moved(offset)
    return item if item.row is None else replace(item, row=item.row + offset)


def _name_member(item: Refusal, source: Input, label: str) -> Refusal:
    if source.name == label:
        return item
    return replace(item, reason=f"{source.name.removeprefix(label + '/')}: {item.reason}")


def _read_input(source: Input, forced: Format | None, in_batches: bool) -> Iterator[tuple[Format | None, Item | Batch]]:
    data = first_bytes(source)
    head = make_head(data)
    if not data or (head.encoding and not head.text.strip()):
        yield forced, _explain_empty(source)
        return
    # Who maps columns means a plain table, even if it looks like some vendor's.
    asked = (*(GENERIC if source.columns else ()), *formats())
    format_ = forced or next((format_ for format_ in asked if format_.recognise(head)), None)
    if format_ is None:
        yield None, _explain_unrecognised(head)
        return
    for item in _guarded(format_, source, head, in_batches):
        if not isinstance(item, Record) or is_sound(item):
            yield format_, item
        else:
            for checked_item in checked(item):
                yield format_, checked_item


def _guarded(format_: Format, source: Input, head: Head, in_batches: bool) -> Iterator[Item | Batch]:
    """Pass on what a reader yields; an error it did not foresee ends the file with a refusal that says where."""
    row = 0
    try:
        for item in ((in_batches and format_.read_batches) or format_.read)(source, head):
            if item.row is not None and item.row > row:
                row = item.row
            yield item
    except OSError as error:
        reason = f"the file breaks off after record {row} ({error}); what came before was kept. Fetch the file again"
        yield Refusal(row + 1, "truncated", reason, 1)
    except _DATA_ERRORS as error:
        reason = (
            f"the {format_.name} reader stopped after record {row}: {type(error).__name__}: {error}; "
            "what came before was kept"
        )
        yield Refusal(row + 1, "unreadable", reason, 1)


def _explain_empty(source: Input) -> Refusal:
    try:
        with source.open() as stream:
            stream.read(1)
    except OSError as error:
        return Refusal(None, "truncated", f"nothing could be read ({error}); fetch the file again", 0)
    return Refusal(None, "empty", "the file is empty; export it again or remove it", 0)


def _explain_unrecognised(head: Head) -> Refusal:
    if head.encoding is None:
        return Refusal(None, "unrecognised", "binary data of no known format; export as CSV, BibTeX or RIS", 0)
    beginning = " ".join(head.text[:200].split())[:60]
    reason = (
        f"no known format begins with {beginning!r}; if it is a table, name its columns in study.toml: "
        '[[sources]] format = "generic_csv", columns = { title = "...", affiliations = "..." }'
    )
    return Refusal(None, "unrecognised", reason, 0)
