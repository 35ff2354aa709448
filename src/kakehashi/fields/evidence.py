"""All evidence for the fields of works, added up: what title and abstract say, and what the keywords say."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import cast

import numpy as np
import pyarrow as pa

from kakehashi.engine import arrow
from kakehashi.fields.linear import Floats, sigmoid
from kakehashi.fields.model import Model
from kakehashi.fields.phrases import Phrases
from kakehashi.fields.reading import PARTS, Reader
from kakehashi.fields.taxonomy import Label
from kakehashi.tables import FIELD_EVIDENCE, ColumnType, Table

SCORES = replace(FIELD_EVIDENCE, name="fields_scores", meaning="Evidence of works just weighed.", private=True)

_AT_ONCE = 2_000


def spoken(fields: tuple[str, ...]) -> tuple[Table, str]:
    """Return the table of what keywords say of each work that has some, and its SELECT.

    The weight of its keywords, and for each field how many keywords speak for it, by which weight, and whether the
    user's own label does. A table of its own, of fewer rows than there are works: a planner that does not see that
    would take all texts into memory to join them.
    """
    asked = {"votes": ("bigint", "votes"), "weight": ("double", "weight"),
             "own": ("bigint", "case when strength = 4 then 1 end")}  # fmt: skip
    cells = [
        (f"{name}_{place}", kind, f"case when field = '{field}' then {what} end")
        for place, field in enumerate(fields)
        for name, (kind, what) in asked.items()
    ]
    columns: dict[str, ColumnType] = {"work_id": "string", "carried": "double"}
    columns |= {name: cast("ColumnType", kind) for name, kind, _ in cells}
    meaning = "What the keywords of each work say of its fields."
    table = Table("fields_spoken", meaning, MappingProxyType(columns), ("work_id",), private=True)
    pivoted = ", ".join(f"max({what}) as {name}" for name, _, what in cells)
    return (
        table,
        f"""
        select w.work_id, c.weight as carried, {", ".join(f"v.{name}" for name, _, _ in cells)}
        from fields_carried c
        join fields_works w on w.work = c.work
        left join (select work, {pivoted} from fields_votes where counts group by work) v on v.work = c.work
    """,
    )


def evidence_sql(fields: tuple[str, ...], works: str, condition: str = "") -> str:
    """Return the SELECT of what `Weigh` reads, a row for each work, which is called w in `condition`.

    Its texts, and what `spoken` tells of its keywords: null where it has none.
    """
    told = ", ".join(f"s.{name}" for name in spoken(fields)[0].columns if name != "work_id")
    return f"""
        select w.work_id, w.title, w.abstract, {told}
        from {works} w
        left join fields_spoken s on s.work_id = w.work_id
        {condition}
    """


@dataclass(frozen=True)
class Weigh:
    """The function over works. Engines may send it to another process: plain dictionaries travel, views do not."""

    model: Model
    labels: dict[str, Label]

    @cached_property
    def reader(self) -> Reader:
        """What reads texts: made where it is needed first."""
        return Reader(self.model, Phrases(self.labels))

    @cached_property
    def terms(self) -> pa.Array:
        """The names of terms by their number."""
        return pa.array(self.reader.names, pa.string())

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows of SCORES for the rows of `evidence_sql`."""
        for batch in batches:
            for begin in range(0, batch.num_rows, _AT_ONCE):
                yield self._weighed(batch.slice(begin, _AT_ONCE))

    def _weighed(self, works: pa.RecordBatch) -> pa.RecordBatch:
        model, n = self.model, works.num_rows
        said = self.reader.said(works.column("title"), works.column("abstract"))
        sums = said.scores + self._spoken(works)
        scores = sigmoid(sums)
        by_name = np.argsort(np.array(model.fields))  # of equals the first by name is the best
        best = by_name[sums[:, by_name].argmax(axis=1)]
        asked = scores >= model.threshold
        asked |= np.stack([_numbers(works, f"own_{place}") > 0 for place in range(len(model.fields))], axis=1)
        asked[np.arange(n), best] = True
        rows, fields = np.nonzero(asked)
        terms, parts = said.terms[rows, fields], said.parts[rows, fields]
        first = best[rows] == fields
        columns = (
            works.column("work_id").take(pa.array(rows)).cast(pa.string()),
            pa.array(model.fields, pa.string()).take(pa.array(fields)),
            scores[rows, fields],
            np.where(first, 1, 2),
            self.terms.take(pa.array(terms, mask=terms < 0)),
            pa.array(PARTS, pa.string()).take(pa.array(parts)),
            said.met.take(pa.array(rows, mask=~first)),
        )
        return pa.record_batch(list(columns), schema=arrow.schema(SCORES))

    def _spoken(self, works: pa.RecordBatch) -> Floats:
        """Return what keywords weigh, works x fields: as the model was fitted (benchmarks/train_fields.py)."""
        weights = self.model.keywords
        carried = works.column("carried").to_numpy(zero_copy_only=False).astype(np.float64)  # NaN: no keywords
        total = np.zeros((works.num_rows, len(self.model.fields)))
        for place, field in enumerate(self.model.fields):
            votes, weight = (_numbers(works, f"{name}_{place}") for name in ("votes", "weight"))
            share = np.divide(weight, carried, out=np.zeros(len(weight)), where=carried > 0)
            for feature, value in (("any", votes > 0), ("two", votes > 1), ("share", share)):
                if f"{feature}:{field}" in weights:
                    total += value[:, None] * weights[f"{feature}:{field}"]
        if "none" in weights:
            total[np.isnan(carried)] += weights["none"]
        return total


def _numbers(works: pa.RecordBatch, name: str) -> Floats:
    """Return a column of numbers, 0 where it is null."""
    found: Floats = works.column(name).cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False)
    return found
