"""The table of benchmarks/growth.py, from made measurements."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import growth


def said(works, **seconds):
    return {"works": works, "processor_seconds": seconds, "peak_rss_gib": works / 1e5}


def test_ten_times_as_long_for_ten_times_the_works_is_an_exponent_of_one():
    assert growth.exponent(2.0, 20.0, 10) == pytest.approx(1)
    assert growth.exponent(1.0, 100.0, 10) == pytest.approx(2)
    assert growth.exponent(0.1, 1.0, 10) is None


def test_each_stage_has_a_row_with_its_speed_and_growth_at_the_largest_scale():
    lines = growth.table([said(200_000, corpus=40.0, economy=0.1), said(20_000, corpus=4.0, economy=0.1)])
    assert lines[0] == "| processor seconds | 20,000 works | 200,000 works | works/s | exponent |"
    assert "| corpus | 4.0 | 40.0 | 5,000 | 1.00 |" in lines
    assert lines[-2] == "| economy | 0.1 | 0.1 | 2,000,000 |  |"
    assert lines[-1] == "| peak memory, GiB | 0.20 | 2.00 | | |"
