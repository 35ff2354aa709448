"""Works, keywords and their kinds as numbers: what is counted by the million is counted by these, not by texts.

Numbers follow the order of what they stand for, so that of equals the first by number is the first by name.
"""

from kakehashi.data.read import csv_rows
from kakehashi.engine.base import Engine
from kakehashi.engine.numbering import NUMBERED_WORKS
from kakehashi.tables import declare

WORKS_NUMBERED = declare(
    "fields_works",
    "The works, numbered from 0 in the order of their ids.",
    "work_id",
    "work_id string, work bigint",
    private=True,
)
KINDS = declare(
    "fields_kinds",
    "The kinds of keyword that take part, by priority from 1, and what a keyword of each weighs.",
    "kind",
    "kind string, priority bigint, weight double",
    private=True,
)
KEYWORDS_NUMBERED = declare(
    "fields_keywords",
    "The keywords as they take part, numbered from 1 in alphabetical order. CCS keywords keep the form in which the "
    "record gives them, behind `ccs:`; they have their own tree.",
    "keyword",
    "keyword string, number bigint",
    private=True,
)
SPELLINGS = declare(
    "fields_spellings",
    "The keywords as records give them, with the priority of the kind and the number of the keyword they stand for.",
    "kind, keyword",
    "kind string, keyword string, priority bigint, number bigint",
    private=True,
)


def number(engine: Engine, kinds: tuple[str, ...]) -> None:
    """Write the tables above from works, keyword_forms and the kinds in their order."""
    weight_of = {row["kind"]: float(row["weight"]) for row in csv_rows("taxonomies/kinds.csv")}
    engine.load(KINDS, [(kind, place, weight_of[kind]) for place, kind in enumerate(kinds, 1)])
    engine.make(WORKS_NUMBERED, NUMBERED_WORKS)
    engine.make(KEYWORDS_NUMBERED, _KEYWORDS)
    engine.make(SPELLINGS, _SPELLINGS)


_FORM = "case when f.kind = 'ccs' then 'ccs:' || f.keyword else f.form end"

_KEYWORDS = f"""
    select keyword, row_number() over (order by keyword nulls last) as number
    from (select distinct {_FORM} as keyword from keyword_forms f) d
"""

_SPELLINGS = f"""
    select f.kind, f.keyword, i.priority, k.number
    from keyword_forms f
    join fields_kinds i on i.kind = f.kind
    join fields_keywords k on k.keyword = {_FORM}
"""
