"""OpenAlex works as Parquet, the second form of its snapshot: read batch by batch, only the columns in use."""

import shutil
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow
import pyarrow.parquet

from kakehashi.records import Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.json_stream import convert_object
from kakehashi.sources.openalex_work import work_record

BATCH_ROWS = 500
_MAGIC = b"PAR1"
_COLUMNS = (
    "id",
    "doi",
    "ids",
    "title",
    "display_name",
    "publication_year",
    "primary_location",
    "host_venue",
    "type",
    "language",
    "abstract_inverted_index",
    "abstract",
    "cited_by_count",
    "authorships",
    "is_authors_truncated",
    "mesh",
    "concepts",
    "topics",
    "keywords",
)
_NEEDED = ("id", "authorships")


def _recognise(head: Head) -> bool:
    # The columns of a Parquet file are named at its end, so this claims all of them; the reader refuses other tables.
    return head.data.startswith(_MAGIC)


def _read(source: Input, head: Head) -> Iterator[Item]:  # noqa: ARG001
    with source.open() as stream, tempfile.TemporaryFile() as spool:
        seekable = _seekable(stream, spool)
        try:
            file = pyarrow.parquet.ParquetFile(seekable)
        except (pyarrow.ArrowException, OSError) as error:
            yield Refusal(None, "truncated", f"not a whole Parquet file ({error}); fetch it again", 0)
            return
        names = file.schema_arrow.names
        if not all(name in names for name in _NEEDED):
            reason = f"a Parquet table without the columns of OpenAlex works ({', '.join(_NEEDED)})"
            yield Refusal(None, "unrecognised", f"{reason}; it has {', '.join(names[:20])}", 0)
            return
        yield from _works(file, [name for name in _COLUMNS if name in names])


def _seekable(stream: BinaryIO, spool: BinaryIO) -> BinaryIO:
    """Parquet is read from its end; a stream out of an archive is copied to disk first."""
    if stream.seekable():
        return stream
    shutil.copyfileobj(stream, spool)
    spool.seek(0)
    return spool


def _works(file: pyarrow.parquet.ParquetFile, columns: list[str]) -> Iterator[Item]:
    row = 0
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=columns):
            for work in batch.to_pylist():
                row += 1
                yield from convert_object(row, work, work_record)
    except (pyarrow.ArrowException, OSError) as error:
        lost = file.metadata.num_rows - row
        yield Refusal(row + 1, "truncated", f"{lost} rows cannot be read ({error}); fetch the file again", lost)


FORMATS = (Format("openalex_parquet", "openalex", _recognise, _read, "OpenAlex works as Parquet (snapshot)"),)
