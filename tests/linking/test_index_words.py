"""Words of names: what two people may write differently comes out the same, what tells names apart does not."""

import pytest

from kakehashi.affiliations.linking.words import HEADS, index_word, index_words, name_words
from kakehashi.affiliations.lists import read_table


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The University of Tokyo", "Univ. Tokyo"),
        ("Universität Zürich", "University of Zurich"),
        ("Universita' degli Studi di Torino", "University of Turin"),
        ("Institut for Physics", "Inst. of Physics"),
        ("Academy of Sciences", "Acad. Science"),
        ("Centre for Nanotechnology", "Center for Nanotechnology"),
        ("DEPARTMENT OF ENERGY", "Department of Energy"),
        ("Texas A&M University", "Texas A & M University"),
    ],
)
def test_spellings_of_one_name_have_the_same_words(one: str, other: str) -> None:
    assert name_words(one) == name_words(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tokyo University", "University of Tokyo"),
        ("Nagoya University", "Nagoya City University"),
        ("University Hospital of Zurich", "University of Zurich"),
        ("Dell Technologies", "Technologies"),
        ("Paris 6", "Paris 7"),
    ],
)
def test_names_of_two_bodies_keep_different_words(one: str, other: str) -> None:
    assert name_words(one) != name_words(other)


def test_words_that_names_drop_at_will_are_left_out() -> None:
    assert index_words(["the", "university", "of", "zurich"]) == ["university", "zurich"]
    assert name_words("of the") == []


def test_only_longer_words_lose_a_final_s() -> None:
    assert [index_word(word) for word in ("sciences", "physics", "leeds", "paris", "express")] == [
        "science", "physic", "leeds", "paris", "express",
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["luniversite", "dellinstitut"])
def test_an_article_that_an_apostrophe_tied_to_a_type_word_is_dropped(word: str) -> None:
    assert index_word(word) in HEADS


def test_what_a_word_is_called_in_the_index_is_not_called_something_else_again() -> None:
    meanings = {row["meaning"] for table in ("type_words.csv", "town_names.csv") for row in read_table(table)}
    called = {index_word(meaning) for meaning in meanings}
    assert {word for word in called if index_word(word) != word} == set()
