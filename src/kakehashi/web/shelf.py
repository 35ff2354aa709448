"""Which studies are served, and each study as its pages see it: tables at rest, settings, names, in each language."""

import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kakehashi import reference
from kakehashi.errors import KakehashiError
from kakehashi.manifest import read_manifest
from kakehashi.report.context import Context
from kakehashi.report.queries import StudyTables
from kakehashi.settings import Settings
from kakehashi.study import Study
from kakehashi.texts import Language, texts
from kakehashi.web.foreseen import foresee, is_foreseen
from kakehashi.web.reader import Reader
from kakehashi.web.snapshot import generation, snapshot

_NAME = re.compile(r"[^\W_][\w.\- ]{0,79}")


def safe_name(given: str) -> str | None:
    """Return a name under which a study's folder can be made, or None: no path, nothing hidden, no control signs."""
    name = unicodedata.normalize("NFC", given).strip().rstrip(".")
    return name if _NAME.fullmatch(name) and not name.startswith(".") else None


class Opened:
    """A finished study at rest. Everything about it is computed once and shared by all readers."""

    def __init__(
        self, name: str, generation: str, reader: Reader, settings: Settings, manifest: Mapping[str, Any]
    ) -> None:
        self.name = name
        self.generation = generation
        self.reader = reader
        self.settings = settings
        self.manifest = manifest
        self._contexts: dict[Language, Context] = {}
        self.lock = threading.Lock()
        self.kept: dict[Any, Any] = {}

    @property
    def is_reference(self) -> bool:
        """Whether the study holds published figures only."""
        return bool(self.manifest.get("reference"))

    def context(self, language: Language) -> Context:
        """Return what report and pages know of the study in a language."""
        with self.lock:
            if language not in self._contexts:
                tables = StudyTables(self.reader.rows, self.reader.present)
                self._contexts[language] = Context(tables, self.manifest, self.settings, texts(language))
            return self._contexts[language]


_Mark = tuple[int, int, int]
"""What tells one manifest on disk from another: a run replaces the file."""


def _mark(folder: Path) -> _Mark | None:
    try:
        seen = (folder / "manifest.json").stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


def ready(folder: Path) -> Path | None:
    """Return the snapshot of a study with what its pages ask first, made now if need be; None and errors as there."""
    found = snapshot(folder)
    if found is not None and not is_foreseen(found):
        foresee(found, _ran_with(folder, read_manifest(found / "manifest.json").to_dict()))
    return found


def _ran_with(folder: Path, manifest: dict[str, Any]) -> Settings:
    """Return the settings that ran, which the pages tell, not what study.toml may say by now."""
    sources = Study(folder).settings.model_dump()["sources"]
    return Settings.model_validate({**manifest["settings"], "sources": sources})


class Shelf:
    """The studies under a folder, or one study, and the built-in ones. Opened when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self.single = (self.folder / "study.toml").is_file()
        self._opened: dict[str, Opened] = {}
        self._references: dict[str, Study] = {}
        self._seen: dict[str, tuple[_Mark, Path, Opened]] = {}
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Return the names of the studies in this folder, in order."""
        if self.single:
            return [self.folder.name]
        return sorted(path.name for path in self._folders())

    def references(self) -> list[str]:
        """Return the names of the built-in studies."""
        return list(reference.names())

    def folder_of(self, name: str) -> Path | None:
        """Return the folder of a study, None where there is no such study here."""
        if self.single:
            return self.folder if name == self.folder.name else None
        if name.startswith(".") or Path(name).name != name:
            return None
        path = self.folder / name
        return path if (path / "study.toml").is_file() else None

    def _folders(self) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if not path.name.startswith(".") and (path / "study.toml").is_file():
                yield path

    def open(self, name: str) -> Opened | None:
        """Return a study at rest: its last finished run; None where there is no study or no finished run."""
        folder = self.folder_of(name)
        if folder is None:
            return self._reference(name) if name in self.references() else None
        mark = _mark(folder)
        seen = self._seen.get(name)
        if mark is not None and seen is not None and seen[0] == mark and seen[1].is_dir():
            return seen[2]
        found = ready(folder)
        if found is None:
            return None
        known = self._known(name, folder, found)
        if mark is not None and generation(folder) == known.generation:  # not while a run is under way
            self._seen[name] = (mark, found, known)
        return known

    def _known(self, name: str, folder: Path, found: Path) -> Opened:
        with self._lock:
            known = self._opened.get(name)
            if known is None or known.generation != found.name:
                manifest = read_manifest(found / "manifest.json").to_dict()
                settings = _ran_with(folder, manifest)
                known = self._opened[name] = Opened(name, found.name, Reader(found), settings, manifest)
            return known

    def _reference(self, name: str) -> Opened:
        with self._lock:
            if name not in self._opened:
                study = self._references[name] = Study(name)
                reader = Reader(study.tables_folder())
                self._opened[name] = Opened(name, name, reader, study.settings, study.manifest)
            return self._opened[name]


def display_name(shelf: Shelf, name: str) -> str:
    """Return the name that a study gives itself, or that of its folder."""
    folder = shelf.folder_of(name)
    try:
        return (Study(folder) if folder else Study(name)).settings.study.name or name
    except KakehashiError:
        return name
