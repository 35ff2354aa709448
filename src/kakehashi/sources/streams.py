"""From a path to streams of bytes: plain files, gzip, zip; what cannot be opened safely becomes a refusal."""

import errno
import gzip
import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from kakehashi.errors import SourceError
from kakehashi.records import Refusal
from kakehashi.sources.base import HEAD_BYTES, Input

# A stream that grows beyond BOMB_BYTES at more than BOMB_RATIO to one is no bibliographic export (those reach 5 to 30).
BOMB_BYTES = 256 * 1024 * 1024
BOMB_RATIO = 200
MAX_MEMBERS = 100_000

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = ("[Content_Types].xml", "mimetype")
_NOT_FILES = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device",
              stat.S_IFBLK: "a device", stat.S_IFDIR: "a folder"}  # fmt: skip
_BROKEN = (EOFError, zlib.error, zipfile.BadZipFile, lzma.LZMAError, gzip.BadGzipFile)


class BrokenStreamError(OSError):
    """A compressed stream ends too early, is damaged, or is a bomb."""


class _Reader(Protocol):
    def read1(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class _Guarded(io.RawIOBase):
    """A decompressing stream whose failures are all OSError and whose growth is bounded."""

    def __init__(self, inner: _Reader, packed_bytes: Callable[[], int]) -> None:
        super().__init__()
        self._inner = inner
        self._packed_bytes = packed_bytes
        self._grown = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer with what one step of decompression gives."""
        try:
            data = self._inner.read1(len(buffer))
        except _BROKEN as error:
            raise BrokenStreamError(f"damaged or incomplete compressed data: {error}") from error
        self._grown += len(data)
        if self._grown > BOMB_BYTES and self._grown > BOMB_RATIO * max(1, self._packed_bytes()):
            raise BrokenStreamError(f"they grow over {BOMB_RATIO} times, so not read further; unpack and look inside")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the inner stream too."""
        if not self.closed:
            self._inner.close()
        super().close()


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """List the files under the given files and folders with a unique label each, in natural order.

    Hidden files and folders are left out, links to folders are not followed, a file met twice is listed once. What is
    no file (a link to nowhere, a pipe) is listed too, so that its refusal can be shown. The label of a file in a folder
    is its path from the folder's parent, with `/`; that of a single file is its name.
    Raises SourceError if a path does not exist or a folder cannot be listed.
    """
    found: dict[Path, str] = {}
    for root in paths:
        if not root.exists():
            raise SourceError(f"{root}: no such file or folder; check the path in study.toml")
        base = root.resolve().parent
        for path in _walk(root.resolve()) if root.is_dir() else [root.resolve()]:
            found.setdefault(path, path.relative_to(base).as_posix())
    taken: dict[str, int] = {}
    labelled = []
    for path, label in found.items():
        taken[label] = taken.get(label, 0) + 1
        labelled.append((path, label if taken[label] == 1 else f"{label} ({taken[label]})"))
    return labelled


def _walk(root: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise SourceError(f"{error.filename}: cannot list this folder: {error.strerror}") from error

    paths = []
    for folder, folders, names in os.walk(root, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [Path(folder) / name for name in names if not name.startswith(".")]
    return iter(sorted(paths, key=lambda path: natural_key(path.as_posix())))


def natural_key(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key under which `page_2` comes before `page_10`."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text)
    return [(0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts], text


def inputs_of(path: Path, label: str, columns: Mapping[str, str]) -> Iterator[Input | Refusal]:
    """Yield the inputs in a file: itself, what a gzip holds, or each member of a zip in natural order.

    What kind it is shows in the first bytes, not in the name. An input of a zip is usable until the next is asked for.
    Archives within archives, encrypted members and archives that do not open give refusals.
    """
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
        if kind != stat.S_IFREG:  # to open a pipe would wait for ever, to read a device never end
            reason = f"not a file but {_NOT_FILES.get(kind, 'something else')}; put the exported file itself here"
            yield Refusal(None, "unreadable", reason, 0)
            return
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):
            reason = "the file is gone, or a link that leads nowhere; put the exported file itself here"
            yield Refusal(None, "unreadable", reason, 0)
            return
        yield Refusal(None, "unreadable", f"cannot be opened: {error.strerror}; check its permissions", 0)
        return
    if magic.startswith(_ZIP):
        yield from _zip_inputs(path, label, columns)
    elif magic.startswith(_GZIP):
        source = Input(label, partial(_open_gzip, path), columns, path)
        yield _refuse_nested(source) or source
    else:
        yield Input(label, partial(_open_plain, path), columns, path)


def first_bytes(source: Input) -> bytes:
    """Return up to HEAD_BYTES of an input; fewer where the stream breaks before that."""
    data = b""
    try:
        with source.open() as stream:
            read = getattr(stream, "read1", stream.read)
            while len(data) < HEAD_BYTES and (more := read(HEAD_BYTES - len(data))):
                data += more
    except OSError:
        return data
    return data


def _open_plain(path: Path) -> BinaryIO:
    return path.open("rb")


def _open_gzip(path: Path) -> BinaryIO:
    packed = path.open("rb")
    inner = gzip.GzipFile(fileobj=packed, mode="rb")
    guarded = _Guarded(cast("_Reader", inner), packed.tell)
    return _Closing(guarded, packed)


class _Closing(io.BufferedReader):
    """A buffered reader that closes the file underneath as well."""

    def __init__(self, raw: io.RawIOBase, beneath: BinaryIO) -> None:
        super().__init__(raw)
        self._beneath = beneath

    def close(self) -> None:
        """Close all layers."""
        super().close()
        self._beneath.close()


def _zip_inputs(path: Path, label: str, columns: Mapping[str, str]) -> Iterator[Input | Refusal]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield Refusal(None, "truncated", f"the zip archive cannot be opened ({error}); fetch the file again", 0)
        return
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if any(member.filename in _OFFICE for member in members):
            yield Refusal(None, "unrecognised", "an office document; save the sheet as CSV (UTF-8) and add that", 0)
            return
        if len(members) > MAX_MEMBERS:
            yield Refusal(None, "unreadable", f"a zip archive of {len(members):,} members; unpack it first", 0)
            return
        shown = [member for member in members if not _is_hidden(member.filename)]
        if not shown:
            yield Refusal(None, "empty", "the zip archive holds no files; fetch it again or remove it", 0)
        for member in sorted(shown, key=lambda member: natural_key(member.filename)):
            yield _zip_input(archive, member, path, label, columns)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part not in (".", "..") for part in name.split("/"))


def _zip_input(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, label: str, columns: Mapping[str, str]
) -> Input | Refusal:
    if member.flag_bits & 0x1:
        return Refusal(None, "unreadable", f"{member.filename}: encrypted; unpack it with its password first", 0)

    def open_member() -> BinaryIO:
        try:
            inner = archive.open(member)
        except (*_BROKEN, NotImplementedError) as error:
            raise BrokenStreamError(f"damaged zip member: {error}") from error
        return io.BufferedReader(_Guarded(cast("_Reader", inner), lambda: member.compress_size))

    source = Input(f"{label}/{member.filename}", open_member, columns, path)
    return _refuse_nested(source) or source


def _refuse_nested(source: Input) -> Refusal | None:
    """Refuse archives within archives. What cannot even begin to be read is left to the one who reads it."""
    head = first_bytes(source)
    if head.startswith((_GZIP, *_ZIP)) or head[257:262] == b"ustar":
        return Refusal(None, "unreadable", f"{source.name}: an archive within an archive; unpack it first", 0)
    return None
