"""Keywords in normal form, and which works carry them."""

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa

from kakehashi.engine import arrow
from kakehashi.engine.base import BatchFunction, Engine
from kakehashi.fields.keywords import normal
from kakehashi.fields.synonyms import Synonyms
from kakehashi.tables import KEYWORD_FORMS, Table, declare

MAX_KEYWORDS = 60
"""Keywords of one work that take part, by kind in the order of the settings, then alphabetically. A work with
hundreds would tie everything to everything, and the pairs grow with the square."""

ASSIGNMENTS = declare(
    "fields_assignments",
    "The distinct keywords of each work that take part, each under the first kind it came as: all as numbers.",
    "work, number",
    "work bigint, number bigint, priority bigint, weight double",
    private=True,
)
GIVEN = declare(
    "fields_given",
    "The distinct keywords of the kinds that take part, as records give them.",
    "kind, keyword",
    "kind string, keyword string",
    private=True,
)
LEFT_ASSIGNMENTS = replace(
    ASSIGNMENTS, name="fields_left_assignments", meaning="The keywords of the works that the trial leaves out."
)
AGAIN_ASSIGNMENTS = replace(
    ASSIGNMENTS, name="fields_again_assignments", meaning="The keywords of the works that the trial decides again."
)


def normal_forms(engine: Engine, kinds: tuple[str, ...], synonyms: Synonyms) -> None:
    """Write KEYWORD_FORMS."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    engine.make(GIVEN, f"select distinct kind, keyword from keywords where kind in ({listed})")
    engine.map_batches(KEYWORD_FORMS, "select kind, keyword from fields_given", normaliser(synonyms), light=True)


def assign(engine: Engine, table: Table = ASSIGNMENTS, works: str = "") -> None:
    """Write who carries which keywords, of all works or of those in the table `works`."""
    chosen = f"where work_id in (select work_id from {works})" if works else ""
    engine.make(table, _ASSIGNED.format(chosen=chosen, join="join" if works else "left join"))
    # To place the keywords of all works sorts them all, which takes longer than all else; hardly a work has so many.
    if engine.rows(_CROWDED.format(table=table.name) + " limit 1"):
        engine.make(table, _FIRST_OF_CROWDED.format(table=table.name, columns=", ".join(table.columns)))


def normaliser(synonyms: Synonyms) -> BatchFunction:
    """Return the function from kinds and keywords to rows of KEYWORD_FORMS: what nothing is left of is dropped."""
    plain = dict(synonyms)

    def forms(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = [
                plain.get(form, form) if form and kind != "ccs" else form
                for kind, form in zip(batch[0].to_pylist(), map(normal, batch[1].to_pylist()), strict=True)
            ]
            rows = arrow.columns(KEYWORD_FORMS, [*(column.cast(pa.string()) for column in batch.columns), found])
            yield rows.filter(pa.array(map(bool, found), pa.bool_()))

    return forms


# Every work of keywords is one of works. A left join says so to a planner that would look keywords up first: these come
# in the order of their works, which are found several times faster while no row has been taken out.
_ASSIGNED = """
    select c.work, c.number, c.priority, i.weight
    from (
        select k.work, f.number, min(f.priority) as priority
        from (
            select w.work, k.kind, k.keyword
            from keywords k
            {join} (select work_id, work from fields_works {chosen}) w on w.work_id = k.work_id
        ) k
        join fields_spellings f on f.kind = k.kind and f.keyword = k.keyword
        group by k.work, f.number
    ) c
    join fields_kinds i on i.priority = c.priority
"""

_CROWDED = f"select work from {{table}} group by work having count(*) > {MAX_KEYWORDS}"

_FIRST_OF_CROWDED = f"""
    with crowded as ({_CROWDED}),
    placed as (
        select a.*, row_number() over (
                   partition by a.work order by a.priority nulls last, a.number nulls last
               ) as place
        from {{table}} a join crowded c on c.work = a.work
    )
    select {{columns}} from placed where place <= {MAX_KEYWORDS}
    union all
    select {{columns}} from {{table}} where work not in (select work from crowded)
"""
