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

_ROWS_AT_ONCE = 4096
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

    def of(self, works: Ints) -> "_Draws":
        """Return the weights of some works: sums over few of them should not go through all."""
        return _Draws(self.weights[works])

    def counts(self, owners: Ints, works: Ints, size: int) -> Floats:
        """Count the works of each owner in each draw: whole numbers, which are added as the bytes that they are."""
        order = np.argsort(owners, kind="stable")
        ends = np.searchsorted(owners[order], np.arange(size + 1))
        found = np.zeros((size, self.number))
        for owner in range(size):
            of_owner = works[order[ends[owner] : ends[owner + 1]]]
            for first in range(0, len(of_owner), _ROWS_AT_ONCE):
                some = self.weights[of_owner[first : first + _ROWS_AT_ONCE]]
                found[owner] += some.sum(axis=0, dtype=np.uint32)
        return found

    def sums(self, amounts: Amounts, size: int) -> Floats:
        """Add amounts up for each owner in each draw, as often as the draw has their works."""
        owners, works, values = amounts
        used, places = np.unique(works, return_inverse=True)
        own = self.of(used)
        matrix = own.matrix((owners, places, values), size)
        found = np.empty((size, self.number))
        for some, weights in own.blocks():
            found[:, some] = matrix @ weights
        return found

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
    """Return the CTE of the works of candidates in the field: candidates numbered by rank, works by their ids.

    Numbers, for there are millions of works, and a name takes many times the memory.
    """
    members, entity = sql.places(question)
    scope = reader.kept(sql.numbered_works(question))
    ranked = ", ".join(f"({quoted(name)}, {place})" for place, name in enumerate(entities))
    owned = reader.kept(
        f"select c.place, c.entity, m.work_id, s.year, s.number from {members} m "
        f"join (select entity, place from (values {ranked}) as t(entity, place)) c on c.entity = m.{entity} "
        f"join {scope} s on s.work_id = m.work_id"
    )
    return f"owned as (select place, entity, work_id, year, number from {owned} o)"


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
    both = f"select work_id, 1 as tied, 0 as national from ({home}) h union all select work_id, 0, 1 from ({country}) c"
    owners, numbers, *amounts = reader.columns(
        f"with {owned}, ours as (select work_id, max(tied) as tied, max(national) as national from ({both}) b "
        "group by work_id) "
        "select m.place, m.number, case when i.work_id is null then 0e0 else 1e0 end as international, "
        f"case when o.tied = 1 then coalesce({share}, 0e0) else 0e0 end as tie, "
        f"case when o.national = 1 then coalesce({share}, 0e0) else 0e0 end as national_tie "
        "from owned m left join ours o on o.work_id = m.work_id "
        f"left join ({sql.sizes(members, 'select work_id from ours')}) z on z.work_id = m.work_id "
        "left join (select work_id from work_countries group by work_id having count(*) > 1) i "
        "on i.work_id = m.work_id order by m.number nulls last, m.place nulls last",
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
    size = len(leading)
    international, *tied = (np.flatnonzero(values) for values in own.amounts)  # nothing counts nothing
    papers = draws.counts(own.owners, own.works, size)
    abroad = draws.counts(own.owners[international], own.works[international], size)
    ties, national_ties = (
        draws.sums((own.owners[rows], own.works[rows], values[rows]), size)
        for rows, values in zip(tied, own.amounts[1:], strict=True)
    )
    share, held = pool.columns["international_share"], pool.columns["papers"]
    known = ~np.isnan(share)
    overall = float((share[known] * held[known]).sum() / max(held[known].sum(), 1.0))
    openness = (abroad + overall * rules.prior_papers) / (papers + rules.prior_papers)
    return {"output": papers, "openness": openness, "ties": ties, "national_ties": national_ties}


def _paths(
    reader: Reader, question: Question, rules: Rules, draws: _Draws, owned: str, known: Ints, pool: Pool, size: int
) -> dict[str, Floats]:
    """Recount the second step of each path: the works that a partner of ours shares with a candidate.

    The partner's tie with us and its total are held as they are. `known`: the numbers of the works that are drawn.
    """
    members, entity = sql.places(question)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(a.n - 1, 0)", "m.year")
    ties = reader.kept(sql.ties(question, rules.half_life))
    scope = reader.kept(sql.numbered_works(question))
    owners, partners, numbers, strengths = reader.columns(
        f"with ties as (select entity, strength from {ties} t), tied as ({sql.numbered_ties()}), {owned}, "
        f"sizes as (select s.number, z.work_id, z.n from (select work_id, count(*) as n from {members} "
        f"group by work_id having count(*) > 1) z join {scope} s on s.work_id = z.work_id "
        "where s.number in (select number from owned)), "
        f"around as (select z.number, z.n, p.{entity} as entity, o.partner from {members} p "
        f"join sizes z on z.work_id = p.work_id join tied o on o.entity = p.{entity}) "
        f"select m.place, a.partner, m.number, coalesce({share}, 0e0) as share "
        "from owned m join around a on a.number = m.number and a.entity <> m.entity "
        "order by m.place nulls last, a.partner nulls last, m.number nulls last",
        4,
    )
    partners = partners.astype(np.int64)
    rarity, passed = _partners(pool, 1 + int(partners.max(initial=0)))
    there = rarity[partners] > 0
    owners, partners, strengths = owners[there].astype(np.int64), partners[there], strengths[there]
    used, works = np.unique(numbers[there].astype(np.int64), return_inverse=True)
    draws = draws.of(np.searchsorted(known, used))
    different = (np.diff(owners, prepend=-1) != 0) | (np.diff(partners, prepend=-1) != 0)
    begins = np.flatnonzero(different)  # of each candidate and partner
    pairs = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(owners)))
    strong = draws.matrix((pairs, works, strengths), len(begins))
    weak = np.flatnonzero(strengths == 0)  # works without a year: what they link is linked all the same
    linked = draws.matrix((pairs[weak], works[weak], np.ones(len(weak))), len(begins))
    belongs = sparse.csr_matrix(
        (np.ones(len(begins)), (owners[begins], np.arange(len(begins)))), shape=(size, len(begins))
    )
    rarity, passed = rarity[partners[begins], None], passed[partners[begins], None]
    shared, bridge = np.empty((size, draws.number)), np.empty((size, draws.number))
    for some, weights in draws.blocks():
        passing = strong @ weights
        met = (passing > 0) | (linked @ weights > 0) if len(weak) else passing > 0
        shared[:, some] = np.asarray(belongs @ (met * rarity))
        bridge[:, some] = np.asarray(belongs @ (passing * passed))
    return {"shared_partners": shared, "bridge": bridge}


def _partners(pool: Pool, size: int) -> tuple[Floats, Floats]:
    """Return the rarity of each partner of ours and what it passes on, by its number: 0 where it has no links."""
    rarity, passed = np.zeros((2, size))
    for number, rare, on in (row[9:] for row in pool.near or ()):
        if number is not None and number < size:
            rarity[number], passed[number] = rare, on
    return rarity, passed
