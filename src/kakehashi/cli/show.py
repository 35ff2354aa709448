"""A table on the terminal or as CSV."""

import sys

import pyarrow as pa
from pyarrow import csv
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from kakehashi.cli.words import say


def print_csv(table: pa.Table) -> None:
    """Write all rows as CSV with a head line; null is an empty cell."""
    options = csv.WriteOptions(quoting_style="needed")
    csv.write_csv(table, sys.stdout.buffer, options)


def print_table(table: pa.Table, limit: int) -> None:
    """Draw the first rows; numbers to the right."""
    shown = table.slice(0, limit) if limit else table
    drawn = RichTable(show_edge=False)
    for field in table.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        drawn.add_column(field.name, justify="right" if number else "left", overflow="fold")
    for row in zip(*(column.to_pylist() for column in shown.columns), strict=True):
        drawn.add_row(*(Text(_cell(value)) for value in row))  # Text: brackets are data, not rich's markup
    # Where nobody looks (a pipe, a file) there is no edge to keep to; on a terminal long cells are folded.
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(drawn)
    console.print(say("rows_shown", shown=shown.num_rows, total=table.num_rows), style="dim")


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
