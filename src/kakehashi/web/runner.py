"""The child process that runs a study for the explorer: `python -m kakehashi.web.runner FOLDER`.

It is a process of its own so that pages stay quick, and of its own group so that it outlives the server. How far it has
come stands in a file that the pages read.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kakehashi.cli.stop import stoppable
from kakehashi.errors import KakehashiError
from kakehashi.progress import Advance
from kakehashi.study import Study
from kakehashi.web.snapshot import snapshot

STATE = ".cache/run.json"
_EVERY = 0.3


class FileWatcher:
    """Writes what the runner does into a file, a few times a second."""

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


def run(folder: Path) -> int:
    """Run a study and prepare its pages; return the exit code."""
    watcher = FileWatcher(folder / STATE)
    try:
        with stoppable():
            Study(folder).run(watcher=watcher)
            watcher.write(stage="pages", step=None)
            snapshot(folder)
    except KeyboardInterrupt:
        watcher.write(status="stopped", step=None)
        return 130
    except KakehashiError as error:
        watcher.write(status="failed", message=str(error), step=None)
        return 1
    except (OSError, MemoryError) as error:
        watcher.write(status="failed", message=f"{type(error).__name__}: {error}", step=None)
        return 1
    watcher.write(status="finished", stage="", step=None, ended=time.time())
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
