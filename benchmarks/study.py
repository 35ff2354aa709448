"""Seconds and rows of each stage of a whole study, with the machine and the versions.

    python benchmarks/study.py [--works 20000] [--sources FOLDER] [--keep FOLDER]

Studies the synthetic demo corpus, or the export files under --sources, on DuckDB, with a report in both languages.
Seconds are wall time of one run. Prints the tables that are joined in docs/benchmarks/study.md. Nothing is kept unless
--keep names a folder.
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
from kakehashi.progress import Unwatched
from kakehashi.study import Study

PACKAGES = ("duckdb", "pyarrow", "numpy", "scipy", "networkit", "vl-convert-python")
Line = tuple[str, float, str]

_FORMATS = """
select format, count(*), sum(records), sum(kept), sum(merged), sum(refused)
from sources group by format order by format nulls last
"""


class Clock(Unwatched):
    """Keeps the seconds and the row counts that the runner reports for each stage."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def finished(self, name: str, seconds: float, rows: Mapping[str, int]) -> None:
        """Keep a finished stage."""
        self.lines.append((name, seconds, ", ".join(f"{table} {count:,}" for table, count in rows.items())))


def demo(folder: Path, works: int) -> tuple[Study, list[Line]]:
    """Write the demo's exports and return the study with the seconds that took."""
    begin = time.perf_counter()
    study = make_demo(folder, works)
    exports = sum(path.is_file() for path in (folder / "exports").rglob("*"))
    return study, [("generate", time.perf_counter() - begin, f"{exports} export files")]


def measure(study: Study) -> list[Line]:
    """Run every stage and the report; return (step, seconds, what it wrote)."""
    clock = Clock()
    study.run("duckdb", clock)
    begin = time.perf_counter()
    paths = study.report(("ja", "en"))
    sizes = ", ".join(f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in paths)
    return [*clock.lines, ("report", time.perf_counter() - begin, sizes)]


def machine() -> str:
    """Return cores, memory, processor type, and the versions that decide the speed."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, {platform.system()}; "
        f"load at the end {os.getloadavg()[1]:.1f}; "
        f"Python {platform.python_version()}; kakehashi {__version__}, {packages}"
    )


def show(study: Study, lines: list[Line]) -> None:
    print("\n| step | seconds | wrote |\n|---|---:|---|")
    for name, seconds, wrote in [*lines, ("sum", sum(seconds for _, seconds, _ in lines), "")]:
        print(f"| {name} | {seconds:.1f} | {wrote} |")
    print("\n| format | files | records | kept | merged | refused |\n|---|---:|---:|---:|---:|---:|")
    for name, *counts in study.rows(_FORMATS):
        print(f"| {name or 'not recognised'} | {' | '.join(f'{count:,}' for count in counts)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=20_000, help="size of the demo corpus")
    parser.add_argument("--sources", type=Path, help="a folder of export files to study instead of the demo")
    parser.add_argument("--keep", type=Path, help="a new folder for the study; without it, a temporary one is removed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakehashi-bench-") as scratch:
        lines: list[Line] = []
        folder = args.keep or Path(scratch) / "study"
        if args.sources:
            study = Study.create(folder, "JP", [args.sources])
        else:
            study, lines = demo(folder, args.works)
        lines += measure(study)
        print(machine())
        show(study, lines)


if __name__ == "__main__":
    main()
