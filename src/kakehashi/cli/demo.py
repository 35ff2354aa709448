"""The demo study: invented exports, written as files with the faults of real ones, and a study over them."""

import shutil
from pathlib import Path

from kakehashi.data.read import csv_rows
from kakehashi.demo.generate import write_demo
from kakehashi.errors import StudyError
from kakehashi.manifest import write_text
from kakehashi.study import Study, writing
from kakehashi.template import study_toml

_MARK = "# This study was written by `kakehashi demo`; it is replaced when the demo runs again.\n"


def make_demo(folder: Path, works: int) -> Study:
    """Write the demo's exports and its study.toml. Raises StudyError where the folder holds something else."""
    settings = folder / "study.toml"
    if folder.exists() and any(folder.iterdir()) and not _is_demo(settings):
        raise StudyError(f"{folder}: the folder is not empty and not a demo; name another one: kakehashi demo FOLDER")
    exports = folder / "exports"
    targets = [row["country_code"] for row in csv_rows("demo/targets.csv")]
    with writing(folder):
        shutil.rmtree(exports, ignore_errors=True)
        exports.mkdir(parents=True)
        write_demo(exports, works)
        write_text(settings, _MARK + study_toml("demo", "JP", ["exports"], targets, synthetic=True))
    return Study(folder)


def _is_demo(settings: Path) -> bool:
    return settings.is_file() and settings.read_text(encoding="utf-8").startswith(_MARK)
