"""Work over several processes. loky is used because a user's script needs no `if __name__ == "__main__"` for it."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from loky import ProcessPoolExecutor

Job = TypeVar("Job")
Result = TypeVar("Result")


def workers() -> int:
    """Return how many processes to use: the cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
    """Yield `function(job)` in the order of the jobs, computed side by side. An error ends the rest."""
    if workers() < 2 or len(jobs) < 2:
        yield from map(function, jobs)
        return
    pool: Any = ProcessPoolExecutor(max_workers=min(workers(), len(jobs)))
    try:
        yield from pool.map(function, jobs)
    except BaseException:
        pool.shutdown(wait=False, kill_workers=True)
        raise
    pool.shutdown(wait=True)
