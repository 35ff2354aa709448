"""Betweenness centrality: exact, or an estimate that states its error bound."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import networkit as nk  # type: ignore[import-untyped]
import numpy as np

from kakehashi.indicators import dense, multisource
from kakehashi.indicators.graph import Floats, Graph
from kakehashi.indicators.sampling import estimated
from kakehashi.settings import KERNEL_SPEED, NetworksSection, Precision

# From this many nodes x edges on, our own kernel is worth loading (seconds once for each installation): a graph of so
# many takes NetworKit, on one core, a twentieth of a second, and the kernel a tenth of that. A study has dozens.
_KERNEL_FROM = 1e6

# A bound on a share says something only below this.
_LARGEST_ERROR = 0.25

# NetworKit draws from one generator for the whole process: two estimates at once would disturb each other's seed.
_RANDOM = threading.Lock()


@dataclass(frozen=True)
class Betweenness:
    """Scores of each node, shape (n,), and the bound on their error: NaN where a score is exact."""

    scores: Floats
    errors: Floats


@dataclass(frozen=True)
class Sampling:
    """How an estimate is made: within `error` of the truth for all nodes at once with probability `confidence`."""

    error: float
    confidence: float
    seed: int


def exact(graph: Graph, size: int, precision: Precision = "double") -> Betweenness:
    """Return exact betweenness by Brandes' algorithm (2001), each score divided by (size-1)(size-2)/2.

    `size` is the number of entities in the scope, those without a partner included. Unweighted shortest paths: the
    number of joint works is a strength, and a strong tie is not a long way. Small graphs are taken as whole matrices,
    large ones are searched from many sources at once where Numba is installed; the results agree to rounding (a
    relative 1e-12). With `precision` single those large ones have a measured bound on their error.
    """
    exactly = np.full(graph.nodes, np.nan)
    if precision == "single" and graph.nodes > dense.MOST_NODES and _compiled(graph):
        found, bound = multisource.single(graph)
        if np.isfinite(found).all():
            scores = found / 2 / _pairs(size)
            return Betweenness(scores, np.where(scores > 0, scores * bound, exactly))
    scores = _dependencies(graph) / 2
    if not np.isfinite(scores).all():  # more shortest paths than a double holds; NetworKit counts them in larger ones
        scores = _brandes(graph)
    return Betweenness(scores / _pairs(size), exactly)


def _dependencies(graph: Graph) -> Floats:
    if 0 < graph.nodes <= dense.MOST_NODES:
        return dense.dependencies(graph)
    return multisource.dependencies(graph) if _compiled(graph) else _brandes(graph) * 2


def affordable(graph: Graph, settings: NetworksSection, share: float) -> bool:
    """Tell whether exact betweenness of a graph is within a share of the budget that the settings give one graph.

    The cost is that of a stated model, never the time on this machine: settings and packages decide the result.
    """
    cost = graph.nodes * graph.edges / (KERNEL_SPEED if _compiled(graph) else 1)
    return cost <= share * settings.betweenness_budget


def _compiled(graph: Graph) -> bool:
    return graph.nodes * graph.edges >= _KERNEL_FROM and multisource.available()


def estimate(graph: Graph, size: int, sampling: Sampling) -> Betweenness:
    """Return betweenness by adaptive sampling on the largest component, exact elsewhere.

    Large graphs are sampled by our own compiled kernel where Numba is installed (`sampling.estimated`), which bounds
    the error of each node; others by KADABRA (Borassi and Natale 2019, ACM JEA 24), with one bound for all. Nodes with
    one partner lie between nobody: their 0 is exact. Normalised as in `exact`.
    """
    if graph.edges == 0:
        return exact(graph, size)
    inside, largest = graph.largest
    result = exact(graph.part(~inside), size)
    scores, errors = np.zeros(graph.nodes), np.full(graph.nodes, np.nan)
    scores[~inside] = result.scores
    between = inside & (graph.degrees() > 1)
    if largest.edges == largest.nodes * (largest.nodes - 1) // 2:
        return Betweenness(scores, errors)  # everybody is linked to everybody, and nobody lies between
    # A path is sampled among the k(k-1)/2 pairs of the component: from a share of them to our normalisation.
    to_ours = largest.nodes * (largest.nodes - 1) / 2 / _pairs(size)
    bound = min(sampling.error / to_ours, _LARGEST_ERROR)
    within = np.full(largest.nodes, bound)
    if _compiled(largest):
        found = estimated(largest, bound, sampling.confidence, sampling.seed)
        sampled, within = found.means, found.bounds
    else:
        sampled = _kadabra(largest, Sampling(bound, sampling.confidence, sampling.seed))
    scores[inside] = np.where(between[inside], np.minimum(sampled * to_ours, 1.0), 0.0)
    errors[inside] = np.where(between[inside], within * to_ours, np.nan)
    return Betweenness(scores, errors)


def _brandes(graph: Graph) -> Floats:
    """Return the sum over pairs of the share of their shortest paths that pass each node."""
    if graph.nodes == 0:
        return np.zeros(0)
    run = nk.centrality.Betweenness(_networkit(graph), normalized=False)
    with _one_core():
        run.run()
    return np.array(run.scores()) / 2  # NetworKit counts each pair in both directions


def _kadabra(graph: Graph, sampling: Sampling) -> Floats:
    """Return the share of sampled shortest paths that pass each node."""
    with _RANDOM:
        scale = _kadabra_scale()
        return _kadabra_raw(_networkit(graph), sampling) / scale


@cache
def _kadabra_scale() -> float:
    """Return what NetworKit's scores must be divided by.

    Release 11.2 reports twice the share of sampled paths (its estimate for the middle of a path of three nodes is 2/3
    where 1/3 of the pairs pass it). Measured rather than assumed, so that a release that mends it stays right.
    """
    path = nk.Graph(3)
    path.addEdge(0, 1)
    path.addEdge(1, 2)
    middle = _kadabra_raw(path, Sampling(0.02, 0.999, 1))[1]
    return float(round(middle * 3))


def _kadabra_raw(graph: nk.Graph, sampling: Sampling) -> Floats:
    with _one_core():
        nk.setSeed(sampling.seed, False)  # before the constructor, which draws too
        run = nk.centrality.KadabraBetweenness(graph, sampling.error, 1 - sampling.confidence, deterministic=True)
        run.run()
    scores = np.zeros(graph.numberOfNodes())
    for node, score in run.ranking():
        scores[node] = score
    return scores


@contextmanager
def _one_core() -> Iterator[None]:
    """Let this thread's NetworKit use one core: sums are then added in one order, and a run repeats byte for byte.

    OpenMP keeps the number per thread, so several graphs can be measured at once in threads of their own.
    """
    before = nk.getMaxNumberOfThreads()
    nk.setNumberOfThreads(1)
    try:
        yield
    finally:
        nk.setNumberOfThreads(before)


def _networkit(graph: Graph) -> nk.Graph:
    result = nk.Graph(graph.nodes)
    result.addEdges((graph.a.astype(np.uint64), graph.b.astype(np.uint64)))
    return result


def _pairs(size: int) -> float:
    """Return the number of pairs that a node can lie between; 1 where there is none, as all scores are then 0."""
    return max((size - 1) * (size - 2) / 2, 1.0)
