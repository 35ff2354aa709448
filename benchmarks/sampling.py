"""Estimated betweenness of made co-authorship graphs: pairs drawn, seconds, and how often all errors are within bounds.

    python benchmarks/sampling.py small --error 0.005 --seeds 100
    python benchmarks/sampling.py large --error 0.0005 [--networkit]

The graphs are those of betweenness.py, their largest component. With `small` the estimates are compared with the exact
scores. `--networkit` lets NetworKit's KADABRA, two threads, estimate the same graph with the same error beside it.
"""

import argparse
import json
import os
import time

import numpy as np

from betweenness import made
from kakehashi.indicators import multisource
from kakehashi.indicators.graph import Graph
from kakehashi.indicators.sampling import estimated

CONFIDENCE = 0.95


def largest(size: str) -> Graph:
    return made(size).largest[1]


def networkit(graph: Graph, error: float) -> dict[str, float]:
    import networkit as nk

    drawn = nk.Graph(graph.nodes)
    drawn.addEdges((graph.a.astype(np.uint64), graph.b.astype(np.uint64)))
    nk.setNumberOfThreads(2)
    wall, cpu = time.perf_counter(), time.process_time()
    nk.centrality.KadabraBetweenness(drawn, error, 1 - CONFIDENCE).run()
    return {"wall": round(time.perf_counter() - wall, 2), "cpu": round(time.process_time() - cpu, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", choices=["small", "large"])
    parser.add_argument("--error", type=float, default=0.005)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--networkit", action="store_true")
    chosen = parser.parse_args()
    graph = largest(chosen.size)
    estimated(Graph(np.arange(3), np.arange(2), np.arange(1, 3), np.ones(2, np.int64), np.ones(2)), 0.2, 0.9, 1)
    truth = None
    if chosen.size == "small":
        truth = multisource.dependencies(graph) / (graph.nodes * (graph.nodes - 1))
    inside, walls, cpus, pairs, errors = 0, [], [], [], []
    for seed in range(chosen.seeds):
        wall, cpu = time.perf_counter(), time.process_time()
        found = estimated(graph, chosen.error, CONFIDENCE, seed)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        pairs.append(found.pairs)
        if truth is not None:
            away = np.abs(found.means - truth)
            inside += bool((away <= found.bounds).all())
            errors.append(float(away.max()))
    line = {
        "nodes": graph.nodes, "edges": graph.edges, "error": chosen.error, "seeds": chosen.seeds,
        "pairs": int(np.median(pairs)), "wall": round(float(np.median(walls)), 2),
        "cpu": round(float(np.median(cpus)), 2), "largest_score": round(float(found.means.max()), 5),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    if truth is not None:
        line |= {"inside": inside, "largest_error_met": round(max(errors), 6)}
    if chosen.networkit:
        line["networkit"] = networkit(graph, chosen.error)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
