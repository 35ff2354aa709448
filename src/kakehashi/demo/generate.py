"""Write the demo corpus: export files with faults, and beside them the truth that a study of them must find."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kakehashi.demo import acm, ieee
from kakehashi.demo.works import FIRST_YEAR, Work, make_works

_IEEE_PAGE = 1_950  # Xplore exports at most 2,000 records at once; leaves room for repeated ones
_ACM_PAGE = 1_000
_OLD_SHARE = 0.2  # of the single-institution works of the first year: those whose first affiliation says it all
_TWICE = 0.015  # records exported a second time, in another file of the same database
_UNTITLED = 3
_SHIFTED = 2
_AFFILIATIONS_KNOWN = 0.9  # of the works that only ACM has: the user found their affiliations


@dataclass(frozen=True)
class DemoFile:
    """A file that was written: its path below the folder, its format, and how many records it holds in all."""

    name: str
    format: str
    records: int


@dataclass(frozen=True)
class DemoTruth:
    """What a correct study of the demo finds.

    works: distinct works after merging. refused: records that must be refused, by code. shifted: further records whose
    cells have shifted; each repeats a work that is also printed correctly, so repairing or refusing it is right.
    country_papers: works by country, where the exports print it. country_pairs: joint works of two countries, sorted
    codes. without_country: works with no affiliation in any export.
    """

    files: tuple[DemoFile, ...]
    works: int
    refused: Mapping[str, int]
    shifted: int
    without_country: int
    international: int
    country_papers: Mapping[str, int]
    country_pairs: Mapping[tuple[str, str], int]

    @property
    def records(self) -> int:
        """Records in all files, refused ones included."""
        return sum(file.records for file in self.files)


def write_demo(folder: Path, works: int = 20_000, seed: int = 20230331) -> DemoTruth:
    """Write the demo's export files into `folder` (made if absent) and return what is in them.

    The same `works` and `seed` give the same bytes. Raises OSError where the folder cannot be written.
    """
    rng = random.Random(seed)  # noqa: S311 - a corpus to be made again, not a secret
    corpus = make_works(works, rng)
    unknown = [work for work in corpus if not work.ieee and rng.random() >= _AFFILIATIONS_KNOWN]
    files = [*_write_ieee(folder, corpus, rng), *_write_acm(folder, corpus, rng)]
    hidden = {work.number for work in unknown}
    found = [work for work in corpus if not work.ieee and work.number not in hidden]
    _write(folder / "acm_affiliations.csv", acm.affiliation_table(found))
    files.append(DemoFile("acm_affiliations.csv", "generic_csv", len(found)))
    return _truth(tuple(files), corpus, hidden)


def _truth(files: tuple[DemoFile, ...], corpus: Sequence[Work], hidden: set[int]) -> DemoTruth:
    papers: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    located = [work for work in corpus if work.number not in hidden]
    for work in located:
        codes = work.countries
        papers.update(codes)
        pairs.update((a, b) for place, a in enumerate(codes) for b in codes[place + 1 :])
    return DemoTruth(
        files=files,
        works=len(corpus),
        refused=MappingProxyType({"no_title": _UNTITLED, "truncated": 1}),
        shifted=_SHIFTED,
        without_country=len(hidden),
        international=sum(len(work.countries) > 1 for work in located),
        country_papers=MappingProxyType(dict(sorted(papers.items()))),
        country_pairs=MappingProxyType(dict(sorted(pairs.items()))),
    )


def _write_ieee(folder: Path, corpus: Sequence[Work], rng: random.Random) -> list[DemoFile]:
    """One export per 2,000 works of a year; the old header holds works that its first affiliation describes fully."""
    held = [work for work in corpus if work.ieee]
    old = {
        work.number
        for work in held
        if work.year == FIRST_YEAR and len(work.institutions) == 1 and rng.random() < _OLD_SHARE
    }
    batches = [("ieee_old_2016.csv", ieee.OLD, [work for work in held if work.number in old])]
    for year in sorted({work.year for work in held}):
        of_year = [work for work in held if work.year == year and work.number not in old]
        generation = ieee.NEW if year >= FIRST_YEAR + 5 else ieee.MIDDLE
        for page, start in enumerate(range(0, len(of_year), _IEEE_PAGE), 1):
            batches.append((f"ieee_{year}_{page}.csv", generation, of_year[start : start + _IEEE_PAGE]))
    files = []
    for number, (name, generation, works) in enumerate(batches):
        rows = [ieee.row(work, generation, rng) for work in works]
        if generation is not ieee.OLD:
            again = [work for work in held if work.number not in old and rng.random() < _TWICE / len(batches)]
            rows += [ieee.row(work, generation, rng, doi=rng.random() < 0.7) for work in again]
        if number == 1:
            rows[5:5] = [ieee.shifted_row(held[-1 - at], generation, rng) for at in range(_SHIFTED)]
            rows[9:9] = [ieee.untitled_row(held[at], generation, rng) for at in range(_UNTITLED)]
        ending = "\r\n" if number % 3 == 2 else "\n"
        text = generation.preamble + ending.join([ieee.header(generation), *rows]) + ending
        _write(folder / "ieee" / name, text, bom=number % 4 == 3)
        files.append(DemoFile(f"ieee/{name}", "ieee_csv", len(rows)))
    return files


def _write_acm(folder: Path, corpus: Sequence[Work], rng: random.Random) -> list[DemoFile]:
    """One BibTeX file per 1,000 works; entries repeat within and across files, and the last file is cut off."""
    held = [work for work in corpus if work.acm]
    starts = range(0, len(held), _ACM_PAGE)
    files = []
    for page, start in enumerate(starts, 1):
        works = held[start : start + _ACM_PAGE]
        again = [work for work in held if rng.random() < 3 * _TWICE / len(starts)]
        entries = [acm.entry(work, rng) for work in works]
        entries += [acm.entry(work, rng, doi=rng.random() < 0.7) for work in again]
        if start == starts[-1]:
            whole = acm.entry(works[0], rng)
            entries.append(whole[: whole.index("abstract") + 60])
        _write(folder / "acm" / f"acm_{page}.bib", "\n".join(entries))
        files.append(DemoFile(f"acm/acm_{page}.bib", "acm_bibtex", len(entries)))
    return files


def _write(path: Path, text: str, bom: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8"))
