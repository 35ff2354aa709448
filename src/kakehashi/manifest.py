"""What ran on what: the record that makes a study reproducible, resumable and explainable.

The manifest holds no time of day and no machine path, so that the same inputs give the same bytes.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kakehashi.pool import workers

UNREADABLE = "unreadable"
"""Stands for the digest of an input that cannot be read: the day it can, the digest changes and the stage runs."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class StageRecord:
    """A finished stage: the fingerprint of everything it depends on, what it wrote, and what it measured of itself."""

    fingerprint: str
    tables: Mapping[str, Mapping[str, Any]]
    measures: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data; measures only where there are any."""
        entry: dict[str, Any] = {"fingerprint": self.fingerprint, "tables": dict(self.tables)}
        return {**entry, "measures": dict(self.measures)} if self.measures else entry


@dataclass(frozen=True)
class Manifest:
    """The state of a study. `registry` is version, sha256 and organisations; `stages` holds finished stages only."""

    kakehashi: str = ""
    home: str = ""
    engine: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Mapping[str, Any], ...] = ()
    registry: Mapping[str, Any] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, StageRecord] = field(default_factory=dict)

    def without(self, stage: str) -> "Manifest":
        """Return the manifest without a stage, as it must stand while that stage's tables are being replaced."""
        return replace(self, stages={name: record for name, record in self.stages.items() if name != stage})

    def with_stage(self, stage: str, record: StageRecord, order: Sequence[str]) -> "Manifest":
        """Return the manifest with a finished stage, the stages in the given order whatever was run again when."""
        stages = {**self.stages, stage: record}
        return replace(self, stages={name: stages[name] for name in order if name in stages})

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, as written to manifest.json."""
        return {
            "kakehashi": self.kakehashi,
            "home": self.home,
            "engine": self.engine,
            "settings": dict(self.settings),
            "inputs": [dict(entry) for entry in self.inputs],
            "registry": dict(self.registry),
            "packages": dict(sorted(self.packages.items())),
            "stages": {name: record.to_dict() for name, record in self.stages.items()},
        }


def read_manifest(path: Path) -> Manifest:
    """Read manifest.json. A missing or damaged file gives an empty manifest: then everything is out of date."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        stages = {
            name: StageRecord(s["fingerprint"], s["tables"], s.get("measures", {}))
            for name, s in raw.pop("stages").items()
        }
        return Manifest(**{**raw, "inputs": tuple(raw["inputs"])}, stages=stages)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return Manifest()


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that a kill at any moment leaves the old file or the new one."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text so that a kill at any moment leaves the old file or the new one."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, or of a folder's files whatever their names (Spark names parts at random)."""
    if path.is_dir():
        parts = sorted(file_digest(part) for part in path.glob("*.parquet"))
        return text_digest(*parts)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def stored_bytes(path: Path) -> int | None:
    """Return the size of a table's file, or of a folder's parts together; None where there is nothing."""
    try:
        if path.is_dir():
            return sum(part.stat().st_size for part in path.glob("*.parquet"))
        return path.stat().st_size
    except OSError:
        return None


def text_digest(*parts: str) -> str:
    """Return the SHA-256 of texts, each closed off so that moving a border changes the result."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode()
        digest.update(f"{len(raw)}:".encode() + raw)
    return digest.hexdigest()


@cache
def code_digest(*folders: str) -> str:
    """Return the digest of the package's own files below the folders: code and policy data both decide results."""
    root = files("kakehashi")
    found: list[tuple[str, bytes]] = []
    for folder in folders:
        _collect(root.joinpath(folder), folder, found)
    return text_digest(*(f"{name}:{hashlib.sha256(content).hexdigest()}" for name, content in sorted(found)))


def _collect(node: Traversable, name: str, found: list[tuple[str, bytes]]) -> None:
    if node.is_file():
        if not name.endswith(".pyc"):
            found.append((name, node.read_bytes()))
        return
    for child in node.iterdir():
        if child.name != "__pycache__":
            _collect(child, f"{name}/{child.name}", found)


def package_versions(names: tuple[str, ...]) -> dict[str, str]:
    """Return the installed versions of packages; those that are not installed are left out."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


class DigestCache:
    """Digests of input files, remembered by size and time of change, so that an unchanged study starts at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[Any]] = {}
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return
        if isinstance(known, dict):
            self._known = {name: entry for name, entry in known.items() if isinstance(entry, list) and len(entry) == 3}

    def digest(self, path: Path) -> tuple[str, int]:
        """Return the SHA-256 and the size in bytes of a file; UNREADABLE and 0 for a pipe or a link to nowhere."""
        try:
            state = path.stat()
            if not stat.S_ISREG(state.st_mode):
                return UNREADABLE, 0
            stamp = [state.st_size, state.st_mtime_ns]
            known = self._known.get(str(path))
            if known is None or known[:2] != stamp:
                self._known[str(path)] = known = [*stamp, file_digest(path)]
        except OSError:
            return UNREADABLE, 0
        return known[2], state.st_size

    def digests(self, paths: Iterable[Path]) -> list[tuple[str, int]]:
        """Return what `digest` says of each file, several read at once: hashing holds no other thread up."""
        with ThreadPoolExecutor(workers()) as pool:
            return list(pool.map(self.digest, paths))

    def save(self) -> None:
        """Remember for the next run."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_json(self._path, self._known)
