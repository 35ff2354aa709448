"""The normal form of keywords."""

import pyarrow as pa
import pytest

from kakehashi.fields.assignments import normaliser
from kakehashi.fields.keywords import normal, spelling

SAME = [
    ("Neural Networks", "neural-network"),
    ("Internet of Things (IoT)", "IoT"),
    ("Multi-agent systems", "multiagent system"),
    ("optimisation", "Optimization"),
    ("Optical fibre", "optical fiber"),
    ("Optimisations", "optimization"),
    ("recurrent neural nets", "Recurrent neural networks"),
    ("brain–computer interface (BCI)", "Brain-Computer Interfaces"),
    ("<italic>Q</italic>-learning", "Q-Learning"),
    ("Security &amp; privacy", "Security \\& Privacy"),
    ("$\\alpha$-stable", "-stable"),
    ("ontologies", "Ontology"),
    ("switches", "switch"),
    ("  Deep   learning. ", "deep learning"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_keyword_have_one_form(one, other):
    assert normal(one) == normal(other) != ""


@pytest.mark.parametrize(
    "word",
    ["wireless", "physics", "analysis", "bus", "gas", "chaos", "series", "lens", "internet of things", "kubernetes"],
)
def test_a_word_that_only_looks_plural_stays(word):
    assert normal(word) == word


def test_brackets_that_tell_two_things_apart_stay():
    assert normal("Learning (artificial intelligence)") == "learning (artificial intelligence)"
    assert normal("Social networking (online)") == "social networking (online)"


@pytest.mark.parametrize("keyword", [pair[0] for pair in SAME])
def test_the_form_of_a_form_is_itself(keyword):
    assert normal(normal(keyword)) == normal(keyword)


def test_every_phrase_of_the_spelling_table_leads_to_a_form_and_is_one():
    for phrase, standard in spelling().phrases.items():
        assert normal(standard) == standard, phrase
        assert normal(phrase) == standard, phrase


def test_every_word_of_the_spelling_table_leads_to_a_word_that_is_not_respelled():
    words = spelling().words
    for word, standard in words.items():
        assert not set(standard.split()) & words.keys(), word


def test_what_leaves_nothing_is_dropped_and_a_ccs_keyword_has_no_synonym():
    given = [("author", " . "), ("author", "Radar"), ("author", "Sonar"), ("ccs", "Sonar")]
    batch = pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*given, strict=True)], ["kind", "keyword"])
    [forms] = normaliser({"sonar": "echo", "": "nothing"})(iter([batch]))
    assert [tuple(row.values()) for row in forms.to_pylist()] == [
        ("author", "Radar", "radar"),
        ("author", "Sonar", "echo"),
        ("ccs", "Sonar", "sonar"),
    ]
