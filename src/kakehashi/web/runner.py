"""The child process that does a study's long jobs for the explorer: `python -m kakehashi.web.runner JOB FOLDER …`.

The jobs are `run`, `documents FORMATS LANGUAGES` (each comma-separated), which does as `kakehashi report`, and `match`,
which builds the index of the study's works.

It is a process of its own so that pages stay quick, and of its own group so that it outlives the server. How far it has
come stands in a file that the pages read.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kakehashi.cli.stop import stoppable
from kakehashi.errors import KakehashiError
from kakehashi.progress import Advance
from kakehashi.study import Study
from kakehashi.web.problems import kind_of
from kakehashi.web.shelf import ready

_EVERY = 0.3


def state_file(folder: Path, job: str) -> Path:
    """Name the file that tells how far a job has come."""
    return folder / f".cache/{job}.json"


class FileWatcher:
    """Writes what a job does into a file, a few times a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = 0.0
        self.state: dict[str, Any] = {
            "status": "running",
            "pid": os.getpid(),
            "began": time.time(),
            "stages": [],
            "step": None,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        self.write()

    def write(self, **changes: Any) -> None:
        """Write the state, whole or not at all."""
        self.state.update(changes)
        new = self._path.with_name(f".{self._path.name}.new")
        new.write_text(json.dumps(self.state, ensure_ascii=False), encoding="utf-8")
        new.replace(self._path)
        self._written = time.monotonic()

    def step(self, name: str, total: int | None) -> Advance:
        """Begin a step."""
        self.state["step"] = {"name": name, "total": total, "done": 0}
        self.write()
        step = self.state["step"]

        def advance(units: int) -> None:
            step["done"] += units
            if time.monotonic() - self._written > _EVERY:
                self.write()

        return advance

    def stage(self, name: str, number: int, total: int) -> None:
        """Stage `number` of `total` begins."""
        self.write(stage=name, number=number, total=total, step=None)

    def skipped(self, name: str, number: int, total: int) -> None:
        """A stage is up to date."""
        self.state["stages"].append({"name": name, "seconds": None})
        self.write(number=number, total=total)

    def finished(self, name: str, seconds: float, rows: Mapping[str, int]) -> None:
        """A stage is done."""
        self.state["stages"].append({"name": name, "seconds": round(seconds, 1), "rows": dict(rows)})
        self.write(step=None)


def _run(study: Study, watcher: FileWatcher) -> None:
    """Run the study and prepare its pages."""
    study.run(watcher=watcher)
    watcher.write(stage="pages", step=None)
    ready(study.folder)


def _documents(study: Study, watcher: FileWatcher, formats: str, languages: str) -> None:
    """Write the report into the study's folder."""
    asked: Any = languages.split(",")
    study.report(asked, formats=formats.split(","), progress=watcher)


def _match(study: Study, watcher: FileWatcher) -> None:
    """Build the index that needs are matched with."""
    from kakehashi.matching.opening import open_index

    open_index(study, watcher)


_JOBS: Mapping[str, Callable[..., None]] = MappingProxyType({"run": _run, "documents": _documents, "match": _match})


def work(job: str, folder: Path, *asked: str) -> int:
    """Do a job and tell how it goes and ends; return the exit code."""
    watcher = FileWatcher(state_file(folder, job))
    try:
        with stoppable():
            _JOBS[job](Study(folder), watcher, *asked)
    except KeyboardInterrupt:
        watcher.write(status="stopped", step=None)
        return 130
    except KakehashiError as error:
        watcher.write(status="failed", kind=kind_of(error), message=str(error), step=None)
        return 1
    except (OSError, MemoryError) as error:
        told = f"{type(error).__name__}: {error}"
        watcher.write(status="failed", kind=kind_of(error), message=told, step=None)
        return 1
    watcher.write(status="finished", stage="", step=None, ended=time.time())
    return 0


if __name__ == "__main__":
    sys.exit(work(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
