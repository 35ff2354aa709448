"""The check of keys looks at neighbours, also across the groups of rows in which a file is written."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from kakehashi.engine import arrow, checks
from kakehashi.engine.checks import sorted_key_faults
from kakehashi.tables import WORK_COUNTRIES

ROWS = [("W1", "JP", 0.5), ("W1", "KR", 0.5), ("W2", "JP", 0.4), ("W2", "KR", 0.6), ("W3", "KR", 1.0)]


@pytest.fixture(autouse=True, params=[1, 100], ids=["side by side", "one after the other"])
def runs(request, monkeypatch):
    """Files of a few rows are looked at in one run, and group by group in several."""
    monkeypatch.setattr(checks, "_RUN", request.param)
    monkeypatch.setattr(checks, "workers", lambda: 3)


def faults(folder, rows, statistics=True):
    path = folder / "countries.parquet"
    table = pa.Table.from_batches([arrow.batch(WORK_COUNTRIES, rows)])
    parquet.write_table(table, path, row_group_size=2, write_statistics=statistics)
    return [row[:2] for row in sorted_key_faults(WORK_COUNTRIES, path)]


@pytest.mark.parametrize("statistics", [True, False])
def test_sound_keys_have_no_faults(tmp_path, statistics):
    assert not faults(tmp_path, ROWS, statistics)


@pytest.mark.parametrize("at", range(len(ROWS)))
def test_a_repeated_key_is_found_wherever_it_stands(tmp_path, at):
    assert faults(tmp_path, [*ROWS[: at + 1], *ROWS[at:]]) == [ROWS[at][:2]]


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize("missing", [("W2", None, 1.0), (None, "JP", 1.0)])
def test_a_null_in_a_key_is_found(tmp_path, missing, statistics):
    assert faults(tmp_path, [*ROWS[:2], missing], statistics) == [missing[:2]]


def test_of_many_faults_the_first_are_told(tmp_path):
    assert faults(tmp_path, [row for row in ROWS for _ in range(4)]) == [ROWS[0][:2]] * 3


def test_an_empty_table_has_no_faults(tmp_path):
    assert not faults(tmp_path, [])
