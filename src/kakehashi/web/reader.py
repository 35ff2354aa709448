"""Read-only SELECTs over a snapshot, from many threads at once."""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from kakehashi.web.snapshot import INDEX, views

Rows = list[tuple[Any, ...]]
ANSWERS = "answers"
"""The folder of a snapshot with answers that were written when it was made."""
_MOST_KEPT = 100_000
"""Rows of former answers that are kept, together."""
_LONGEST_KEPT = 5_000
"""Rows of an answer that is kept: what is longer is read again."""


def answer_name(sql: str) -> str:
    """Name the file that holds the answer to a SELECT."""
    return hashlib.sha256(sql.encode()).hexdigest()[:32]


def read_answer(data: bytes) -> Rows:
    """Read the file of an answer."""
    return msgspec.msgpack.decode(data, type=Rows)


class Reader:
    """One database in memory with a view for each table, and a cursor for each thread.

    Nothing is loaded: DuckDB reads of each file what a SELECT needs. A snapshot never changes, so the answers given
    last are kept: pages in another language, or with another choice, ask for much of the same. What was foreseen (see
    `web.foreseen`) is read as it was answered. `present` names the tables that exist.
    """

    def __init__(self, folder: Path) -> None:
        self._answers = folder / ANSWERS
        self._answered = frozenset(os.listdir(self._answers) if self._answers.is_dir() else ())
        self._connection = duckdb.connect(config={"threads": "2", "memory_limit": "1GB", "temp_directory": ""})
        self._connection.execute("set parquet_metadata_cache = true")
        self.present = views(self._connection, folder)
        if (folder / INDEX).exists():
            target = str(folder / INDEX).replace("'", "''")
            self._connection.execute(f"attach '{target}' as ordered (read_only)")
            found = self._connection.execute(
                "select table_name from duckdb_tables() where database_name = 'ordered' order by 1"
            ).fetchall()
            for (name,) in found:
                self._connection.execute(f"create view {name} as select * from ordered.{name}")
            self.present |= {name for (name,) in found}
            if "institution_heads" in self.present:  # the same rows, found by their key
                self._connection.execute("create or replace view institutions as select * from institution_heads")
        self._local = threading.local()
        self._kept: OrderedDict[tuple[str, tuple[Any, ...]], Rows] = OrderedDict()
        self._kept_rows = 0
        self._lock = threading.Lock()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """Run a SELECT; `parameters` take the place of its question marks."""
        key = (sql, tuple(parameters))
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return list(known)
        name = answer_name(sql) if self._answered and not parameters else ""
        found = self._foreseen(name) if name in self._answered else self._run(sql, parameters)
        self._keep(key, found)
        return list(found)

    def _foreseen(self, name: str) -> Rows:
        return read_answer((self._answers / name).read_bytes())

    def _run(self, sql: str, parameters: Sequence[Any]) -> Rows:
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._connection.cursor()
        found: Rows = cursor.execute(sql, list(parameters)).fetchall()
        return found

    def _keep(self, key: tuple[str, tuple[Any, ...]], found: Rows) -> None:
        if len(found) > _LONGEST_KEPT:
            return
        with self._lock:
            if key in self._kept:  # another thread was faster
                return
            self._kept[key] = found
            self._kept_rows += len(found) + 1
            while self._kept_rows > _MOST_KEPT:
                _, old = self._kept.popitem(last=False)
                self._kept_rows -= len(old) + 1

    def has(self, *tables: str) -> bool:
        """Tell whether the study has all these tables."""
        return self.present.issuperset(tables)
