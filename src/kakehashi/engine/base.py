"""What a stage may ask of an engine. Nothing else in the package knows which engine runs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy.typing as npt
import pyarrow as pa

from kakehashi.progress import Advance, unwatched
from kakehashi.tables import Table

Row = tuple[Any, ...]
MapFunction = Callable[[Iterator[Row]], Iterator[Row]]
BatchFunction = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Part:
    """A part of a table: a name for it, the SELECT of its rows, and the order as `Engine.make` has it.

    kept: the table holds these rows under this name already, and they may stay as they are.
    names: columns of the key of which the SELECT gives numbers in place of names, each with a SELECT of the columns
    number and name, which ascend together.
    """

    name: str
    sql: str
    order: str = ""
    kept: bool = False
    names: Mapping[str, str] = field(default_factory=dict)


class Engine(Protocol):
    """A handful of verbs over declared tables. Columns are checked, and the keys of all but private tables."""

    scratch: Path
    """A folder for a stage's temporary files. The runner empties it before and after each stage."""

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        """Store rows, given in the order of the table's columns. Raises ContractError."""

    def load_batches(self, table: Table, batches: Iterable[pa.RecordBatch]) -> None:
        """Store record batches of the table's own schema, as `arrow.batch` makes them. Raises ContractError."""

    def adopt(self, table: Table, files: Sequence[Path]) -> None:
        """Read Parquet files of a private table's schema under its name, where they lie: in `scratch`."""

    def make(self, table: Table, sql: str, order: str = "") -> None:
        """Materialise one portable SELECT as the table. Raises ContractError.

        `order` names columns of the SELECT, such as numbers given in the order of names, that sort rows as the table's
        key does, where that is cheaper.
        """

    def retain(self, table: Table, aside: Table) -> None:
        """Have the rows of a stored table as a private one too, of the same columns, whatever becomes of the table."""

    def make_parts(self, table: Table, parts: Sequence[Part]) -> None:
        """Materialise a table from parts, each stored for itself where the engine can. Raises ContractError.

        Parts have no key in common, and come in the order of the table's key.
        """

    def map(
        self, table: Table, sql: str, fn: MapFunction, advance: Advance = unwatched, *, light: bool = False
    ) -> None:
        """Run a Python generator over the rows of a SELECT, batch by batch, and store what it yields.

        `fn` must give each output row from one input row alone: batches may run in any process, in any order.
        `advance` is told the rows that have been read, where the engine works in this process and knows. `light`: a row
        takes some microseconds, so that other processes are worth their start for very many rows only.
        """

    def map_batches(
        self, table: Table, sql: str, fn: BatchFunction, advance: Advance = unwatched, *, light: bool = False
    ) -> None:
        """Run a generator over the rows of a SELECT as `map` does; it takes and yields record batches.

        Those it yields have the table's own schema. For work that is done for thousands of rows at once.
        """

    def has(self, table: Table) -> bool:
        """Tell whether something with exactly the table's columns is stored under its name."""

    def rows(self, sql: str) -> list[Row]:
        """Fetch a result that fits in memory."""

    def arrays(self, sql: str) -> dict[str, npt.NDArray[Any]]:
        """Fetch a result of numbers, none of them null, that fits in memory: an array for each column."""
