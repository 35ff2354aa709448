"""Speed, memory and linearity of `kakehashi resolve` over many distinct strings, with a registry and a larger one.

    python benchmarks/throughput.py FOLDER --registry FILE [--sizes 100000,300000,1500000]

The strings are those of the gold files in FOLDER (`*.csv`, `*.csv.gz`, column affiliation), then crossings of what
stands before the first comma of one with what follows it in another, in a fixed order without repetition: departments
and addresses as they are written, each address met many times, as in a corpus. The larger registry is the given one
and altered copies of it, up to --organisations: in a copy every word that is rare among the names has its vowels
turned, so that the copies share the common words (University, Institute) and no name. One process means one core.
Start-up is the time for one string once the index is built; strings/s leaves it out. Memory is the sum over processes.
"""

import argparse
import csv
import gzip
import hashlib
import json
import math
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

from affiliations import machine
from gold_sets import table
from processes import Run, kakehashi, run
from ror_names import read_dump

_STEP = 15_485_863
"""A prime: the crossings are walked in steps of it, so that neighbours share neither half."""
_COMMON = 100
"""Words in more names than this stay as they are in altered copies."""
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_VOWELS = "aeiou"
_WORD = re.compile(r"[^\W\d_]+")


def strings(folder: Path) -> Iterator[str]:
    """Yield distinct strings without end, in an order that depends on the files alone."""
    given = list(dict.fromkeys(row["affiliation"] for path in sorted(folder.glob("*.csv*")) for row in table(path)))
    pairs = [text.partition(",") for text in given if text.count(",") > 1]
    heads = list(dict.fromkeys(head.strip() for head, _, _ in pairs))
    tails = list(dict.fromkeys(tail.strip() for _, _, tail in pairs))
    size = len(heads) * len(tails)
    step = next(number for number in count(_STEP) if math.gcd(number, size) == 1)
    seen = set(given)
    yield from given
    for number in range(size):
        head, tail = divmod(number * step % size, len(tails))
        text = f"{heads[head]}, {tails[tail]}"
        if text not in seen:
            seen.add(text)
            yield text


def write_strings(path: Path, source: Iterator[str], size: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "affiliation"))
        writer.writerows(enumerate(islice(source, size), start=1))


def enlarged(organisations: Sequence[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """Return the organisations and altered copies of them, `size` in all."""
    words = Counter(word for one in organisations for name in one["names"] for word in set(_words(name["value"])))
    common = frozenset(word for word, names in words.items() if names > _COMMON)
    found = list(organisations)
    for turn in count(1):
        ids = {one["id"]: _new_id(turn, number) for number, one in enumerate(organisations)}
        for one in organisations:
            if len(found) >= size:
                return found
            found.append(_altered(one, turn, ids, common))
    return found


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _new_id(turn: int, number: int) -> str:
    """Return an id of ROR's form that ROR does not give: its own begin with 00 to 05."""
    digits = ""
    for _ in range(4):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"https://ror.org/0z{_DIGITS[turn]}{digits}{turn:02}"


def _altered(one: dict[str, Any], turn: int, ids: dict[str, str], common: frozenset[str]) -> dict[str, Any]:
    names = [{**name, "value": _turned(name["value"], turn, common)} for name in one["names"]]
    relations = [{**r, "id": ids[r["id"]]} for r in one.get("relationships", ()) if r["id"] in ids]
    return {**one, "id": ids[one["id"]], "names": names, "relationships": relations, "domains": [], "links": []}


def _turned(text: str, turn: int, common: frozenset[str]) -> str:
    """Turn the vowels of the rare words of a name (a to e, e to i, ...). A name without any gets another last word."""
    cycles = [vowels[turn:] + vowels[:turn] for vowels in (_VOWELS, _VOWELS.upper())]
    vowels = str.maketrans(_VOWELS + _VOWELS.upper(), "".join(cycles))

    def turned(match: re.Match[str]) -> str:
        word = match.group()
        return word if word.casefold() in common else word.translate(vowels)

    changed = _WORD.sub(turned, text)
    return changed if changed != text else f"{text} {_VOWELS[turn]}lt{_VOWELS[turn]}r"


def measure(registries: Sequence[Path], args: argparse.Namespace, scratch: Path) -> None:
    one, many, out = scratch / "one.csv", scratch / "many.csv", scratch / "out.csv"
    write_strings(one, strings(args.folder), 1)
    sizes = sorted(int(size) for size in args.sizes.split(","))
    print("\n| registry | processes | strings | start, s | whole, s | processor, s | strings/s | peak MiB | answers |")
    print(f"|---|{'---:|' * 7}---|")
    for registry in registries:
        run(kakehashi(one, out, registry))  # builds the index where none is kept
        for processes in (1, 2):
            start = min(run(kakehashi(one, out, registry), processes).seconds for _ in range(2))
            for size in sizes[:1] if processes == 1 and not args.all else sizes:
                write_strings(many, strings(args.folder), size)
                whole = run(kakehashi(many, out, registry), processes)
                print(_row(registry, processes, size, start, whole, out), flush=True)


def _row(registry: Path, processes: int, size: int, start: float, whole: Run, out: Path) -> str:
    speed = (size - 1) / max(whole.seconds - start, 1e-9)
    answers = hashlib.sha256(out.read_bytes()).hexdigest()[:12]
    return (
        f"| {registry.name} | {processes} | {size:,} | {start:.2f} | {whole.seconds:.1f} | "
        f"{whole.processor_seconds:.0f} | {speed:,.0f} | "
        f"{whole.mebibytes:,.0f} | {answers} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--registry", type=Path, required=True, help="a ROR v2 dump")
    parser.add_argument("--sizes", default="100000,300000,1500000", help="numbers of strings, comma-separated")
    parser.add_argument("--organisations", type=int, default=120_000, help="size of the larger registry; 0: none")
    parser.add_argument("--all", action="store_true", help="one process for every size, not the smallest alone")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakehashi-bench-") as scratch:
        os.environ["KAKEHASHI_HOME"] = str(Path(scratch) / "home")  # indexes are kept there, and gone afterwards
        registries = [args.registry]
        if args.organisations:
            larger = Path(scratch) / f"{args.organisations}-organisations.json.gz"
            content = json.dumps(enlarged(read_dump(args.registry), args.organisations), ensure_ascii=False)
            larger.write_bytes(gzip.compress(content.encode(), 1, mtime=0))
            registries.append(larger)
        print(machine())
        measure(registries, args, Path(scratch))


if __name__ == "__main__":
    main()
