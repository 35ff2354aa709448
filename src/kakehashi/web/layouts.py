"""Where the nodes of the large networks stand: computed once for a finished run, the same for the same edges."""

import math
from collections.abc import Sequence

import duckdb
import numpy as np

from kakehashi.figures.layout import layout

MOST_NODES, MOST_EDGES = 3_000, 20_000
_SMALL = 300
_SIDE = 1000.0
_SEED = 20230331

Edge = tuple[str, str, int]


def write_layouts(connection: duckdb.DuckDBPyConnection) -> None:
    """Write `network_edges` (the strongest of each level and field) and `network_nodes` (x, y) from edges.

    Nodes are those with most papers over all fields, up to 3,000 of a level; edges the 20,000 with most joint works
    between them. One layout serves all fields and years, so that nothing jumps when another is chosen.
    """
    connection.execute(
        "create table network_edges as select level, field, entity_a, entity_b, works, place from ("
        "select e.level, e.field, e.entity_a, e.entity_b, e.works, row_number() over ("
        "partition by e.level, e.field order by e.works desc, e.entity_a, e.entity_b) as place from edges e "
        f"join ({_CHOSEN}) a on a.level = e.level and a.entity = e.entity_a "
        f"join ({_CHOSEN}) b on b.level = e.level and b.entity = e.entity_b "
        f"where e.period = 'all') as t where place <= {MOST_EDGES} order by level, field, place"
    )
    connection.execute("create table network_nodes (level varchar, entity varchar, x double, y double)")
    for level in ("country", "institution"):
        edges: list[Edge] = connection.execute(
            "select entity_a, entity_b, works from network_edges where level = ? and field = 'all' order by place",
            [level],
        ).fetchall()
        rows = [(level, entity, x, y) for entity, (x, y) in places(edges).items()]
        if rows:
            connection.executemany("insert into network_nodes values (?, ?, ?, ?)", rows)


_CHOSEN = (
    "select level, entity from (select level, entity, row_number() over (partition by level "
    "order by papers desc, entity) as place from indicators where field = 'all' and period = 'all') as ranked "
    f"where place <= {MOST_NODES}"
)


def places(edges: Sequence[Edge]) -> dict[str, tuple[float, float]]:
    """Return x and y of each node that has an edge, within a square of 1,000."""
    nodes = sorted({end for edge in edges for end in edge[:2]})
    if not nodes:
        return {}
    strength: dict[str, int] = dict.fromkeys(nodes, 0)
    for a, b, works in edges:
        strength[a] += works
        strength[b] += works
    ordered = sorted(nodes, key=lambda node: (-strength[node], node))
    found = _small(ordered, edges) if len(ordered) <= _SMALL else _large(ordered, edges, strength)
    return {node: (round(float(x), 2), round(float(y), 2)) for node, (x, y) in zip(ordered, found, strict=True)}


def _small(ordered: list[str], edges: Sequence[Edge]) -> list[tuple[float, float]]:
    """Stress over all pairs, as the figures of the report have it."""
    number = {node: place for place, node in enumerate(ordered)}
    weights = np.zeros((len(ordered), len(ordered)))
    for a, b, works in edges:
        weights[number[a], number[b]] = weights[number[b], number[a]] = works
    return layout(weights, [6.0] * len(ordered), _SIDE, _SIDE, gap=6.0, margin=20.0)


def _large(ordered: list[str], edges: Sequence[Edge], strength: dict[str, int]) -> list[tuple[float, float]]:
    """Maxent stress (Gansner, Hu and North 2013, IEEE TVCG 19(6)) on the largest component, the others on the rim."""
    import networkit as nk  # type: ignore[import-untyped]

    number = {node: place for place, node in enumerate(ordered)}
    graph = nk.Graph(len(ordered), weighted=True)
    for a, b, works in edges:
        near = (works / math.sqrt(strength[a] * strength[b])) ** 0.35
        graph.addEdge(number[a], number[b], 1.6 - 1.3 * min(near, 1.0))
    nk.engineering.setSeed(_SEED, False)
    components = nk.components.ConnectedComponents(graph)
    components.run()
    parts = sorted(components.getComponents(), key=lambda part: (-len(part), min(part)))
    largest = sorted(parts[0])
    inner = nk.graphtools.subgraphFromNodes(graph, set(largest), compact=True)
    solver = nk.viz.MaxentStress(inner, 2, 1)
    solver.run()
    at = np.array(solver.getCoordinates(), dtype=np.float64)
    at -= np.median(at, axis=0)
    # Some nodes lie very far out; drawing the radius in by a power leaves the middle readable.
    radius = np.hypot(at[:, 0], at[:, 1]) + 1e-9
    at *= (radius ** (0.75 - 1.0))[:, None]
    at *= _SIDE * 0.42 / np.quantile(np.hypot(at[:, 0], at[:, 1]), 0.98)
    found = [(0.0, 0.0)] * len(ordered)
    for node, (x, y) in zip(largest, at, strict=True):
        found[node] = (x + _SIDE / 2, y + _SIDE / 2)
    rest = [node for part in parts[1:] for node in sorted(part)]
    for place, node in enumerate(rest):
        angle = 2 * math.pi * place / len(rest)
        found[node] = (_SIDE / 2 * (1 + 1.04 * math.cos(angle)), _SIDE / 2 * (1 + 1.04 * math.sin(angle)))
    return found
