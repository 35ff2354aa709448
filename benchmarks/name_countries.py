"""The countries of organisations' names alone, without a registry: how often they are right, wrong or left open.

    python benchmarks/name_countries.py ROR_DUMP [--folds 5]

Each display name of an active organisation is resolved by the rules, with nothing else around it: the hardest case,
for addresses mostly name their country. Right: a country of the organisation. With --folds the list of doubtful places
(tools/build_doubtful_places.py), which is made from such names, is made without those that are then asked.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kakehashi.affiliations import finder
from kakehashi.affiliations.linking.organisations import read_organisations
from kakehashi.affiliations.resolve import Resolver

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import build_doubtful_places as tool


def answers(organisations: Any) -> Any:
    """Count (method, right | wrong | open) over the names."""
    resolver = Resolver()
    counts: Counter[Any] = Counter()
    for one in organisations:
        home = {place.country for place in one.places}
        found = [row for row in resolver.resolve(one.name) if row.country_code]
        if not found:
            counts["", "open"] += 1
        else:
            told = "right" if any(row.country_code in home for row in found) else "wrong"
            counts[found[0].country_method, told] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dump", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    asked = parser.parse_args()
    known = [one for one in read_organisations(asked.dump) if one.active]
    total: Counter[Any] = Counter()
    for fold in range(max(asked.folds, 1)):
        if asked.folds:
            others = [one for number, one in enumerate(known) if number % asked.folds != fold]
            chosen = frozenset(tool.doubtful(tool.count(others)))
            finder.doubtful_places = lambda chosen=chosen: chosen  # type: ignore[assignment]
            total += answers(known[fold :: asked.folds])
        else:
            total += answers(known)
    print("| found by | right | wrong | right of those told |\n|---|---:|---:|---:|")
    for method in sorted({method for method, _ in total if method}):
        right, wrong = total[method, "right"], total[method, "wrong"]
        print(f"| {method} | {right:,} | {wrong:,} | {right / (right + wrong):.3f} |")
    right, wrong = (sum(total[key] for key in total if key[1] == told) for told in ("right", "wrong"))
    print(f"| **all** | {right:,} | {wrong:,} | {right / (right + wrong):.3f} |\n\n{total['', 'open']:,} left open")


if __name__ == "__main__":
    main()
