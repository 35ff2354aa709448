"""Learn the weights of the second look at works (matching/second_look.py), and how good they are on unseen needs.

    python benchmarks/train_matching.py STUDY [--write]

STUDY as for matching.py. All 80 needs of matching_set take part, each in both languages. The loss is the cross entropy
between the softmax of the works' scores and their gains 2^grade - 1 (ListNet, Cao et al. 2007), with a small penalty on
the squares of the weights, of which none is negative. A work that nobody graded counts as not relevant. The figures are
of needs that the weights were not learnt from: ten folds of needs, drawn three times; then the 20 fresh needs by the
weights of the 60, and the other way round. A need and its translation are always on the same side. --write learns from
all of them and writes second_look.toml.
"""

import argparse
import math
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from kakehashi import Study
from kakehashi.matching.need import Reader
from kakehashi.matching.opening import open_index
from kakehashi.matching.retrieval import retrieve
from kakehashi.matching.second_look import FEATURES
from matching import LANGUAGES, gain, ndcg, ranked, rows_of, without_encoder

OUT = Path(__file__).parents[1] / "src" / "kakehashi" / "data" / "matching" / "second_look.toml"
FOLDS, DRAWS, PENALTY = 10, 3, 1e-3
HEADER = """# What the second look at works weighs (matching/second_look.py): learnt, not chosen. Proportions count.
source = "Kakehashi, benchmarks/train_matching.py on the 80 needs of benchmarks/matching_set in both languages"
date = "{date}"
"""


def asked(index: Any, meaning: bool) -> Any:
    """Return each need in each language: its works, what is weighed of them, their gains, and BM25's figures."""
    reader = Reader(index)
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows_of("judgements.csv"):
        grades[row["need"]][row["work_id"]] = int(row["grade"])
    found = []
    for need in [*rows_of("needs.csv"), *rows_of("fresh_needs.csv")]:
        own = grades[need["need"]]
        for language, column in zip(LANGUAGES, ("japanese", "english"), strict=True):
            read = reader.read(need[column], language)
            looked: Any = retrieve(index, read).looked
            works = [looked.records[row].work_id for row in looked.rows]
            first = {
                method: ndcg([one.work_id for one in in_order(index, ranked(index, read, method, 10))], own)
                for method in ("bm25", "fused+" if meaning else "fused")
            }
            gains = np.array([2.0 ** own.get(work, 0) - 1 for work in works])
            found.append((need["need"], language, works, looked.features, gains, own, first))
    return found


def in_order(index: Any, rows: Any) -> Any:
    records = index.records(rows)
    return [records[row] for row in rows]


def learnt(examples: Any, used: Any) -> Any:
    """Return the weights of FEATURES; those not used are 0."""
    sets = [(x[:, used], gains / gains.sum()) for _, _, _, x, gains, _, _ in examples if gains.sum() > 0]

    def loss(weights: Any) -> Any:
        value, slope = 0.0, np.zeros(len(weights))
        for x, share in sets:
            scores = x @ weights
            scores = scores - scores.max()
            chances = np.exp(scores)
            value -= float(share @ (scores - math.log(chances.sum())))
            slope += x.T @ (chances / chances.sum() - share)
        return value / len(sets) + PENALTY * weights @ weights, slope / len(sets) + 2 * PENALTY * weights

    start = np.ones(len(used))
    bounds = [(0, None)] * len(used)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    whole = np.zeros(len(FEATURES))
    whole[used] = best
    return whole


def quality(example: Any, weights: Any) -> Any:
    _, _, works, x, _, own, _ = example
    scores = x @ weights
    return ndcg([works[at] for at in sorted(range(len(works)), key=lambda at: -scores[at])], own)


def crossed(examples: Any, used: Any) -> Any:
    """Return nDCG@10 of each need and language by weights learnt from the other folds, the mean of several draws."""
    needs = sorted({one[0] for one in examples})
    found = defaultdict(list)
    for seed in range(DRAWS):
        order = np.random.default_rng(seed).permutation(needs)
        fold = {need: at % FOLDS for at, need in enumerate(order)}
        for left_out in range(FOLDS):
            weights = learnt([one for one in examples if fold[one[0]] != left_out], used)
            for one in examples:
                if fold[one[0]] == left_out:
                    found[one[0], one[1]].append(quality(one, weights))
    return {key: statistics.fmean(values) for key, values in found.items()}


def transferred(examples: Any, used: Any) -> Any:
    """Return nDCG@10 of the fresh needs by weights learnt from the 60, and of the 60 by those of the fresh ones."""
    found: dict[Any, Any] = {}
    for fresh in (True, False):
        weights = learnt([one for one in examples if is_fresh(one[0]) is not fresh], used)
        found |= {(one[0], one[1]): quality(one, weights) for one in examples if is_fresh(one[0]) is fresh}
    return found


def is_fresh(need: Any) -> bool:
    return bool(need.startswith("F"))


def show(title: Any, found: Any, other: Any) -> None:
    for name, chosen in (("60", lambda n: not is_fresh(n)), ("20", is_fresh), ("80", bool)):
        for language in LANGUAGES:
            own = {n: (value,) for (n, lang), value in found.items() if lang == language and chosen(n)}
            base = {n: (value,) for (n, lang), value in other.items() if lang == language and chosen(n)}
            whole, low, high = gain(own, base)
            mean = statistics.fmean(value for (value,) in own.values())
            print(f"{title:30}{name} {language} {mean:.3f}  above bm25 {whole:+.1%} ({low:+.1%} to {high:+.1%})")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("study")
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--date", default="2026-11-29")
    chosen = arguments.parse_args()
    index = open_index(Study(chosen.study))
    text = HEADER.format(date=chosen.date)
    for section in ("weights", "with_meaning") if index.encoder else ("weights",):
        meaning = section == "with_meaning"
        if meaning:
            examples = asked(index, meaning)
        else:
            with without_encoder(index):
                examples = asked(index, meaning)
        used = [at for at, name in enumerate(FEATURES) if meaning or name != "meaning"]
        bm25 = {(one[0], one[1]): one[6]["bm25"] for one in examples}
        print(f"[{section}]")
        show("bm25", bm25, bm25)
        show("fused", {(one[0], one[1]): one[6]["fused+" if meaning else "fused"] for one in examples}, bm25)
        show("by other folds", crossed(examples, used), bm25)
        show("by the other set of needs", transferred(examples, used), bm25)
        weights = learnt(examples, used)
        show("by all needs themselves", {(one[0], one[1]): quality(one, weights) for one in examples}, bm25)
        text += f"\n[{section}]\n" + "".join(f"{FEATURES[at]} = {weights[at]:.2f}\n" for at in used)
    print(text)
    if chosen.write:
        OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
