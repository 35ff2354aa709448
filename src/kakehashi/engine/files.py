"""A table on disk is a file (DuckDB) or a folder (Spark): how either is removed and swapped into place."""

import os
import shutil
from pathlib import Path

SPILL = "spill"
"""The folder in `scratch` for what does not fit in memory. DuckDB makes it once and needs it as long as it runs."""


def remove(path: Path) -> None:
    """Remove a table's file or folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def link(path: Path, new: Path) -> None:
    """Give a table's file or folder another name too; where files cannot have two, it is copied."""
    if path.is_dir():
        new.mkdir()
        for file in path.iterdir():
            link(file, new / file.name)
        return
    try:
        os.link(path, new)
    except OSError:
        shutil.copyfile(path, new)


def swap(new: Path, path: Path) -> None:
    """Put `new` in the place of `path`. A file replaces a file in one step, whatever kills the process."""
    if new.is_dir() or path.is_dir():
        remove(path)
    os.replace(new, path)
