"""Read-only SELECTs over a snapshot, from many threads at once."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from kakehashi.web.snapshot import INDEX, views


class Reader:
    """One database in memory with a view for each table, and a cursor for each thread.

    Nothing is loaded: DuckDB reads of each file what a SELECT needs. `present` names the tables that exist.
    """

    def __init__(self, folder: Path) -> None:
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
        self._local = threading.local()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a SELECT; `parameters` take the place of its question marks."""
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self._connection.cursor()
        found: list[tuple[Any, ...]] = cursor.execute(sql, list(parameters)).fetchall()
        return found

    def has(self, *tables: str) -> bool:
        """Tell whether the study has all these tables."""
        return self.present.issuperset(tables)
