"""Misspelt and run-together words: read as words of the registry, where one letter or the blanks are wrong."""

import pytest

from kakehashi.affiliations.linking.spelling import COMMON, MAX_LETTERS, MIN_CORRECTED, Speller

COUNTS = {
    "university": 900, "institute": 700, "technology": 500, "tokyo": 80, "melbourne": 30, "edinburgh": 30,
    "kaunas": 3, "kaunat": 2, "national": 400, "optic": 40, "rare": 1, "thing": 1,
}  # fmt: skip


@pytest.fixture
def speller() -> Speller:
    return Speller(COUNTS)


@pytest.mark.parametrize("word", sorted(COUNTS))
def test_a_known_word_stands_for_itself(speller: Speller, word: str) -> None:
    assert speller.meant(word, True) == (word,)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("univercity", "university"),  # one changed
        ("technolgy", "technology"),  # one left out
        ("tecchnology", "technology"),  # one too many
        ("edinbrugh", "edinburgh"),  # two exchanged
        ("melborne", "melbourne"),
        ("edinburg", "edinburgh"),
    ],
)
def test_a_word_one_letter_away_is_meant_beside_a_type_word(speller: Speller, wrong: str, right: str) -> None:
    assert speller.meant(wrong, True) == (right,)


@pytest.mark.parametrize("word", ["technolgy", "edinbrugh", "melborne"])
def test_away_from_type_words_an_unknown_word_may_be_a_street_or_a_person(speller: Speller, word: str) -> None:
    assert speller.meant(word, False) == (word,)


@pytest.mark.parametrize("word", ["jechnology", "tchnlgy", "qwertzuiop"])
def test_another_first_letter_or_two_wrong_ones_are_not_corrected(speller: Speller, word: str) -> None:
    assert speller.meant(word, True) == (word,)


def test_of_several_near_words_the_most_frequent_is_meant(speller: Speller) -> None:
    assert speller.meant("kaunax", True) == ("kaunas",)


@pytest.mark.parametrize(
    ("together", "words"),
    [
        ("universityoftokyo", ("university", "tokyo")),
        ("tokyouniversity", ("tokyo", "university")),
        ("instituteof", ("institute",)),
        ("oftechnology", ("technology",)),
        ("nationaltechnology", ("national", "technology")),
    ],
)
def test_words_run_together_are_cut(speller: Speller, together: str, words: tuple[str, ...]) -> None:
    assert speller.meant(together, False) == words


def test_rare_words_are_not_cut_out_of_a_longer_one(speller: Speller) -> None:
    assert COUNTS["rare"] < COMMON > COUNTS["thing"]
    assert speller.meant("rarething", False) == ("rarething",)


def test_the_digits_of_a_footnote_behind_a_word_are_dropped(speller: Speller) -> None:
    assert speller.meant("tokyo12", False) == ("tokyo",)
    assert speller.meant("zzyzx12", False) == ("zzyzx12",)


@pytest.mark.parametrize("word", ["toky"[:MIN_CORRECTED], "teknik" * MAX_LETTERS, "zürich", "東京大学院生", ""])
def test_short_endless_and_foreign_words_are_left_as_they_are(speller: Speller, word: str) -> None:
    assert speller.meant(word, True) == (word,)
