"""The partner benchmark: measures counted by hand, and nothing of the hidden years seen."""

import argparse
import sys
from pathlib import Path

import numpy as np
import pytest

from kakehashi import Study

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import partners  # noqa: E402

EXPORTS = ROOT / "tests" / "by_hand" / "exports"


def test_measures_of_a_ranking_without_equal_scores():
    # Ranks of the two new partners: 2 and 4 of 5. Of the 2 x 3 pairs with another candidate,
    # the one at rank 2 stands before those at 3 and 5, the one at rank 4 before that at 5: 3 of 6.
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    found = partners.measured(scores, np.array([False, True, False, True, False]))
    assert found == pytest.approx([1, 1, 1, 1 / 2, 3 / 6])


def test_equal_scores_get_their_mean_rank():
    found = partners.measured(np.zeros(40), np.arange(40) == 7)
    assert found == pytest.approx([0, 1, 1, 1 / 20.5, 0.5])  # mean rank 20.5: not among the first ten


def test_the_known_study_holds_the_years_up_to_the_last_known_only(tmp_path):
    study = Study.create(tmp_path / "hand", "JP", [EXPORTS])
    study.run()
    engine = partners.known_study(study, 2020, tmp_path / "known")
    assert engine.rows("select max(year) from works") == [(2020,)]
    assert {row[0] for row in engine.rows("select distinct period from edges")} == {"2020", "all"}
    new = partners.new_partners(study, engine, "country", 2020, 2021)
    engine.close()
    # 2020: JP-CN (w01), DE-JP (w08). 2021: JP-KR and CN-KR (w03), CN-US (w04), AU-JP (lanterns), AU-SG (w11).
    assert new["JP"] == {"KR", "AU"}
    assert new["CN"] == {"KR", "US"}
    arguments = argparse.Namespace(known=2020, until=2021, level="country", papers=1, weights=None)
    results, asked, hidden, _candidates = partners.run(study, arguments, tmp_path / "again")
    assert asked > 0
    assert hidden > 0
    assert {system for system, region in results.rows if region == "all"} == {partners.OURS, *partners.BASELINES}
