"""Train the linker's model on public train sets and write src/kakehashi/data/affiliations/link_model.json.

    python benchmarks/train_linker.py FOLDER --registry DUMP --equiv CSV [--known FILE]

FOLDER holds train_*.csv[.gz] with the columns id, affiliation, ror_ids, source. Nothing of dev_*.csv is read. Needs
catboost and scikit-learn (dependency group `bench`); kakehashi itself needs neither. Fixed seeds and one order make it
reproducible.

Label noise is met with weights. Some sets give one id for strings that name several institutions: there a candidate
apart from the labelled one proves little. The model must learn to abstain: a quarter of the strings is shown once more
with its labelled organisations taken out of the registry, and a third without its address, as bare names occur. What
the sets lack (several institutions, acronyms with a town, native script) is made from the registry (made_strings.py).
"""

import argparse
import csv
import gzip
import io
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np
from catboost import CatBoostClassifier
from sklearn.isotonic import IsotonicRegression

from kakehashi.affiliations.linking.choosing import Scored, chosen
from kakehashi.affiliations.linking.evidence import FEATURES, Candidate, Weigher
from kakehashi.affiliations.linking.index import Index, build
from kakehashi.affiliations.linking.model import NEIGHBOURS
from kakehashi.affiliations.linking.neighbours import neighbours
from kakehashi.affiliations.linking.organisations import read_organisations
from kakehashi.affiliations.linking.weighing import Gatherer
from kakehashi.affiliations.resolve import Reading, Resolver
from made_strings import Maker

OUT = Path(__file__).parents[1] / "src" / "kakehashi" / "data" / "affiliations" / "link_model.json"
COUNTS = OUT.with_name("word_counts.json")
ONE_LABEL = frozenset(("crossref_assert", "springer", "aps"))
"""Sets that give one id a string, whatever else the string names."""
UNJUDGED = frozenset(("aps", "crossref_assert"))
"""Sets whose labels are too often wrong to calibrate on."""
MASKED, BARE = 25, 60
"""Strings (of 100, by checksum) shown again without their organisations, and up to which without their addresses."""
MADE = 0.4
"""Weight of a made string beside a real one."""
LISTED = 10
"""Words of fewer names are not listed: they all count as seldom."""
FOLDS = 3
TREES = {"depth": 7, "random_seed": 1, "verbose": 0, "thread_count": 2, "allow_writing_files": False}


@dataclass
class Example:
    """A string with its labels, its candidates, and how much each candidate teaches."""

    fold: int
    gold: frozenset[int]
    candidates: list[Candidate]
    weights: list[float]
    judged: bool
    right: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.right = [one.organisation in self.gold for one in self.candidates]


class Labels:
    """Organisation numbers behind ROR ids; merged and succeeded records count as one."""

    def __init__(self, index_ids: list[str], equivalents: dict[str, str]) -> None:
        self._same: dict[str, set[int]] = defaultdict(set)
        self._equivalents = equivalents
        for number, ror in enumerate(index_ids):
            self._same[equivalents.get(ror, ror)].add(number)

    def numbers(self, ids: list[str]) -> frozenset[int]:
        """All records that stand for the given ids."""
        return frozenset(number for ror in ids for number in self._same[self._equivalents.get(ror, ror)])


def read(path: Path) -> Iterator[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text, newline=""))


def weights(name: str, candidates: list[Candidate], gold: frozenset[int], masked: bool, bare: bool) -> list[float]:
    one_label = name in ONE_LABEL
    base = (0.5 if one_label else 1.0) if masked else (0.5 if bare else 1.0)
    if name == "aps":
        base *= 0.5
    spans = [((c.part, c.first), (c.until, c.last)) for c in candidates]
    labelled = [span for span, c in zip(spans, candidates, strict=True) if c.organisation in gold]
    out = []
    for (begin, end), candidate in zip(spans, candidates, strict=True):
        unsure = 1.0
        if one_label and not masked and candidate.organisation not in gold:
            touching = any(start < end and begin < stop for start, stop in labelled)
            unsure = 0.15 if not labelled else (1.0 if touching else 0.1)
        out.append(base * unsure)
    return out


def examples(
    path: Path, weigher: Weigher, gatherer: Gatherer, labels: Labels, known: set[str], limit: int
) -> Iterator[Example]:
    name = path.name.removeprefix("train_").split(".")[0]
    resolver = Resolver()
    rows = sorted(read(path), key=lambda row: zlib.crc32(row["id"].encode()))[:limit]
    for row in rows:
        ids = row["ror_ids"].split()
        if any(ror not in known for ror in ids):
            continue
        text = row["affiliation"]
        lot = zlib.crc32(text.encode())
        gold, reading = labels.numbers(ids), resolver.read(text)

        def one(
            shown: Reading,
            answer: frozenset[int],
            *,
            masked: bool,
            bare: bool,
            lot: int = lot,
            labelled: frozenset[int] = gold,
        ) -> Example:
            found = gatherer.candidates(weigher.look(shown), labelled if masked else frozenset())
            judged = not masked and not bare and name not in UNJUDGED
            return Example(lot % FOLDS, answer, found, weights(name, found, answer, masked, bare), judged)

        plain = one(reading, gold, masked=False, bare=False)
        yield plain
        if not gold:
            continue
        if lot % 100 < MASKED:
            yield one(reading, frozenset(), masked=True, bare=False)
        named = [c for c, right in zip(plain.candidates, plain.right, strict=True) if right]
        if named and MASKED <= lot % 100 < BARE and len(reading.clean.parts) > 1:
            parts = reading.clean.parts
            first = 0 if lot % 100 < (MASKED + BARE) // 2 else min(c.part for c in named)
            bare = resolver.read(reading.clean.text[parts[first].start : parts[max(c.until for c in named)].end])
            yield one(bare, gold, masked=False, bare=True)
            if lot % 300 < 100:
                yield one(bare, frozenset(), masked=True, bare=True)


def made_examples(
    index: Index, weigher: Weigher, gatherer: Gatherer, often: Sequence[int], count: int
) -> Iterator[Example]:
    """Examples of made strings; a fifth of them, and bare names, once more with an organisation taken out."""
    resolver = Resolver()
    for text, gold in Maker(index, often).strings(count):
        lot = zlib.crc32(text.encode())
        seen = weigher.look(resolver.read(text))
        found = gatherer.candidates(seen)
        yield Example(lot % FOLDS, gold, found, [MADE] * len(found), judged=False)
        if gold and (lot % 5 == 0 or "," not in text):  # bare names are as often of nobody in the registry
            out = frozenset([sorted(gold)[lot % len(gold)]])
            found = gatherer.candidates(seen, out)
            yield Example(lot % FOLDS, gold - out, found, [MADE / 2] * len(found), judged=False)


def write_counts(index: Index, registry: str) -> None:
    """Write how many names each word occurs in, before anything is weighed by it."""
    counts = {word: number for word, number in sorted(index.counts.items()) if number >= LISTED}
    source = f"names in {registry} (ROR, CC0), words of {LISTED} and more names, 2026-11"
    raw = {"source": source, "names": len(index.names), "counts": counts}
    COUNTS.write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def fitted(inputs: np.ndarray, right: np.ndarray, weight: np.ndarray, trees: int) -> CatBoostClassifier:
    return CatBoostClassifier(iterations=trees, learning_rate=26.0 / trees, **TREES).fit(
        inputs, right, sample_weight=weight
    )


def out_of_fold(inputs: np.ndarray, right: np.ndarray, weight: np.ndarray, fold: np.ndarray, trees: int) -> np.ndarray:
    """Score each row by a model that has not seen its string."""
    out = np.zeros(len(inputs))
    for number in range(FOLDS):
        rest = fold != number
        model = fitted(inputs[rest], right[rest], weight[rest], trees)
        out[~rest] = model.predict_proba(inputs[~rest])[:, 1]
    return out


def exported(model: CatBoostClassifier, features: tuple[str, ...], folder: Path) -> dict[str, object]:
    """Turn CatBoost's own JSON into questions and leaves."""
    path = folder / "catboost.json"
    model.save_model(str(path), format="json")
    raw = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    questions: dict[tuple[int, float], int] = {}
    trees = []
    for tree in raw["oblivious_trees"]:
        asked = [
            questions.setdefault((one["float_feature_index"], one["border"]), len(questions)) for one in tree["splits"]
        ]
        trees.append({"asked": asked, "leaves": [round(value, 5) for value in tree["leaf_values"]]})
    scale, bias = raw["scale_and_bias"][0], raw["scale_and_bias"][1][0]
    assert scale == 1, "leaves are taken as they stand"
    return {
        "features": list(features),
        "questions": [[c, round(b, 6)] for c, b in questions],
        "trees": trees,
        "bias": bias,
    }


def calibration(examples: list[Example], score: np.ndarray) -> tuple[list[float], list[float]]:
    """Share of chosen answers that are right, by score, on strings of sets that label every institution."""
    x, y = [], []
    at = 0
    for example in examples:
        scored = [
            Scored(c, float(s), float(s))
            for c, s in zip(example.candidates, score[at : at + len(example.candidates)], strict=True)
        ]
        at += len(example.candidates)
        if example.judged:
            for link in chosen(scored):
                x.append(link.confidence)
                y.append(link.organisation in example.gold)
    curve = IsotonicRegression(y_min=0.01, y_max=0.995, out_of_bounds="clip").fit(x, y)
    # Steps would give thousands of answers one confidence: lines between the middles of the steps keep their order.
    grid = np.quantile(np.array(x), np.linspace(0, 1, 41))
    shares = np.array([np.mean(curve.predict(np.clip(np.linspace(g - 0.02, g + 0.02, 9), 0, 1))) for g in grid])
    shares = np.maximum.accumulate(shares + np.arange(len(grid)) * 1e-5)
    grid, places = np.unique(np.round(grid, 5), return_index=True)
    return [0.0, *grid.tolist(), 1.0], [0.0, *np.round(shares[places], 5).tolist(), 0.998]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--registry", type=Path, required=True)
    parser.add_argument("--equiv", type=Path, required=True, help="CSV old,new: merged and succeeded records")
    parser.add_argument("--trees", type=int, default=220)
    parser.add_argument("--made", type=int, default=2_500, help="rounds of made strings")
    parser.add_argument("--limit", type=int, default=10_000, help="strings taken of one set")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    index = build(read_organisations(args.registry))
    write_counts(index, args.registry.name)
    gatherer = Gatherer(index)
    weigher = Weigher(index)
    ids = [one.ror_id for one in index.organisations]
    labels = Labels(ids, {row["old"]: row["new"] for row in read(args.equiv)})
    told: list[Example] = []
    paths = [path for path in sorted(args.folder.glob("train_*.csv*")) if "paperlists" not in path.name]
    for path in paths:
        before = len(told)
        told.extend(examples(path, weigher, gatherer, labels, set(ids), args.limit))
        print(f"{path.name}: {len(told) - before} examples", flush=True)
    often = [number for example in told if example.judged for number in sorted(example.gold)]
    before = len(told)
    told.extend(made_examples(index, weigher, gatherer, often, args.made))
    print(f"made: {len(told) - before} examples", flush=True)
    inputs = np.array([c.features for e in told for c in e.candidates], dtype=np.float64)
    right = np.array([r for e in told for r in e.right])
    weight = np.array([w for e in told for w in e.weights])
    fold = np.array([e.fold for e in told for _ in e.candidates])
    print(f"{len(inputs)} candidates, {right.mean():.3f} right", flush=True)
    first = out_of_fold(inputs, right, weight, fold, args.trees)
    both = np.hstack([inputs, neighbours([e.candidates for e in told], first)])
    second = out_of_fold(both, right, weight, fold, args.trees)
    scores, shares = calibration(told, second)
    model = {
        "source": "benchmarks/train_linker.py on " + ", ".join(path.name for path in paths),
        "version": f"2026-11, catboost {version('catboost')}, {args.trees} trees of depth {TREES['depth']}",
        "first": exported(fitted(inputs, right, weight, args.trees), FEATURES, args.out.parent),
        "second": exported(fitted(both, right, weight, args.trees), FEATURES + NEIGHBOURS, args.out.parent),
        "scores": scores,
        "shares": shares,
    }
    args.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{args.out.name}: {args.out.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
