"""A linear model of many yes-or-no answers, fitted by regularised logistic regression."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]


def matrix(rows: Iterable[Mapping[int, float]], width: int) -> csr_array:
    """Return the sparse matrix of the rows, each a mapping of column to value."""
    starts, columns, entries = [0], [], []
    for row in rows:
        for column in sorted(row):
            columns.append(column)
            entries.append(row[column])
        starts.append(len(columns))
    return csr_array(
        (np.array(entries, dtype=np.float64), np.array(columns, dtype=np.int32), np.array(starts, dtype=np.int64)),
        shape=(len(starts) - 1, width),
    )


def tf_idf(terms: Sequence[str], idf: Mapping[str, tuple[int, float]]) -> dict[int, float]:
    """Return column and value of the known terms of a text: (1 + ln count) x idf, to length 1 (Salton & Buckley 1988).

    `idf` holds each term's column and inverse document frequency.
    """
    row = {idf[term][0]: (1.0 + np.log(count)) * idf[term][1] for term, count in Counter(terms).items() if term in idf}
    length = float(np.sqrt(sum(value * value for value in row.values())))
    return {column: value / length for column, value in row.items()} if length else {}


def fit(
    rows: csr_array, answers: Floats, sample_weight: Floats, penalty: float | Floats, iterations: int = 200
) -> tuple[Floats, Floats]:
    """Fit one logistic regression an answer, all at once, by L-BFGS (Byrd et al. 1995).

    Args:
        rows: works x features.
        answers: works x answers, between 0 and 1.
        sample_weight: how much each work counts.
        penalty: half of it, times the squared weights, is added to the loss; one number, or one a feature.
        iterations: at most so many.

    Returns:
        The weights (features x answers) and the intercepts (answers).
    """
    width, number = rows.shape[1], answers.shape[1]
    transposed = rows.T.tocsr()
    ridge = np.broadcast_to(np.asarray(penalty, dtype=np.float64).reshape(-1, 1), (width, 1))
    weight = sample_weight.reshape(-1, 1)

    def loss(flat: Floats) -> tuple[float, Floats]:
        table = flat.reshape(width + 1, number)
        score = rows @ table[:-1] + table[-1]
        missed = weight * (sigmoid(score) - answers)
        gradient = np.empty_like(table)
        gradient[:-1] = transposed @ missed + ridge * table[:-1]
        gradient[-1] = missed.sum(axis=0)
        value = (weight * (np.logaddexp(0.0, score) - answers * score)).sum()
        return float(value + 0.5 * (ridge * table[:-1] ** 2).sum()), gradient.ravel()

    start = np.zeros((width + 1) * number)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "maxcor": 20})
    table = found.x.reshape(width + 1, number)
    return table[:-1], table[-1]


def sigmoid(score: Floats) -> Floats:
    """Return 1 / (1 + exp(-score)) without overflow."""
    return np.exp(-np.logaddexp(0.0, -score))
