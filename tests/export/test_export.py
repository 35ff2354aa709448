"""Exported networks read back by other programs: the same nodes, edges and weights, whatever the labels hold."""

import csv
import json

import duckdb
import networkx as nx
import pyarrow.parquet as pq
import pytest
from lxml import etree

from example_study import load, rows_of
from kakehashi import Study, tables
from kakehashi.errors import SettingsError, StudyError
from kakehashi.export.files import FORMATS, export_study
from kakehashi.export.network import read_network
from kakehashi.settings import Settings, StudySection

HOSTILE = {
    "i1": 'Inst. "of" <script>alert(1)</script> & Sons\\',
    "i2": "two\nlines\tand a tab",
    "i3": "bell\x07 and nul\x00 and lone \x1b escape",
    "i4": "京都大学 ＆ Universität Zürich 🎓",
    "i5": "x" * 5000,
    "i6": "' or 1=1 --",
    "i7": "=HYPERLINK(1)",
}
EDGES = [
    ("i1", "i2", 5, 2.5),
    ("i1", "i3", 1, 1.0),
    ("i2", "i4", 12, 0.5),
    ("i4", "i5", 3, 3.0),
    ("i5", "i6", 7, 1 / 3),
]
LONELY = "i7"
SETTINGS = Settings(study=StudySection(name='A "study":\n- x', home="JP"))


@pytest.fixture(scope="module")
def rows():
    connection = duckdb.connect()
    edges = [("institution", "all", "all", *edge) for edge in EDGES] + [("country", "ai", "all", "JP", "US", 4, 4.0)]
    load(connection, tables.EDGES, edges)
    load(connection, tables.INSTITUTIONS, [(id_, name, "JP", None, 1, 9) for id_, name in HOSTILE.items()])
    values = [(40 - place, None, 3, 0.25, place, None, 0.1, None, 0.125) for place in range(len(HOSTILE))]
    found = [("institution", "all", "all", id_, *value) for id_, value in zip(HOSTILE, values, strict=True)]
    load(connection, tables.INDICATORS, found)
    load(connection, tables.POSITIONS, [("i1", "institution", "all", "all", 40.0, 0.25, 0, 0.1, 0.125, "upper_left")])
    return rows_of(connection)


@pytest.fixture(scope="module")
def folder(rows, tmp_path_factory):
    made = tmp_path_factory.mktemp("export")
    formats = [form for form in FORMATS if form != "parquet"]
    export_study(rows, {}, {"kakehashi": "1"}, SETTINGS, made, formats, ("institution",), authors=("山田 太郎",))
    return made


def weights(graph, name):
    """Edges as pairs of entities with their weight."""
    return {frozenset((name(a), name(b))): data["weight"] for a, b, data in graph.edges(data=True)}


WANTED = {frozenset(edge[:2]): edge[2] for edge in EDGES}


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_xml_networks_have_equal_nodes_edges_and_weights(folder, form):
    graph = getattr(nx, f"read_{form}")(folder / f"institution-all.{form}")
    entity = nx.get_node_attributes(graph, "entity")
    assert set(entity.values()) == set(HOSTILE)
    assert weights(graph, entity.get) == WANTED
    by_entity = {entity[node]: data for node, data in graph.nodes(data=True)}
    assert by_entity["i1"]["label"] == HOSTILE["i1"]
    assert by_entity["i2"]["label"] == "two lines and a tab"
    assert by_entity["i3"]["label"] == "bell\ufffd and nul\ufffd and lone \ufffd escape"
    assert by_entity["i4"]["label"] == HOSTILE["i4"]
    assert len(by_entity["i5"]["label"]) == 5000
    assert by_entity["i1"]["papers"] == 40
    assert by_entity["i1"]["region"] == "upper_left"
    assert "region" not in by_entity["i2"]  # unknown is left out, not written as a word


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_xml_networks_declare_every_attribute_they_use_once(folder, form):
    root = etree.parse(folder / f"institution-all.{form}").getroot()
    space = {"x": root.nsmap[None]}
    declared = root.xpath("//x:key/@id | //x:attribute/@id", namespaces=space)
    used = set(root.xpath("//x:data/@key | //x:attvalue/@for", namespaces=space))
    assert used <= set(declared)
    assert len(declared) == len(set(declared))
    nodes = root.xpath("//x:node/@id", namespaces=space)
    assert len(set(nodes)) == len(nodes) == len(HOSTILE)
    assert set(root.xpath("//x:edge/@source | //x:edge/@target", namespaces=space)) <= set(nodes)


def test_pajek_has_equal_vertices_edges_and_weights(folder):
    graph = nx.read_pajek(folder / "institution-all.net")
    number = {label: data["id"] for label, data in graph.nodes(data=True)}
    order = list(HOSTILE)
    assert len(graph) == len(HOSTILE)
    assert weights(graph, lambda label: order[int(number[label]) - 1]) == WANTED
    assert "京都大学 ＆ Universität Zürich 🎓" in graph
    assert "Inst. ”of” <script>alert(1)</script> & Sons＼" in graph
    for ending, first in (("clu", "3"), ("vec", "40")):
        lines = (folder / f"institution-all.{ending}").read_text(encoding="utf-8").splitlines()
        assert lines[0] == f"*Vertices {len(HOSTILE)}"
        assert len(lines) == 1 + len(HOSTILE)
        assert lines[1] == first


def test_igraph_reads_the_same_network_from_graphml_and_pajek(folder):
    igraph = pytest.importorskip("igraph")
    for ending in ("graphml", "net"):
        graph = igraph.Graph.Read(str(folder / f"institution-all.{ending}"))
        order = list(HOSTILE)
        found = {frozenset((order[edge.source], order[edge.target])): edge["weight"] for edge in graph.es}
        assert graph.vcount() == len(HOSTILE)
        assert found == WANTED


def test_vosviewer_files_agree_with_each_other_and_with_the_network(folder):
    network = json.loads((folder / "institution-all.vosviewer.json").read_text(encoding="utf-8"))["network"]
    assert set(network) == {"items", "links", "clusters"}
    entity = {item["id"]: item["description"] for item in network["items"]}
    assert list(entity) == list(range(1, len(HOSTILE) + 1))
    assert all({"id", "label", "weights"} <= set(item) for item in network["items"])
    found = {
        frozenset((entity[link["source_id"]], entity[link["target_id"]])): link["strength"] for link in network["links"]
    }
    assert found == WANTED
    assert {item.get("cluster") for item in network["items"]} == {3, None}
    assert [cluster["cluster"] for cluster in network["clusters"]] == [3]
    lines = (folder / "institution-all.vosviewer.map.txt").read_text(encoding="utf-8").split("\n")
    assert [line.split("\t")[1] for line in lines[1:-1]] == [item["label"] for item in network["items"]]
    assert all(len(line.split("\t")) == 6 for line in lines[:-1])
    text = (folder / "institution-all.vosviewer.network.txt").read_text(encoding="utf-8")
    pairs = [line.split("\t") for line in text.splitlines()]
    assert {frozenset((entity[int(a)], entity[int(b)])): int(weight) for a, b, weight in pairs} == WANTED


def test_csv_keeps_every_label_as_it_is(folder):
    with (folder / "institution-all.nodes.csv").open(encoding="utf-8", newline="") as file:
        nodes = {row["Id"]: row for row in csv.DictReader(file)}
    assert {id_: row["Label"] for id_, row in nodes.items()} == HOSTILE
    assert nodes[LONELY]["region"] == ""
    with (folder / "institution-all.edges.csv").open(encoding="utf-8", newline="") as file:
        edges = list(csv.DictReader(file))
    assert {frozenset((row["Source"], row["Target"])): int(row["Weight"]) for row in edges} == WANTED
    assert float(edges[-1]["fractional"]) == 1 / 3


def test_edges_of_few_works_can_be_left_out(rows):
    network = read_network(rows, SETTINGS, "institution", "all", "all", "en", min_works=5)
    assert sorted(edge.works for edge in network.edges) == [5, 7, 12]
    assert len(network.nodes) == len(HOSTILE)


def test_a_node_without_indicators_is_kept_for_its_edges(rows):
    network = read_network(rows, SETTINGS, "country", "ai", "all", "ja")
    assert [(node.entity, node.label, node.measures["papers"]) for node in network.nodes] == [
        ("JP", "日本", None), ("US", "米国", None),
    ]  # fmt: skip
    assert network.nodes[0].region == "home"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"formats": ["graphlm"]}, "graphlm; did you mean graphml?"),
        ({"formats": []}, "nothing; choose from"),
        ({"levels": ["institutions"]}, "did you mean institution?"),
        ({"field": "al"}, "did you mean all?"),
        ({"period": "1999"}, "--period: 1999; choose from all"),
    ],
)
def test_an_unknown_choice_is_refused_with_the_nearest_and_nothing_is_written(rows, tmp_path, wanted, said):
    options = {"formats": ["csv"], "levels": ["institution"], **wanted}
    with pytest.raises(SettingsError, match=said.replace("?", r"\?")):
        export_study(rows, {}, {}, SETTINGS, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_study_without_edges_says_so(tmp_path):
    connection = duckdb.connect()
    load(connection, tables.EDGES, [])
    with pytest.raises(StudyError, match="no edges between entities of level country"):
        export_study(rows_of(connection), {}, {}, SETTINGS, tmp_path, ["csv"])


def test_a_failure_leaves_no_file_behind(rows, tmp_path):
    def broken():
        raise StudyError("the disk is full")

    with pytest.raises(StudyError, match="full"):
        export_study(rows, {"works": broken}, {}, SETTINGS, tmp_path, ["csv", "parquet"], ("institution",))
    assert list(tmp_path.iterdir()) == []


def test_the_citation_is_yaml_with_the_authors_given(folder):
    text = (folder / "CITATION.cff").read_text(encoding="utf-8")
    assert text.startswith("cff-version: 1.2.0\n")
    assert "  - name: " + json.dumps("山田 太郎") in text
    yaml = pytest.importorskip("yaml")
    read = yaml.safe_load(text)
    assert read["title"] == 'A "study": - x: international research collaboration'
    assert read["authors"] == [{"name": "山田 太郎"}]
    assert read["type"] == "dataset"


def test_every_table_of_a_study_is_exported_as_parquet(finished, tmp_path):
    study = Study(finished / "study")
    paths = study.export(["parquet"], tmp_path)
    for path in paths:
        assert pq.read_table(path).equals(study.table(path.stem))
    assert {path.stem for path in paths} >= {"works", "edges", "positions", "resolutions"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables"]
