"""By what two records are known to describe one work."""

import pytest

from kakehashi.corpus.keys import plain_title, title_key
from kakehashi.records import Author, Record

LONG = "A survey of deep reinforcement learning for production systems"


@pytest.mark.parametrize(
    "other",
    [
        LONG.upper(),
        LONG.replace(" ", "  ") + ".",
        LONG.replace("deep", "“deep”"),
        "Ａ survey of deep reinforcement learning for production systems",
    ],
)
def test_spellings_of_one_title_share_a_key(other):
    assert title_key(Record(1, LONG, 2020)) == title_key(Record(9, other, 2020))


def test_accents_and_hyphens_do_not_matter():
    assert plain_title("Théorie de l'Édition: sub-title") == plain_title("Theorie de l edition sub title")


def test_another_year_is_another_key():
    assert title_key(Record(1, LONG, 2020)) != title_key(Record(1, LONG, 2021))


def test_short_titles_need_the_same_first_author():
    mine, same = (
        Record(1, "Editorial", 2020, authors=(Author("Doe, Jane"),)),
        Record(2, "Editorial.", 2020, authors=(Author("J. Doe"),)),
    )
    other = Record(3, "Editorial", 2020, authors=(Author("K. Sato"),))
    assert title_key(mine) == title_key(same)
    assert title_key(mine) != title_key(other)


def test_a_record_without_a_year_needs_the_same_first_author():
    assert title_key(Record(1, LONG, authors=(Author("Doe, J."),))) != title_key(Record(1, LONG))


@pytest.mark.parametrize("title", [None, "", " ... ", "—"])
def test_a_title_without_letters_has_no_key(title):
    assert title_key(Record(1, title, 2020)) is None


def test_japanese_and_chinese_titles_have_keys():
    assert title_key(Record(1, "深層強化学習による生産システムの最適化に関する研究", 2020)) is not None
