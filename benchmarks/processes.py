"""Run a command and say how long it took and how much memory it and its children held at the worst moment."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY_SECONDS = 0.25
"""To ask the system more often would take the time that is measured."""


@dataclass(frozen=True)
class Run:
    """Wall seconds, processor seconds of all processes, and the largest sum of their memory.

    Pages that processes share are divided among them (PSS) where the system tells that, else they count in each.
    """

    seconds: float
    peak_bytes: int
    processor_seconds: float = 0.0

    @property
    def mebibytes(self) -> float:
        """The peak in MiB."""
        return self.peak_bytes / 2**20


def run(command: Sequence[str], cores: int | None = None) -> Run:
    """Run a command to its end, on that many cores (None: all). Exits with what the command said where it fails."""
    chosen = sorted(os.sched_getaffinity(0))[:cores]

    def confine() -> None:
        os.sched_setaffinity(0, chosen)

    begin, used = time.perf_counter(), os.times()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", preexec_fn=confine
    ) as process:
        watcher = _Watcher(process.pid)
        watcher.start()
        said, _ = process.communicate()
        seconds = time.perf_counter() - begin
        watcher.done.set()
        watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)}\nended with {process.returncode}: {said[-2_000:]}")
    now = os.times()
    processor = now.children_user - used.children_user + now.children_system - used.children_system
    return Run(seconds, watcher.peak, processor)


class _Watcher(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.done = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self.done.wait(_EVERY_SECONDS):
            self.peak = max(self.peak, _memory(self._pid))


def _memory(pid: int) -> int:
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for one in family:
        try:
            told = one.memory_full_info() if psutil.LINUX else one.memory_info()
            total += getattr(told, "pss", told.rss)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def kakehashi(source: Path, target: Path, registry: Path | None, *options: str) -> list[str]:
    """Return the command that resolves a CSV, as a person would type it."""
    known = ["--registry", str(registry)] if registry else []
    return [sys.executable, "-m", "kakehashi", "resolve", str(source), "--out", str(target), *known, *options]


def kakehashi_knows(option: str) -> bool:
    """Tell whether this version's `resolve` has an option."""
    command = [sys.executable, "-m", "kakehashi", "resolve", "--help"]
    return option in subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
