"""Keywords in normal form, and which works carry them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from kakehashi.data.read import csv_rows
from kakehashi.engine.base import Engine, Row
from kakehashi.fields.keywords import normalise
from kakehashi.fields.synonyms import Synonyms
from kakehashi.tables import KEYWORD_FORMS, Table, declare

MAX_KEYWORDS = 60
"""Keywords of one work that take part, by kind in the order of the settings, then alphabetically. A work with
hundreds would tie everything to everything, and the pairs grow with the square."""

ASSIGNMENTS = declare(
    "fields_assignments",
    "The distinct keywords of each work that take part, each under the first kind it came as (priority from 1). "
    "CCS keywords keep the form in which the record gives them, behind `ccs:`; they have their own tree.",
    "work_id, keyword",
    "work_id string, keyword string, kind string, priority bigint, weight double",
    private=True,
)
LEFT_ASSIGNMENTS = replace(
    ASSIGNMENTS, name="fields_left_assignments", meaning="The keywords of the works that the trial leaves out."
)
AGAIN_ASSIGNMENTS = replace(
    ASSIGNMENTS, name="fields_again_assignments", meaning="The keywords of the works that the trial decides again."
)
FORM = "case when k.kind = 'ccs' then 'ccs:' || k.keyword else f.form end"
"""The keyword as it takes part, from k, a row of keywords, and f, its row of keyword_forms."""


def normal_forms(engine: Engine, kinds: tuple[str, ...], synonyms: Synonyms) -> None:
    """Write KEYWORD_FORMS."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    distinct = f"select distinct kind, keyword from keywords where kind in ({listed})"
    engine.map(KEYWORD_FORMS, distinct, _normaliser(synonyms), light=True)


def assign(engine: Engine, kinds: tuple[str, ...], table: Table = ASSIGNMENTS, works: str = "") -> None:
    """Write who carries which keywords, of all works or of those in the table `works`."""
    weight_of = {row["kind"]: float(row["weight"]) for row in csv_rows("taxonomies/kinds.csv")}
    weight = " ".join(f"when '{kind}' then {weight_of[kind]}" for kind in kinds)
    priority = " ".join(f"when '{kind}' then {place}" for place, kind in enumerate(kinds, 1))
    kind_of = " ".join(f"when {place} then '{kind}'" for place, kind in enumerate(kinds, 1))
    chosen = f"join (select distinct work_id from {works}) w on w.work_id = k.work_id" if works else ""
    carried = f"""
        select work_id, keyword, case priority {kind_of} end as kind, priority,
               cast(case case priority {kind_of} end {weight} end as double) as weight
        from (
            select k.work_id, {FORM} as keyword, min(case k.kind {priority} end) as priority
            from keywords k
            join keyword_forms f on f.kind = k.kind and f.keyword = k.keyword
            {chosen}
            group by k.work_id, {FORM}
        ) c
    """
    engine.make(table, carried)
    # To place the keywords of all works sorts them all, which takes longer than all else; hardly a work has so many.
    if engine.rows(_CROWDED.format(table=table.name) + " limit 1"):
        engine.make(table, _FIRST_OF_CROWDED.format(table=table.name, columns=", ".join(table.columns)))


def _normaliser(synonyms: Synonyms) -> Callable[[Iterator[Row]], Iterator[Row]]:
    plain = dict(synonyms)

    def forms(rows: Iterator[Row]) -> Iterator[Row]:
        for kind, keyword, form in normalise(rows):
            standard = form if kind == "ccs" else plain.get(form, form)
            if standard:
                yield kind, keyword, standard

    return forms


_CROWDED = f"select work_id from {{table}} group by work_id having count(*) > {MAX_KEYWORDS}"

_FIRST_OF_CROWDED = f"""
    with crowded as ({_CROWDED}),
    placed as (
        select a.*, row_number() over (
                   partition by a.work_id order by a.priority nulls last, a.keyword nulls last
               ) as place
        from {{table}} a join crowded c on c.work_id = a.work_id
    )
    select {{columns}} from placed where place <= {MAX_KEYWORDS}
    union all
    select {{columns}} from {{table}} where work_id not in (select work_id from crowded)
"""
