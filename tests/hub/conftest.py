"""A hub on each database: a SQLite file, and PostgreSQL in a cluster of its own where Debian's package is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

SERVER = "KAKEHASHI_TEST_POSTGRES"
NO_SERVER = "PostgreSQL's initdb was not found (Debian: apt-get install postgresql): the PostgreSQL half is skipped"


def _tool(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server whose user may make databases: that of KAKEHASHI_TEST_POSTGRES, else one we start."""
    if os.environ.get(SERVER):
        yield os.environ[SERVER].rstrip("/")
        return
    initdb, pg_ctl = _tool("initdb"), _tool("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip(NO_SERVER)
    # The path of a socket must be short; a server refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="kk-"))
    who = {}
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        who = {"user": "postgres"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses='' -c fsync=off -c max_connections=100"

    def do(*command: str) -> None:
        subprocess.run(command, check=True, cwd=folder, capture_output=True, timeout=120, **who)

    try:
        do(initdb, "-D", str(folder / "data"), "-U", "hub", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        do(pg_ctl, "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql://hub@/{{name}}?host={folder}&port={port}"
        do(pg_ctl, "-D", str(folder / "data"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def make_database(postgres_server: str) -> Iterator[SimpleNamespace]:
    """Makes databases on the server, and empties the one that has the newest tables for each test."""
    pytest.importorskip("psycopg", reason="the extra postgres is not installed")
    from sqlalchemy import make_url, text

    from kakehashi.hub.store.engine import make_engine, upgrade
    from kakehashi.hub.store.models import Base

    def url(name: str) -> str:
        return postgres_server.format(name=name) if "{name}" in postgres_server else f"{postgres_server}/{name}"

    admin = make_engine(url("postgres")).execution_options(isolation_level="AUTOCOMMIT")

    def create() -> str:
        name = f"kk_{uuid.uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f"create database {name}"))
        return url(name)

    def emptied() -> str:
        with filled.begin() as connection:
            tables = ", ".join(Base.metadata.tables)
            connection.execute(text(f"truncate {tables} restart identity cascade"))
        return shared

    def drop(one: str) -> None:
        with admin.connect() as connection:
            connection.execute(text(f"drop database if exists {make_url(one).database} with (force)"))

    shared = create()
    filled = make_engine(shared)
    upgrade(filled)
    yield SimpleNamespace(create=create, emptied=emptied, drop=drop)
    filled.dispose()
    drop(shared)
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from kakehashi.hub.store.hub import Hub

    path = tmp_path_factory.mktemp("hub") / "template.db"
    Hub(f"sqlite:///{path}", create=True).close()
    return path


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    databases = request.getfixturevalue("make_database")
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture(params=BOTH)
def hub_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a hub without records."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "hub.db")
        yield f"sqlite:///{tmp_path / 'hub.db'}"
        return
    yield request.getfixturevalue("make_database").emptied()


@pytest.fixture
def hub(hub_url: str) -> Iterator[object]:
    """A hub without records, on each database."""
    from kakehashi.hub.store.hub import Hub

    opened = Hub(hub_url)
    yield opened
    opened.close()


@pytest.fixture
def local_hub(sqlite_template: Path, tmp_path: Path) -> Iterator[object]:
    """A hub without records in a SQLite file."""
    from kakehashi.hub.store.hub import Hub

    shutil.copy(sqlite_template, tmp_path / "local.db")
    opened = Hub(f"sqlite:///{tmp_path / 'local.db'}")
    yield opened
    opened.close()
