"""What weighs the evidence for a field: a linear model over words, terms met in the text, and labelled keywords.

The score of a work for a field is a sum of weights, so each answer can be taken apart: the intercept, the words of
title and abstract (tf-idf), the labelled terms met in them, and the keywords that speak for each field. All are
added up in evidence.py. The weights are data (`model.csv` of a taxonomy) made by benchmarks/train_fields.py.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import numpy as np

from kakehashi.errors import DataError
from kakehashi.fields.linear import Floats, tf_idf
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.words import terms, words

KEYWORD_FEATURES = ("any", "two", "share")
"""Of the keywords of a work that speak for a field: is there any, are there two, which share of all are they."""

_SCALE = 1000
TELLING = 0.3
"""A single word is named as the reason only where its weight changes the odds by a third or more."""

_HEAD = ("kind", "term", "idf")


@dataclass(frozen=True)
class Model:
    """The weights.

    fields: what the columns stand for. words: `t:` or `a:` and a term, to its column and inverse document frequency.
    weights: words x fields. cues: `t:`, `t2:`, `a:` or `a2:` and the field of labelled terms met once, or again, in
    title or abstract, to a weight a field; also `noabstract`. keywords: `any:`, `two:`, `share:` and a field, to a
    weight a field; also `none`, for a work without keywords. threshold: the score from which a field is given.
    least: a work without a field gets its best one from this score on.
    """

    fields: tuple[str, ...]
    words: Mapping[str, tuple[int, float]]
    weights: Floats
    cues: Mapping[str, Floats]
    keywords: Mapping[str, Floats]
    intercept: Floats
    threshold: float
    least: float


def text_features(title: str | None, abstract: str | None, phrases: Phrases) -> tuple[list[str], dict[str, str]]:
    """Return the words of a text as the model counts them, and its cues, each with the term that was met."""
    found: list[str] = []
    cues: dict[str, str] = {}
    for part, text in (("t", title), ("a", abstract)):
        tokens = words(text)
        found += [f"{part}:{term}" for term in terms(tokens)]
        met = [(field, label.keyword) for label in phrases.find(tokens) for field in label.fields]
        often = Counter(field for field, _ in met)
        for field, term in met:
            cues.setdefault(f"{part}:{field}", term)
            if often[field] > 1:
                cues.setdefault(f"{part}2:{field}", term)
        if part == "a" and not tokens:
            cues["noabstract"] = ""
    return found, cues


@dataclass(frozen=True)
class Read:
    """What the text says for a field: the sum of its weights, and the term that says most with the part it stands in.

    part: title or abstract; `words` where no term says much by itself; None where the model knows nothing of the text.
    """

    score: float
    term: str | None
    part: str | None


def read(model: Model, phrases: Phrases, title: str | None, abstract: str | None) -> list[Read]:
    """Return what title and abstract say, intercept included, for each field in the model's order."""
    found, cues = text_features(title, abstract, phrases)
    row = tf_idf(found, model.words)
    columns = np.fromiter(row, dtype=np.int64, count=len(row))
    parts = model.weights[columns] * np.fromiter(row.values(), dtype=np.float64, count=len(row))[:, None]
    known = [cue for cue in cues if cue in model.cues]
    total = model.intercept + parts.sum(axis=0) + sum((model.cues[cue] for cue in known), np.zeros(len(model.fields)))
    names = [term for term in dict.fromkeys(found) if term in model.words]
    best = parts.argmax(axis=0) if names else None
    answers = []
    part: str | None
    term: str | None
    for place, field in enumerate(model.fields):
        cue = next((f"{part}:{field}" for part in "ta" if f"{part}:{field}" in cues), None)
        if cue is not None:
            part, term = cue[0], cues[cue]
        elif best is not None and parts[best[place], place] >= TELLING:
            part, term = names[best[place]].split(":", 1)
        else:
            part, term = ("words" if names or cues.keys() - {"noabstract"} else None), None
        where = {"t": "title", "a": "abstract"}.get(part or "", part)
        answers.append(Read(float(total[place]), term, where))
    return answers


def dump_model(model: Model, source: str) -> str:
    """Write the model as CSV, weights in thousandths. The order of rows is fixed, so equal models are equal files."""
    out = io.StringIO()
    out.write("".join(f"# {line}\n" for line in source.splitlines()))
    write = csv.writer(out, lineterminator="\n")
    write.writerow((*_HEAD, *model.fields))
    write.writerow(("threshold", "", "", *[_round(model.threshold)] * len(model.fields)))
    write.writerow(("least", "", "", *[_round(model.least)] * len(model.fields)))
    write.writerow(("intercept", "", "", *map(_round, model.intercept)))
    for kind, table in (("keyword", model.keywords), ("cue", model.cues)):
        for name in sorted(table):
            write.writerow((kind, name, "", *map(_round, table[name])))
    for term, (column, idf) in sorted(model.words.items()):
        write.writerow(("word", term, _round(idf), *map(_round, model.weights[column])))
    return out.getvalue()


def load_model(path: Traversable, fields: tuple[str, ...]) -> Model | None:
    """Read a taxonomy's model, None where it has none. Raises DataError where it is not one for these fields."""
    if not path.is_file():
        return None
    rows = csv.reader(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    if tuple(next(rows)) != (*_HEAD, *fields):
        raise DataError(f"{path.name}: is not a model of the fields {' '.join(fields)}; train it again")
    single: dict[str, Floats] = {}
    tables: dict[str, dict[str, Floats]] = {"keyword": {}, "cue": {}}
    known: dict[str, tuple[int, float]] = {}
    weights: list[Floats] = []
    for kind, term, idf, *cells in rows:
        values = np.array(cells, dtype=np.float64) / _SCALE
        if kind == "word":
            known[term] = (len(weights), float(idf) / _SCALE)
            weights.append(values)
        elif kind in tables:
            tables[kind][term] = values
        else:
            single[kind] = values
    return Model(
        fields, known, np.array(weights).reshape(-1, len(fields)), tables["cue"], tables["keyword"],
        single["intercept"], float(single["threshold"][0]), float(single["least"][0]),
    )  # fmt: skip


def _round(value: float) -> int:
    return round(float(value) * _SCALE)
