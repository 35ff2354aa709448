"""Acronyms that a string prints beside the name it names."""

import pytest

from kakehashi.affiliations.acronyms import attested, made_of, within

MIT = "Massachusetts Institute of Technology"


@pytest.mark.parametrize(
    ("text", "span", "acronym"),
    [
        (f"CSAIL, {MIT} (MIT), Cambridge, MA, USA", MIT, "mit"),
        (f"{MIT} [MIT], USA", MIT, "mit"),
        (f"MIT, {MIT}, USA", MIT, "mit"),
        (f"{MIT} - MIT, USA", MIT, "mit"),
        ("German Aerospace Center (DLR), Germany", "German Aerospace Center", "dlr"),
        ("Korea Advanced Institute of Science and Technology(KAIST)",
         "Korea Advanced Institute of Science and Technology", "kaist"),
        ("EPFL, Ecole Polytechnique Federale Lausanne", "Ecole Polytechnique Federale Lausanne", "epfl"),
    ],
)  # fmt: skip
def test_an_acronym_beside_a_name_is_found(text, span, acronym):
    assert attested(text, span) == acronym


@pytest.mark.parametrize(
    ("text", "span"),
    [
        (f"CSAIL, {MIT}, USA", MIT),  # a laboratory before the comma, not the institute's initials
        (f"{MIT} (USA)", MIT),
        ("University of Pisa (Italy)", "University of Pisa"),
        ("University of Houston (TX)", "University of Houston"),
        ("University of Bonn (retired)", "University of Bonn"),
        ("University of Bonn, IRTG", "University of Bonn"),
        ("University of Bonn", None),
        ("University of Bonn", "a span of another string"),
    ],
)
def test_a_place_a_remark_or_a_laboratory_is_no_acronym(text, span):
    assert attested(text, span) is None


def test_initials_may_leave_out_small_words():
    assert made_of("mit", "massachusetts institute of technology")
    assert made_of("uot", "university of tokyo")
    assert not made_of("nu", "massachusetts institute of technology")


def test_letters_of_an_acronym_stand_in_the_names_order():
    assert within("unicamp", "universidade estadual de campinas")
    assert not within("csail", "massachusetts institute of technology")
