"""Records to works: which records describe one work, and whose value of each column is kept. Portable SQL.

Records with the same DOI are one work. A record without a DOI joins the work whose title and year it shares; records
with different DOIs stay apart whatever their titles. Among a work's records the first by database precedence, file
and row is `kept`, the others are `merged`.
"""

from kakehashi import tables
from kakehashi.data.read import csv_rows
from kakehashi.engine.base import Engine
from kakehashi.tables import declare

CORPUS_PRECEDENCE = declare(
    "corpus_precedence",
    "Which database's value a merged work keeps: the smaller rank wins.",
    "database",
    "database string, rank bigint",
)
CORPUS_PLACES = declare(
    "corpus_places",
    "Each record's work, its place among the work's records, and its place as carrier of authors and affiliations.",
    "record_id",
    "record_id string, file string, row bigint, database string, work_id string, place bigint, carrier bigint, "
    "title_key string, doi string, candidates bigint",
)

_PLACES = """
with titles as (
    select title_key, min(doi) as doi, count(distinct doi) as candidates
    from corpus_records
    where doi is not null and title_key is not null
    group by title_key
),
placed as (
    select r.record_id, r.file, r.row, r.database, r.title_key, r.doi, r.authors, r.mentions, r.linked,
        coalesce(p.rank, 1000) as rank,
        coalesce(t.candidates, 0) as candidates,
        case
            when r.doi is not null then 'doi:' || r.doi
            when t.doi is not null then 'doi:' || t.doi
            when r.title_key is not null then 'title:' || r.title_key
            else 'record:' || r.record_id
        end as work_id
    from corpus_records r
    left join titles t on t.title_key = r.title_key
    left join corpus_precedence p on p.database = r.database
)
select record_id, file, row, database, work_id,
    row_number() over (
        partition by work_id
        order by rank asc nulls last, file asc nulls last, row asc nulls last
    ) as place,
    row_number() over (
        partition by work_id
        order by case when linked > 0 then 0 when mentions > 0 then 1 when authors > 0 then 2 else 3 end asc nulls last,
            rank asc nulls last, file asc nulls last, row asc nulls last
    ) as carrier,
    title_key, doi, candidates
from placed
"""

_RECORDS = """
select p.record_id, p.file, p.row, p.database, p.work_id,
    case when p.place = 1 then 'kept' else 'merged' end as status,
    case
        when p.place = 1 then 'first'
        when p.doi is null and p.candidates > 1 then 'title_year_ambiguous'
        when p.doi is null or f.doi is null then 'title_year'
        when p.title_key = f.title_key or p.title_key is null or f.title_key is null then 'doi'
        else 'doi_title_or_year_differs'
    end as rule
from corpus_places p
join corpus_places f on f.work_id = p.work_id and f.place = 1
"""

_WORK_VALUES = """
with offered as (
    select p.work_id, v.name, v.value, v.record_id,
        row_number() over (partition by p.work_id, v.name order by p.place asc nulls last) as choice
    from corpus_values v
    join corpus_places p on p.record_id = v.record_id
)
select work_id, name, value, record_id from offered where choice = 1
union all
select p.work_id, 'authorships' as name, cast(r.authors as string) as value, p.record_id
from corpus_places p
join corpus_records r on r.record_id = p.record_id
where p.carrier = 1 and r.authors > 0
union all
select p.work_id, 'mentions' as name, cast(r.mentions as string) as value, p.record_id
from corpus_places p
join corpus_records r on r.record_id = p.record_id
where p.carrier = 1 and r.mentions > 0
"""

_WORKS = """
select p.work_id,
    max(case when v.name = 'doi' then v.value end) as doi,
    max(case when v.name = 'title' then v.value end) as title,
    max(case when v.name = 'year' then cast(v.value as bigint) end) as year,
    max(case when v.name = 'venue' then v.value end) as venue,
    max(case when v.name = 'doc_type' then v.value end) as doc_type,
    max(case when v.name = 'language' then v.value end) as language,
    max(case when v.name = 'abstract' then v.value end) as abstract,
    max(case when v.name = 'citations' then cast(v.value as bigint) end) as citations,
    max(p.database) as database
from corpus_places p
left join work_values v on v.work_id = p.work_id
where p.place = 1
group by p.work_id
"""

_AUTHORSHIPS = """
select p.work_id, a.seq, a.author, a.orcid
from corpus_places p
join corpus_authors a on a.record_id = p.record_id
where p.carrier = 1
"""

_MENTIONS = """
select p.work_id, m.seq, m.author_seq, m.affiliation, m.given_ror, m.given_country
from corpus_places p
join corpus_mentions m on m.record_id = p.record_id
where p.carrier = 1
"""

_KEYWORDS = """
with offered as (
    select p.work_id, k.kind, k.keyword, k.record_id,
        row_number() over (partition by p.work_id, k.kind, k.keyword order by p.place asc nulls last) as choice
    from corpus_keywords k
    join corpus_places p on p.record_id = k.record_id
)
select work_id, kind, keyword, record_id from offered where choice = 1
"""

_SOURCES = """
with became as (
    select file, sum(case when status = 'kept' then 1 else 0 end) as kept,
        sum(case when status = 'merged' then 1 else 0 end) as merged
    from records
    group by file
),
lost as (
    select file, sum(records) as refused, sum(case when records = 0 then 1 else 0 end) as notes
    from refusals
    group by file
)
select f.file, f.format, f.database,
    coalesce(b.kept, 0) + coalesce(b.merged, 0) + coalesce(l.refused, 0) as records,
    coalesce(b.kept, 0) as kept, coalesce(b.merged, 0) as merged, coalesce(l.refused, 0) as refused,
    case when coalesce(l.notes, 0) > 0 then 'notes in refusals: ' || cast(l.notes as string) end as note
from corpus_files f
left join became b on b.file = f.file
left join lost l on l.file = f.file
"""


def merge(engine: Engine) -> None:
    """Make the tables of works from the tables of records."""
    engine.load(CORPUS_PRECEDENCE, _precedence())
    engine.make(CORPUS_PLACES, _PLACES)
    engine.make(tables.RECORDS, _RECORDS)
    engine.make(tables.WORK_VALUES, _WORK_VALUES)
    engine.make(tables.WORKS, _WORKS)
    engine.make(tables.AUTHORSHIPS, _AUTHORSHIPS)
    engine.make(tables.MENTIONS, _MENTIONS)
    engine.make(tables.KEYWORDS, _KEYWORDS)
    engine.make(tables.SOURCES, _SOURCES)


def _precedence() -> list[tuple[str, int]]:
    return [(row["database"], int(row["rank"])) for row in csv_rows("sources/precedence.csv")]
