"""Starts the server on the loopback address."""

import socket
from pathlib import Path

import uvicorn

from kakehashi.web.app import create_app

HOST = "127.0.0.1"


def server(folder: Path) -> uvicorn.Server:
    """Make the server of a folder."""
    config = uvicorn.Config(
        create_app(folder), log_level="warning", access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=3, limit_concurrency=1000,
    )  # fmt: skip
    return uvicorn.Server(config)


def serve(folder: Path, taken: socket.socket) -> None:
    """Serve a folder on a bound socket until stopped."""
    server(folder).run([taken])
