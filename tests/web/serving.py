"""A running explorer for tests, and a client that speaks to it as a browser would."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kakehashi.web.serve import server


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port, and yield the address."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen(100)  # so that who comes before the server is up waits
    running = server(folder)
    thread = threading.Thread(target=running.run, args=([taken],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()
        taken.close()


def client(address: str) -> httpx.Client:
    """Return a client that follows nothing by itself and has time enough for the first page."""
    return httpx.Client(base_url=address, timeout=60, trust_env=False)
