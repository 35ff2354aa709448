"""Runs and other long jobs that the explorer starts, watches and stops.

The state is on disk: a new server knows as much.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import filelock

from kakehashi.web.runner import state_file


def is_running(folder: Path) -> bool:
    """Tell whether a run holds the study, whoever started it.

    The lock is tried, and held for that moment: by one request at a time, or each would take the other for a run.
    """
    lock = filelock.FileLock(folder / ".lock")
    try:
        with _looking, lock.acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True


_looking = threading.Lock()


def state(folder: Path, job: str = "run") -> dict[str, Any]:
    """Return how far a job has come. A run that was killed is told as stopped: the next one goes on where it was."""
    try:
        found: dict[str, Any] = json.loads(state_file(folder, job).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        found = {"status": "none", "stages": []}
    if found.get("status") == "running" and not _alive(found.get("pid"), folder):
        found["status"] = "stopped"
    elif job == "run" and found.get("status") != "running" and is_running(folder):
        found = {"status": "elsewhere", "stages": []}
    return found


def share(step: Mapping[str, Any]) -> float | None:
    """Return how much of a step is done, None where its length is not known."""
    return min(step["done"] / step["total"], 1) if step.get("total") else None


def start(folder: Path, job: str = "run", *asked: str) -> None:
    """Start a job in a process of its own, unless one of its kind is under way. `asked` is what the runner is told."""
    with _starting:
        if state(folder, job)["status"] in ("running", "elsewhere"):
            return
        (folder / ".cache").mkdir(exist_ok=True)
        told = state_file(folder, job)
        told.unlink(missing_ok=True)
        with told.with_suffix(".log").open("wb") as log:
            child = subprocess.Popen(  # noqa: S603 -- our own module on a folder of the shelf
                [sys.executable, "-m", "kakehashi.web.runner", job, str(folder), *asked],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        _children.append(child)
        told.write_text(json.dumps({"status": "running", "pid": child.pid, "stages": []}), encoding="utf-8")


_starting = threading.Lock()
"""Held from looking whether a job is under way until one is: two tabs that ask at once start one."""
_children: list[subprocess.Popen[bytes]] = []


def stop(folder: Path, job: str = "run") -> None:
    """Ask a job to stop; what it finished is kept."""
    found = state(folder, job)
    if found["status"] == "running" and _is_ours(found["pid"], folder):
        os.kill(found["pid"], signal.SIGTERM)


def _alive(pid: Any, folder: Path) -> bool:
    for child in _children[:]:
        if child.poll() is not None:
            _children.remove(child)
    return isinstance(pid, int) and _is_ours(pid, folder)


def _is_ours(pid: int, folder: Path) -> bool:
    """Tell whether a process is our runner on this folder: numbers of processes are used again."""
    if any(child.pid == pid for child in _children):
        return True
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:  # no such process, or a system without /proc
        return is_running(folder)
    return "kakehashi.web.runner" in said and str(folder) in said
