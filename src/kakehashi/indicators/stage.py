"""Totals of each scope, and the indicators of each country and institution in it."""

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa

from kakehashi.engine import arrow
from kakehashi.engine.base import Engine
from kakehashi.indicators import intervals, kept, volume
from kakehashi.indicators.betweenness import Betweenness, Sampling, affordable, estimate, exact
from kakehashi.indicators.eigenvector import eigenvector
from kakehashi.indicators.graph import Floats, Graph, Ints, from_columns
from kakehashi.progress import Progress
from kakehashi.settings import NetworksSection, Settings
from kakehashi.tables import INDICATORS, TOTALS

# A map of the institutions of one field or year gets this part of the budget of the whole study's: there are many of
# them, and they are read as a comparison or a trend. It is no smaller for a field in a year, for an estimate would take
# as long. `betweenness_error` says where one was made.
_PART_BUDGET = 0.1
_MOST_WORKERS = 4
_WHOLE = "all"
_NO_YEAR = -1


@dataclass(frozen=True)
class Scope:
    """One graph: its place, its number of entities (also those without a partner), and the fields it stands for.

    numbers: of the scope in each of the fields.
    """

    level: str
    period: str
    entities: int
    fields: tuple[str, ...]
    numbers: tuple[int, ...] = ()

    @property
    def places(self) -> list[kept.Place]:
        """Where the table of indicators holds it."""
        return [(self.level, field, self.period) for field in self.fields]


@dataclass(frozen=True)
class Measures:
    """The digest of a scope's graph, its nodes that have a partner, and their centralities: five arrays of one length.

    No arrays where the graph is as it was in the last run.
    """

    scope: Scope
    digest: str
    columns: tuple[Ints | Floats, ...]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the centralities, no batch for a graph without edges: Spark would stop at it."""
        if not self.columns or not len(self.columns[0]):
            return
        fields = arrow.schema(kept.MEASURED)
        values = [
            pa.array(column, field.type, from_pandas=True)
            for column, field in zip(self.columns, list(fields)[1:], strict=True)
        ]
        for number in self.scope.numbers:
            yield pa.record_batch([pa.repeat(number, len(values[0])), *values], schema=fields)


@dataclass(frozen=True)
class Former:
    """What is known of networks measured before, the digests of edges now, and a hash of each node's name."""

    known: Mapping[kept.Place, kept.Known]
    edges: Mapping[str, str]
    names: kept.Names


def run(engine: Engine, settings: Settings, progress: Progress, reader: str = "") -> None:
    """Write TOTALS, INDICATORS and RANK_INTERVALS from WORKS, WORK_SCOPES, WORK_COUNTRIES, WORK_INSTITUTIONS, EDGES.

    `reader` is the fingerprint of all that decides how a network is measured. One that is as it was under the same
    fingerprint is not measured again, and of a field whose works are as they were nothing is counted or drawn again.
    """
    engine.make(TOTALS, volume.TOTALS_SQL)
    fields = volume.number(engine)
    known, edges = kept.known(engine, reader), kept.edges(engine)
    same = kept.fields(known, edges)
    made = {field: number for field, number in fields.items() if field not in same}
    volume.count(engine, made)
    # The engine is asked for graphs while they are measured, so nothing can be stored before the last one is done.
    former = Former(known, edges, kept.names(engine))
    measured = list(_measured(engine, settings, progress, former, made))
    stay = [one.scope for one in measured if not one.columns]
    kept.store(
        engine,
        (batch for one in measured for batch in one.batches()),
        [found for scope in stay for found in zip(scope.numbers, scope.places, strict=True)],
    )
    engine.make(volume.RATES, volume.rates_sql(settings.counting.counting, made))
    engine.make_parts(INDICATORS, volume.parts(fields, same))
    intervals.run(engine, settings, made, kept.ranks(engine, same))
    digests = {place: found.digest for place, found in known.items() if place[1] in same}
    digests |= {place: one.digest for one in measured for place in one.scope.places}
    kept.write(engine, digests, edges, reader)


def measure(scope: Scope, settings: NetworksSection, graph: Graph, former: Former) -> Measures:
    """Measure one graph, unless it is the one that is known in all its places."""
    digest = kept.digest(graph, former.names, scope.level, scope.period, scope.entities)
    if all(place in former.known and former.known[place].digest == digest for place in scope.places):
        return Measures(scope, digest, ())
    between = betweenness(scope, settings, graph)
    return Measures(scope, digest, (graph.labels, graph.degrees(), between.scores, between.errors, eigenvector(graph)))


def betweenness(scope: Scope, settings: NetworksSection, graph: Graph) -> Betweenness:
    """Return betweenness, exact if the settings ask for it or the graph is within its budget, else estimated."""
    whole = scope.period == _WHOLE and bool({_WHOLE, "collected"} & set(scope.fields))
    share = 1.0 if whole or scope.level != "institution" else _PART_BUDGET
    mode = settings.exact_betweenness
    if mode == "always" or (mode == "auto" and affordable(graph, settings, share)):
        return exact(graph, scope.entities, settings.exact_precision)
    sampling = Sampling(settings.sampled_error, settings.sampled_confidence, settings.seed)
    return estimate(graph, scope.entities, sampling)


def _measured(
    engine: Engine, settings: Settings, progress: Progress, former: Former, fields: Collection[str]
) -> Iterator[Measures]:
    """Yield the measures of each scope of some fields in order. Graphs are read in this thread and measured in others.

    Those whose works have not changed are not even read.

    NetworKit and SciPy release the interpreter's lock while they work, so threads do as well as processes would, and
    nothing has to be copied or started.
    """
    scopes = _scopes(engine, fields)
    advance = progress.step("indicators", len(scopes))
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    waiting: deque[Future[Measures]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for _, group in groupby(scopes, lambda scope: (scope.level, scope.fields)):
            of_field = list(group)
            if all(
                place in former.known and former.known[place].edges == former.edges.get(place[1], "")
                for scope in of_field for place in scope.places
            ):  # fmt: skip
                yield from (Measures(scope, former.known[scope.places[0]].digest, ()) for scope in of_field)
                advance(len(of_field))
                continue
            for scope, graph in _graphs(engine, of_field, settings.counting.counting):
                waiting.append(pool.submit(measure, scope, settings.networks, graph, former))
                while len(waiting) > workers:
                    yield waiting.popleft().result()
                    advance(1)
        while waiting:
            yield waiting.popleft().result()
            advance(1)


def _scopes(engine: Engine, fields: Collection[str]) -> list[Scope]:
    """Return the graphs to measure in a fixed order. Where the study is all works read, one serves `collected` too."""
    works = dict.fromkeys(("all", "collected"), 0)
    works.update(engine.rows("select field, count(*) as works from work_scopes group by field"))
    same = works["all"] == works["collected"] and {"all", "collected"} <= set(fields)
    sizes = engine.rows(
        "select level, field, period, entities, scope from indicators_sizes order by level, field, period"
    )
    numbers = {(level, field, period): number for level, field, period, _, number in sizes}
    found = []
    for level, field, period, entities, _ in sizes:
        if field not in fields or (same and field == "collected"):
            continue
        served = (field, "collected") if same and field == "all" else (field,)
        found.append(Scope(level, period, entities, served, tuple(numbers[level, name, period] for name in served)))
    return found


def _graphs(engine: Engine, scopes: Sequence[Scope], counting: str) -> Iterator[tuple[Scope, Graph]]:
    """Yield the graph of each scope of one level and field. Its edges are read once for all periods."""
    level, field = scopes[0].level, scopes[0].fields[0]
    weight = "works" if counting == "full" else "fractional"
    nodes = f"(select entity, node from indicators_nodes where level = '{level}')"
    found = engine.arrays(f"""
        select coalesce(cast(nullif(e.period, '{_WHOLE}') as bigint), {_NO_YEAR}) as year,
            a.node as node_a, b.node as node_b, e.works as works, e.{weight} as weight
        from (
            select period, entity_a, entity_b, works, fractional from edges
            where level = '{level}' and field = '{field}'
        ) e
        join {nodes} a on a.entity = e.entity_a
        join {nodes} b on b.entity = e.entity_b
    """)
    for scope in scopes:
        of_period = np.flatnonzero(found["year"] == (_NO_YEAR if scope.period == _WHOLE else int(scope.period)))
        columns = (found[name][of_period] for name in ("node_a", "node_b", "works", "weight"))
        yield scope, from_columns(*columns)
