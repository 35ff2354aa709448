"""Whether a confidence means what it says: of the answers given 0.9, are nine in ten right?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gold_sets import Answer, Frame, Gold

EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies from `low` to below `high`; the last bin holds its upper edge too."""

    low: float
    high: float
    answers: int
    mean_confidence: float
    right: float


def bins(judged: Sequence[tuple[float, bool]], edges: Sequence[float] = EDGES) -> list[Bin]:
    """Sort answers, each a confidence and whether it is right, into bins. Empty bins are left out."""
    found = []
    for low, high in pairwise(edges):
        inside = [(c, right) for c, right in judged if low <= c < high or c == high == edges[-1]]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            found.append(Bin(low, high, len(inside), mean, sum(right for _, right in inside) / len(inside)))
    return found


def calibration_error(found: Sequence[Bin]) -> float:
    """Return the mean distance between confidence and share right, each bin weighed by its answers."""
    total = sum(one.answers for one in found)
    return sum(one.answers * abs(one.mean_confidence - one.right) for one in found) / total if total else 0.0


def judged_answers(gold: Sequence[Gold], answers: Mapping[str, Answer], by: Frame) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of every id given to the strings that take part, and whether it is in the gold set."""
    for one in gold:
        answer = answers.get(one.id, Answer())
        if by.scores(one):
            wanted = by.same(one.rors)
            for ror, confidence in zip(answer.rors, answer.confidences, strict=True):
                for counted in by.answered([ror]):
                    yield confidence, counted in wanted


def show_reliability(
    golds: Mapping[str, Sequence[Gold]], answers: Mapping[str, Mapping[str, Answer]], by: Frame
) -> None:
    """Print a reliability table over all sets with institutions, and the calibration error of each set."""
    by_set = {
        name: list(judged_answers(gold, answers[name], by))
        for name, gold in golds.items() if any(one.rors for one in gold)
    }  # fmt: skip
    together = bins([pair for judged in by_set.values() for pair in judged])
    show(together)
    each = ", ".join(f"{name} {calibration_error(bins(judged)):.3f}" for name, judged in by_set.items())
    print(f"\nExpected calibration error {calibration_error(together):.3f}; by set: {each}")


def show(found: Sequence[Bin]) -> None:
    """Print bins as a table."""
    print("\n| confidence | answers | mean confidence | share right |\n|---|---:|---:|---:|")
    for one in found:
        print(f"| {one.low:.2f} to {one.high:.2f} | {one.answers:,} | {one.mean_confidence:.3f} | {one.right:.3f} |")
