"""Exact betweenness of made co-authorship graphs: seconds, memory, and peers in the same run.

    python benchmarks/betweenness.py [small] [large] [--whole] [--systems kernel,single,networkit,igraph,networkx]

Each system runs in a process of its own on the same graph. What would take long is extrapolated from a sample of
sources, spread evenly; `--whole` lets the kernel do all of them. The rows say which. Threads: the kernel and NetworKit
use two, igraph and networkx one, as they have no more. igraph and networkx are peers only, and left out where they are
not installed. `single` is the kernel in single precision, with its largest relative difference from double precision.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from kakehashi.indicators.graph import Graph
from kakehashi.settings import Precision

# institutions drawn from, works: calibrated on 20,000 works' and 2.15 million works' graphs (nodes / edges).
SIZES = {"small": (25_000, 60_000), "large": (620_000, 1_900_000)}
# The kernel needs many: each of its sixteen heaps asks for its memory first, which a whole run does not notice.
SOURCES = {"kernel": 8_192, "single": 8_192, "networkit": 40, "igraph": 40, "networkx": 2}
# Institutions of a work, and how often.
TEAMS = {1: 0.45, 2: 0.27, 3: 0.14, 4: 0.07, 5: 0.035, 6: 0.02, 8: 0.01, 12: 0.004, 30: 0.001}


def made(size: str) -> Graph:
    """Draw works whose institutions follow Zipf's law and pair the institutions of each; those without a pair go."""
    institutions, works = SIZES[size]
    rng = np.random.default_rng(1)
    teams = rng.choice(list(TEAMS), p=list(TEAMS.values()), size=works)
    share = 1 / np.arange(1, institutions + 1) ** (0.9 if size == "large" else 0.8)
    members = np.searchsorted(np.cumsum(share / share.sum()), rng.random(int(teams.sum())))
    members = np.minimum(members, institutions - 1)
    start = np.concatenate([[0], np.cumsum(teams)[:-1]])
    pairs = []
    for team in np.unique(teams[teams > 1]):
        at = start[teams == team]
        for i in range(team):
            for j in range(i):
                ends = np.sort(np.stack([members[at + i], members[at + j]]), axis=0)
                pairs.append(np.unique((ends[0] * institutions + ends[1])[ends[0] != ends[1]]))
    keys = np.unique(np.concatenate(pairs))
    labels, places = np.unique(np.concatenate([keys // institutions, keys % institutions]), return_inverse=True)
    a, b = places[: len(keys)], places[len(keys) :]
    return Graph(labels, a, b, np.ones(len(a), np.int64), np.ones(len(a)))


def timed(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def kernel(graph: Graph, sources: int, precision: Precision = "double") -> dict[str, float]:
    """Measure `multisource.dependencies`; with a sample, the same steps on batches spread over the sources."""
    from kakehashi.indicators import multisource

    small = Graph(np.arange(4), np.arange(3), np.arange(1, 4), np.ones(3, np.int64), np.ones(3))
    loading = timed(lambda: multisource.dependencies(small, 1))["wall"]
    everything = multisource.prepared(graph)
    n = everything.reduced.nodes
    chosen = multisource.spread(n, sources)
    found = timed(lambda: multisource.searched(everything, 2, chosen, precision))
    before = timed(lambda: multisource.prepared(graph))
    done = len(chosen)
    return {
        "loading": loading, "reduced_nodes": n, "reduced_edges": len(everything.reduced.a), "sources": done, "of": n,
        "wall": found["wall"] * n / done + before["wall"], "cpu": found["cpu"] * n / done + before["cpu"],
    }  # fmt: skip


def single(graph: Graph, sources: int) -> dict[str, float]:
    """Measure the kernel in single precision, and by how much it differs."""
    from kakehashi.indicators import multisource

    found = kernel(graph, sources, "single")
    everything = multisource.prepared(graph)
    some = multisource.spread(everything.reduced.nodes, sources)
    float32, float64 = (multisource.searched(everything, 2, some, precision) for precision in ("single", "double"))
    return found | {"difference": float(np.max(np.abs(float32 - float64)[float64 > 0] / float64[float64 > 0]))}


def networkit(graph: Graph, sources: int) -> dict[str, float]:
    import networkit as nk

    drawn = nk.Graph(graph.nodes)
    drawn.addEdges((graph.a.astype(np.uint64), graph.b.astype(np.uint64)))
    nk.setNumberOfThreads(2)
    return timed(nk.centrality.EstimateBetweenness(drawn, sources, False, True).run)


def igraph(graph: Graph, sources: int) -> dict[str, float]:
    import igraph as ig

    drawn = ig.Graph(n=graph.nodes, edges=np.stack([graph.a, graph.b], axis=1))
    chosen = np.linspace(0, graph.nodes - 1, sources).astype(int).tolist()
    return timed(lambda: drawn.betweenness(sources=chosen, directed=False))


def networkx(graph: Graph, sources: int) -> dict[str, float]:
    import networkx as nx

    drawn = nx.Graph(zip(graph.a.tolist(), graph.b.tolist(), strict=True))
    return timed(lambda: nx.betweenness_centrality(drawn, k=sources, normalized=False, seed=1))


def one(size: str, system: str, *, whole: bool) -> None:
    """Measure one system in this process and print a line of JSON."""
    graph = made(size)
    sources = graph.nodes if whole else SOURCES[system]
    found = globals()[system](graph, sources)
    if system not in ("kernel", "single"):
        found = {"sources": sources, "of": graph.nodes} | {
            key: value / sources * graph.nodes for key, value in found.items()
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        json.dumps({"nodes": graph.nodes, "edges": graph.edges, "peak_gib": peak, "load": os.getloadavg()[0]} | found)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--systems", default=",".join(SOURCES))
    parser.add_argument("--whole", action="store_true", help="let the kernel do all sources")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        one(chosen.sizes[0], chosen.systems, whole=chosen.whole)
        return
    print("| nodes / edges | system | sources run | whole, s wall | whole, s CPU | ms CPU a source | peak GiB | load |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for size in chosen.sizes:
        for system in chosen.systems.split(","):
            command = [sys.executable, __file__, size, "--systems", system, "--here"]
            whole = ["--whole"] if system in ("kernel", "single") and (chosen.whole or size == "small") else []
            run = subprocess.run([*command, *whole], capture_output=True, text=True, check=False)
            if run.returncode:
                print(f"| {size} | {system} | {run.stderr.strip().splitlines()[-1]} | | | | | |")
                continue
            row = json.loads(run.stdout)
            print(
                f"| {row['nodes']:,} / {row['edges']:,} | {system} | {row['sources']:,} of {row['of']:,} |"
                f" {row['wall']:,.1f} | {row['cpu']:,.1f} | {row['cpu'] / row['nodes'] * 1000:.3f} |"
                f" {row['peak_gib']:.2f} | {row['load']:.1f} |",
                flush=True,
            )
            if "difference" in row:
                print(f"single: largest relative difference from double {row['difference']:.1e}", file=sys.stderr)
            if "loading" in row:
                print(
                    f"kernel: loaded or compiled in {row['loading']:.1f} s; reduced to {row['reduced_nodes']:,} nodes"
                    f" and {row['reduced_edges']:,} edges",
                    file=sys.stderr,
                )


if __name__ == "__main__":
    main()
