"""The SQL of the stage: from what single strings say to institutions and countries of their mentions."""

from kakehashi.tables import READINGS
from kakehashi.tables import RESOLUTIONS as RESOLUTIONS_TABLE

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
select e.affiliation as affiliation, e.seq as seq, e.name_key as name_key, e.name as name, e.known_id as known_id,
       e.not_id as not_id, e.country_code as country_code,
       case when e.source = 'string' then e.basis when e.source = 'given' then 'address' else '' end as basis,
       case when e.source = 'string' then e.country_method when e.source = 'given' then 'given' end as country_method,
       case when e.source = 'string' then e.country_span end as country_span,
       e.method as method, e.span as span, e.acronym as acronym, e.confidence as confidence, e.reason as reason,
       e.decision as decision, e.country_decision as country_decision, e.mentions as mentions, e.seqs as seqs,
       e.own_located as own_located, e.given_ror as given_ror
from (
  select f.affiliation as affiliation, f.seq as seq, f.name_key as name_key, f.name as name, f.known_id as known_id,
         f.not_id as not_id, f.basis as basis, f.country_method as country_method, f.country_span as country_span,
         f.method as method, f.span as span, f.acronym as acronym, f.confidence as confidence, f.reason as reason,
         f.decision as decision, f.country_decision as country_decision, c.mentions as mentions, c.seqs as seqs,
         c.located as own_located, c.given_ror as given_ror,
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
select name_key, name, country_code, basis, cast(sum(mentions) as bigint) as mentions
from affiliations_met
where name_key is not null and known_id is null
group by name_key, name, country_code, basis
"""

PAIRS = """
select name_key, acronym, country_code, basis, cast(sum(mentions) as bigint) as mentions
from affiliations_met
where name_key is not null and known_id is null and acronym is not null
group by name_key, acronym, country_code, basis
"""

KNOWN_SPELLINGS = """
select known_id, name, country_code, cast(sum(mentions) as bigint) as mentions
from affiliations_met
where known_id is not null
group by known_id, name, country_code
"""

# Who decides: a decision about the string, what is known of an id (k), the corpus (u), the string by itself (t).
SETTLED = """
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
       e.decision as decision, e.country_decision as country_decision,
       e.name as name, e.met_country as met_country,
       case when e.decision is not null then 'decision'
            when e.known_id is not null and e.method in ('registry', 'domain') then 'registry'
            when e.known_id is not null then 'same_key'
            else coalesce(e.evidence, '') end as evidence,
       e.mentions as mentions, e.seqs as seqs, e.own_located as own_located
from (
  select t.affiliation as affiliation, t.seq as seq, t.name as name, t.known_id as known_id, t.method as method,
         t.span as span, t.confidence as confidence, t.reason as reason, t.mentions as mentions, t.seqs as seqs,
         t.own_located as own_located, t.given_ror as given_ror, t.country_code as met_country,
         t.country_method as country_method, t.country_span as country_span,
         case when t.not_id is null or t.not_id <> coalesce(k.institution_id, u.institution_id)
              then coalesce(k.institution_id, u.institution_id) end as institution_id,
         case when t.not_id is not null then 'decided_no_institution' else u.reason end as no_name,
         coalesce(k.name, u.name) as institution,
         case when t.country_decision is not null and t.known_id is not null then t.country_code
              when t.known_id is not null then coalesce(k.country_code, t.country_code)
              when t.name_key is null then t.country_code
              else u.country_code end as country_code,
         coalesce(k.ror_id, u.ror_id) as own_ror_id,
         coalesce(t.decision, k.decision, u.decision) as decision,
         coalesce(t.country_decision, k.country_decision, u.country_decision) as country_decision,
         u.evidence as evidence
  from affiliations_met t
  left join affiliations_known k on k.known_id = t.known_id
  left join affiliations_unified u
    on t.known_id is null and u.name_key = t.name_key and u.met_country = coalesce(t.country_code, '')
   and u.basis = t.basis
) e
"""

RESOLUTIONS = f"select {', '.join(RESOLUTIONS_TABLE.columns)} from affiliations_settled"

SUCCEEDED = "select distinct institution_id from institution_relations where relation = 'successor' and counts"


def links(*, succeeded: bool) -> str:
    """SQL of the institution and country of each mention and resolution.

    Strings name what they name; which institution that counts as depends on the year of the work, where one is
    `succeeded`: else nobody need look at works.
    """
    institution = "coalesce(s.related_id, r.institution_id)" if succeeded else "r.institution_id"
    return f"""
select m.work_id as work_id, m.seq as mention_seq, r.seq as resolution_seq, m.author_seq as author_seq,
       {institution} as institution_id,
       case when r.country_code is not null then r.country_code
            when r.own_located = 0 then g.country_code end as country_code,
       r.named as named, r.linked as linked, r.located as located
from mentions m
join ({_told_of("seqs = 1", "")}
      union all
      {_told_of("seqs > 1", " over (partition by affiliation)")}) r on r.affiliation = m.affiliation
left join affiliations_given g on g.given_country = m.given_country
{_SUCCESSORS if succeeded else ""}
"""


def _told_of(strings: str, window: str) -> str:
    """SQL of resolutions with what any of their strings' resolutions tells: most strings have just one."""
    told = ", ".join(
        f"{'max' if window else ''}(case when {column} is not null then 1 else 0 end){window} as {name}"
        for column, name in (("institution_id", "named"), ("ror_id", "linked"), ("country_code", "located"))
    )
    columns = f"affiliation, seq, institution_id, country_code, own_located, {told}"
    return f"select {columns} from affiliations_settled where {strings}"


_SUCCESSORS = """
left join works w on w.work_id = m.work_id
left join (select institution_id, related_id, coalesce(from_year, -1) as from_year,
                  coalesce(until_year, 10000) as until_year
           from institution_relations where relation = 'successor' and counts) s
  on s.institution_id = r.institution_id and coalesce(w.year, 0) >= s.from_year and coalesce(w.year, 0) < s.until_year
"""

NAMED = f"""
select r.affiliation as affiliation, r.seq as seq, r.institution_id as institution_id, r.ror_id as ror_id,
       r.name as name, r.met_country as met_country, r.evidence as evidence, r.mentions as mentions
from affiliations_settled r
left join ({SUCCEEDED}) s on s.institution_id = r.institution_id
where r.institution_id is not null and s.institution_id is null
union all
select r.affiliation, r.seq, l.institution_id, r.ror_id, r.name, r.met_country,
       case when l.institution_id <> r.institution_id then 'successor' else r.evidence end as evidence, l.mentions
from (select m.affiliation as affiliation, l.resolution_seq as seq, l.institution_id as institution_id,
             count(*) as mentions
      from affiliations_links l
      join mentions m on m.work_id = l.work_id and m.seq = l.mention_seq
      join (select r.affiliation as affiliation, r.seq as seq from affiliations_settled r
            join ({SUCCEEDED}) s on s.institution_id = r.institution_id) o
        on o.affiliation = m.affiliation and o.seq = l.resolution_seq
      group by m.affiliation, l.resolution_seq, l.institution_id) l
join affiliations_settled r on r.affiliation = l.affiliation and r.seq = l.seq
"""

INSTITUTIONS = """
select w.institution_id as institution_id, n.name as name, n.country_code as country_code,
       coalesce(n.ror_id, r.ror_id) as ror_id, coalesce(r.spellings, 0) as spellings, w.works as works
from (select institution_id, count(*) as works from work_institutions group by institution_id) w
left join (select institution_id, count(distinct name) as spellings,
                  case when min(ror_id) = max(ror_id) then min(ror_id) end as ror_id
           from affiliations_named group by institution_id) r on r.institution_id = w.institution_id
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
  select institution_id, coalesce(name, affiliation) as name, met_country, evidence,
         cast(sum(mentions) as bigint) as mentions
  from affiliations_named group by institution_id, coalesce(name, affiliation), met_country, evidence
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
