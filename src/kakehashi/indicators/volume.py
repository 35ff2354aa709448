"""What SQL can count of each entity and scope, and the joins that put centralities beside it.

Names are long and rows many: what is counted are numbers in the order of the names, which are put back at the end. The
number of a scope is made of those of its level, its field and its period.
"""

from collections.abc import Collection, Mapping
from typing import Literal
from urllib.parse import quote

from kakehashi.engine.base import Engine, Part
from kakehashi.engine.numbering import NUMBERED_WORKS
from kakehashi.engine.rounding import nine_places
from kakehashi.tables import INDICATORS, declare

_LEVELS = ("country", "institution")
_LEVEL, _FIELD = 100_000_000, 100_000
_WHOLE = _FIELD - 1  # the period `all`, behind the years; 0 stands for no year, 1 for the year 0

NODES = declare(
    "indicators_nodes",
    "A number for each entity, in the order of levels and names, by which graphs know it.",
    "level, entity",
    "level string, entity string, node bigint",
    private=True,
)
FIELDS = declare(
    "indicators_fields",
    "A number for each field, all and collected, in their order.",
    "field",
    "field string, number bigint",
    private=True,
)
MEMBERS = declare(
    "indicators_members",
    "The entities of each work at both levels, as numbers, each with its fraction of the work.",
    "work, node",
    "level bigint, work bigint, node bigint, fraction double",
    private=True,
)
PLACES = declare(
    "indicators_places",
    "The fields that each work counts in, with its year, as one number.",
    "work, place",
    "work bigint, place bigint",
    private=True,
)
VOLUME = declare(
    "indicators_volume",
    "Works of each entity by scope.",
    "scope, node",
    "scope bigint, node bigint, papers bigint, papers_fractional double, international_papers bigint",
    private=True,
)
SIZES = declare(
    "indicators_sizes",
    "The names and the size of each scope: entities with a work in it, and works with an entity. whole: the scope of "
    "all fields of the same level and period.",
    "scope",
    "scope bigint, level string, field string, period string, entities bigint, works bigint, whole bigint",
    private=True,
)
CENTRALITIES = declare(
    "indicators_centralities",
    "Centralities of the nodes that have a partner; betweenness_error is null where exact.",
    "scope, node",
    "scope bigint, node bigint, degree bigint, betweenness double, betweenness_error double, eigenvector double",
    private=True,
)


def number(engine: Engine) -> Mapping[str, int]:
    """Write the private tables of the numbers of entities and fields. Return those of the fields."""
    engine.make(NODES, _NODES_SQL)
    engine.make(FIELDS, _FIELDS_SQL)
    return dict(engine.rows("select field, number from indicators_fields order by number nulls last"))


def count(engine: Engine, fields: Mapping[str, int]) -> None:
    """Write the private tables of what each entity has in each scope of some fields, and of all, if there are any."""
    counted = {*fields.values(), *(number for _, number in engine.rows(_ALL_SQL))} if fields else ()
    for table, sql in (
        (MEMBERS, _MEMBERS_SQL), (PLACES, _PLACES_SQL.format(numbers=_listed(counted))), (VOLUME, _VOLUME_SQL),
        (SIZES, _SIZES_SQL),
    ):  # fmt: skip
        engine.make(table, sql)


def in_fields(scope: str, fields: Mapping[str, int]) -> str:
    """Write the condition that the number of a scope is of some fields."""
    return f"cast(floor({scope} % {_LEVEL} / {_FIELD}) as bigint) in ({_listed(fields.values())})"


def parts(fields: Mapping[str, int], same: Collection[str]) -> list[Part]:
    """Return the parts of INDICATORS, one for each level and field; those of the fields in `same` stay as they are."""
    return [
        _part(level, name, field, place, kept=field in same)
        for level, name in enumerate(_LEVELS) for field, place in fields.items()
    ]  # fmt: skip


def _part(level: int, name: str, field: str, place: int, *, kept: bool) -> Part:
    file, text = f"{name}-{quote(field, safe='')}", field.replace("'", "''")
    if kept:
        columns = ", ".join(INDICATORS.columns)
        return Part(file, f"select {columns} from indicators where level = '{name}' and field = '{text}'", kept=True)
    first = level * _LEVEL + place * _FIELD
    return Part(file, _INDICATORS_SQL.format(level=name, first=first, end=first + _FIELD), order=_ORDER)


def _listed(numbers: Collection[int]) -> str:
    """Write numbers as the inside of an SQL IN list; one that none is where there are none."""
    return ", ".join(map(str, sorted(numbers))) or "-1"


def whole_period(place: str) -> str:
    """Write the number of a scope of the whole period from that of a scope of one year."""
    return f"{place} - {place} % {_FIELD} + {_WHOLE}"


_NODES_SQL = """
select level, entity, row_number() over (order by level nulls last, entity nulls last) - 1 as node
from (
    select distinct 'country' as level, country_code as entity from work_countries
    union all
    select distinct 'institution' as level, institution_id as entity from work_institutions
) t
"""
_FIELDS_SQL = """
select field, row_number() over (order by field nulls last) - 1 as number
from (select distinct field from work_scopes) t
"""
_ALL_SQL = "select field, number from indicators_fields where field = 'all'"
# The level is fixed inside each part, not in the join: a planner that sees n.level = m.level may pair all nodes.
_MEMBERS_SQL = f"""
with numbered as ({NUMBERED_WORKS})
select 0 as level, w.work, n.node, c.fraction
from work_countries c
join (select entity, node from indicators_nodes where level = 'country') n on n.entity = c.country_code
join numbered w on w.work_id = c.work_id
union all
select {_LEVEL} as level, w.work, n.node, i.fraction
from work_institutions i
join (select entity, node from indicators_nodes where level = 'institution') n on n.entity = i.institution_id
join numbered w on w.work_id = i.work_id
"""
_PLACES_SQL = f"""
with numbered as ({NUMBERED_WORKS})
select w.work, f.number * {_FIELD} + coalesce(s.year, -1) + 1 as place
from work_scopes s
join (select field, number from indicators_fields where number in ({{numbers}})) f on f.field = s.field
join numbered w on w.work_id = s.work_id
"""

# Fractions are summed as whole units of 1e-12: exact, so the sum does not depend on the order in which threads add.
_VOLUME_SQL = f"""
with international as (
    select work from indicators_members where level = 0 group by work having count(*) > 1
), by_year as (
    select m.level + p.place as scope, m.node, count(*) as papers,
        sum(cast(floor(m.fraction * 1e12 + 0.5) as bigint)) as share, count(i.work) as international_papers
    from indicators_members m
    join indicators_places p on p.work = m.work
    left join international i on i.work = m.work
    group by m.level + p.place, m.node
)
select scope, node, papers, {nine_places("share")} as papers_fractional, international_papers
from by_year
where scope % {_FIELD} > 0
union all
select {whole_period("scope")} as scope, node, sum(papers) as papers,
    {nine_places("sum(cast(share as decimal(38, 0)))")} as papers_fractional,
    sum(international_papers) as international_papers
from by_year
group by {whole_period("scope")}, node
"""

_SIZES_SQL = f"""
with covered as (
    select level, work from indicators_members group by level, work
), by_year as (
    select c.level + p.place as scope, count(*) as works
    from covered c
    join indicators_places p on p.work = c.work
    group by c.level + p.place
), works as (
    select scope, works from by_year where scope % {_FIELD} > 0
    union all
    select {whole_period("scope")} as scope, sum(works) as works from by_year group by {whole_period("scope")}
), entities as (
    select scope, count(*) as entities from indicators_volume group by scope
)
select e.scope, case when e.scope < {_LEVEL} then 'country' else 'institution' end as level, f.field,
    case when e.scope % {_FIELD} = {_WHOLE} then 'all' else cast(e.scope % {_FIELD} - 1 as string) end as period,
    e.entities, w.works, e.scope + (a.number - f.number) * {_FIELD} as whole
from entities e
join works w on w.scope = e.scope
join indicators_fields f on f.number = cast(floor(e.scope % {_LEVEL} / {_FIELD}) as bigint)
cross join (select max(number) as number from indicators_fields where field = 'all') a
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


RATES = declare(
    "indicators_rates",
    "Everything that INDICATORS tells of an entity in a scope, by numbers.",
    "scope, node",
    "scope bigint, node bigint, papers bigint, papers_fractional double, international_papers bigint, degree bigint, "
    "degree_normalised double, betweenness double, betweenness_error double, eigenvector double, activity_index double",
    private=True,
)


def rates_sql(counting: Literal["full", "fractional"], fields: Mapping[str, int]) -> str:
    """Return the SELECT for RATES of some fields. `counting`: what the activity index compares.

    The activity index (Frame 1977; the same as Balassa's revealed comparative advantage) divides an entity's share
    of a field's works by its share of all works in the study, over works that have an entity at that level.
    """
    papers = "papers" if counting == "full" else "papers_fractional"
    return f"""
        select v.scope, v.node, v.papers, v.papers_fractional, v.international_papers,
            coalesce(c.degree, 0) as degree,
            coalesce(c.degree, 0) * 1e0 / nullif(z.entities - 1, 0) as degree_normalised,
            case when c.node is null then 0e0 else c.betweenness end as betweenness,
            c.betweenness_error,
            case when c.node is null then 0e0 else c.eigenvector end as eigenvector,
            case when z.field in ('all', 'collected') then null
                else (v.{papers} * 1e0 / nullif(z.works, 0)) / nullif(a.{papers} * 1e0 / nullif(y.works, 0), 0e0)
            end as activity_index
        from indicators_volume v
        join indicators_sizes z on z.scope = v.scope
        left join indicators_centralities c on c.scope = v.scope and c.node = v.node
        left join (
            select scope, node, {papers} from indicators_volume where scope in (select whole from indicators_sizes)
        ) a on a.scope = z.whole and a.node = v.node
        left join indicators_sizes y on y.scope = z.whole
        where {in_fields("v.scope", fields)}
    """


# None of these is below 0. DuckDB writes a column in another form where it knows that no value is missing, and what it
# knows of RATES depends on which fields are made: with nullif a file has the same bytes whatever is kept beside it.
# Apart from the counting and the joins above: names beside all of it take more memory than a large study is given.
_INDICATORS_SQL = """
select r.scope as scope_number, r.node as node_number, z.level, z.field, z.period, n.entity, r.papers,
    r.papers_fractional, r.international_papers,
    r.international_papers * 1e0 / nullif(r.papers, 0) as international_share, r.degree,
    nullif(r.degree_normalised, -1e0) as degree_normalised, nullif(r.betweenness, -1e0) as betweenness,
    nullif(r.betweenness_error, -1e0) as betweenness_error, nullif(r.eigenvector, -1e0) as eigenvector,
    nullif(r.activity_index, -1e0) as activity_index
from (
    select scope, node, papers, papers_fractional, international_papers, degree, degree_normalised, betweenness,
        betweenness_error, eigenvector, activity_index
    from indicators_rates
    where scope >= {first} and scope < {end}
) r
join indicators_sizes z on z.scope = r.scope
join (select entity, node from indicators_nodes where level = '{level}') n on n.node = r.node
"""
_ORDER = "scope_number, node_number"
