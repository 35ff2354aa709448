"""What a stage may ask of an engine. Nothing else in the package knows which engine runs."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from kakehashi.tables import Table

Row = tuple[Any, ...]
MapFunction = Callable[[Iterator[Row]], Iterator[Row]]


class Engine(Protocol):
    """Four verbs over declared tables. Every stored table is checked against its columns and key."""

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        """Store rows, given in the order of the table's columns. Raises ContractError."""

    def make(self, table: Table, sql: str) -> None:
        """Materialise one portable SELECT as the table. Raises ContractError."""

    def map(self, table: Table, sql: str, fn: MapFunction) -> None:
        """Run a Python generator over the rows of a SELECT, batch by batch, and store what it yields.

        `fn` must give each output row from one input row alone: batches may run in any process, in any order.
        """

    def rows(self, sql: str) -> list[Row]:
        """Fetch a result that fits in memory."""
