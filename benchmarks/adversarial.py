"""Time and memory of the resolver on strings that nobody should write: huge, mixed in script, made of one mark.

    python benchmarks/adversarial.py [--strings 1000000] [--seed 1] [--registry FILE] [--atheris SECONDS]

Prints, for each kind of string, the slowest in milliseconds (CPU time; a slow one is run again, so that what the
machine did meanwhile does not count), and the memory of the process after each tenth. With --atheris, the fuzzer
(`pip install atheris`) makes the strings, from bytes read as UTF-8 or as code points. Nothing is written.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

SHARED_BY = 12

WORDS = (
    "University", "of", "Tokyo", "Georgia", "Dept.", "UK", "Japan", "and", "&", "/", "(CAS)", "&#xE9;", "é", "ﬁ",
    "大学", "a)", "MA 02139", "e-mail:", "x@y.ac.jp", "Inc.", "USSR", "Hong Kong", "서울", "ﾃｽﾄ", "İ", "New York",
    "is with the",
    "Institute", "Center", "U.S.A.", "-", "#R#", "<sup>", "0000-0002-1825-0097", "〒113-8656", "CB2 1TN", "Paris1",
    "مصر",
)  # fmt: skip
MARKS = [
    chr(code) for code in (*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), *range(0x20D0, 0x20F1))
]
REPEATED = (
    ",", ";", "(", ")", "[1]", "a,", "UK,", "UK;", "Tokyo;", "Paris, ", "New York and ", "University ", "University;",
    "大", "京", "大学,", "San ", "a ", "A.", "A. ", "A .", "&#x41;", "&aa", "&", "a1,", "abc1,", " ", "\n", "\t", " /",
    "/ ", " - ",
    "\u0301", "a\u0301\u0323", "\u202e", "\u0645", "\u05d0\u05b0", "\ufdfa", "\x00", "\ud800", "<b>", "#R#", "x@y.z ",
    "mail ", "email  ", "www.", "a is ", "with a ", "0000-", "9", "12345 ", "MA 02139,", "\U0001f1ef", "e\u0301",
    "University of X, Y, Japan; ", "Dept. of ", "ing. Abcd", "`", " `", "´e", "the and ", "UK and University;",
)  # fmt: skip


def random_text(rng: random.Random, size: int) -> str:
    """Code points of all planes, surrogates too."""
    return "".join(map(chr, (rng.randrange(0x110000) for _ in range(size))))


def letters(rng: random.Random, size: int) -> str:
    """Letters of one block, in words: unknown words of an unknown script."""
    base = rng.choice((0x61, 0x430, 0x3B1, 0x5D0, 0x627, 0x905, 0xE01, 0x3042, 0x4E00, 0xAC00, 0x1D400))
    return "".join(chr(base + rng.randrange(24)) if rng.random() < 0.85 else rng.choice(" ,;-") for _ in range(size))


def words(rng: random.Random, size: int) -> str:
    return "".join(rng.choice(WORDS) + rng.choice((" ", ", ", "; ", "")) for _ in range(max(size // 6, 1)))


def marks(rng: random.Random, size: int) -> str:
    return "".join(rng.choice(MARKS) if rng.random() < 0.9 else rng.choice("aeo, ") for _ in range(size))


def control(rng: random.Random, size: int) -> str:
    return "".join(
        chr(rng.choice((rng.randrange(32), rng.randrange(0x80, 0xA0), rng.randrange(0x200B, 0x2070), 0x61)))
        for _ in range(size)
    )


def repeated(rng: random.Random, size: int) -> str:
    """One or two marks over and over, behind a beginning."""
    unit = "".join(rng.sample(REPEATED, rng.choice((1, 1, 1, 2))))
    return rng.choice(("", "a", "University of Tokyo, ", "email")) + unit * (size // len(unit) + 1)


KINDS: tuple[Callable[[random.Random, int], str], ...] = (random_text, letters, words, marks, control, repeated)


def strings(number: int, seed: int) -> Iterator[tuple[str, str]]:
    """Strings with their kind: most short, every 50th of some thousand characters, every 10,000th of a million."""
    rng = random.Random(seed)
    for unit in REPEATED:
        yield "repeated", unit * (6_000 // len(unit))
        yield "repeated", unit * (1_000_000 // len(unit))
    for position in range(number - 2 * len(REPEATED)):
        kind = rng.choice(KINDS)
        size = rng.randrange(1, 80)
        if position % 50 == 0:
            size = rng.randrange(1_000, 6_000)
        text = kind(rng, size)
        yield kind.__name__, text * (1_000_000 // len(text) + 1) if position % 10_000 == 0 else text


def shared_names(resolver: object, number: int, seed: int) -> Iterator[tuple[str, str]]:
    """Strings of names that a dozen organisations of the registry have each: the most that there is to weigh."""
    from kakehashi.affiliations.registered import RegistryResolver

    if not isinstance(resolver, RegistryResolver):
        return
    known = resolver.linker.index.names
    names = sorted(name for name in known if len(known[name]) >= SHARED_BY and " " in name)
    rng = random.Random(seed)
    for _ in range(number):
        yield "shared_names", rng.choice((", ", "; ", " / ", " and ", " ")).join(rng.choices(names, k=60))


def memory() -> float:
    """Memory of this process in MiB, where the system tells."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else ()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), float("nan"))


def milliseconds(resolve: Callable[[str], object], text: str) -> float:
    started = time.thread_time()
    resolve(text)
    return (time.thread_time() - started) * 1e3


def measure(number: int, seed: int, registry: str | None) -> None:
    from kakehashi.affiliations.resolvers import make_resolver
    from kakehashi.settings import AffiliationsSection

    settings = AffiliationsSection(registry=registry)
    resolver = make_resolver(settings)
    resolver.resolve("Zzyzx University, Tokyo, Japan")
    print(f"memory before: {memory():.0f} MiB")
    slowest: dict[str, tuple[float, str]] = {}
    hostile = chain(strings(number, seed), shared_names(resolver, number // 1_000, seed))
    for position, (kind, text) in enumerate(hostile, start=1):
        took = milliseconds(resolver.resolve, text)
        if took > slowest.get(kind, (0.0, ""))[0]:
            took = min([took, *(milliseconds(make_resolver(settings).resolve, text) for _ in range(3))])
        if took > slowest.get(kind, (0.0, ""))[0]:
            slowest[kind] = took, text
        if position % max(number // 10, 1) == 0:
            print(f"{position:9} strings: {memory():.0f} MiB", flush=True)
    for kind, (took, text) in sorted(slowest.items()):
        print(f"{kind:12} {took:6.2f} ms  {len(text):8} characters: {text[:60]!a}")
    print(f"slowest: {max(took for took, _ in slowest.values()):.2f} ms")


def fuzz(seconds: int) -> None:
    """Let atheris search for strings that raise or take long. Ends the process when the time is over."""
    import atheris

    # Instrumented when first imported, so that the fuzzer sees which branches a string takes.
    with atheris.instrument_imports(include=["kakehashi.affiliations"]):
        from kakehashi.affiliations.resolve import Resolver

    resolver = Resolver()

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        text = provider.ConsumeUnicode(6_000) if data[:1] < b"\x80" else data.decode("utf-8", "replace")
        rows = resolver.resolve(text)
        assert all(row.span is None or row.span in text for row in rows), ascii(text)

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=6000", "-timeout=1"], one)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strings", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--registry", help="a ROR v2 dump, or the version of one that was added")
    parser.add_argument("--atheris", type=int, metavar="SECONDS", help="fuzz for so long instead")
    args = parser.parse_args()
    if args.atheris:
        fuzz(args.atheris)
    else:
        measure(args.strings, args.seed, args.registry)


if __name__ == "__main__":
    main()
