"""Work over several processes. loky is used because a user's script needs no `if __name__ == "__main__"` for it."""

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any, TypeVar

from loky import ProcessPoolExecutor

AHEAD = 8
"""Jobs that wait for each process: it never waits itself, and what is to come need not be made yet."""

_ENVIRONMENT = {"LOKY_MAX_MEMORY_LEAK_SIZE": "1e15"}
"""Else loky ends a process that has grown by 300 MB, and what it remembers, a whole index too, is made again."""

Job = TypeVar("Job")
Result = TypeVar("Result")


def workers() -> int:
    """Return how many processes to use: the cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(
    function: Callable[[Job], Result], jobs: Sequence[Job], begin: Callable[[], object] | None = None
) -> Iterator[Result]:
    """Yield `function(job)` in the order of the jobs, computed side by side. An error ends the rest.

    Each process calls `begin` first. It is not called where the jobs are done in this one. A job is asked for
    when it is soon to be done, and not kept: jobs may be made, and what they hold forgotten, one by one.
    """
    if workers() < 2 or len(jobs) < 2:
        yield from map(function, jobs)
        return
    yield from streamed(function, (jobs[number] for number in range(len(jobs))), begin, min(workers(), len(jobs)))


def streamed(
    function: Callable[[Job], Result],
    jobs: Iterable[Job],
    begin: Callable[[], object] | None,
    processes: int,
    ahead: int = AHEAD,
) -> Iterator[Result]:
    """Yield `function(job)` in the order of the jobs, `ahead` of which wait for each process: as `in_processes`."""
    pool: Any = ProcessPoolExecutor(
        max_workers=processes, initializer=_begin_worker, initargs=(begin,), env=_ENVIRONMENT
    )
    try:
        # Not `pool.map`: it cancels what is left on an error, over which loky then stumbles.
        waiting: deque[Any] = deque()
        for job in jobs:
            with _ctrl_c_held_back():
                waiting.append(pool.submit(_done, function, job))
            if len(waiting) > ahead * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        pool.shutdown(wait=True, kill_workers=True)
        raise
    pool.shutdown(wait=True)


def _done(function: Callable[[Job], Result], job: Job) -> Result:
    result = function(job)
    if not gc.isenabled():
        gc.freeze()  # loky, where psutil is missing, calls the collector every second: it need not see what is kept
    return result


def _begin_worker(begin: Callable[[], object] | None) -> None:
    """A terminal sends Ctrl-C to the workers too: without this each would print a traceback of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if begin is not None:
        begin()


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Hold a stop back while the workers start: they inherit that, and are safe before their initializer runs.

    Blocking the signal is for them; here it would not do, for another thread may receive it, and Python then interrupts
    the main thread all the same, in the middle of what loky must not be interrupted in.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # started later by loky, it would unblock the signal again
    held: list[int] = []
    handlers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():  # only it may set handlers
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not None:
                handlers[number] = signal.signal(number, lambda received, _frame: held.append(received))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for taken, handler in handlers.items():
            signal.signal(taken, handler)
        if held:
            signal.raise_signal(held[0])
