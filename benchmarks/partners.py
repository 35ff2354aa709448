"""How well the partner ranking foretells new partners: hide the last years of a study, rank, count what came true.

    python benchmarks/partners.py STUDY --known 2020 --until 2022 [--level institution] [--weights FILE]

STUDY is a study that has been run. Its works up to --known are made a study of their own (networks, indicators and
profiles are computed anew from them alone; which strings name which institution is taken as it is). For each home with
at least --papers works in it and at least one new partner abroad in the years after --known up to --until, all possible
partners abroad without a joint work so far are ranked with the goal `relationships`; the new partners are what should
stand first. A pair counts once for each of its two homes.

Beside it: popularity (works), preferential attachment (degree of home x degree), common neighbours, Adamic-Adar,
resource allocation, and a seeded shuffle. Equal scores get their mean rank. Prints the tables that are joined in
docs/benchmarks/partners.md: hit@k is the share of homes with a new partner among the first k, recall@50 the mean share
of a home's new partners there, MRR the mean of 1 / best rank, AUC the mean chance that a new partner stands before
another one.
Intervals are the 2.5th and 97.5th percentile over 2,000 resamples of homes, of Kakehashi minus the baseline.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

from kakehashi import tables
from kakehashi.advice.partners import Constraints, read_weights, shipped_weights
from kakehashi.advice.partners.ranking import Scored, score_partners
from kakehashi.engine.duckdb import DuckDB
from kakehashi.indicators import stage as indicators
from kakehashi.networks import stage as networks
from kakehashi.progress import Silent
from kakehashi.regions import Point, place
from kakehashi.settings import Settings
from kakehashi.study import Study

OURS = "kakehashi"
BASELINES = (
    "popularity", "preferential attachment", "common neighbours", "Adamic-Adar", "resource allocation", "random",
)  # fmt: skip
MEASURES = ("hit@10", "hit@50", "recall@50", "MRR", "AUC")
REGIONS = ("upper_right", "upper_left", "lower_right", "centre", "lower_left")
SCOPE, SEED, RESAMPLES, RADIUS = "collected", 20230331, 2000, 0.5
CARRIED = (
    tables.WORKS, tables.KEYWORDS, tables.WORK_FIELDS, tables.WORK_COUNTRIES, tables.WORK_INSTITUTIONS,
    tables.INSTITUTIONS, tables.INSTITUTION_RELATIONS,
)  # fmt: skip


@dataclass
class Results:
    """Measures of each home: by system and region (`all` too), one row a home."""

    rows: dict[tuple[str, str], list[list[float]]] = field(default_factory=lambda: defaultdict(list))

    def mean(self, system: str, region: str = "all") -> np.ndarray:
        """Return the means over homes."""
        return np.array(self.rows[system, region]).mean(axis=0)


def known_study(study: Study, last: int, folder: Path) -> DuckDB:
    """Make a study of the works up to a year."""
    engine = DuckDB(folder)
    for table in CARRIED:
        where = ""
        if table is tables.WORKS:
            where = f"where year <= {last}"
        elif "work_id" in table.columns:
            where = f"where work_id in (select work_id from works where year <= {last})"
        engine.load(table, study.rows(f"select {', '.join(table.columns)} from {table.name} {where}"))
    networks.run(engine, study.settings, Silent())
    indicators.run(engine, study.settings, Silent())
    return engine


def new_partners(study: Study, engine: DuckDB, level: str, last: int, until: int) -> dict[str, set[str]]:
    """Return the partners of each entity in the years after `last` that were none before."""
    scope = f"level = '{level}' and field = '{SCOPE}'"
    before = set(engine.rows(f"select entity_a, entity_b from edges where {scope} and period = 'all'"))
    after = study.rows(
        f"select distinct entity_a, entity_b from edges where {scope} and period <> 'all' "
        f"and cast(period as bigint) between {last + 1} and {until}"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in after:
        if (one, other) not in before:
            found[one].add(other)
            found[other].add(one)
    return found


def homes(engine: DuckDB, level: str, new: dict[str, set[str]], papers: int) -> list[str]:
    """Return the homes to ask for: enough works, a known country, a new partner."""
    active = engine.rows(
        f"select entity from indicators where level = '{level}' and field = '{SCOPE}' and period = 'all' "
        f"and papers >= {papers}"
    )
    placed = {row[0] for row in engine.rows("select institution_id from institutions where country_code is not null")}
    return sorted(entity for (entity,) in active if entity in new and (level == "country" or entity in placed))


def systems(scored: Scored, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the score that each system gives each candidate."""
    measures, pool = scored.measures, scored.pool
    zeros = np.zeros(len(pool.entities))
    return {
        OURS: scored.scores.score,
        "popularity": measures.raw["output"],
        "preferential attachment": pool.columns["degree"],  # home's own degree is the same for all
        "common neighbours": measures.facts.get("common", zeros),
        "Adamic-Adar": measures.raw.get("shared_partners", zeros),
        "resource allocation": measures.facts.get("allocation", zeros),
        "random": rng.random(len(pool.entities)),
    }


def measured(scores: np.ndarray, positive: np.ndarray) -> list[float]:
    """Return the measures of one home's ranking, in the order of MEASURES."""
    ranks = rankdata(-scores, "average")[positive]
    best, hits, misses = ranks.min(), positive.sum(), (~positive).sum()
    auc = 1 - (ranks.sum() - hits * (hits + 1) / 2) / (hits * misses) if misses else 1.0
    return [float(best <= 10), float(best <= 50), float((ranks <= 50).mean()), float(1 / best), float(auc)]


def regions_around(engine: DuckDB) -> dict[str, Point]:
    """Return each country's place on the map of all works."""
    rows = engine.rows(
        f"select entity, papers, eigenvector from indicators where level = 'country' and field = '{SCOPE}' "
        "and period = 'all'"
    )
    return {entity: Point(papers, eigenvector) for entity, papers, eigenvector in rows}


def run(study: Study, arguments: argparse.Namespace, folder: Path) -> tuple[Results, int, int, int]:
    """Rank for every home and measure; also return the number of homes, of their new partners and of candidates."""
    engine = known_study(study, arguments.known, folder)
    new = new_partners(study, engine, arguments.level, arguments.known, arguments.until)
    points, rng, results = regions_around(engine), np.random.default_rng(SEED), Results()
    weights = read_weights(Path(arguments.weights)) if arguments.weights else shipped_weights()
    asked, partners, candidates = 0, 0, 0
    for home in homes(engine, arguments.level, new, arguments.papers):
        scored = score_partners(
            engine.rows, Settings(), home=home, level=arguments.level, field=SCOPE, goals=("relationships",),
            constraints=Constraints(), weights=weights, practices=None,
        )  # fmt: skip
        free = scored.measures.facts["joint_works"] == 0
        positive = np.array([entity in new[home] for entity in scored.pool.entities]) & free
        if not positive.any():
            continue
        asked, partners, candidates = asked + 1, partners + int(positive.sum()), candidates + int(free.sum())
        around = points.get(scored.question.country or "")
        seen = {code: place(point, around, RADIUS).region for code, point in points.items()}
        region = np.array([seen.get(code or "") for code in scored.pool.countries], dtype=object)
        for system, scores in systems(scored, rng).items():
            results.rows[system, "all"].append(measured(scores[free], positive[free]))
            for name in REGIONS:
                among = free & (region == name)
                if (positive & among).any():
                    results.rows[system, name].append(measured(scores[among], positive[among]))
    engine.close()
    return results, asked, partners, candidates


def difference(results: Results, baseline: str) -> list[str]:
    """Return the intervals of Kakehashi minus a baseline."""
    both = np.array(results.rows[OURS, "all"]) - np.array(results.rows[baseline, "all"])
    draws = np.random.default_rng(SEED).integers(0, len(both), (RESAMPLES, len(both)))
    means = both[draws].mean(axis=1)
    low, high = np.quantile(means, 0.025, axis=0), np.quantile(means, 0.975, axis=0)
    return [f"{a:+.3f} to {b:+.3f}" for a, b in zip(low, high, strict=True)]


def report(results: Results, asked: int, partners: int, candidates: int) -> None:
    """Print the tables."""
    print(f"\n{asked:,} homes, {partners:,} new partners, {candidates / max(asked, 1):,.0f} candidates a home\n")
    print(f"| system | {' | '.join(MEASURES)} |\n|---|{'---:|' * len(MEASURES)}")
    for system in (OURS, *BASELINES):
        print(f"| {system} | {' | '.join(f'{value:.3f}' for value in results.mean(system))} |")
    print(f"\n| {OURS} minus | {' | '.join(MEASURES)} |\n|---|{'---:|' * len(MEASURES)}")
    for baseline in BASELINES:
        print(f"| {baseline} | {' | '.join(difference(results, baseline))} |")
    print(f"\n| region of the partner, seen from home | homes | {OURS}: hit@10 | MRR | best baseline: hit@10 | MRR |")
    print("|---|---:|---:|---:|---:|---:|")
    for region in REGIONS:
        if not results.rows[OURS, region]:
            continue
        ours = results.mean(OURS, region)
        others = {baseline: results.mean(baseline, region) for baseline in BASELINES}
        hit, first = (max(others, key=lambda name: others[name][column]) for column in (0, 3))
        print(
            f"| {region} | {len(results.rows[OURS, region])} | {ours[0]:.3f} | {ours[3]:.3f} | "
            f"{others[hit][0]:.3f} ({hit}) | {others[first][3]:.3f} ({first}) |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study")
    parser.add_argument("--known", type=int, required=True, help="the last year that is known")
    parser.add_argument("--until", type=int, required=True, help="the last year to foretell")
    parser.add_argument("--level", choices=("institution", "country"), default="institution")
    parser.add_argument("--papers", type=int, default=3, help="works that a home has at least")
    parser.add_argument("--weights", help="a weights file other than the shipped one")
    arguments = parser.parse_args()
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        report(*run(Study(arguments.study), arguments, Path(folder)))
    print(f"\n{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
