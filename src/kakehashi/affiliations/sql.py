"""The SQL of the stage: from what single strings say to institutions and countries of works, with shares."""

from typing import Literal

from kakehashi.tables import READINGS

FractionalBy = Literal["country", "institution", "author"]

STRINGS = "select distinct affiliation from mentions where affiliation is not null"


def unread_strings(reader: str) -> str:
    """SQL of the strings of which `readings` has no rows of this reader."""
    return f"""
select distinct m.affiliation as affiliation
from mentions m
left join (select distinct affiliation from readings where reader = '{reader}') r on r.affiliation = m.affiliation
where m.affiliation is not null and r.affiliation is null
"""


def kept_and_new(reader: str) -> str:
    """SQL of the readings of this reader whose strings still occur, with those that were just made."""
    kept, new = (", ".join(f"{table}.{column} as {column}" for column in READINGS.columns) for table in ("r", "n"))
    return f"""
select {kept} from readings r
join (select distinct affiliation from mentions) m on m.affiliation = r.affiliation
where r.reader = '{reader}'
union all
select {new} from affiliations_read n
"""


def all_read(table: str) -> str:
    """SQL of the readings in one of the stage's tables."""
    return f"select {', '.join(READINGS.columns)} from {table}"


# Decisions about names also speak of whole strings in which no name was found.
NAMELESS = """
select r.affiliation as affiliation, min(r.country_code) as country_code
from readings r group by r.affiliation having count(r.name_key) = 0 and count(r.ror_id) = 0
"""

ASKED_READINGS = """
select r.affiliation as affiliation, r.name_key as name_key, r.name as name, r.country_code as country_code,
       r.ror_id as known_id, r.basis as basis, r.method as method, r.country_method as country_method,
       r.span as span, r.country_span as country_span, r.confidence as confidence, r.reason as reason
from readings r
join affiliations_asked a on a.affiliation = r.affiliation
order by r.affiliation nulls last, r.seq nulls last
"""


def agreed(strings: int, of_linked: int, of_all: int) -> str:
    """SQL of the names that the registry links in most strings of a country, and nearly always to one organisation.

    They mean it in the strings too in which the model was not sure: so many strings at least, and so many percent of
    those that link the name and of those that print it. Names that people decided about are left to them.
    """
    return f"""
select l.name_key as name_key, l.country_code as country_code, l.ror_id as ror_id
from (select r.name_key as name_key, r.country_code as country_code, r.ror_id as ror_id, count(*) as strings
      from readings r
      where r.ror_id is not null and r.name_key is not null and r.country_code is not null and r.reason is null
      group by r.name_key, r.country_code, r.ror_id) l
join (select r.name_key as name_key, r.country_code as country_code, count(*) as strings, count(r.ror_id) as linked
      from readings r where r.name_key is not null and r.country_code is not null
      group by r.name_key, r.country_code) a on a.name_key = l.name_key and a.country_code = l.country_code
left join (select distinct u.name_key as name_key from affiliations_unlinked u) u on u.name_key = l.name_key
where u.name_key is null and l.strings >= {strings} and 100 * l.strings >= {of_linked} * a.linked
      and 100 * a.linked >= {of_all} * a.strings
"""


FOUND = """
select r.affiliation as affiliation, r.seq as seq, r.name_key as name_key, r.name as name,
       r.country_code as country_code, case when u.name_key is null then coalesce(r.ror_id, g.ror_id) end as known_id,
       cast(null as string) as not_id, r.basis as basis, r.method as method, r.country_method as country_method,
       r.span as span, r.country_span as country_span, r.acronym as acronym, r.confidence as confidence,
       r.reason as reason, nullif(u.decision, '') as decision, cast(null as string) as country_decision
from readings r
left join affiliations_asked a on a.affiliation = r.affiliation
left join affiliations_agreed g on g.name_key = r.name_key and g.country_code = r.country_code
left join (select r.affiliation as affiliation, r.seq as seq, min(u.name_key) as name_key,
                  min(u.decision) as decision
           from readings r
           join affiliations_unlinked u on u.name_key = r.name_key
           where r.ror_id is not null
             and (u.country_code = '' or u.country_code = r.country_code)
             and (u.ror_id = '' or u.ror_id = r.ror_id)
             and (u.keeps = '' or r.country_code is null or u.keeps <> r.country_code)
           group by r.affiliation, r.seq) u on u.affiliation = r.affiliation and u.seq = r.seq
where a.affiliation is null
union all
select d.affiliation, d.seq, d.name_key, d.name, d.country_code, d.known_id, d.not_id, d.basis, d.method,
       d.country_method, d.span, d.country_span, cast(null as string), d.confidence, d.reason, d.decision,
       d.country_decision
from affiliations_decided d
"""

# One record's assertion does not speak for all works that print the same string: half of the mentions must agree.
CONTEXT = """
select m.affiliation as affiliation, m.mentions as mentions, m.given_country as given_country,
       m.given_ror as given_ror, f.seqs as seqs, f.located as located
from (select affiliation, count(*) as mentions,
             case when min(given_country) = max(given_country) and 2 * count(given_country) >= count(*)
                  then min(given_country) end as given_country,
             case when min(given_ror) = max(given_ror) then min(given_ror) end as given_ror
      from mentions group by affiliation) m
join (select affiliation, count(*) as seqs, count(country_code) as located
      from affiliations_found group by affiliation) f on f.affiliation = m.affiliation
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
where f.name_key is not null and f.known_id is null
group by f.name_key, f.name, t.country_code, t.basis
"""

PAIRS = """
select f.name_key as name_key, f.acronym as acronym, t.country_code as country_code, t.basis as basis,
       cast(sum(c.mentions) as bigint) as mentions
from affiliations_found f
join affiliations_met t on t.affiliation = f.affiliation and t.seq = f.seq
join affiliations_context c on c.affiliation = f.affiliation
where f.name_key is not null and f.known_id is null and f.acronym is not null
group by f.name_key, f.acronym, t.country_code, t.basis
"""

KNOWN_SPELLINGS = """
select f.known_id as known_id, f.name as name, t.country_code as country_code,
       cast(sum(c.mentions) as bigint) as mentions
from affiliations_found f
join affiliations_met t on t.affiliation = f.affiliation and t.seq = f.seq
join affiliations_context c on c.affiliation = f.affiliation
where f.known_id is not null
group by f.known_id, f.name, t.country_code
"""

# Who decides: a decision about the string, what is known of an id (k), the corpus (u), the string by itself (f, t).
RESOLUTIONS = """
select e.affiliation as affiliation, e.seq as seq, e.institution_id as institution_id,
       case when e.institution_id is not null then e.institution end as institution, e.country_code as country_code,
       case when e.institution_id is null then null
            when e.own_ror_id is not null then e.own_ror_id
            when e.seqs = 1 then e.given_ror end as ror_id,
       case when e.decision is not null then 'decision' else e.method end as method,
       case when e.country_code is null then null
            when e.country_decision is not null then 'decision'
            when e.country_code = e.met_country then e.country_method
            when e.own_ror_id is not null then 'registry'
            else 'corpus' end as country_method,
       e.span as span,
       case when e.country_decision is null and e.country_code = e.met_country then e.country_span end as country_span,
       case when e.decision is not null or e.country_decision is not null then 1.0 else e.confidence end as confidence,
       case when e.institution_id is null then coalesce(e.no_name, e.reason)
            when e.country_code is null then coalesce(e.reason, 'ambiguous_place') end as reason,
       e.decision as decision, e.country_decision as country_decision
from (
  select f.affiliation as affiliation, f.seq as seq, f.method as method, f.span as span, f.confidence as confidence,
         f.reason as reason, c.seqs as seqs, c.given_ror as given_ror, t.country_code as met_country,
         t.country_method as country_method, t.country_span as country_span,
         case when f.not_id is null or f.not_id <> coalesce(k.institution_id, u.institution_id)
              then coalesce(k.institution_id, u.institution_id) end as institution_id,
         case when f.not_id is not null then 'decided_no_institution' else u.reason end as no_name,
         coalesce(k.name, u.name) as institution,
         case when f.country_decision is not null and f.known_id is not null then t.country_code
              when f.known_id is not null then coalesce(k.country_code, t.country_code)
              when f.name_key is null then t.country_code
              else u.country_code end as country_code,
         coalesce(k.ror_id, u.ror_id) as own_ror_id,
         coalesce(f.decision, k.decision, u.decision) as decision,
         coalesce(f.country_decision, k.country_decision, u.country_decision) as country_decision
  from affiliations_found f
  join affiliations_met t on t.affiliation = f.affiliation and t.seq = f.seq
  join affiliations_context c on c.affiliation = f.affiliation
  left join affiliations_known k on k.known_id = f.known_id
  left join affiliations_unified u
    on f.known_id is null and u.name_key = f.name_key and u.met_country = coalesce(t.country_code, '')
   and u.basis = t.basis
) e
"""

# Strings name what they name; which institution that counts as depends on the year of the work.
LINKS = """
select m.work_id as work_id, m.seq as mention_seq, r.seq as resolution_seq, m.author_seq as author_seq,
       coalesce(s.related_id, r.institution_id) as institution_id,
       case when r.country_code is not null then r.country_code
            when c.located = 0 then g.country_code end as country_code,
       r.named as named, r.linked as linked, r.located as located
from mentions m
join (select affiliation, seq, institution_id, country_code,
             max(case when institution_id is not null then 1 else 0 end) over (partition by affiliation) as named,
             max(case when ror_id is not null then 1 else 0 end) over (partition by affiliation) as linked,
             max(case when country_code is not null then 1 else 0 end) over (partition by affiliation) as located
      from resolutions) r on r.affiliation = m.affiliation
join affiliations_context c on c.affiliation = m.affiliation
left join works w on w.work_id = m.work_id
left join affiliations_given g on g.given_country = m.given_country
left join (select institution_id, related_id, coalesce(from_year, -1) as from_year,
                  coalesce(until_year, 10000) as until_year
           from institution_relations where relation = 'successor' and counts) s
  on s.institution_id = r.institution_id and coalesce(w.year, 0) >= s.from_year and coalesce(w.year, 0) < s.until_year
"""

NAMED = """
select r.affiliation as affiliation, r.seq as seq, r.institution_id as institution_id, false as succeeds,
       c.mentions as mentions
from resolutions r
join affiliations_context c on c.affiliation = r.affiliation
left join (select distinct institution_id from institution_relations where relation = 'successor' and counts) s
  on s.institution_id = r.institution_id
where r.institution_id is not null and s.institution_id is null
union all
select l.affiliation, l.seq, l.institution_id, l.institution_id <> l.named_id as succeeds, count(*) as mentions
from (select r.affiliation as affiliation, r.seq as seq, r.institution_id as named_id,
             l.institution_id as institution_id
      from resolutions r
      join (select distinct institution_id from institution_relations where relation = 'successor' and counts) s
        on s.institution_id = r.institution_id
      join mentions m on m.affiliation = r.affiliation
      join affiliations_links l on l.work_id = m.work_id and l.mention_seq = m.seq and l.resolution_seq = r.seq) l
group by l.affiliation, l.seq, l.institution_id, l.named_id
"""

INSTITUTIONS = """
select w.institution_id as institution_id, n.name as name, n.country_code as country_code,
       coalesce(n.ror_id, r.ror_id) as ror_id, coalesce(r.spellings, 0) as spellings, w.works as works
from (select institution_id, count(*) as works from work_institutions group by institution_id) w
left join (select o.institution_id as institution_id, count(distinct f.name) as spellings,
                  case when min(r.ror_id) = max(r.ror_id) then min(r.ror_id) end as ror_id
           from affiliations_named o
           join resolutions r on r.affiliation = o.affiliation and r.seq = o.seq
           join affiliations_found f on f.affiliation = o.affiliation and f.seq = o.seq
           group by o.institution_id) r on r.institution_id = w.institution_id
join (select b.institution_id as institution_id, min(b.name) as name, min(b.country_code) as country_code,
             min(b.ror_id) as ror_id
      from (select institution_id, name, country_code, ror_id from affiliations_unified
            where institution_id is not null
            union all
            select institution_id, name, country_code, ror_id from affiliations_known) b
      group by b.institution_id) n on n.institution_id = w.institution_id
"""

INSTITUTION_NAMES = """
select s.institution_id as institution_id,
       row_number() over (partition by s.institution_id order by s.mentions desc nulls last, s.name nulls last,
                          s.met_country nulls first, s.evidence nulls last) as seq,
       s.name as name, s.met_country as met_country, s.mentions as mentions, s.evidence as evidence
from (
  select e.institution_id as institution_id, e.name as name, e.met_country as met_country, e.evidence as evidence,
         cast(sum(e.mentions) as bigint) as mentions
  from (
    select o.institution_id as institution_id, coalesce(f.name, f.affiliation) as name, t.country_code as met_country,
           case when o.succeeds then 'successor'
                when r.decision is not null then 'decision'
                when f.known_id is not null and f.method in ('registry', 'domain') then 'registry'
                when f.known_id is not null then 'same_key'
                else coalesce(u.evidence, '') end as evidence,
           o.mentions as mentions
    from affiliations_named o
    join resolutions r on r.affiliation = o.affiliation and r.seq = o.seq
    join affiliations_found f on f.affiliation = o.affiliation and f.seq = o.seq
    join affiliations_met t on t.affiliation = o.affiliation and t.seq = o.seq
    left join affiliations_unified u
      on u.name_key = f.name_key and u.met_country = coalesce(t.country_code, '') and u.basis = t.basis
  ) e
  group by e.institution_id, e.name, e.met_country, e.evidence
) s
"""

DECISIONS = """
select d.file as file, d.row as row, d.decision as decision, d.affiliation as affiliation, d.name as name,
       d.country_code as country_code, d.institution_id as institution_id, d.target as target, d.note as note,
       d.decided_by as decided_by, d.decided_on as decided_on, d.registry_version as registry_version,
       case when d.status = 'set_aside' then d.status when n.strings is null then 'no_effect' else 'applied'
            end as status,
       d.code as code, d.detail as detail, coalesce(n.strings, 0) as strings, coalesce(n.works, 0) as works
from affiliations_judged d
left join (select e.label as label, count(distinct e.affiliation) as strings, count(distinct m.work_id) as works
           from (select decision as label, affiliation from resolutions where decision is not null
                 union all
                 select country_decision, affiliation from resolutions where country_decision is not null) e
           join mentions m on m.affiliation = e.affiliation
           group by e.label) n on n.label = d.label
"""

_INSTITUTION_ITEMS = """
select work_id, author_seq, institution_id as entity, institution_id as label
from affiliations_links where institution_id is not null
"""

_COUNTRY_ITEMS = """
select work_id, author_seq, country_code as entity, country_code as label
from affiliations_links where country_code is not null
"""

# An institution stands for its country; a country met without any institution in the work stands for itself.
_COUNTRY_BY_INSTITUTION_ITEMS = """
select l.work_id as work_id, l.author_seq as author_seq,
       coalesce(l.institution_id, l.country_code) as entity, l.country_code as label
from affiliations_links l
left join (select distinct work_id, country_code from affiliations_links
           where institution_id is not null and country_code is not null) named
  on named.work_id = l.work_id and named.country_code = l.country_code
where l.country_code is not null and (l.institution_id is not null or named.work_id is null)
"""


def work_institutions(by: FractionalBy) -> str:
    """SQL of the institutions of each work with their shares.

    An institution that counts for others shares its part equally with them, so that a work is still divided once.
    """
    return f"""
{_with_parts(_INSTITUTION_ITEMS, by_author=by == "author")}
select p.work_id as work_id, coalesce(f.counted_for, p.label) as institution_id,
       cast(sum(cast(p.part / nullif(coalesce(f.members, 1), 0) as decimal(38, 18))) as double) as fraction
from parts p
left join affiliations_counted_for f on f.institution_id = p.label
group by p.work_id, coalesce(f.counted_for, p.label)
"""


def work_countries(by: FractionalBy) -> str:
    """SQL of the countries of each work with their shares: those of what strings name, whatever it counts for."""
    items = _COUNTRY_ITEMS if by == "country" else _COUNTRY_BY_INSTITUTION_ITEMS
    return f"""
{_with_parts(items, by_author=by == "author")}
select work_id, label as country_code, cast(sum(cast(part as decimal(38, 18))) as double) as fraction
from parts group by work_id, label
"""


def _with_parts(items: str, *, by_author: bool) -> str:
    """Divide each work equally among its distinct entities; labels are summed exactly (decimals, not doubles).

    By author, each author with an entity gets an equal part first, divided among the author's entities; a work in
    which no author is linked to an affiliation is divided among its entities as under counting by institution.
    """
    whose = "work_id, author_seq, entity, label" if by_author else "work_id, entity, label"
    parts = _equal_parts("items")
    if by_author:
        unlinked = "where work_id not in (select work_id from items where author_seq is not null)"
        whole = _equal_parts(f"(select distinct work_id, entity, label from items {unlinked})")
        parts = f"{_author_parts()}\nunion all\n{whole}"
    return f"with items as (select distinct {whose} from ({items}) l),\nparts as ({parts})"


def _equal_parts(distinct: str) -> str:
    return f"""
select d.work_id as work_id, d.label as label, cast(1 as double) / nullif(n.entities, 0) as part
from {distinct} d
join (select work_id, count(*) as entities from {distinct} e group by work_id) n on n.work_id = d.work_id
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
