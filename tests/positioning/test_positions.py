"""Positions and strengths written from a small table of indicators."""

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.positioning import stage
from kakehashi.progress import Silent
from kakehashi.settings import CountingSection, Settings, StudySection
from kakehashi.tables import INDICATORS, INSTITUTIONS


@pytest.fixture
def engine(tmp_path):
    """DuckDB alone: starting Spark for every case takes minutes; tests/positioning/test_engines_agree.py covers it."""
    engine = DuckDB(tmp_path / "tables")
    yield engine
    engine.close()


def indicator(level, field, period, entity, papers, eigenvector, fractional=None):
    return (level, field, period, entity, papers, fractional or papers / 2, 0, 0.0, 3, 0.1, 0.0, None, eigenvector, 1.5)


COUNTRIES = [
    indicator("country", "all", "all", "JP", 100, 0.2, 10.0),
    indicator("country", "all", "all", "KR", 80, 0.15, 20.0),
    indicator("country", "all", "all", "CN", 900, 0.9),
    indicator("country", "ai", "all", "JP", 50, 0.1),
    indicator("country", "ai", "all", "KR", 40, 0.2),
    indicator("country", "ai", "2021", "KR", 40, 0.2),
    indicator("country", "collected", "all", "JP", 100, 0.2),
]
INSTITUTION_ROWS = [
    indicator("institution", field, period, entity, 9, 0.1)
    for field, period in (("all", "all"), ("all", "2021"), ("collected", "all"))
    for entity in ("tokyo", "seoul", "tsinghua", "lagos", "nowhere")
]
HOMES = {"tokyo": "JP", "seoul": "KR", "tsinghua": "CN", "lagos": "NG", "nowhere": None}


def positions(engine, kind, period="all", settings=None):
    engine.load(INDICATORS, COUNTRIES + INSTITUTION_ROWS)
    engine.load(INSTITUTIONS, [(entity, entity, code, None, 1, 9) for entity, code in HOMES.items()])
    stage.run(engine, settings or Settings(), Silent())
    rows = engine.rows(
        f"select entity, region, reason from positions where kind = '{kind}' and field = 'all' and period = '{period}'"
    )
    return {entity: (region, reason) for entity, region, reason in rows}


def test_countries_stand_around_home(engine):
    assert positions(engine, "country") == {
        "JP": ("home", None), "KR": ("centre", None), "CN": ("upper_right", None),
    }  # fmt: skip


def test_an_institution_stands_where_its_country_does_or_says_why_not(engine):
    assert positions(engine, "institution") == {
        "tokyo": ("home", None), "seoul": ("centre", None), "tsinghua": ("upper_right", None),
        "lagos": (None, "country_absent"), "nowhere": (None, "country_unknown"),
    }  # fmt: skip


def test_institutions_are_placed_for_the_whole_period_only(engine):
    assert positions(engine, "institution", "2021") == {}
    assert engine.rows("select count(*) from positions where kind = 'institution' and field = 'collected'") == [(0,)]


def test_where_home_is_absent_nobody_has_a_region(engine):
    positions(engine, "country")
    query = "select entity, region, distance, reason from positions where period = '2021'"
    assert engine.rows(query) == [("KR", None, None, "home_absent")]


def test_under_fractional_counting_the_papers_axis_is_fractional(engine):
    settings = Settings(counting=CountingSection(counting="fractional"))
    assert positions(engine, "country", settings=settings)["KR"] == ("lower_right", None)
    assert engine.rows("select papers from positions where entity = 'KR' and field = 'all' and period = 'all'") == [
        (20.0,)
    ]


def test_strengths_compare_home_with_its_targets(engine):
    positions(engine, "country", settings=Settings(study=StudySection(targets=("KR",))))
    rows = engine.rows(
        "select entity, field, overtakes, overtaken, activity_index, verdict, rivals, reason from strengths "
        "order by entity nulls last"
    )
    assert rows == [
        ("JP", "ai", 0, 1, 1.5, "weak", "-KR", None),
        ("KR", "ai", 1, 0, 1.5, "strong", "+JP", None),
    ]


def test_without_targets_the_countries_with_most_papers_are_compared(engine):
    positions(engine, "country")
    rows = engine.rows("select entity, verdict, reason from strengths order by entity nulls last")
    assert rows == [("CN", None, "few_papers"), ("JP", "weak", None), ("KR", "strong", None)]


def test_an_empty_study_has_no_positions(engine):
    engine.load(INDICATORS, [])
    engine.load(INSTITUTIONS, [])
    stage.run(engine, Settings(), Silent())
    assert engine.rows("select count(*) from positions") == [(0,)]
    assert engine.rows("select count(*) from strengths") == [(0,)]


def test_the_shift_is_in_decades(engine):
    positions(engine, "country", settings=Settings(study=StudySection(targets=("KR",))))
    (shift,) = engine.rows("select shift from strengths where entity = 'KR'")[0]
    assert shift == pytest.approx(0.4259687322722811)  # log10(2) - log10(0.75)
