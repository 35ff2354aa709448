"""A registry's dump as a file: what is in it, checked before anything rests on it, and which release it is."""

import gzip
import hashlib
import re
import zipfile
import zlib
from collections import Counter
from pathlib import Path

import msgspec

from kakehashi.errors import SourceError

RELEASE = re.compile(r"\bv?(?P<version>\d+(?:\.\d+)+)-(?P<date>\d{4}-\d{2}-\d{2})-ror-data")
"""How ROR names its files: v1.59-2025-01-23-ror-data.zip, with v1.59-2025-01-23-ror-data_schema_v2.json inside.
Source: ROR documentation, "Data dump", https://ror.readme.io/docs/data-dump (read 2026-11-21)."""

_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
_WANTED = (
    "needed is a ROR dump in schema 2: a JSON array of organisations, plain, as .gz, or in the .zip that ROR publishes"
)


class Dump(msgspec.Struct, frozen=True):
    """What a dump holds.

    `version` is the release; where no file name tells it, the day of the latest change of a record, and where no record
    has one, the beginning of the SHA-256.

    `date` is the day of the release, else of the latest change of a record (ISO 8601); `schema` the newest ROR schema
    that a record names; `sha256` that of the file as it is, packed or not; the numbers count organisations.
    """

    version: str
    date: str
    schema: str
    sha256: str
    organisations: int
    active: int
    inactive: int
    withdrawn: int


class _Change(msgspec.Struct):
    date: str | None = None
    schema_version: str | None = None


class _Admin(msgspec.Struct):
    last_modified: _Change = msgspec.field(default_factory=_Change)


class _Entry(msgspec.Struct):
    """Of an organisation, what the check looks at. `name` is what schema 1 has in place of `names`."""

    id: str
    names: list[msgspec.Raw] | None = None
    name: str | None = None
    status: str = "active"
    admin: _Admin = msgspec.field(default_factory=_Admin)


def inspect(path: Path, version: str | None = None) -> Dump:
    """Check a dump and say what it holds. `version` overrides what the file's name says.

    Raises SourceError where it is no dump, is cut off, is in ROR's schema 1, or names an organisation twice.
    """
    digest = file_sha256(path)
    entries = _entries(path)
    _refuse_faulty(path, entries)
    statuses = Counter(entry.status for entry in entries)
    changes = [entry.admin.last_modified for entry in entries]
    changed = max((change.date for change in changes if change.date), default="")
    release = release_of(path)
    return Dump(
        version=version or (release[0] if release else changed or digest[:12]),
        date=release[1] if release else changed,
        schema=max((change.schema_version for change in changes if change.schema_version), default=""),
        sha256=digest,
        organisations=len(entries),
        active=statuses["active"],
        inactive=statuses["inactive"],
        withdrawn=statuses["withdrawn"],
    )


def release_of(path: Path) -> tuple[str, str] | None:
    """Return version (`v1.59`) and date of the release that the file's name tells, or that of the JSON in the zip."""
    names = [path.name]
    if _is_zip(path):
        names.append(_opened(path)[1])
    for name in names:
        if found := RELEASE.search(name):
            return f"v{found['version']}", found["date"]
    return None


def content(path: Path) -> bytes:
    """Return the JSON of a dump, unpacked; how it is packed is told by its content. Raises SourceError."""
    return _opened(path, read=True)[0]


def suffix(path: Path) -> str:
    """Return the ending that fits what the file is: .zip, .json.gz or .json."""
    with path.open("rb") as file:
        start = file.read(4)
    return ".zip" if start == _ZIP else ".json.gz" if start[:2] == _GZIP else ".json"


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as `sha256sum` prints it. Raises SourceError."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}; {_WANTED}") from error
    return digest.hexdigest()


def _is_zip(path: Path) -> bool:
    try:
        return suffix(path) == ".zip"
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}; {_WANTED}") from error


def _opened(path: Path, *, read: bool = False) -> tuple[bytes, str]:
    """Return the JSON (nothing unless `read`) and the name of the file that holds it."""
    try:
        if _is_zip(path):
            with zipfile.ZipFile(path) as archive:
                member = _member(path, archive.namelist())
                return (archive.read(member) if read else b""), member
        data = path.read_bytes() if read else b""
        return gzip.decompress(data) if data[:2] == _GZIP else data, path.name
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise SourceError(f"{path}: cut off or damaged ({error}); fetch it again. {_WANTED}") from error


def _member(path: Path, names: list[str]) -> str:
    """Choose the JSON of schema 2. Until release 1.74 a zip holds both schemas, the later one under `_schema_v2`."""
    found = sorted(name for name in names if name.endswith(".json") and not name.startswith("__MACOSX"))
    chosen = [name for name in found if "schema_v2" in name] or found
    if not chosen:
        raise SourceError(f"{path}: holds no JSON file; {_WANTED}")
    return chosen[0]


def _entries(path: Path) -> list[_Entry]:
    try:
        return msgspec.json.decode(content(path), type=list[_Entry])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: not a dump as ROR publishes it ({error}); {_WANTED}") from error


def _refuse_faulty(path: Path, entries: list[_Entry]) -> None:
    if not entries:
        raise SourceError(f"{path}: holds no organisation; {_WANTED}")
    if any(entry.names is None and entry.name is not None for entry in entries):
        raise SourceError(
            f"{path}: is in ROR's schema 1, which ROR ended with release 1.74. Give the zip itself, or the file in it "
            "that ends in _schema_v2.json, or fetch the newest: kakehashi registry add --download"
        )
    nameless = next((entry.id for entry in entries if not entry.names), None)
    if nameless is not None:
        raise SourceError(f"{path}: organisation {nameless} has no name; {_WANTED}")
    [(identifier, times)] = Counter(entry.id for entry in entries).most_common(1)
    if times > 1:
        raise SourceError(f"{path}: organisation {identifier} is there {times} times; a dump names each once")
