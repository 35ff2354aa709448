"""The tables of a study as the partner ranking reads them: which exist, which years they hold, SQL over both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from kakehashi.answers import Columns, columns, kept

Row = tuple[Any, ...]
Rows = Callable[[str], list[Row]]
Level = Literal["country", "institution"]


@dataclass(frozen=True)
class Reader:
    """A study's tables behind a function that runs a SELECT. `present` holds the columns of each table."""

    rows: Rows
    present: dict[str, frozenset[str]]
    filled: dict[str, bool] = field(default_factory=dict)
    known: dict[str, list[Row]] = field(default_factory=dict)

    def has(self, *tables: str) -> bool:
        """Tell whether the study has all these tables, with rows in them. Each is looked at once."""
        for table in tables:
            if table not in self.filled:
                known = table in self.present
                self.filled[table] = known and bool(self.rows(f"select 1 from {table} limit 1"))
        return all(self.filled[table] for table in tables)

    def once(self, sql: str) -> list[Row]:
        """Run a SELECT whose few rows several parts of the ranking need, the first time."""
        if sql not in self.known:
            self.known[sql] = self.rows(sql)
        return self.known[sql]

    def columns(self, sql: str, number: int) -> Columns:
        """Run a SELECT of numbers, millions of rows maybe, and return its columns: as `answers.columns`."""
        return columns(self.rows, sql, number)

    def kept(self, sql: str) -> str:
        """Return what stands behind FROM for a SELECT of many rows that several questions need."""
        return kept(self.rows, sql)


def reader(rows: Rows) -> Reader:
    """Look which tables a study has."""
    columns: dict[str, set[str]] = {}
    for table, column in rows("select table_name, column_name from information_schema.columns"):
        columns.setdefault(table, set()).add(column)
    return Reader(rows, {table: frozenset(names) for table, names in columns.items()})


def quoted(text: str) -> str:
    """Write a text as an SQL string."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def listed(texts: Iterable[str]) -> str:
    """Write texts as the inside of an SQL IN list; one that holds no id where there are none."""
    return ", ".join(quoted(text) for text in sorted(texts)) or "''"


def exact(sql: str) -> str:
    """Write a sum of doubles so that it does not depend on the order in which threads add."""
    return f"cast(sum(cast({sql} as decimal(38, 12))) as double)"
