"""What the last run left open about affiliations, worked out once when the pages of a study are prepared.

To tell which institutions look alike takes the list of places, which is read for a second or two: nobody who opens the
review is to wait for it.
"""

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa

from kakehashi.affiliations.review import Item, items

QUESTIONS = "open_questions"
"""The table of the index that holds them."""
NEEDED = ("institutions", "mentions", "readings", "resolutions")
_TYPES = MappingProxyType(
    {
        "kind": pa.string(), "shown": pa.string(), "works": pa.int64(), "doubt": pa.float64(), "reason": pa.string(),
        "name": pa.string(), "country_code": pa.string(), "institution_id": pa.string(), "suggestion": pa.string(),
        "target": pa.string(),
    }
)  # fmt: skip


def write_questions(connection: duckdb.DuckDBPyConnection, territory_policy: str) -> None:
    """Write the list into the index in its order, without the runner-up of links: that needs the registry."""
    found = items(lambda sql: connection.execute(sql).fetchall(), territory_policy)
    columns = {name: pa.array([getattr(one, name) for one in found], kind) for name, kind in _TYPES.items()}
    columns["candidates"] = pa.array([json.dumps(one.candidates, ensure_ascii=False) for one in found], pa.string())
    columns["place"] = pa.array(range(len(found)), pa.int64())
    connection.register("found", pa.table(columns))
    connection.execute(f"create table {QUESTIONS} as select * from found order by place")
    connection.unregister("found")


def read_questions(rows: Callable[[str], list[tuple[Any, ...]]]) -> list[Item]:
    """Return the list that was written. `rows` runs a SELECT over the index."""
    return [
        Item(**dict(zip(_TYPES, values, strict=True)), candidates=tuple(json.loads(candidates)))
        for *values, candidates in rows(f"select {', '.join(_TYPES)}, candidates from {QUESTIONS} order by place")
    ]
