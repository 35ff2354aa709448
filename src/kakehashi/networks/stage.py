"""Co-authorship edges between countries and between institutions, by field and period."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kakehashi.engine.base import Engine, Part
from kakehashi.engine.numbering import NUMBERED_WORKS
from kakehashi.engine.rounding import nine_places
from kakehashi.networks import kept
from kakehashi.progress import Progress
from kakehashi.settings import Settings
from kakehashi.tables import EDGES, WORK_SCOPES, declare

_NO_TAXONOMY = "none"
_LEVELS = ("country", "institution")
_COUNTRY, _INSTITUTION = 0, 1
_YEARS = 10_000
_NUMBERS = 2**31

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
PARTNERS = declare(
    "networks_partners",
    "The entities of works that make edges; share: what the work gives each pair, in units of 1e-12.",
    "level, work, node",
    "level bigint, work bigint, node bigint, share bigint",
    private=True,
)
KIN = declare(
    "networks_kin",
    "Pairs of institutions of which one counts for the other.",
    "level, pair",
    "level bigint, pair bigint",
    private=True,
)


def run(engine: Engine, settings: Settings, progress: Progress, reader: str = "") -> Mapping[str, float]:
    """Write WORK_SCOPES and EDGES from WORKS, WORK_COUNTRIES, WORK_INSTITUTIONS, INSTITUTION_RELATIONS, WORK_FIELDS.

    `fractional` is Newman's weight: each joint work adds 1/(n-1), where n is the number of the work's entities at
    that level, so that a work gives every partner an equal part of one (Newman 2001, Phys. Rev. E 64, 016132).
    An institution and a parent that it counts for (affiliations.roll_up) are no partners, and have no edge.
    Works of more entities than `networks.largest_work` make no edges at that level; returns how many there are.

    `reader` is the fingerprint of all that makes edges of works but the fields: edges of a field whose works are those
    of the last run, under the same fingerprint, are kept (`kept`).
    """
    advance = progress.step("networks", 3)
    engine.make(WORK_SCOPES, _SCOPES_SQL if _has_fields(engine, settings) else _SCOPES_WITHOUT_FIELDS)
    largest = settings.networks.largest_work
    for table, sql in (
        (NODES, _NODES), (FIELDS, _FIELDS), (MEMBERS, _MEMBERS), (PARTNERS, _PARTNERS.format(largest=largest)),
        (KIN, _KIN), (kept.PLACES, _PLACES),
    ):  # fmt: skip
        engine.make(table, sql)
    left_out: dict[Any, Any] = dict(engine.rows(_LEFT_OUT.format(largest=largest)))
    advance(1)
    fields = engine.rows("select number, field from networks_fields order by number nulls last")
    known = kept.former(engine)
    now = {field: kept.digest(engine, number, reader) for number, field in fields}
    same = {field for field, made in now.items() if known.get(field) == made}
    parts = [_part(engine, level, number, field, field in same) for level in range(2) for number, field in fields]
    advance(1)
    engine.make_parts(EDGES, parts)
    kept.store(engine, now if reader else {})
    advance(1)
    return {"largest_work": largest, "works_left_out": int(left_out.get(_INSTITUTION, 0)),
            "works_left_out_of_countries": int(left_out.get(_COUNTRY, 0))}  # fmt: skip


def _part(engine: Engine, level: int, number: int, field: str, same: bool) -> Part:
    """Return the edges of a level and field: those of the last run, or from its pairs, which are counted now."""
    name, text = f"{_LEVELS[level]}-{quote(field, safe='')}", field.replace("'", "''")
    if same:
        chosen = f"select {', '.join(EDGES.columns)} from edges where level = '{_LEVELS[level]}' and field = '{text}'"
        return Part(name, chosen, kept=True)
    pairs = declare(
        f"networks_pairs_{level}_{number}",
        "Joint works of each pair of nodes by year; share: Newman's weights in units of 1e-12.",
        "year, pair",
        "year bigint, pair bigint, works bigint, share bigint",
        private=True,
    )
    engine.make(pairs, _PAIRS.format(level=level, field=number))
    chosen = _EDGES.format(name=_LEVELS[level], field=text, pairs=pairs.name)
    return Part(name, chosen, order=_ORDER, names=dict.fromkeys(("entity_a", "entity_b"), _NAMES.format(level=level)))


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
with numbered as ({NUMBERED_WORKS})
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
_PLACES = f"""
with numbered as ({NUMBERED_WORKS})
select f.number as field, w.work, coalesce(s.year, -1) + 1 as year
from work_scopes s
join networks_fields f on f.field = s.field
join numbered w on w.work_id = s.work_id
"""
_LEFT_OUT = """
select level, count(*) as works
from (select level, work from networks_members group by level, work having count(*) > {largest}) t
group by level
"""
_PARTNERS = """
select m.level, m.work, m.node, z.share
from networks_members m
join (
    select level, work, cast(floor(1e12 / nullif(count(*) - 1, 0) + 0.5) as bigint) as share
    from networks_members
    group by level, work
    having count(*) > 1 and count(*) <= {largest}
) z on z.level = m.level and z.work = m.work
"""
_KIN = f"""
select x.level, x.node * {_NUMBERS} + y.node as pair
from (select institution_id, related_id from institution_relations where counts and relation <> 'successor'
      union
      select related_id as institution_id, institution_id as related_id from institution_relations
      where counts and relation <> 'successor') r
join networks_nodes x on x.level = {_INSTITUTION} and x.entity = r.institution_id
join networks_nodes y on y.level = {_INSTITUTION} and y.entity = r.related_id
where x.node < y.node
"""

# WORK_COUNTRIES and WORK_INSTITUTIONS hold each entity of a work once (their key says so). The shares are summed as
# whole units of 1e-12: exact, so the sum does not depend on the order in which threads add. A pair is two nodes in one.
_PAIRS = f"""
with held as (
    select p.work, p.year, m.node, m.share
    from (select work, year from networks_places where field = {{field}}) p
    join (select work, node, share from networks_partners where level = {{level}}) m on m.work = p.work
), pairs as (
    select a.year, a.node * {_NUMBERS} + b.node as pair, count(*) as works, sum(a.share) as share
    from held a
    join held b on b.work = a.work and a.node < b.node
    group by a.year, a.node * {_NUMBERS} + b.node
)
select p.year, p.pair, p.works, p.share
from pairs p
left join (select pair from networks_kin where level = {{level}}) k on k.pair = p.pair
where k.pair is null
"""

# `all` sorts behind the years.
_EDGES = f"""
with numbered as (
    select year, pair, works, share from {{pairs}} where year > 0
    union all
    select {_YEARS} as year, pair, sum(works) as works, sum(share) as share from {{pairs}} group by pair
)
select '{{name}}' as level, '{{field}}' as field,
    case when p.year = {_YEARS} then 'all' else cast(p.year - 1 as string) end as period,
    cast(floor(p.pair / {_NUMBERS}) as bigint) as entity_a, p.pair % {_NUMBERS} as entity_b, p.works,
    {nine_places("p.share")} as fractional, p.year as year_number, p.pair as pair_number
from numbered p
"""
_NAMES = "select node as number, entity as name from networks_nodes where level = {level}"
_ORDER = "year_number, pair_number"


def _has_fields(engine: Engine, settings: Settings) -> bool:
    if settings.fields.taxonomy == _NO_TAXONOMY:
        return False
    return bool(engine.rows("select work_id from work_fields limit 1"))
