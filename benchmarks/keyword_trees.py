"""How well keyword trees estimated from co-occurrence agree with hierarchies made by people.

    python benchmarks/keyword_trees.py CORPORA TAXONOMY

CORPORA holds folders of export files, TAXONOMY the IEEE Thesaurus as triples (ieee/ieee_thesaurus_2023.csv) and the ACM
CCS as SKOS (acm_ccs2012.xml). Only keywords that the hierarchy knows are scored. Edge precision: of the links between
two known keywords, those that the hierarchy has; edge recall: of its links between two keywords of the corpus, those
found; ancestor precision: links whose upper end is any ancestor of the lower one; depth: Spearman correlation.
Intervals and differences: 95%, 1,000 resamples of the keywords, the same for all methods.
"""

import argparse
import csv
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import spearmanr

from kakehashi.corpus import stage as corpus
from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import stage, tree
from kakehashi.fields.keywords import normal
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, Settings, SourceSection

CORPORA = {
    "IEEE Xplore, reinforcement learning": ("ieee-rl-production",),
    "IEEE Xplore, search engines": ("ieee-search-engine",),
    "OpenAlex, Lens and Scopus": (
        "openalex-synergy-v1", "openalex-tu9-herreio", "lens-scopus-amgonzalez", "scopus-ai-hub",
        "scopus-citation-network",
    ),
    "Web of Science": ("wos-bci-eeg", "wos-thomson-2013"),
    "all 18 folders": (),
}  # fmt: skip
RESAMPLES, SEED = 1_000, 20230331
Links = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Hierarchy:
    """Broader terms of each term, all ancestors, and depths: 0 where there is nothing broader."""

    broader: Links
    ancestors: Links
    depth: Mapping[str, int]


def hierarchy(pairs: Iterable[tuple[str, str]]) -> Hierarchy:
    broader: dict[str, set[str]] = {}
    for narrow, broad in pairs:
        if narrow != broad:
            broader.setdefault(narrow, set()).add(broad)
            broader.setdefault(broad, set())
    above = {term: frozenset(_climb(term, broader)) - {term} for term in broader}
    depth: dict[str, int] = {}
    level = {term for term in broader if not broader[term]}
    while level:
        number = max(depth.values(), default=-1) + 1
        depth |= dict.fromkeys(level, number)
        level = {term for term in broader if term not in depth and broader[term] & depth.keys()}
    return Hierarchy({term: frozenset(found) for term, found in broader.items()}, above, depth)


def _climb(term: str, broader: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [term]
    while todo:
        for broad in broader[todo.pop()]:
            if broad not in seen:
                seen.add(broad)
                todo.append(broad)
    return seen


def ieee(path: Path) -> Hierarchy:
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    down = [(normal(row["object"]), normal(row["subject"])) for row in rows if row["predicate"] == "NT"]
    return hierarchy(
        [(normal(row["subject"]), normal(row["object"])) for row in rows if row["predicate"] == "BT"] + down
    )


def ccs(path: Path) -> Hierarchy:
    skos, rdf = "{http://www.w3.org/2004/02/skos/core#}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    concepts = {one.get(f"{rdf}about"): one for one in ET.parse(path).getroot().iter(f"{skos}Concept")}  # noqa: S314
    names = {key: normal(one.findtext(f"{skos}prefLabel") or "") for key, one in concepts.items()}
    links = [
        (names[key], names[broad.get(f"{rdf}resource")])
        for key, one in concepts.items()
        for broad in one.iter(f"{skos}broader")
        if broad.get(f"{rdf}resource") in names
    ]
    return hierarchy(links)


Trees = dict[str, dict[str, tuple[str | None, int]]]


def grown(folders: list[Path]) -> Trees:
    """Return for each method each keyword of the corpus with its parent and depth, by the stage's own code."""
    with TemporaryDirectory() as place:
        engine = DuckDB(Path(place))
        corpus.run(engine, Settings(sources=tuple(SourceSection(path=str(one)) for one in folders)), Silent())
        trees: Trees = {}
        for name in tree.METHODS:
            stage.run(engine, Settings(fields=FieldsSection(decide="keywords", tree_method=name)), Silent())
            rows = engine.rows("select keyword, parent, depth from keyword_tree order by keyword")
            trees[name] = {keyword: (parent, depth) for keyword, parent, depth in rows}
        engine.close()
    return trees


def tally(found: Mapping[str, tuple[str | None, int]], known: Hierarchy) -> np.ndarray:
    """Return one row a keyword known to the hierarchy: links found, right, to an ancestor, and links to be found."""
    rows = []
    for keyword in sorted(found.keys() & known.broader.keys()):
        parent = found[keyword][0]
        linked = parent is not None and parent in known.broader
        wanted = sum(broad in found for broad in known.broader[keyword])
        right = linked and parent in known.broader[keyword]
        rows.append((linked, right, linked and parent in known.ancestors[keyword], wanted))
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def scores(sums: np.ndarray) -> tuple[np.ndarray, ...]:
    linked, right, upper, wanted = np.moveaxis(sums, -1, 0)
    return (
        right / np.maximum(linked, 1), right / np.maximum(wanted, 1), 2 * right / np.maximum(linked + wanted, 1),
        upper / np.maximum(linked, 1),
    )  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpora", type=Path)
    arguments.add_argument("taxonomy", type=Path)
    given = arguments.parse_args()
    known = {
        "IEEE BT": ieee(given.taxonomy / "ieee" / "ieee_thesaurus_2023.csv"),
        "CCS": ccs(given.taxonomy / "acm_ccs2012.xml"),
    }
    print("| corpus | hierarchy | method | links | precision | recall | F1 | F1 minus plain | ancestor | depth |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, folders in CORPORA.items():
        paths = [given.corpora / one for one in folders] or sorted(p for p in given.corpora.iterdir() if p.is_dir())
        trees = grown(paths)
        for title, made in known.items():
            report(name, title, trees, made)


def report(name: str, title: str, trees: Trees, made: Hierarchy) -> None:
    plain = tally(trees["plain"], made)
    picks = np.random.default_rng(SEED).integers(0, len(plain), (RESAMPLES, len(plain)))
    base = scores(plain[picks].sum(axis=1))[2]
    for method, found in trees.items():
        table = tally(found, made)
        precision, recall, f1, ancestor = (float(value) for value in scores(table.sum(axis=0)))
        drawn = scores(table[picks].sum(axis=1))[2]
        low, high = np.quantile(drawn, (0.025, 0.975))
        less, more = np.quantile(drawn - base, (0.025, 0.975))
        both = sorted(found.keys() & made.depth.keys())
        depth = spearmanr([found[one][1] for one in both], [made.depth[one] for one in both]).statistic
        difference = "" if method == "plain" else f"{less:+.3f} to {more:+.3f}"
        print(
            f"| {name} | {title} | {method} | {int(table[:, 0].sum())} | {precision:.3f} | {recall:.3f} | "
            f"{f1:.3f} ({low:.3f} to {high:.3f}) | {difference} | {ancestor:.3f} | {depth:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
