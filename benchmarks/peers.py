"""Kakehashi beside pyBibX and litstudy, from one export file to the country network, and beside graph libraries.

    python benchmarks/peers.py [--works 20000] [--folder build/peers] [--unique]

Writes a synthetic corpus as one Scopus CSV, which all three read, and runs each in a process of its own: seconds from
the start of Python to the edges between countries, seconds of processors, peak memory. pyBibX and litstudy are
installed from the registry into an environment in the folder, pyBibX without what its import does not need (torch).
litstudy has no country network: its own reading of countries is paired here. With --unique it merges duplicates too, as
the others do. Then degree, eigenvector and betweenness of the country and the institution network by Kakehashi,
igraph, networkx, rustworkx and NetworKit, each alone, least of three runs; `graph` is to build it from the same arrays.
The last line is JSON.
"""

import argparse
import csv
import json
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench_study import Memory, machine, versions
from corpus import SEED
from corpus_works import Work, blocks, make_block
from kakehashi import Study

ALONE = Path(__file__).with_name("peers_alone.py")
NEEDED = (
    "litstudy",
    "bibtexparser<2",
    "chardet",
    "plotly",
    "numba",
    "scikit-learn",
    "networkx",
    "scipy",
    "pandas",
    "pillow",
    "igraph",
    "rustworkx",
    "networkit",
)
GRAPHS = ("kakehashi", "igraph", "networkx", "rustworkx", "networkit")
MEASURES = ("graph", "degree", "eigenvector", "betweenness")
HEADER = (
    "Authors", "Author(s) ID", "Title", "Year", "Source title", "Volume", "Issue", "Art. No.", "Page start", "Page end",
    "Page count", "Cited by", "DOI", "Link", "Affiliations", "Authors with affiliations", "Abstract", "Author Keywords",
    "Index Keywords", "References", "Correspondence Address", "Editors", "Publisher", "ISSN", "ISBN", "CODEN",
    "PubMed ID", "Language of Original Document", "Abbreviated Source Title", "Document Type", "Publication Stage",
    "Open Access", "Source", "EID",
)  # fmt: skip


def scopus_row(work: Work) -> tuple[object, ...]:
    """Return a work as Scopus prints it since 2022."""
    short = [f"{author.family} {author.initials.replace(' ', '')}" for author in work.authors]
    linked = [f"{author.family} {author.initials.replace(' ', '')}, {author.affiliation}" for author in work.authors]
    places = dict.fromkeys(author.affiliation for author in work.authors)
    return (
        "; ".join(short), "".join(f"{57_000_000_000 + work.number * 10 + at};" for at in range(len(short))),
        work.subject.title, work.year, "Synthetic Transactions", "", "", "", 1, 8, 8, work.citations or "",
        work.doi or "", f"https://www.scopus.com/inward/record.uri?eid=2-s2.0-{85_000_000_000 + work.number}",
        "; ".join(places), "; ".join(linked), work.subject.abstract, "; ".join(work.subject.author_terms),
        "; ".join(work.subject.terms), "", "", "", "Synthetic", "", "", "", "", "English", "Synth. Trans.",
        "Article" if work.journal else "Conference Paper", "Final", "", "Scopus",
        f"2-s2.0-{85_000_000_000 + work.number}",
    )  # fmt: skip


def write_export(path: Path, works: int) -> int:
    """Write the corpus as one Scopus CSV and return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(HEADER)
        for block in range(blocks(works)):
            writer.writerows(scopus_row(work) for work in make_block(works, SEED, block))
    return path.stat().st_size


def environment(folder: Path) -> Path:
    """Return the Python of an environment with the peers, made now if need be."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *NEEDED], check=True)
        subprocess.run([*install, "--no-deps", "pybibx"], check=True)
    return python


def timed(command: list[str]) -> dict[str, Any]:
    """Run a command whose last line is JSON; return that with what it took."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    memory = Memory(process.pid)
    printed, _ = process.communicate()
    seconds, peak = time.perf_counter() - begin, memory.stop()
    if process.returncode:
        return {"failed": process.returncode, "seconds": round(seconds, 2)}
    return {"seconds": round(seconds, 2), "peak_gib": round(peak, 2), **json.loads(printed.splitlines()[-1])}


def graphs(study: Study, folder: Path) -> Iterator[tuple[str, Path, int, int]]:
    """Write the networks of all works; yield the name of each, its file, its nodes and edges."""
    for level in ("country", "institution"):
        where = f"level = '{level}' and field = 'collected' and period = 'all'"
        rows = study.rows(f"select entity_a, entity_b, works from edges where {where} order by all")
        names = {name: place for place, name in enumerate(sorted({end for row in rows for end in row[:2]}))}
        a, b = (np.array([names[row[at]] for row in rows], dtype=np.int64) for at in (0, 1))
        file = folder / f"{level}.npz"
        np.savez(file, a=a, b=b, works=np.array([row[2] for row in rows], dtype=np.int64), nodes=len(names))
        yield level, file, len(names), len(rows)


def centralities(study: Study, folder: Path, python: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Print and return the seconds of each measure by network and system."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for level, file, nodes, edges in graphs(study, folder):
        print(f"\n| {level}: {nodes:,} nodes, {edges:,} edges | graph | degree | eigenvector | betweenness |")
        print("|---|---:|---:|---:|---:|")
        for system in GRAPHS:
            own = sys.executable if system == "kakehashi" else str(python)
            told = timed([own, str(ALONE), f"{system}-graph", str(file)])
            found.setdefault(level, {})[system] = told
            cells = (f"{told[name]:.4f}" if name in told else "–" for name in MEASURES)
            print(f"| {system} | {' | '.join(cells)} |", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, default=Path("build/peers"))
    parser.add_argument("--unique", action="store_true", help="let litstudy merge duplicates: quadratic in the works")
    args = parser.parse_args()
    export = args.folder.resolve() / f"scopus_{args.works}" / "scopus.csv"
    size = write_export(export, args.works)
    python = environment(args.folder)
    study = args.folder / f"study_{args.works}"
    imports = {
        "kakehashi": timed([sys.executable, str(ALONE), "kakehashi", str(export), str(study)]),
        "pybibx": timed([str(python), str(ALONE), "pybibx", str(export)]),
        "litstudy": timed([str(python), str(ALONE), "litstudy", str(export)]),
    }
    if args.unique:
        imports["litstudy, duplicates merged"] = timed([str(python), str(ALONE), "litstudy-unique", str(export)])
    ours = imports["kakehashi"]["seconds"]
    print("| | seconds | of processors | times ours | peak GiB | works | countries | edges |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, told in imports.items():
        cells = [told.get(key, "–") for key in ("processor_seconds", "peak_gib", "works", "countries", "edges")]
        cells.insert(1, round(told["seconds"] / ours, 1))
        print(f"| {name} | {told['seconds']} | {' | '.join(map(str, cells))} |", flush=True)
    found = centralities(Study(study), args.folder, python)
    print(json.dumps({"works": args.works, "bytes": size, "imports": imports, "centralities": found,
                      "machine": machine(), "versions": versions()}))  # fmt: skip


if __name__ == "__main__":
    main()
