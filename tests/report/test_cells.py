"""What the tables of the report say below their cells."""

from types import SimpleNamespace

import pytest

from kakehashi.report.chapters.tables import betweenness_note
from kakehashi.texts import texts


@pytest.mark.parametrize(
    ("errors", "said"),
    [([0.005, None], "0.0050"), ([0.00031, 0.0002], "0.0004"), ([0.0007], "0.0007"), ([1e-14], "0.0001")],
)
def test_a_bound_on_betweenness_is_rounded_up_and_never_to_nothing(errors, said):
    [note] = betweenness_note(SimpleNamespace(texts=texts("en")), errors)
    assert f"(at most {said};" in note


def test_exact_values_have_no_note_of_an_error():
    assert betweenness_note(SimpleNamespace(texts=texts("en")), [None, None]) == []
