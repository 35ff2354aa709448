"""Draw works from folders of export files for the gold set of fields, and find the texts of works drawn before.

    python benchmarks/draw_gold_works.py CORPORA --out DRAWN.csv [--seed 20261128]
    python benchmarks/draw_gold_works.py CORPORA --texts TEXTS.csv [--works tests/gold/work_fields.csv]

The first writes the columns id, source, draw, part, second: 420 works in the numbers of `QUOTAS`, each folder evenly
over venues and years (`even`), and 180 chosen for the fields that are rare there (`rare`); half of each source for
tuning and half for testing, a quarter of each to be labelled a second time. The second writes id, title, abstract,
keywords and year of the works listed, as `kakehashi classify` reads them; those texts belong to their publishers and
stay out of the repository. The same seed and the same files give the same draw.
"""

import argparse
import csv
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kakehashi.corpus.keys import plain_title, title_key
from kakehashi.records import Record
from kakehashi.sources.registry import find_files, read_file

SEED = 20261128
WORKS = Path(__file__).parents[1] / "tests" / "gold" / "work_fields.csv"
SECOND_SHARE = 0.25

# (source, folder, format, works): 420. Scopus, WoS and OpenAlex hold few ICT works here and much else, as studies do.
QUOTAS = (
    ("ieee", "ieee-rl-production", "ieee_csv", 46),
    ("ieee", "ieee-search-engine", "ieee_csv", 33),
    ("ieee", "slr-churn-multi", "ieee_csv", 16),
    ("ieee", "old-ieee-springer-acm-isi", "ieee_csv", 4),
    ("acm", "acm-rl-production", "acm_bibtex", 38),
    ("acm", "acm-chi", "acm_bibtex", 25),
    ("acm", "slr-churn-multi", "acm_csv", 12),
    ("acm", "old-ieee-springer-acm-isi", "acm_csv", 10),
    ("scopus", "lens-scopus-amgonzalez", "scopus_csv", 32),
    ("scopus", "scopus-citation-network", "scopus_csv", 10),
    ("scopus", "scopus-ai-hub", "scopus_csv", 8),
    ("scopus", "scopus-mccpln", "scopus_csv", 12),
    ("wos", "wos-bci-eeg", "wos_tagged", 30),
    ("wos", "wos-thomson-2013", "wos_tagged", 14),
    ("wos", "slr-churn-multi", "wos_table", 8),
    ("openalex", "openalex-tu9-herreio", "openalex_json", 46),
    ("openalex", "openalex-synergy-v1", "openalex_json", 12),
    ("conference", "conference-lists", "generic_csv", 44),
    ("springer", "springer-sciencedirect-rl-production", "springer_csv", 7),
    ("sciencedirect", "springer-sciencedirect-rl-production", "sciencedirect_bibtex", 7),
    ("lens", "lens-scopus-amgonzalez", "lens_csv", 6),
)

# (field, words, works): 180 more, because these fields are rare in the corpora and could not be measured otherwise. The
# words are wide and may stand anywhere in the text, so that works beside the point come along ("optical flow", "edge
# detection"). They choose what is read, not what it is labelled.
RARE = (
    ("photonics_quantum", r"\b(?:photon|laser|quantum|qubit|optical|optics|optoelectronic|fib(?:er|re)s?\b|lidar)", 44),
    ("edge", r"\b(?:edge|fog|offload\w*|on-device|near the source|mec|cloudlet)\b", 46),
    (
        "device",
        r"\b(?:circuit|fpga|semiconductor|converter|inverter|chip|transistor|gpu|processor|memristor|antenna)s?\b",
        38,
    ),
    ("network", r"\b(?:wireless|routing|5g|6g|sdn|spectrum|protocol|telecom\w*|cellular|network traffic)\b", 22),
    (
        "iot",
        r"\b(?:iot|internet of things|digital twin|cyber-physical|embedded|wearable|"
        r"smart (?:home|grid|city|factory))s?\b",
        30,
    ),
)
RARE_FOLDERS = (
    "ieee-rl-production", "ieee-search-engine", "acm-rl-production", "acm-chi", "openalex-tu9-herreio",
    "conference-lists", "springer-sciencedirect-rl-production",
)  # fmt: skip

_ALIKE = 0.5
"""Share of common words from which two titles are too alike for one set."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that may be drawn: its lasting identifier, where it was found, and the record itself."""

    id: str
    source: str
    folder: str
    record: Record


def work_id(record: Record, file: Path) -> str:
    """Return the DOI, else the database's own number behind the name of folder and file, else the title key."""
    if record.doi:
        return record.doi.lower()
    if record.source_id:
        name = file.name.split(".")[0]
        return f"{file.parent.name}/{name}#{record.source_id}"
    return f"title:{title_key(record)}"


def candidates(corpora: Path) -> Iterator[Candidate]:
    """Yield the titled records of all quotas, in the order of the files, duplicates and all."""
    sources = {(folder, format_): source for source, folder, format_, _ in QUOTAS}
    for folder in dict.fromkeys(folder for _, folder, _, _ in QUOTAS):
        for path, label in find_files([corpora / folder]):
            for format_, item in read_file(path, label, {}):
                source = sources.get((folder, format_.name)) if format_ else None
                if source and isinstance(item, Record) and item.title:
                    yield Candidate(work_id(item, path), source, folder, item)


def unique(found: Iterable[Candidate]) -> list[Candidate]:
    """Keep one record for each id and for each title: the fullest, the first among equals."""
    best: dict[str, Candidate] = {}
    for one in found:
        known = best.get(one.id)
        if known is None or _fullness(one.record) > _fullness(known.record):
            best[one.id] = one
    titles: dict[str, Candidate] = {}
    for one in best.values():
        titles.setdefault(plain_title(one.record.title or ""), one)
    return list(titles.values())


def _fullness(record: Record) -> tuple[bool, bool]:
    return bool(record.abstract), bool(record.keywords)


def draw(works: Sequence[Candidate], seed: int) -> dict[str, list[Candidate]]:
    """Draw the quotas (`even`) and the works of each rare field, without titles that are much alike."""
    line = sorted(works, key=lambda one: _order(seed, one.id))
    drawn: dict[str, list[Candidate]] = {"even": []}
    for source, folder, _, number in QUOTAS:
        pool = [one for one in line if (one.source, one.folder) == (source, folder)]
        drawn["even"] += _evenly(pool, number, drawn["even"])
    for field, words, number in RARE:
        pattern = re.compile(words, re.IGNORECASE)
        pool = [one for one in line if one.folder in RARE_FOLDERS and pattern.search(_text(one))]
        drawn[field] = _evenly(pool, number, [one for taken in drawn.values() for one in taken])
    return drawn


def _evenly(pool: list[Candidate], number: int, before: Sequence[Candidate]) -> list[Candidate]:
    """Take works evenly over sources, then venues, then years; leave out what is like a work taken before."""
    taken = [_words(one) for one in before]
    sources, venues, years = Counter[str](), Counter[str](), Counter[int | None]()
    drawn: list[Candidate] = []
    while pool and len(drawn) < number:
        one = min(pool, key=lambda one: (sources[one.source], venues[_venue(one)], years[one.record.year]))
        pool.remove(one)
        words = _words(one)
        if any(len(words & other) > _ALIKE * len(words | other) for other in taken):
            continue
        sources[one.source] += 1
        venues[_venue(one)] += 1
        years[one.record.year] += 1
        taken.append(words)
        drawn.append(one)
    return drawn


def _text(one: Candidate) -> str:
    record = one.record
    return "\n".join((record.title or "", record.abstract or "", *(keyword.text for keyword in record.keywords)))


def _venue(one: Candidate) -> str:
    """Return the venue without its numbers and years. A work without a venue stands for itself."""
    return re.sub(r"\d+(?:st|nd|rd|th)?|[\W_]", "", (one.record.venue or "").casefold()) or one.id


def _words(one: Candidate) -> frozenset[str]:
    return frozenset(re.findall(r"\w{3,}", (one.record.title or "").casefold()))


def _order(seed: int, key: str) -> str:
    return hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()


def write_drawn(drawn: Mapping[str, Sequence[Candidate]], seed: int, path: Path) -> None:
    """Write the draw, sources mixed: the order in which it is to be labelled.

    Parts and second labelling alternate along sources and, within them, along what the works were drawn for, so that
    both are as even there as whole numbers allow.
    """
    rows = [(one.source, name, _order(seed + 1, one.id), one.id) for name, works in drawn.items() for one in works]
    every = round(2 / SECOND_SHARE)
    chosen: list[tuple[str, ...]] = []
    for n, (source, name, _, id_) in enumerate(sorted(rows)):
        second = n % every in (0, every // 2 + 1)
        kind = "even" if name == "even" else "rare"
        chosen.append((id_, source, kind, ("tune", "test")[n % 2], "yes" if second else ""))
    mixed = sorted(chosen, key=lambda row: _order(seed + 2, row[0]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "source", "draw", "part", "second"))
        writer.writerows(mixed)


def write_texts(works: Iterable[Candidate], listed: Path, path: Path) -> list[str]:
    """Write the texts of the works listed, in the order of the list; return the ids that were not found."""
    with listed.open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]
    by_id = {one.id: one.record for one in works}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "title", "abstract", "keywords", "year"))
        for id_ in ids:
            if record := by_id.get(id_):
                keywords = "; ".join(dict.fromkeys(keyword.text for keyword in record.keywords))
                writer.writerow((id_, record.title, record.abstract or "", keywords, record.year or ""))
    return [id_ for id_ in ids if id_ not in by_id]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, help="write the draw here")
    parser.add_argument("--texts", type=Path, help="write the texts of --works here")
    parser.add_argument("--works", type=Path, default=WORKS, help="a table with a column id")
    args = parser.parse_args()
    works = unique(candidates(args.corpora))
    if args.out:
        drawn = draw(works, args.seed)
        write_drawn(drawn, args.seed, args.out)
        print(f"{sum(map(len, drawn.values()))} works drawn from {len(works)}")
    if args.texts and (missing := write_texts(works, args.works, args.texts)):
        print(f"{len(missing)} works not found: {', '.join(missing[:5])}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
