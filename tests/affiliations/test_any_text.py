"""Whatever the text, its answer is bounded, points into the text, and is the same again."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kakehashi.affiliations import text as text_module
from kakehashi.affiliations.decoding import MAX_CHARACTERS
from kakehashi.affiliations.reader import PartReader
from kakehashi.affiliations.resolve import Resolver
from kakehashi.affiliations.text import MAX_PARTS, MAX_WORDS, REMEMBERED, clean, forms

UNITS = [
    ",", ";", "UK,", "UK;", "Tokyo; ", "New York and ", "University,", "大学,", "大", "San ", "a ", "A.", "A .",
    "&#x41;",
    "&", "a1,", "abc1,", " ", "\n", " /", " - ", "\u0301", "a\u0301\u0323", "\u202e", "\u0645", "\ufdfa", "\x00",
    "\ud800",
    "<b>", "x@y.z ", "email  ", "(", "Paris1, ", "` ", " ´e", "12345 ", "University of X, Y, Japan; ",
]  # fmt: skip
ANY = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=st.characters(categories=("Mn", "Mc", "Cc", "Cf", "Cs", "Lo")), max_size=300),
    st.lists(st.sampled_from(UNITS), max_size=60).map("".join),
    st.builds(lambda unit, times: unit * times, st.sampled_from(UNITS), st.integers(1, 3_000)),
)


@pytest.fixture(scope="module")
def resolver():
    return Resolver()


@given(text=ANY)
@example("SAN<A>A")
@settings(max_examples=300, deadline=None)
def test_any_text_has_bounded_answers_that_point_into_it(resolver, text):
    reading, rows = resolver.read(text), resolver.resolve(text)
    assert 1 <= len(rows) <= 2 * max(len(reading.clean.parts), 1) + len(reading.addresses)
    for row in rows:
        assert row.institution or row.reason
        assert row.span is None or row.span in text
        assert row.country_span is None or row.country_span in text or row.country_span in reading.clean.hosts


@given(text=ANY)
@settings(max_examples=150, deadline=None)
def test_what_was_read_before_does_not_change_an_answer(resolver, text):
    assert resolver.resolve(text) == resolver.resolve(text) == FRESH.resolve(text)


FRESH = Resolver()


@given(text=ANY)
@settings(max_examples=200, deadline=None)
def test_parts_words_and_text_are_bounded_and_in_order(text):
    cleaned = clean(text)
    assert len(cleaned.text) <= 2 * MAX_CHARACTERS
    assert len(cleaned.parts) <= MAX_PARTS
    ends = [0]
    for part in cleaned.parts:
        assert 0 < len(part.forms) <= MAX_WORDS
        assert cleaned.text[part.origin : part.end] == part.text
        for token in part.tokens:
            assert ends[-1] <= token.start < token.end
            ends.append(token.end)


@given(text=ANY)
@settings(max_examples=200, deadline=None)
def test_an_address_has_each_part_once(resolver, text):
    reading = resolver.read(text)
    numbers = [number for address in reading.addresses for number in address]
    assert numbers == list(range(len(reading.facts)))
    assert len(reading.addresses) == len(reading.located) == len(reading.found)


@pytest.mark.parametrize("unit", UNITS)
def test_each_distinct_part_of_a_string_is_read_once(unit, monkeypatch):
    read = []
    make = PartReader._read
    monkeypatch.setattr(PartReader, "_read", lambda reader, text: read.append(text) or make(reader, text))
    Resolver().resolve(unit * 2_000)
    brief = [text for text in read if len(text) <= REMEMBERED]
    assert len(brief) == len(set(brief))
    assert len(read) <= 3 * MAX_PARTS


def test_accents_are_put_in_order_a_few_at_a_time(monkeypatch):
    seen = []
    normalize = unicodedata.normalize
    monkeypatch.setattr(
        text_module.unicodedata, "normalize", lambda form, text: seen.append(len(text)) or normalize(form, text)
    )
    clean("a" + "\u0301\u0323" * 2_400)
    assert max(seen) <= 32


def test_long_parts_are_not_remembered():
    reader = Resolver()._parts
    brief, long = "University of Zzyzx", "University of Zzyzx " * 20
    assert reader.read(brief) is reader.read(brief)
    assert reader.read(long) is not reader.read(long)


def test_a_word_has_the_same_form_alone_and_in_a_text():
    assert forms("L'Aquila Dept. U.S.A. St`x") == ("laquila", "dept", "usa", "stx")


def test_of_a_place_named_by_a_blanked_mark_only_the_place_is_the_evidence():
    [row] = Resolver().resolve("University of Southampton, Highfield, U.K.#TAB#")
    assert row.country_span == "U.K."


@given(head=st.one_of(ANY, st.sampled_from(("Dept1", "a) Dept.", "Dept. ", "1", "(", "is with", "Dept, "))), tail=ANY)
@example(head="Université ´", tail="e de Lyon")
@example(head="Dept.", tail=" Tokyo1; Optics2, Inc.")
@example(head="mail", tail="a is with the B")
def test_the_halves_of_a_string_are_cleaned_as_the_whole(head: str, tail: str) -> None:
    by_halves = clean(f"{head},{tail}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "LONGEST_HALF", -1)
        whole = clean(f"{head},{tail}")
    assert by_halves[:4] == whole[:4]
    if by_halves.offsets is None and whole.offsets is not None:
        assert list(whole.offsets) == list(range(len(head) + 1 + len(tail) + 1))
