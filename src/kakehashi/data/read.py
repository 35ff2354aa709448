"""How the package reads its own data files: CSV with comment lines that name the source."""

import csv
from importlib.resources import files


def csv_rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV under `kakehashi/data`, given as `folder/file.csv`, without its `#` comment lines."""
    text = files("kakehashi.data").joinpath(path).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines(keepends=True) if not line.startswith("#")))
