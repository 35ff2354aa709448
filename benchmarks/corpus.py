"""Write a synthetic corpus as export files: IEEE Xplore CSV, ACM BibTeX, OpenAlex JSON Lines, at any scale.

    python benchmarks/corpus.py FOLDER --works 200000 [--seed 20230331] [--processes 2] [--gzip]

Calibrated on published figures (corpus.toml): countries, international share, fields, team sizes, institutions under
Zipf's law with about three spellings each, works of up to 3,000 authors. The same works and seed give the same bytes,
whatever the number of processes. Works are drawn and written by the block of 10,000, so memory does not grow with them.
About 2.5 kB a work: 20,000 works are 50 MB, 2,150,000 are 5.4 GB, with --gzip a fifth of it. Do not draw conclusions
from the data.
"""

import argparse
import gzip
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import corpus_formats as formats
from corpus_works import Work, blocks, make_block
from corpus_world import calibration, countries

PAGE = 2_000  # Xplore exports at most 2,000 records at once
SEED = 20_230_331


def write_block(folder: str, works: int, seed: int, packed: bool, block: int) -> tuple[int, int]:
    """Write the files of one block and return how many they are and their bytes."""
    rng = random.Random(seed * 1_000_003 + block)
    made = list(make_block(works, seed, block))
    faults = calibration()["faults"]
    ieee = [work for work in made if not work.acm]
    acm = [work for work in made if work.acm]
    written = [
        _write(
            Path(folder, "ieee", f"ieee_{block:05d}_{start // PAGE}.csv"),
            _ieee(ieee[start : start + PAGE], rng),
            packed,
        )
        for start in range(0, len(ieee), PAGE)
    ]
    entries = (formats.acm_entry(work).encode() for work in acm)
    written.append(_write(Path(folder, "acm", f"acm_{block:05d}.bib"), entries, packed))
    codes = tuple(country.code for country in countries())
    found = [work for work in made if (rng.random() < faults["filled"] if work.acm else work.also_openalex)]
    lines = (formats.openalex_line(work, codes) for work in found)
    written.append(_write(Path(folder, "openalex", f"works_{block:05d}.jsonl"), lines, packed))
    return len(written), sum(written)


def _ieee(works: Sequence[Work], rng: random.Random) -> Iterator[bytes]:
    faults = calibration()["faults"]
    yield formats.IEEE_HEADER.encode() + b"\n"
    for work in works:
        entities, missing = rng.random() < faults["entities"], rng.random() < faults["missing_slot"]
        yield formats.ieee_row(work, entities=entities, missing=missing).encode()
        if rng.random() < faults["twice"]:
            yield formats.ieee_row(work, entities=False, missing=False, repeated=True).encode()


def _write(path: Path, lines: Iterator[bytes], packed: bool) -> int:
    text = b"".join(lines)
    if packed:  # no time in it, so that the same works give the same bytes
        path = path.with_name(f"{path.name}.gz")
        text = gzip.compress(text, compresslevel=1, mtime=0)
    path.write_bytes(text)
    return len(text)


def write_corpus(
    folder: Path, works: int, seed: int = SEED, processes: int | None = None, packed: bool = False
) -> tuple[int, int]:
    """Write the export files into `folder` (made if absent) and return how many they are and their bytes.

    Raises OSError where the folder cannot be written.
    """
    for part in ("ieee", "acm", "openalex"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    number = blocks(works)
    arguments = [str(folder)] * number, [works] * number, [seed] * number, [packed] * number, range(number)
    if number == 1 or processes == 1:
        done = list(map(write_block, *arguments))
    else:
        with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
            done = list(pool.map(write_block, *arguments))
    return sum(files for files, _ in done), sum(size for _, size in done)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--works", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, help="default: one for each core")
    parser.add_argument("--gzip", action="store_true", help="files as .gz, as snapshots are handed out")
    args = parser.parse_args()
    begin = time.perf_counter()
    files, size = write_corpus(args.folder, args.works, args.seed, args.processes, args.gzip)
    seconds = round(time.perf_counter() - begin, 1)
    print(json.dumps({"works": args.works, "files": files, "bytes": size, "seconds": seconds}))


if __name__ == "__main__":
    main()
