"""The fields of each keyword: by its place in the CCS, by the tree, or by its own label."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kakehashi.engine import arrow
from kakehashi.fields.inherit import Decision, labelled
from kakehashi.fields.taxonomy import Ccs, Concept, Label, label_of
from kakehashi.tables import KEYWORD_FIELDS

_CCS_PREFIX = "ccs:"
_RARE = Decision((), None, None, None, "too_few_works")
_NOT_IN_CCS = Decision((), None, None, None, "not_in_ccs_file")


@dataclass(frozen=True)
class Decide:
    """The function from batches of keywords to their rows of KEYWORD_FIELDS."""

    ccs_paths: dict[str, Concept]
    ccs_names: dict[str, Concept]
    labels: dict[str, Label]
    decisions: dict[str, Decision]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the rows for the keywords of each batch."""
        ccs = Ccs(self.ccs_paths, self.ccs_names)
        for batch in batches:
            [keywords] = batch.columns
            yield _rows(keywords, [self._decision(keyword, ccs) for keyword in keywords.to_pylist()])

    def _decision(self, keyword: str, ccs: Ccs) -> Decision:
        if keyword.startswith(_CCS_PREFIX):
            concept = ccs.find(keyword.removeprefix(_CCS_PREFIX))
            if concept is None:
                return _NOT_IN_CCS
            reason = None if concept.fields else f"outside:{concept.name}"
            return Decision(concept.fields, "ccs", concept.name, None, reason)
        known = self.decisions.get(keyword)
        if known is not None:
            return known
        label = label_of(keyword, self.labels)
        return _RARE if label is None else labelled(keyword, label)


def _rows(keywords: pa.Array, made: list[Decision]) -> pa.RecordBatch:
    """Return the rows of a batch: one for each field of a keyword, one for a keyword without fields."""
    # Most keywords share a decision: the values of its rows are made once.
    distinct = list({id(one): one for one in made}.values())
    place_of = {id(one): place for place, one in enumerate(distinct)}
    of = np.array([place_of[id(one)] for one in made], dtype=np.int64)
    values = [
        (seq, field, one.method, one.from_keyword, one.distance, one.reason)
        for one in distinct
        for seq, field in enumerate(one.fields or (None,), 1)
    ]
    sizes = np.array([max(len(one.fields), 1) for one in distinct], dtype=np.int64)
    counts = sizes[of]
    first, offset = (np.cumsum(sizes) - sizes)[of], np.cumsum(counts) - counts
    rows = pa.array(np.repeat(first - offset, counts) + np.arange(counts.sum()))
    schema = arrow.schema(KEYWORD_FIELDS)
    columns = [
        pa.array(column, field.type).take(rows)
        for column, field in zip(list(zip(*values, strict=True)) or [()] * 6, list(schema)[1:], strict=True)
    ]
    of_row = pa.array(np.repeat(np.arange(len(made)), counts))
    return pa.record_batch([keywords.take(of_row).cast(pa.string()), *columns], schema=schema)
