"""How far two people agree on the fields of works: the gold set beside a second labelling of a part of it.

    python benchmarks/gold_agreement.py SECOND.csv [--first tests/gold/work_fields.csv] [--differences]

Both tables have the columns id and fields (several separated by spaces, or `outside` alone). Compared are the works
that both hold. **Exact**: the share with the same set of fields. **Kappa**: Cohen's (1960), each field a question of
yes or no. **F1** takes the first labelling as right, and is the same the other way round; micro and macro are over the
eight fields, without `outside`. A measure without a basis (a field that neither gave) is shown as `-` and left out of
the mean. With --differences, the works on which they differ follow, by id.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FIELDS = ("security", "iot", "bigdata", "ai", "device", "network", "edge", "photonics_quantum")
OUTSIDE = "outside"
FIRST = Path(__file__).parents[1] / "tests" / "gold" / "work_fields.csv"

Labels = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Counts:
    """On how many works both gave a field, only the first, only the second, or neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def f1(self) -> float | None:
        """Twice what both gave by all that either gave; None where neither gave the field."""
        given = 2 * self.both + self.first + self.second
        return 2 * self.both / given if given else None

    @property
    def kappa(self) -> float | None:
        """Agreement beyond what the two shares would give by chance; None where chance alone gives all of it."""
        works = self.both + self.first + self.second + self.neither
        yes = (self.both + self.first) * (self.both + self.second)
        no = (self.neither + self.first) * (self.neither + self.second)
        by_chance = yes + no  # times works squared
        if by_chance == works**2:
            return None
        return ((self.both + self.neither) * works - by_chance) / (works**2 - by_chance)


def read_labels(path: Path) -> dict[str, frozenset[str]]:
    """Read a table of labels. Raises ValueError naming file and line for what is no label, or an id met twice."""
    found: dict[str, frozenset[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if not {"id", "fields"} <= set(reader.fieldnames or ()):
            raise ValueError(f"{path}: the columns id and fields are wanted, found {reader.fieldnames}")
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            labels = frozenset((row["fields"] or "").split())
            if unknown := labels - {*FIELDS, OUTSIDE}:
                raise ValueError(f"{where}: {', '.join(sorted(unknown))} is no field; fields: {', '.join(FIELDS)}")
            if not labels or (OUTSIDE in labels and len(labels) > 1):
                raise ValueError(f"{where}: give at least one field, or {OUTSIDE} alone")
            if row["id"] in found:
                raise ValueError(f"{where}: {row['id']} stands in the table twice; keep one row")
            found[row["id"]] = labels
    return found


def shared(first: Labels, second: Labels) -> list[str]:
    """Return the ids that both hold, in the order of the second."""
    return [id_ for id_ in second if id_ in first]


def counts(field: str, ids: Sequence[str], first: Labels, second: Labels) -> Counts:
    """Count on which works of `ids` the two gave a field."""
    seen = Counter((field in first[id_], field in second[id_]) for id_ in ids)
    return Counts(seen[True, True], seen[True, False], seen[False, True], seen[False, False])


def exact(ids: Sequence[str], first: Labels, second: Labels) -> float | None:
    """Return the share of works with the same set of fields, or None without works."""
    return sum(first[id_] == second[id_] for id_ in ids) / len(ids) if ids else None


def micro_f1(by_field: Sequence[Counts]) -> float | None:
    """Return the F1 of all answers of all fields together."""
    return Counts(sum(one.both for one in by_field), sum(one.first for one in by_field),
                  sum(one.second for one in by_field), 0).f1  # fmt: skip


def macro_f1(by_field: Sequence[Counts]) -> float | None:
    """Return the mean F1 of the fields that either gave."""
    known = [one.f1 for one in by_field if one.f1 is not None]
    return sum(known) / len(known) if known else None


def show(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("second", type=Path)
    parser.add_argument("--first", type=Path, default=FIRST)
    parser.add_argument("--differences", action="store_true")
    args = parser.parse_args()
    try:
        first, second = read_labels(args.first), read_labels(args.second)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    ids = shared(first, second)
    print(f"{len(ids)} works in both; {len(second) - len(ids)} of the second are not in the first\n")
    print(f"{'field':<18} {'both':>5} {'first':>6} {'second':>7} {'kappa':>7} {'F1':>7}")
    for field in (*FIELDS, OUTSIDE):
        one = counts(field, ids, first, second)
        print(f"{field:<18} {one.both:>5} {one.first:>6} {one.second:>7} {show(one.kappa):>7} {show(one.f1):>7}")
    by_field = [counts(field, ids, first, second) for field in FIELDS]
    print(f"\nexact {show(exact(ids, first, second))}  micro-F1 {show(micro_f1(by_field))}", end="  ")
    print(f"macro-F1 {show(macro_f1(by_field))}")
    if args.differences:
        print()
        for id_ in (id_ for id_ in ids if first[id_] != second[id_]):
            print(f"{id_}\t{' '.join(sorted(first[id_]))}\t{' '.join(sorted(second[id_]))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
