"""The rule for strong and weak fields, on maps small enough to check by eye."""

from math import log10

import pytest

from kakehashi.positioning.strengths import Standing, Strength, strength

ALL = {"JP": Standing(900, 0.2), "KR": Standing(500, 0.1), "AU": Standing(400, 0.4), "LA": Standing(3, 0.01)}
PEERS = ("AU", "JP", "KR", "LA")


def field(**scores):
    return {code: Standing(50, score) for code, score in scores.items()}


def judge(entity, standings, threshold=0.1):
    return strength(entity, ALL, standings, PEERS, threshold, 10)


def test_who_overtakes_a_peer_and_moves_up_is_strong():
    found = judge("KR", field(JP=0.1, KR=0.2, AU=0.4))
    assert (found.overtakes, found.overtaken, found.verdict, found.rivals) == (1, 0, "strong", "+JP")
    assert found.shift == pytest.approx((log10(4) + log10(2)) / 2)
    assert found.reason is None


def test_who_is_overtaken_and_moves_down_is_weak():
    found = judge("JP", field(JP=0.1, KR=0.2, AU=0.4))
    assert (found.overtakes, found.overtaken, found.verdict, found.rivals) == (0, 1, "weak", "-KR")


def test_a_swap_by_less_than_the_threshold_does_not_count():
    near = {"JP": Standing(900, 0.105), "KR": Standing(500, 0.1)}
    found = strength("KR", near, field(JP=0.1, KR=0.105), ("JP", "KR"), 0.1, 10)
    assert (found.overtakes, found.verdict, found.rivals, found.reason) == (0, None, None, "no_move")


def test_moving_up_without_overtaking_anybody_is_no_verdict():
    found = judge("KR", field(JP=0.2, KR=0.19, AU=0.4))
    assert found.shift > 0.1
    assert (found.overtakes, found.verdict, found.reason) == (0, None, "no_move")


def test_a_move_of_exactly_the_threshold_counts():
    standings = {"JP": Standing(1, 2.0), "KR": Standing(1, 1.0)}
    move = log10(2 / 1) - log10(1 / 2)
    found = strength("KR", standings, field(JP=1.0, KR=2.0), ("JP", "KR"), move, 10)
    assert found.verdict == "strong"


def test_few_papers_give_no_verdict():
    few = Strength(None, None, None, None, None, "few_papers")
    assert judge("LA", field(JP=0.1, KR=0.2) | {"LA": Standing(9, 0.5)}) == few
    assert judge("LA", field(JP=0.1, KR=0.2)) == few


def test_a_peer_with_few_papers_is_no_rival():
    found = judge("KR", field(KR=0.2, AU=0.4) | {"JP": Standing(9, 0.1)})
    assert (found.overtakes, found.rivals) == (0, None)


def test_an_entity_outside_the_largest_component_has_no_order():
    assert judge("KR", field(JP=0.1, KR=0.0)).reason == "no_eigenvector"
    assert judge("KR", field(JP=0.1, KR=None)).reason == "no_eigenvector"


def test_without_a_comparable_peer_there_is_no_verdict():
    assert judge("KR", field(KR=0.1, JP=0.0)).reason == "no_peers"
