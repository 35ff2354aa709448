"""Both engines keep the same contract."""

from dataclasses import replace

import pyarrow as pa
import pytest
from pyarrow import parquet

from kakehashi import pipeline
from kakehashi.engine import arrow, duckdb, files
from kakehashi.engine.base import Part
from kakehashi.engine.duckdb import DuckDB
from kakehashi.engine.rounding import nine_places
from kakehashi.errors import ContractError
from kakehashi.tables import EDGES, WORK_COUNTRIES

ROWS = [("W1", "JP", 0.5), ("W1", "KR", 0.5), ("W2", "JP", 1.0)]


def test_rows_that_were_loaded_come_back(engine):
    engine.load(WORK_COUNTRIES, ROWS)
    query = "select work_id, country_code, fraction from work_countries order by work_id, country_code"
    assert engine.rows(query) == ROWS


def test_a_select_becomes_a_table_with_the_declared_types(engine):
    engine.load(WORK_COUNTRIES, ROWS)
    engine.make(
        EDGES,
        "select 'country' as level, 'all' as field, 'all' as period, a.country_code as entity_a, "
        "b.country_code as entity_b, count(*) as works, 1 as fractional from work_countries a "
        "join work_countries b on b.work_id = a.work_id and a.country_code < b.country_code "
        "group by a.country_code, b.country_code",
    )
    assert engine.rows("select entity_a, entity_b, works, fractional from edges") == [("JP", "KR", 1, 1.0)]


def test_a_python_function_maps_each_row(engine):
    engine.load(WORK_COUNTRIES, ROWS)
    sql = "select work_id, country_code, fraction from work_countries"
    engine.map(WORK_COUNTRIES, sql, lambda rows: ((w, c.lower(), f / 2) for w, c, f in rows))
    assert sorted(engine.rows("select country_code, fraction from work_countries")) == [
        ("jp", 0.25), ("jp", 0.5), ("kr", 0.25)]  # fmt: skip


def test_a_map_says_how_many_rows_it_has_read(tmp_path):
    engine, told = DuckDB(tmp_path), []
    engine.load(WORK_COUNTRIES, [(f"W{number}", "JP", 1.0) for number in range(1_200)])
    engine.map(WORK_COUNTRIES, "select work_id, country_code, fraction from work_countries", iter, told.append)
    assert sum(told) == 1_200
    assert len(told) > 1


def test_a_python_function_maps_record_batches(engine):
    engine.load(WORK_COUNTRIES, ROWS)
    sql = "select work_id, country_code, fraction from work_countries where country_code = 'JP'"
    engine.map_batches(WORK_COUNTRIES, sql, lambda batches: batches)
    assert sorted(engine.rows("select work_id, country_code from work_countries")) == [("W1", "JP"), ("W2", "JP")]


def test_the_key_of_a_private_table_is_not_checked_but_its_columns_are(engine):
    own = replace(WORK_COUNTRIES, name="own_countries", private=True)
    engine.load(own, [*ROWS, ROWS[0]])
    assert engine.rows("select count(*) from own_countries") == [(4,)]
    with pytest.raises(ContractError, match=r"own_countries\.fraction"):
        engine.load(own, [("W1", "JP", "half")])


def part(code, kept=False):
    return Part(code, f"select work_id, '{code}' as country_code, fraction from work_countries", kept=kept)


def test_a_table_is_made_of_parts_of_which_some_are_kept(engine):
    engine.load(WORK_COUNTRIES, [("W1", "JP", 0.5), ("W2", "JP", 1.0)])
    engine.make_parts(WORK_COUNTRIES, [part("AU"), part("KR")])
    assert engine.rows("select country_code, count(*) from work_countries group by 1 order by 1") == [
        ("AU", 2), ("KR", 2)]  # fmt: skip
    kept = Part("KR", "select work_id, country_code, fraction from work_countries where country_code = 'KR'", kept=True)
    other = Part("AU", "select 'W9' as work_id, 'AU' as country_code, 1.0 as fraction")
    engine.make_parts(WORK_COUNTRIES, [other, kept])
    rows = engine.rows("select work_id, country_code, fraction from work_countries order by 2, 1")
    assert rows == [("W9", "AU", 1.0), ("W1", "KR", 0.5), ("W2", "KR", 1.0)]
    engine.make_parts(WORK_COUNTRIES, [])
    assert engine.rows("select count(*) from work_countries") == [(0,)]
    engine.load(WORK_COUNTRIES, ROWS)
    assert engine.rows("select count(*) from work_countries") == [(3,)]


def test_a_part_with_a_repeated_key_is_refused_and_the_old_table_stays(engine):
    engine.load(WORK_COUNTRIES, ROWS)
    with pytest.raises(ContractError, match="key"):
        engine.make_parts(WORK_COUNTRIES, [Part("all", "select 'W1' as work_id, 'JP' as country_code, 1.0 as fraction "
                                                "from work_countries")])  # fmt: skip
    assert engine.rows("select count(*) from work_countries") == [(3,)]


NAMES = "select 3 as number, 'AU' as name union all select 8 as number, 'JP' as name"


def numbered(name, *codes):
    rows = " union all ".join(f"select 'W{code}' as work_id, {code} as country_code, 1 as fraction" for code in codes)
    return Part(name, rows, names={"country_code": NAMES})


def test_names_may_come_as_numbers_in_some_parts_and_as_names_in_others(engine):
    engine.load(WORK_COUNTRIES, ROWS)
    plain = Part("KR", "select 'W1' as work_id, 'KR' as country_code, 0.5 as fraction")
    engine.make_parts(WORK_COUNTRIES, [numbered("one", 8, 3), plain])
    rows = engine.rows("select work_id, country_code, fraction from work_countries order by 1")
    assert rows == [("W1", "KR", 0.5), ("W3", "AU", 1.0), ("W8", "JP", 1.0)]


@pytest.mark.parametrize("code", [2, 5, 9])
def test_a_number_without_a_name_is_refused_and_the_old_table_stays(quick_engine, code):
    quick_engine.load(WORK_COUNTRIES, ROWS)
    with pytest.raises(ContractError, match="work_countries"):
        quick_engine.make_parts(WORK_COUNTRIES, [numbered("one", 8, code)])
    assert quick_engine.rows("select count(*) from work_countries") == [(3,)]


def test_a_part_of_numbers_is_sorted_over_all_its_groups_of_rows_and_holds_plain_texts(tmp_path, monkeypatch):
    monkeypatch.setattr(duckdb, "_ROW_GROUP", 2)
    own = DuckDB(tmp_path)
    rows = " union all ".join(
        f"select 'W{n * 7 % 10}' as work_id, {3 + n % 2 * 5} as country_code, 1 as fraction" for n in range(10)
    )
    own.make_parts(WORK_COUNTRIES, [Part("one", rows, names={"country_code": NAMES})])
    own.close()
    [file] = (tmp_path / "work_countries.parquet").iterdir()
    found = parquet.read_table(file)
    assert found.schema == arrow.schema(WORK_COUNTRIES)
    assert found.column("work_id").to_pylist() == [f"W{n}" for n in range(10)]
    assert parquet.ParquetFile(file).num_row_groups == 5


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_repeated_key_of_a_part_of_numbers_is_told_by_its_name(tmp_path, monkeypatch, at):
    monkeypatch.setattr(duckdb, "_ROW_GROUP", 2)
    own = DuckDB(tmp_path)
    rows = [*range(at + 1), *range(at, 3)]
    sql = " union all ".join(f"select 'W{n}' as work_id, 8 as country_code, 1 as fraction" for n in rows)
    with pytest.raises(ContractError, match=rf"'W{at}', 'JP'"):
        own.make_parts(WORK_COUNTRIES, [Part("one", sql, names={"country_code": NAMES})])
    assert own.tables() == []
    assert list(tmp_path.glob("*.parquet")) == []
    own.close()


def test_the_rows_of_a_table_are_retained_when_it_is_replaced(engine):
    aside = replace(WORK_COUNTRIES, name="former_countries", private=True)
    for rows in (ROWS, ROWS[:1]):
        engine.load(WORK_COUNTRIES, rows)
        engine.retain(WORK_COUNTRIES, aside)
        engine.load(WORK_COUNTRIES, [])
        found = engine.rows("select work_id, country_code, fraction from former_countries order by 1, 2")
        assert found == rows
    assert engine.rows("select count(*) from work_countries") == [(0,)]


@pytest.mark.parametrize("links", [True, False])
def test_a_table_of_parts_is_retained_too_also_where_files_cannot_have_two_names(tmp_path, monkeypatch, links):
    def refused(*_):
        raise OSError

    if not links:
        monkeypatch.setattr(files.os, "link", refused)
    own = DuckDB(tmp_path)
    own.load(WORK_COUNTRIES, [("W1", "JP", 0.5), ("W2", "JP", 1.0)])
    own.make_parts(WORK_COUNTRIES, [part("AU"), part("KR")])
    aside = replace(WORK_COUNTRIES, name="former_countries", private=True)
    own.retain(WORK_COUNTRIES, aside)
    own.load(WORK_COUNTRIES, [])
    assert own.rows("select count(*) from former_countries") == [(4,)]
    own.close()


def test_files_are_read_as_a_private_table_where_they_lie(engine, tmp_path):
    own = replace(WORK_COUNTRIES, name="own_countries", private=True)
    files = [tmp_path / f"{number}.parquet" for number in range(2)]
    for file, rows in zip(files, (ROWS[:1], ROWS[1:]), strict=True):
        parquet.write_table(pa.Table.from_batches([arrow.batch(own, rows)]), file)
    engine.adopt(own, files)
    assert sorted(engine.rows("select work_id, country_code, fraction from own_countries")) == ROWS


def test_an_empty_table_can_be_loaded(engine):
    engine.load(WORK_COUNTRIES, [])
    assert engine.rows("select count(*) from work_countries") == [(0,)]


@pytest.mark.parametrize("bad", [("W1", "JP", 0.1), ("W1", None, 0.1)], ids=["repeated", "null"])
def test_a_repeated_or_null_key_is_refused_and_the_old_table_stays(engine, bad):
    engine.load(WORK_COUNTRIES, ROWS)
    with pytest.raises(ContractError, match="key"):
        engine.load(WORK_COUNTRIES, [ROWS[0], bad])
    assert engine.rows("select count(*) from work_countries") == [(3,)]


def test_a_value_of_the_wrong_type_is_refused(engine):
    with pytest.raises(ContractError, match=r"work_countries\.fraction"):
        engine.load(WORK_COUNTRIES, [("W1", "JP", "half")])


def test_the_order_of_rows_does_not_change_the_bytes(tmp_path):
    many = [(f"W{i:06}", code, i / 7) for i in range(60_000) for code in ("JP", "KR")]
    first, second = DuckDB(tmp_path / "1"), DuckDB(tmp_path / "2")
    first.load(WORK_COUNTRIES, many)
    second.load(WORK_COUNTRIES, reversed(many))
    paths = [tmp_path / name / "work_countries.parquet" for name in "12"]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_reopened_folder_shows_its_tables(tmp_path):
    DuckDB(tmp_path).load(WORK_COUNTRIES, ROWS)
    again = DuckDB(tmp_path)
    assert again.tables() == ["work_countries"]
    assert again.rows("select count(*) from work_countries") == [(3,)]


@pytest.mark.spark
def test_a_run_may_start_on_spark_and_end_on_duckdb(spark_session, tmp_path):
    from kakehashi.engine.spark import Spark

    Spark(spark_session, tmp_path).load(WORK_COUNTRIES, ROWS)
    small = DuckDB(tmp_path)
    assert sorted(small.rows("select work_id, country_code, fraction from work_countries")) == ROWS
    small.load(WORK_COUNTRIES, ROWS[:1])
    assert small.rows("select count(*) from work_countries") == [(1,)]


def test_what_does_not_fit_in_memory_has_a_place_in_every_stage_of_a_run(tmp_path):
    engine = DuckDB(tmp_path / "tables", "60MB", threads=1)
    sql = "select cast(range * 7919 % 1000003 as string) || repeat('x', 90) as work_id from range(1000000)"
    for _ in range(2):
        engine.rows(f"select max(n) from (select work_id, row_number() over (order by work_id) as n from ({sql}))")
        assert (engine.scratch / "spill").is_dir()
        pipeline._tidy(engine, tmp_path)
    engine.close()


def test_sums_that_lie_half_way_between_two_values_are_rounded_upwards_by_every_engine(engine):
    totals = [0, 499, 500, 1_500, 2_500, 333_333_333_333 * 3, 123_456_789_500, 2_000_000_500, 61_803_398_874_500]
    given = " union all ".join(f"select cast({total} as bigint) as total" for total in totals)
    rounded = dict(engine.rows(f"select total, {nine_places('total')} from ({given}) t"))
    assert rounded == {total: (total + 500) // 1000 / 1e9 for total in totals}
    assert rounded[333_333_333_333 * 3] == 1
