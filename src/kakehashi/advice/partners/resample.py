"""The ranking over resampled works: each work counts as often as a Poisson draw of mean 1 says."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import exp, factorial

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, exact, quoted
from kakehashi.advice.partners.rules import Rules, components
from kakehashi.advice.partners.scale import position
from kakehashi.advice.partners.scoring import Scores, weighted
from kakehashi.advice.partners.sensitivity import Stability, ranked, summary

Ints = npt.NDArray[np.int64]

RESAMPLED = ("output", "openness", "ties", "national_ties", "shared_partners", "bridge")

# So many works are drawn at once, and so many draws summed: two million works by 200 draws are 3 GiB as doubles, but
# 0.4 as the bytes that they are kept in.
_WORKS_AT_ONCE = 100_000
_DRAWS_AT_ONCE = 10

_OPEN = 255
_MOST = 13  # a draw of mean 1 is above it once in 2^33 times


Amounts = tuple[Ints, Ints, Floats]
"""Rows of a sum: whose it is, the number of the work, how much of it."""


@dataclass(frozen=True)
class _Draws:
    """Poisson weights of works (works x draws), in bytes. Works are numbered in the order of their ids."""

    weights: npt.NDArray[np.uint8]

    @property
    def number(self) -> int:
        """How often the works are drawn."""
        return int(self.weights.shape[1])

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Yield the weights as doubles, so many draws at a time as memory should hold."""
        for first in range(0, self.number, _DRAWS_AT_ONCE):
            some = slice(first, first + _DRAWS_AT_ONCE)
            yield some, self.weights[:, some].astype(np.float64)

    def matrix(self, amounts: Amounts, size: int) -> sparse.csr_matrix:
        """Return owners x works, which times the weights gives the sums of each owner."""
        owners, works, values = amounts
        return sparse.csr_matrix((values, (owners, works)), shape=(size, len(self.weights)))


def by_sample(
    reader: Reader, question: Question, rules: Rules, pool: Pool, measures: Measures, scores: Scores, places: list[int]
) -> dict[int, Stability]:
    """Rank the leading candidates again in each resample of the study's works (Poisson bootstrap, seeded).

    Works, international share, joint works with us and with our country, shared partners and bridges are counted anew,
    and take the place among all candidates that they have in the study itself. Growth, centrality, reach, topics,
    profiles and what does not come from works are held as they are: a full network a resample would take hours.
    Nothing where the study has no works behind its numbers.
    """
    members, _entity = sql.places(question)
    if not reader.has(members, "work_scopes", "work_countries"):
        return {}
    leading = places[: rules.sample_candidates]
    numbered = _numbered(question, [pool.entities[place] for place in leading])
    own = _own_works(reader, question, rules, numbered)
    if not len(own):
        return {}
    draws = _draws(int(own[:, 1].max()) + 1, rules)
    anew = _recounted(own, draws, pool, leading, rules)
    if {"shared_partners", "bridge"} & set(scores.components):
        anew |= _paths(reader, question, rules, draws, numbered, len(leading))
    ranks = []
    for draw in range(rules.sample_draws):
        values = scores.filled[leading].copy()
        for column, name in enumerate(scores.components):
            if name in anew:
                values[:, column] = position(anew[name][:, draw], measures.raw[name], components()[name].scale)
        ranks.append(ranked(weighted(values, scores.weights)))
    return summary(np.array(ranks), leading, rules)


def _numbered(question: Question, entities: list[str]) -> str:
    """Return the CTEs that number candidates by their rank, and their works in the field by their ids, from 0.

    Numbers, for there are millions of works, and a name takes many times the memory.
    """
    members, entity = sql.places(question)
    ranked = ", ".join(f"({quoted(name)}, {place})" for place, name in enumerate(entities))
    return (
        f"chosen as (select entity, place from (values {ranked}) as t(entity, place)), "
        f"owned as (select c.place, m.work_id, s.year from {members} m join chosen c on c.entity = m.{entity} "
        f"join work_scopes s on s.work_id = m.work_id and s.field = {quoted(question.field)}), "
        "drawn as (select work_id, row_number() over (order by work_id nulls last) - 1 as number "
        "from (select distinct work_id from owned) d)"
    )


def _own_works(reader: Reader, question: Question, rules: Rules, numbered: str) -> Floats:
    """Return candidate, work, whether international, its share in ties with us, its share in ties with our country."""
    members, _ = sql.places(question)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(z.n - 1, 0)", "m.year")
    home_table, home_column = sql.places_of(question.home_level)
    country = quoted(question.country) if question.country else "null"
    rows = reader.rows(
        f"with {numbered} select m.place, d.number, case when i.n > 1 then 1e0 else 0e0 end, "
        f"case when h.work_id is null then 0e0 else coalesce({share}, 0e0) end, "
        f"case when c.work_id is null then 0e0 else coalesce({share}, 0e0) end "
        "from owned m join drawn d on d.work_id = m.work_id "
        f"join (select work_id, count(*) as n from {members} group by work_id) z on z.work_id = m.work_id "
        "left join (select work_id, count(*) as n from work_countries group by work_id) i on i.work_id = m.work_id "
        f"left join {home_table} h on h.work_id = m.work_id and h.{home_column} = {quoted(question.home)} "
        f"left join work_countries c on c.work_id = m.work_id and c.country_code = {country} "
        "order by d.number, m.place"
    )
    return np.array(rows, dtype=np.float64).reshape(len(rows), 5)


def _draws(works: int, rules: Rules) -> _Draws:
    """Draw from Poisson's distribution of mean 1: by 16 random bits, and by 16 more where these leave it open.

    Nine times as fast as NumPy's own, which is made for any mean, and exact to 2^-32.
    """
    limits, by_first = _poisson()
    weights = np.empty(works * rules.sample_draws, np.uint8)
    random = np.random.default_rng(rules.seed)
    at_once = _WORKS_AT_ONCE * rules.sample_draws
    for begin in range(0, len(weights), at_once):
        some = weights[begin : begin + at_once]
        first = random.integers(0, 2**16, len(some), dtype=np.uint16)
        some[:] = by_first[first]
        left = np.flatnonzero(some == _OPEN)
        second = random.integers(0, 2**16, len(left), dtype=np.uint16)
        whole = first[left].astype(np.int64) * 2**16 + second
        some[left] = np.searchsorted(limits, whole, side="right")
    return _Draws(weights.reshape(works, rules.sample_draws))


@cache
def _poisson() -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Return what a number of 32 random bits must be below to stand for 0, 1, 2, ..., and what 16 bits stand for."""
    below = np.cumsum([exp(-1) / factorial(number) for number in range(_MOST)])
    limits = np.append(np.floor(below * 2**32), 2**32).astype(np.int64)
    found = np.searchsorted(limits, np.arange(2**16) * 2**16, side="right")
    found[limits[limits < 2**32] // 2**16] = _OPEN
    return limits, found.astype(np.uint8)


def _recounted(own: Floats, draws: _Draws, pool: Pool, leading: list[int], rules: Rules) -> dict[str, Floats]:
    owners, works, size = own[:, 0].astype(np.int64), own[:, 1].astype(np.int64), len(leading)
    amounts = (np.ones(len(own)), own[:, 2], own[:, 3], own[:, 4])
    matrix = sparse.vstack([draws.matrix((owners, works, values), size) for values in amounts], format="csr")
    summed = np.empty((len(amounts) * size, draws.number))
    for some, weights in draws.blocks():
        summed[:, some] = matrix @ weights
    papers, international, ties, national_ties = np.split(summed, len(amounts))
    share, held = pool.columns["international_share"], pool.columns["papers"]
    known = ~np.isnan(share)
    overall = float((share[known] * held[known]).sum() / max(held[known].sum(), 1.0))
    openness = (international + overall * rules.prior_papers) / (papers + rules.prior_papers)
    return {"output": papers, "openness": openness, "ties": ties, "national_ties": national_ties}


def _paths(
    reader: Reader, question: Question, rules: Rules, draws: _Draws, numbered: str, size: int
) -> dict[str, Floats]:
    """Recount the second step of each path: the works that a partner of ours shares with a candidate.

    The partner's tie with us and its total are held as they are.
    """
    members, entity = sql.places(question)
    links = sql.links(question, rules.half_life, sql.OF_TIES)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(z.n - 1, 0)", "m.year")
    rows = reader.rows(
        f"with ties as ({sql.ties(question, rules.half_life)}), links as ({links}), "
        "ours as (select l.here, row_number() over (order by l.here nulls last) - 1 as partner, "
        f"count(*) as degree, max(t.strength) as strength, {exact('l.strength')} as total "
        "from links l join ties t on t.entity = l.here "
        f"where l.here not in ({sql.home_entities(question)}) group by l.here), {numbered} "
        f"select m.place, o.partner, d.number, coalesce({share}, 0e0), "
        "coalesce(o.strength / nullif(o.total, 0e0), 0e0), 1e0 / ln(greatest(o.degree, 2)) "
        "from owned m join chosen c on c.place = m.place join drawn d on d.work_id = m.work_id "
        f"join {members} p on p.work_id = m.work_id and p.{entity} <> c.entity join ours o on o.here = p.{entity} "
        f"join (select work_id, count(*) as n from {members} group by work_id) z on z.work_id = m.work_id "
        "order by m.place, o.partner, d.number"
    )
    found = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
    rows.clear()
    owners, works = found[:, 0].astype(np.int64), found[:, 2].astype(np.int64)
    begins = np.flatnonzero(np.diff(found[:, :2], axis=0, prepend=-1).any(axis=1))  # of each candidate and partner
    pairs = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(found)))
    counts = draws.matrix((pairs, works, np.ones(len(found))), len(begins))
    strengths = draws.matrix((pairs, works, found[:, 3]), len(begins))
    belongs = sparse.csr_matrix(
        (np.ones(len(begins)), (owners[begins], np.arange(len(begins)))), shape=(size, len(begins))
    )
    passed, rarity = found[begins, 4, None], found[begins, 5, None]
    shared, bridge = np.empty((size, draws.number)), np.empty((size, draws.number))
    for some, weights in draws.blocks():
        shared[:, some] = np.asarray(belongs @ ((counts @ weights > 0) * rarity))
        bridge[:, some] = np.asarray(belongs @ ((strengths @ weights) * passed))
    return {"shared_partners": shared, "bridge": bridge}
