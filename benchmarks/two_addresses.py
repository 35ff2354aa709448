"""Two addresses in one string: are both countries found, and the organisations of both?

    python benchmarks/two_addresses.py GOLD_FOLDER --registry FILE [--pairs 500]

Strings of the train sets that are answered right each by itself (one country, as the gold set says) are joined in pairs
of two countries, drawn by lot, by what stands between addresses in exports. Right: just the two countries. The
organisations are held against those of the two strings alone, so that only what the joining does is counted. Strokes
and commas join names of one place more often than addresses of two, so that there the share cannot be high.
"""

import argparse
import random
from pathlib import Path
from typing import Any

from gold_sets import read_gold
from kakehashi.affiliations.resolvers import make_resolver
from kakehashi.settings import AffiliationsSection

SEPARATORS = ("; ", " | ", " and ", ", ", " / ")
SEED = 20261129
_APART = frozenset(";/|\n")
_LENGTHS = range(8, 201)


def told(rows: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return the countries and the ROR ids of an answer."""
    return (
        frozenset(row.country_code for row in rows if row.country_code),
        frozenset(row.ror_id for row in rows if row.ror_id),
    )


def single(folder: Path, resolver: Any) -> list[Any]:
    """Return (text, country, ids) of the strings that are right by themselves."""
    gold = [one for path in sorted(folder.glob("train_*.csv")) for one in read_gold(path)]
    gold = [one for one in gold if len(one.text) in _LENGTHS and _APART.isdisjoint(one.text)]
    found = []
    for one, rows in zip(gold, resolver.resolve_many([one.text for one in gold]), strict=True):
        countries, ids = told(rows)
        if len(countries) == 1 and countries == set(one.countries):
            found.append((one.text.rstrip(" .;,"), *countries, ids))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--registry", required=True)
    parser.add_argument("--pairs", type=int, default=500)
    asked = parser.parse_args()
    resolver = make_resolver(AffiliationsSection(registry=asked.registry))
    known = single(asked.folder, resolver)
    draw = random.Random(SEED)
    print("| joined by | pairs | both countries | organisations: recall | precision |\n|---|---:|---:|---:|---:|")
    for separator in SEPARATORS:
        pairs = [draw.sample(known, 2) for _ in range(2 * asked.pairs)]
        pairs = [pair for pair in pairs if pair[0][1] != pair[1][1]][: asked.pairs]
        right = wanted = given = both = 0
        texts = [one[0] + separator + other[0] for one, other in pairs]
        for (one, other), rows in zip(pairs, resolver.resolve_many(texts), strict=True):
            countries, ids = told(rows)
            both += countries == {one[1], other[1]}
            right += len(ids & (one[2] | other[2]))
            wanted += len(one[2] | other[2])
            given += len(ids)
        share = f"{both / len(pairs):.3f} | {right / wanted:.3f} | {right / given:.3f}"
        print(f"| `{separator.strip()}` | {len(pairs)} | {share} |")


if __name__ == "__main__":
    main()
