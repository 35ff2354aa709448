"""Processes that remember much are kept, and what they remember is not walked again and again."""

import gc
import os

import pytest

from kakehashi.pool import streamed

GIGABYTE = 10**9


def looked_at(_job: int) -> tuple[int, float, int]:
    """Return the process, the growth at which loky would end it, and how many objects its collector leaves alone."""
    from loky import process_executor

    return os.getpid(), process_executor._MAX_MEMORY_LEAK_SIZE, gc.get_freeze_count()


def test_no_process_is_ended_for_what_it_remembers() -> None:
    seen = list(streamed(looked_at, range(4), None, 1))
    assert len({process for process, _, _ in seen}) == 1
    assert min(limit for _, limit, _ in seen) > 1_000 * GIGABYTE


@pytest.mark.parametrize(("begin", "hidden"), [(gc.disable, True), (None, False)], ids=["without_collector", "with_it"])
def test_the_collector_that_is_off_is_not_shown_what_is_kept(begin: object, hidden: bool) -> None:
    *_, (_, _, frozen) = streamed(looked_at, range(3), begin, 1)  # type: ignore[arg-type]
    assert (frozen > 0) == hidden
