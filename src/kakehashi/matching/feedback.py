"""What people found useful or not: a CSV that weighs works and institutions of later answers."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kakehashi.errors import DataError
from kakehashi.matching.policy import policy
from kakehashi.matching.store import Index

_COLUMNS = ("kind", "id", "verdict")
_KINDS = ("work", "institution")
_VERDICTS = {"useful": 1, "not": -1}


@dataclass(frozen=True)
class Feedback:
    """Verdicts by id: 1 useful, -1 not."""

    works: Mapping[str, int]
    institutions: Mapping[str, int]

    def institution_factors(self) -> dict[str, float]:
        """Return what the scores of institutions are multiplied by."""
        limits = policy()["feedback"]
        return {one: limits["useful" if verdict > 0 else "not_useful"] for one, verdict in self.institutions.items()}

    def work_factors(self, index: Index, rows: list[int]) -> dict[int, float]:
        """Return what the scores of works are multiplied by: judged ones in full, those like them less.

        Likeness is the cosine of the dense vectors, from 0.5 up.
        """
        if not self.works:
            return {}
        limits = policy()["feedback"]
        judged = {row: self.works[work] for work, row in index.rows_of(sorted(self.works)).items()}
        vectors = index.neighbours.vectors([*rows, *judged])
        found = {}
        for row in rows:
            if row in judged:
                found[row] = limits["useful" if judged[row] > 0 else "not_useful"]
                continue
            shares = [
                verdict * max(0.0, 2 * float(np.dot(vectors[row], vectors[one])) - 1) for one, verdict in judged.items()
            ]
            strongest = max(shares, key=abs, default=0.0)
            if strongest:
                found[row] = 1 + limits["similar"] * strongest
        return found


def read_feedback(path: Path) -> Feedback:
    """Read a CSV with the columns kind (work or institution), id, verdict (useful or not); others are ignored.

    The last verdict about something counts. Raises DataError naming file, line and remedy.
    """
    found: dict[str, dict[str, int]] = {kind: {} for kind in _KINDS}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{path}, line 1: the column {missing[0]} is missing; needed are {', '.join(_COLUMNS)}")
            for row in reader:
                kind, verdict = (row["kind"] or "").strip(), (row["verdict"] or "").strip()
                if kind not in _KINDS:
                    raise DataError(f"{path}, line {reader.line_num}: kind {kind!r}; write work or institution")
                if verdict not in _VERDICTS:
                    raise DataError(f"{path}, line {reader.line_num}: verdict {verdict!r}; write useful or not")
                found[kind][(row["id"] or "").strip()] = _VERDICTS[verdict]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error
    return Feedback(found["work"], found["institution"])
