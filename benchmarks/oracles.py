"""Are the centralities of a study what igraph and networkx find? Degree, betweenness and eigenvector of every network.

    python benchmarks/oracles.py STUDY [--networkx 500]

Builds the network of each level, field and period from the table `edges` in igraph, and in networkx too where it has no
more nodes than --networkx, and prints for each measure the largest difference from `indicators`, over how many values.
Betweenness is compared where it is exact; estimates must be within the bound they state. Exits with an error where a
difference exceeds 1e-9. The last line is JSON.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import igraph
import networkx
import numpy as np

from bench_study import machine, versions
from kakehashi.study import Study

TOLERANCE = 1e-9
Scores = dict[str, float]


def networks(study: Study) -> Iterator[tuple[tuple[str, str, str], int, list[tuple[str, str, float]]]]:
    """Yield (level, field, period), its number of entities, and its edges with their joint works."""
    sizes = study.rows("select level, field, period, count(*) from indicators group by all order by all")
    for level, field, period, entities in sizes:
        where = f"level = '{level}' and field = '{field}' and period = '{period}'"
        edges = study.rows(f"select entity_a, entity_b, works from edges where {where} order by all")
        if edges:
            yield (level, field, period), entities, edges


def found(study: Study, scope: tuple[str, str, str]) -> list[tuple[Any, ...]]:
    where = "level = '{}' and field = '{}' and period = '{}'".format(*scope)
    return study.rows(
        f"select entity, degree, betweenness, betweenness_error, eigenvector from indicators where {where}"
    )


def by_igraph(edges: list[tuple[str, str, float]], entities: int) -> dict[str, Scores]:
    graph = igraph.Graph.TupleList(edges, weights=True)
    names, pairs = graph.vs["name"], max((entities - 1) * (entities - 2) / 2, 1)
    inside = max(graph.connected_components(), key=lambda part: rank(graph, part))
    largest = graph.induced_subgraph(inside)
    # ARPACK's default of twenty vectors and few restarts stops at 1e-8 on some networks.
    options = igraph.ARPACKOptions()
    options.maxiter, options.tol = 100_000, 0
    vector = np.array(largest.eigenvector_centrality(weights="weight", scale=False, arpack_options=options))
    eigenvector = dict.fromkeys(names, 0.0)
    eigenvector |= dict(zip(largest.vs["name"], vector / np.linalg.norm(vector), strict=True))
    return {
        "degree": dict(zip(names, graph.degree(), strict=True)),
        "betweenness": {name: score / pairs for name, score in zip(names, graph.betweenness(), strict=True)},
        "eigenvector": eigenvector,
    }


def rank(graph: igraph.Graph, part: list[int]) -> tuple[int, float]:
    """Return by what the largest component is chosen: nodes, then joint works."""
    return len(part), sum(graph.induced_subgraph(part).es["weight"])


def by_networkx(edges: list[tuple[str, str, float]], entities: int) -> dict[str, Scores]:
    graph = networkx.Graph()
    graph.add_weighted_edges_from(edges)
    pairs = max((entities - 1) * (entities - 2) / 2, 1)
    between = networkx.betweenness_centrality(graph, normalized=False)
    largest = graph.subgraph(max(networkx.connected_components(graph), key=len))
    sizes = [len(part) for part in networkx.connected_components(graph)]
    scores: dict[str, Scores] = {
        "degree": dict(graph.degree()),
        "betweenness": {name: score / pairs for name, score in between.items()},
    }
    if sizes.count(len(largest)) == 1:
        scores["eigenvector"] = dict.fromkeys(graph, 0.0) | networkx.eigenvector_centrality_numpy(largest, "weight")
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--networkx", type=int, default=500)
    args = parser.parse_args()
    study = Study(args.study)
    worst: dict[str, float] = defaultdict(float)
    values: dict[str, int] = defaultdict(int)
    begin, graphs, estimates, outside = time.perf_counter(), 0, 0, 0
    for scope, entities, edges in networks(study):
        graphs += 1
        oracles = {"igraph": by_igraph(edges, entities)}
        if len(oracles["igraph"]["degree"]) <= args.networkx:
            oracles["networkx"] = by_networkx(edges, entities)
        for entity, degree, between, bound, eigen in found(study, scope):
            ours = {"degree": degree, "betweenness": between, "eigenvector": eigen}
            for oracle, measures in oracles.items():
                for measure, scores in measures.items():
                    away = abs(ours[measure] - scores.get(entity, 0))
                    if measure == "betweenness" and bound is not None:
                        estimates, outside = estimates + 1, outside + (away > bound)
                        continue
                    values[f"{oracle} {measure}"] += 1
                    worst[f"{oracle} {measure}"] = max(worst[f"{oracle} {measure}"], away)
    for name in sorted(worst):
        print(f"{name}: {worst[name]:.2e} at most, over {values[name]:,} values")
    print(json.dumps({
        "networks": graphs, "largest_difference": dict(worst), "values": dict(values), "estimates": estimates,
        "estimates_outside": outside, "seconds": round(time.perf_counter() - begin, 1), "machine": machine(),
        "versions": versions() | {"igraph": igraph.__version__, "networkx": networkx.__version__},
    }))  # fmt: skip
    if outside or max(worst.values(), default=0.0) > TOLERANCE:
        sys.exit("some values differ")


if __name__ == "__main__":
    main()
