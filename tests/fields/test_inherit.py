"""Labels going down the tree, worked out by hand."""

import numpy as np

from kakehashi.fields.inherit import Rule, inherit
from kakehashi.fields.taxonomy import Label
from kakehashi.fields.tree import build

# artificial intelligence (20 works) - learning (10) - network pruning (5) - weight sharing (4) - bit slicing (4)
CHAIN = ("artificial intelligence", "learning", "network pruning", "weight sharing", "bit slicing")
WORKS = np.array([20, 10, 5, 4, 4])
LENIENT = Rule(max_distance=2, min_joint_works=1, min_share=0.0, min_lift=0.0)


def label(keyword, *fields):
    return {keyword: Label(keyword, fields, "ieee", "")}


def chain(labels, rule, joint=(9, 5, 4, 4), total=1000):
    links = np.array([(i, i + 1, works) for i, works in enumerate(joint)])
    tree = build(WORKS, links[:, 0], links[:, 1], links[:, 2])
    decisions = inherit(CHAIN, WORKS, tree, labels, total, rule)
    return [(d.fields, d.method, d.from_keyword, d.distance, d.reason) for d in decisions.values()]


def test_a_label_goes_down_as_far_as_the_rule_lets_it():
    assert chain(label("artificial intelligence", "ai"), LENIENT) == [
        (("ai",), "label", "artificial intelligence", 0, None),
        (("ai",), "inherited", "artificial intelligence", 1, None),
        (("ai",), "inherited", "artificial intelligence", 2, None),
        ((), None, None, None, "too_far"),
        ((), None, None, None, "too_far"),
    ]


def test_a_keyword_with_a_label_keeps_it_and_hands_down_its_own():
    labels = label("artificial intelligence", "ai") | label("network pruning", "device", "edge")
    assert [row[:3] for row in chain(labels, LENIENT)][2:] == [
        (("device", "edge"), "label", "network pruning"),
        (("device", "edge"), "inherited", "network pruning"),
        (("device", "edge"), "inherited", "network pruning"),
    ]


def test_outside_stops_what_comes_from_above_and_says_which_label_did():
    labels = label("artificial intelligence", "ai") | label("learning")
    assert [(row[0], row[1], row[4]) for row in chain(labels, LENIENT)] == [
        (("ai",), "label", None),
        ((), "label", "outside:learning"),
        ((), "inherited", "outside:learning"),
        ((), "inherited", "outside:learning"),
        ((), None, "too_far"),
    ]


def test_nothing_goes_upwards():
    assert [row[4] for row in chain(label("weight sharing", "ai"), LENIENT)] == [
        *["no_labelled_ancestor"] * 3,
        None,
        None,
    ]


def test_the_shares_of_the_links_multiply():
    # 9 of 10, then 4 of 5: 0.9 and 0.72
    rule = Rule(max_distance=4, min_joint_works=1, min_share=0.75, min_lift=0.0)
    rows = chain(label("artificial intelligence", "ai"), rule, joint=(9, 4, 4, 4))
    assert [row[4] for row in rows] == [None, None, "weak_link", "weak_link", "weak_link"]


def test_the_company_of_a_keyword_that_is_everywhere_says_nothing():
    # 9 joint works: 9 * 50 / (20 * 10) = 2.25 times chance among 50 works, 45 times among 1000
    rule = Rule(max_distance=1, min_joint_works=1, min_share=0.0, min_lift=20.0)
    assert chain(label("artificial intelligence", "ai"), rule, total=50)[1][4] == "weak_link"
    assert chain(label("artificial intelligence", "ai"), rule, total=1000)[1][0] == ("ai",)


def test_too_few_joint_works_are_no_link():
    rule = Rule(max_distance=4, min_joint_works=5, min_share=0.0, min_lift=0.0)
    rows = chain(label("artificial intelligence", "ai"), rule)
    assert [row[4] for row in rows] == [None, None, None, "weak_link", "weak_link"]
