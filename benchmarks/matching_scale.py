"""How long the index of a large study takes to build, in which memory, and how fast needs are then answered from disk.

    python benchmarks/matching_scale.py FOLDER [--works 2000000]

FOLDER receives a study of invented works (kept for a second run): titles, abstracts for three in five, keywords, four
authors, institutions. Words follow Zipf's law over made-up words and the English technical terms of data/matching, so
that the needs of `matching_set` meet long and short lists. Prints seconds, CPU seconds, the highest resident memory and
the times of 120 needs, each asked once.
"""

import argparse
import csv
import json
import os
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kakehashi import tables
from kakehashi.engine import arrow
from kakehashi.matching.bridge import bridge
from kakehashi.study import Study

HERE = Path(__file__).parent / "matching_set"
BLOCK = 50_000
ABSTRACT, TITLE, KEYWORDS, AUTHORS = 150, 9, 6, 4
COUNTRIES = ("CN", "US", "JP", "DE", "GB", "KR", "IN", "FR", "AU", "SG", "TW", "CA", "IT", "ES", "BR", "NL")


def words_and_terms(generator: Any) -> Any:
    syllables = [a + b for a in "bdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "al", "en", "or", "is")]
    made = {"".join(generator.choice(syllables, 3 + number % 3)) for number in range(260_000)}
    terms = sorted({term for japanese in bridge().pairs for term in bridge().english(japanese)})
    generator.shuffle(terms)
    words = sorted(made)
    generator.shuffle(words)
    mixed = []
    for number, word in enumerate(words):
        if number < 3 * len(terms) and number % 3 == 0:
            mixed.append(terms[number // 3])
        mixed.append(word)
    return np.array(mixed, dtype=object), np.array(terms, dtype=object)


def zipf(generator: Any, size: Any, number: Any) -> Any:
    return np.minimum((size ** generator.random(number)).astype(np.int64), size - 1)


def write(folder: Any, name: Any, batches: Any) -> None:
    table = tables.BY_NAME[name]
    path = folder / "tables" / f"{name}.parquet"
    with pq.ParquetWriter(path, arrow.schema(table), compression="zstd") as writer:
        for columns in batches:
            arrays = [pa.array(values, field.type) for values, field in zip(columns, arrow.schema(table), strict=True)]
            writer.write_table(pa.table(arrays, schema=arrow.schema(table)))


def make(folder: Any, works: Any) -> None:
    generator = np.random.default_rng(20261128)
    (folder / "tables").mkdir(parents=True)
    (folder / "study.toml").write_text('[study]\nname = "scale"\nhome = "JP"\nsynthetic = true\n', encoding="utf-8")
    words, terms = words_and_terms(generator)
    institutions = max(works // 50, 100)
    ids = [f"inst-{number:06d}" for number in range(institutions)]
    countries = [COUNTRIES[number % len(COUNTRIES)] for number in range(institutions)]
    blocks = [(start, min(start + BLOCK, works)) for start in range(0, works, BLOCK)]

    def work_ids(start: Any, end: Any) -> Any:
        return [f"w{number:08d}" for number in range(start, end)]

    def the_works() -> Any:
        for start, end in blocks:
            count = end - start
            drawn = words[zipf(generator, len(words), count * (TITLE + ABSTRACT))]
            titles = [" ".join(drawn[at * TITLE : at * TITLE + TITLE]) for at in range(count)]
            rest = drawn[count * TITLE :]
            texts = [
                " ".join(rest[at * ABSTRACT : at * ABSTRACT + ABSTRACT]) if at % 5 < 3 else None for at in range(count)
            ]
            years = generator.integers(2005, 2026, count).tolist()
            none = [None] * count
            yield [work_ids(start, end), none, titles, years, none, none, none, texts, none, ["other"] * count]

    def the_keywords() -> Any:
        for start, end in blocks:
            drawn = terms[zipf(generator, len(terms), (end - start) * KEYWORDS)]
            rows = sorted(
                {
                    (work, drawn[at * KEYWORDS + k])
                    for at, work in enumerate(work_ids(start, end))
                    for k in range(KEYWORDS)
                }
            )
            yield [[r[0] for r in rows], ["author"] * len(rows), [r[1] for r in rows], [None] * len(rows)]

    picks = generator.integers(0, institutions, (works, 2))

    def people(kind: Any) -> Any:
        for start, end in blocks:
            rows = [(work, seq) for work in work_ids(start, end) for seq in range(1, AUTHORS + 1)]
            of = [int(picks[start + at // AUTHORS][at % 2]) for at in range(len(rows))]
            none = [None] * len(rows)
            first = [[r[0] for r in rows], [r[1] for r in rows]]
            if kind == "authorships":
                yield [*first, [f"Author {number % 90000}" for number in range(start * 4, start * 4 + len(rows))], none]
            else:
                yield [*first, first[1], [f"Dept., {ids[one]}" for one in of], none, none]

    def pairs(values: Any, share: Any) -> Any:
        for start, end in blocks:
            rows = sorted({(f"w{at:08d}", values[int(one)]) for at in range(start, end) for one in picks[at]})
            yield [[r[0] for r in rows], [r[1] for r in rows], [share] * len(rows)]

    write(folder, "works", the_works())
    write(folder, "keywords", the_keywords())
    write(folder, "authorships", people("authorships"))
    write(folder, "mentions", people("mentions"))
    none = [None] * institutions
    count = list(range(institutions))
    names = [f"{'Corporation' if number % 9 == 0 else 'University'} {number}" for number in count]
    write(
        folder,
        "resolutions",
        [[[f"Dept., {one}" for one in ids], [1] * institutions, ids, names, countries, *[none] * 9]],
    )
    write(folder, "institutions", [[ids, names, countries, none, [1] * institutions, [100] * institutions]])
    write(folder, "work_institutions", pairs(ids, 0.5))
    write(folder, "work_countries", pairs(countries, 0.5))
    write(folder, "work_fields", [[[], [], [], [], [], []]])
    stage = {"fingerprint": "scale", "tables": {name: {"sha256": f"{name}-{works}"} for name in tables.BY_NAME}}
    (folder / "manifest.json").write_text(json.dumps({"inputs": [], "stages": {"corpus": stage}}), encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--works", type=int, default=2_000_000)
    arguments.add_argument("--make-only", action="store_true")
    chosen = arguments.parse_args()
    if not (chosen.folder / "manifest.json").is_file():
        make(chosen.folder, chosen.works)
    if chosen.make_only:
        return
    from kakehashi.matching.opening import open_index

    start, cpu = time.perf_counter(), time.process_time()
    index = open_index(Study(chosen.folder))
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{index.works:,} works: built or opened in {seconds:.0f} s ({used:.0f} CPU s), at most {peak:.2f} GiB; "
          f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    size = sum(path.stat().st_size for path in index.folder.rglob("*") if path.is_file())
    print(f"on disk {size / 2**30:.2f} GiB", flush=True)
    from kakehashi.matching.answer import Question, match

    with (HERE / "needs.csv").open(encoding="utf-8") as file:
        needs = list(csv.DictReader(line for line in file if not line.startswith("#")))
    taken = []
    match(index, lambda _: [], Question("warm up the dictionaries センサ"), "ict8")
    for need in needs:
        for column in ("japanese", "english"):
            start = time.perf_counter()
            match(index, lambda _: [], Question(need[column]), "ict8")
            taken.append(time.perf_counter() - start)
    taken.sort()
    late = taken[int(len(taken) * 0.99)]
    print(f"{len(taken)} needs: median {taken[len(taken) // 2]:.3f} s, 99th percentile {late:.3f} s, "
          f"longest {taken[-1]:.3f} s; load {os.getloadavg()[0]:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
