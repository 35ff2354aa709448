"""A user's folder of knowledge files: where it is looked at, and that nothing in it is passed over in silence."""

from importlib import resources
from pathlib import Path

from kakehashi.errors import DataError
from kakehashi.knowledge.book import nearest

ADDED = ("cases.csv", "programmes.csv")
"""The CSV files whose rows a user adds; TOML files of any of our names are laid over ours."""


def own_file(own: Path | None, name: str) -> Path | None:
    """Return a user's file, or nothing where there is none. Raises DataError where the folder is none."""
    if own is None:
        return None
    if not own.is_dir():
        raise DataError(f"{own}: is no folder; give the folder that holds your own knowledge files")
    return own / name if (own / name).is_file() else None


def check_names(own: Path) -> None:
    """Refuse files of a name that we do not read, such as case.csv, with the nearest that we do. Raises DataError."""
    own_file(own, "")
    shipped = sorted(path.name for path in resources.files("kakehashi.data").joinpath("knowledge").iterdir())
    read = [*ADDED, *(name for name in shipped if name.endswith(".toml"))]
    for path in sorted(own.iterdir()):
        if path.suffix.lower() not in (".toml", ".csv") or path.name in read:
            continue
        if path.name in shipped:
            raise DataError(
                f"{path}: ours cannot be added to; take the file away (rows are added to {', '.join(ADDED)})"
            )
        raise DataError(f"{path}: no such file is read; {nearest(path.name, read)}")
