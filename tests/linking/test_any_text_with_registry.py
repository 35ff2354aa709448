"""Whatever the text, a registry's answers are bounded, point into the text, are shares, and are the same again."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakehashi.affiliations.linking.index import Index
from kakehashi.affiliations.linking.link import Linker
from kakehashi.affiliations.registered import RegistryResolver
from kakehashi.affiliations.resolve import Resolver

UNITS = [
    "University of Tokyo", "Kyoto University", "京都大学", "清华大学", "MIT", "Univ.", "University",
    "Institute of Physics", "Chinese Academy of Sciences", "Cambridge",
    "Department of Physics", "Hospital", "Max-Planck-Institut", "of",
    "California", "a.b@stanford.edu", "x@ieee.org", " with ", " and ", ", ", "; ", " / ", "/", " (", ")", "\n",
    "Japan", "USA", "UK", "Tokyo 113-8656", "&#x41;", "Ã©", "?", "\u202e", "\x00", "\ud800", "\u0301", "1", "@",
]  # fmt: skip
ANY = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=st.characters(categories=("Mn", "Cc", "Cf", "Cs", "Lo", "Nd")), max_size=100),
    st.lists(st.sampled_from(UNITS), max_size=40).map("".join),
    st.lists(st.sampled_from(UNITS), max_size=40).map(", ".join),
    st.builds(lambda unit, times: unit * times, st.sampled_from(UNITS), st.integers(1, 400)),
)


@given(text=ANY)
@example(text="Dept. of Physics, A.B@MATH.UZH.CH")
@example(text="https://www.Kyoto-U.ac.jp/en")
@settings(max_examples=300, deadline=None)
def test_an_answer_points_into_the_text_and_is_a_share(resolver: RegistryResolver, text: str) -> None:
    rows = resolver.resolve(text)
    hosts = resolver.read(text).clean.hosts
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        assert row.institution or row.reason or row.country_code
        assert 0 <= row.confidence <= 1
        assert row.span is None or row.span in text or row.span in hosts
        assert row.country_span is None or row.country_span in text or row.country_span in hosts
        assert row.country_code is None or (len(row.country_code) == 2 and row.country_code.isupper())


@given(text=ANY)
@settings(max_examples=200, deadline=None)
def test_no_organisation_is_given_twice_and_each_is_in_the_registry(
    resolver: RegistryResolver, index: Index, text: str
) -> None:
    given_ids = [row.ror_id for row in resolver.resolve(text) if row.ror_id]
    assert len(given_ids) == len(set(given_ids))
    assert set(given_ids) <= {one.ror_id for one in index.organisations}


@given(texts=st.lists(ANY, max_size=8))
@settings(max_examples=60, deadline=None)
def test_what_else_is_resolved_does_not_change_an_answer(
    resolver: RegistryResolver, index: Index, texts: list[str]
) -> None:
    together = list(resolver.resolve_many(texts))
    assert [resolver.resolve(text) for text in reversed(texts)] == together[::-1]


@given(text=ANY)
@settings(max_examples=40, deadline=None)
def test_a_linker_that_has_seen_nothing_answers_as_one_that_has(
    resolver: RegistryResolver, index: Index, text: str
) -> None:
    fresh = RegistryResolver(Resolver(), Linker(index), resolver.threshold)
    assert fresh.resolve(text) == resolver.resolve(text)


@given(text=ANY, threshold=st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_no_link_is_less_sure_than_the_threshold(resolver: RegistryResolver, text: str, threshold: float) -> None:
    rows = RegistryResolver(resolver.rules, resolver.linker, threshold).resolve(text)
    assert [row for row in rows if row.ror_id and row.confidence < threshold] == []


@pytest.mark.parametrize("unit", ["University of ", "MIT ", "京都", "Institute of Physics, ", "a@b.c ", "University/"])
def test_long_repetitions_have_a_bounded_number_of_answers(resolver: RegistryResolver, unit: str) -> None:
    assert len(resolver.resolve(unit * 3_000)) <= 200
