"""A whole study of a synthetic corpus from nothing to the report, and what it took. Ends with one line of JSON.

    python benchmarks/bench_study.py --works 200000 [--folder build/bench-study] [--keep] [--engine duckdb]

Generates the export files, then runs the commands that a user would: init, run, report; then run again with nothing
changed, and run and report after a change of the taxonomy. Nothing is cached before. Memory is the sum over all
processes of the command, looked at ten times a second (Linux). Without --keep the folder is removed.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import corpus
from kakehashi import __version__
from kakehashi.study import Study

PACKAGES = ("duckdb", "pyarrow", "numpy", "scipy", "networkit", "numba", "pyspark", "pysail")
MEMORY = "3GiB"  # for DuckDB; processes that read strings and texts, and graphs, come on top
_EVERY = 0.1
_GIB = 2**30


class Memory:
    """Looks at the resident memory of a process and all that it started, and keeps the most it saw."""

    def __init__(self, process: int) -> None:
        self.peak = 0
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Stop looking and return the peak in GiB."""
        self._ended.set()
        self._thread.join()
        return self.peak / _GIB

    def _watch(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._ended.wait(_EVERY):
            parents, sizes = {}, {}
            for entry in Path("/proc").glob("[0-9]*"):
                try:
                    stat = (entry / "stat").read_text().rpartition(")")[2].split()
                    sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * page
                except (OSError, IndexError):
                    continue  # it ended while it was looked at
                parents[int(entry.name)] = int(stat[1])
            self.peak = max(self.peak, sum(size for one, size in sizes.items() if self._ours(one, parents)))

    def _ours(self, one: int, parents: dict[int, int]) -> bool:
        while one > 1:
            if one == self._process:
                return True
            one = parents.get(one, 0)
        return False


def command(*arguments: str) -> tuple[float, float, float]:
    """Run `kakehashi` with these arguments; return its seconds, its seconds of processors, its peak memory in GiB."""
    begin, spent = time.perf_counter(), os.times()
    process = subprocess.Popen([sys.executable, "-m", "kakehashi", *arguments], stdout=sys.stderr)
    memory = Memory(process.pid)
    failed = process.wait()
    peak = memory.stop()
    if failed:
        raise SystemExit(f"kakehashi {' '.join(arguments)} failed")
    now = os.times()
    used = now.children_user + now.children_system - spent.children_user - spent.children_system
    return time.perf_counter() - begin, used, peak


def stages(study: Path, first: int, key: str = "seconds") -> dict[str, float]:
    """Return the seconds of each stage that the runner logged from this line on."""
    lines = (study / "runs.jsonl").read_text(encoding="utf-8").splitlines()[first:]
    return {entry["stage"]: round(entry[key], 2) for entry in map(json.loads, lines)}


def change_taxonomy(study: Path) -> None:
    """Give the study a taxonomy of its own: the shipped one with the label of one keyword changed."""
    shipped = resources.files("kakehashi.data").joinpath("taxonomies/ict8")
    own = study / "taxonomy"
    own.mkdir()
    for file in shipped.iterdir():
        (own / file.name).write_bytes(file.read_bytes())
    labels = (own / "labels.csv").read_text(encoding="utf-8")
    (own / "labels.csv").write_text(labels.replace("\nAccess control,security,", "\nAccess control,network,"), "utf-8")
    told = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(told.replace('taxonomy = "ict8"', 'taxonomy = "taxonomy"'), "utf-8")


def versions() -> dict[str, str]:
    """Return the versions of what decides the speed."""
    found = {"kakehashi": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Return cores, memory, processor and the load at this moment."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    return {
        "cores": os.cpu_count(), "memory_gib": round(memory, 1), "processor": platform.machine(),
        "system": platform.system(), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def measure(folder: Path, works: int, engine: str) -> dict[str, Any]:
    """Generate, study and report; return what it took."""
    exports, study = folder / "exports", folder / "study"
    begin = time.perf_counter()
    _, size = corpus.write_corpus(exports, works)
    generated = time.perf_counter() - begin
    seconds, used, peaks = {}, {}, {}
    told = {
        "init": ("init", str(study), "--home", "JP", "--sources", str(exports)),
        "run": ("run", str(study), "--engine", engine, "--memory", MEMORY),
        "report": ("report", str(study), "--format", "html", "--lang", "ja,en"),
    }
    for name, arguments in told.items():
        seconds[name], used[name], peaks[name] = command(*arguments)
    by_stage = stages(study, 0)
    by_processor = stages(study, 0, "processor_seconds")
    nothing, _, _ = command(*told["run"])
    change_taxonomy(study)
    again, again_used, peaks["taxonomy_run"] = command(*told["run"])
    reported, reported_used, _ = command(*told["report"])
    rows = Study(study).rows
    [(strings,)] = rows("select count(distinct affiliation) from mentions")
    counts = {
        name: rows(f"select count(*) from {name}")[0][0] for name in ("works", "mentions", "institutions", "edges")
    }
    return {
        "works": works, "export_bytes": size, "strings": strings, **counts,
        "seconds": {**by_stage, "report": round(seconds["report"], 2)},
        "processor_seconds": {**by_processor, "report": round(used["report"], 2)},
        "total_processor_seconds": round(sum(used.values()), 1),
        "total_seconds": round(sum(seconds.values()), 1), "generate_seconds": round(generated, 1),
        "nothing_changed_seconds": round(nothing, 2), "taxonomy_changed_seconds": round(again + reported, 1),
        "taxonomy_changed_processor_seconds": round(again_used + reported_used, 1),
        "taxonomy_changed_stages": {**stages(study, len(by_stage)), "report": round(reported, 2)},
        "peak_rss_gib": round(max(peaks.values()), 2),
        "peaks_gib": {name: round(peak, 2) for name, peak in peaks.items()},
        "engine": engine, "machine": machine(), "versions": versions(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, default=Path("build/bench-study"))
    parser.add_argument("--engine", default="duckdb")
    parser.add_argument("--keep", action="store_true", help="leave exports and study where they are")
    args = parser.parse_args()
    shutil.rmtree(args.folder, ignore_errors=True)
    args.folder.mkdir(parents=True)
    try:
        found = measure(args.folder, args.works, args.engine)
    finally:
        if not args.keep:
            shutil.rmtree(args.folder, ignore_errors=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
