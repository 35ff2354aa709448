"""Candidates: each manner in which the words of a part are, or nearly are, a name of the registry."""

import pytest
from made_registry import organisation

from kakehashi.affiliations.linking.candidates import (
    ABBREVIATED,
    CORRECTED,
    EXACT,
    JOINED,
    MANNERS,
    MIN_SIMILAR,
    REORDERED,
    SIMILAR,
    Finder,
    Span,
)  # fmt: skip
from kakehashi.affiliations.linking.index import MAX_WORDS, Index, build
from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.text import forms


@pytest.fixture(scope="module")
def finder(made: Index) -> Finder:
    return Finder(made)


def found(finder: Finder, text: str) -> list[Span]:
    return finder.find(finder.words(forms(text)))


@pytest.mark.parametrize(
    ("text", "words", "key", "manner"),
    [
        ("Univ. of Zurich", (0, 2), "university zurich", EXACT),
        ("Irchel Campus University of Zurich", (2, 4), "university zurich", EXACT),
        ("京都大学医学部", (0, 4), "京 都 大 学", EXACT),
        ("Lund Optics Institute", (0, 3), "lund institute optic", REORDERED),
        ("Davis University of California", (0, 3), "university california davis", REORDERED),
        ("Imp erial College London", (0, 4), "imperial college london", JOINED),
        ("Norw Univ Sci Technol", (0, 4), "norwegian university science technology", ABBREVIATED),
        ("Massachusetts Institute of Technolgy", (0, 3), "massachusett institute technology", CORRECTED),
        ("Jožef Stefan Research Institute", (0, 4), "jozef stefan institute", SIMILAR),
    ],
)  # fmt: skip
def test_a_name_is_found_in_each_manner(
    finder: Finder, text: str, words: tuple[int, int], key: str, manner: int
) -> None:
    assert (*words, key, manner) in [(*one[:3], one.manner) for one in found(finder, text)]


def test_every_manner_has_a_name_and_a_case_above() -> None:
    assert len(MANNERS) == len({EXACT, REORDERED, JOINED, ABBREVIATED, CORRECTED, SIMILAR})


def test_names_inside_names_are_found_too(finder: Finder) -> None:
    spans = found(finder, "Kyoto University Hospital")
    assert [(one.first, one.last) for one in spans] == [(0, 2), (0, 3)]
    assert all(one.manner == EXACT for one in spans)


def test_two_names_in_a_row_are_both_found(finder: Finder) -> None:
    spans = [one[:3] for one in found(finder, "University of Zurich and Kyoto University") if one.manner == EXACT]
    assert spans == [(0, 2, "university zurich"), (2, 4, "kyoto university")]


@pytest.mark.parametrize("text", ["", "of the", "Department", "Main Street 12", "Osaka Provincial University"])
def test_what_is_like_no_name_has_no_candidate(finder: Finder, text: str) -> None:
    assert found(finder, text) == []


def test_a_stretch_with_a_corrected_word_says_so_and_the_others_do_not(finder: Finder) -> None:
    spans = found(finder, "Kyoto Universitty Zurich University")
    assert {(one.key, one.manner) for one in spans if one.last - one.first == len(("kyoto", "university"))} >= {
        ("kyoto university", CORRECTED), ("university zurich", REORDERED),
    }  # fmt: skip


def test_abbreviations_are_the_beginnings_of_the_words_of_the_name(finder: Finder) -> None:
    assert [one.manner for one in found(finder, "Nola Univ Sci Technol")] == []
    assert found(finder, "Norw Sci Univ Technol") == []


def test_likeness_is_one_unless_a_name_is_only_similar(finder: Finder) -> None:
    exact = found(finder, "University of Zurich and Kyoto University")
    assert all(one.likeness == 1 for one in exact if one.manner != SIMILAR)
    [similar] = [one for one in found(finder, "Jožef Stefan Research Institute") if one.manner == SIMILAR]
    assert MIN_SIMILAR <= similar.likeness < 1


def test_no_word_is_outside_the_part(finder: Finder, index: Index) -> None:
    other = Finder(index)
    for text in [one.name for one in index.organisations]:
        listed = other.words(forms(text))
        assert all(0 <= one.first < one.last <= len(listed.words) for one in other.find(listed)), text


def test_every_organisation_that_is_not_withdrawn_is_found_by_every_name_it_has(index: Index) -> None:
    finder = Finder(index)
    shared = small_words("anybodys_name")
    for number, organisation_ in enumerate(index.organisations):
        if organisation_.withdrawn:
            continue
        for name in organisation_.names:
            if name.value in shared:  # 中央研究所, of hundreds of companies
                continue
            listed = finder.words(forms(name.value))
            if not 0 < len(listed.words) <= MAX_WORDS or listed.corrected:
                continue
            numbers = {one for span in finder.find(listed) for one, _ in index.names[span.key]}
            assert number in numbers, name.value


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("University of California", "Davis", (0, 1, "university california davis", EXACT)),
        ("Imperial College", "London W1", (0, 1, "imperial college london", EXACT)),
        ("Institute", "Lund of Optics", (0, 2, "lund institute optic", REORDERED)),
        ("Norw Univ", "Sci Technol", (0, 2, "norwegian university science technology", ABBREVIATED)),
    ],
)
def test_a_name_may_run_over_a_comma(
    finder: Finder, left: str, right: str, expected: tuple[int, int, str, int]
) -> None:
    assert finder.across(finder.words(forms(left)).words, finder.words(forms(right)).words) == [expected]


@pytest.mark.parametrize(("left", "right"), [("University of Zurich", "Zurich"), ("", "Davis"), ("Zurich", "")])
def test_a_name_that_ends_before_the_comma_does_not_run_over_it(finder: Finder, left: str, right: str) -> None:
    assert finder.across(finder.words(forms(left)).words, finder.words(forms(right)).words) == []


def test_the_tokens_of_run_together_words_are_the_same() -> None:
    finder = Finder(build([organisation(n, f"University of Tokyo {n}", "Tokyo, , , JP") for n in range(1, 30)]))
    listed = finder.words(("universityoftokyo", "3"))
    assert (listed.words, listed.tokens) == (("university", "tokyo", "3"), (0, 0, 1))


def test_every_name_may_run_over_a_comma_between_any_two_of_its_words(index: Index) -> None:
    finder = Finder(index)
    for key in index.names:
        words = key.split(" ")
        for at in range(1, len(words)):
            left = finder.left(words[:at], finder.words(words[:at]).longest)
            assert finder.may_cross(words[:at], words[at:], left), (words[:at], words[at:])


def test_what_may_not_cross_a_comma_does_not(index: Index) -> None:
    finder = Finder(index)
    parts = [key.split(" ") for key in list(index.names)[::40]]
    refused = 0
    for left in parts:
        begins = finder.left(left, finder.words(left).longest)
        for right in parts:
            if not finder.may_cross(left, right, begins):
                refused += 1
                assert finder.across(left, right, begins) == []
    assert refused > len(parts) ** 2 // 2
