"""One layout of the countries and one of the institutions, for every drawing of the network that is explored."""

from collections.abc import Iterator

import numpy as np

from kakehashi.engine.base import Engine, Row
from kakehashi.layouts.forces import layout
from kakehashi.progress import Progress
from kakehashi.settings import Settings
from kakehashi.tables import LAYOUTS

MOST_NODES = 3_000
"""More institutions than this cannot be told apart in a drawing: those with most works are placed."""
_DIGITS = 4


def run(engine: Engine, settings: Settings, progress: Progress) -> None:  # noqa: ARG001 - stages are called alike
    """Write LAYOUTS from INDICATORS and EDGES.

    The map of all fields and years serves each field and year, so that an entity stays where the reader saw it.
    """
    advance = progress.step("layouts", 2)
    rows: list[Row] = []
    for level in ("country", "institution"):
        rows += _placed(engine, level)
        advance(1)
    engine.load(LAYOUTS, rows)


def _placed(engine: Engine, level: str) -> Iterator[Row]:
    listed = engine.rows(_ENTITIES.format(level=level, most=MOST_NODES))
    number = {entity: place for place, (entity,) in enumerate(listed)}
    edges = [(number[a], number[b], works) for a, b, works in engine.rows(_EDGES.format(level=level, most=MOST_NODES))]
    columns = np.array(edges, dtype=np.int64).reshape(-1, 3)
    spots = layout(len(number), columns[:, 0], columns[:, 1], columns[:, 2].astype(np.float64))
    for entity, place in number.items():
        x, y = spots[place].tolist()
        yield level, entity, place + 1, round(x, _DIGITS), round(y, _DIGITS)


_ENTITIES = """
    select entity from indicators where level = '{level}' and field = 'all' and period = 'all'
    order by papers desc nulls last, entity nulls last
    limit {most}
"""
_EDGES = """
    with chosen as (
        select entity from indicators where level = '{level}' and field = 'all' and period = 'all'
        order by papers desc nulls last, entity nulls last
        limit {most}
    )
    select e.entity_a, e.entity_b, e.works
    from (select entity_a, entity_b, works from edges
          where level = '{level}' and field = 'all' and period = 'all') e
    join chosen a on a.entity = e.entity_a
    join chosen b on b.entity = e.entity_b
    order by e.entity_a nulls last, e.entity_b nulls last
"""
