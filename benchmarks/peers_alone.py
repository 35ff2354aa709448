"""One system alone. Run by peers.py in the environment that the system needs.

    python benchmarks/peers_alone.py kakehashi|pybibx|litstudy|litstudy-unique SCOPUS.csv [STUDY]
    python benchmarks/peers_alone.py kakehashi-graph|igraph-graph|networkx-graph|... GRAPH.npz

The first goes from an export to the edges between countries and prints works, countries, edges, seconds of processors;
the second prints the seconds of building a graph and of its centralities. Both as one line of JSON.
"""

import csv
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

_LARGEST = 5e8  # nodes x edges: beyond it betweenness takes networkx hours
_SLOW = 20.0
Measured = tuple[Callable[[], Any], dict[str, Callable[[Any], Any]]]


def kakehashi(export: str, folder: str) -> tuple[int, int, int]:
    from kakehashi import Study, pipeline

    # What comes after the networks is not asked of the others either.
    last = [stage.name for stage in pipeline.STAGES].index("networks")
    pipeline.STAGES = pipeline.STAGES[: last + 1]  # type: ignore[assignment]
    shutil.rmtree(folder, ignore_errors=True)
    study = Study.create(Path(folder), "JP", [Path(export).parent])
    told = study.folder / "study.toml"
    told.write_text(told.read_text("utf-8").replace('taxonomy = "ict8"', 'taxonomy = "none"'), "utf-8")
    Study(study.folder).run()
    edges = "select entity_a, entity_b from edges where level = 'country' and field = 'collected' and period = 'all'"
    [(works,)] = study.rows("select count(*) from works")
    [(countries,)] = study.rows("select count(distinct country_code) from work_countries")
    return works, countries, len(study.rows(edges))


def pybibx(export: str) -> tuple[int, int, int]:
    from pybibx.base import pbx_probe

    probe = pbx_probe(file_bib=export, db="scopus", del_duplicated=True)
    probe._pbx_probe__adjacency_matrix_ctr()
    matrix = probe.matrix_a.to_numpy()
    return len(probe.data), len(probe.u_ctr), int((matrix > 0).sum() - (matrix.diagonal() > 0).sum()) // 2


def litstudy(export: str, unique: bool = False) -> tuple[int, int, int]:
    import litstudy as library
    import networkx
    from litstudy.stats import extract_country

    csv.field_size_limit(2**31 - 1)  # as it is, litstudy stops at a work of some thousand authors
    documents = library.load_scopus_csv(export)
    if unique:
        documents = documents.unique()
    graph = networkx.Graph()
    for document in documents:
        places = (place for author in document.authors or [] for place in author.affiliations or [])
        countries = {country for place in places if (country := extract_country(place))}
        graph.add_nodes_from(countries)
        for pair in combinations(sorted(countries), 2):
            joint = graph.get_edge_data(*pair, default={"weight": 0})["weight"]
            graph.add_edge(*pair, weight=joint + 1)
    return len(documents), len(graph), graph.number_of_edges()


def graph_kakehashi(a: Any, b: Any, works: Any, nodes: int) -> Measured:
    from kakehashi.indicators.betweenness import exact
    from kakehashi.indicators.eigenvector import eigenvector
    from kakehashi.indicators.graph import from_columns

    def build() -> Any:
        return from_columns(a, b, works, works.astype(float))

    return build, {
        "degree": lambda graph: graph.degrees(),
        "eigenvector": eigenvector,
        "betweenness": lambda graph: exact(graph, nodes),
    }


def graph_igraph(a: Any, b: Any, works: Any, nodes: int) -> Measured:
    import igraph

    def build() -> Any:
        return igraph.Graph(nodes, list(zip(a.tolist(), b.tolist(), strict=True)), edge_attrs={"works": works.tolist()})

    return build, {
        "degree": lambda graph: graph.degree(),
        "eigenvector": lambda graph: graph.eigenvector_centrality(weights="works"),
        "betweenness": lambda graph: graph.betweenness(),
    }


def graph_networkx(a: Any, b: Any, works: Any, nodes: int) -> Measured:
    import networkx

    def build() -> Any:
        graph = networkx.Graph()
        graph.add_weighted_edges_from(zip(a.tolist(), b.tolist(), works.tolist(), strict=True))
        return graph

    def eigenvector(graph: Any) -> Any:
        largest = graph.subgraph(max(networkx.connected_components(graph), key=len))
        return networkx.eigenvector_centrality_numpy(largest, weight="weight")

    measures: dict[str, Callable[[Any], Any]] = {
        "degree": lambda graph: dict(graph.degree()),
        "eigenvector": eigenvector,
    }
    if nodes * len(a) <= _LARGEST:
        measures["betweenness"] = networkx.betweenness_centrality
    return build, measures


def graph_rustworkx(a: Any, b: Any, works: Any, nodes: int) -> Measured:
    import rustworkx

    def build() -> Any:
        graph: Any = rustworkx.PyGraph()
        graph.add_nodes_from(range(nodes))
        graph.add_edges_from(list(zip(a.tolist(), b.tolist(), works.tolist(), strict=True)))
        return graph

    return build, {
        "degree": lambda graph: list(map(graph.degree, range(nodes))),
        "eigenvector": lambda graph: rustworkx.eigenvector_centrality(graph, float, max_iter=100_000, tol=1e-9),
        "betweenness": rustworkx.betweenness_centrality,
    }


def graph_networkit(a: Any, b: Any, works: Any, nodes: int) -> Measured:
    import networkit

    def build() -> Any:
        return networkit.GraphFromCoo((works.astype(float), (a, b)), n=nodes, weighted=True)

    return build, {
        "degree": lambda graph: networkit.centrality.DegreeCentrality(graph).run().scores(),
        "eigenvector": lambda graph: networkit.centrality.EigenvectorCentrality(graph, tol=1e-9).run().scores(),
        "betweenness": lambda graph: networkit.centrality.Betweenness(networkit.graphtools.toUnweighted(graph)).run(),
    }


def measured(system: str, file: str) -> dict[str, float]:
    """Return the least seconds of three runs of each measure, of one where that takes long; the first compiles."""
    import numpy as np

    given = np.load(file)
    build, measures = globals()[f"graph_{system}"](given["a"], given["b"], given["works"], int(given["nodes"]))
    found = {"graph": _least(build)}
    graph = build()
    for name, measure in measures.items():
        found[name] = _least(partial(measure, graph))
    return found


def _least(run: Callable[[], Any]) -> float:
    seconds: list[float] = []
    while len(seconds) < 3 and (not seconds or seconds[0] < _SLOW):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    return round(min(seconds), 6)


def main() -> None:
    system, export, *rest = sys.argv[1:]
    if system.endswith("-graph"):
        print(json.dumps(measured(system.removesuffix("-graph"), export)))
        return
    systems: dict[str, Callable[..., tuple[int, int, int]]] = {
        "kakehashi": kakehashi, "pybibx": pybibx, "litstudy": litstudy,
        "litstudy-unique": lambda file: litstudy(file, unique=True),
    }  # fmt: skip
    works, countries, edges = systems[system](export, *rest)
    used = os.times()
    spent = used.user + used.system + used.children_user + used.children_system
    print(json.dumps({"works": works, "countries": countries, "edges": edges, "processor_seconds": round(spent, 2)}))


if __name__ == "__main__":
    main()
