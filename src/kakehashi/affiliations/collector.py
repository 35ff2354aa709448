"""Work without Python's collector of reference cycles, for work that makes none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector while many strings are read, and leave it as it was.

    Nothing that is read refers back to itself. The remembered parts are a million objects, and to walk them again and
    again takes a quarter of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
