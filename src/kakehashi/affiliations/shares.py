"""The SQL of the institutions and countries of works, with their shares."""

from typing import Literal

FractionalBy = Literal["country", "institution", "author"]

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
