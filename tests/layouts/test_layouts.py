"""Layouts: the same every time, whole, and near where joint works are."""

import numpy as np
import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.layouts import forces, stage
from kakehashi.progress import Silent
from kakehashi.settings import Settings
from kakehashi.tables import EDGES, INDICATORS


def two_groups(size):
    """Two groups in which all work together, and one link between them."""
    pairs = [(i, j) for group in (0, size) for i in range(group, group + size) for j in range(i + 1, group + size)]
    table = np.array([*pairs, (0, size)], dtype=np.int64)
    return table[:, 0], table[:, 1], np.ones(len(table))


def test_members_of_a_group_stand_nearer_to_each_other_than_to_the_other_group():
    spots = forces.layout(40, *two_groups(20))
    middles = spots[:20].mean(axis=0), spots[20:].mean(axis=0)
    within = np.sqrt(((spots[:20] - middles[0]) ** 2).sum(axis=1)).mean()
    assert np.sqrt(((middles[0] - middles[1]) ** 2).sum()) > 2 * within


def test_nodes_lie_apart_within_the_unit_circle_also_without_links():
    a, b, works = two_groups(20)
    spots = forces.layout(60, a, b, works)
    length = np.sqrt((spots**2).sum(axis=1))
    assert length.max() == pytest.approx(1)
    assert len({tuple(spot) for spot in np.round(spots, 3).tolist()}) == 60


@pytest.mark.parametrize("nodes", [0, 1, 2, 3])
def test_very_few_nodes_have_places_that_are_numbers(nodes):
    none = np.zeros(0, dtype=np.int64)
    assert np.isfinite(forces.layout(nodes, none, none, np.zeros(0))).all()
    if nodes > 1:
        assert np.isfinite(forces.layout(nodes, np.array([0]), np.array([1]), np.ones(1))).all()


def filled(folder, reverse):
    engine = DuckDB(folder)
    entities = [("country", code, papers) for code, papers in (("JP", 9), ("KR", 7), ("AU", 7), ("FR", 1))]
    rows = [(level, "all", "all", entity, papers, *[None] * 9) for level, entity, papers in entities]
    engine.load(INDICATORS, sorted(rows, reverse=reverse))
    edges = [("JP", "KR", 3), ("AU", "JP", 2), ("AU", "FR", 1)]
    engine.load(EDGES, [("country", "all", "all", a, b, works, 1.0) for a, b, works in sorted(edges, reverse=reverse)])
    stage.run(engine, Settings(), Silent())
    return engine


def test_entities_are_placed_by_papers_then_name_and_the_order_of_input_plays_no_part(tmp_path):
    one, other = filled(tmp_path / "1", reverse=False), filled(tmp_path / "2", reverse=True)
    query = "select level, entity, place, x, y from layouts order by level, place"
    assert one.rows(query) == other.rows(query)
    assert [(entity, place) for _, entity, place, _, _ in one.rows(query)] == [
        ("JP", 1), ("AU", 2), ("KR", 3), ("FR", 4)]  # fmt: skip


def test_only_the_largest_institutions_are_placed(tmp_path, monkeypatch):
    monkeypatch.setattr(stage, "MOST_NODES", 2)
    engine = filled(tmp_path, reverse=False)
    assert engine.rows("select entity from layouts order by place") == [("JP",), ("AU",)]
