"""How sure ranks are: sets of works counted by hand, and what must hold whatever the works are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.engine.duckdb import DuckDB
from kakehashi.indicators import intervals, resampling, stage
from kakehashi.networks import stage as networks
from kakehashi.progress import Silent
from kakehashi.settings import CountingSection, NetworksSection, Settings
from kakehashi.tables import INSTITUTION_RELATIONS, WORK_COUNTRIES, WORK_FIELDS, WORK_INSTITUTIONS, WORKS

DRAWS = 400
# A and B share five works, C is on four of them, D has one of its own.
FIVE_WORKS = [(0, "ABC"), (1, "ABC"), (2, "ABC"), (3, "ABC"), (4, "AB"), (5, "D")]


def rows(works):
    """Works as columns: the work, its entities by number, one for each."""
    pairs = [(work, "ABCD".index(entity)) for work, entities in works for entity in entities]
    found = np.array(pairs, dtype=np.int64)
    return found[:, 0], found[:, 1], np.ones(len(found))


def test_works_that_have_the_same_are_one_set():
    sets = resampling.pooled(*rows(FIVE_WORKS))
    held = {tuple(sets.places[sets.sets == number].tolist()): int(sets.works[number]) for number in range(3)}
    assert held == {(0, 1, 2): 4, (0, 1): 1, (3,): 1}
    assert sets.sizes.tolist() == [len(entities) for entities in (held_of(sets, n) for n in range(3))]


def held_of(sets, number):
    return sets.places[sets.sets == number].tolist()


def test_a_rank_is_as_sure_as_the_works_that_it_hangs_on():
    low, high = resampling.by_amount(resampling.pooled(*rows(FIVE_WORKS[:5])), 3, 3, DRAWS, [1])
    # A and B have the same works in any resample. C ties with them where their fifth work is not drawn, 37 of 100
    # times, and is third otherwise.
    assert list(zip(low.tolist(), high.tolist(), strict=True)) == [(1, 1), (1, 1), (1, 3)]


def test_shares_of_a_work_are_kept_apart():
    sets = resampling.pooled(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0.5, 0.5, 0.75, 0.25]))
    assert sets.works.tolist() == [1, 1]
    assert sorted(sets.amounts.tolist()) == [0.25, 0.5, 0.5, 0.75]


memberships = st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=30)


def columns(works, names):
    pairs = [(name, entity) for name, entities in zip(names, works, strict=True) for entity in sorted(entities)]
    found = np.array(pairs, dtype=np.int64)
    return found[:, 0], found[:, 1], np.ones(len(found))


@settings(deadline=None)
@given(memberships, st.randoms(use_true_random=False))
def test_the_order_and_names_of_works_change_nothing(works, random):
    names = random.sample(range(1000), len(works))
    shuffled = random.sample(works, len(works))
    one = resampling.pooled(*columns(works, range(len(works))))
    other = resampling.pooled(*columns(shuffled, names))
    for column in ("places", "sets", "amounts", "works"):
        assert np.array_equal(getattr(one, column), getattr(other, column))


@settings(deadline=None)
@given(memberships)
def test_who_is_on_every_work_of_another_never_ranks_behind_it(works):
    sets = resampling.pooled(*columns(works, range(len(works))))
    low, high = resampling.by_amount(sets, 6, 6, 60, [7])
    assert (low >= 1).all()
    assert (low <= high).all()
    assert (high <= 6).all()
    assert sets.works.sum() == len(works)
    for entity in range(6):
        for other in range(6):
            if all(entity in held or other not in held for held in works):
                assert low[entity] <= low[other]
                assert high[entity] <= high[other]


def test_pooling_does_not_change_how_ranks_vary():
    """Works drawn one by one, as the definition has it, give the same intervals but for the chance of the draws."""
    random = np.random.default_rng(3)
    works = [set(np.flatnonzero(random.random(6) < chance).tolist()) or {0} for chance in random.random(400)]
    own, places, amounts = columns(works, range(400))
    single = resampling.Sets(places, own, amounts, np.ones(400, dtype=np.int64))
    pooled = resampling.pooled(own, places, amounts)
    assert len(pooled.works) < 70
    for one, other in zip(
        resampling.by_amount(single, 6, 6, 4000, [1]), resampling.by_amount(pooled, 6, 6, 4000, [2]), strict=True
    ):
        assert np.abs(one - other).max() <= 1


def test_eigenvectors_of_many_networks_are_those_of_each():
    random = np.random.default_rng(5)
    matrices = random.integers(0, 9, (8, 12, 12)).astype(float)
    matrices = np.triu(matrices, 1) + np.transpose(np.triu(matrices, 1), (0, 2, 1))
    matrices[0] = 0
    matrices[0, 0, 1:] = matrices[0, 1:, 0] = 1  # a star: two eigenvalues of the same size
    found = resampling._leading(matrices, np.full(12, 0.1))
    expected = np.abs(np.linalg.eigh(matrices)[1][:, :, -1])
    assert np.allclose(found, expected, atol=1e-7)


def test_ties_weigh_what_the_counting_says():
    sets = resampling.pooled(*rows(FIVE_WORKS))
    full, divided = (resampling.tied(sets, 10, counting) for counting in ("full", "fractional"))
    assert sorted(full.works.tolist()) == [1, 4]
    assert set(full.amounts) == {1.0}
    assert sorted(zip(divided.sizes.tolist(), divided.works.tolist(), strict=True)) == [(2, 1), (3, 4)]
    assert set(divided.amounts[divided.sets == divided.sizes.argmax()]) == {0.5}
    assert resampling.tied(sets, 2, "full").works.tolist() == [1]


@pytest.mark.parametrize(("papers", "least"), [(100, 36), (16, 0), (1, 0), (2500, 2116)])
def test_those_with_far_fewer_works_are_no_rivals(papers, least):
    assert intervals._least(papers) == pytest.approx(least)


# Tokyo is on every work that another is on, Japan too.
SIX_WORKS = (
    ("W1", "JP KR", "tokyo seoul", "ai"),
    ("W2", "JP KR AU", "tokyo kyoto seoul anu", "ai iot"),
    ("W3", "JP", "tokyo kyoto", "ai"),
    ("W4", "", "", "ai"),
    ("W5", "KR AU", "seoul anu", ""),
    ("W6", "JP AU", "tokyo anu", "iot"),
)


def ranked(folder, settings):
    engine = DuckDB(folder)
    engine.load(WORKS, [(w[0], None, w[0], 2020, None, None, None, None, None, "ieee") for w in SIX_WORKS])
    for table, column in ((WORK_COUNTRIES, 1), (WORK_INSTITUTIONS, 2)):
        engine.load(table, [(w[0], name, 1 / len(w[column].split())) for w in SIX_WORKS for name in w[column].split()])
    engine.load(INSTITUTION_RELATIONS, [])
    engine.load(WORK_FIELDS, [(w[0], f, "k", "author", "label", 1.0) for w in SIX_WORKS for f in w[3].split()])
    networks.run(engine, settings, Silent())
    stage.run(engine, settings, Silent())
    found = engine.rows(
        "select level, field, measure, entity, rank, rank_low, rank_high from rank_intervals "
        "order by level, field, measure, rank, entity"
    )
    engine.close()
    return found


def test_ranks_of_six_works(tmp_path):
    found = ranked(tmp_path / "tables", Settings())
    papers = {row[3]: row[4:] for row in found if row[1:3] == ("all", "papers")}
    assert papers["JP"] == papers["tokyo"] == (1, 1, 1)
    assert {papers[name][0] for name in ("KR", "AU", "kyoto", "seoul", "anu")} == {2}
    # W3 and W6, without which Korea has as many works as Japan, are missing in 135 of 1,000 resamples.
    assert papers["KR"][1:] == papers["AU"][1:] == (1, 3)
    scores = {row[3]: row[4:] for row in found if row[1:3] == ("all", "eigenvector")}
    assert set(scores) == {"JP", "KR", "AU"}
    assert scores["JP"][0] == 1
    assert {row[1] for row in found} == {"all", "ai", "iot"}
    assert {row[:2] for row in found if row[2] == "eigenvector"} == {("country", "all")}


def test_ranks_follow_the_counting_and_the_seed(tmp_path):
    fractional = Settings(counting=CountingSection(counting="fractional"))
    first = ranked(tmp_path / "one", fractional)
    assert {row[2] for row in first} == {"papers_fractional", "eigenvector"}
    assert ranked(tmp_path / "two", fractional) == first


def test_no_draws_give_no_intervals(tmp_path):
    assert ranked(tmp_path / "tables", Settings(networks=NetworksSection(rank_draws=0))) == []
