"""Twelve works, worked out on paper (README.md beside this file): every table, on both engines."""

import csv
import itertools
import math
from pathlib import Path

import networkx
import numpy as np
import pytest

import hand_study
from kakehashi import Study, tables

HERE = Path(__file__).parent
LANTERNS = "title:762b6c3115331ba89f61"
TOKYO, TSINGHUA, OSAKA, KAIST = "university-of-tokyo.jp", "tsinghua-university.cn", "osaka-university.jp", "kaist.kr"
MIT, MUNICH = "massachusetts-institute-of-technology.us", "technical-university-of-munich.de"
NAGOYA, MELBOURNE, NUS = "nagoya-university.jp", "university-of-melbourne.au", "national-university-of-singapore.sg"
WORKS = (  # year, database, countries, institutions, fields
    (2020, "ieee", "JP CN", (TOKYO, TSINGHUA), "ai"),
    (2020, "ieee", "JP", (TOKYO,), "ai security"),
    (2021, "ieee", "JP KR CN", (OSAKA, KAIST, TSINGHUA), "security"),
    (2021, "ieee", "CN US", (TSINGHUA, MIT), "photonics_quantum"),
    (2021, "ieee", "CN", (TSINGHUA,), "ai"),
    (2020, "ieee", "KR", (KAIST,), ""),
    (2021, "ieee", "", (), "ai"),
    (2020, "ieee", "DE JP", (MUNICH, TOKYO), ""),
    (2020, "acm", "", (), "security"),
    (2021, "acm", "JP AU", (NAGOYA, MELBOURNE), "photonics_quantum"),
    (2021, "other", "AU SG", (MELBOURNE, NUS), "security"),
    (2020, "other", "SG", (NUS,), "ai"),
)
FIELDS = ("collected", "all", "ai", "security", "photonics_quantum")
PERIODS = ("all", "2020", "2021")


@pytest.fixture(scope="module", params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def study(request, tmp_path_factory):
    if request.param == "spark":
        request.getfixturevalue("spark_session")
    made = Study.create(tmp_path_factory.mktemp(request.param) / "hand", "JP", [HERE / "exports"])
    hand_study.by_keywords(made.folder)
    with (made.folder / "study.toml").open("a", encoding="utf-8") as file:  # its last section is the economy
        file.write(f'gdp = "{HERE}/economy/gdp.csv"\ntrade = [{{ path = "{HERE}/economy/trade.csv" }}]\n')
    made = Study(made.folder)
    made.run(request.param)
    return made


def works_of(field, period, database="all"):
    for work in WORKS:
        year, origin, _countries, _institutions, fields = work
        in_field = field == "collected" or (bool(fields) if field == "all" else field in fields.split())
        if in_field and period in ("all", str(year)) and database in ("all", origin):
            yield work


def entities_of(work, level):
    return sorted(work[2].split() if level == "country" else work[3])


def found(study, name):
    table = tables.BY_NAME[name]
    return study.rows(f"select {', '.join(table.columns)} from {name} order by {', '.join(table.key)}")


def written(row):
    return ["" if value is None else value for value in row]


WRITTEN = tuple(path.stem for path in sorted((HERE / "expected").glob("*.csv")))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_row_is_the_one_written_down(study, name):
    with (HERE / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        head, *expected = list(csv.reader(file))
    assert head == list(tables.BY_NAME[name].columns)
    rows = found(study, name)
    assert len(rows) == len(expected)
    for row, line in zip(rows, expected, strict=True):
        for value, text in zip(written(row), line, strict=True):
            if isinstance(value, float):
                assert value == pytest.approx(float(text), abs=1e-9), line
            else:
                assert str(value) == text, line


def test_no_table_was_forgotten():
    counted = {"edges", "totals", "indicators", "positions", "work_scopes"}
    drawn = {"layouts"}  # nobody draws a network by hand: tests/layouts hold it to what a drawing must be
    made = {"rank_intervals", "measured_graphs"}  # drawn by lot and kept for the next run: tests/indicators count them
    kept = {"edge_scopes", "keyword_forms", "keyword_trial", "keyword_totals"}  # likewise: tests/networks, tests/fields
    weighed = {"field_evidence", "field_terms"}  # kept for the next run: tests/fields hold it to what is decided
    assert set(WRITTEN) | counted | drawn | made | kept | weighed | {"readings"} == set(tables.BY_NAME)


def test_in_this_corpus_every_string_says_by_itself_what_it_is_resolved_to(study):
    read = "affiliation, seq, country_code, method, country_method, span, country_span, confidence, reason"
    rows = study.rows(f"select {read} from readings order by affiliation, seq")
    assert rows
    assert rows == study.rows(f"select {read} from resolutions order by affiliation, seq")
    assert study.rows("select count(distinct reader), count(ror_id) from readings") == [(1, 0)]


def test_each_work_counts_in_its_fields_and_in_all_and_in_collected(study):
    scopes = study.rows("select field, count(*) from work_scopes group by field order by field")
    assert scopes == sorted((field, sum(1 for _ in works_of(field, "all"))) for field in FIELDS)


def test_totals_are_the_plain_counts(study):
    expected = {}
    for field, period, database in itertools.product(FIELDS, PERIODS, ("all", "ieee", "acm", "other")):
        works = list(works_of(field, period, database))
        resolved = [work for work in works if work[2]]
        international = [work for work in works if " " in work[2]]
        if works:
            share = len(international) / len(resolved) if resolved else None
            counts = (len(works), len(resolved), len(international), share, len(works) - len(resolved))
            expected[field, period, database] = counts
    assert {tuple(row[:3]): row[3:] for row in found(study, "totals")} == expected


def joint_works(level, field, period):
    weights: dict[tuple[str, str], list[float]] = {}
    for work in works_of(field, period):
        members = entities_of(work, level)
        for pair in itertools.combinations(members, 2):
            weights.setdefault(pair, []).append(1 / (len(members) - 1))
    return weights


def test_edges_are_the_plain_counts(study):
    expected = {
        (level, field, period, *pair): (len(shares), pytest.approx(sum(shares), abs=1e-9))
        for level, field, period in itertools.product(("country", "institution"), FIELDS, PERIODS)
        for pair, shares in joint_works(level, field, period).items()
    }
    assert {tuple(row[:5]): tuple(row[5:]) for row in found(study, "edges")} == expected


def eigenvector(graph):
    """Eigenvector of the largest component by plain linear algebra; of equal components the one with most works."""
    values = dict.fromkeys(graph, 0.0)
    components = [sorted(part) for part in networkx.connected_components(graph) if len(part) > 1]
    if not components:
        return values
    works = {tuple(part): sum(graph.nodes[node]["papers"] for node in part) for part in components}
    part = min(components, key=lambda part: (-len(part), -works[tuple(part)], part))
    matrix = networkx.to_numpy_array(graph, nodelist=part, weight="works")
    vector = np.abs(np.linalg.eigh(matrix)[1][:, -1])
    return values | dict(zip(part, vector, strict=True))


@pytest.mark.parametrize(
    ("level", "field", "period"), list(itertools.product(("country", "institution"), FIELDS, PERIODS))
)
def test_indicators_are_the_plain_counts_and_networkx_centralities(study, level, field, period):
    graph = networkx.Graph()
    for work in works_of(field, period):
        for entity in entities_of(work, level):
            graph.add_node(entity)
            node = graph.nodes[entity]
            node["papers"] = node.get("papers", 0) + 1
            node["fraction"] = node.get("fraction", 0) + 1 / len(entities_of(work, level))
            node["international"] = node.get("international", 0) + (" " in work[2])
    for (a, b), shares in joint_works(level, field, period).items():
        graph.add_edge(a, b, works=len(shares))
    betweenness = networkx.betweenness_centrality(graph, normalized=True)
    eigen = eigenvector(graph)
    rows = study.rows(
        "select entity, papers, papers_fractional, international_papers, international_share, degree, "
        "degree_normalised, "
        f"betweenness, betweenness_error, eigenvector from indicators where level = '{level}' and field = '{field}' "
        f"and period = '{period}' order by entity"
    )
    assert [row[0] for row in rows] == sorted(graph)
    for entity, papers, fractional, international, share, degree, normalised, between, error, eigen_value in rows:
        node = graph.nodes[entity]
        assert (papers, international, degree, error) == (
            node["papers"],
            node["international"],
            graph.degree(entity),
            None,
        )
        assert fractional == pytest.approx(node["fraction"], abs=1e-8)
        assert share == pytest.approx(international / papers)
        assert (normalised or 0) == pytest.approx(degree / max(len(graph) - 1, 1))
        assert (between or 0) == pytest.approx(betweenness[entity], abs=1e-9)
        assert eigen_value == pytest.approx(eigen[entity], abs=1e-9)


def test_the_numbers_on_the_page_beside_are_the_study_s(study):
    rows = study.rows(
        "select entity, betweenness from indicators where level = 'country' and field = 'all' and period = 'all'"
    )
    assert {entity: round(value, 9) for entity, value in rows} == {
        "AU": 0.4, "CN": 0.4, "JP": 0.6, "KR": 0, "SG": 0, "US": 0}  # fmt: skip


def test_positions_follow_the_stated_geometry(study):
    rows = study.rows(
        "select entity, papers, eigenvector, region, distance from positions where kind = 'country' and field = 'all' "
        "and period = 'all' order by entity"
    )
    home = next(row for row in rows if row[0] == "JP")
    for entity, papers, eigen_value, region, distance in rows:
        expected = math.hypot(math.log10(papers / home[1]), math.log10(eigen_value / home[2]))
        assert distance == pytest.approx(expected, abs=1e-9)
        right, up = papers > home[1], eigen_value > home[2]
        quadrant = ("upper" if up else "lower") + ("_right" if right else "_left")
        near = quadrant == "lower_left" and expected <= 0.5
        assert region == ("home" if entity == "JP" else "centre" if near else quadrant)
