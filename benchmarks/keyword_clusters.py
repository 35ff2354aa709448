"""Leiden communities of the keyword graph against clusters cut from the keyword tree: which are about one subject?

    python benchmarks/keyword_clusters.py CORPORA TAXONOMY

CORPORA and TAXONOMY as in keyword_trees.py. Clusters are compared with the topmost terms of a hierarchy made by people;
a keyword with several counts for the first in alphabetical order, and one that the hierarchy does not know is left out.
AMI: adjusted mutual information, 0 by chance (Vinh et al. 2010); NMI: normalised by the arithmetic mean, which rises
with the number of clusters alone. purity: keywords under the term that most of their cluster stand under. right: of
the works of the shipped label decisions, those whose keyword has the label that most of its cluster has, by
works; the keyword itself has no vote. Leiden: NetworKit's ParallelLeiden, one thread, one seed, edges weighted by
joint works or by association strength (van Eck & Waltman 2009), at several resolutions.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import networkit
import numpy as np
from scipy.special import gammaln

from kakehashi.corpus import stage as corpus
from kakehashi.engine.duckdb import DuckDB
from kakehashi.fields import grown, stage
from kakehashi.fields.taxonomy import label_of, load_taxonomy
from kakehashi.progress import Silent
from kakehashi.settings import FieldsSection, Settings, SourceSection
from keyword_trees import CORPORA, SEED, Hierarchy, ccs, ieee

RESOLUTIONS = (1.0, 4.0, 16.0)
METHODS = ("plain", "compound")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("corpora", type=Path)
    arguments.add_argument("taxonomy", type=Path)
    given = arguments.parse_args()
    known = {
        "IEEE BT": topmost(ieee(given.taxonomy / "ieee" / "ieee_thesaurus_2023.csv")),
        "CCS": topmost(ccs(given.taxonomy / "acm_ccs2012.xml")),
    }
    labels = load_taxonomy("ict8").labels
    print("| corpus | clusters | number | IEEE BT AMI | NMI | purity | CCS AMI | NMI | purity | right |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, folders in CORPORA.items():
        paths = [given.corpora / one for one in folders] or sorted(p for p in given.corpora.iterdir() if p.is_dir())
        for how, (cluster, works) in clusters(paths):
            figures = [f"{value:.3f}" for branch in known.values() for value in agreement(cluster, branch)]
            fields = {one: label.fields for one in cluster if (label := label_of(one, labels)) is not None}
            share = right(cluster, works, fields)
            number = len(set(cluster.values()))
            print(f"| {name} | {how} | {number} | {' | '.join(figures)} | {share:.3f} |", flush=True)


Clusters = tuple[dict[str, int], dict[str, int]]


def clusters(folders: list[Path]) -> Iterator[tuple[str, Clusters]]:
    """Yield each way of clustering with the cluster and the works of each keyword."""
    with TemporaryDirectory() as place:
        engine = DuckDB(Path(place))
        corpus.run(engine, Settings(sources=tuple(SourceSection(path=str(one)) for one in folders)), Silent())
        for method in METHODS:
            section = FieldsSection(decide="keywords", tree_method=method)
            stage.run(engine, Settings(fields=section), Silent(), trial=False)
            rows = engine.rows("select keyword, cluster, works from keyword_tree order by keyword")
            works = {keyword: count for keyword, _, count in rows}
            yield f"tree, {method}", ({keyword: cluster for keyword, cluster, _ in rows}, works)
        names = [keyword for (keyword,) in engine.rows("select keyword from fields_vocabulary order by id")]
        pairs = np.array(engine.rows(grown.PAIRS.format(assignments="fields_assignments")), dtype=np.int64)
        engine.close()
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    carried = np.array([works[name] for name in names], dtype=np.float64)
    a, b, joint = pairs.T
    for title, weight in (("joint works", joint.astype(float)), ("association", joint / (carried[a] * carried[b]))):
        for resolution in RESOLUTIONS:
            found = leiden(len(names), a, b, weight, resolution)
            yield f"Leiden, {title}, {resolution:g}", (dict(zip(names, found, strict=True)), works)


def leiden(n: int, a: np.ndarray, b: np.ndarray, weight: np.ndarray, resolution: float) -> list[int]:
    networkit.setNumberOfThreads(1)
    networkit.setSeed(SEED, False)
    graph = networkit.Graph(n, weighted=True)
    for one, other, value in zip(a.tolist(), b.tolist(), weight.tolist(), strict=True):
        graph.addEdge(one, other, value)
    search = networkit.community.ParallelLeiden(graph, randomize=False, gamma=resolution)
    search.run()
    return [int(number) for number in search.getPartition().getVector()]


def topmost(known: Hierarchy) -> dict[str, str]:
    return {
        term: min((one for one in {term, *above} if not known.broader[one]), default=term)
        for term, above in known.ancestors.items()
    }


def agreement(cluster: Mapping[str, int], branch: Mapping[str, str]) -> tuple[float, float, float]:
    """Return adjusted and normalised mutual information and purity over the keywords that both know."""
    both = sorted(cluster.keys() & branch.keys())
    rows = np.unique([cluster[one] for one in both], return_inverse=True)[1]
    columns = np.unique([branch[one] for one in both], return_inverse=True)[1]
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    total, across, down = table.sum(), table.sum(axis=1), table.sum(axis=0)
    i, j = np.nonzero(table)
    shared = float((table[i, j] / total * np.log(total * table[i, j] / (across[i] * down[j]))).sum())
    mean = (entropy(across) + entropy(down)) / 2
    chance = expected(across, down)
    return (shared - chance) / (mean - chance), shared / mean, float(table.max(axis=1).sum() / total)


def entropy(counts: np.ndarray) -> float:
    share = counts / counts.sum()
    return -float((share * np.log(share)).sum())


def expected(across: np.ndarray, down: np.ndarray) -> float:
    """Return the mutual information that two such divisions have by chance (hypergeometric model)."""
    n, value = across.sum(), 0.0
    sizes, times = np.unique(across, return_counts=True)
    others, often = np.unique(down, return_counts=True)
    for size, time in zip(sizes, times, strict=True):
        for other, many in zip(others, often, strict=True):
            k = np.arange(max(1, size + other - n), min(size, other) + 1)
            log_p = (
                gammaln(size + 1) + gammaln(other + 1) + gammaln(n - size + 1) + gammaln(n - other + 1)
                - gammaln(n + 1) - gammaln(k + 1) - gammaln(size - k + 1) - gammaln(other - k + 1)
                - gammaln(n - size - other + k + 1)
            )  # fmt: skip
            value += time * many * float((k / n * np.log(n * k / (size * other)) * np.exp(log_p)).sum())
    return value


def right(cluster: Mapping[str, int], works: Mapping[str, int], fields: Mapping[str, tuple[str, ...]]) -> float:
    """Return the share of the works of labelled keywords whose label is that of most of the others in the cluster.

    `outside` is a label like others. A keyword alone in its cluster is decided by nobody, and not right.
    """
    votes: dict[int, Counter[tuple[str, ...]]] = {}
    for one, own in fields.items():
        votes.setdefault(cluster[one], Counter())[own] += works[one]
    good = 0
    for one, own in fields.items():
        others = votes[cluster[one]].copy()
        others[own] -= works[one]
        best = min(others, key=lambda label: (-others[label], label))
        good += works[one] if others[best] > 0 and best == own else 0
    return good / max(sum(works[one] for one in fields), 1)


if __name__ == "__main__":
    main()
