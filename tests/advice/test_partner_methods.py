"""Scales, trends, the emerging rule, sensitivity and the pool of large networks."""

import random
from dataclasses import replace
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from example_study import load, rows_of
from kakehashi import tables
from kakehashi.advice.partners import Constraints, rank_partners
from kakehashi.advice.partners.emerging import emerging, hub_ties
from kakehashi.advice.partners.measures import Measures, measure
from kakehashi.advice.partners.pool import Pool, candidates
from kakehashi.advice.partners.question import Question, ask
from kakehashi.advice.partners.reading import reader
from kakehashi.advice.partners.resample import _Draws, _paths
from kakehashi.advice.partners.rules import rules
from kakehashi.advice.partners.scale import position, scaled
from kakehashi.advice.partners.scoring import Scores, order
from kakehashi.advice.partners.sensitivity import by_weights, ranked
from kakehashi.advice.partners.trend import trends
from kakehashi.errors import SettingsError
from kakehashi.settings import Settings
from kakehashi.texts import texts

VALUES = arrays(
    float, st.integers(1, 30),
    elements=st.one_of(st.just(float("nan")), st.just(0.0), st.floats(0, 1e9, allow_subnormal=False)),
)  # fmt: skip


@given(VALUES, st.sampled_from(["log", "rank"]))
def test_scaled_values_lie_between_0_and_1_and_keep_their_order(values, scale):
    found = scaled(values, scale)
    known = ~np.isnan(values)
    assert (np.isnan(found) == ~known).all()
    assert ((found[known] >= 0) & (found[known] <= 1)).all()
    by_value = np.argsort(values[known], kind="stable")
    assert (np.diff(found[known][by_value]) >= 0).all()


@given(VALUES, st.sampled_from(["log", "rank"]), st.integers(0, 2**32 - 1))
def test_scaled_values_do_not_depend_on_the_order_of_candidates(values, scale, seed):
    mixed = np.random.default_rng(seed).permutation(len(values))
    np.testing.assert_array_equal(scaled(values, scale)[mixed], scaled(values[mixed], scale))


def test_the_logarithmic_scale_is_anchored_at_the_median_and_the_largest():
    # Median of those above 0: 3. ln(1 + 3/3) / ln(1 + 9/3) = ln 2 / ln 4.
    assert scaled(np.array([0.0, 1.0, 3.0, 9.0]), "log")[2] == pytest.approx(0.5)
    assert scaled(np.array([0.0, 1.0, 3.0, 9.0]), "log")[[0, 3]].tolist() == [0, 1]


def test_the_rank_scale_gives_equal_values_their_mean_rank():
    assert scaled(np.array([-1.0, 2.0, 2.0, np.nan, 5.0]), "rank")[[0, 1, 2, 4]].tolist() == [0.125, 0.5, 0.5, 0.875]


def test_a_new_value_is_placed_among_the_others():
    among = np.array([0.0, 1.0, 3.0, 9.0])
    assert position(np.array([100.0, -5.0]), among, "log").tolist() == [1, 0]
    assert position(np.array([2.0]), among, "rank").tolist() == [0.5]


def made(works):
    """A study in memory from (year, institutions) of works, counted plainly."""
    country = lambda name: name.split(".")[-1].upper()  # noqa: E731
    found = {name: [] for name in ("works", "work_scopes", "work_institutions", "work_countries")}
    papers, abroad, pairs = {}, {}, {}
    for number, (year, members) in enumerate(works):
        work = f"w{number:05d}"
        codes = sorted({country(name) for name in members})
        found["works"].append((work, None, work, year))
        found["work_scopes"].append((work, "all", year))
        found["work_institutions"] += [(work, name, 1.0) for name in members]
        found["work_countries"] += [(work, code, 1.0) for code in codes]
        for period in (str(year), "all"):
            for level, names in (("institution", sorted(members)), ("country", codes)):
                for place, name in enumerate(names):
                    papers[level, period, name] = papers.get((level, period, name), 0) + 1
                    abroad[level, period, name] = abroad.get((level, period, name), 0) + (len(codes) > 1)
                    for other in names[place + 1 :]:
                        works_, share = pairs.get((level, period, name, other), (0, 0.0))
                        pairs[level, period, name, other] = (works_ + 1, share + 1 / (len(names) - 1))
    degree = {}
    for level, period, one, other in pairs:
        for name in (one, other):
            degree[level, period, name] = degree.get((level, period, name), 0) + 1
    years = sorted({year for year, _ in works})
    found["indicators"] = [
        (level, "all", period, name, n, 1.0 * n, abroad[level, period, name], abroad[level, period, name] / n,
         degree.get((level, period, name), 0), 0.0, 0.0, 0.0, degree.get((level, period, name), 0) / 100, None)
        for (level, period, name), n in sorted(papers.items())
    ]  # fmt: skip
    found["edges"] = [(level, "all", period, a, b, *values) for (level, period, a, b), values in sorted(pairs.items())]
    found["totals"] = [
        ("all", str(year), "all", sum(1 for other, _ in works if other == year), None, None, None, None)
        for year in years
    ]
    names = sorted({name for _, members in works for name in members})
    found["institutions"] = [(name, name.split(".")[0], country(name), None, 1, 1) for name in names]
    connection = duckdb.connect()
    for name, rows in found.items():
        load(connection, tables.BY_NAME[name], rows)
    return rows_of(connection)


def pool_of(rows, home="home.jp", level="institution", limits=None):
    limits = limits or rules()
    tables_ = reader(rows)
    question = ask(tables_, Settings(), home, level, "all")
    return tables_, question, candidates(tables_, question, limits, domestic=False)


def test_growth_is_the_median_yearly_change_of_the_share_of_all_works():
    # 30 works a year in all; riser.cn has 2, 4, 8, 16 of them, steady.cn 5 each year, few.cn one.
    works = []
    for year, number in zip(range(2019, 2023), (2, 4, 8, 16), strict=True):
        works += (
            [(year, ("riser.cn",))] * number + [(year, ("steady.cn",))] * 5 + [(year, ("home.jp",))] * (25 - number)
        )
    works.append((2022, ("few.cn",)))
    tables_, question, pool = pool_of(made(works))
    growth = dict(zip(pool.entities, trends(tables_, question, rules(), pool), strict=True))
    logs = np.log(np.array([2.5, 4.5, 8.5, 16.5]) / np.array([30, 30, 30, 31]))
    slopes = [(logs[j] - logs[i]) / (j - i) for i in range(4) for j in range(i + 1, 4)]
    assert growth["riser.cn"] == pytest.approx(np.expm1(np.median(slopes)))
    assert abs(growth["steady.cn"]) < 0.02
    assert np.isnan(growth["few.cn"])


def test_one_odd_year_makes_no_growth():
    works = [(year, ("home.jp",)) for year in range(2016, 2023) for _ in range(40)]
    works += [(year, ("odd.cn",)) for year in range(2016, 2023) for _ in range(30 if year == 2020 else 5)]
    tables_, question, pool = pool_of(made(works))
    assert abs(trends(tables_, question, rules(), pool)[0]) < 0.05


def test_too_few_years_give_no_growth():
    tables_, question, pool = pool_of(made([(2021, ("home.jp",)), (2022, ("a.cn",)), (2022, ("b.kr",))]))
    assert trends(tables_, question, rules(), pool) is None


def random_works(seed, number=400, institutions=40):
    rng = random.Random(seed)
    names = [f"i{n:02d}.{['jp', 'cn', 'kr', 'de', 'us', 'au'][n % 6]}" for n in range(institutions)]
    chances = [1 / (1 + n) for n in range(institutions)]
    return [
        (rng.randint(2016, 2022), tuple(sorted(set(rng.choices(names, chances, k=rng.choice((1, 2, 2, 3)))))))
        for _ in range(number)
    ]


@pytest.fixture(scope="module")
def network():
    return made(random_works(5))


def test_leading_candidates_of_a_large_network_are_measured_as_in_the_whole(network):
    small = replace(rules(), pool_whole=5, pool_each=12)
    tables_, question, whole = pool_of(network, "i00.jp")
    _, _, part = pool_of(network, "i00.jp", limits=small)
    assert 12 <= len(part.entities) < len(whole.entities)
    everything = measure(tables_, question, rules(), whole, "JP", None)
    leading = measure(tables_, question, small, part, "JP", None)
    places = [whole.entities.index(entity) for entity in part.entities]
    for name in ("output", "ties", "national_ties", "bridge", "shared_partners", "reach", "recency", "growth"):
        np.testing.assert_allclose(everything.raw[name][places], leading.raw[name], err_msg=name)
    best = np.argsort(-np.nan_to_num(everything.raw["bridge"]), kind="stable")[:5]
    assert {whole.entities[place] for place in best} <= set(part.entities)


@pytest.mark.parametrize("level", ["institution", "country"])
def test_intervals_hold_the_rank_and_are_the_same_each_time(network, level):
    asked = {"home": "JP", "level": level, "goals": ("relationships",)}
    first, again = (rank_partners(network, Settings(), **asked) for _ in range(2))
    assert first == again
    for one in first.candidates:
        assert one.by_weights.low <= one.by_weights.high
        assert 0 <= one.by_sample.top_share <= 1
    middle = [one for one in first.candidates if one.by_sample.low < one.by_sample.high]
    assert middle or level == "country"


def test_a_candidate_that_leads_in_everything_stays_first_whatever_the_weights():
    values = np.array([[1.0, 1.0], [0.9, 0.2], [0.1, 0.8]])
    scores = Scores(("output", "reach"), values, values, np.array([0.5, 0.5]), values.mean(axis=1), np.ones(3))
    found = by_weights(scores, [0, 1, 2], rules())
    assert (found[0].low, found[0].high, found[0].top_share) == (1, 1, 1.0)
    assert (found[1].low, found[2].high) == (2, 3)


def test_equal_scores_are_ordered_by_id():
    assert order(np.array([0.5, 0.7, 0.5]), ("b", "c", "a"), np.array([True, True, True])) == [1, 2, 0]
    assert ranked(np.array([0.5, 0.7, 0.5])).tolist() == [2, 1, 3]


def test_emerging_partners_are_small_growing_and_open_or_tied_to_hubs():
    names = ("big.us", "flat.cn", "open.kr", "closed.de")
    columns = {
        "papers": np.array([500.0, 40.0, 20.0, 30.0]), "eigenvector": np.array([0.9, 0.1, 0.1, 0.1]),
        "international_share": np.array([0.2, 0.2, 0.9, 0.0]),
    }  # fmt: skip
    pool = Pool(names, names, ("US", "CN", "KR", "DE"), columns, True, 0)
    measures = Measures(raw={"growth": np.array([0.3, -0.1, 0.4, 0.2]), "openness": np.array([0.2, 0.3, 0.9, 0.1])})
    found = emerging(measures, pool, rules(), np.ones(4, dtype=bool), None)
    assert [(names[one.place], one.signs) for one in found] == [("open.kr", ("growth", "openness"))]
    assert emerging(measures, pool, rules(), np.array([True, True, False, True]), None) == []


def test_hubs_are_the_most_central_and_ties_with_them_are_counted(network):
    tables_, question, pool = pool_of(network, "i00.jp")
    central = max(
        range(len(pool.entities)), key=lambda place: (pool.columns["eigenvector"][place], pool.entities[place])
    )
    ties = hub_ties(tables_, question, replace(rules(), hub_share=1e-9), pool)
    hub = pool.entities[central]
    joint = network(
        f"select count(*) from edges where level = 'institution' and period = 'all' and '{hub}' in (entity_a, entity_b)"
    )
    assert ties[central] == 0
    assert (ties > 0).sum() <= joint[0][0]
    assert ties.sum() > 0


def test_an_emerging_partner_is_told_why_with_the_rule(network):
    ranking = rank_partners(network, Settings(), home="i00.jp", level="institution", sensitivity=False)
    for one in ranking.emerging:
        first = one.reasons_for[0]
        assert first.text == "partners.for.emerging"
        assert first.evidence[0].plain() == {
            "kind": "rule", "ref": "partner_components.toml", "key": {"id": "emerging"},
        }  # fmt: skip
        assert first.say(texts("ja"), "ict8").startswith(one.name)


def test_trade_of_the_studys_home_is_a_component_and_of_no_other_home():
    works = [(2022, ("home.jp", "a.cn")), (2022, ("b.kr",)), (2022, ("c.de",))]
    rows = made(works)
    rows("create table economy (country_code varchar, indicator varchar, period varchar, value double)")
    rows(
        "insert into economy values ('CN', 'exports', 'all', 30), ('CN', 'imports', 'all', 10), "
        "('KR', 'exports', 'all', 5), ('KR', 'imports', 'all', 6), ('DE', 'exports', 'all', 99), "
        "('CN', 'exports', '2022', 1000)"
    )
    tables_, question, pool = pool_of(rows, "JP", "country")
    found = measure(tables_, question, rules(), pool, "JP", None)
    trade = dict(zip(pool.entities, found.raw["economic_ties"].tolist(), strict=True))
    assert (trade["CN"], trade["KR"]) == (40, 11)
    assert np.isnan(trade["DE"])  # its imports are unknown
    assert measure(tables_, question, rules(), pool, "KR", None).absent["economic_ties"] == "no_economy"
    ranking = rank_partners(rows, Settings(), home="JP", goals=("market_needs",), sensitivity=False)
    told = [reason for reason in ranking.candidates[0].reasons_for if reason.text == "partners.for.economic_ties"]
    assert [dict(evidence.key)["indicator"] for evidence in told[0].evidence] == ["exports", "imports"]


def test_a_study_of_home_alone_has_no_candidate():
    rows = made([(2022, ("home.jp",))])
    for level in ("country", "institution"):
        with pytest.raises(SettingsError, match="no candidate is left"):
            rank_partners(rows, Settings(), home="JP", level=level)


@pytest.mark.parametrize("level", ["country", "institution"])
def test_a_home_whose_country_is_unknown_is_ranked_for_all_the_same(level):
    rows = made([(2021, ("home.jp", "a.cn")), (2022, ("home.jp", "b.kr"))])
    rows("update institutions set country_code = null where institution_id = 'home.jp'")
    ranking = rank_partners(rows, Settings(), home="home.jp", level=level, goals=("relationships",))
    expected = {"CN", "KR", "JP"} if level == "country" else {"a.cn", "b.kr"}
    assert {one.entity for one in ranking.candidates} == expected
    assert ranking.absent["country_ties"] == "home_country_unknown"


def test_a_single_candidate_is_ranked_first():
    rows = made([(2022, ("home.jp", "a.cn"))])
    ranking = rank_partners(rows, Settings(), home="JP", level="institution")
    assert [(one.entity, one.rank, one.joint_works) for one in ranking.candidates] == [("a.cn", 1, 1)]


def test_works_without_a_year_count_among_joint_works_and_have_no_strength():
    rows = made([(2021, ("home.jp", "a.cn")), (2022, ("home.jp", "a.cn"))])
    rows("update edges set works = 3 where period = 'all'")
    tables_, question, pool = pool_of(rows, "home.jp")
    found = measure(tables_, question, rules(), pool, "JP", None)
    assert found.facts["joint_works"].tolist() == [3]
    assert found.raw["ties"].tolist() == pytest.approx([1 + 0.5 ** (1 / 3)])


def test_constraints_leave_scores_alone(network):
    whole = rank_partners(network, Settings(), home="i00.jp", level="institution", most=99, sensitivity=False)
    some = rank_partners(
        network, Settings(), home="i00.jp", level="institution", most=99, sensitivity=False,
        constraints=Constraints(only=("CN", "KR"), min_papers=5),
    )  # fmt: skip
    scores = {one.entity: one.score for one in whole.candidates}
    assert some.candidates
    assert all(scores[one.entity] == one.score for one in some.candidates)
    assert [one.rank for one in some.candidates] == list(range(1, len(some.candidates) + 1))


def test_a_partner_of_works_without_a_year_is_shared_in_draws_that_have_them_and_passes_nothing():
    # Two works by two draws: the first has no year, so no strength, and makes partner 0 a shared one; the second is
    # drawn twice where the first is not.
    draws = _Draws(np.array([[1, 0], [0, 2]], np.uint8))
    numbers = [np.array([0, 0]), np.array([0, 1]), np.array([0, 1]), np.array([0.0, 0.5])]
    tables = SimpleNamespace(kept=lambda _: "kept", columns=lambda *_: numbers)
    question = Question("home.jp", "institution", "JP", "institution", "all", "all", None)
    pool = SimpleNamespace(near=[(None,) * 9 + (0, 2.0, 3.0), (None,) * 9 + (1, 1.0, 1.0)])
    found = _paths(tables, question, rules(), draws, "owned", np.array([0, 1]), pool, 1)
    assert found["shared_partners"].tolist() == [[2.0, 1.0]]
    assert found["bridge"].tolist() == [[0.0, 1.0]]


def test_works_are_counted_by_owner_as_often_as_a_draw_has_them():
    weights = np.random.default_rng(1).integers(0, 14, (9000, 3), np.uint8)
    owners, works = np.arange(27000) % 2, np.arange(27000) // 3
    found = _Draws(weights).counts(owners, works, 3)
    assert found.tolist() == [weights[works[owners == owner]].sum(axis=0).tolist() for owner in range(3)]
