"""The model that weighs the evidence: oblivious trees, trained by benchmarks/train_linker.py, shipped as numbers.

An oblivious tree asks the same question at each level, so a batch of candidates is scored by a few array operations
per tree. Trees, questions and leaves are data (data/affiliations/link_model.json): no learning library is needed.
"""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.evidence import FEATURES
from kakehashi.errors import DataError

Floats = NDArray[np.float64]

ROWS = 16_384
"""Rows that are scored at once: with fewer, more time goes to calls than to work; with more, memory grows."""


FEW = 96
"""Up to so many rows, those of one string, all trees are looked up at once."""


@dataclass(frozen=True)
class Trees:
    """Trees over `features`. Question i asks whether input `column[i]` is above `border[i]`.

    `asked` holds the questions of each tree, `leaves` its values by the answers (first question: lowest bit).
    """

    features: tuple[str, ...]
    column: NDArray[np.intp]
    border: Floats
    asked: tuple[NDArray[np.intp], ...]
    leaves: tuple[Floats, ...]
    bias: float

    def probability(self, inputs: Floats) -> Floats:
        """Return the probability for each row of `inputs` (rows x features)."""
        total = [self._sum(inputs[begin : begin + ROWS]) for begin in range(0, max(len(inputs), 1), ROWS)]
        out: Floats = 1.0 / (1.0 + np.exp(-np.concatenate(total)))
        return out

    @cached_property
    def _tables(self) -> tuple[NDArray[np.intp], Floats]:
        """The questions and leaves of all trees as two tables; where a tree has fewer, a question that none answers."""
        depth = max(map(len, self.asked), default=0)
        asked = np.full((len(self.asked), depth), len(self.column), dtype=np.intp)
        leaves = np.zeros((len(self.asked), 2**depth))
        for tree, (questions, values) in enumerate(zip(self.asked, self.leaves, strict=True)):
            asked[tree, : len(questions)] = questions
            leaves[tree, : len(values)] = values
        return asked, leaves

    def _sum_of_few(self, inputs: Floats) -> Floats:
        """Sum all trees at once, in their order: for a string by itself the calls would take longer than the work."""
        asked, leaves = self._tables
        answers = np.zeros((len(inputs), len(self.column) + 1), dtype=np.intp)
        answers[:, :-1] = inputs[:, self.column] > self.border
        leaf = np.zeros((len(inputs), len(asked)), dtype=np.intp)
        for level in range(asked.shape[1]):
            leaf += answers[:, asked[:, level]] << level
        found = np.full((len(inputs), len(asked) + 1), self.bias)
        found[:, 1:] = leaves[np.arange(len(asked)), leaf]
        total: Floats = np.cumsum(found, axis=1)[:, -1]
        return total

    def _sum(self, inputs: Floats) -> Floats:
        if len(inputs) <= FEW:
            return self._sum_of_few(inputs)
        rows = np.ascontiguousarray(inputs.T)
        answers = np.empty((len(self.column), len(inputs)), dtype=np.bool_)
        for question, column in enumerate(self.column.tolist()):
            np.greater(rows[column], self.border[question], out=answers[question])
        told = list(answers.view(np.uint8))
        small, leaf = np.empty(len(inputs), dtype=np.uint8), np.empty(len(inputs), dtype=np.intp)
        found = np.empty(len(inputs), dtype=np.float64)
        total = np.full(len(inputs), self.bias)
        for asked, leaves in zip(self.asked, self.leaves, strict=True):
            np.copyto(small, told[asked[-1]])
            for question in asked[-2::-1].tolist():  # the first question is the lowest bit
                np.add(small, small, out=small)
                np.bitwise_or(small, told[question], out=small)
            leaf[:] = small
            leaves.take(leaf, out=found, mode="clip")  # no leaf is beyond the last; only so it is written to `out`
            total += found
        return total


@dataclass(frozen=True)
class Model:
    """Two sets of trees: the first sees a candidate alone, the second also what the first said of its neighbours.

    `confidence` maps the second's scores to the share of such answers that are right (score, share; between: linear).
    """

    first: Trees
    second: Trees
    scores: Floats
    shares: Floats
    version: str

    def calibrated(self, score: Floats) -> Floats:
        """Return how many of a hundred answers of such a score are right, as a share."""
        out: Floats = np.interp(score, self.scores, self.shares)
        return out

    def confidence(self, score: float) -> float:
        """Return the share for one score, to three digits."""
        return round(float(self.calibrated(np.array([score]))[0]), 3)

    def score(self, confidence: float) -> float:
        """Return a score of which so many of a hundred answers are right, as a share."""
        return float(np.interp(confidence, self.shares, self.scores))


NEIGHBOURS = ("score", "overlapping", "apart", "around_it", "same", "better")
"""The second trees' further inputs: the candidate's own first score; the best first score among candidates that overlap
it, stand apart from it, or hold it; that of the same organisation elsewhere; how many of its stretch are better."""


@cache
def load_model() -> Model:
    """Load the shipped model. Raises DataError where it does not fit the program's inputs."""
    raw = json.loads((files("kakehashi") / "data" / "affiliations" / "link_model.json").read_text(encoding="utf-8"))
    first, second = _trees(raw["first"]), _trees(raw["second"])
    if first.features != FEATURES or second.features != FEATURES + NEIGHBOURS:
        raise DataError("link_model.json: trained for other inputs; run benchmarks/train_linker.py")
    return Model(first, second, np.array(raw["scores"]), np.array(raw["shares"]), raw["version"])


def _trees(raw: dict[str, list[object]]) -> Trees:
    questions: list[list[float]] = raw["questions"]  # type: ignore[assignment]
    trees: list[dict[str, list[float]]] = raw["trees"]  # type: ignore[assignment]
    return Trees(
        tuple(str(name) for name in raw["features"]),
        np.array([int(column) for column, _ in questions], dtype=np.intp),
        np.array([border for _, border in questions], dtype=np.float64),
        tuple(np.array(tree["asked"], dtype=np.intp) for tree in trees),
        tuple(np.array(tree["leaves"], dtype=np.float64) for tree in trees),
        float(raw["bias"]),  # type: ignore[arg-type]
    )
