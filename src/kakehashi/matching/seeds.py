"""Registered seeds, such as the hub's or a table of patents, beside the works of a study: which answer a need."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi.errors import DataError
from kakehashi.matching.need import Need
from kakehashi.matching.passages import Passage, covered, passages
from kakehashi.matching.policy import policy
from kakehashi.matching.schema import Record

_NEEDED = ("seed_id", "title", "text")


@dataclass(frozen=True)
class Seed:
    """What someone offers. `kind`: technology, patent, …; `organisation` may be empty."""

    seed_id: str
    title: str
    text: str
    kind: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class MatchedSeed:
    """A seed that answers a need: the share of what is named, by weight, that it covers, the rest, and passages."""

    seed: Seed
    score: float
    covered: tuple[str, ...]
    gap: tuple[str, ...]
    passages: tuple[Passage, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        seed = self.seed
        return {
            "seed_id": seed.seed_id, "title": seed.title, "kind": seed.kind, "organisation": seed.organisation,
            "score": self.score, "covered": list(self.covered), "gap": list(self.gap),
            "passages": [{"place": one.place, "text": one.text} for one in self.passages],
        }  # fmt: skip


def matched_seeds(need: Need, seeds: Iterable[Seed], top: int) -> tuple[MatchedSeed, ...]:
    """Return the seeds that cover something of a need, the most covering first, ties by id."""
    whole = sum(concept.weight for concept in need.concepts)
    found = []
    for seed in seeds:
        record = Record("", seed.title, None, None, None, seed.text, [], [], [])
        met = covered(record, need.concepts, japanese=True)
        score = sum(need.concepts[number].weight for number in met) / whole if whole else 0.0
        if score > 0:
            names = [concept.text for concept in need.concepts]
            told = passages(record, need.concepts, policy()["institutions"]["passages"])
            rest = tuple(name for number, name in enumerate(names) if number not in met)
            found.append(MatchedSeed(seed, score, tuple(names[number] for number in sorted(met)), rest, told))
    return tuple(sorted(found, key=lambda one: (-one.score, one.seed.seed_id))[:top])


def seeds_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Seed, ...]:
    """Make seeds of rows with the keys seed_id, title, text, kind, organisation."""
    return tuple(Seed(*(str(row.get(key) or "").strip() for key in (*_NEEDED, "kind", "organisation"))) for row in rows)


def read_seeds(path: Path) -> tuple[Seed, ...]:
    """Read a CSV of seeds, such as patents: seed_id, title and text; kind and organisation may be added.

    Raises DataError naming file, line and remedy.
    """
    found: dict[str, Seed] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in _NEEDED if column not in (rows.fieldnames or ())]
            if missing:
                raise DataError(f"{path}, line 1: the column {missing[0]} is missing; needed are {', '.join(_NEEDED)}")
            for row in rows:
                (seed,) = seeds_of([row])
                if not seed.seed_id or not seed.title or seed.seed_id in found:
                    raise DataError(f"{path}, line {rows.line_num}: each seed has a seed_id of its own and a title")
                found[seed.seed_id] = seed
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as CSV in UTF-8: {error}") from error
    return tuple(found.values())
