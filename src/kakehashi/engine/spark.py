"""The scale-out engine: the same stages and the same SQL, on Spark. Needs the `spark` extra and Java."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pyarrow as pa
from pyarrow import parquet

from kakehashi.engine import arrow, mapping
from kakehashi.engine.base import BatchFunction, MapFunction, Part, Row
from kakehashi.engine.checks import casts, key_faults, refuse
from kakehashi.engine.failures import told
from kakehashi.engine.files import remove, swap
from kakehashi.errors import EngineError
from kakehashi.progress import Advance, unwatched
from kakehashi.tables import Table


class Spark:
    """Tables live as folders `<folder>/<name>.parquet/`, written whole and swapped into place.

    Each is written and read back, so that a later stage starts from a file and not from this stage's plan.
    Every method raises EngineError where Spark cannot go on; the tables are then what they were.
    """

    name = "Spark"

    def __init__(self, session: Any, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self.scratch = folder / ".scratch"
        self.scratch.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.parquet")):
            self._view(path.name.removesuffix(".parquet"), path)

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        """Store rows under the table's name. Raises ContractError."""
        self.load_batches(table, arrow.batches(table, rows))

    def load_batches(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        """Store record batches of the table's own schema. Raises ContractError."""
        data = pa.Table.from_batches(batches, arrow.schema(table))
        with told(self.name):
            self._store(table, self.session.createDataFrame(data, schema=_ddl(table)))

    def adopt(self, table: Table, files: Sequence[Path]) -> None:
        """Read Parquet files of the table's own schema under its name, where they lie."""
        with told(self.name):
            self.session.read.parquet(*map(_place, files)).createOrReplaceTempView(table.name)

    def make(self, table: Table, sql: str, order: str = "") -> None:  # noqa: ARG002 - folders have no order
        """Materialise one SELECT as the table. Raises ContractError; the former table then stays."""
        with told(self.name):
            self._store(table, self.session.sql(f"select {casts(table)} from ({sql}) as t"))

    def retain(self, table: Table, aside: Table) -> None:
        """Copy a stored table: what is read must not be replaced."""
        self.make(aside, f"select {', '.join(table.columns)} from {table.name}")

    def make_parts(self, table: Table, parts: Sequence[Part]) -> None:
        """Materialise a table from its parts as one: what is kept is written again. Raises ContractError."""
        if not parts:
            self.load(table, ())
            return
        self.make(table, " union all ".join(_selected(table, part) for part in parts))

    def map(
        self,
        table: Table,
        sql: str,
        fn: MapFunction,
        advance: Advance = unwatched,
        *,
        light: bool = False,  # noqa: ARG002
    ) -> None:
        """Run `fn` over the rows of a SELECT, partition by partition, and store what it yields."""
        self.map_batches(table, sql, mapping.Rows(table, fn), advance)

    def map_batches(
        self,
        table: Table,
        sql: str,
        fn: BatchFunction,
        advance: Advance = unwatched,  # noqa: ARG002
        *,
        light: bool = False,  # noqa: ARG002
    ) -> None:
        """Run `fn` over the rows of a SELECT, partition by partition, and store what it yields."""
        with told(self.name):
            self._store(table, self.session.sql(sql).mapInArrow(fn, _ddl(table)))

    def has(self, table: Table) -> bool:
        """Tell whether something with exactly the table's columns is stored under its name."""
        return table.name in self.tables() and self.session.table(table.name).columns == list(table.columns)

    def rows(self, sql: str) -> list[Row]:
        """Fetch a result that fits in memory."""
        with told(self.name):
            return [tuple(row) for row in self.session.sql(sql).collect()]

    def arrays(self, sql: str) -> dict[str, npt.NDArray[Any]]:
        """Fetch a result of numbers, none of them null, as an array for each column."""
        with told(self.name):
            found = self.session.sql(sql).toArrow()
        return {name: found.column(name).to_numpy() for name in found.column_names}

    def tables(self) -> list[str]:
        """Return the names of the tables that exist, sorted."""
        return sorted(path.name.removesuffix(".parquet") for path in self.folder.glob("*.parquet"))

    def close(self) -> None:
        """Forget the views. The session belongs to whoever started it; one that was lost has nothing to forget."""
        with suppress(EngineError), told(self.name):
            for name in self.tables():
                self.session.catalog.dropTempView(name)

    def _store(self, table: Table, frame: Any) -> None:
        path = self.folder / f"{table.name}.parquet"
        new = self.folder / f".{table.name}.new"
        remove(new)
        try:
            frame.write.parquet(_place(new))
            if not any(new.glob("*.parquet")):  # Sail writes no file where there are no rows
                new.mkdir(exist_ok=True)
                parquet.write_table(arrow.schema(table).empty_table(), new / "empty.parquet")
            if not table.private:
                self._view("kakehashi_new", new, table)
                refuse(table, self.rows(key_faults(table, "kakehashi_new")))
            swap(new, path)
        finally:
            remove(new)
        self._view(table.name, path, table)

    def _view(self, name: str, path: Path, table: Table | None = None) -> None:
        """Read what lies under a path by a name. Spark needs a job to find out its columns, unless they are told."""
        with told(self.name):
            reader = self.session.read.schema(_ddl(table)) if table else self.session.read
            reader.parquet(_place(path)).createOrReplaceTempView(name)


def _selected(table: Table, part: Part) -> str:
    """Return the SELECT of a part's rows with names for numbers: null, which is refused, for a number without one."""
    joins = [
        f"left join ({sql}) as names_{column} on names_{column}.number = part.{column}"
        for column, sql in part.names.items()
    ]
    columns = [f"names_{name}.name as {name}" if name in part.names else f"part.{name}" for name in table.columns]
    return f"select {', '.join(columns)} from ({part.sql}) as part {' '.join(joins)}"


def _place(path: Path) -> str:
    """Return a path as a server understands it, which may run in another folder."""
    return str(path.resolve())


def _ddl(table: Table) -> str:
    return ", ".join(f"{column} {kind}" for column, kind in table.columns.items())
