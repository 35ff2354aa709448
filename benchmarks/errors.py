"""Misses and false answers of `kakehashi resolve` on gold files, by class, with examples.

    python benchmarks/errors.py GOLD.csv [GOLD.csv ...] --registry FILE [--known IDS] [--equiv CSV] [--clip]

A **false answer** is an id that the gold set lacks, a **miss** a gold id that the answer lacks. A miss of a string with
a false answer counts under the relation between the two, once; the other misses are sorted by what the string shows of
the name. An answer that the string names in full beside a right one is often a gap of the gold set: read those first.
With --answers, a file that `kakehashi resolve` wrote before is read instead of running it.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from gold_sets import Answer, Frame, Gold, frame, read_answers, read_gold, score
from kakehashi.affiliations.names import normal_key
from ror_names import Organisation, Organisations, fold, read_organisations

_CLOSE = 90
"""Partial ratio from which a name counts as written in the string, though otherwise spelled."""


@dataclass(frozen=True, slots=True)
class Error:
    """One false answer or miss: its class, the string, and the ids concerned."""

    kind: str
    group: str
    gold: Gold
    answer: Answer
    wanted: str | None
    given: str | None


def errors_of(gold: Gold, answer: Answer, by: Frame, ror: Organisations) -> Iterator[Error]:
    """Yield the errors of one string."""
    wanted, given = by.same(gold.rors), by.answered(answer.rors)
    missing = [one for one in wanted if one not in given]
    false = [one for one in given if one not in wanted]
    explained: set[str] = set()
    for one in false:
        relation, other = _nearest(one, missing or list(wanted), ror)
        if relation and other in missing:
            explained.add(other)
        group = relation or _unrelated(one, gold, wanted, missing, ror)
        yield Error("false", group, gold, answer, other, one)
    for one in missing:
        if one not in explained:
            yield Error("miss", _miss(one, gold, answer, false, ror), gold, answer, one, false[0] if false else None)


def _nearest(given: str, wanted: Sequence[str], ror: Organisations) -> tuple[str | None, str]:
    """Return how a false answer is related to a gold id, and to which."""
    found = ror.by_id.get(given)
    for other in wanted:
        if found is None or other not in ror.by_id:
            continue
        relation = _relation(found, ror.by_id[other], ror)
        if relation:
            return relation, other
    return None, wanted[0] if wanted else ""


def _relation(given: Organisation, wanted: Organisation, ror: Organisations) -> str | None:
    if given.id in _above(wanted, ror):
        return "parent given"
    if wanted.id in _above(given, ror):
        return "child given"
    for kind in ("successor", "predecessor", "related"):
        if given.id in wanted.related.get(kind, ()):
            return f"{kind} given"
    if set(given.names) & set(wanted.names):
        return "same name elsewhere"
    if set(given.related.get("parent", ())) & set(wanted.related.get("parent", ())):
        return "sibling given"
    if set(given.acronyms) & set(wanted.acronyms):
        return "same acronym elsewhere"
    return None


def _above(one: Organisation, ror: Organisations) -> set[str]:
    """Return all ancestors; cycles in the registry end the walk."""
    found: set[str] = set()
    waiting = list(one.related.get("parent", ()))
    while waiting:
        parent = waiting.pop()
        if parent not in found and parent in ror.by_id:
            found.add(parent)
            waiting += ror.by_id[parent].related.get("parent", ())
    return found


def _unrelated(given: str, gold: Gold, wanted: Sequence[str], missing: Sequence[str], ror: Organisations) -> str:
    if given not in ror.by_id:
        return "not in the registry file"
    seen = shown(gold.text, ror.by_id[given])
    if not wanted:
        return f"gold has none; answer's {seen}"
    return f"{'beside the right answer' if not missing else 'unrelated'}; answer's {seen}"


def shown(text: str, one: Organisation) -> str:
    """Say what a string shows of an organisation's name."""
    folded, keyed = fold(text), normal_key(text)
    if any(_stands_in(name, folded) for name in one.names):
        return "name in string"
    if any(_stands_in(normal_key(name), keyed) for name in one.names):
        return "name in string, abbreviated"
    if any(_stands_in(name, folded) for name in one.acronyms):
        return "acronym in string"
    close = max((fuzz.partial_ratio(name, folded) for name in one.names if len(name) >= 8), default=0.0)
    return "name in string, otherwise spelled" if close >= _CLOSE else "name not in string"


def _stands_in(name: str, text: str) -> bool:
    return bool(name) and (f" {name} " in f" {text} " if name.isascii() else name in text)


def _miss(wanted: str, gold: Gold, answer: Answer, false: Sequence[str], ror: Organisations) -> str:
    one = ror.by_id.get(wanted)
    if one is None:
        return "not in the registry file"
    seen = shown(gold.text, one)
    if seen == "name not in string":
        seen = "alias missing or not named"
    elif seen == "name in string" and _share(gold.text, one, ror) > 1:
        seen = "name in string, shared by several"
    if one.status != "active":
        seen += f", {one.status}"
    others = "another answer" if false else "only the right others" if answer.rors else "no answer"
    reason = f" ({answer.reason})" if answer.reason and not answer.rors else ""
    return f"{seen}; {others}{reason}"


def _share(text: str, one: Organisation, ror: Organisations) -> int:
    """Return how many organisations bear the longest name of this one that stands in the string."""
    folded = fold(text)
    names = [name for name in one.names if _stands_in(name, folded)]
    return len(ror.by_name[max(names, key=len)]) if names else 0


def resolve(gold: Path, registry: Path, options: Sequence[str]) -> dict[str, Answer]:
    """Run the command line as a user would."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "answers.csv"
        command = [sys.executable, "-m", "kakehashi", "resolve", str(gold), "--out", str(out)]
        subprocess.run([*command, "--registry", str(registry), *options], check=True, stdout=subprocess.DEVNULL)
        return read_answers(out)


def show(path: Path, errors: Sequence[Error], ror: Organisations, examples: int) -> None:
    for kind, title in (("false", "False answers"), ("miss", "Misses")):
        groups: dict[str, list[Error]] = defaultdict(list)
        for error in errors:
            if error.kind == kind:
                groups[error.group].append(error)
        sizes = Counter({group: len(members) for group, members in groups.items()})
        print(f"\n## {path.stem}: {title} ({sizes.total()})\n")
        for group, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
            print(f"- {size:4} {group}")
            for error in groups[group][:examples]:
                print(_example(error, ror))


def _example(error: Error, ror: Organisations) -> str:
    wanted = _name(error.wanted, ror) if error.wanted else "none"
    given = _name(error.given, ror) if error.given else "none"
    sure = f" {max(error.answer.confidences):.2f}" if error.answer.confidences else ""
    return f"       `{error.gold.text[:160]}`\n           wanted {wanted} | given {given}{sure}"


def _name(ror_id: str, ror: Organisations) -> str:
    one = ror.by_id.get(ror_id)
    return f"{one.name} [{' '.join(one.countries)} {ror_id}]" if one else f"[{ror_id}]"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--registry", type=Path, required=True, help="a ROR v2 dump")
    parser.add_argument("--answers", type=Path, help="answers to read instead of running the command line")
    parser.add_argument("--known", type=Path, help="ROR ids, one a line: only strings whose gold ids are all in it")
    parser.add_argument("--equiv", type=Path, help="CSV old,new: ids that count as one")
    parser.add_argument("--clip", action="store_true", help="drop answers outside --known")
    parser.add_argument("--only", default="", help="show only classes that contain this text")
    parser.add_argument("--examples", type=int, default=5, help="strings shown of each class")
    parser.add_argument("--min-confidence", help="passed on to kakehashi resolve")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    by, ror = frame(args.known, args.equiv, clip=args.clip), read_organisations(args.registry)
    options = ["--min-confidence", args.min_confidence] if args.min_confidence else []
    for path in args.gold:
        gold = read_gold(path)
        answers: Mapping[str, Answer] = (
            read_answers(args.answers) if args.answers else resolve(path, args.registry, options)
        )
        found = [
            error for one in gold if by.scores(one)
            for error in errors_of(one, answers.get(one.id, Answer()), by, ror) if args.only in error.group
        ]  # fmt: skip
        ids = score(gold, answers, by).ids
        print(f"\n# {path.stem}: precision {ids.precision:.4f}, recall {ids.recall:.4f}, F1 {ids.f1:.4f}")
        show(path, found, ror, args.examples)


if __name__ == "__main__":
    main()
