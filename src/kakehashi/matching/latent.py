"""Latent semantic analysis: works and needs as short dense vectors, learnt from the study's own texts.

TF-IDF with logarithmic counts, rows of length 1, reduced by a randomised singular value decomposition (Deerwester et
al. 1990; Halko, Martinsson and Tropp 2011). Nothing is downloaded and nothing but scipy is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kakehashi.matching.bags import Bag
from kakehashi.matching.policy import policy

Vectors = NDArray[np.float32]
_SEED = 20261128
_EXTRA = 16
_ROUNDS = 3
_CLUSTERS_ROUNDS = 6
_AT_ONCE = 4096


@dataclass(frozen=True)
class Latent:
    """The learnt space: `places` of the stems that take part, their `idf`, and `terms`, stems x dimensions."""

    places: Mapping[str, int]
    idf: NDArray[np.float32]
    terms: Vectors

    def vector(self, weights: Mapping[str, float]) -> Vectors | None:
        """Return the vector of weighted stems, of length 1; None where none of them is known."""
        known = [(self.places[stem], weight) for stem, weight in weights.items() if stem in self.places]
        if not known:
            return None
        rows = np.array([row for row, _ in known])
        values = np.array([weight for _, weight in known], dtype=np.float32) * self.idf[rows]
        found: Vectors = values @ self.terms[rows]
        size = float(np.linalg.norm(found))
        return found / size if size > 0 else None

    def save(self, folder: Path) -> None:
        """Write the space into a folder."""
        (folder / "latent.json").write_bytes(msgspec.json.encode(list(self.places)))
        np.savez(folder / "latent.npz", idf=self.idf, terms=self.terms)


def read_latent(folder: Path) -> Latent:
    """Read a saved space."""
    stems: list[str] = msgspec.json.decode((folder / "latent.json").read_bytes())
    with np.load(folder / "latent.npz") as saved:
        return Latent({stem: row for row, stem in enumerate(stems)}, saved["idf"], saved["terms"])


class Learner:
    """Learns the space from saved blocks, then turns each block's works into vectors."""

    def __init__(self, stems: Sequence[str], paths: Sequence[Path]) -> None:
        self._paths = paths
        limits = policy()["dense"]
        counts = np.zeros(len(stems), dtype=np.int64)
        works = 0
        for path in paths:
            bag = Bag(path)
            counts += np.bincount(bag.stems, minlength=len(stems))[: len(stems)]
            works += len(bag.sizes)
        self.works = works
        usable = (counts >= limits["least_works"]) & (
            counts <= max(limits["most_share"] * works, limits["least_works"])
        )
        chosen = np.flatnonzero(usable)
        order = np.lexsort((chosen, -counts[chosen]))[: limits["terms"]]
        self._chosen = np.sort(chosen[order])
        self._column = np.full(len(stems), -1, dtype=np.int64)
        self._column[self._chosen] = np.arange(len(self._chosen))
        self._idf = np.log(works / np.maximum(counts[self._chosen], 1)).astype(np.float32) + 1
        self._names = [stems[number] for number in self._chosen]

    def learn(self) -> Latent:
        """Learn the space from a sample of the works, spread evenly over the blocks."""
        limits = policy()["dense"]
        step = max(1, -(-self.works // limits["sample"]))
        parts = [self._matrix(Bag(path))[::step] for path in self._paths]
        matrix = sparse.vstack(parts, format="csr", dtype=np.float32) if parts else sparse.csr_matrix((0, 0))
        dimensions = min(limits["dimensions"], max(min(matrix.shape) - 1, 1))
        terms = _right_vectors(matrix, dimensions)
        return Latent({stem: row for row, stem in enumerate(self._names)}, self._idf, terms)

    def vectors(self, path: Path, latent: Latent) -> Vectors:
        """Return the vectors of a block's works, of length 1, or 0 where no stem is known."""
        found = np.asarray(self._matrix(Bag(path)) @ latent.terms, dtype=np.float32)
        sizes = np.linalg.norm(found, axis=1, keepdims=True)
        scaled: Vectors = np.divide(found, sizes, out=np.zeros_like(found), where=sizes > 0)
        return scaled

    def _matrix(self, bag: Bag) -> sparse.csr_matrix:
        columns = self._column[bag.stems]
        rows = np.repeat(np.arange(len(bag.sizes)), bag.sizes)
        kept = columns >= 0
        rows, columns = rows[kept], columns[kept]
        values = (1 + np.log(bag.times[kept].astype(np.float32))) * self._idf[columns]
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(bag.sizes), len(self._chosen)))
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return sparse.csr_matrix(sparse.diags(scale) @ matrix, dtype=np.float32)


def _right_vectors(matrix: sparse.csr_matrix, dimensions: int) -> Vectors:
    """Return the right singular vectors, columns x dimensions; the largest entry of each is positive."""
    if not matrix.shape[1]:
        return np.zeros((0, dimensions), dtype=np.float32)
    generator = np.random.default_rng(_SEED)
    width = min(dimensions + _EXTRA, *matrix.shape)
    basis = matrix.T @ (matrix @ generator.standard_normal((matrix.shape[1], width)).astype(np.float32))
    for _ in range(_ROUNDS):
        basis = matrix.T @ (matrix @ _orthonormal(basis))
    basis = _orthonormal(_orthonormal(basis))
    small = np.asarray(matrix @ basis)
    values, rotation = np.linalg.eigh(small.T @ small)
    order = np.argsort(values)[::-1][:dimensions]
    found = basis @ rotation[:, order]
    signs = np.sign(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])])
    return np.asarray(found * np.where(signs == 0, 1, signs), dtype=np.float32)


def _orthonormal(columns: Vectors) -> Vectors:
    """Return columns that span the same space and are orthonormal, by the Cholesky factor of their products.

    For tall matrices this takes a fraction of the time of a QR decomposition; done twice it is as exact.
    """
    wide = columns.astype(np.float64)
    products = wide.T @ wide
    products[np.diag_indices_from(products)] += 1e-10 * np.trace(products)
    factor = np.linalg.cholesky(products)
    return np.asarray(np.linalg.solve(factor, wide.T).T, dtype=np.float32)


def centres(sample: Vectors, number: int) -> Vectors:
    """Return the centres of `number` clusters of unit vectors (spherical k-means)."""
    generator = np.random.default_rng(_SEED)
    found = sample[generator.choice(len(sample), number, replace=False)].copy()
    for _ in range(_CLUSTERS_ROUNDS):
        nearest = assign(sample, found)
        sums = np.zeros_like(found)
        np.add.at(sums, nearest, sample)
        sizes = np.linalg.norm(sums, axis=1, keepdims=True)
        found = np.where(sizes > 0, sums / np.maximum(sizes, 1e-12), found).astype(np.float32)
    return found


def assign(vectors: Vectors, middles: Vectors) -> NDArray[np.int64]:
    """Return the nearest centre of each vector."""
    parts = [
        np.argmax(vectors[start : start + _AT_ONCE] @ middles.T, axis=1) for start in range(0, len(vectors), _AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
