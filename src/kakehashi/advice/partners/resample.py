"""The ranking over resampled works: each work counts as often as a Poisson draw of mean 1 says."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, exact, listed, quoted
from kakehashi.advice.partners.rules import Rules, components
from kakehashi.advice.partners.scale import position
from kakehashi.advice.partners.scoring import Scores, weighted
from kakehashi.advice.partners.sensitivity import Stability, ranked, summary

RESAMPLED = ("output", "openness", "ties", "national_ties", "shared_partners", "bridge")

# So many works are drawn at once, and so many draws summed: two million works by 200 draws are 3 GiB as doubles, but
# 0.4 as the bytes that they are kept in.
_WORKS_AT_ONCE = 100_000
_DRAWS_AT_ONCE = 10


@dataclass(frozen=True)
class _Draws:
    """Poisson weights of works (works x draws), in bytes, and each work's row."""

    weights: npt.NDArray[np.uint8]
    row: dict[str, int]

    def sums(self, owners: list[int], works: list[str], amounts: Floats, size: int) -> Floats:
        """Return owners x draws: the amounts of each owner's works, each times the work's weight."""
        columns = [self.row[work] for work in works]
        matrix = sparse.csr_matrix((amounts, (owners, columns)), shape=(size, len(self.row)))
        draws = self.weights.shape[1]
        found = np.empty((size, draws))
        for first in range(0, draws, _DRAWS_AT_ONCE):
            some = slice(first, first + _DRAWS_AT_ONCE)
            found[:, some] = matrix @ self.weights[:, some].astype(np.float64)
        return found


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
    own = _own_works(reader, question, rules, [pool.entities[place] for place in leading])
    if not own:
        return {}
    draws = _draws(own, rules)
    at = {pool.entities[place]: number for number, place in enumerate(leading)}
    anew = _recounted(own, draws, at, pool, leading, rules)
    if {"shared_partners", "bridge"} & set(scores.components):
        anew |= _paths(reader, question, rules, draws, at)
    ranks = []
    for draw in range(rules.sample_draws):
        values = scores.filled[leading].copy()
        for column, name in enumerate(scores.components):
            if name in anew:
                values[:, column] = position(anew[name][:, draw], measures.raw[name], components()[name].scale)
        ranks.append(ranked(weighted(values, scores.weights)))
    return summary(np.array(ranks), leading, rules)


def _own_works(reader: Reader, question: Question, rules: Rules, entities: list[str]) -> list[tuple[object, ...]]:
    """Return candidate, work, whether international, its share in ties with us, its share in ties with our country."""
    members, entity = sql.places(question)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(z.n - 1, 0)", "s.year")
    home_table, home_column = sql.places_of(question.home_level)
    country = quoted(question.country) if question.country else "null"
    return reader.rows(
        f"select m.{entity}, m.work_id, case when i.n > 1 then 1 else 0 end, "
        f"case when h.work_id is null then 0e0 else coalesce({share}, 0e0) end, "
        f"case when c.work_id is null then 0e0 else coalesce({share}, 0e0) end "
        f"from {members} m join work_scopes s on s.work_id = m.work_id and s.field = {quoted(question.field)} "
        f"join (select work_id, count(*) as n from {members} group by work_id) z on z.work_id = m.work_id "
        "left join (select work_id, count(*) as n from work_countries group by work_id) i on i.work_id = m.work_id "
        f"left join {home_table} h on h.work_id = m.work_id and h.{home_column} = {quoted(question.home)} "
        f"left join work_countries c on c.work_id = m.work_id and c.country_code = {country} "
        f"where m.{entity} in ({listed(entities)}) order by m.work_id nulls last, m.{entity} nulls last"
    )


def _draws(own: list[tuple[object, ...]], rules: Rules) -> _Draws:
    works = sorted({str(row[1]) for row in own})
    weights = np.empty((len(works), rules.sample_draws), np.uint8)  # a draw of mean 1 above 255 will not be met
    random = np.random.default_rng(rules.seed)
    for first in range(0, len(works), _WORKS_AT_ONCE):
        some = weights[first : first + _WORKS_AT_ONCE]
        some[:] = random.poisson(1.0, some.shape)
    return _Draws(weights, {work: number for number, work in enumerate(works)})


def _recounted(
    own: list[tuple[object, ...]], draws: _Draws, at: dict[str, int], pool: Pool, leading: list[int], rules: Rules
) -> dict[str, Floats]:
    owners, works = [at[str(row[0])] for row in own], [str(row[1]) for row in own]

    def summed(column: int | None) -> Floats:
        amounts = np.array([1.0 if column is None else float(row[column]) for row in own])  # type: ignore[arg-type]
        return draws.sums(owners, works, amounts, len(leading))

    papers, international = summed(None), summed(2)
    share, size = pool.columns["international_share"], pool.columns["papers"]
    known = ~np.isnan(share)
    overall = float((share[known] * size[known]).sum() / max(size[known].sum(), 1.0))
    openness = (international + overall * rules.prior_papers) / (papers + rules.prior_papers)
    return {"output": papers, "openness": openness, "ties": summed(3), "national_ties": summed(4)}


def _paths(reader: Reader, question: Question, rules: Rules, draws: _Draws, at: dict[str, int]) -> dict[str, Floats]:
    """Recount the second step of each path: the works that a partner of ours shares with a candidate.

    The partner's tie with us and its total are held as they are.
    """
    members, entity = sql.places(question)
    links = sql.links(question, rules.half_life, sql.OF_TIES)
    share = sql.strength(question, rules.half_life, "1e0 / nullif(z.n - 1, 0)", "s.year")
    rows = reader.rows(
        f"with ties as ({sql.ties(question, rules.half_life)}), links as ({links}), "
        "ours as (select l.here, count(*) as degree, max(t.strength) as strength, "
        f"{exact('l.strength')} as total from links l join ties t on t.entity = l.here "
        f"where l.here not in ({sql.home_entities(question)}) group by l.here) "
        f"select m.{entity}, o.here, m.work_id, coalesce({share}, 0e0), "
        "coalesce(o.strength / nullif(o.total, 0e0), 0e0), 1e0 / ln(greatest(o.degree, 2)) "
        f"from {members} m join {members} p on p.work_id = m.work_id and p.{entity} <> m.{entity} "
        f"join ours o on o.here = p.{entity} "
        f"join work_scopes s on s.work_id = m.work_id and s.field = {quoted(question.field)} "
        f"join (select work_id, count(*) as n from {members} group by work_id) z on z.work_id = m.work_id "
        f"where m.{entity} in ({listed(at)}) order by m.{entity} nulls last, o.here nulls last, m.work_id nulls last"
    )
    pairs = sorted({(at[row[0]], row[1], row[4], row[5]) for row in rows})
    number = {pair[:2]: place for place, pair in enumerate(pairs)}
    owners, works = [number[at[row[0]], row[1]] for row in rows], [row[2] for row in rows]
    counts = draws.sums(owners, works, np.ones(len(rows)), len(pairs))
    strengths = draws.sums(owners, works, np.array([row[3] for row in rows], dtype=float), len(pairs))
    belongs = sparse.csr_matrix(
        (np.ones(len(pairs)), ([pair[0] for pair in pairs], range(len(pairs)))), shape=(len(at), len(pairs))
    )
    passed = np.array([pair[2] for pair in pairs]).reshape(-1, 1)
    rarity = np.array([pair[3] for pair in pairs]).reshape(-1, 1)
    return {"shared_partners": belongs @ ((counts > 0) * rarity), "bridge": belongs @ (strengths * passed)}
