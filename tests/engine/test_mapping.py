"""A function over many rows in several processes: the same table as in one, errors included."""

from dataclasses import replace

import pytest

from kakehashi.engine import duckdb, mapping
from kakehashi.engine.duckdb import DuckDB
from kakehashi.errors import DataError
from kakehashi.tables import WORK_COUNTRIES

SQL = "select work_id, country_code, fraction from work_countries"


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.setattr(mapping, "ALONE", 100)
    monkeypatch.setattr(mapping, "CHUNK", 70)
    monkeypatch.setattr(duckdb, "workers", lambda: 2)
    opened = DuckDB(tmp_path)
    opened.load(WORK_COUNTRIES, [(f"W{number:04}", "JP", number / 7) for number in range(500)])
    yield opened
    opened.close()


def test_many_rows_in_processes_give_the_table_that_one_process_gives(engine, monkeypatch):
    told, offset = [], 2.0  # a closure travels too
    engine.map(WORK_COUNTRIES, SQL, lambda rows: ((w, c.lower(), f + offset) for w, c, f in rows), told.append)
    assert sum(told) == 500
    rows = engine.rows(f"{SQL} order by work_id")
    assert rows == [(f"W{number:04}", "jp", number / 7 + 2.0) for number in range(500)]
    assert not list(engine.scratch.glob("*.mapped"))


def test_an_error_in_a_process_arrives_as_it_is_and_leaves_the_old_table(engine):
    def refuse(rows):
        raise DataError(f"refused {next(rows)[0][:1]}")
        yield

    with pytest.raises(DataError, match="refused W"):
        engine.map(WORK_COUNTRIES, SQL, refuse)
    assert engine.rows("select count(*) from work_countries") == [(500,)]
    assert not list(engine.scratch.glob("*.mapped"))


def test_record_batches_go_to_processes_and_what_comes_back_is_all_of_a_private_table(engine):
    own = replace(WORK_COUNTRIES, name="own_countries", private=True)
    engine.map_batches(own, SQL, lambda batches: batches)
    assert sorted(engine.rows("select work_id from own_countries")) == [(f"W{number:04}",) for number in range(500)]
    assert not list(engine.scratch.glob("*.mapped"))


def test_a_result_that_is_passed_through_leaves_the_planner_as_it_was(engine):
    engine.map_batches(WORK_COUNTRIES, SQL, lambda batches: batches)
    assert engine.rows("select value from duckdb_settings() where name = 'disabled_optimizers'") == [("",)]
    assert engine.rows("select count(*) from work_countries") == [(500,)]
