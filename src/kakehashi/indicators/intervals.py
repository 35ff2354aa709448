"""Writes how sure ranks are: the intervals of the leading countries' and institutions' ranks over resampled works."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from kakehashi.engine.base import Engine, Row
from kakehashi.indicators import resampling, volume
from kakehashi.indicators.graph import Floats, Ints
from kakehashi.settings import Settings
from kakehashi.tables import RANK_INTERVALS, declare

TOP = 200
"""Entities of each level and field whose ranks get an interval: those of most works."""

_DEVIATIONS = 4
_WORKERS = 2

CUTS = declare(
    "indicators_cuts",
    "The fewest works by which an entity may come near the leading ones of its scope.",
    "scope",
    "scope bigint, least double",
    private=True,
)
RIVALS = declare(
    "indicators_rivals",
    "The entities that the leading ones are ranked among, numbered from 0 by their works, most first.",
    "scope, node",
    "scope bigint, node bigint, place bigint, papers double",
    private=True,
)
HELD = declare(
    "indicators_rivals_held",
    "The works of entities that are ranked in some scope, by the scopes of the work.",
    "scope, work, node",
    "scope bigint, work bigint, node bigint, share double",
    private=True,
)
RIVAL_WORKS = declare(
    "indicators_rival_works",
    "The works of those entities in the scopes where they are ranked, and the entity's share in each.",
    "scope, work, place",
    "scope bigint, work bigint, place bigint, share double",
    private=True,
)

_LEADING_SQL = f"""
select scope, level, field, min(papers) as least from (
    select v.scope, z.level, z.field, v.{{papers}} as papers,
        row_number() over (partition by v.scope order by v.{{papers}} desc nulls last, v.node nulls last) as place
    from indicators_volume v
    join indicators_sizes z on z.scope = v.scope
    where z.period = 'all' and z.field <> 'collected' and {{chosen}}
) t
where place <= {TOP}
group by scope, level, field
order by level nulls last, field nulls last
"""
_RIVALS_SQL = """
select v.scope, v.node,
    row_number() over (partition by v.scope order by v.{papers} desc nulls last, v.node nulls last) - 1 as place,
    v.{papers} as papers
from indicators_volume v
join indicators_cuts c on c.scope = v.scope
where v.{papers} >= c.least
"""
# In two steps: a planner that sees the scope of both may pair all rivals of a scope with all works of it.
_HELD_SQL = f"""
select {volume.whole_period("(m.level + p.place)")} as scope, m.work, m.node, m.fraction as share
from indicators_members m
join (select distinct node from indicators_rivals) r on r.node = m.node
join indicators_places p on p.work = m.work
where {{chosen}}
"""
_WORKS_SQL = """
select h.scope, h.work, r.place, h.share
from indicators_rivals_held h
join indicators_rivals r on r.scope = h.scope and r.node = h.node
"""
_VALUES_SQL = """
select n.entity, r.papers, coalesce(c.eigenvector, 0e0) as eigenvector
from (select node, place, papers from indicators_rivals where scope = {scope}) r
join indicators_nodes n on n.node = r.node
left join (select node, eigenvector from indicators_centralities where scope = {scope}) c on c.node = r.node
order by r.place nulls last
"""


def run(engine: Engine, settings: Settings, fields: Mapping[str, int], known: Iterable[Row]) -> None:
    """Write RANK_INTERVALS from what INDICATORS is made of. `fields`: of which it is drawn; the others' rows are known.

    Each level and field has a seed of its own, so what is kept is what would be drawn.
    """
    papers = "papers" if settings.counting.counting == "full" else "papers_fractional"
    chosen = volume.in_fields("z.scope", fields)
    leading = engine.rows(_LEADING_SQL.format(papers=papers, chosen=chosen)) if settings.networks.rank_draws else []
    engine.load(
        CUTS, [(scope, 0.0 if level == "country" else _least(float(least))) for scope, level, _, least in leading]
    )
    engine.make(RIVALS, _RIVALS_SQL.format(papers=papers))
    engine.make(HELD, _HELD_SQL.format(chosen=volume.in_fields("p.place", fields)))
    engine.make(RIVAL_WORKS, _WORKS_SQL)
    # The engine is asked while intervals are drawn, so nothing can be stored before the last one is done.
    engine.load(RANK_INTERVALS, [*known, *_intervals(engine, settings, papers, leading)])


def _least(papers: float) -> float:
    """Return the fewest works that may come near so many: four standard deviations up, and as many down, are apart.

    In a resample a number of works varies by its root.
    """
    below = papers - _DEVIATIONS * papers**0.5
    return 0.0 if below <= 0 else ((_DEVIATIONS**2 / 4 + below) ** 0.5 - _DEVIATIONS / 2) ** 2


@dataclass(frozen=True)
class _Scope:
    """A level and field: the entities that rank by works, most first, their two values, and their works as sets."""

    level: str
    field: str
    entities: list[str]
    papers: Floats
    scores: Floats
    sets: resampling.Sets


def _intervals(engine: Engine, settings: Settings, papers: str, leading: list[Row]) -> Iterator[Row]:
    with ThreadPoolExecutor(_WORKERS) as pool:
        waiting = [
            pool.submit(list, _ranked(_read(engine, settings, scope, level, field), settings, papers))
            for scope, level, field, _ in leading
        ]
        for rows in waiting:
            yield from rows.result()


def _read(engine: Engine, settings: Settings, scope: int, level: str, field: str) -> _Scope:
    rivals = engine.rows(_VALUES_SQL.format(scope=scope))
    found = engine.arrays(f"select work, place, share from indicators_rival_works where scope = {scope}")
    share = found["share"] if settings.counting.counting == "fractional" else np.ones(len(found["work"]))
    sets = resampling.pooled(found["work"].astype(np.int64), found["place"].astype(np.int64), share)
    entities, papers, scores = zip(*rivals, strict=True)
    return _Scope(level, field, list(entities), np.array(papers, dtype=float), np.array(scores, dtype=float), sets)


def _ranked(scope: _Scope, settings: Settings, papers: str) -> Iterator[Row]:
    draws, leading = settings.networks.rank_draws, min(TOP, len(scope.entities))
    seed = [settings.networks.seed, *f"{scope.level} {scope.field}".encode()]
    bounds = resampling.by_amount(scope.sets, leading, len(scope.entities), draws, seed)
    yield from _rows(scope, papers, resampling.ranks(scope.papers[:, None], leading)[0], bounds, draws)
    # A centrality is asked of every resample anew: one network has that, for all works; those of fields would cost more
    # than all else here.
    if (scope.level, scope.field) == ("country", "all") and scope.scores.max(initial=0) > 0:
        sets = resampling.tied(scope.sets, settings.networks.largest_work, settings.counting.counting)
        bounds = resampling.by_eigenvector(sets, scope.scores, leading, draws, seed)
        yield from _rows(scope, "eigenvector", resampling.ranks(scope.scores[:, None], leading)[0], bounds, draws)


def _rows(scope: _Scope, measure: str, ranks: Ints, bounds: tuple[Ints, Ints], draws: int) -> Iterator[Row]:
    for entity, rank, low, high in zip(scope.entities, *(each.tolist() for each in (ranks, *bounds)), strict=False):
        yield scope.level, scope.field, measure, entity, rank, low, high, draws
