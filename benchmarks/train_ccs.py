"""Train and test the model of the ACM CCS top level from titles: src/kakehashi/data/taxonomies/ccs/model.csv.

    python benchmarks/train_ccs.py FOLDER [--write]

FOLDER holds the 2,094 papers of Kalhor & Bahrak (2023) with their top CCS areas, one CSV a conference
(`*Conferences__*.csv`: Index with `/` between areas, Paper). Three papers of ten, by a hash of the title, are for
testing and nothing else; the thresholds come from cross-validation on the others, which the shipped model is made of.
"""

import argparse
import csv
import hashlib
from pathlib import Path

import numpy as np

import train_fields
from kakehashi.fields.model import dump_model
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.taxonomy import load_taxonomy
from train_fields import Hints, Work, cross_validate, given, measured, scores, train

MODEL = train_fields.MODEL.parents[1] / "ccs" / "model.csv"
SOURCE = (
    "SOURCE: trained by benchmarks/train_ccs.py on 2026-11-28 from titles and top CCS areas of papers of 2022\n"
    "collected by Kalhor & Bahrak "
    "(2023, arXiv:2311.09348). Numbers are thousandths. Do not edit: train again."
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    taxonomy = load_taxonomy("ccs")
    names = tuple(field.id for field in taxonomy.fields)
    area = {field.name_en: field.id for field in taxonomy.fields}
    papers: dict[str, set[str]] = {}
    for path in sorted(options.folder.glob("*Conferences__*.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            found = papers.setdefault(row["Paper"].strip(), set())
            found |= {area[name] for name in row["Index"].split("/") if name in area}
    titles = sorted(title for title, areas in papers.items() if title and areas)
    held = np.array([int(hashlib.sha256(title.encode()).hexdigest(), 16) % 10 < 3 for title in titles])
    labels = dict(taxonomy.labels)
    phrases = Phrases(labels)
    rows = [Work(title, None, [], phrases, labels) for title in titles]
    truth = np.array([[float(name in papers[title]) for name in names] for title in titles])
    seen = [row for row, out in zip(rows, held, strict=True) if not out]
    unseen = [row for row, out in zip(rows, held, strict=True) if out]
    print(f"{len(titles)} papers: {len(seen)} for training, {len(unseen)} for testing")
    # Titles are all there is: no copies by the title alone, and no hints.
    titles_alone: list[Work | None] = [None] * len(seen)
    none = Hints([], np.empty((0, len(names))))
    chosen = cross_validate(seen, titles_alone, truth[~held], np.ones(len(seen), dtype=bool), names, none, 0.0)
    model = train(seen, titles_alone, truth[~held], names, *chosen, none, 0.0)
    score = scores(model, unseen)
    most = truth[~held].sum(axis=0).argmax()
    majority = np.zeros(score.shape, dtype=bool)
    majority[:, most] = True
    right = truth[held].astype(bool)
    for title, answer, top in (
        (f"majority ({names[most]})", majority, np.full(len(unseen), most)),
        ("model", given(score, *chosen), score.argmax(axis=1)),
    ):
        micro, macro, _, _ = measured(answer, truth[held])
        hit = right[np.arange(len(top)), top].mean()
        print(
            f"test, {title}: micro-F1 {micro:.3f}, macro-F1 {macro:.3f}, best answer is an area of the paper {hit:.3f}"
        )
    if options.write:
        MODEL.write_text(dump_model(model, SOURCE), encoding="utf-8")
        print(f"{len(model.words)} words, {MODEL.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
