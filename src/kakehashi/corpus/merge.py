"""Records to works: which records describe one work, and whose value of each column is kept. Portable SQL.

Records with the same DOI are one work. A record without a DOI joins the work whose title and year it shares; records
with different DOIs stay apart whatever their titles. Among a work's records the first by database precedence, file
and row is `kept`, the others are `merged`.
"""

from kakehashi import tables
from kakehashi.corpus.blocks import VALUES
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
    "record bigint, record_id string, file string, row bigint, work_id string, place bigint, carrier bigint, "
    "database string, title_key string, doi string, authors bigint, mentions bigint, candidates bigint, "
    "holds bigint",
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
CORPUS_PLACED = declare(
    "corpus_placed",
    "The places with the number of the work and of its records: what comes after is joined by numbers alone.",
    "record",
    "record bigint, record_id string, file string, row bigint, work_id string, work bigint, records bigint, "
    "place bigint, carrier bigint, database string, title_key string, doi string, authors bigint, mentions bigint, "
    "candidates bigint",
    private=True,
)
CORPUS_NAMES = declare("corpus_names", "The values that a work may have.", "name", "name string", private=True)

_PLACES = """
with titles as (
    select title_key, min(doi) as doi, count(distinct doi) as candidates
    from corpus_records
    where doi is not null and title_key is not null
    group by title_key
),
placed as (
    select r.record, r.file, r.row, r.database, r.title_key, r.doi, r.authors, r.mentions, r.linked, r.holds,
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
select record, file || '#' || cast(row as string) as record_id, file, row, work_id,
    row_number() over (
        partition by work_id
        order by rank asc nulls last, file asc nulls last, row asc nulls last
    ) as place,
    row_number() over (
        partition by work_id
        order by case when linked > 0 then 0 when mentions > 0 then 1 when authors > 0 then 2 else 3 end asc nulls last,
            rank asc nulls last, file asc nulls last, row asc nulls last
    ) as carrier,
    database, title_key, doi, authors, mentions, candidates, holds
from placed
"""

_FIRST = ", ".join(
    f"min(case when holds % {2 << number} >= {1 << number} then place end) as {name}"
    for number, name in enumerate(VALUES)
)
_CHOSEN = f"""
select work_id, row_number() over (order by work_id nulls last) as work, count(*) as records, {_FIRST}
from corpus_places
group by work_id
"""

_PLACED = """
select p.record, p.record_id, p.file, p.row, p.work_id, w.work, w.records, p.place, p.carrier, p.database, p.title_key,
    p.doi, p.authors, p.mentions, p.candidates
from corpus_places p
join corpus_works w on w.work_id = p.work_id
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
from corpus_placed p
join (select work, doi, title_key from corpus_placed where place = 1) f on f.work = p.work
"""

_WORK_VALUES = f"""
select p.work_id, n.name, p.record_id, p.work
from corpus_placed p
join corpus_works w on w.work = p.work
cross join corpus_names n
where p.place = case n.name {" ".join(f"when '{name}' then w.{name}" for name in VALUES)} end
union all
select work_id, 'authorships' as name, record_id, work
from corpus_placed
where carrier = 1 and authors > 0
union all
select work_id, 'mentions' as name, record_id, work
from corpus_placed
where carrier = 1 and mentions > 0
"""

# Most works have one record, whose values are theirs; only the others are worth a choice.
_WORKS = f"""
select p.work_id, {", ".join(f"r.{name}" for name in VALUES)}, p.database, p.work
from corpus_placed p
join corpus_records r on r.record = p.record
where p.records = 1
union all
select p.work_id,
    {", ".join(f"max(case when p.place = w.{name} then r.{name} end) as {name}" for name in VALUES)},
    max(case when p.place = 1 then p.database end) as database, p.work
from corpus_placed p
join corpus_works w on w.work = p.work
join corpus_records r on r.record = p.record
where p.records > 1
group by p.work_id, p.work
"""

_AUTHORSHIPS = """
select p.work_id, a.seq, a.author, a.orcid, p.work
from corpus_placed p
join corpus_authors a on a.record = p.record
where p.carrier = 1
"""

_MENTIONS = """
select p.work_id, m.seq, m.author_seq, m.affiliation, m.given_ror, m.given_country, p.work
from corpus_placed p
join corpus_mentions m on m.record = p.record
where p.carrier = 1
"""

_KEYWORDS = """
select p.work_id, k.kind, k.keyword, p.record_id, p.work
from corpus_keywords k
join corpus_placed p on p.record = k.record
where p.records = 1
union all
select p.work_id, f.kind, f.keyword, p.record_id, p.work
from (
    select p.work, k.kind, k.keyword, min(p.place) as place
    from corpus_keywords k
    join corpus_placed p on p.record = k.record
    where p.records > 1
    group by p.work, k.kind, k.keyword
) f
join corpus_placed p on p.work = f.work and p.place = f.place
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
    (CORPUS_PLACED, _PLACED, ""),
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
