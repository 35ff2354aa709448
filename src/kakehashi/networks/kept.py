"""Edges of a field whose works have not changed since the last run are kept, not counted again."""

import hashlib
from collections.abc import Mapping

import numpy as np

from kakehashi.engine.base import Engine, Row
from kakehashi.tables import EDGE_SCOPES, EDGES, declare

PLACES = declare(
    "networks_places",
    "The works of each field, both as numbers, with their year as a number: 0 for none, 1 for the year 0.",
    "field, work",
    "field bigint, work bigint, year bigint",
    private=True,
)


def former(engine: Engine) -> Mapping[str, str]:
    """Return the digests of what the edges of each field were made of, and forget them.

    Nothing of the last run is known any more before its edges are replaced: a run that is killed counts anew.
    """
    known: list[Row] = []
    if engine.has(EDGE_SCOPES) and engine.has(EDGES):
        known = engine.rows(_WHOLE)
    engine.load(EDGE_SCOPES, [])
    return dict(known)


def digest(engine: Engine, number: int, reader: str) -> str:
    """Return the digest of the works of a field and of all else that makes edges of them, which `reader` stands for."""
    works = engine.arrays(f"select work from networks_places where field = {number}")["work"]
    found = hashlib.blake2b(reader.encode(), digest_size=16)
    found.update(np.sort(works.astype(np.int64)).tobytes())
    return found.hexdigest()


def store(engine: Engine, digests: Mapping[str, str]) -> None:
    """Write EDGE_SCOPES: once EDGES holds what it speaks of."""
    counted: dict[str, int] = {}
    if digests:
        counted.update(engine.rows("select field, count(*) as edges from edges group by field"))
    engine.load(EDGE_SCOPES, [(field, counted.get(field, 0), made) for field, made in sorted(digests.items())])


# A field some of whose edges have been lost is not known.
_WHOLE = """
select s.field, s.digest
from edge_scopes s
left join (select field, count(*) as edges from edges group by field) e on e.field = s.field
where s.edges = coalesce(e.edges, 0)
"""
