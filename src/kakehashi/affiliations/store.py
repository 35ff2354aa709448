"""The registries that a person has added, and the index of each, in the user's data folder.

<home>/registries/<version>/dump.{json,json.gz,zip}  registry.json
<home>/indexes/<what it is made of>/index.msgpack    registry.json
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import filelock
import msgspec
import platformdirs

from kakehashi.affiliations.dump import Dump, file_sha256, inspect, release_of, suffix
from kakehashi.errors import DataError, SettingsError, SourceError
from kakehashi.progress import Progress, Silent

HOME = "KAKEHASHI_HOME"
"""The environment variable that names another data folder."""

INDEX_MADE_BY = (
    ("kakehashi.affiliations.linking", ".py"),
    ("kakehashi.affiliations", "text.py"),
    ("kakehashi.affiliations", "decoding.py"),
    ("kakehashi.affiliations", "mojibake.py"),
    ("kakehashi.affiliations", "short_names.py"),
    ("kakehashi.affiliations", "lists.py"),
    ("kakehashi.affiliations", "roles.py"),
    ("kakehashi.affiliations", "dump.py"),
    ("kakehashi.data.affiliations", ".csv"),
    ("kakehashi.data.affiliations", "word_counts.json"),
)
"""The files that decide what an index holds: packages and how the names of their files end."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")
_DAY = 24 * 3600
Content = TypeVar("Content")


@dataclass(frozen=True)
class StoredRegistry:
    """A registry ready for use. `index_path` is the file that `linking.index.load` reads, in any process."""

    version: str
    sha256: str
    organisations: int
    index_path: Path


@dataclass(frozen=True)
class Found:
    """Where a registry's dump lies. `added` is what is known of one that was added, None for a mere file."""

    path: Path
    added: Dump | None


class _Built(msgspec.Struct, frozen=True):
    """What stands beside an index: the dump it was made of, and the index's size, by which damage shows."""

    dump: Dump
    size: int


def home() -> Path:
    """Return the user's data folder: KAKEHASHI_HOME, else where the system keeps the data of a user's programs."""
    chosen = os.environ.get(HOME)
    return Path(chosen).expanduser().absolute() if chosen else platformdirs.user_data_path("kakehashi", appauthor=False)


def add(source: Path, version: str | None = None) -> tuple[Dump, bool]:
    """Check a dump and keep a copy under its version. Return what it is, and whether it is new.

    A copy is complete or not there at all, whenever the program is stopped. Adding the same again changes nothing.
    Raises SourceError where the file is no dump, and SettingsError where the name is taken or the folder not writable.
    """
    dump = inspect(source, version)
    if not _NAME.fullmatch(dump.version):
        raise SettingsError(f"{dump.version!r} cannot name a registry: letters, digits and . _ + - only, at most 64")
    folder = home() / "registries"
    with _writing(folder), _locked(folder / ".lock"):
        known = {each.version: each for each in registries()}.get(dump.version)
        if known is None:
            _keep(source, dump, folder)
    if known is not None and known.sha256 != dump.sha256:
        raise SettingsError(
            f"{source}: another registry is kept as {dump.version} ({known.organisations} organisations, SHA-256 "
            f"{known.sha256}). Name this one with --version, or first: kakehashi registry remove {dump.version}"
        )
    return dump, known is None


def _keep(source: Path, dump: Dump, folder: Path) -> None:
    new = folder / ".new"
    shutil.rmtree(new, ignore_errors=True)  # what a killed run left
    new.mkdir()
    copy = new / f"dump{suffix(source)}"
    shutil.copyfile(source, copy)
    if file_sha256(copy) != dump.sha256:
        raise SourceError(f"{source}: changed while it was read; wait until it is complete and add it again")
    _flush(copy)
    _write(new / "registry.json", msgspec.json.encode(dump))
    os.replace(new, folder / dump.version)


def registries() -> list[Dump]:
    """Return the registries that were added, newest release first."""
    found = []
    for path in sorted((home() / "registries").glob("*/registry.json")):
        with suppress(FileNotFoundError):  # another process has just removed it
            if not path.parent.name.startswith("."):
                found.append(_read(path, Dump))
    return sorted(found, key=lambda dump: (dump.date, dump.version), reverse=True)


def remove(name: str) -> Dump:
    """Remove an added registry and its indexes, and return what it was. Raises SettingsError for an unknown name."""
    folder = home() / "registries"
    dump = _added(name)
    if dump is None:
        raise SettingsError(f"{name}: {_known()}")
    with _writing(folder), _locked(folder / ".lock"):
        gone = folder / ".gone"
        shutil.rmtree(gone, ignore_errors=True)
        if (folder / dump.version).exists():
            os.replace(folder / dump.version, gone)
        shutil.rmtree(gone, ignore_errors=True)
        for old in (home() / "indexes").glob(f"{dump.sha256[:16]}-*"):
            shutil.rmtree(old, ignore_errors=True)
    return dump


def find(name_or_path: str, *, base: Path) -> Found:
    """Find a registry: a file (relative to `base`), or the version of an added one, with or without its `v`.

    Raises SettingsError with what there is, and how to add one.
    """
    path = base / Path(name_or_path).expanduser()
    if path.is_file():
        return Found(path, None)
    dump = _added(name_or_path)
    if dump is None:
        raise SettingsError(f"registry {name_or_path!r}: there is no such file, and {_known()}")
    return Found(dump_path(dump), dump)


def dump_path(dump: Dump) -> Path:
    """Return the kept copy of an added registry. Raises DataError where it is gone."""
    folder = home() / "registries" / dump.version
    kept = sorted(folder.glob("dump.*"))
    if not kept:
        raise DataError(
            f"{folder}: the registry's file is gone; kakehashi registry remove {dump.version}, and add it again"
        )
    return kept[0]


def open_registry(name_or_path: str, *, base: Path, progress: Progress | None = None) -> StoredRegistry:
    """Return a registry with its index, which is built once for each dump and each version of the code.

    Several processes may ask at once: one builds, the others wait. Raises SettingsError, SourceError and DataError.
    """
    found = find(name_or_path, base=base)
    digest = file_sha256(found.path)
    if found.added is not None and digest != found.added.sha256:
        raise DataError(
            f"{found.path}: the registry's file has been changed or damaged; "
            f"kakehashi registry remove {found.added.version}, and add it again"
        )
    folder = home() / "indexes" / f"{digest[:16]}-{_index_key()}"
    built = _built(folder) or _build(folder, found.path, progress or Silent())
    release = release_of(found.path)
    version = found.added.version if found.added else release[0] if release else built.dump.date
    return StoredRegistry(version, digest, built.dump.organisations, folder / "index.msgpack")


def _build(folder: Path, source: Path, progress: Progress) -> _Built:
    from kakehashi.affiliations.linking import index, organisations

    progress.step("registry", None)
    with _writing(folder.parent), _locked(folder.with_name(f"{folder.name}.lock")):
        if built := _built(folder):  # another process was faster
            return built
        _forget_old(folder)
        new = folder.with_name(f".new-{folder.name}")
        for path in (new, folder):
            shutil.rmtree(path, ignore_errors=True)
        new.mkdir()
        dump = inspect(source)
        target = new / "index.msgpack"
        index.save(index.build(organisations.read_organisations(source)), target)
        _flush(target)
        built = _Built(dump, target.stat().st_size)
        _write(new / "registry.json", msgspec.json.encode(built))
        os.replace(new, folder)
        return built


def _built(folder: Path) -> _Built | None:
    """Return what is known of a finished index, None where there is none or its file is not whole."""
    try:
        built = _read(folder / "registry.json", _Built)
        return built if (folder / "index.msgpack").stat().st_size == built.size else None
    except (FileNotFoundError, DataError):
        return None


def _forget_old(folder: Path) -> None:
    """Remove indexes of the same dump by other versions of the code that were made more than a day ago."""
    for other in folder.parent.glob(f"{folder.name.split('-')[0]}-*"):
        if other != folder and other.is_dir() and time.time() - other.stat().st_mtime > _DAY:
            shutil.rmtree(other, ignore_errors=True)


@cache
def _index_key() -> str:
    """Digest of the code and word lists that decide what an index holds."""
    from kakehashi.affiliations.linking import index

    digest = hashlib.sha256(str(index.FORMAT).encode())
    for package, ending in INDEX_MADE_BY:
        for path in sorted(files(package).iterdir(), key=lambda path: path.name):
            if path.name.endswith(ending):
                digest.update(f"{package}/{path.name}:".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _added(name: str) -> Dump | None:
    known = {dump.version: dump for dump in registries()}
    return known.get(name) or known.get(f"v{name}")


def _known() -> str:
    versions = ", ".join(dump.version for dump in registries())
    added = f"the registries that were added are {versions}" if versions else "no registry has been added"
    return f"{added}. Add one: kakehashi registry add FILE, or: kakehashi registry add --download"


def _read(path: Path, type_: type[Content]) -> Content:
    try:
        return msgspec.json.decode(path.read_bytes(), type=type_)
    except msgspec.DecodeError as error:
        raise DataError(f"{path}: cannot be read ({error}); remove its folder and add the registry again") from error


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _flush(path)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn a full disk or a folder that may not be written into an error that says what to do."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise SettingsError(
            f"{error.filename or folder}: {error.strerror or error}. Make room or correct the permissions, or name "
            f"another data folder in {HOME}; then run the same command again"
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with filelock.FileLock(path):
        yield
