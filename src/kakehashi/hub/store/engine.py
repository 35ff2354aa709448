"""Opens the database: a SQLite file by default, PostgreSQL where KAKEHASHI_HUB_URL says so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from kakehashi.errors import MissingExtraError
from kakehashi.hub.store.errors import HubError, UnavailableError

VARIABLE = "KAKEHASHI_HUB_URL"
_WAIT_S = 20
_MIGRATING = 7_105_227  # the advisory lock of PostgreSQL under which one process migrates


def default_url() -> str:
    """Return KAKEHASHI_HUB_URL, else the URL of a SQLite file in the user's data folder."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    folder = Path(platformdirs.user_data_dir("kakehashi", appauthor=False))
    return f"sqlite:///{folder / 'hub.db'}"


def make_engine(url: str) -> Engine:
    """Make an engine for a URL, such as `sqlite:///hub.db` or `postgresql://user@host/name`. Raises HubError."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise HubError(
            f"{VARIABLE}: is no database URL; write sqlite:///PATH or postgresql://USER@HOST/NAME"
        ) from error
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        return _postgres(parsed.set(drivername="postgresql+psycopg"))
    if kind != "sqlite":
        raise HubError(f"{VARIABLE}: {kind} is not supported; use sqlite:///PATH or postgresql://USER@HOST/NAME")
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": _WAIT_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _postgres(url: Any) -> Engine:
    try:
        return create_engine(url, pool_size=20, max_overflow=40, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise MissingExtraError("The hub on PostgreSQL", "postgres") from error


def _prepare(connection: Any, _record: Any) -> None:
    """Set a SQLite connection up so that what is committed survives a loss of power, and writers wait their turn."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_WAIT_S * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the lock to write at once, so that two transactions never wait for each other."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def migrations() -> Config:
    """Return Alembic's configuration: the migrations stand inside the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def newest() -> str:
    """Return the newest schema version."""
    return str(ScriptDirectory.from_config(migrations()).get_current_head())


def schema_version(engine: Engine) -> str | None:
    """Return the schema version of a database, None where it is empty. Raises HubError where it cannot be reached."""
    with connecting(engine), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, version: str = "head") -> None:
    """Bring a database to a schema version, all or nothing; one process at a time. Raises HubError."""
    with connecting(engine), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, version)


@contextmanager
def connecting(engine: Engine) -> Iterator[None]:
    """Turn a database that cannot be reached, or is locked for too long, into an error that says what to do."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n", 1)[0]
        place = engine.url.render_as_string(hide_password=True)
        raise UnavailableError(
            f"{place}: {reason}. See that the database runs, the path can be written, and {VARIABLE} is right"
        ) from error
