"""Ctrl-C and SIGTERM stop a command alike: cleanly, with the exit code that a shell expects."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stoppable() -> Iterator[Callable[[], int]]:
    """Raise KeyboardInterrupt on SIGTERM too; yield a function that tells which signal it was (SIGINT unless told).

    Python's own answer to SIGTERM is to die on the spot, which leaves worker processes behind.
    """
    received = [int(signal.SIGINT)]

    def stop(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only the main thread may set handlers
        yield lambda: received[-1]
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield lambda: received[-1]
    finally:
        signal.signal(signal.SIGTERM, before)
