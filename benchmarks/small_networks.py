"""Centralities of small networks beside igraph: milliseconds of processors, and by how much the values differ.

    OPENBLAS_NUM_THREADS=1 python benchmarks/small_networks.py [--runs 60]

Made connected networks of about the sizes that countries have, in which few have most partners. The least time of
several runs; each of ours looks for components anew. Needs the dependency group `bench`.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial

import igraph
import numpy as np

from kakehashi.indicators.betweenness import exact
from kakehashi.indicators.eigenvector import eigenvector
from kakehashi.indicators.graph import Floats, Graph

SIZES = ((56, 152), (130, 1_500), (150, 2_882), (250, 2_150), (256, 8_678))


def made(nodes: int, edges: int) -> Graph:
    """Draw a tree and further edges, both towards the first nodes, with joint works as weights."""
    rng = np.random.default_rng(1)
    pull = 1 / np.arange(1, nodes + 1) ** 0.8
    ends = {(int(rng.choice(new, p=pull[:new] / pull[:new].sum())), new) for new in range(1, nodes)}
    while len(ends) < edges:
        low, high = sorted(rng.choice(nodes, 2, replace=False, p=pull / pull.sum()).tolist())
        ends.add((low, high))
    a, b = np.array(sorted(ends), dtype=np.int64).T
    works = rng.geometric(0.05, len(a)).astype(np.int64)
    return Graph(np.arange(nodes), a, b, works, works.astype(np.float64))


def least(work: Callable[[], object], runs: int) -> float:
    """Return the least milliseconds of processors of several runs."""
    spent = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return min(spent) * 1_000


def between(graph: Graph) -> Floats:
    return exact(graph, graph.nodes).scores


def anew(measure: Callable[[Graph], Floats], graph: Graph) -> Floats:
    """Measure a graph that has not been looked at before."""
    return measure(Graph(graph.labels, graph.a, graph.b, graph.works, graph.weights))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=60)
    runs = parser.parse_args().runs
    print("| measure | nodes / edges | igraph, ms | ours, ms | largest difference |")
    print("|---|---|---:|---:|---:|")
    for nodes, edges in SIZES:
        graph = made(nodes, edges)
        peer = igraph.Graph(n=nodes, edges=np.stack([graph.a, graph.b], axis=1))
        weights = graph.weights.tolist()

        def anew(measure: Callable[[Graph], Floats], of: Graph = graph) -> Floats:
            return measure(Graph(of.labels, of.a, of.b, of.works, of.weights))

        pairs = (nodes - 1) * (nodes - 2) / 2
        pairs = (nodes - 1) * (nodes - 2) / 2
        theirs = np.abs(peer.eigenvector_centrality(weights=weights, scale=False))
        rows: tuple[tuple[str, Callable[[Graph], Floats], Callable[[], object], Floats], ...] = (
            ("betweenness", between, peer.betweenness, np.array(peer.betweenness()) / pairs),
            ("eigenvector", eigenvector, partial(peer.eigenvector_centrality, weights=weights, scale=False),
             theirs / np.linalg.norm(theirs)),
        )  # fmt: skip
        for name, ours, by_igraph, true in rows:
            difference = float(np.abs(anew(ours, graph) - true).max())
            peers, own = least(by_igraph, runs), least(partial(anew, ours, graph), runs)
            print(f"| {name} | {nodes} / {edges:,} | {peers:.2f} | {own:.2f} | {difference:.1e} |", flush=True)


if __name__ == "__main__":
    main()
