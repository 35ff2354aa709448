"""The collector of reference cycles is paused for bulk work, and nothing of that work needs it."""

import gc

import pytest

from kakehashi.affiliations.resolve import Resolver
from kakehashi.collector import collector_paused


def test_the_collector_is_paused_and_runs_again_afterwards():
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_runs_again_after_an_error():
    with pytest.raises(ValueError, match="x"), collector_paused():
        raise ValueError("x")
    assert gc.isenabled()


def test_a_collector_that_did_not_run_is_left_off():
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_reading_strings_leaves_no_reference_cycles():
    resolver = Resolver()
    resolver.resolve("Zzyzx University, Tokyo, Japan")
    gc.collect()
    for number in range(300):
        resolver.resolve(f"Dept. of X{number}, University of Y{number} and Z Institute, {number} Kyoto, Japan; Q, é UK")
    assert gc.collect() == 0
