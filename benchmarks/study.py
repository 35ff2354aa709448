"""Seconds and rows of each stage of a whole study on the synthetic demo corpus, with the machine and the versions.

    python benchmarks/study.py [--works 20000] [--keep FOLDER]

Generates the demo's exports, runs every stage on DuckDB and writes the report in both languages. Seconds are wall
time of one run. Prints a table as docs/benchmarks.md shows it. Nothing is kept unless --keep names a folder.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from kakehashi import __version__
from kakehashi.cli.demo import make_demo
from kakehashi.pipeline import Unwatched
from kakehashi.study import Study

PACKAGES = ("duckdb", "pyarrow", "numpy", "scipy", "networkit", "altair", "vl-convert-python")


class Clock(Unwatched):
    """Keeps the seconds and the row counts that the runner reports for each stage."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, float, str]] = []

    def finished(self, name: str, seconds: float, rows: Mapping[str, int]) -> None:
        """Keep a finished stage."""
        self.lines.append((name, seconds, ", ".join(f"{table} {count:,}" for table, count in rows.items())))


def measure(folder: Path, works: int) -> list[tuple[str, float, str]]:
    """Return (step, seconds, what it wrote): generating the exports, each stage, the report, and their sum."""
    begin = time.perf_counter()
    study = make_demo(folder, works)
    exports = sum(path.is_file() for path in (folder / "exports").rglob("*"))
    lines = [("generate", time.perf_counter() - begin, f"{exports} export files")]
    clock = Clock()
    study.run("duckdb", clock)
    begin = time.perf_counter()
    paths = study.report(("ja", "en"))
    megabytes = ", ".join(f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in paths)
    lines += [*clock.lines, ("report", time.perf_counter() - begin, megabytes)]
    return [*lines, ("sum", sum(seconds for _, seconds, _ in lines), _records(study))]


def _records(study: Study) -> str:
    (records, works), *_ = study.rows("select sum(records), (select count(*) from works) from sources")
    return f"{records:,} records read, {works:,} works"


def machine() -> str:
    """Return cores, memory, processor type, and the versions that decide the speed."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, {platform.system()}; "
        f"Python {platform.python_version()}; kakehashi {__version__}, {packages}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="a folder for the study; without it, a temporary one is removed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakehashi-bench-") as scratch:
        lines = measure(args.keep or Path(scratch) / "demo", args.works)
    print(f"{args.works:,} works. {machine()}\n")
    print("| step | seconds | wrote |\n|---|---:|---|")
    for name, seconds, wrote in lines:
        print(f"| {name} | {seconds:.1f} | {wrote} |")


if __name__ == "__main__":
    main()
