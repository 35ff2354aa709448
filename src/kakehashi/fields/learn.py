"""A model of titles and abstracts for a taxonomy that ships none, fitted to the works that keywords decided."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from kakehashi.engine.base import Engine
from kakehashi.fields.linear import fit, matrix, tf_idf
from kakehashi.fields.model import Model, text_features
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.taxonomy import Label

LEAST_WORKS = 100
"""Fewer decided works teach nothing, and there is no model."""
MOST_WORKS = 5_000
"""More decided works than these, the first by id, change little."""
PENALTY, LEAST_COUNT, THRESHOLD = 1.0, 3, 0.5


def from_study(engine: Engine, fields: tuple[str, ...], labels: Mapping[str, Label]) -> Model | None:
    """Fit a model to the works that fields_carried counts as decided, or return None where they are too few."""
    texts: list[Any] = engine.rows(_DECIDED.format(limit=MOST_WORKS))
    if len(texts) < LEAST_WORKS:
        return None
    given: dict[str, list[str]] = {}
    for work, field in engine.rows("select work_id, field from work_fields order by work_id, field"):
        given.setdefault(work, []).append(field)
    examples = [(title, abstract, given.get(work, [])) for work, title, abstract in texts]
    return from_examples(examples, fields, labels)


def from_examples(
    examples: list[tuple[str | None, str | None, list[str]]], fields: tuple[str, ...], labels: Mapping[str, Label]
) -> Model:
    """Fit a model to texts (title, abstract) and their fields."""
    phrases = Phrases(labels)
    rows = [text_features(title, abstract, phrases)[0] for title, abstract, _ in examples]
    counts = Counter(word for row in rows for word in set(row))
    known = sorted(word for word, works in counts.items() if works >= LEAST_COUNT)
    idf = {word: (place, float(np.log(len(rows) / counts[word]))) for place, word in enumerate(known)}
    truth = np.array([[float(field in own) for field in fields] for *_, own in examples])
    table = matrix((tf_idf(row, idf) for row in rows), len(idf))
    weights, intercept = fit(table, truth, np.ones(len(rows)), PENALTY / 10, 80)
    return Model(fields, idf, weights, {}, {}, intercept, THRESHOLD, THRESHOLD)


_DECIDED = """
    select w.work_id, w.title, w.abstract
    from works w
    join fields_works n on n.work_id = w.work_id
    join fields_carried c on c.work = n.work
    where c.decided > 0 and w.title is not null
    order by w.work_id nulls last
    limit {limit}
"""
