"""What has not changed since the last run is taken from its tables: centralities of networks, all that fields have."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kakehashi.engine.base import Engine, Row
from kakehashi.indicators import volume
from kakehashi.indicators.graph import Graph
from kakehashi.tables import INDICATORS, MEASURED_GRAPHS, RANK_INTERVALS, declare

Names = npt.NDArray[np.uint64]
Place = tuple[str, str, str]
"""Level, field and period of a network."""

KEPT = declare(
    "indicators_kept",
    "The networks whose centralities are taken from the last run.",
    "scope",
    "scope bigint, level string, field string, period string",
    private=True,
)
MEASURED = replace(
    volume.CENTRALITIES,
    name="indicators_measured",
    meaning="Centralities of the networks that were measured in this run, beside some that are kept.",
)

# Those without a partner are no nodes of a network.
_CENTRALITIES_SQL = """
select scope, node, degree, betweenness, betweenness_error, eigenvector from indicators_measured
union all
select k.scope, n.node, i.degree, i.betweenness, i.betweenness_error, i.eigenvector
from indicators i
join indicators_kept k on k.level = i.level and k.field = i.field and k.period = i.period
join indicators_nodes n on n.level = i.level and n.entity = i.entity
where i.degree > 0
"""


@dataclass(frozen=True)
class Known:
    """The digest of a network that was measured, and that of the works behind its edges (EDGE_SCOPES)."""

    digest: str
    edges: str | None


def known(engine: Engine, reader: str) -> Mapping[Place, Known]:
    """Return the networks that INDICATORS holds as this run would measure them."""
    if not reader or not all(map(engine.has, (MEASURED_GRAPHS, INDICATORS, RANK_INTERVALS))):
        return {}
    rows = engine.rows(f"select level, field, period, digest, edges from measured_graphs where reader = '{reader}'")
    return {(level, field, period): Known(digest, edges) for level, field, period, digest, edges in rows}


def fields(known: Mapping[Place, Known], made_of: Mapping[str, str]) -> frozenset[str]:
    """Return the fields of which INDICATORS and RANK_INTERVALS hold what this run would write.

    Their works are those of the last run, by the digest of EDGE_SCOPES; so are all works, which a field is compared to.
    """
    same = {field for (_, field, _), found in known.items() if found.edges and found.edges == made_of.get(field)}
    return frozenset(same if "all" in same else same & {"collected"})


def ranks(engine: Engine, same: Collection[str]) -> list[Row]:
    """Return the rows of RANK_INTERVALS of the fields that are kept."""
    if not same:
        return []
    named = ", ".join("'" + field.replace("'", "''") + "'" for field in sorted(same))
    return engine.rows(f"select {', '.join(RANK_INTERVALS.columns)} from rank_intervals where field in ({named})")


def names(engine: Engine) -> Names:
    """Return a hash of the name of each node of INDICATORS_NODES, shape (n,).

    Numbers are in the order of the names: one new entity, of works of a new year, moves all that come after it.
    """
    entities = engine.rows("select entity from indicators_nodes order by node nulls last")
    hashes = (hashlib.blake2b(entity.encode(), digest_size=8).digest() for (entity,) in entities)
    return np.frombuffer(b"".join(hashes), np.uint64)


def digest(graph: Graph, names: Names, *told: object) -> str:
    """Return the digest of a graph, its nodes by their names, and of what else decides its measures."""
    found = hashlib.blake2b(repr(told).encode(), digest_size=16)
    for column in (names[graph.labels], graph.a, graph.b, graph.works, graph.weights):
        found.update(column.tobytes())
    return found.hexdigest()


def edges(engine: Engine) -> Mapping[str, str]:
    """Return the digest of the works behind the edges of each field."""
    return dict(engine.rows("select field, digest from edge_scopes"))


def write(engine: Engine, digests: Mapping[Place, str], made_of: Mapping[str, str], reader: str) -> None:
    """Write MEASURED_GRAPHS: once INDICATORS and RANK_INTERVALS hold what it speaks of."""
    engine.load(
        MEASURED_GRAPHS,
        [(*place, found, made_of.get(place[1]), reader) for place, found in sorted(digests.items())],
    )


def store(engine: Engine, measured: Iterable[pa.RecordBatch], kept: list[tuple[int, Place]]) -> None:
    """Write CENTRALITIES from those measured, and from INDICATORS for the networks that are kept."""
    # Nothing of the last run is known any more before its table is replaced: a run that is killed measures anew.
    engine.load(MEASURED_GRAPHS, [])
    if not kept:
        engine.load_batches(volume.CENTRALITIES, measured)
        return
    engine.load(KEPT, [(scope, *place) for scope, place in kept])
    engine.load_batches(MEASURED, measured)
    engine.make(volume.CENTRALITIES, _CENTRALITIES_SQL)
