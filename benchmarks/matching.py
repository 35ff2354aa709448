"""How good the matching of needs is: nDCG@10 and recall@50 by method and language, and how far the languages agree.

    python benchmarks/matching.py STUDY [--needs fresh_needs.csv] [--by need] [--pool FILE]

Every mean has a 95% interval of a bootstrap over the needs. --pool writes the ten best works of every method in either
language that nobody has graded, need by need, in an order drawn by lot and without the method: to be read and graded.
STUDY is a run study over the corpora whose works `matching_set/judgements.csv` grades: export files of IEEE, ACM,
Scopus, Web of Science, Springer, Lens, OpenAlex, CNKI, MEDLINE and lists of conference papers. `matching_set/README.md`
says how the needs were written and the works graded. A work that was not graded counts as not relevant.
"""

import argparse
import csv
import hashlib
import math
import random
import statistics
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from kakehashi import Study
from kakehashi.matching.answer import Question, match
from kakehashi.matching.need import Reader
from kakehashi.matching.opening import open_index
from kakehashi.matching.retrieval import retrieve
from kakehashi.texts import Language

HERE = Path(__file__).parent / "matching_set"
METHODS: tuple[Any, ...] = (
    "words", "bm25", "terms", "expanded", "dense", "meaning", "fused", "fused+", "hybrid", "hybrid+",
)  # fmt: skip
"""words: BM25 without the bridge; fused, hybrid: without the extra `dense`, with + with it; others as in retrieval."""
LANGUAGES: tuple[Language, ...] = ("ja", "en")
WITH_ENCODER = ("meaning", "fused+", "hybrid+")
DRAWS = 10_000


def is_tuned(need: Any) -> bool:
    """Whether weights were chosen with this need in view: by a hash, 34 of the 60; the others were only reported."""
    return int(hashlib.sha256(f"kakehashi-{need}".encode()).hexdigest(), 16) % 2 == 0


def rows_of(name: Any) -> Any:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def by_own_words(need: Any) -> Any:
    """The need without the lists of terms: what is left is what its own words find, BM25 without a bridge."""
    concepts = [
        replace(
            concept, alternatives=tuple(one for one in concept.alternatives if one.origin in ("written", "morpheme"))
        )
        for concept in need.concepts
    ]
    return replace(need, concepts=tuple(concepts))


def ndcg(ranking: Any, grades: Any, depth: Any = 10) -> Any:
    gains = [2 ** grades.get(work, 0) - 1 for work in ranking[:depth]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:depth]
    ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains)) / ideal if ideal else 0.0


def recall(ranking: Any, grades: Any, depth: Any = 50) -> Any:
    relevant = {work for work, grade in grades.items() if grade}
    return len(relevant & set(ranking[:depth])) / len(relevant) if relevant else 0.0


def ranked(index: Any, read: Any, method: Any, limit: Any) -> Any:
    """Return the rows of a method's best works."""
    if method == "words":
        return [row for row, _ in retrieve(index, by_own_words(read), "bm25").works[:limit]]
    if method in ("fused", "hybrid"):
        with without_encoder(index):
            return [row for row, _ in retrieve(index, read, method).works[:limit]]
    return [row for row, _ in retrieve(index, read, method.rstrip("+")).works[:limit]]


@contextmanager
def without_encoder(index: Any) -> Any:
    """Search as where the extra `dense` is not installed."""
    known = index.meanings
    index.__dict__["meanings"] = None
    try:
        yield
    finally:
        index.__dict__["meanings"] = known


def methods(index: Any) -> Any:
    return METHODS if index.encoder else [one for one in METHODS if one not in WITH_ENCODER]


def interval(values: Any) -> Any:
    """Return the 2.5th and the 97.5th percentile of what means of as many values, drawn with replacement, come to."""
    draw = random.Random(1)
    means = sorted(statistics.fmean(draw.choices(values, k=len(values))) for _ in range(DRAWS))
    return means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS) - 1]


def gain(better: Any, other: Any) -> Any:
    """Return by how much a mean is above another, relatively, with its 95% interval over the same needs."""
    draw = random.Random(1)
    pairs = [(better[need][0], other[need][0]) for need in better]
    gains = []
    for _ in range(DRAWS):
        drawn = draw.choices(pairs, k=len(pairs))
        gains.append(sum(one for one, _ in drawn) / sum(two for _, two in drawn) - 1)
    gains.sort()
    whole = sum(one for one, _ in pairs) / sum(two for _, two in pairs) - 1
    return whole, gains[int(0.025 * DRAWS)], gains[int(0.975 * DRAWS) - 1]


def measure(index: Any, needs: Any, grades: Any) -> Any:
    reader = Reader(index)
    ids: dict[int, str] = {}
    found: Any = defaultdict(dict)
    for need in needs:
        for language, column in zip(LANGUAGES, ("japanese", "english"), strict=True):
            read = reader.read(need[column], language)
            for method in methods(index):
                works = ranked(index, read, method, 50)
                missing = [row for row in works if row not in ids]
                ids |= {row: record.work_id for row, record in index.records(missing).items()}
                ranking = [ids[row] for row in works]
                own = grades[need["need"]]
                judged = sum(work in own for work in ranking[:10]) / max(len(ranking[:10]), 1)
                found[method, language][need["need"]] = (ndcg(ranking, own), recall(ranking, own), judged)
    return found


def overlap(study: Any, index: Any, needs: Any) -> Any:
    shares, seconds = [], []
    with study.reading() as rows:
        for need in needs:
            tops = []
            for language, column in zip(LANGUAGES, ("japanese", "english"), strict=True):
                start = time.perf_counter()
                answer = match(index, rows, Question(need[column], language), "ict8")
                seconds.append(time.perf_counter() - start)
                tops.append({one.candidate.institution.institution_id for one in answer.institutions})
            shares.append(len(tops[0] & tops[1]) / max(min(len(tops[0]), len(tops[1])), 1))
    return shares, seconds


def report(found: Any) -> None:
    print(
        f"{'method':10}{'language':10}{'nDCG@10':>24}{'recall@50':>24}{'graded@10':>11}   tuned / other needs nDCG@10"
    )
    for (method, language), own in found.items():
        values = list(zip(*own.values(), strict=True))
        shown = [
            f"{statistics.fmean(one):.3f} ({low:.3f}-{high:.3f})" for one in values[:2] for low, high in [interval(one)]
        ]
        halves = [[v[0] for n, v in own.items() if is_tuned(n) is tuned] for tuned in (True, False)]
        print(
            f"{method:10}{language:10}{shown[0]:>24}{shown[1]:>24}{statistics.fmean(values[2]):11.2f}   "
            + " / ".join(f"{statistics.fmean(half):.3f}" for half in halves)
        )
    for method in ("hybrid", "hybrid+"):
        for language in LANGUAGES:
            if (method, language) in found:
                whole, low, high = gain(found[method, language], found["bm25", language])
                print(f"{method} above bm25, {language}: {whole:.1%} ({low:.1%} to {high:.1%})")


def pool(index: Any, needs: Any, grades: Any, path: Any) -> None:
    """Write what has to be read and graded: title and keywords; the abstract where there is little else."""
    reader = Reader(index)
    draw = random.Random(20261129)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("need", "work_id", "title", "keywords", "abstract"))
        for need in needs:
            rows: set[int] = set()
            for language, column in zip(LANGUAGES, ("japanese", "english"), strict=True):
                read = reader.read(need[column], language)
                rows.update(*(ranked(index, read, method, 10) for method in methods(index)))
            new = [one for one in index.records(sorted(rows)).values() if one.work_id not in grades[need["need"]]]
            draw.shuffle(new)
            for one in new:
                words = "; ".join(one.keywords[:7])
                abstract = (one.abstract or "")[:160] if len(one.title) <= 45 and not words else ""
                writer.writerow((need["need"], one.work_id, one.title, words, abstract))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("study")
    arguments.add_argument("--needs", default="needs.csv", help="a file of matching_set")
    arguments.add_argument("--pool", type=Path, help="write the works that have to be graded and stop")
    arguments.add_argument("--by", choices=["need"], help="also the figures of each need")
    chosen = arguments.parse_args()
    study = Study(chosen.study)
    index = open_index(study)
    needs = rows_of(chosen.needs)
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows_of("judgements.csv"):
        grades[row["need"]][row["work_id"]] = int(row["grade"])
    if chosen.pool:
        pool(index, needs, grades, chosen.pool)
        return
    known = index.rows_of(work for own in grades.values() for work in own)
    print(
        f"{index.works:,} works; {sum(map(len, grades.values())):,} grades, {len(known):,} works of them in the study"
    )
    print(f"encoder: {index.encoder or 'none'}")
    found = measure(index, needs, grades)
    report(found)
    shares, seconds = overlap(study, index, needs)
    print(
        f"shared of the top ten institutions: mean {statistics.mean(shares):.2f}, "
        f"median {statistics.median(shares):.2f}, "
        f"at least half: {sum(share >= 0.5 for share in shares)} of {len(shares)} needs"
    )
    ordered = sorted(seconds)
    late = ordered[int(0.99 * len(ordered))]
    print(f"seconds of an answer: median {statistics.median(ordered):.3f}, 99th percentile {late:.3f}")
    if chosen.by:
        for place, need in enumerate(needs):
            values = " ".join(f"{m}/{lang} {own[need['need']][0]:.2f}" for (m, lang), own in found.items())
            print(need["need"], f"{shares[place]:.1f}", values)


if __name__ == "__main__":
    main()
