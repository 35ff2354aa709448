"""Records to works: which records describe one work, and whose value of each column is kept. Portable SQL.

Records with the same DOI are one work. A record without a DOI joins the work whose title and year it shares; records
with different DOIs stay apart whatever their titles. Among a work's records the first by database precedence, file
and row is `kept`, the others are `merged`.
"""

from kakehashi import tables
from kakehashi.data.read import csv_rows
from kakehashi.engine.base import Engine
from kakehashi.progress import Advance
from kakehashi.tables import declare

CORPUS_PRECEDENCE = declare(
    "corpus_precedence",
    "Which database's value a merged work keeps: the smaller rank wins.",
    "database",
    "database string, rank bigint",
    private=True,
)
CORPUS_PLACES = declare(
    "corpus_places",
    "Each record's work, its place among the work's records, and its place as carrier of authors and affiliations.",
    "record",
    "record bigint, work_id string, place bigint, carrier bigint, database string, title_key string, doi string, "
    "authors bigint, mentions bigint, candidates bigint",
    private=True,
)
CORPUS_WORKS = declare(
    "corpus_works",
    "Each work with its number in the order of the ids, how many records it has, and for each value of a work the "
    "place of the first record that has one.",
    "work_id",
    "work_id string, work bigint, records bigint, doi bigint, title bigint, year bigint, venue bigint, "
    "doc_type bigint, language bigint, abstract bigint, citations bigint",
    private=True,
)
CORPUS_CARRIERS = declare(
    "corpus_carriers",
    "The record from which a work has its authors and affiliations.",
    "record",
    "record bigint, work_id string, work bigint",
    private=True,
)
CORPUS_NAMES = declare("corpus_names", "The values that a work may have.", "name", "name string", private=True)

VALUES = ("doi", "title", "year", "venue", "doc_type", "language", "abstract", "citations")

_PLACES = """
with titles as (
    select title_key, min(doi) as doi, count(distinct doi) as candidates
    from corpus_records
    where doi is not null and title_key is not null
    group by title_key
),
placed as (
    select r.record, r.file, r.row, r.database, r.title_key, r.doi, r.authors, r.mentions, r.linked,
        coalesce(p.rank, 1000) as rank,
        coalesce(t.candidates, 0) as candidates,
        case
            when r.doi is not null then 'doi:' || r.doi
            when t.doi is not null then 'doi:' || t.doi
            when r.title_key is not null then 'title:' || r.title_key
            else 'record:' || r.file || '#' || cast(r.row as string)
        end as work_id
    from corpus_records r
    left join titles t on t.title_key = r.title_key
    left join corpus_precedence p on p.database = r.database
)
select record, work_id, database,
    row_number() over (
        partition by work_id
        order by rank asc nulls last, file asc nulls last, row asc nulls last
    ) as place,
    row_number() over (
        partition by work_id
        order by case when linked > 0 then 0 when mentions > 0 then 1 when authors > 0 then 2 else 3 end asc nulls last,
            rank asc nulls last, file asc nulls last, row asc nulls last
    ) as carrier,
    title_key, doi, authors, mentions, candidates
from placed
"""

_CHOSEN = f"""
select p.work_id, row_number() over (order by p.work_id nulls last) as work, count(*) as records,
    {", ".join(f"min(case when r.{name} is not null then p.place end) as {name}" for name in VALUES)}
from corpus_places p
join corpus_records r on r.record = p.record
group by p.work_id
"""

_CARRIERS = """
select p.record, p.work_id, w.work
from corpus_places p
join corpus_works w on w.work_id = p.work_id
where p.carrier = 1
"""

_RECORDS = """
select r.file || '#' || cast(r.row as string) as record_id, r.file, r.row, r.database, p.work_id,
    case when p.place = 1 then 'kept' else 'merged' end as status,
    case
        when p.place = 1 then 'first'
        when p.doi is null and p.candidates > 1 then 'title_year_ambiguous'
        when p.doi is null or f.doi is null then 'title_year'
        when p.title_key = f.title_key or p.title_key is null or f.title_key is null then 'doi'
        else 'doi_title_or_year_differs'
    end as rule
from corpus_places p
join corpus_records r on r.record = p.record
join (select work_id, doi, title_key from corpus_places where place = 1) f on f.work_id = p.work_id
"""

_WORK_VALUES = f"""
with offered as (
    select w.work, w.work_id, p.record, n.name
    from corpus_places p
    join corpus_works w on w.work_id = p.work_id
    cross join corpus_names n
    where p.place = case n.name {" ".join(f"when '{name}' then w.{name}" for name in VALUES)} end
    union all
    select c.work, c.work_id, c.record, 'authorships' as name
    from corpus_carriers c
    join corpus_places p on p.record = c.record
    where p.authors > 0
    union all
    select c.work, c.work_id, c.record, 'mentions' as name
    from corpus_carriers c
    join corpus_places p on p.record = c.record
    where p.mentions > 0
)
select o.work_id, o.name, r.file || '#' || cast(r.row as string) as record_id, o.work
from offered o
join corpus_records r on r.record = o.record
"""

# Most works have one record, whose values are theirs; only the others are worth a choice.
_WORKS = f"""
select p.work_id, {", ".join(f"r.{name}" for name in VALUES)}, p.database, w.work
from corpus_places p
join corpus_works w on w.work_id = p.work_id
join corpus_records r on r.record = p.record
where w.records = 1
union all
select p.work_id,
    {", ".join(f"max(case when p.place = w.{name} then r.{name} end) as {name}" for name in VALUES)},
    max(case when p.place = 1 then p.database end) as database, w.work
from corpus_places p
join corpus_works w on w.work_id = p.work_id
join corpus_records r on r.record = p.record
where w.records > 1
group by p.work_id, w.work
"""

_AUTHORSHIPS = """
select c.work_id, a.seq, a.author, a.orcid, c.work
from corpus_carriers c
join corpus_authors a on a.record = c.record
"""

_MENTIONS = """
select c.work_id, m.seq, m.author_seq, m.affiliation, m.given_ror, m.given_country, c.work
from corpus_carriers c
join corpus_mentions m on m.record = c.record
"""

_KEYWORDS = """
with chosen as (
    select w.work_id, w.work, k.kind, k.keyword, p.record
    from corpus_keywords k
    join corpus_places p on p.record = k.record
    join corpus_works w on w.work_id = p.work_id
    where w.records = 1
    union all
    select f.work_id, f.work, f.kind, f.keyword, p.record
    from (
        select w.work_id, w.work, k.kind, k.keyword, min(p.place) as place
        from corpus_keywords k
        join corpus_places p on p.record = k.record
        join corpus_works w on w.work_id = p.work_id
        where w.records > 1
        group by w.work_id, w.work, k.kind, k.keyword
    ) f
    join corpus_places p on p.work_id = f.work_id and p.place = f.place
)
select c.work_id, c.kind, c.keyword, r.file || '#' || cast(r.row as string) as record_id, c.work
from chosen c
join corpus_records r on r.record = c.record
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


_MADE = (
    (CORPUS_PLACES, _PLACES, ""),
    (CORPUS_WORKS, _CHOSEN, ""),
    (CORPUS_CARRIERS, _CARRIERS, ""),
    (tables.RECORDS, _RECORDS, ""),
    (tables.WORK_VALUES, _WORK_VALUES, "work, name"),
    (tables.WORKS, _WORKS, "work"),
    (tables.AUTHORSHIPS, _AUTHORSHIPS, "work, seq"),
    (tables.MENTIONS, _MENTIONS, "work, seq"),
    (tables.KEYWORDS, _KEYWORDS, "work, kind, keyword"),
    (tables.SOURCES, _SOURCES, ""),
)
STEPS = len(_MADE)


def merge(engine: Engine, advance: Advance) -> None:
    """Make the tables of works from the tables of records, in STEPS steps."""
    engine.load(CORPUS_PRECEDENCE, _precedence())
    engine.load(CORPUS_NAMES, [(name,) for name in VALUES])
    for table, sql, order in _MADE:
        engine.make(table, sql, order)
        advance(1)


def _precedence() -> list[tuple[str, int]]:
    return [(row["database"], int(row["rank"])) for row in csv_rows("sources/precedence.csv")]
