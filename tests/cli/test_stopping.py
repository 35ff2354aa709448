"""Ctrl-C and SIGTERM at several moments of a real run: a sentence, an exit code, nothing left behind, nothing lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from command import environment
from kakehashi import Study, pipeline
from kakehashi.demo.generate import write_demo

WORKS = 120
WORKERS = "workers"
FIRST, SECOND = (f"{number}/{len(pipeline.STAGES)}" for number in (1, 2))


def contents(folder: Path) -> dict[str, bytes]:
    files = [*sorted((folder / "tables").rglob("*.parquet")), folder / "manifest.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.is_file()}


def alive_in_session(session: int) -> list[str]:
    """The processes of a session that still run, by name; what has ended and is only not yet collected does not."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            name, rest = (entry / "stat").read_text(encoding="utf-8").rsplit(")", 1)
        except (OSError, ValueError):
            continue
        state, _parent, _group, its_session = rest.split()[:4]
        if int(its_session) == session and state != "Z":
            found.append(name)
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study over exports padded with lines that say nothing, so that they are read by several processes."""
    root = tmp_path_factory.mktemp("stopping")
    exports = root / "exports"
    exports.mkdir()
    write_demo(exports, WORKS)
    with max(exports.rglob("*.bib")).open("a", encoding="utf-8") as file:
        file.write("\n" * 100_000 + ("x" * 100_000 + "\n") * 80)
    Study.create(root / "undisturbed" / "study", "JP", [exports]).run()
    return root


def wait_for_workers(process: subprocess.Popen[str]) -> None:
    """Return when worker processes run. A run that ends without any fails the test."""
    while len(alive_in_session(process.pid)) < 3:
        assert process.poll() is None, "the run ended before its workers were seen"
        signal.sigtimedwait([], 0.01)


def stop(study: Path, line: str, number: signal.Signals, whole_group: bool) -> tuple[int, str]:
    """Start a run, send the signal when a line that begins so is printed; return exit code and standard error."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a suite begun in the background: children inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "kakehashi", "run", str(study)],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment(), start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    said = []
    for said_line in process.stderr:
        said.append(said_line)
        if said_line.startswith(FIRST if line == WORKERS else line):
            if line == WORKERS:
                wait_for_workers(process)
            (os.killpg if whole_group else os.kill)(process.pid, number)
            break
    else:
        pytest.fail(f"never said {line!r}: {said}")
    said.append(process.stderr.read())
    process.stderr.close()
    code = process.wait(timeout=120)
    # The resource tracker of loky ends by itself when the last process that used it has ended.
    for _ in range(100):
        if not alive_in_session(process.pid):
            break
        signal.sigtimedwait([], 0.1)
    assert alive_in_session(process.pid) == []
    return code, "".join(said)


# A terminal sends Ctrl-C to the command and all its children; `kill` and a service manager to the command alone.
@pytest.mark.parametrize(
    ("number", "whole_group", "code", "lines"),
    [
        (signal.SIGINT, True, 130, (FIRST, WORKERS, SECOND)),
        (signal.SIGTERM, False, 143, (WORKERS,)),
    ],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_stopped_run_says_how_to_go_on_and_ends_with_the_same_tables(
    undisturbed: Path, tmp_path: Path, number: signal.Signals, whole_group: bool, code: int, lines: tuple[str, ...]
) -> None:
    study = Study.create(tmp_path / "study", "JP", [undisturbed / "exports"]).folder
    for line in lines:
        (study / "manifest.json").unlink(missing_ok=True)
        ended, said = stop(study, line, number, whole_group)
        assert ended == code, said
        assert f"run `kakehashi run {study}` again" in said
        assert "Traceback" not in said
        assert "leaked" not in said
    Study(study).run()
    assert contents(study) == contents(undisturbed / "undisturbed" / "study")
