"""How well works are sorted into the eight ICT fields: `kakehashi classify` beside the gold set.

    python benchmarks/draw_gold_works.py CORPORA --texts TEXTS.csv
    python benchmarks/fields.py TEXTS.csv [--part test]

The part `tune` was looked at while the model was made, and the shipped model is trained on it: only `test` is evidence.
"""

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields.batch import classify_file
from kakehashi.fields.taxonomy import OUTSIDE, load_taxonomy
from kakehashi.settings import FieldsSection
from reliability import bins, calibration_error, show

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "work_fields.csv"
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
Answers = dict[str, frozenset[str]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("texts", type=Path)
    arguments.add_argument("--gold", type=Path, default=GOLD)
    arguments.add_argument("--part", default="test")
    given = arguments.parse_args()
    rows = [row for row in csv.DictReader(given.gold.open(encoding="utf-8")) if row["part"] == given.part]
    truth = {row["id"]: frozenset(row["fields"].split()) - {OUTSIDE} for row in rows}
    source = {row["id"]: row["source"] for row in rows}
    fields = [field.id for field in load_taxonomy("ict8").fields]
    for how in ("keywords", "evidence"):
        answers, scores = classified(given.texts, how)
        answers = {work: answers[work] for work in truth}
        print(f"\n{given.part}, {len(truth)} works, decide = {how}: " + summary(truth, answers, fields))
    print("\n| field | works | precision | recall | F1 |\n|---|---:|---:|---:|---:|")
    for field in fields:
        hit, wrong, missed = counts(truth, answers, field)
        print(f"| {field} | {hit + missed} | {part(hit, hit + wrong)} | {part(hit, hit + missed)} | "
              f"{part(2 * hit, 2 * hit + wrong + missed)} |")  # fmt: skip
    print("\n| source | works | micro-F1 | precision of outside |\n|---|---:|---:|---:|")
    groups: dict[str, list[str]] = defaultdict(list)
    for work, name in sorted(source.items()):
        groups[name].append(work)
    for name, works in sorted(groups.items()):
        mine = {work: truth[work] for work in works}
        micro, outside = pooled(mine, answers, fields), precision_of_outside(mine, answers)
        print(f"| {name} | {len(works)} | {micro} | {outside} |")
    of_fields = [(score, field in truth[work]) for work, field, score in scores if work in truth]
    show_reliability("each of the fields of each work", of_fields)
    best: dict[str, float] = defaultdict(float)
    for work, _, score in scores:
        best[work] = max(best[work], score)
    show_reliability("outside", [(1 - best[work], not truth[work]) for work in truth if not answers[work]])


def show_reliability(of_what: str, judged: list[tuple[float, bool]]) -> None:
    """Print the probabilities that the model gives beside the shares that are right."""
    found = bins(judged, EDGES)
    print(f"\nProbability of {of_what}: expected calibration error {calibration_error(found):.3f}")
    show(found)


def classified(texts: Path, how: str) -> tuple[Answers, list[tuple[str, str, float]]]:
    """Return each work's fields, and the probability of every field of every work (none where keywords decide)."""
    with TemporaryDirectory() as folder:
        engine = DuckDB(Path(folder))
        classify_file(texts, Path(folder) / "out.csv", engine, FieldsSection(decide=how))  # type: ignore[arg-type]
        asked = "select work_id, field, score from fields_scores order by work_id, field"
        scores = engine.rows(asked) if how == "evidence" else []
        engine.close()
        with (Path(folder) / "out.csv").open(encoding="utf-8") as file:
            given = {row["id"]: frozenset(row["fields"].split()) - {OUTSIDE} for row in csv.DictReader(file)}
    return given, scores  # type: ignore[return-value]


def counts(truth: Answers, answers: Answers, field: str) -> tuple[int, int, int]:
    pairs = Counter((field in truth[work], field in answers[work]) for work in truth)
    return pairs[True, True], pairs[False, True], pairs[True, False]


def pooled(truth: Answers, answers: Answers, fields: list[str]) -> str:
    sums = [sum(column) for column in zip(*(counts(truth, answers, field) for field in fields), strict=True)]
    return part(2 * sums[0], 2 * sums[0] + sums[1] + sums[2])


def precision_of_outside(truth: Answers, answers: Answers) -> str:
    none = [work for work in truth if not answers[work]]
    return part(sum(not truth[work] for work in none), len(none))


def summary(truth: Answers, answers: Answers, fields: list[str]) -> str:
    each = []
    for field in fields:
        hit, wrong, missed = counts(truth, answers, field)
        each.append(2 * hit / max(1, 2 * hit + wrong + missed))
    return (
        f"micro-F1 {pooled(truth, answers, fields)}, macro-F1 {sum(each) / len(each):.3f}, "
        f"precision of outside {precision_of_outside(truth, answers)}"
    )


def part(number: float, whole: float) -> str:
    return f"{number / whole:.3f}" if whole else "–"


if __name__ == "__main__":
    main()
