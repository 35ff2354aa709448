"""How the index asks the study's tables: works in blocks by their id, each block with all that belongs to its works."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from kakehashi.matching.schema import SEARCHED, Person, Record

Rows = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Block:
    """The works with ids after `first` up to `last`; `first` is None in the first block."""

    first: str | None
    last: str

    def condition(self, column: str) -> str:
        """Return the SQL condition that picks the block's works."""
        after = "" if self.first is None else f"{column} > {quoted(self.first)} and "
        return f"{after}{column} <= {quoted(self.last)}"


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Sequence[str]) -> str:
    """Return texts as the inside of an IN list; an empty list matches nothing."""
    return ", ".join(map(quoted, texts)) or "null"


def blocks(rows: Rows, size: int) -> list[Block]:
    """Cut the works into blocks of `size` in the order of their ids."""
    ends = rows(
        "select work_id from (select work_id, row_number() over (order by work_id nulls last) as number, "
        f"count(*) over () as works from works) as w where number % {size} = 0 or number = works "
        "order by work_id nulls last"
    )
    found: list[Block] = []
    for (last,) in ends:
        found.append(Block(found[-1].last if found else None, str(last)))
    return found


def records(rows: Rows, block: Block) -> Iterator[Record]:
    """Yield the works of a block in the order of their ids."""
    here = block.condition("work_id")
    kinds = listed(SEARCHED)
    keywords = _grouped(
        rows(
            "select work_id, keyword from (select work_id, keyword, min(kind) as kind from keywords "
            f"where {here} and kind in ({kinds}) group by work_id, keyword) as k "
            "order by work_id nulls last, kind nulls last, keyword nulls last"
        )
    )
    fields = _grouped(rows(f"select work_id, field from work_fields where {here} order by work_id, field"))
    people = _people(rows, block)
    works = rows(
        f"select work_id, title, year, venue, doi, abstract from works where {here} order by work_id nulls last"
    )
    for work_id, title, year, venue, doi, abstract in works:
        yield Record(
            work_id, title or "", year, venue, doi, abstract, keywords.get(work_id, []), fields.get(work_id, []),
            people.get(work_id, []),
        )  # fmt: skip


def links(rows: Rows, block: Block) -> dict[str, list[str]]:
    """Return the institutions of the block's works."""
    here = block.condition("work_id")
    return _grouped(
        rows(
            f"select work_id, institution_id from work_institutions where {here} "
            "order by work_id nulls last, institution_id nulls last"
        )
    )


def _people(rows: Rows, block: Block) -> dict[str, list[Person]]:
    found = rows(
        "select a.work_id, a.seq, a.author, r.institution_id from authorships a "
        "left join mentions m on m.work_id = a.work_id and m.author_seq = a.seq "
        "left join resolutions r on r.affiliation = m.affiliation and r.institution_id is not null "
        f"where {block.condition('a.work_id')} "
        "order by a.work_id nulls last, a.seq nulls last, m.seq nulls last, r.seq nulls last"
    )
    people: dict[str, list[Person]] = {}
    for (work_id, _seq, author), group in groupby(found, key=itemgetter(0, 1, 2)):
        institutions = list(dict.fromkeys(one[3] for one in group if one[3] is not None))
        if author:
            people.setdefault(work_id, []).append(Person(author, institutions))
    return people


def _grouped(pairs: Sequence[tuple[Any, ...]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
