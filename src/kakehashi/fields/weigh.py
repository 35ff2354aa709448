"""From keywords with fields, and texts, to the fields of works: the last step of the stage."""

from collections.abc import Mapping
from types import MappingProxyType

from kakehashi.engine.base import Engine
from kakehashi.fields import kept, learn
from kakehashi.fields.evidence import SCORES, Weigh, evidence_sql, spoken
from kakehashi.fields.model import load_model
from kakehashi.fields.taxonomy import Label, Taxonomy
from kakehashi.tables import FIELD_EVIDENCE, FIELD_OUTCOMES, WORK_FIELDS, Table, declare

_NUMBERS = 1_000_000_000
"""More than there are keywords: above them in a number stands what ranks them."""

DECISIONS = declare(
    "fields_decisions",
    "What keyword_fields says, of keywords as numbers. strength: 4 for a label of the user's own, 3 for a label, 2 for "
    "a CCS node, 1 for inheritance, null where nothing decides.",
    "number, seq",
    "number bigint, seq bigint, field string, distance bigint, strength bigint",
    private=True,
)
VOTES = Table(
    "fields_votes",
    "For each work and field the keywords that speak for it, and the one that does so most directly. weight: the "
    "keywords, by the weight of their kind (data/taxonomies/kinds.csv). counts: whether these weights, inherited "
    "keywords at half, come to 1.",
    MappingProxyType({
        "work": "bigint", "field": "string", "keyword": "string", "kind": "string", "method": "string",
        "strength": "bigint", "votes": "bigint", "weight": "double", "counts": "boolean",
    }),
    ("work", "field"),
    private=True,
)  # fmt: skip
CARRIED = Table(
    "fields_carried",
    "How many keywords of each work take part, how many are decided, fields or outside, and the weights of all and of "
    "those that have a field.",
    MappingProxyType(
        {
            "work": "bigint",
            "keywords": "bigint",
            "decided": "bigint",
            "outside": "bigint",
            "weight": "double",
            "classified": "double",
        }
    ),
    ("work",),
    private=True,
)


def decide(
    engine: Engine,
    taxonomy: Taxonomy,
    labels: Mapping[str, Label],
    how: str,
    works: str = "works",
    assignments: str = "fields_assignments",
    keeps: kept.Kept | None = None,
) -> None:
    """Write work_fields and field_outcomes of the works of a table, whose keywords another one assigns.

    `keeps`: evidence is written too; where it says so, only works in fields_touched are decided, whose keywords are
    assigned, and the others are as they were.

    With `keywords` a work gets the fields that a label or a code gives one of its keywords, or inheritance two. With
    `evidence` the taxonomy's model weighs keywords and text. Where a taxonomy has none, or one of texts alone, keywords
    decide, and the model decides the works they leave open; where there is none it is fitted to those they decide, if
    these are enough.
    """
    engine.make(DECISIONS, _DECISIONS)
    engine.make(VOTES, _VOTES.format(assignments=assignments))
    engine.make(CARRIED, _CARRIED.format(assignments=assignments))
    fields = tuple(field.id for field in taxonomy.fields)
    model = load_model(taxonomy.model, fields) if how == "evidence" and taxonomy.model is not None else None
    whole = model is not None and any(name.startswith("any:") for name in model.keywords)
    if not whole:
        engine.make(WORK_FIELDS, _BY_KEYWORDS)
    if model is None and how == "evidence":
        model = learn.from_study(engine, fields, labels)
    if not whole:
        if keeps is not None:
            kept.clear(engine)
        keeps = None
    if model is None:
        engine.make(FIELD_OUTCOMES, _OUTCOMES_BY_KEYWORDS.format(works=works))
        return
    partly = keeps is not None and keeps.partly
    left = kept.ONLY_TOUCHED if partly else ""
    if not whole:
        left = f"where w.work_id not in ({_DECIDED})"
    engine.make(*spoken(fields))
    engine.map_batches(SCORES, evidence_sql(fields, works, left), Weigh(model, dict(labels)))
    if keeps is not None:
        kept.store(engine, keeps)
    scores = (SCORES if partly or keeps is None else FIELD_EVIDENCE).name
    fields_sql = _BY_EVIDENCE if whole else _BY_KEYWORDS_THEN_TEXT
    fields_sql = fields_sql.format(threshold=model.threshold, least=model.least, scores=scores)
    kept.write(engine, WORK_FIELDS, kept.fields_beside(fields_sql) if partly else fields_sql)
    outcomes_sql = _OUTCOMES_BY_EVIDENCE.format(works=kept.TOUCHED.name if partly else works, scores=scores)
    kept.write(engine, FIELD_OUTCOMES, kept.outcomes_beside(outcomes_sql) if partly else outcomes_sql)
    if keeps is not None:
        kept.vouch(engine, keeps)


_DECIDED = "select n.work_id from fields_carried c join fields_works n on n.work = c.work where c.decided > 0"

_DECISIONS = """
    select k.number, f.seq, f.field, f.distance,
           case f.method when 'own' then 4 when 'label' then 3 when 'ccs' then 2 when 'inherited' then 1 end as strength
    from keyword_fields f
    join fields_keywords k on k.keyword = f.keyword
"""

# The most direct keyword is the first by a number that ranks it and ends in its own: to place all of each group in a
# window would sort them, which takes twice as long.
_VOTES = f"""
    with carried as (
        select a.work, a.weight, d.field, d.strength,
               (((9 - d.strength) * 100 + coalesce(d.distance, 99)) * 100 + a.priority) * {_NUMBERS} + a.number as place
        from {{assignments}} a
        join fields_decisions d on d.number = a.number
        where d.field is not null
    ),
    grouped as (
        select work, field, max(strength) as strength, count(*) as votes, sum(weight) as weight,
               sum(case when strength = 4 then 1.0 when strength > 1 then weight else weight / 2 end) as spoken,
               min(place) as ranked
        from carried
        group by work, field
    )
    select g.work, g.field, k.keyword, i.kind,
           case g.strength when 4 then 'own' when 3 then 'label' when 2 then 'ccs' else 'inherited' end as method,
           g.strength, g.votes, cast(g.weight as double) as weight, g.spoken >= 1 as counts
    from grouped g
    join fields_keywords k on k.number = g.ranked % {_NUMBERS}
    join fields_kinds i on i.priority = cast(floor(g.ranked / {_NUMBERS}) as bigint) % 100
"""

# A keyword has a row for each of its fields, or one without; of one method all.
_CARRIED = """
    select a.work, count(*) as keywords, count(d.strength) as decided, count(d.strength) - count(d.field) as outside,
           cast(sum(a.weight) as double) as weight,
           cast(sum(case when d.field is not null then a.weight else 0 end) as double) as classified
    from {assignments} a
    join fields_decisions d on d.number = a.number and d.seq = 1
    group by a.work
"""

# A work gets a field if a label or a CCS node says so for one of its keywords, or inheritance for two; see `counts`.
_BY_KEYWORDS = """
    select w.work_id, v.field, v.keyword, v.kind, v.method, v.weight / nullif(c.classified, 0) as score
    from fields_votes v
    join fields_carried c on c.work = v.work
    join fields_works w on w.work = v.work
    where v.counts
"""

_OUTCOMES_BY_KEYWORDS = """
    with best as (
        select w.work_id, max(v.strength) as strength, max(w.score) as score
        from work_fields w
        join fields_works n on n.work_id = w.work_id
        join fields_votes v on v.work = n.work and v.field = w.field
        group by w.work_id
    )
    select w.work_id,
           case when b.work_id is not null then 'fields' when c.outside > 0 then 'outside'
                else 'unclassified' end as outcome,
           case when b.strength = 4 then 'own' when b.strength = 3 then 'label' when b.strength = 2 then 'ccs'
                when b.strength = 1 then 'inherited' when c.outside > 0 then 'label' end as basis,
           case when b.work_id is not null then b.score
                when c.outside > 0 then cast(c.outside as double) / nullif(c.keywords, 0)
                end as score,
           coalesce(c.keywords, 0) as keywords, coalesce(c.decided, 0) as decided
    from {works} w
    left join fields_works n on n.work_id = w.work_id
    left join fields_carried c on c.work = n.work
    left join best b on b.work_id = w.work_id
"""

_BY_EVIDENCE = """
    select s.work_id, s.field,
           case when v.counts then v.keyword else s.term end as keyword,
           case when v.counts then v.kind when s.term is not null then s.part end as kind,
           case when v.counts then v.method else 'text' end as method,
           case when v.strength = 4 then 1.0 else s.score end as score
    from {scores} s
    left join fields_works n on n.work_id = s.work_id
    left join fields_votes v on v.work = n.work and v.field = s.field
    left join fields_carried c on c.work = n.work
    where (s.score >= {threshold} or (s.place = 1 and s.score >= {least}) or v.strength = 4)
      and (s.part is not null or c.decided > 0)
"""

_BY_KEYWORDS_THEN_TEXT = """
    select w.work_id, v.field, v.keyword, v.kind, v.method, v.weight / nullif(c.classified, 0) as score
    from fields_votes v
    join fields_carried c on c.work = v.work
    join fields_works w on w.work = v.work
    where v.counts
    union all
    select s.work_id, s.field, s.term as keyword, case when s.term is not null then s.part end as kind,
           'text' as method, s.score
    from {scores} s
    where (s.score >= {threshold} or (s.place = 1 and s.score >= {least}))
      and s.part is not null and s.work_id not in (
          select w.work_id from fields_votes v join fields_works w on w.work = v.work where v.counts
      )
"""

_OUTCOMES_BY_EVIDENCE = """
    with best as (
        select f.work_id, max(f.score) as score,
               max(case f.method when 'own' then 4 when 'label' then 3 when 'ccs' then 2 when 'inherited' then 1
                                 else 0 end) as strength
        from work_fields f
        group by f.work_id
    )
    select w.work_id,
           case when b.work_id is not null then 'fields'
                when p.part is not null or c.decided > 0 then 'outside' else 'unclassified' end as outcome,
           case when b.strength = 4 then 'own' when b.strength = 3 then 'label' when b.strength = 2 then 'ccs'
                when b.strength = 1 then 'inherited' when b.strength = 0 then 'text'
                when c.decided > 0 then 'label' when p.part is not null then 'text' end as basis,
           case when b.work_id is not null then b.score
                when p.part is not null or c.decided > 0 then 1 - coalesce(p.score, 0) end as score,
           coalesce(c.keywords, 0) as keywords, coalesce(c.decided, 0) as decided
    from {works} w
    left join fields_works n on n.work_id = w.work_id
    left join fields_carried c on c.work = n.work
    left join best b on b.work_id = w.work_id
    left join {scores} p on p.work_id = w.work_id and p.place = 1
"""
