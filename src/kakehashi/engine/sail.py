"""Sail as an engine: it speaks Spark's protocol without a Java machine. Needs the `sail` extra."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from kakehashi.engine.failures import told
from kakehashi.engine.sessions import connect_session
from kakehashi.engine.spark import Spark
from kakehashi.errors import EngineError, MissingExtraError


class Sail(Spark):
    """Spark's engine over a Sail server in this process, on loopback, which lives as long as the engine."""

    name = "Sail"

    def __init__(self, folder: Path, server: Any = None) -> None:
        """Raise MissingExtraError where Sail is not installed. A `server` that is given stays when this is closed."""
        self._own = None if server else start_server()
        _, port = (self._own or server).listening_address
        with told(self.name):
            session = connect_session(f"sc://127.0.0.1:{port}", "sail")
        super().__init__(session, folder)

    def close(self) -> None:
        """Forget the views, end the session and stop the server."""
        super().close()
        with suppress(EngineError), told(self.name):
            self.session.stop()
        if self._own is not None:
            self._own.stop()


def start_server() -> Any:
    """Start Sail on a free port of loopback. Raises MissingExtraError."""
    try:
        from pysail.spark import SparkConnectServer
    except ImportError as error:
        raise MissingExtraError("The Sail engine", "sail") from error
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start()
    return server
