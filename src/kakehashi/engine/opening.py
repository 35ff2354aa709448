"""Which engine a name stands for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from kakehashi.engine.duckdb import DuckDB
from kakehashi.engine.failures import told
from kakehashi.engine.sail import Sail
from kakehashi.engine.sessions import is_spark, session_of
from kakehashi.engine.spark import Spark
from kakehashi.errors import SettingsError

_ENGINES: dict[str, Callable[[Path, str | None], Any]] = {
    "duckdb": DuckDB,
    "sail": lambda folder, _memory: Sail(folder),
}
"""Engines of this machine by name. Spark goes by the address of what runs it as well."""


def checked_engine(name: str) -> str:
    """Return an engine's name as it is. Raises SettingsError for one that stands for none."""
    if name in _ENGINES or is_spark(name):
        return name
    raise SettingsError(
        f"{name!r} is no engine; write {', '.join(_ENGINES)}, spark, a Spark master such as local[4] or "
        "spark://host:7077, or the address of a Spark Connect server such as sc://host:15002"
    )


def open_engine(name: str, folder: Path, memory: str | None = None) -> Any:
    """Open an engine over a folder of tables. Raises SettingsError, MissingExtraError and EngineError."""
    if checked_engine(name) in _ENGINES:
        return _ENGINES[name](folder, memory)
    with told(Spark.name):
        session = session_of(name, memory)
    return Spark(session, folder)
