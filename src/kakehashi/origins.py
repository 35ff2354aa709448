"""Where each value of a work came from, beside the value itself: asked by the command line and by the explorer."""

ORIGINS = """
select v.name,
    case v.name
        when 'doi' then w.doi
        when 'title' then w.title
        when 'year' then cast(w.year as string)
        when 'venue' then w.venue
        when 'doc_type' then w.doc_type
        when 'language' then w.language
        when 'abstract' then w.abstract
        when 'citations' then cast(w.citations as string)
        when 'authorships' then (select cast(count(*) as string) from authorships where work_id = {work})
        when 'mentions' then (select cast(count(*) as string) from mentions where work_id = {work})
    end as value,
    v.record_id
from (select name, record_id from work_values where work_id = {work}) v
cross join (
    select doi, title, year, venue, doc_type, language, abstract, citations from works where work_id = {work}
) w
order by v.name nulls last
"""
"""A SELECT of name, value and record of one work; `work` stands for the id as SQL takes it: quoted, or `$1`."""
