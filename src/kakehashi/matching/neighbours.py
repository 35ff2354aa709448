"""Nearest works by their vectors, read from disk: all of them in a small study, the nearest clusters in a large one."""

import math
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kakehashi.matching.latent import Vectors, assign, centres
from kakehashi.matching.policy import policy

_SAMPLE = 60_000


class Neighbours:
    """Opens what `write` left in a folder."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "clusters.npz") as saved:
            self._middles: Vectors = saved["middles"]
            self._ends: NDArray[np.int64] = saved["ends"]
        self._rows = np.load(folder / "vector_rows.npy", mmap_mode="r")
        self._vectors = np.load(folder / "vectors.npy", mmap_mode="r")

    def nearest(self, vector: Vectors, number: int) -> list[tuple[int, float]]:
        """Return the rows of the nearest works with their cosine, the nearest first."""
        probes = policy()["dense"]["probes"]
        order = np.argsort(-(self._middles @ vector), kind="stable")[:probes] if len(self._middles) > 1 else [0]
        rows, scores = [], []
        for cluster in order:
            start, end = self._ends[cluster], self._ends[cluster + 1]
            rows.append(np.asarray(self._rows[start:end]))
            scores.append(np.asarray(self._vectors[start:end], dtype=np.float32) @ vector)
        all_rows, all_scores = np.concatenate(rows), np.concatenate(scores)
        if len(all_rows) > number:
            best = np.argpartition(-all_scores, number)[:number]
            all_rows, all_scores = all_rows[best], all_scores[best]
        best = np.lexsort((all_rows, -all_scores))
        return [(int(all_rows[one]), float(all_scores[one])) for one in best if all_scores[one] > 0]

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """Where the vector of each row stands."""
        found = np.empty(len(self._rows), dtype=np.int64)
        found[np.asarray(self._rows)] = np.arange(len(self._rows))
        return found

    def vectors(self, rows: Iterable[int]) -> dict[int, Vectors]:
        """Return the vectors of works."""
        return {row: np.asarray(self._vectors[self._places[row]], dtype=np.float32) for row in rows}


def write(folder: Path, works: int, dimensions: int, parts: Iterable[Vectors]) -> None:
    """Write the vectors of all works, given block by block in the order of their rows, cluster by cluster."""
    folder.mkdir(exist_ok=True)
    plain = np.lib.format.open_memmap(
        folder / "plain.npy", mode="w+", dtype=np.float16, shape=(works, dimensions)
    )  # fmt: skip
    at = 0
    for part in parts:
        plain[at : at + len(part)] = part
        at += len(part)
    if works <= policy()["dense"]["exhaustive"]:
        middles = np.zeros((1, dimensions), dtype=np.float32)
        nearest = np.zeros(works, dtype=np.int64)
    else:
        sample = np.asarray(plain[:: max(1, works // _SAMPLE)], dtype=np.float32)
        middles = centres(sample, int(math.sqrt(works)))
        step = 100_000
        nearest = np.concatenate(
            [
                assign(np.asarray(plain[start : start + step], dtype=np.float32), middles)
                for start in range(0, works, step)
            ]
        )
    order = np.argsort(nearest, kind="stable").astype(np.int32)
    ends = np.concatenate(([0], np.cumsum(np.bincount(nearest, minlength=len(middles)))))
    sorted_vectors = np.lib.format.open_memmap(
        folder / "vectors.npy", mode="w+", dtype=np.float16, shape=(works, dimensions)
    )  # fmt: skip
    for start in range(0, works, 100_000):
        sorted_vectors[start : start + 100_000] = plain[order[start : start + 100_000]]
    sorted_vectors.flush()
    np.save(folder / "vector_rows.npy", order)
    np.savez(folder / "clusters.npz", middles=middles, ends=ends)
    del plain, sorted_vectors
    (folder / "plain.npy").unlink()
