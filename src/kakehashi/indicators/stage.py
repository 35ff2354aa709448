"""Totals of each scope, and the indicators of each country and institution in it."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import networkit as nk
import numpy as np

from kakehashi.engine.base import Engine, Row
from kakehashi.indicators import volume
from kakehashi.indicators.betweenness import Betweenness, Sampling, estimate, exact
from kakehashi.indicators.eigenvector import eigenvector
from kakehashi.indicators.graph import Graph, from_edges
from kakehashi.progress import Progress
from kakehashi.settings import NetworksSection, Settings
from kakehashi.tables import INDICATORS, TOTALS

# A year's map of institutions gets this part of the budget of a whole period's: there are many of them, and they are
# read as a trend. `betweenness_error` says where an estimate was made.
_YEARLY_BUDGET = 0.1
_MOST_WORKERS = 4


@dataclass(frozen=True)
class Scope:
    """One graph: its place, its number of entities (also those without a partner), and the fields it stands for."""

    level: str
    period: str
    entities: int
    fields: tuple[str, ...]


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Write TOTALS and INDICATORS from WORKS, WORK_SCOPES, WORK_COUNTRIES, WORK_INSTITUTIONS and EDGES."""
    engine.make(TOTALS, volume.TOTALS_SQL)
    engine.make(volume.VOLUME, volume.VOLUME_SQL)
    engine.make(volume.SIZES, volume.SIZES_SQL)
    engine.make(volume.NODES, volume.NODES_SQL)
    engine.load(volume.CENTRALITIES, _centralities(engine, settings, progress))
    engine.make(INDICATORS, volume.indicators_sql(settings.counting.counting))


def measure(scope: Scope, settings: NetworksSection, graph: Graph) -> list[Row]:
    """Return the rows of CENTRALITIES for one graph: one row for each node that has a partner."""
    found = betweenness(scope, settings, graph)
    columns = [graph.labels, graph.degrees(), found.scores, found.errors, eigenvector(graph)]
    rows = list(zip(*(_values(column) for column in columns), strict=True))
    return [(scope.level, field, scope.period, *row) for field in scope.fields for row in rows]


def betweenness(scope: Scope, settings: NetworksSection, graph: Graph) -> Betweenness:
    """Return betweenness, exact if the settings ask for it or the graph is within its budget, else estimated."""
    budget = settings.exact_budget
    if scope.level == "institution" and scope.period != "all":
        budget *= _YEARLY_BUDGET
    affordable = settings.exact_betweenness == "auto" and graph.nodes * graph.edges <= budget
    if settings.exact_betweenness == "always" or affordable:
        return exact(graph, scope.entities)
    sampling = Sampling(settings.sampled_error, settings.sampled_confidence, settings.seed)
    return estimate(graph, scope.entities, sampling)


def _centralities(engine: Engine, settings: Settings, progress: Progress) -> Iterator[Row]:
    """Yield the rows of CENTRALITIES. Graphs are read in this thread, one at a time, and measured in others.

    NetworKit and SciPy release the interpreter's lock while they work. Each thread tells NetworKit to use one core
    (OpenMP keeps that number per thread), so sums are added in one order and every run gives the same bytes.
    """
    scopes = _scopes(engine)
    advance = progress.step("indicators", len(scopes))
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers, initializer=nk.setNumberOfThreads, initargs=(1,)) as pool:
        tasks = (
            partial(measure, scope, settings.networks, _read(engine, scope, settings.counting.counting))
            for scope in scopes
        )
        for rows in _in_order(pool, tasks, workers + 1):
            advance(1)
            yield from rows


def _in_order(pool: ThreadPoolExecutor, tasks: Iterable[Callable[[], list[Row]]], most: int) -> Iterator[list[Row]]:
    """Yield the results of the tasks in their order, holding at most `most` of them in memory."""
    waiting: deque[Future[list[Row]]] = deque()
    for task in tasks:
        waiting.append(pool.submit(task))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _scopes(engine: Engine) -> list[Scope]:
    """Return the graphs to measure in a fixed order. Where the study is all works read, one serves `collected` too."""
    works = dict(engine.rows("select field, count(*) from work_scopes where field in ('all', 'collected') group by field"))
    same = works.get("all") == works.get("collected")
    sizes = engine.rows("select level, field, period, entities from indicators_sizes order by level, field, period")
    return [
        Scope(level, period, entities, (field, "collected") if same and field == "all" else (field,))
        for level, field, period, entities in sizes
        if not (same and field == "collected")
    ]


def _read(engine: Engine, scope: Scope, counting: str) -> Graph:
    weight = "works" if counting == "full" else "fractional"
    rows = engine.rows(f"""
        select a.node as node_a, b.node as node_b, e.works, e.{weight} as weight
        from edges e
        join indicators_nodes a on a.level = e.level and a.entity = e.entity_a
        join indicators_nodes b on b.level = e.level and b.entity = e.entity_b
        where e.level = '{scope.level}' and e.field = '{scope.fields[0]}' and e.period = '{scope.period}'
    """)
    return from_edges(rows)


def _values(column: np.ndarray) -> list[int | float | None]:
    """Return plain numbers, with None for NaN."""
    return [None if value != value else value for value in column.tolist()]  # noqa: PLR0124
