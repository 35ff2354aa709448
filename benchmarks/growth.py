"""The study of bench_study.py at several scales: a table of its stages, and how each grows with the works.

    python benchmarks/growth.py --scales 20000,200000          # measures, then prints
    python benchmarks/growth.py --lines FILE                   # prints what bench_study.py said, a line of JSON each

An exponent of 1 means: ten times the works take ten times as long. It is taken between the two largest scales.
"""

import argparse
import json
import shutil
import subprocess
import sys
from math import log
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_LEAST = 0.5
"""Seconds below which a stage's exponent would say more of its start than of its growth."""


def exponent(smaller: float, larger: float, times: float) -> float | None:
    """Return the power of the number of works with which a stage grows, None where it takes too little to tell."""
    return log(larger / smaller) / log(times) if min(smaller, larger) >= _LEAST else None


def table(found: list[dict[str, Any]], key: str = "processor_seconds") -> list[str]:
    """Return the lines of a Markdown table: a row for each stage, a column for each scale, the smallest first."""
    found = sorted(found, key=lambda one: one["works"])
    last, before = found[-1], found[-2] if len(found) > 1 else None
    scales = " | ".join(f"{one['works']:,} works" for one in found)
    lines = [
        f"| {key.replace('_', ' ')} | {scales} | works/s | exponent |",
        f"|---|{'---:|' * len(found)}---:|---:|",
    ]
    for stage in last[key]:
        cells = [one[key].get(stage, 0.0) for one in found]
        power = exponent(cells[-2], cells[-1], last["works"] / before["works"]) if before else None
        speed = f"{last['works'] / cells[-1]:,.0f}" if cells[-1] else ""
        shown = " | ".join(f"{cell:,.1f}" for cell in cells)
        lines.append(f"| {stage} | {shown} | {speed} | {'' if power is None else f'{power:.2f}'} |")
    peaks = " | ".join(f"{one['peak_rss_gib']:.2f}" for one in found)
    return [*lines, f"| peak memory, GiB | {peaks} | | |"]


def measured(works: int, folder: Path) -> dict[str, Any]:
    command = [sys.executable, str(HERE / "bench_study.py"), "--works", str(works), "--folder", str(folder)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scales", default="20000,200000")
    parser.add_argument("--folder", type=Path, default=Path("build/bench-growth"))
    parser.add_argument("--lines", type=Path, help="measure nothing: a file of what bench_study.py printed")
    args = parser.parse_args()
    if args.lines:
        found = [json.loads(line) for line in args.lines.read_text(encoding="utf-8").splitlines() if line[:1] == "{"]
    else:
        found = [measured(int(works), args.folder) for works in args.scales.split(",")]
        shutil.rmtree(args.folder, ignore_errors=True)
    print("\n".join([*table(found), "", *table(found, "seconds")]))
    print(f"\n{found[-1]['machine']} {found[-1]['versions']}")


if __name__ == "__main__":
    main()
