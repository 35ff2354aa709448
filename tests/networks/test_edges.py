"""Edges of a corpus of six works, counted by hand."""

from types import MappingProxyType

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.networks import stage
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, NetworksSection, Settings
from kakehashi.tables import EDGES, INSTITUTION_RELATIONS, WORK_COUNTRIES, WORK_FIELDS, WORK_INSTITUTIONS, WORKS

# work: year, countries, institutions, fields
SIX_WORKS = MappingProxyType(
    {
        "W1": (2020, "JP KR", "tokyo seoul", "ai"),
        "W2": (2020, "JP KR AU", "tokyo kyoto seoul anu", "ai iot"),
        "W3": (2021, "JP", "tokyo kyoto", "ai"),
        "W4": (2021, "", "", "ai"),
        "W5": (2021, "KR AU", "seoul anu", ""),
        "W6": (None, "JP AU", "tokyo anu", "iot"),
    }
)


@pytest.fixture
def engine(tmp_path):
    """DuckDB alone: starting Spark for every case takes minutes; tests/positioning/test_engines_agree.py covers it."""
    engine = DuckDB(tmp_path / "tables")
    yield engine
    engine.close()


def shares(names):
    return [(name, 1 / len(names.split())) for name in names.split()]


def fill(engine, works, reverse=False):
    """Load the tables that the stage reads."""
    items = sorted(works.items(), reverse=reverse)
    engine.load(WORKS, [(w, None, w, v[0], None, None, None, None, None, "ieee") for w, v in items])
    engine.load(WORK_COUNTRIES, [(w, *share) for w, v in items for share in shares(v[1])])
    engine.load(INSTITUTION_RELATIONS, [])
    engine.load(WORK_INSTITUTIONS, [(w, *share) for w, v in items for share in shares(v[2])])
    engine.load(WORK_FIELDS, [(w, f, "k", "author", "label", 1.0) for w, v in items for f in v[3].split()])


def edges(engine, level, field, period):
    rows = engine.rows(
        f"select entity_a, entity_b, works, fractional from edges where level = '{level}' and field = '{field}' "
        f"and period = '{period}' order by entity_a, entity_b"
    )
    return {f"{a}-{b}": (works, fractional) for a, b, works, fractional in rows}


@pytest.fixture
def six(engine):
    fill(engine, SIX_WORKS)
    stage.run(engine, Settings(), Silent())
    return engine


def test_country_edges_of_all_fields_are_those_counted_by_hand(six):
    assert edges(six, "country", "all", "all") == {"AU-JP": (2, 1.5), "AU-KR": (1, 0.5), "JP-KR": (2, 1.5)}
    assert edges(six, "country", "all", "2020") == {"AU-JP": (1, 0.5), "AU-KR": (1, 0.5), "JP-KR": (2, 1.5)}
    assert edges(six, "country", "all", "2021") == {}


def test_a_field_counts_only_its_works(six):
    assert edges(six, "country", "iot", "all") == {"AU-JP": (2, 1.5), "AU-KR": (1, 0.5), "JP-KR": (1, 0.5)}
    assert edges(six, "country", "ai", "all") == {"AU-JP": (1, 0.5), "AU-KR": (1, 0.5), "JP-KR": (2, 1.5)}


def test_works_outside_the_study_count_in_collected_only(six):
    assert edges(six, "country", "collected", "2021") == {"AU-KR": (1, 1.0)}
    assert edges(six, "country", "collected", "all")["AU-KR"] == (2, 1.5)


def test_institution_edges_take_an_equal_part_of_a_work_for_each_partner(six):
    third = 0.333333333
    assert edges(six, "institution", "all", "2020") == {
        "anu-kyoto": (1, third), "anu-seoul": (1, third), "anu-tokyo": (1, third),
        "kyoto-seoul": (1, third), "kyoto-tokyo": (1, third), "seoul-tokyo": (2, 1.333333333),
    }  # fmt: skip
    assert edges(six, "institution", "all", "2021") == {"kyoto-tokyo": (1, 1.0)}


def test_a_work_without_a_year_counts_in_the_whole_period_only(six):
    assert edges(six, "institution", "iot", "all")["anu-tokyo"] == (2, 1.333333333)
    assert edges(six, "institution", "iot", "2020")["anu-tokyo"] == (1, 0.333333333)
    assert six.rows("select distinct period from edges order by period nulls last") == [("2020",), ("2021",), ("all",)]


def test_three_thirds_make_one(engine):
    fill(engine, {f"W{i}": (2020, "AU JP KR SG", "", "ai") for i in range(3)})
    stage.run(engine, Settings(), Silent())
    assert edges(engine, "country", "ai", "2020")["AU-JP"] == (3, 1.0)


def test_without_a_taxonomy_the_study_is_all_works_read(engine):
    fill(engine, SIX_WORKS)
    stage.run(engine, Settings(fields=FieldsSection(taxonomy="none")), Silent())
    assert edges(engine, "country", "all", "all") == edges(engine, "country", "collected", "all") != {}
    assert engine.rows("select distinct field from edges order by field nulls last") == [("all",), ("collected",)]


def test_where_no_work_has_a_field_the_study_is_all_works_read(engine):
    fill(engine, {work: (*values[:3], "") for work, values in SIX_WORKS.items()})
    stage.run(engine, Settings(), Silent())
    assert edges(engine, "country", "all", "all")["AU-KR"] == (2, 1.5)


def test_a_corpus_without_affiliations_has_no_edges(engine):
    fill(engine, {"W1": (2020, "", "", "ai")})
    stage.run(engine, Settings(), Silent())
    assert engine.rows("select count(*) from edges") == [(0,)]
    assert engine.rows("select field from work_scopes order by field nulls last") == [("ai",), ("all",), ("collected",)]


def test_300_joint_works_are_300(engine):
    fill(engine, {f"W{i:03d}": (2020, "JP KR", "", "ai") for i in range(300)})
    stage.run(engine, Settings(), Silent())
    assert edges(engine, "country", "all", "all") == {"JP-KR": (300, 300.0)}


def test_a_work_of_a_thousand_institutions_keeps_all_its_pairs(tmp_path):
    engine = DuckDB(tmp_path)
    fill(engine, {"W1": (2020, "JP", " ".join(f"i{n:04d}" for n in range(1000)), "ai")})
    stage.run(engine, Settings(), Silent())
    query = "select count(*), round(sum(fractional), 0) from edges where field = 'ai' and period = '2020'"
    assert engine.rows(query) == [(499_500, 500.0)]
    engine.close()


def test_the_order_of_the_input_rows_changes_no_byte(tmp_path):
    written = []
    for reverse in (False, True):
        engine = DuckDB(tmp_path / str(reverse))
        fill(engine, SIX_WORKS, reverse)
        stage.run(engine, Settings(), Silent())
        engine.close()
        parts = sorted((tmp_path / str(reverse) / "edges.parquet").glob("*.parquet"))
        written.append({part.name: part.read_bytes() for part in parts})
    assert written[0] == written[1]


def test_an_institution_has_no_edge_with_a_parent_that_it_counts_for(engine):
    """Of x, its parent y, and z: x and y are both partners of z, but not of each other. A successor is no parent."""
    works = {"w1": (2020, "JP", "x y z", "iot"), "w2": (2020, "JP", "x y", "iot"), "w3": (2020, "JP", "o p", "iot")}
    fill(engine, works)
    engine.load(INSTITUTION_RELATIONS, [
        ("o", "parent", "p", "p", False, "state_office", None, None),
        ("o", "successor", "z", "z", True, "always", None, None),
        ("y", "top", "x", "x", True, "registry_parent", None, None),
    ])  # fmt: skip
    stage.run(engine, Settings(), Silent())
    assert edges(engine, "institution", "all", "all") == {"x-z": (1, 0.5), "y-z": (1, 0.5), "o-p": (1, 1.0)}


def test_a_work_of_more_institutions_than_the_cap_makes_no_edges_there_and_is_counted(engine):
    fill(engine, SIX_WORKS)
    settings = Settings(networks=NetworksSection(largest_work=3))
    measures = stage.run(engine, settings, Silent())
    assert measures == {"largest_work": 3, "works_left_out": 1, "works_left_out_of_countries": 0}
    assert "kyoto-tokyo" in edges(engine, "institution", "collected", "2021")
    assert "kyoto-tokyo" not in edges(engine, "institution", "collected", "2020")
    assert edges(engine, "country", "collected", "2020")["JP-KR"][0] == 2


def moved(works):
    """W3 moves from one field to another: two fields have other works, all and collected the same ones."""
    return {work: (*told[:3], "iot") if work == "W3" else told for work, told in works.items()}


def test_edges_of_fields_whose_works_have_not_changed_are_kept(six, monkeypatch):
    stage.run(six, Settings(), Silent(), reader="one")
    fill(six, moved(SIX_WORKS))
    counted = []
    part = stage._part

    def watched(engine, level, number, field, same):
        counted.append((level, field, same))
        return part(engine, level, number, field, same)

    monkeypatch.setattr(stage, "_part", watched)
    stage.run(six, Settings(), Silent(), reader="one")
    assert {field for _, field, same in counted if same} == {"all", "collected"}
    assert {field for _, field, same in counted if not same} == {"ai", "iot"}
    everything = f"select {', '.join(EDGES.columns)} from edges order by level, field, period, entity_a, entity_b"
    found = six.rows(everything)
    counted.clear()
    stage.run(six, Settings(), Silent(), reader="another")
    assert not any(same for _, _, same in counted)
    assert six.rows(everything) == found


def test_a_field_that_has_lost_edges_is_counted_again(six):
    stage.run(six, Settings(), Silent(), reader="one")
    before = edges(six, "country", "ai", "all")
    six.make(EDGES, "select * from edges where field <> 'ai' or level <> 'country'")
    stage.run(six, Settings(), Silent(), reader="one")
    assert edges(six, "country", "ai", "all") == before


def test_a_field_may_have_any_name(engine):
    fill(engine, {work: (*told[:3], "it's/a:field") for work, told in SIX_WORKS.items()})
    for reader in ("one", "one"):
        stage.run(engine, Settings(), Silent(), reader=reader)
        assert edges(engine, "country", "it''s/a:field", "all")["AU-JP"] == (2, 1.5)
