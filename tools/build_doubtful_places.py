"""Rebuild doubtful_places.csv: names of towns and states that in organisations' names are more often something else.

    python tools/build_doubtful_places.py ROR_DUMP

In the names of a registry's organisations (`Instituto Superior de Agronomia`, `Fundação para a Ciência`) each place
that the gazetteer finds is right where a reading is of the organisation's country. A name is doubtful where more
organisations speak against it than for it. A name that is a whole part of a name is not counted, nor
one in another script than Latin: too few organisations have names in them.

Rows by hand are countries of other languages whose names are ordinary words or people elsewhere (`Cina`, `Maurice`).

Left out of account a fifth of the registry at a time, the places read in names of that fifth were wrong 3,219 times
and right 18,878; without the doubtful ones 1,065 times and 18,545.
"""

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kakehashi.affiliations.finder import PlaceFinder
from kakehashi.affiliations.linking.organisations import Organisation, read_organisations
from kakehashi.affiliations.places import gazetteer
from kakehashi.affiliations.text import find_words

TABLE = Path(__file__).parents[1] / "src/kakehashi/data/affiliations/doubtful_places.csv"
CODE = 2
"""Letters of a state's code, which is read only where codes stand."""
SEPARATORS = re.compile(r"[,;()]")
LATIN = re.compile(r"[\W\d_A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")


def places_of(finder: PlaceFinder, name: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the towns and states found inside a name, as written in small letters, each with its countries."""
    for part in SEPARATORS.split(name):
        words = find_words(part)
        if not words.forms:
            continue
        for place in finder.find(part, words, True):
            whole = place.last - place.first == len(words.forms)
            written = part[words.starts[place.first] : words.ends[place.last - 1]].casefold()
            named = place.readings[0].kind == "city" or (place.readings[0].kind == "region" and len(written) > CODE)
            if named and not whole and LATIN.fullmatch(written):
                yield written, {reading.country for reading in place.readings}


def count(dump: Iterable[Organisation]) -> dict[str, list[int]]:
    """Count of each place in names how many organisations it is right and wrong of."""
    finder = PlaceFinder(gazetteer(), frozenset())
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in dump:
        home = {place.country for place in one.places}
        found: dict[str, bool] = {}
        for name in one.names:
            if name.kind != "acronym":
                for written, countries in places_of(finder, name.value):
                    found[written] = found.get(written, False) or not home.isdisjoint(countries)
        for written, right in found.items():
            counts[written][not right] += 1
    return counts


def doubtful(counts: Mapping[str, list[int]]) -> list[str]:
    """Return the names that are more often wrong than right."""
    return sorted(name for name, (right, wrong) in counts.items() if wrong > right)


def main() -> None:
    """Rewrite the table; rows written by hand stay."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        hand = [row for row in csv.reader(file) if row[3].startswith("hand")]
    counts = count(read_organisations(Path(sys.argv[1])))
    chosen = doubtful(counts)
    source = f"names in {Path(sys.argv[1]).name.split('.')[0]} (ROR, CC0), tools/build_doubtful_places.py, 2026-11"
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "right", "wrong", "source"))
        writer.writerows(hand)
        writer.writerows((name, *counts[name], source) for name in chosen)
    sys.stdout.write(f"{len(chosen)} of {len(counts)} names are doubtful\n")


if __name__ == "__main__":
    main()
