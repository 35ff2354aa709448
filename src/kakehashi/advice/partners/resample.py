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
from kakehashi.advice.partners.reading import Reader, quoted
from kakehashi.advice.partners.rules import Rules, components
from kakehashi.advice.partners.scale import position
from kakehashi.advice.partners.scoring import Scores, weighted
from kakehashi.advice.partners.sensitivity import Stability, ranked, summary
from kakehashi.answers import Columns

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
    owned = _owned(reader, question, [pool.entities[place] for place in leading])
    own = _own_works(reader, question, rules, owned)
    if not len(own.owners):
        return {}
    draws = _draws(len(own.known), rules)
    anew = _recounted(own, draws, pool, leading, rules)
    if {"shared_partners", "bridge"} & set(scores.components):
        anew |= _paths(reader, question, rules, draws, owned, own.known, pool, len(leading))
    ranks = []
    for draw in range(rules.sample_draws):
        values = scores.filled[leading].copy()
        for column, name in enumerate(scores.components):
            if name in anew:
                values[:, column] = position(anew[name][:, draw], measures.raw[name], components()[name].scale)
        ranks.append(ranked(weighted(values, scores.weights)))
    return summary(np.array(ranks), leading, rules)


def _owned(reader: Reader, question: Question, entities: list[str]) -> str:
    """Return the CTEs of candidates, numbered by their rank, and their works in the field, numbered by their ids.

    Numbers, for there are millions of works, and a name takes many times the memory.
    """
    members, entity = sql.places(question)
    scope = reader.kept(
        "select work_id, year, row_number() over (order by work_id nulls last) - 1 as number "
        f"from work_scopes where field = {quoted(question.field)}"
    )
    ranked = ", ".join(f"({quoted(name)}, {place})" for place, name in enumerate(entities))
    return (
        f"chosen as (select entity, place from (values {ranked}) as t(entity, place)), "
        f"owned as (select c.place, c.entity, m.work_id, s.year, s.number from {members} m "
        f"join chosen c on c.entity = m.{entity} join {scope} s on s.work_id = m.work_id)"
    )


@dataclass(frozen=True)
class _Own:
    """The works of the candidates, a row for each of both, by work and candidate.

    owners: the candidate. works: the place of the work in `known`, the numbers of all of them. amounts: whether it is
    international, its share in ties with us, its share in ties with our country.
    """

    owners: Ints
    works: Ints
    known: Ints
    amounts: Columns


def _own_works(reader: Reader, question: Question, rules: Rules, owned: str) -> _Own:
    members, _ = sql.places(question)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(z.n - 1, 0)", "m.year")
    home = sql.of_owner(question.home_level, question.home)
    country = sql.of_owner("country", question.country) if question.country else f"{home} and 1 = 0"
    owners, numbers, *amounts = reader.columns(
        f"with {owned} select m.place, m.number, case when i.work_id is null then 0e0 else 1e0 end as international, "
        f"case when h.work_id is null then 0e0 else coalesce({share}, 0e0) end as tie, "
        f"case when c.work_id is null then 0e0 else coalesce({share}, 0e0) end as national_tie "
        "from owned m "
        f"left join ({sql.sizes(members, f'{home} union {country}')}) z on z.work_id = m.work_id "
        "left join (select work_id from work_countries group by work_id having count(*) > 1) i "
        "on i.work_id = m.work_id "
        f"left join ({home}) h on h.work_id = m.work_id left join ({country}) c on c.work_id = m.work_id "
        "order by m.number nulls last, m.place nulls last",
        5,
    )
    known, works = np.unique(numbers.astype(np.int64), return_inverse=True)
    return _Own(owners.astype(np.int64), works, known, amounts)


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


def _recounted(own: _Own, draws: _Draws, pool: Pool, leading: list[int], rules: Rules) -> dict[str, Floats]:
    size, amounts = len(leading), (np.ones(len(own.works)), *own.amounts)
    there = [np.flatnonzero(values) for values in amounts]  # few works are ours, and nothing counts nothing
    matrix = sparse.vstack(
        [
            draws.matrix((own.owners[rows], own.works[rows], values[rows]), size)
            for rows, values in zip(there, amounts, strict=True)
        ],
        format="csr",
    )
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
    reader: Reader, question: Question, rules: Rules, draws: _Draws, owned: str, known: Ints, pool: Pool, size: int
) -> dict[str, Floats]:
    """Recount the second step of each path: the works that a partner of ours shares with a candidate.

    The partner's tie with us and its total are held as they are. `known`: the numbers of the works that are drawn.
    """
    members, entity = sql.places(question)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(z.n - 1, 0)", "m.year")
    ties = reader.kept(sql.ties(question, rules.half_life))
    owners, partners, numbers, strengths = reader.columns(
        f"with ties as (select entity, strength from {ties} t), tied as ({sql.numbered_ties()}), {owned} "
        f"select m.place, o.partner, m.number, coalesce({share}, 0e0) as share "
        f"from owned m join {members} p on p.work_id = m.work_id and p.{entity} <> m.entity "
        f"join tied o on o.entity = p.{entity} "
        f"join ({sql.sizes(members, 'select work_id from owned')}) z on z.work_id = m.work_id "
        "order by m.place nulls last, o.partner nulls last, m.number nulls last",
        4,
    )
    partners = partners.astype(np.int64)
    rarity, passed = _partners(pool, 1 + int(partners.max(initial=0)))
    there = rarity[partners] > 0
    owners, partners, strengths = owners[there].astype(np.int64), partners[there], strengths[there]
    works = np.searchsorted(known, numbers[there])
    different = (np.diff(owners, prepend=-1) != 0) | (np.diff(partners, prepend=-1) != 0)
    begins = np.flatnonzero(different)  # of each candidate and partner
    pairs = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(owners)))
    counts = draws.matrix((pairs, works, np.ones(len(works))), len(begins))
    strong = draws.matrix((pairs, works, strengths), len(begins))
    belongs = sparse.csr_matrix(
        (np.ones(len(begins)), (owners[begins], np.arange(len(begins)))), shape=(size, len(begins))
    )
    rarity, passed = rarity[partners[begins], None], passed[partners[begins], None]
    shared, bridge = np.empty((size, draws.number)), np.empty((size, draws.number))
    for some, weights in draws.blocks():
        shared[:, some] = np.asarray(belongs @ ((counts @ weights > 0) * rarity))
        bridge[:, some] = np.asarray(belongs @ ((strong @ weights) * passed))
    return {"shared_partners": shared, "bridge": bridge}


def _partners(pool: Pool, size: int) -> tuple[Floats, Floats]:
    """Return the rarity of each partner of ours and what it passes on, by its number: 0 where it has no links."""
    rarity, passed = np.zeros((2, size))
    for number, rare, on in (row[9:] for row in pool.near or ()):
        if number is not None and number < size:
            rarity[number], passed[number] = rare, on
    return rarity, passed
