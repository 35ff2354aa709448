"""The default engine: one process, one Parquet file a table, written whole and sorted by key or not at all.

A table made of parts is a folder of such files.
"""

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy.typing as npt
import pyarrow as pa

from kakehashi.engine import arrow, mapping, named
from kakehashi.engine.base import BatchFunction, MapFunction, Part, Row
from kakehashi.engine.checks import casts, refuse, sorted_key_faults
from kakehashi.engine.files import SPILL, link, remove, swap
from kakehashi.pool import workers
from kakehashi.progress import Advance, unwatched
from kakehashi.tables import Table

_ROW_GROUP = 100_000
_TOLD_ROWS = 500


class DuckDB:
    """Tables live as `<folder>/<name>.parquet`; files that are already there are readable at once."""

    def __init__(self, folder: Path, memory_limit: str | None = None, threads: int | None = None) -> None:
        self.folder = folder
        self.scratch = folder / ".scratch"
        self.scratch.mkdir(parents=True, exist_ok=True)
        config: dict[str, Any] = {"temp_directory": str(self.scratch / SPILL)}
        if memory_limit:
            config["memory_limit"] = memory_limit
        if threads:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)
        self._thread = threading.get_ident()
        self._keeping: dict[str, threading.Lock] = {}
        for path in sorted(folder.glob("*.parquet")):
            self._view(path.name.removesuffix(".parquet"), path)

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        """Store rows under the table's name. Raises ContractError."""
        self.load_batches(table, arrow.batches(table, rows))

    def load_batches(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        """Store record batches of the table's own schema. Raises ContractError."""
        source = _Source(iter(batches))
        self._connection.register("incoming", pa.RecordBatchReader.from_batches(arrow.schema(table), source))
        try:
            self.make(table, f"select {', '.join(table.columns)} from incoming")
        except (duckdb.Error, RuntimeError, KeyboardInterrupt):
            if source.error is not None:
                raise source.error from None
            raise
        finally:
            self._connection.unregister("incoming")

    def adopt(self, table: Table, files: Sequence[Path]) -> None:
        """Read Parquet files of the table's own schema under its name, where they lie."""
        listed = ", ".join(map(_quote, files))
        self._connection.execute(f"create or replace view {table.name} as select * from read_parquet([{listed}])")

    def make(self, table: Table, sql: str, order: str = "") -> None:
        """Materialise one SELECT as the table. Raises ContractError; the former table then stays."""
        path = self.folder / f"{table.name}.parquet"
        new = self.folder / f".{table.name}.new"
        try:
            self._store(table, sql, order, new)
            swap(new, path)
        finally:
            remove(new)
        self._view(table.name, path)

    def retain(self, table: Table, aside: Table) -> None:
        """Give the file of a stored table another name too: it is never written to, only replaced."""
        path = self.folder / f"{aside.name}.parquet"
        new = self.folder / f".{aside.name}.new"
        try:
            remove(new)
            link(self.folder / f"{table.name}.parquet", new)
            swap(new, path)
        finally:
            remove(new)
        self._view(aside.name, path)

    def make_parts(self, table: Table, parts: Sequence[Part]) -> None:
        """Materialise a table as a folder with a file for each part; a file of a part that is kept is moved there.

        The former table stays if a part fails; what is moved is moved when all else is written.
        """
        if not parts:
            self.load(table, ())
            return
        path = self.folder / f"{table.name}.parquet"
        new = self.folder / f".{table.name}.new"
        try:
            remove(new)
            new.mkdir()
            stay = [part for part in parts if part.kept and (path / f"{part.name}.parquet").is_file()]
            self._store_parts(table, [part for part in parts if part not in stay], new)
            for part in stay:
                (path / f"{part.name}.parquet").replace(new / f"{part.name}.parquet")
            swap(new, path)
        finally:
            remove(new)
        self._view(table.name, path)

    def _store_parts(self, table: Table, parts: Sequence[Part], folder: Path) -> None:
        """Write each part as a file. Names are put back in Python, which uses one core: those parts go side by side."""
        names = {sql: self._names(sql) for sql in {sql for part in parts for sql in part.names.values()}}
        for part in parts:
            if not part.names:
                self._store(table, part.sql, part.order, folder / f"{part.name}.parquet")
        with ThreadPoolExecutor(workers()) as pool:
            for _ in pool.map(partial(self._store_named, table, names, folder), [part for part in parts if part.names]):
                pass

    def _store_named(self, table: Table, names: Mapping[str, named.Names], folder: Path, part: Part) -> None:
        """Write a part whose names come as numbers. Raises ContractError."""
        sql = f"select {casts(table, part.names)} from ({part.sql}) as t order by {part.order or ', '.join(table.key)}"
        with closing(self._connection.cursor()) as cursor:
            batches = cursor.sql(sql).to_arrow_reader(_ROW_GROUP)
            given = {column: names[numbers] for column, numbers in part.names.items()}
            named.write(table, batches, given, folder / f"{part.name}.parquet")

    def _names(self, sql: str) -> named.Names:
        found = self.arrow(f"select number, name from ({sql}) as t order by number").combine_chunks()
        return named.Names(found.column("number").to_numpy(), found.column("name").combine_chunks())

    def _store(self, table: Table, sql: str, order: str, path: Path) -> None:
        """Write the rows of a SELECT as a file of the table, sorted and checked. Raises ContractError."""
        given = f"select {casts(table)} from ({sql}) as t"
        if table.private:
            self._write(given, path, "snappy")
            return
        self._write(f"{given} order by {order or ', '.join(table.key)}", path, "zstd")
        refuse(table, sorted_key_faults(table, path))

    def map(
        self, table: Table, sql: str, fn: MapFunction, advance: Advance = unwatched, *, light: bool = False
    ) -> None:
        """Run `fn` over the rows of a SELECT, in several processes if there are many, and store what it yields."""
        if self._is_large(sql, mapping.ALONE_IF_LIGHT if light else mapping.ALONE):
            self._map_apart(table, sql, mapping.Rows(table, fn), advance)
            return
        cursor = self._connection.cursor()
        try:
            with _interruptible():
                result = cursor.execute(sql)
            chunks = iter(lambda: result.fetchmany(arrow.BATCH_ROWS), [])
            self.load(table, (row for chunk in chunks for row in fn(_counted(chunk, advance))))
        finally:
            cursor.close()

    def map_batches(
        self, table: Table, sql: str, fn: BatchFunction, advance: Advance = unwatched, *, light: bool = False
    ) -> None:
        """Run `fn` over the rows of a SELECT, in several processes if there are many, and store what it yields."""
        if self._is_large(sql, mapping.ALONE_IF_LIGHT if light else mapping.ALONE):
            self._map_apart(table, sql, fn, advance)
            return
        cursor = self._connection.cursor()
        try:
            reader = self._streamed(cursor, sql)
            self.load_batches(table, fn(mapping.counted(reader, advance)))
        finally:
            cursor.close()

    def _is_large(self, sql: str, alone: int) -> bool:
        [(number,)] = self.rows(f"select count(*) from ({sql}) as t")
        return int(number) >= alone and workers() > 1

    def _map_apart(self, table: Table, sql: str, fn: BatchFunction, advance: Advance) -> None:
        """Run `fn` in several processes. What they yield is written to a file, which is all that a private table is."""
        cursor = self._connection.cursor()
        spool = self.scratch / f"{table.name}.mapped"
        try:
            reader = self._streamed(cursor, sql)
            mapping.mapped(table, mapping.counted(reader, advance), fn, workers(), spool)
            if table.private:
                swap(spool, self.folder / f"{table.name}.parquet")
                self._view(table.name, self.folder / f"{table.name}.parquet")
            else:
                self.make(table, f"select {', '.join(table.columns)} from read_parquet({_quote(spool)})")
        finally:
            cursor.close()
            spool.unlink(missing_ok=True)

    def _streamed(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> pa.RecordBatchReader:
        """Run a SELECT bit by bit. What stands left of a join is passed through, what stands right of it is held.

        The planner goes by the number of columns: it would hold the texts of all works, to join a few numbers to them.
        """
        with _interruptible():
            self._connection.execute("set disabled_optimizers = 'build_side_probe_side'")
            try:
                return cursor.sql(sql).to_arrow_reader(mapping.CHUNK)
            finally:
                self._connection.execute("set disabled_optimizers = ''")

    def has(self, table: Table) -> bool:
        """Tell whether something with exactly the table's columns is stored under its name."""
        if table.name not in self.tables():
            return False
        return self._connection.table(table.name).columns == list(table.columns)

    def rows(self, sql: str) -> list[Row]:
        """Fetch a result that fits in memory. May be asked in several threads at once."""
        with _interruptible():
            return self._of_thread().execute(sql).fetchall()

    def arrays(self, sql: str) -> dict[str, npt.NDArray[Any]]:
        """Fetch a result of numbers, none of them null, as an array for each column: in any thread, as `rows`."""
        with _interruptible():
            found: Any = self._of_thread().execute(sql).fetchnumpy()
        return dict(found)

    def keep(self, sql: str) -> str:
        """Run a SELECT the first time it is asked for, and return the name of what holds its rows until the end.

        They are no table of the folder. May be asked in several threads at once, of which one runs it.
        """
        name = f"kept_{hashlib.blake2b(sql.encode(), digest_size=12).hexdigest()}"
        with self._keeping.setdefault(name, threading.Lock()), _interruptible():
            self._of_thread().execute(f"create table if not exists {name} as {sql}")
        return name

    def _of_thread(self) -> duckdb.DuckDBPyConnection:
        own = threading.get_ident() == self._thread
        return self._connection if own else self._connection.cursor()

    def arrow(self, sql: str) -> pa.Table:
        """Fetch a result that fits in memory, as an Arrow table."""
        with _interruptible():
            return pa.table(self._connection.sql(sql))

    def tables(self) -> list[str]:
        """Return the names of the tables that exist, sorted."""
        return sorted(name for (name,) in self.rows("select view_name from duckdb_views() where not internal"))

    def close(self) -> None:
        """Release the database."""
        self._connection.close()

    def _write(self, sql: str, path: Path, compression: str) -> None:
        options = f"format parquet, compression {compression}, row_group_size {_ROW_GROUP}"
        with _interruptible():
            self._connection.execute(f"copy ({sql}) to {_quote(path)} ({options})")

    def _view(self, name: str, path: Path) -> None:
        source = path / "*.parquet" if path.is_dir() else path
        self._connection.execute(f"create or replace view {name} as select * from read_parquet({_quote(source)})")


def _counted(rows: list[Row], advance: Advance) -> Iterator[Row]:
    """Yield rows and say now and then how many were taken."""
    for start in range(0, len(rows), _TOLD_ROWS):
        part = rows[start : start + _TOLD_ROWS]
        yield from part
        advance(len(part))


class _Source:
    """Record batches on their way into DuckDB, which reports an error of theirs as its own: the true one is kept."""

    def __init__(self, incoming: Iterator[pa.RecordBatch]) -> None:
        self._incoming = incoming
        self.error: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._incoming
        except BaseException as error:
            self.error = error
            raise


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn what DuckDB makes of Ctrl-C, a RuntimeError, back into what it was."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def _quote(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
