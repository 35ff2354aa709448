"""The survey of 2016: every distribution whose numbers are typed, in words of both languages."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from kakehashi.knowledge.survey import questions, shares, told, wordings


def test_every_figure_has_its_answers():
    assert Counter(share.figure for share in shares().values()) == {
        "1": 4, "2": 2, "3": 7, "4": 13, "11": 6, "12": 5, "13": 20, "14": 20, "15": 8, "16": 60,
    }  # fmt: skip
    assert list(questions()) == [str(number) for number in range(1, 18)]


def test_a_figure_without_shares_says_why_and_one_with_shares_has_an_n():
    given = {share.figure for share in shares().values()}
    assert {figure for figure, question in questions().items() if question.absent} == set(questions()) - given
    assert [questions()[figure].n for figure in ("5", "6", "7", "8", "9", "10")] == [278, 268, 265, 259, 638, 631]
    assert all(share.n or questions()[share.figure].n for share in shares().values())


FACTS = Path(__file__).parents[3] / "shared" / "facts"


@pytest.mark.skipif(
    not FACTS.is_dir(), reason=f"the typed facts are not at {FACTS}, so there is nothing to compare with"
)
def test_every_typed_fact_of_the_survey_is_there():
    numbers = Counter(f"{share.share:.3f}" for share in shares().values())
    typed = Counter()
    for path in sorted(FACTS.glob("nistep2016_*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                columns = [name for name in row if "share" in name or "concern" in name or name == "neutral"]
                typed.update(f"{float(row[name]):.3f}" for name in columns)
    assert not typed - numbers


def test_shares_are_counts_over_answers_where_both_are_given():
    # Figure 1 prints the share of "domestic only" as 57.7 %; 452 of 784 are 57.65 %.
    for share in shares().values():
        if share.count is not None and share.n is not None:
            assert share.share == pytest.approx(share.count / share.n, abs=0.0011), share.id


def test_a_whole_divided_into_answers_adds_up_to_one():
    wholes = Counter()
    for share in shares().values():
        if share.figure in ("1", "11", "16") or share.level == "most_important":
            wholes[share.figure, share.group, share.answer if share.figure == "16" else None] += share.share
    assert all(total == pytest.approx(1, abs=0.0021) for total in wholes.values())


def test_the_heaviest_burden_and_the_first_criterion_are_those_that_the_survey_names():
    assert shares()["15.clerical_procedures"].share == 0.865
    criteria = [share for share in shares().values() if share.figure == "13" and share.level is None]
    assert max(criteria, key=lambda share: share.share).answer == "needs_seeds_fit"
    assert shares()["13.needs_seeds_fit"].n is None  # what it is a share of is not given


def test_every_answer_is_in_words():
    assert {f"{share.figure}.{share.answer}" for share in shares().values()} == set(wordings("answers"))
    assert {share.level for share in shares().values() if share.level} == set(wordings("levels"))
    assert {share.group for share in shares().values() if share.group} == set(wordings("groups"))


def test_cautions_are_told_to_those_like_the_ones_who_answered_and_name_shares_that_there_are():
    assert set(told("university", "JP")) <= set(shares())
    assert told("university", "JP")
    assert told("company", "JP") == told("university", "KR") == ()
