"""The trees: what they give is what a plain loop gives, for one row as for thousands; and the shipped model fits."""

import json
import math
from importlib.resources import files

import numpy as np
import pytest

from kakehashi.affiliations.linking import model as module
from kakehashi.affiliations.linking.evidence import FEATURES
from kakehashi.affiliations.linking.model import NEIGHBOURS, Floats, Model, Trees, load_model
from kakehashi.errors import DataError


def made(seed: int = 20260101) -> Trees:
    """Random trees of every depth up to six over five inputs."""
    random = np.random.default_rng(seed)
    questions = 40
    asked = tuple(random.integers(0, questions, size=depth) for depth in (1, 2, 3, 4, 5, 6, 6))
    return Trees(
        tuple("abcde"),
        random.integers(0, 5, size=questions),
        random.normal(size=questions).round(1),
        asked,
        tuple(random.normal(size=2 ** len(one)) for one in asked),
        0.25,
    )


def plain(trees: Trees, row: list[float]) -> float:
    total = trees.bias
    for asked, leaves in zip(trees.asked, trees.leaves, strict=True):
        leaf = 0
        for level, question in enumerate(asked):
            if row[trees.column[question]] > trees.border[question]:
                leaf += 2**level
        total += leaves[leaf]
    return 1 / (1 + math.exp(-total))


@pytest.fixture(scope="module")
def rows() -> Floats:
    return np.random.default_rng(1).normal(size=(1_000, 5)).round(1)  # rounded: some values are on a border


def test_the_probability_is_that_of_a_plain_loop(rows: Floats) -> None:
    trees = made()
    expected = [plain(trees, row) for row in rows.tolist()]
    assert trees.probability(rows).tolist() == pytest.approx(expected, rel=1e-12)
    assert len(set(expected)) > 100


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 999])
def test_the_size_of_a_batch_does_not_matter(rows: Floats, size: int) -> None:
    trees = made()
    parts = [trees.probability(rows[begin : begin + size]) for begin in range(0, len(rows), size)]
    assert np.concatenate(parts).tolist() == trees.probability(rows).tolist()


def test_no_rows_give_no_probabilities() -> None:
    assert made().probability(np.empty((0, 5))).tolist() == []


def test_a_value_on_the_border_answers_no() -> None:
    border = Trees(("a",), np.array([0]), np.array([2.0]), (np.array([0]),), (np.array([-1.0, 1.0]),), 0.0)
    low, high = border.probability(np.array([[2.0], [2.1]]))
    assert low < 1 / 2 < high


def test_trees_without_a_question_give_what_the_bias_says() -> None:
    none = Trees(("a",), np.array([], dtype=np.intp), np.array([]), (), (), math.log(3))
    assert none.probability(np.array([[0.0]])).tolist() == pytest.approx([3 / 4])


def test_the_shipped_model_is_trained_for_the_inputs_of_the_program() -> None:
    model = load_model()
    assert model.first.features == FEATURES
    assert model.second.features == FEATURES + NEIGHBOURS
    assert model.version
    for trees in (model.first, model.second):
        assert trees.column.max() < len(trees.features)
        assert len(trees.asked) == len(trees.leaves)
        assert all(len(leaves) == 2 ** len(asked) for asked, leaves in zip(trees.asked, trees.leaves, strict=True))
        assert all(len(asked) <= 8 for asked in trees.asked)  # a leaf's number is kept in a byte


def test_more_score_is_never_less_confidence() -> None:
    model = load_model()
    assert (np.diff(model.scores) > 0).all()
    assert (np.diff(model.shares) >= 0).all()
    shares = model.calibrated(np.linspace(0, 1, 1_001))
    assert shares.min() >= 0
    assert shares.max() <= 1
    assert (np.diff(shares) >= 0).all()


def test_confidence_is_read_off_between_the_measured_scores() -> None:
    nothing = made()
    model = Model(nothing, nothing, np.array([0.2, 0.6]), np.array([0.1, 0.9]), "made")
    assert model.calibrated(np.array([0.0, 0.2, 0.4, 0.6, 1.0])).tolist() == pytest.approx([0.1, 0.1, 0.5, 0.9, 0.9])


def test_a_model_for_other_inputs_is_refused_and_the_remedy_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEATURES", (*FEATURES, "colour"))
    with pytest.raises(DataError, match=r"trained for other inputs; run benchmarks/train_linker\.py"):
        load_model.__wrapped__()


def test_the_shipped_model_is_plain_data() -> None:
    raw = json.loads((files("kakehashi") / "data" / "affiliations" / "link_model.json").read_text(encoding="utf-8"))
    assert {"first", "second", "scores", "shares", "version"} <= set(raw)
