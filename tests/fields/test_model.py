"""The model: words, terms met in text, the fit, the file; and the works it decides, end to end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.fields import linear
from kakehashi.fields.model import Model, dump_model, load_model, read, text_features
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.reading import Reader
from kakehashi.fields.taxonomy import Label, load_taxonomy
from kakehashi.fields.words import words

LABELS = {
    "fiber": Label("fiber", ("light",), "", ""),
    "fiber network": Label("fiber network", ("net", "light"), "", ""),
    "muscle fiber": Label("muscle fiber", (), "", ""),
}


def test_words_are_small_singular_and_without_small_words_and_markup():
    assert words("The <i>Networks</i> of $x^2$ Fibres &amp; a Bus") == ["network", "fibre", "bus"]
    assert words(None) == []


def test_chinese_and_japanese_runs_are_read_as_pairs_of_signs():
    assert words("光网络") == ["光网", "网络"]


def test_of_terms_in_a_text_the_longest_counts_and_one_outside_hides_those_inside_it():
    found = [label.keyword for label in Phrases(LABELS).find(words("Fibers, fiber networks and muscle fibers"))]
    assert found == ["fiber", "fiber network", "muscle fiber"]
    _, cues = text_features("Muscle fibers", None, Phrases(LABELS))
    assert cues == {"noabstract": ""}


def test_a_known_abbreviation_is_met_in_text():
    phrases = Phrases(load_taxonomy("ict8").labels)
    assert [label.fields for label in phrases.find(words("The IoT"))] == [("iot",)]


def test_the_fit_separates_what_can_be_separated_and_its_gradient_is_nothing_at_the_end():
    rows = linear.matrix([{0: 1.0}, {0: 1.0, 1: 0.5}, {1: 1.0}, {1: 2.0}], 2)
    truth = np.array([[1.0], [1.0], [0.0], [0.0]])
    weights, intercept = linear.fit(rows, truth, np.ones(4), 0.1)
    score = linear.sigmoid(rows @ weights + intercept)
    assert ((score > 0.5) == truth.astype(bool)).all()
    assert rows.T @ (score - truth) + 0.1 * weights == pytest.approx(0, abs=1e-3)


@given(st.floats(-700, 700))
def test_the_sigmoid_never_overflows_and_is_symmetric(value):
    low, high = linear.sigmoid(np.array([value, -value]))
    assert low + high == pytest.approx(1)


def small():
    known = {"t:fast": (0, 1.0), "a:fiber": (1, 2.0)}
    weights = np.array([[1.0, 0.0], [0.0, 1.5]])
    cues = {"t:light": np.array([0.0, 2.0])}
    return Model(
        ("net", "light"), known, weights, cues, {"none": np.array([-0.5, 0.5])}, np.array([-1.0, -2.0]), 0.4, 0.2
    )


def test_the_score_of_a_text_is_the_sum_of_its_weights_and_names_the_term_that_says_most():
    net, light = read(small(), Phrases(LABELS), "A fast fiber", None)
    assert (net.score, net.term, net.part) == (pytest.approx(-1.0 + 1.0), "fast", "title")
    assert (light.score, light.term, light.part) == (pytest.approx(-2.0 + 2.0), "fiber", "title")


def test_texts_read_together_say_what_each_says_alone():
    model, phrases = load_model(*shipped()), Phrases(load_taxonomy("ict8").labels)
    texts = [
        ("Deep learning for quantum key distribution", "Machine learning and machine learning, relevance feedback"),
        ("A Framework for Task Offloading", "edge computing " * 300),
        ("量子暗号の研究", "深層学習 of <b>wireless</b> networks &amp; 5G"),
        (None, None), ("", ""), ("the of and", None), ("Muscle fibers", "Support vector machine"),
        ("Data cleaning", "Data"),
    ]  # fmt: skip
    for at_once in (1, 3, len(texts)):
        reader = Reader(model, phrases)
        found = [one for at in range(0, len(texts), at_once) for one in reader.read(texts[at : at + at_once])]
        for (title, abstract), said in zip(texts, found, strict=True):
            alone = read(model, phrases, title, abstract)
            assert [(one.term, one.part) for one in said] == [(one.term, one.part) for one in alone]
            assert [one.score for one in said] == pytest.approx([one.score for one in alone], abs=1e-12)


def test_texts_are_read_with_a_model_that_knows_no_words_or_cues():
    bare = Model(("net",), {}, np.zeros((0, 1)), {}, {}, np.array([-1.0]), 0.4, 0.2)
    [[said]] = Reader(bare, Phrases({})).read([("A fast fiber", None)])
    assert (said.score, said.term, said.part) == (-1.0, None, None)


def shipped():
    taxonomy = load_taxonomy("ict8")
    return taxonomy.model, tuple(field.id for field in taxonomy.fields)


def test_a_model_that_was_written_is_read_back_and_written_the_same(tmp_path):
    path = tmp_path / "model.csv"
    path.write_text(dump_model(small(), "SOURCE: a test"), encoding="utf-8")
    again = load_model(path, ("net", "light"))
    assert dump_model(again, "SOURCE: a test") == path.read_text(encoding="utf-8")
    assert load_model(tmp_path / "none.csv", ("net",)) is None


@pytest.mark.parametrize("name", ["ict8", "ccs"])
def test_the_shipped_models_are_those_of_their_taxonomies(name):
    taxonomy = load_taxonomy(name)
    fields = tuple(field.id for field in taxonomy.fields)
    model = load_model(taxonomy.model, fields)
    assert model.weights.shape == (len(model.words), len(fields))
    assert 0 < model.least <= model.threshold < 1
