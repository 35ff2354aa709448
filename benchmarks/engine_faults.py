"""Out of disk, out of memory, a process killed: what a run says, and whether the study goes on and ends as it should.

    sudo python benchmarks/engine_faults.py [--works 300] [--cases duckdb_disk,spark_driver,...]

Each case runs `kakehashi run` into its fault twice, in English and in Japanese, takes the fault away, runs again, and
compares every table with those of a study that nothing happened to. A small disk is a tmpfs of half that study's bytes,
which needs root. A study that was begun on one engine is ended on DuckDB. Prints what was said; the last line is JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from engines_equal import differences
from kakehashi import tables
from kakehashi.demo.generate import write_demo
from kakehashi.study import Study

LANGUAGES = ("en", "ja")
_PATIENCE = 600


def started(study: Path, language: str, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "KAKEHASHI_LANG": language}
    command = [sys.executable, "-m", "kakehashi", "run", str(study), *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=environment
    )


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for the end; return the exit code and the lines from the error on, and refuse a traceback."""
    _, errors = process.communicate(timeout=_PATIENCE)
    lines = errors.strip().splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("Error: ")), len(lines))
    return {"exit": process.returncode, "said": lines[first : first + 2], "traceback": "Traceback" in errors}


def killed(name: str) -> Callable[[subprocess.Popen[str]], None]:
    """Return what kills processes of the run, by words of their commands, as soon as a stage has begun and they run."""

    def kill(run: subprocess.Popen[str]) -> None:
        begin = time.monotonic()
        wait_for_a_stage(run)
        while run.poll() is None and time.monotonic() - begin < _PATIENCE:
            found = [one for one in psutil.Process(run.pid).children(recursive=True) if name in _command(one)]
            if found:
                time.sleep(1)
                for one in found:
                    with suppress(psutil.NoSuchProcess):  # it may have ended with the one before
                        one.kill()
                return
            time.sleep(0.1)

    return kill


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def itself(run: subprocess.Popen[str]) -> None:
    """Kill the run, once its first stage has begun."""
    wait_for_a_stage(run)
    time.sleep(1)
    run.kill()


def wait_for_a_stage(run: subprocess.Popen[str]) -> None:
    """Wait until the runner has struck a stage from the manifest, as it does before it begins one."""
    study = Path(run.args[4])  # type: ignore[index, arg-type]
    while not (study / "manifest.json").exists() and run.poll() is None:
        time.sleep(0.05)


def into_the_fault(study: Path, arguments: tuple[str, ...], act: Callable[[Any], None] | None) -> dict[str, Any]:
    found = {}
    for language in LANGUAGES:
        run = started(study, language, *arguments)
        if act:
            act(run)
        found[language] = said(run)
    return found


def mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


CASES: dict[str, tuple[tuple[str, ...], Callable[[Any], None] | None, bool]] = {
    "duckdb_disk": ((), None, True),
    "duckdb_memory": (("--memory", "2MB"), None, False),
    "duckdb_killed": ((), itself, False),
    "sail_disk": (("--engine", "sail"), None, True),
    "sail_killed": (("--engine", "sail"), itself, False),
    "spark_driver": (("--engine", "spark"), killed("org.apache.spark"), False),
    "spark_worker": (("--engine", "spark"), killed("pyspark.daemon"), False),
}


def case(name: str, folder: Path, exports: Path, whole: Path) -> dict[str, Any]:
    """Run one case; return what was said and which tables differ in the end."""
    arguments, act, small = CASES[name]
    place = folder / name
    place.mkdir()
    if small:
        whole_bytes = sum(path.stat().st_size for path in whole.rglob("*") if path.is_file())
        mount(place, f"size={whole_bytes // 2048}k")
    try:
        study = place / "study"
        Study.create(study, "JP", [exports])
        found = into_the_fault(study, arguments, act)
        if small:
            mount(place, "remount,size=500m")
        end = started(study, "en")
        _, errors = end.communicate(timeout=_PATIENCE)
        if end.returncode:
            raise SystemExit(f"{name}: the run after the fault failed\n{errors}")
        unequal = {table.name: one for table in tables.ALL if (one := differences(table, whole, study))}
    finally:
        if small:
            subprocess.run(["umount", str(place)], check=True)
    return {**found, "unequal": unequal}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=300)
    parser.add_argument("--cases", default=",".join(CASES))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakehashi-faults-") as name:
        folder = Path(name)
        (folder / "exports").mkdir()
        write_demo(folder / "exports", args.works)
        Study.create(folder / "whole", "JP", [folder / "exports"]).run()
        found = {}
        for one in args.cases.split(","):
            begin = time.perf_counter()
            found[one] = case(one, folder, folder / "exports", folder / "whole")
            print(one, f"{time.perf_counter() - begin:.0f} s", json.dumps(found[one], ensure_ascii=False), flush=True)
    print(json.dumps({"works": args.works, "cases": len(found)}))
    if any(
        each["unequal"] or each[lang]["traceback"] or not each[lang]["exit"]
        for each in found.values()
        for lang in LANGUAGES
    ):
        raise SystemExit("a fault did not stop its run, a run ended in a traceback, or tables differ in the end")


if __name__ == "__main__":
    main()
