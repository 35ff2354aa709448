"""Starts the server on the loopback address."""

import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import uvicorn

from kakehashi.errors import KakehashiError
from kakehashi.web.app import create_app
from kakehashi.web.snapshot import is_made, snapshot

HOST = "127.0.0.1"


def server(folder: Path) -> uvicorn.Server:
    """Make the server of a folder."""
    config = uvicorn.Config(
        create_app(folder), log_level="warning", access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=3, limit_concurrency=1000,
    )  # fmt: skip
    return uvicorn.Server(config)


def prepare(folder: Path, told: Callable[[], None]) -> None:
    """Make what the pages of a finished study read, unless it is there; `told` is called before.

    Nobody then waits for it at the first page. What goes wrong here is told by the pages.
    """
    try:
        if not is_made(folder):
            told()
            snapshot(folder)
    except (KakehashiError, OSError, duckdb.Error):
        return


def spool_beside(folder: Path) -> None:
    """Let uploads come to rest on the disk of the studies: the system's folder for such files may be in memory.

    Sets it for the whole process, so only the command does. A folder that may not be written takes no uploads anyway.
    """
    spool = folder / (".cache" if (folder / "study.toml").is_file() else ".uploads")
    try:
        spool.mkdir(exist_ok=True)
    except OSError:
        return
    tempfile.tempdir = str(spool.resolve())


def serve(folder: Path, taken: socket.socket) -> None:
    """Serve a folder on a bound socket until stopped."""
    spool_beside(folder)
    server(folder).run([taken])
