"""Texts read together: their words, and the labelled terms in them."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.fields.lookup import Lookup
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.taxonomy import Label
from kakehashi.fields.terms import Terms, ordered
from kakehashi.fields.tokens import Tokens
from kakehashi.fields.words import words

TEXTS = st.one_of(st.none(), st.text("abs3 Dé–²<i>&$量子暗ー\n", max_size=40), st.just("long text " * 300))


@given(st.lists(TEXTS, max_size=6), st.integers(0, 2))
def test_texts_read_together_have_the_words_that_each_has_alone(texts, skipped):
    known = {word: number for number, word in enumerate(sorted({word for text in texts for word in words(text)}), 1)}
    column = pa.array(texts, pa.string()).slice(skipped)
    flat, text = Tokens(known).flat(column)
    found = [flat[text == place].tolist() for place in range(len(column))]
    assert found == [[known[word] for word in words(one)] for one in texts[skipped:]]
    assert (np.diff(text) >= 0).all()


@given(
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=5), max_size=8),
    st.lists(st.text("abcx", max_size=30), max_size=4),
)
def test_terms_met_in_texts_together_are_those_met_in_each_alone(terms, texts):
    spelt = [" ".join(letter * 3 for letter in term) for term in terms]
    phrases = Phrases({term: Label(term, ("net",), "", "") for term in spelt})
    numbers = {"aaa": 1, "bbb": 2, "ccc": 3}
    together = Terms(phrases.terms, numbers, ("net",))
    flat = np.array([numbers.get(letter * 3, 0) for text in texts for letter in text], dtype=np.int64)
    cues = together.met(flat, np.repeat(np.arange(len(texts)), [len(text) for text in texts]), len(texts))
    alone = [[label.keyword for label in phrases.find([letter * 3 for letter in text])] for text in texts]
    assert [[together.names[term] for term in cues.terms[cues.texts == place]] for place in range(len(texts))] == alone


@given(st.lists(st.integers(0, 9), max_size=20), st.sampled_from([10, 1 << 61]))
def test_keys_are_ordered_as_numpy_does_it(keys, limit):
    given_keys = np.array(keys, dtype=np.int64)
    expected = np.unique(given_keys, return_index=True, return_counts=True)
    assert all(np.array_equal(one, other) for one, other in zip(ordered(given_keys, limit), expected, strict=True))


@given(st.dictionaries(st.integers(0, 7).map(lambda step: 5 + step * (1 << 37)), st.integers(0, 9)))
def test_numbers_that_share_a_slot_have_each_their_answer(answers):
    asked = np.array([5 + step * (1 << 37) for step in range(9)], dtype=np.int64)
    found = Lookup(answers).find(asked)
    assert found.tolist() == [answers.get(number, -1) for number in asked.tolist()]
