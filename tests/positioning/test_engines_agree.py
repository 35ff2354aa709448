"""Networks, indicators and positioning give the same tables on DuckDB and on Spark."""

from math import isclose

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.indicators import stage as indicators
from kakehashi.networks import stage as networks
from kakehashi.positioning import stage as positioning
from kakehashi.progress import Silent
from kakehashi.settings import PositioningSection, Settings
from kakehashi.tables import (
    EDGES,
    INDICATORS,
    INSTITUTION_RELATIONS,
    INSTITUTIONS,
    POSITIONS,
    RANK_INTERVALS,
    STRENGTHS,
    TOTALS,
    WORK_COUNTRIES,
    WORK_FIELDS,
    WORK_INSTITUTIONS,
    WORK_SCOPES,
    WORKS,
)

# work, year, database, countries, institutions, fields
SIX_WORKS = (
    ("W1", 2020, "ieee", "JP KR", "tokyo seoul", "ai"),
    ("W2", 2020, "acm", "JP KR AU", "tokyo kyoto seoul anu", "ai iot"),
    ("W3", 2021, "ieee", "JP", "tokyo kyoto", "ai"),
    ("W4", 2021, "ieee", "", "", "ai"),
    ("W5", 2021, "acm", "KR AU", "seoul anu", ""),
    ("W6", None, None, "JP AU", "tokyo anu", "iot"),
)
COUNTRIES = {"tokyo": "JP", "kyoto": "JP", "seoul": "KR", "anu": None}
WRITTEN = (WORK_SCOPES, EDGES, TOTALS, INDICATORS, RANK_INTERVALS, POSITIONS, STRENGTHS)


def shares(work, names):
    return [(work, name, 1 / len(names.split())) for name in names.split()]


def run(engine):
    settings = Settings(positioning=PositioningSection(strength_min_papers=1))
    engine.load(WORKS, [(w[0], None, w[0], w[1], None, None, None, None, None, w[2]) for w in SIX_WORKS])
    engine.load(WORK_COUNTRIES, [row for w in SIX_WORKS for row in shares(w[0], w[3])])
    engine.load(INSTITUTION_RELATIONS, [])
    engine.load(WORK_INSTITUTIONS, [row for w in SIX_WORKS for row in shares(w[0], w[4])])
    engine.load(WORK_FIELDS, [(w[0], f, "k", "author", "label", 1.0) for w in SIX_WORKS for f in w[5].split()])
    engine.load(INSTITUTIONS, [(name, name, code, None, 1, 1) for name, code in COUNTRIES.items()])
    for stage in (networks, indicators, positioning):
        stage.run(engine, settings, Silent())


def rows(engine, table):
    order = ", ".join(f"{column} nulls last" for column in table.key)
    return engine.rows(f"select {', '.join(table.columns)} from {table.name} order by {order}")


def same(found, expected):
    """Doubles may differ in their last bits: the engines divide and round in their own arithmetic."""
    if isinstance(expected, float) and isinstance(found, float):
        return isclose(found, expected, rel_tol=1e-12)
    return found == expected


@pytest.mark.spark
def test_both_engines_write_the_same_rows(spark_session, tmp_path):
    from kakehashi.engine.spark import Spark

    duckdb, spark = DuckDB(tmp_path / "duckdb"), Spark(spark_session, tmp_path / "spark")
    for engine in (duckdb, spark):
        run(engine)
    for table in WRITTEN:
        expected, found = rows(duckdb, table), rows(spark, table)
        assert expected, table.name
        assert len(found) == len(expected), table.name
        for theirs, ours in zip(found, expected, strict=True):
            assert all(map(same, theirs, ours)), f"{table.name}: {theirs} is not {ours}"
    duckdb.close()
    spark.close()
