"""The scale-out engine: the same stages and the same SQL, on Spark. Needs the `spark` extra and Java."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy.typing as npt
import pyarrow as pa

from kakehashi.engine import arrow
from kakehashi.engine.base import BatchFunction, MapFunction, Row
from kakehashi.engine.checks import casts, key_faults, refuse
from kakehashi.engine.files import remove, swap
from kakehashi.errors import MissingExtraError
from kakehashi.progress import Advance, unwatched
from kakehashi.tables import Table


def local_session(cores: int = 2, options: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Start Spark on this machine, without a web page and bound to loopback. Raises MissingExtraError.

    `options` are Spark's own, such as `spark.driver.memory`. A session that runs already is returned as it is.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("The Spark engine", "spark") from error
    builder = (
        SparkSession.builder.master(f"local[{cores}]")
        .appName("kakehashi")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", str(2 * cores))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.showConsoleProgress", "false")
    )
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


class Spark:
    """Tables live as folders `<folder>/<name>.parquet/`, written whole and swapped into place.

    Each is written and read back, so that a later stage starts from a file and not from this stage's plan.
    """

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
        self._store(table, self.session.createDataFrame(data, schema=_ddl(table)))

    def adopt(self, table: Table, files: Sequence[Path]) -> None:
        """Read Parquet files of the table's own schema under its name, where they lie."""
        self.session.read.parquet(*map(str, files)).createOrReplaceTempView(table.name)

    def make(self, table: Table, sql: str, order: str = "") -> None:  # noqa: ARG002 - folders have no order
        """Materialise one SELECT as the table. Raises ContractError; the former table then stays."""
        self._store(table, self.session.sql(f"select {casts(table)} from ({sql}) as t"))

    def map(self, table: Table, sql: str, fn: MapFunction, advance: Advance = unwatched) -> None:  # noqa: ARG002
        """Run `fn` over the rows of a SELECT, partition by partition, and store what it yields."""

        def run(incoming: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for part in incoming:
                given = zip(*(column.to_pylist() for column in part.columns), strict=True)
                yield from arrow.batches(table, fn(iter(given)))

        self._store(table, self.session.sql(sql).mapInArrow(run, _ddl(table)))

    def map_batches(self, table: Table, sql: str, fn: BatchFunction, advance: Advance = unwatched) -> None:  # noqa: ARG002
        """Run `fn` over the rows of a SELECT, partition by partition, and store what it yields."""
        self._store(table, self.session.sql(sql).mapInArrow(fn, _ddl(table)))

    def has(self, table: Table) -> bool:
        """Tell whether something with exactly the table's columns is stored under its name."""
        return table.name in self.tables() and self.session.table(table.name).columns == list(table.columns)

    def rows(self, sql: str) -> list[Row]:
        """Fetch a result that fits in memory."""
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def arrays(self, sql: str) -> dict[str, npt.NDArray[Any]]:
        """Fetch a result of numbers, none of them null, as an array for each column."""
        found = self.session.sql(sql).toArrow()
        return {name: found.column(name).to_numpy() for name in found.column_names}

    def tables(self) -> list[str]:
        """Return the names of the tables that exist, sorted."""
        return sorted(path.name.removesuffix(".parquet") for path in self.folder.glob("*.parquet"))

    def close(self) -> None:
        """Forget the views. The session belongs to whoever started it."""
        for name in self.tables():
            self.session.catalog.dropTempView(name)

    def _store(self, table: Table, frame: Any) -> None:
        path = self.folder / f"{table.name}.parquet"
        new = self.folder / f".{table.name}.new"
        remove(new)
        frame.write.parquet(str(new))
        written = self.session.read.parquet(str(new))
        written.createOrReplaceTempView("kakehashi_new")
        try:
            if not table.private:
                refuse(table, self.rows(key_faults(table, "kakehashi_new")))
            swap(new, path)
        finally:
            remove(new)
        self._view(table.name, path)

    def _view(self, name: str, path: Path) -> None:
        self.session.read.parquet(str(path)).createOrReplaceTempView(name)


def _ddl(table: Table) -> str:
    return ", ".join(f"{column} {kind}" for column, kind in table.columns.items())
