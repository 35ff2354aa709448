"""Co-authorship edges between countries and between institutions, by field and period."""

from collections.abc import Mapping
from typing import Any

from kakehashi.engine.base import Engine
from kakehashi.progress import Progress
from kakehashi.settings import Settings
from kakehashi.tables import EDGES, WORK_SCOPES, declare

_NO_TAXONOMY = "none"
_COUNTRY, _INSTITUTION = 0, 1
_YEARS = 10_000
_NUMBERS = 2**31
_UNIT = "1e12"

NODES = declare(
    "networks_nodes",
    "A number for each country (level 0) and institution (level 1), in the order of their names.",
    "level, entity",
    "level bigint, entity string, node bigint",
    private=True,
)
FIELDS = declare(
    "networks_fields", "A number for each field, all and collected, in their order.", "field",
    "field string, number bigint",
    private=True,
)  # fmt: skip
MEMBERS = declare(
    "networks_members",
    "The entities of each work, both as numbers.",
    "level, work, node",
    "level bigint, work bigint, node bigint",
    private=True,
)
PAIRS = declare(
    "networks_pairs",
    "Joint works of each pair of nodes by scope, a field and a year; share: Newman's weights in units of 1e-12.",
    "level, scope, pair",
    "level bigint, scope bigint, pair bigint, works bigint, share bigint",
    private=True,
)


def run(engine: Engine, settings: Settings, progress: Progress) -> Mapping[str, float]:
    """Write WORK_SCOPES and EDGES from WORKS, WORK_COUNTRIES, WORK_INSTITUTIONS, INSTITUTION_RELATIONS, WORK_FIELDS.

    `fractional` is Newman's weight: each joint work adds 1/(n-1), where n is the number of the work's entities at
    that level, so that a work gives every partner an equal part of one (Newman 2001, Phys. Rev. E 64, 016132).
    An institution and a parent that it counts for (affiliations.roll_up) are no partners, and have no edge.
    Works of more entities than `networks.largest_work` make no edges at that level; returns how many there are.
    """
    advance = progress.step("networks", 4)
    engine.make(WORK_SCOPES, _SCOPES_SQL if _has_fields(engine, settings) else _SCOPES_WITHOUT_FIELDS)
    advance(1)
    engine.make(NODES, _NODES)
    engine.make(FIELDS, _FIELDS)
    engine.make(MEMBERS, _MEMBERS)
    largest = settings.networks.largest_work
    left_out: dict[Any, Any] = dict(engine.rows(_LEFT_OUT.format(largest=largest)))
    advance(1)
    engine.make(PAIRS, _PAIRS.format(largest=largest))
    advance(1)
    engine.make(EDGES, _EDGES, order=_ORDER)
    advance(1)
    return {"largest_work": largest, "works_left_out": int(left_out.get(_INSTITUTION, 0)),
            "works_left_out_of_countries": int(left_out.get(_COUNTRY, 0))}  # fmt: skip


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

# Names are long and edges many: what is counted are numbers in the order of the names, which are put back at the end.
_NODES = f"""
select level, entity, row_number() over (partition by level order by entity nulls last) - 1 as node
from (
    select distinct {_COUNTRY} as level, country_code as entity from work_countries
    union all
    select distinct {_INSTITUTION} as level, institution_id as entity from work_institutions
) t
"""
_FIELDS = """
select field, row_number() over (order by field nulls last) - 1 as number
from (select distinct field from work_scopes) t
"""
_MEMBERS = f"""
with numbered as (
    select work_id, row_number() over (order by work_id nulls last) - 1 as work from works
)
select n.level, w.work, n.node
from work_countries c
join (select level, entity, node from networks_nodes where level = {_COUNTRY}) n on n.entity = c.country_code
join numbered w on w.work_id = c.work_id
union all
select n.level, w.work, n.node
from work_institutions i
join (select level, entity, node from networks_nodes where level = {_INSTITUTION}) n on n.entity = i.institution_id
join numbered w on w.work_id = i.work_id
"""
_LEFT_OUT = """
select level, count(*) as works
from (select level, work from networks_members group by level, work having count(*) > {largest}) t
group by level
"""

# Works are paired once, and only then spread over the scopes they count in: a work of 3,000 institutions has
# 4.5 million pairs. WORK_COUNTRIES and WORK_INSTITUTIONS hold each entity of a work once (their key says so).
# The shares are summed as whole units of 1e-12: exact, so the sum does not depend on the order in which threads add.
# A scope is a field and a year (-1: none) in one number, a pair is two nodes in one.
_PAIRS = f"""
with numbered as (
    select work_id, row_number() over (order by work_id nulls last) - 1 as work from works
), scopes as (
    select w.work, f.number * {_YEARS} + coalesce(s.year, -1) + 1 as scope
    from work_scopes s
    join networks_fields f on f.field = s.field
    join numbered w on w.work_id = s.work_id
), sizes as (
    select level, work, cast(floor(1e12 / nullif(count(*) - 1, 0) + 0.5) as bigint) as share
    from networks_members
    group by level, work
    having count(*) > 1 and count(*) <= {{largest}}
), pairs as (
    select a.level, a.work, a.node * {_NUMBERS} + b.node as pair, z.share
    from sizes z
    join networks_members a on a.level = z.level and a.work = z.work
    join networks_members b on b.level = z.level and b.work = z.work and a.node < b.node
), kin as (
    select x.level, x.node * {_NUMBERS} + y.node as pair
    from (select institution_id, related_id from institution_relations where counts and relation <> 'successor'
          union
          select related_id as institution_id, institution_id as related_id from institution_relations
          where counts and relation <> 'successor') r
    join networks_nodes x on x.level = {_INSTITUTION} and x.entity = r.institution_id
    join networks_nodes y on y.level = {_INSTITUTION} and y.entity = r.related_id
    where x.node < y.node
)
select p.level, s.scope, p.pair, count(*) as works, sum(p.share) as share
from pairs p
join scopes s on s.work = p.work
left join kin k on k.level = p.level and k.pair = p.pair
where k.level is null
group by p.level, s.scope, p.pair
"""

# Shares are rounded at nine places so that three thirds make one. `all` sorts behind the years.
_EDGES = f"""
with numbered as (
    select level, cast(floor(scope / {_YEARS}) as bigint) as field, scope % {_YEARS} as year, pair, works, share
    from networks_pairs
    where scope % {_YEARS} > 0
    union all
    select level, cast(floor(scope / {_YEARS}) as bigint) as field, {_YEARS} as year, pair, sum(works) as works,
        sum(share) as share
    from networks_pairs
    group by level, cast(floor(scope / {_YEARS}) as bigint), pair
)
select case when p.level = {_COUNTRY} then 'country' else 'institution' end as level, f.field,
    case when p.year = {_YEARS} then 'all' else cast(p.year - 1 as string) end as period,
    a.entity as entity_a, b.entity as entity_b, p.works,
    round(p.share / {_UNIT}, 9) as fractional,
    p.level as level_number, p.field as field_number, p.year as year_number, p.pair as pair_number
from numbered p
join networks_fields f on f.number = p.field
join networks_nodes a on a.level = p.level and a.node = cast(floor(p.pair / {_NUMBERS}) as bigint)
join networks_nodes b on b.level = p.level and b.node = p.pair % {_NUMBERS}
"""
_ORDER = "level_number, field_number, year_number, pair_number"


def _has_fields(engine: Engine, settings: Settings) -> bool:
    if settings.fields.taxonomy == _NO_TAXONOMY:
        return False
    return bool(engine.rows("select work_id from work_fields limit 1"))
