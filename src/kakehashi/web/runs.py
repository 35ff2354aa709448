"""Runs of studies that the explorer starts, watches and stops. The state is on disk: a new server knows as much."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import filelock

from kakehashi.web.runner import STATE


def is_running(folder: Path) -> bool:
    """Tell whether a run holds the study, whoever started it."""
    lock = filelock.FileLock(folder / ".lock")
    try:
        with lock.acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True


def state(folder: Path) -> dict[str, Any]:
    """Return how far a run has come. A run that was killed is told as stopped: the next one goes on where it was."""
    try:
        found: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        found = {"status": "none", "stages": []}
    if found.get("status") == "running" and not _alive(found.get("pid"), folder):
        found["status"] = "stopped"
    elif found.get("status") != "running" and is_running(folder):
        found = {"status": "elsewhere", "stages": []}
    return found


def start(folder: Path) -> None:
    """Start a run in a process of its own, unless one is under way."""
    if state(folder)["status"] in ("running", "elsewhere"):
        return
    (folder / ".cache").mkdir(exist_ok=True)
    (folder / STATE).unlink(missing_ok=True)
    with (folder / ".cache/run.log").open("wb") as log:
        child = subprocess.Popen(  # noqa: S603 -- our own module on a folder of the shelf
            [sys.executable, "-m", "kakehashi.web.runner", str(folder)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    _children.append(child)
    (folder / STATE).write_text(json.dumps({"status": "running", "pid": child.pid, "stages": []}), encoding="utf-8")


_children: list[subprocess.Popen[bytes]] = []


def stop(folder: Path) -> None:
    """Ask the run to stop; what it finished is kept."""
    found = state(folder)
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
