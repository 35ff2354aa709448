"""How fast export files become spooled rows: megabytes a second of one process, and of one process for each core.

    python benchmarks/corpus.py FOLDER --works 200000
    python benchmarks/ingest.py FOLDER [--files 40]

Reads at most so many files of each ending (`.csv`, `.bib`, `.jsonl`) as the stage `corpus` does before it merges. The
clock starts when each process has read one file.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from loky import ProcessPoolExecutor

from kakehashi.corpus.spool import File, Job, spool_files
from kakehashi.pool import workers

FILES_OF_JOB = 5


def jobs(paths: list[Path], spool: Path) -> list[Job]:
    """Return jobs of a few files each."""
    files = [File(number, path, path.name, {}, None, None, None) for number, path in enumerate(paths)]
    parts = (files[start : start + FILES_OF_JOB] for start in range(0, len(files), FILES_OF_JOB))
    return [Job(tuple(part), spool / str(part[0].number)) for part in parts]


def spent(job: Job) -> float:
    """Read files; return the seconds of processor that it took."""
    begin = time.process_time()
    spool_files(job)
    return time.process_time() - begin


def rate(paths: list[Path], processes: int) -> tuple[float, float]:
    """Return megabytes a second by the clock, and for each second of processor."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(processes) as pool:
        first = [
            Job((File(0, paths[0], "first", {}, None, None, None),), Path(folder, f"f{n}")) for n in range(processes)
        ]
        list(pool.map(spent, first))
        shutil.rmtree(folder, ignore_errors=True)
        megabytes = sum(path.stat().st_size for path in paths) / 1e6
        begin = time.perf_counter()
        used = sum(pool.map(spent, jobs(paths, Path(folder))))
        return megabytes / (time.perf_counter() - begin), megabytes / used


def main() -> None:
    """Print a line for each kind of file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=40)
    told = parser.parse_args()
    kinds: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted(told.folder.rglob("*.*")):
        kinds[path.suffix].append(path)
    print(f"{'files':8} {'MB':>6} {'processes':>9} {'MB/s':>6} {'MB/s of processor':>18}  load")
    for ending, paths in kinds.items():
        chosen = paths[: told.files]
        size = sum(path.stat().st_size for path in chosen) / 1e6
        for processes in sorted({1, workers()}):
            by_clock, by_processor = rate(chosen, processes)
            load = os.getloadavg()[0]
            print(f"{ending:8} {size:6.0f} {processes:9} {by_clock:6.1f} {by_processor:18.1f}  {load:.1f}", flush=True)


if __name__ == "__main__":
    main()
