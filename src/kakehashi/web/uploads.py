"""Files that come from a browser: kept under a harmless name, and refused with the reason where they are no exports."""

import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import filelock

from kakehashi.errors import SourceError
from kakehashi.records import Refusal
from kakehashi.sources.registry import find_files, inputs_of, recognise
from kakehashi.sources.streams import first_bytes
from kakehashi.sources.text import make_head

MOST_BYTES = 8 * 1024**3
"""Most bytes of one upload."""
_UNPACKED = 1024**3
"""Bytes of an archive that are unpacked to see whether it is a bomb."""
_CHUNK = 1 << 20
_LONGEST = 100
_ASIDE = ".new-"
_HELD = ".lock"
_PACKED = (b"\x1f\x8b", b"PK\x03\x04")


@dataclass(frozen=True)
class Seen:
    """A file as far as its beginning tells: its name, size, the formats found in it, or why it is refused."""

    name: str
    bytes: int
    formats: tuple[str, ...]
    refusal: str = ""
    code: str = ""
    """The id of the refusal, where it is one of those that readers give."""


def harmless(given: str) -> str:
    """Return a name for a file that is a name and nothing else: no folder, no hidden file, no control signs."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    kept = "".join(one if one.isalnum() or one in " ._-()" else "_" for one in last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[:_LONGEST] or 'export'}.{ending}"
    return kept[:_LONGEST] or "export"


def keep(stream: BinaryIO, name: str, folder: Path) -> Path:
    """Write a stream into a folder under a free name, whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / harmless(name)
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{Path(harmless(name)).stem}-{number}{Path(harmless(name)).suffix}"
    part = folder / f".{path.name}.part"
    try:
        with part.open("wb") as out:
            shutil.copyfileobj(stream, out, _CHUNK)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


@contextmanager
def unfinished(shelf: Path) -> Iterator[Path]:
    """Give a folder in which a study is put together out of sight, to be moved into its place when it is whole."""
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=shelf))
    try:
        with filelock.FileLock(aside / _HELD):
            yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def clear_unfinished(shelf: Path) -> None:
    """Remove what a server that was killed left of studies it was putting together: nobody holds it any more."""
    for aside in shelf.glob(f"{_ASIDE}*"):
        try:
            with filelock.FileLock(aside / _HELD, timeout=0):
                shutil.rmtree(aside, ignore_errors=True)
        except (filelock.Timeout, OSError):
            continue


def look(path: Path) -> Seen:
    """Say what a file is by its beginning, and unpack archives far enough to tell a bomb."""
    size = path.stat().st_size
    formats: dict[str, None] = {}
    try:
        for one in inputs_of(path, path.name, {}):
            if isinstance(one, Refusal):
                return Seen(path.name, size, tuple(formats), one.reason, one.code)
            found = recognise(make_head(first_bytes(one)))
            if found is not None:
                formats[found.name] = None
        if _is_packed(path):
            _unpack(path)
    except (OSError, SourceError) as error:
        return Seen(path.name, size, tuple(formats), str(error))
    return Seen(path.name, size, tuple(formats))


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4).startswith(_PACKED)


def _unpack(path: Path) -> None:
    """Read through an archive; what grows out of all measure raises OSError, as it does when a study reads it."""
    left = _UNPACKED
    for one in inputs_of(path, path.name, {}):
        if isinstance(one, Refusal):
            continue
        with one.open() as stream:
            while left > 0 and (data := stream.read(_CHUNK)):
                left -= len(data)


def listed(folder: Path) -> Iterator[Seen]:
    """Look at every file below a folder, in natural order."""
    if folder.is_dir():
        for path, _ in find_files([folder]):
            yield look(path)
