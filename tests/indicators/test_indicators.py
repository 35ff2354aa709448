"""Totals and indicators of a corpus of six works, counted by hand."""

from math import sqrt

import pytest

from kakehashi.engine.duckdb import DuckDB
from kakehashi.indicators import intervals, kept, stage
from kakehashi.indicators.graph import from_edges
from kakehashi.networks import stage as networks
from kakehashi.progress import Silent
from kakehashi.settings import CountingSection, NetworksSection, Settings
from kakehashi.tables import (
    INDICATORS,
    INSTITUTION_RELATIONS,
    RANK_INTERVALS,
    TOTALS,
    WORK_COUNTRIES,
    WORK_FIELDS,
    WORK_INSTITUTIONS,
    WORKS,
)

STORED = (TOTALS, INDICATORS, RANK_INTERVALS)

# work, year, database, countries, institutions, fields
SIX_WORKS = (
    ("W1", 2020, "ieee", "JP KR", "tokyo seoul", "ai"),
    ("W2", 2020, "acm", "JP KR AU", "tokyo kyoto seoul anu", "ai iot"),
    ("W3", 2021, "ieee", "JP", "tokyo kyoto", "ai"),
    ("W4", 2021, "ieee", "", "", "ai"),
    ("W5", 2021, "acm", "KR AU", "seoul anu", ""),
    ("W6", None, None, "JP AU", "tokyo anu", "iot"),
)


@pytest.fixture
def engine(tmp_path):
    """DuckDB alone: starting Spark for every case takes minutes; tests/positioning/test_engines_agree.py covers it."""
    engine = DuckDB(tmp_path / "tables")
    yield engine
    engine.close()


def shares(work, names):
    return [(work, name, 1 / len(names.split())) for name in names.split()]


def fill(engine, works, settings):
    networks_of(engine, works, settings)
    stage.run(engine, settings, Silent())


def networks_of(engine, works, settings=Settings()):  # noqa: B008
    engine.load(WORKS, [(w[0], None, w[0], w[1], None, None, None, None, None, w[2]) for w in works])
    engine.load(WORK_COUNTRIES, [row for w in works for row in shares(w[0], w[3])])
    engine.load(INSTITUTION_RELATIONS, [])
    engine.load(WORK_INSTITUTIONS, [row for w in works for row in shares(w[0], w[4])])
    engine.load(WORK_FIELDS, [(w[0], f, "k", "author", "label", 1.0) for w in works for f in w[5].split()])
    networks.run(engine, settings, Silent())


def indicator(engine, entity, field, period="all"):
    columns = list(INDICATORS.columns)[4:]
    rows = engine.rows(
        f"select {', '.join(columns)} from indicators where entity = '{entity}' and field = '{field}' "
        f"and period = '{period}'"
    )
    return dict(zip(columns, rows[0], strict=True)) if rows else None


@pytest.fixture
def six(engine):
    fill(engine, SIX_WORKS, Settings())
    return engine


def totals(engine, field, period="all", database="all"):
    rows = engine.rows(
        "select works, works_resolved, international_papers, international_share, without_country from totals "
        f"where field = '{field}' and period = '{period}' and database = '{database}'"
    )
    return rows[0] if rows else None


def test_totals_leave_works_without_a_country_out_of_the_share_and_count_them_beside_it(six):
    assert totals(six, "all") == (5, 4, 3, 0.75, 1)
    assert totals(six, "collected") == (6, 5, 4, 0.8, 1)
    assert totals(six, "ai", "2021") == (2, 1, 0, 0.0, 1)


def test_totals_are_given_by_database_too(six):
    assert totals(six, "all", "all", "ieee") == (3, 2, 1, 0.5, 1)
    assert totals(six, "collected", "2021", "acm") == (1, 1, 1, 1.0, 0)


def test_a_share_of_nothing_is_null(engine):
    fill(engine, [("W1", 2020, "ieee", "", "", "ai")], Settings())
    assert totals(engine, "ai") == (1, 0, 0, None, 1)
    assert engine.rows("select count(*) from indicators") == [(0,)]


def test_papers_of_a_country_are_counted_in_full_and_in_fractions(six):
    japan = indicator(six, "JP", "ai")
    assert (japan["papers"], japan["papers_fractional"]) == (3, 1.833333333)
    assert (japan["international_papers"], japan["international_share"]) == (2, 2 / 3)


def test_an_institution_is_international_when_the_work_has_two_countries(six):
    kyoto = indicator(six, "kyoto", "all")
    assert (kyoto["papers"], kyoto["international_papers"], kyoto["international_share"]) == (2, 1, 0.5)
    assert kyoto["degree"] == 3


def test_degree_is_normalised_by_the_other_entities_of_the_scope(six):
    assert (indicator(six, "JP", "ai")["degree"], indicator(six, "JP", "ai")["degree_normalised"]) == (2, 1.0)
    assert (indicator(six, "KR", "all")["degree"], indicator(six, "KR", "all")["degree_normalised"]) == (2, 1.0)


def test_an_isolated_entity_keeps_its_row_with_zeros(six):
    japan = indicator(six, "JP", "collected", "2021")
    assert (japan["degree"], japan["betweenness"], japan["betweenness_error"], japan["eigenvector"]) == (0, 0, None, 0)
    assert japan["degree_normalised"] == 0


def test_an_entity_alone_in_its_scope_has_no_normalised_degree(six):
    assert indicator(six, "JP", "ai", "2021")["degree_normalised"] is None


def test_the_eigenvector_weighs_ties_by_joint_works(six):
    # Ties 2, 1, 1: the leading eigenvalue is 1 + sqrt(3), and AU has 2 / (1 + sqrt(3)) of what JP and KR have.
    ratio = 2 / (1 + sqrt(3))
    norm = sqrt(2 + ratio**2)
    found = [indicator(six, entity, "ai")["eigenvector"] for entity in ("JP", "KR", "AU")]
    assert found == pytest.approx([1 / norm, 1 / norm, ratio / norm], abs=1e-12)


def test_under_fractional_counting_the_eigenvector_weighs_ties_by_their_fraction(engine):
    fill(engine, SIX_WORKS, Settings(counting=CountingSection(counting="fractional")))
    # Ties 1.5, 0.5, 0.5: l^2 - 1.5 l - 0.5 = 0, and AU has 1 / l of what JP and KR have.
    value = (1.5 + sqrt(2.25 + 2)) / 2
    norm = sqrt(2 + 1 / value**2)
    found = [indicator(engine, entity, "ai")["eigenvector"] for entity in ("JP", "KR", "AU")]
    assert found == pytest.approx([1 / norm, 1 / norm, 1 / value / norm], abs=1e-9)


def test_betweenness_counts_the_pairs_a_country_joins(engine):
    works = [("W1", 2020, "ieee", "AU JP", "", "ai"), ("W2", 2020, "ieee", "JP KR", "", "ai")]
    fill(engine, [*works, ("W3", 2020, "ieee", "SG", "", "ai")], Settings())
    assert indicator(engine, "JP", "ai")["betweenness"] == pytest.approx(1 / 3)  # of 3 pairs of AU, KR, SG
    assert indicator(engine, "KR", "ai")["betweenness"] == 0
    assert indicator(engine, "SG", "ai")["betweenness"] == 0


def test_the_activity_index_compares_the_share_in_a_field_with_the_share_in_all(six):
    assert indicator(six, "AU", "iot")["activity_index"] == (2 / 2) / (2 / 4)
    assert indicator(six, "KR", "iot")["activity_index"] == (1 / 2) / (2 / 4)
    assert indicator(six, "anu", "ai")["activity_index"] == pytest.approx((1 / 3) / (2 / 4))
    assert indicator(six, "AU", "all")["activity_index"] is None
    assert indicator(six, "AU", "collected")["activity_index"] is None


def test_where_the_study_is_all_works_both_scopes_have_the_same_values(engine):
    fill(engine, [(*work[:5], "") for work in SIX_WORKS], Settings())
    assert indicator(engine, "JP", "all") == indicator(engine, "JP", "collected")
    assert indicator(engine, "JP", "all")["degree"] == 2


def test_estimates_say_their_bound_and_exact_values_do_not(tmp_path):
    engine = DuckDB(tmp_path)
    works = [(f"W{i}", 2020, "ieee", "JP US", f"tokyo i{i}", "ai") for i in range(30)]
    fill(engine, works, Settings(networks=NetworksSection(exact_betweenness="never", sampled_error=0.05)))
    hub, leaf = indicator(engine, "tokyo", "ai"), indicator(engine, "i3", "ai")
    assert hub["betweenness"] == pytest.approx(1.0, abs=0.05)
    assert hub["betweenness_error"] == pytest.approx(0.05)
    assert (leaf["betweenness"], leaf["betweenness_error"]) == (0, None)
    engine.close()


@pytest.mark.parametrize("mode", ["auto", "never"])
def test_the_order_of_the_input_rows_changes_no_byte(tmp_path, mode):
    works = [
        (f"W{i}", 2020 + i % 3, "ieee", f"C{i % 7} C{i % 5}5", f"i{i * i % 53} j{i % 11}", "ai") for i in range(80)
    ]
    settings = Settings(networks=NetworksSection(exact_betweenness=mode, sampled_error=0.05))
    written = []
    for name, order in (("forward", works), ("backward", works[::-1])):
        engine = DuckDB(tmp_path / name)
        fill(engine, order, settings)
        engine.close()
        files = sorted((tmp_path / name / "indicators.parquet").iterdir())
        written.append([path.read_bytes() for path in (tmp_path / name / "totals.parquet", *files)])
    assert len(written[0]) == 1 + 2 * 3
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("level", "field", "period", "budget", "estimated"),
    [
        ("institution", "all", "all", 12, False),
        ("institution", "collected", "all", 11, True),
        ("institution", "all", "2020", 120, False),
        ("institution", "all", "2020", 119, True),
        ("institution", "ai", "all", 120, False),
        ("institution", "ai", "all", 119, True),
        ("institution", "ai", "2020", 120, False),
        ("institution", "ai", "2020", 119, True),
        ("country", "ai", "2020", 12, False),
    ],
)
def test_a_graph_beyond_its_budget_is_estimated_and_a_field_or_year_of_institutions_has_a_tenth(
    level, field, period, budget, estimated
):
    path = from_edges([(0, 1, 1, 1.0), (1, 2, 1, 1.0), (2, 3, 1, 1.0)])  # 4 nodes x 3 edges
    scope = stage.Scope(level, period, 4, (field,))
    found = stage.betweenness(scope, NetworksSection(exact_budget=budget, sampled_error=0.1), path)
    assert (found.errors[1] > 0) == estimated
    always = stage.betweenness(scope, NetworksSection(exact_budget=1, exact_betweenness="always"), path)
    assert always.scores.tolist() == pytest.approx([0, 2 / 3, 2 / 3, 0])


@pytest.mark.parametrize("precision", ["double", "single"])
def test_the_settings_decide_the_precision_of_exact_betweenness(precision, monkeypatch):
    asked = []
    monkeypatch.setattr(stage, "exact", lambda *given: asked.append(given[2]))
    path = from_edges([(0, 1, 1, 1.0), (1, 2, 1, 1.0)])
    stage.betweenness(stage.Scope("country", "all", 3, ("all",)), NetworksSection(exact_precision=precision), path)
    assert asked == [precision]


def test_a_network_that_has_not_changed_is_not_measured_again(six, monkeypatch):
    settings = Settings()
    stage.run(six, settings, Silent(), reader="one")
    columns = ", ".join(INDICATORS.columns)
    everything = f"select {columns} from indicators order by level, field, period, entity"
    before = six.rows(everything)
    asked = []
    exactly = stage.exact

    def counted(graph, *rest):
        asked.append(graph.nodes)
        return exactly(graph, *rest)

    monkeypatch.setattr(stage, "exact", counted)
    stage.run(six, settings, Silent(), reader="one")
    assert (asked, six.rows(everything)) == ([], before)
    # W3 moves from ai to iot: Tokyo and Kyoto no longer meet in ai in 2021, and do in iot. Nothing else is another.
    six.load(WORK_FIELDS, [(w[0], f, "k", "author", "label", 1.0) for w in SIX_WORKS for f in moved(w)])
    networks.run(six, settings, Silent())
    stage.run(six, settings, Silent(), reader="one")
    again = six.rows(everything)
    assert asked
    assert len(asked) < 12
    asked.clear()
    stage.run(six, settings, Silent(), reader="another")
    assert len(asked) > 12
    assert six.rows(everything) == again


def test_fields_whose_works_have_not_changed_are_neither_counted_nor_drawn_again(six, monkeypatch):
    settings = Settings()
    networks.run(six, settings, Silent(), reader="of edges")
    stage.run(six, settings, Silent(), reader="one")
    # W3 moves from ai to iot: all works, and those with a field, are the same.
    six.load(WORK_FIELDS, [(w[0], f, "k", "author", "label", 1.0) for w in SIX_WORKS for f in moved(w)])
    networks.run(six, settings, Silent(), reader="of edges")
    drawn, draw = [], intervals._ranked
    monkeypatch.setattr(intervals, "_ranked", lambda scope, *rest: drawn.append(scope.field) or draw(scope, *rest))
    stage.run(six, settings, Silent(), reader="one")
    assert sorted(drawn) == ["ai", "ai", "iot", "iot"]
    assert six.rows("select distinct z.field from indicators_rates r join indicators_sizes z on z.scope = r.scope") in (
        [("ai",), ("iot",)], [("iot",), ("ai",)],
    )  # fmt: skip
    stored = [six.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED]
    stage.run(six, settings, Silent(), reader="another")
    assert len(drawn) == 4 + 6
    assert [six.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED] == stored
    networks.run(six, settings, Silent(), reader="of edges")
    stage.run(six, settings, Silent(), reader="another")
    assert len(drawn) == 4 + 6  # nothing at all
    assert [six.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED] == stored


def test_fields_are_counted_again_where_all_works_that_they_are_compared_to_have_changed(six):
    settings = Settings()
    networks.run(six, settings, Silent(), reader="of edges")
    stage.run(six, settings, Silent(), reader="one")
    # W6 has no field any more: so iot has another work less, and ai has as many, but of fewer in all.
    six.load(WORK_FIELDS, [(w[0], f, "k", "author", "label", 1.0) for w in SIX_WORKS[:5] for f in w[5].split()])
    networks.run(six, settings, Silent(), reader="of edges")
    stage.run(six, settings, Silent(), reader="one")
    stored = [six.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED]
    stage.run(six, settings, Silent(), reader="another")
    assert [six.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED] == stored
    assert indicator(six, "JP", "ai")["activity_index"] == pytest.approx((3 / 3) / (3 / 3))


def moved(work):
    return ["iot"] if work[0] == "W3" else work[5].split()


def test_only_networks_under_the_same_fingerprint_are_known(six):
    stage.run(six, Settings(), Silent(), reader="one")
    assert kept.known(six, "one")
    assert not kept.known(six, "another")
    assert not kept.known(six, "")


def test_a_year_more_has_only_that_year_and_the_whole_period_measured(engine, monkeypatch):
    def tables(works, reader):
        fill(engine, works, Settings())
        stage.run(engine, Settings(), Silent(), reader=reader)
        return [engine.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED]

    # The new country and institution stand before all others in the order of names, so every number moves.
    longer = (*SIX_WORKS, ("W0", 2022, "ieee", "JP AA", "tokyo aachen", "ai"))
    fresh = tables(longer, "one")
    tables(SIX_WORKS, "two")
    measured = []
    monkeypatch.setattr(stage, "eigenvector", lambda graph, of=stage.eigenvector: measured.append(graph) or of(graph))
    networks_of(engine, longer)
    stage.run(engine, Settings(), Silent(), reader="two")
    assert [engine.rows(f"select {', '.join(table.columns)} from {table.name}") for table in STORED] == fresh
    # `collected`, `all` and ai, whole and in 2022, at two levels; nothing of 2020, 2021 and iot.
    assert len(measured) == 3 * 2 * 2


def test_an_institution_under_another_name_is_another_network(six):
    stage.run(six, Settings(), Silent(), reader="one")
    networks_of(six, [(*w[:4], w[4].replace("anu", "anx"), w[5]) for w in SIX_WORKS])
    stage.run(six, Settings(), Silent(), reader="one")
    assert indicator(six, "anx", "all")["degree"] == 3
    assert indicator(six, "anu", "all") is None
