"""Time and memory of the fields stage on invented works: tree, clusters, propagation, fields of works.

    python benchmarks/fields_scale.py --works 2000000 --keywords 10000

Each work draws five different keywords, four of one of 200 subjects and one of another, and three more that make its
title, all by Zipf's law.
"""

import argparse
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from kakehashi.engine.arrow import schema
from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import stage
from kakehashi.fields.taxonomy import load_taxonomy
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import KEYWORDS, WORKS

SUBJECTS, EACH, BATCH, SEED = 200, 5, 100_000, 20230331


class Clock:
    """Prints how long each step of the stage took."""

    def __init__(self) -> None:
        self.begin = self.last = time.monotonic()

    def step(self, name: str, total: int):  # noqa: ANN201, D102
        def advance(count: int = 1) -> None:
            now = time.monotonic()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"  {name} +{count}/{total}: {now - self.last:.1f} s, peak {peak:.2f} GiB", flush=True)
            self.last = now

        return advance


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--works", type=int, default=2_000_000)
    arguments.add_argument("--keywords", type=int, default=10_000)
    arguments.add_argument("--decide", default=FieldsSection().decide)
    given = arguments.parse_args()
    with TemporaryDirectory() as folder:
        engine = DuckDB(Path(folder))
        engine.load_batches(WORKS, works(given.works, given.keywords))
        engine.load_batches(KEYWORDS, keywords(given.works, given.keywords))
        print(f"{given.works:,} works, {engine.rows('select count(*) from keywords')[0][0]:,} assignments", flush=True)
        clock = Clock()
        measured = stage.run(engine, Settings(fields=FieldsSection(decide=given.decide)), clock)  # type: ignore[arg-type]
        assigned = engine.rows("select count(*) from fields_assignments")[0][0]
        print(f"{assigned:,} assignments after normalisation; {measured}")
        print(f"stage: {time.monotonic() - clock.begin:.1f} s")
        engine.close()


def names(vocabulary: int) -> np.ndarray:
    labelled = sorted(load_taxonomy("ict8").labels)
    return np.array([labelled[n % len(labelled)] if n % 5 == 0 else f"term {n:05} x" for n in range(vocabulary)])


def works(number: int, vocabulary: int):  # noqa: ANN201
    draw, word = np.random.default_rng(SEED + 1), names(vocabulary)
    for start in range(0, number, BATCH):
        ids = pa.array([f"w{n:08}" for n in range(start, min(start + BATCH, number))])
        chosen = word[np.minimum(draw.zipf(1.3, (len(ids), 3)) - 1, vocabulary - 1)]
        titles = pa.array([" ".join(row) for row in chosen.tolist()])
        empty = {name: pa.nulls(len(ids), kind.type) for name, kind in zip(WORKS.columns, schema(WORKS), strict=True)}
        yield pa.record_batch({**empty, "work_id": ids, "title": titles}, schema=schema(WORKS))


def keywords(number: int, vocabulary: int):  # noqa: ANN201
    draw, word = np.random.default_rng(SEED), names(vocabulary)
    for start in range(0, number, BATCH):
        size = min(BATCH, number - start)
        subject = draw.integers(0, SUBJECTS, size)
        # Sorted and pushed up by their place, the ranks of a work differ.
        rank = np.sort(np.minimum(draw.zipf(1.5, (size, EACH - 1)) - 1, vocabulary // SUBJECTS - EACH), axis=1)
        own = (rank + np.arange(EACH - 1)) * SUBJECTS + subject[:, None]
        other = np.minimum(draw.zipf(1.3, size) - 1, vocabulary - 1)
        other = np.where(other % SUBJECTS == subject, (other + 1) % vocabulary, other)
        ids = np.repeat([f"w{n:08}" for n in range(start, start + size)], EACH)
        carried = word[np.column_stack([own, other]).ravel()]
        columns = {"work_id": ids, "kind": ["author"] * len(ids), "keyword": carried, "record_id": ids}
        yield pa.record_batch({name: pa.array(values) for name, values in columns.items()}, schema=schema(KEYWORDS))


if __name__ == "__main__":
    main()
