"""What SQL can count of each entity and scope, and the joins that put centralities beside it."""

from typing import Literal

from kakehashi.tables import declare

VOLUME = declare(
    "indicators_volume",
    "Works of each entity by field and period.",
    "level, field, period, entity",
    "level string, field string, period string, entity string, papers bigint, papers_fractional double, "
    "international_papers bigint",
    private=True,
)
SIZES = declare(
    "indicators_sizes",
    "The size of each scope: entities with a work in it, and works with an entity.",
    "level, field, period",
    "level string, field string, period string, entities bigint, works bigint",
    private=True,
)
NODES = declare(
    "indicators_nodes",
    "A number for each entity, in alphabetical order, by which graphs know it.",
    "level, entity",
    "level string, entity string, node bigint",
    private=True,
)
CENTRALITIES = declare(
    "indicators_centralities",
    "Centralities of the nodes that have a partner; betweenness_error is null where exact.",
    "level, field, period, node",
    "level string, field string, period string, node bigint, degree bigint, betweenness double, "
    "betweenness_error double, eigenvector double",
    private=True,
)

MEMBERS_SQL = """
    select 'country' as level, work_id, country_code as entity, fraction from work_countries
    union all
    select 'institution' as level, work_id, institution_id as entity, fraction from work_institutions
"""
"""The entities of each work at both levels, each with its fraction of the work."""

# Fractions are summed as decimals: exact, so the sum does not depend on the order in which threads add.
VOLUME_SQL = f"""
with members as ({MEMBERS_SQL}), international as (
    select work_id from work_countries group by work_id having count(*) > 1
), by_year as (
    select m.level, s.field, s.year, m.entity, count(*) as papers,
        sum(cast(m.fraction as decimal(38, 12))) as share, count(i.work_id) as international_papers
    from members m
    join work_scopes s on s.work_id = m.work_id
    left join international i on i.work_id = m.work_id
    group by m.level, s.field, s.year, m.entity
)
select level, field, cast(year as string) as period, entity, papers,
    round(cast(share as double), 9) as papers_fractional, international_papers
from by_year
where year is not null
union all
select level, field, 'all' as period, entity, sum(papers) as papers,
    round(cast(sum(share) as double), 9) as papers_fractional, sum(international_papers) as international_papers
from by_year
group by level, field, entity
"""

SIZES_SQL = """
with covered as (
    select 'country' as level, work_id from work_countries group by work_id
    union all
    select 'institution' as level, work_id from work_institutions group by work_id
), by_year as (
    select c.level, s.field, s.year, count(*) as works
    from covered c
    join work_scopes s on s.work_id = c.work_id
    group by c.level, s.field, s.year
), works as (
    select level, field, cast(year as string) as period, works from by_year where year is not null
    union all
    select level, field, 'all' as period, sum(works) as works from by_year group by level, field
), entities as (
    select level, field, period, count(*) as entities from indicators_volume group by level, field, period
)
select e.level, e.field, e.period, e.entities, w.works
from entities e
join works w on w.level = e.level and w.field = e.field and w.period = e.period
"""

NODES_SQL = """
select level, entity, row_number() over (partition by level order by entity nulls last) - 1 as node
from (select distinct level, entity from indicators_volume) t
"""

TOTALS_SQL = """
with countries as (
    select work_id, count(*) as n from work_countries group by work_id
), finest as (
    select s.field, s.year, w.database, count(*) as works, count(c.work_id) as works_resolved,
        sum(case when c.n > 1 then 1 else 0 end) as international_papers
    from work_scopes s
    join works w on w.work_id = s.work_id
    left join countries c on c.work_id = s.work_id
    group by s.field, s.year, w.database
), periods as (
    select field, cast(year as string) as period, database, works, works_resolved, international_papers
    from finest
    where year is not null
    union all
    select field, 'all' as period, database, works, works_resolved, international_papers from finest
), cells as (
    select field, period, database, works, works_resolved, international_papers
    from periods
    where database is not null
    union all
    select field, period, 'all' as database, works, works_resolved, international_papers from periods
)
select field, period, database, sum(works) as works, sum(works_resolved) as works_resolved,
    sum(international_papers) as international_papers,
    sum(international_papers) * 1e0 / nullif(sum(works_resolved), 0) as international_share,
    sum(works) - sum(works_resolved) as without_country
from cells
group by field, period, database
"""


def indicators_sql(counting: Literal["full", "fractional"]) -> str:
    """Return the SELECT for INDICATORS. `counting` decides what the activity index compares.

    The activity index (Frame 1977; the same as Balassa's revealed comparative advantage) divides an entity's share
    of a field's works by its share of all works in the study, over works that have an entity at that level.
    """
    papers = "papers" if counting == "full" else "papers_fractional"
    return f"""
        select v.level, v.field, v.period, v.entity, v.papers, v.papers_fractional, v.international_papers,
            v.international_papers * 1e0 / nullif(v.papers, 0) as international_share,
            coalesce(c.degree, 0) as degree,
            coalesce(c.degree, 0) * 1e0 / nullif(z.entities - 1, 0) as degree_normalised,
            case when c.node is null then 0e0 else c.betweenness end as betweenness,
            c.betweenness_error,
            case when c.node is null then 0e0 else c.eigenvector end as eigenvector,
            case when v.field in ('all', 'collected') then null
                else (v.{papers} * 1e0 / nullif(z.works, 0)) / nullif(a.{papers} * 1e0 / nullif(y.works, 0), 0e0)
            end as activity_index
        from indicators_volume v
        join indicators_sizes z on z.level = v.level and z.field = v.field and z.period = v.period
        join indicators_nodes n on n.level = v.level and n.entity = v.entity
        left join indicators_centralities c
            on c.level = v.level and c.field = v.field and c.period = v.period and c.node = n.node
        left join indicators_volume a
            on a.level = v.level and a.field = 'all' and a.period = v.period and a.entity = v.entity
        left join indicators_sizes y on y.level = v.level and y.field = 'all' and y.period = v.period
    """
