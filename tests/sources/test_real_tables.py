"""All tabular exports of the shared data folder, which the repository neither holds nor needs."""

import csv
import io
from pathlib import Path

import pytest

from kakehashi.sources.registry import find_files, inputs_of
from sources.reading import lost, read

CORPORA = Path(__file__).parents[3] / "shared" / "data" / "corpora"
TABLES = [path for path, _ in find_files([CORPORA]) if ".csv" in path.name] if CORPORA.is_dir() else []

pytestmark = pytest.mark.skipif(not TABLES, reason="the shared data folder is not beside the checkout")


def rows_in(path):
    """Count the rows of a table with the csv module alone, all at once; its first two-cell row is a preamble."""
    (source,) = inputs_of(path, path.name, {})
    with source.open() as stream:
        text = stream.read().decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    return len(rows) - 1 - (len(rows[0]) == 2)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_row_of_a_real_table_ends_as_a_record_or_a_refusal(path):
    formats, records, refusals = read(path)
    assert len(formats) == 1
    assert len(records) + lost(refusals) == rows_in(path)
    assert all(record.title or record.doi for record in records)


@pytest.mark.parametrize("folder", ["ieee-rl-production", "ieee-search-engine", "scopus-*", "lens-scopus-*"])
def test_nearly_all_affiliations_of_linking_formats_are_linked(folder):
    linked = whole = 0
    for path in TABLES:
        if path.parent.match(folder):
            formats, records, _ = read(path)
            if formats[0] in ("ieee_csv", "scopus_csv"):
                whole += sum(bool(record.mentions) for record in records)
                linked += sum(any(m.author for m in record.mentions) for record in records)
    assert whole > 300
    assert linked >= 0.995 * whole
