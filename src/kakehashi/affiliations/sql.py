"""The SQL of the stage: from what single strings say to institutions and countries of works, with shares."""

from typing import Literal

FractionalBy = Literal["country", "institution", "author"]

STRINGS = "select distinct affiliation from mentions where affiliation is not null"
COUNT_STRINGS = "select count(distinct affiliation) from mentions"

# One record's assertion does not speak for all works that print the same string: half of the mentions must agree.
CONTEXT = """
select m.affiliation as affiliation,
       count(*) as mentions,
       case when count(distinct m.given_country) = 1 and 2 * count(m.given_country) >= count(*)
            then min(m.given_country) end as given_country,
       case when count(distinct m.given_ror) = 1 then min(m.given_ror) end as given_ror,
       max(f.seqs) as seqs,
       max(f.located) as located
from mentions m
join (select affiliation, count(*) as seqs, count(country_code) as located
      from affiliations_found group by affiliation) f on f.affiliation = m.affiliation
group by m.affiliation
"""

GIVEN_CODES = """
select distinct given_country from mentions where given_country is not null order by given_country nulls last
"""

# What the source asserts is taken where the string names no place. Where it contradicts a town inside the name,
# neither is trusted (each was wrong in half of such strings of OpenAlex), and the rest of the corpus decides.
MET = """
select e.affiliation as affiliation, e.seq as seq, e.country_code as country_code,
       case when e.source = 'string' then e.basis when e.source = 'given' then 'address' else '' end as basis,
       case when e.source = 'string' then e.country_method when e.source = 'given' then 'given' end as country_method,
       case when e.source = 'string' then e.country_span end as country_span
from (
  select f.affiliation as affiliation, f.seq as seq, f.basis as basis, f.country_method as country_method,
         f.country_span as country_span,
         case when f.country_method like 'city_in_name%' and c.seqs = 1 and g.country_code <> f.country_code then null
              when f.country_code is not null then f.country_code
              when c.located = 0 then g.country_code end as country_code,
         case when f.country_method like 'city_in_name%' and c.seqs = 1 and g.country_code <> f.country_code then 'none'
              when f.country_code is not null then 'string'
              when c.located = 0 and g.country_code is not null then 'given'
              else 'none' end as source
  from affiliations_found f
  join affiliations_context c on c.affiliation = f.affiliation
  left join affiliations_given g on g.given_country = c.given_country
) e
"""

SPELLINGS = """
select f.name_key as name_key, f.name as name, t.country_code as country_code, t.basis as basis,
       cast(sum(c.mentions) as bigint) as mentions
from affiliations_found f
join affiliations_met t on t.affiliation = f.affiliation and t.seq = f.seq
join affiliations_context c on c.affiliation = f.affiliation
where f.name_key is not null
group by f.name_key, f.name, t.country_code, t.basis
"""

RESOLUTIONS = """
select f.affiliation as affiliation, f.seq as seq, u.institution_id as institution_id, u.name as institution,
       case when f.name_key is null then t.country_code else u.country_code end as country_code,
       case when c.seqs = 1 and u.institution_id is not null then c.given_ror end as ror_id,
       f.method as method,
       case when f.name_key is null or u.country_code = t.country_code then t.country_method
            when u.country_code is not null then 'corpus' end as country_method,
       f.span as span,
       case when f.name_key is null or u.country_code = t.country_code then t.country_span end as country_span,
       f.confidence as confidence,
       case when f.name_key is null then f.reason
            when u.institution_id is null then u.reason
            when u.country_code is null then coalesce(f.reason, 'ambiguous_place') end as reason
from affiliations_found f
join affiliations_met t on t.affiliation = f.affiliation and t.seq = f.seq
join affiliations_context c on c.affiliation = f.affiliation
left join affiliations_unified u
  on u.name_key = f.name_key and u.met_country = coalesce(t.country_code, '') and u.basis = t.basis
"""

LINKS = """
select m.work_id as work_id, m.seq as mention_seq, r.seq as resolution_seq, m.author_seq as author_seq,
       r.institution_id as institution_id,
       case when r.country_code is not null then r.country_code
            when c.located = 0 then g.country_code end as country_code
from mentions m
join resolutions r on r.affiliation = m.affiliation
join affiliations_context c on c.affiliation = m.affiliation
left join affiliations_given g on g.given_country = m.given_country
"""

INSTITUTIONS = """
select r.institution_id as institution_id, min(r.institution) as name, min(r.country_code) as country_code,
       case when count(distinct r.ror_id) = 1 then min(r.ror_id) end as ror_id,
       count(distinct f.name) as spellings, max(w.works) as works
from resolutions r
join affiliations_found f on f.affiliation = r.affiliation and f.seq = r.seq
join (select institution_id, count(distinct work_id) as works from affiliations_links
      where institution_id is not null group by institution_id) w on w.institution_id = r.institution_id
where r.institution_id is not null
group by r.institution_id
"""

_INSTITUTION_ITEMS = """
select distinct work_id, author_seq, institution_id as entity, institution_id as label
from affiliations_links where institution_id is not null
"""

_COUNTRY_ITEMS = """
select distinct work_id, author_seq, country_code as entity, country_code as label
from affiliations_links where country_code is not null
"""

# An institution stands for its country; a country met without any institution in the work stands for itself.
_COUNTRY_BY_INSTITUTION_ITEMS = """
select distinct l.work_id as work_id, l.author_seq as author_seq,
       coalesce(l.institution_id, l.country_code) as entity, l.country_code as label
from affiliations_links l
left join (select distinct work_id, country_code from affiliations_links
           where institution_id is not null and country_code is not null) named
  on named.work_id = l.work_id and named.country_code = l.country_code
where l.country_code is not null and (l.institution_id is not null or named.work_id is null)
"""


def work_institutions(by: FractionalBy) -> str:
    """SQL of the institutions of each work with their shares."""
    return _shares(_INSTITUTION_ITEMS, "institution_id", by_author=by == "author")


def work_countries(by: FractionalBy) -> str:
    """SQL of the countries of each work with their shares."""
    items = _COUNTRY_ITEMS if by == "country" else _COUNTRY_BY_INSTITUTION_ITEMS
    return _shares(items, "country_code", by_author=by == "author")


def _shares(items: str, label: str, *, by_author: bool) -> str:
    """Divide each work equally among its distinct entities and sum by label, exactly (decimals, not doubles).

    By author, each author with an entity gets an equal part first, divided among the author's entities; a work in
    which no author is linked to an affiliation is divided among its entities as under counting by institution.
    """
    parts = _equal_parts("")
    if by_author:
        unlinked = "where work_id not in (select work_id from items where author_seq is not null)"
        parts = f"{_author_parts()}\nunion all\n{_equal_parts(unlinked)}"
    return f"""
with items as ({items}),
parts as ({parts})
select work_id, label as {label}, cast(sum(cast(part as decimal(38, 18))) as double) as fraction
from parts group by work_id, label
"""


def _equal_parts(where: str) -> str:
    return f"""
select d.work_id as work_id, d.label as label, cast(1 as double) / nullif(n.entities, 0) as part
from (select distinct work_id, entity, label from items {where}) d
join (select work_id, count(*) as entities from (select distinct work_id, entity, label from items {where}) e
      group by work_id) n on n.work_id = d.work_id
"""


def _author_parts() -> str:
    return """
select i.work_id as work_id, i.label as label, cast(1 as double) / nullif(a.authors * n.entities, 0) as part
from items i
join (select work_id, count(distinct author_seq) as authors from items where author_seq is not null
      group by work_id) a on a.work_id = i.work_id
join (select work_id, author_seq, count(*) as entities from items where author_seq is not null
      group by work_id, author_seq) n on n.work_id = i.work_id and n.author_seq = i.author_seq
where i.author_seq is not null
"""
