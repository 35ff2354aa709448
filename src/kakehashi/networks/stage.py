"""Co-authorship edges between countries and between institutions, by field and period."""

from kakehashi.engine.base import Engine
from kakehashi.progress import Progress
from kakehashi.settings import Settings
from kakehashi.tables import EDGES, WORK_SCOPES

_NO_TAXONOMY = "none"


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Write WORK_SCOPES and EDGES from WORKS, WORK_COUNTRIES, WORK_INSTITUTIONS, INSTITUTION_RELATIONS, WORK_FIELDS.

    `fractional` is Newman's weight: each joint work adds 1/(n-1), where n is the number of the work's entities at
    that level, so that a work gives every partner an equal part of one (Newman 2001, Phys. Rev. E 64, 016132).
    An institution and a parent that it counts for (affiliations.roll_up) are no partners, and have no edge.
    """
    advance = progress.step("networks", 2)
    engine.make(WORK_SCOPES, _SCOPES_SQL if _has_fields(engine, settings) else _SCOPES_WITHOUT_FIELDS)
    advance(1)
    engine.make(EDGES, EDGES_SQL)
    advance(1)


# Where no work has a field (no taxonomy, or none of its labels was met) the study is all works read.
_SCOPES_WITHOUT_FIELDS = """
select work_id, 'collected' as field, year from works
union all
select work_id, 'all' as field, year from works
"""
_SCOPES_SQL = """
select work_id, 'collected' as field, year from works
union all
select w.work_id, 'all' as field, w.year
from works w
join (select distinct work_id from work_fields) f on f.work_id = w.work_id
union all
select w.work_id, f.field, w.year from works w join work_fields f on f.work_id = w.work_id
"""

# Works are paired once, and only then spread over the scopes they count in: a work of 3,000 institutions has
# 4.5 million pairs. WORK_COUNTRIES and WORK_INSTITUTIONS hold each entity of a work once (their key says so).
# The shares are summed as decimals: exact, so the sum does not depend on the order in which threads add.
# It is rounded at nine places so that three thirds make one.
EDGES_SQL = """
with members as (
    select 'country' as level, work_id, country_code as entity from work_countries
    union all
    select 'institution' as level, work_id, institution_id as entity from work_institutions
), sizes as (
    select level, work_id, count(*) as n from members group by level, work_id having count(*) > 1
), pairs as (
    select a.level, a.work_id, a.entity as entity_a, b.entity as entity_b,
        cast(1e0 / nullif(s.n - 1, 0) as decimal(38, 12)) as share
    from sizes s
    join members a on a.level = s.level and a.work_id = s.work_id
    join members b on b.level = s.level and b.work_id = s.work_id and a.entity < b.entity
), kin as (
    select 'institution' as level, institution_id as entity_a, related_id as entity_b
    from institution_relations where counts and relation <> 'successor' and institution_id < related_id
    union
    select 'institution' as level, related_id as entity_a, institution_id as entity_b
    from institution_relations where counts and relation <> 'successor' and related_id < institution_id
), by_year as (
    select p.level, s.field, s.year, p.entity_a, p.entity_b, count(*) as works, sum(p.share) as share
    from pairs p
    join work_scopes s on s.work_id = p.work_id
    left join kin k on k.level = p.level and k.entity_a = p.entity_a and k.entity_b = p.entity_b
    where k.level is null
    group by p.level, s.field, s.year, p.entity_a, p.entity_b
)
select level, field, cast(year as string) as period, entity_a, entity_b, works,
    round(cast(share as double), 9) as fractional
from by_year
where year is not null
union all
select level, field, 'all' as period, entity_a, entity_b, sum(works) as works,
    round(cast(sum(share) as double), 9) as fractional
from by_year
group by level, field, entity_a, entity_b
"""


def _has_fields(engine: Engine, settings: Settings) -> bool:
    if settings.fields.taxonomy == _NO_TAXONOMY:
        return False
    return bool(engine.rows("select work_id from work_fields limit 1"))
