"""The trial that leaves 1% of the works out: what it changes, counted by hand, and where that is kept."""

from collections import Counter
from itertools import combinations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_fields_stage import CORPUS, load, tables

from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import stability, stage, tree
from kakehashi.manifest import Manifest, StageRecord, read_manifest, write_json
from kakehashi.progress import Silent
from kakehashi.report.build import build_report
from kakehashi.settings import FieldsSection, Settings

PLAIN = Settings(fields=FieldsSection(decide="keywords", tree_method="plain"))
SHARES = ("works_left_out", "links", "links_changed", "works_decided_again", "works_changed")


def tried(engine, monkeypatch, *left_out):
    """Run the stage with a draw that leaves out the works named: 3 of the 212."""
    order = sorted(range(len(CORPUS)), key=lambda place: sorted(CORPUS)[place] not in left_out)
    monkeypatch.setattr(stability, "drawn", lambda _: order)
    load(engine, CORPUS)
    found = stage.run(engine, PLAIN, Silent())
    return tuple(found[name] for name in SHARES)


def test_a_work_whose_field_came_down_a_link_that_two_other_works_carry_is_counted_as_changed(
    quick_engine, monkeypatch
):
    assert tried(quick_engine, monkeypatch, "B0", "B1", "F0") == (3, 3, 0, 209, 1)


def test_a_root_that_loses_its_rank_turns_a_link_and_hands_nothing_down(engine, monkeypatch):
    # Without B4 merkle proof (6 works) stands above blockchain (5), and training hangs from it.
    assert tried(engine, monkeypatch, "B4", "F0", "F1") == (3, 3, 2, 209, 1)


def test_works_that_say_nothing_change_nothing(quick_engine, monkeypatch):
    assert tried(quick_engine, monkeypatch, "F0", "F1", "F2") == (3, 3, 0, 209, 0)


def test_of_a_large_corpus_only_some_works_are_decided_again(quick_engine, monkeypatch):
    monkeypatch.setattr(stability, "MOST_WORKS", 20)
    load(quick_engine, CORPUS)
    assert stage.run(quick_engine, PLAIN, Silent())["works_decided_again"] == 20


@pytest.mark.parametrize("decide", ["keywords", "evidence"])
def test_the_trial_changes_no_table_and_the_order_of_the_input_not_the_trial(tmp_path, decide):
    results, measured = [], []
    for number, (reverse, trial) in enumerate([(False, False), (False, True), (True, True)]):
        engine = DuckDB(tmp_path / str(number))
        load(engine, CORPUS, reverse)
        measured.append(stage.run(engine, Settings(fields=FieldsSection(decide=decide)), Silent(), trial=trial))
        results.append(tables(engine))
        engine.close()
    assert results[0] == results[1] == results[2]
    assert measured[0] == {}
    assert measured[1] == measured[2] != {}


def test_a_corpus_without_works_is_stable(quick_engine):
    load(quick_engine, {})
    found = stage.run(quick_engine, PLAIN, Silent())
    assert (found["works_left_out"], found["links_changed_share"], found["works_changed_share"]) == (0, 0, 0)


works_of_keywords = st.lists(st.frozensets(st.integers(0, 6), max_size=5), min_size=1, max_size=25)


def counted(works, names):
    single = Counter(one for work in works for one in work)
    pairs = Counter(pair for work in works for pair in combinations(sorted(work), 2))
    rows = np.array([(*pair, joint) for pair, joint in sorted(pairs.items())], dtype=np.int64).reshape(-1, 3)
    counts = np.array([single[one] for one in range(len(names))], dtype=np.int64)
    return stability.Counts(names, counts, rows, sum(1 for work in works if work))


@given(works=works_of_keywords, left=st.integers(0, 25), least=st.integers(1, 3))
def test_taking_counts_away_equals_counting_the_works_that_stay(works, left, least):
    names = tuple("abcdefg")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tree, "AT_ONCE", 3)
        fewer = counted(works, names).without(counted(works[:left], names), least)
    stay = counted(works[left:], names)
    kept = [number for number in range(len(names)) if stay.works[number] >= least]
    assert fewer.keywords == tuple(names[number] for number in kept)
    assert fewer.works.tolist() == [stay.works[number] for number in kept]
    assert fewer.total == stay.total
    named = {(fewer.keywords[a], fewer.keywords[b]): joint for a, b, joint in fewer.pairs.tolist()}
    assert named == {(names[a], names[b]): joint for a, b, joint in stay.pairs.tolist() if a in kept and b in kept}


MEASURES = {"seed": 7, "works_left_out": 12, "links": 80, "links_changed": 1, "links_changed_share": 0.0125,
            "works_decided_again": 1200, "works_changed": 3, "works_changed_share": 0.0025}  # fmt: skip


def test_the_manifest_keeps_measures_as_they_are(tmp_path):
    manifest = Manifest(stages={"fields": StageRecord("f", {}, MEASURES), "networks": StageRecord("n", {})})
    write_json(tmp_path / "manifest.json", manifest.to_dict())
    assert read_manifest(tmp_path / "manifest.json") == manifest
    assert "measures" not in manifest.to_dict()["stages"]["networks"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "with 12 of the works (1%, drawn with seed 7) left out, 1.2% of the links"),
        ("ja", "無作為に選んだ1%（12件、乱数の種7）の論文を除いて"),
    ],
)
def test_the_methods_say_how_stable_the_fields_are_where_it_was_measured(language, sentence):
    connection = duckdb.connect()

    def rows(sql):
        return connection.execute(sql).fetchall()

    measured = {"stages": {"fields": {"tables": {}, "measures": MEASURES}}}
    assert sentence in build_report(rows, measured, Settings(), language)
    assert sentence not in build_report(rows, {"stages": {"fields": {"tables": {}}}}, Settings(), language)
