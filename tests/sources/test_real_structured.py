"""Real exports: every record that an independent count finds is kept or refused. Skipped where they are absent."""

import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from kakehashi.records import Record
from kakehashi.sources.registry import read_file

CORPORA = Path(os.environ.get("KAKEHASHI_CORPORA", Path(__file__).parents[3] / "shared" / "data" / "corpora"))
COUNTED = {
    ".bib": rb"@(?!string|comment|preamble)\w+\s*\{",
    ".ris": rb"(?m)^ER  -",
    "PUBMED": rb"(?m)^PMID-",
    "CNKI": rb"(?m)^RT ",
    "savedrecs": rb"(?m)^ER\r?$",
}
PATHS = sorted(path for path in CORPORA.glob("*/*") if path.suffix in (".bib", ".ris", ".txt", ".json", ".zip"))


def independent_count(path):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return sum(len(json.loads(archive.read(name))) for name in archive.namelist())
    data = path.read_bytes()
    if path.suffix == ".json":
        return len(json.loads(data))
    pattern = next(pattern for mark, pattern in COUNTED.items() if mark in path.name)
    return len(re.findall(pattern, data))


@pytest.mark.skipif(not PATHS, reason=f"the real exports are not at {CORPORA} (set KAKEHASHI_CORPORA)")
@pytest.mark.parametrize("path", PATHS or [None], ids=lambda path: getattr(path, "name", "none"))
def test_every_record_of_a_real_export_is_kept_or_refused(path):
    found = [item for _, item in read_file(path, path.name, {})]
    assert sum(1 if isinstance(item, Record) else item.records for item in found) == independent_count(path)
    assert sum(isinstance(item, Record) for item in found) > 0
