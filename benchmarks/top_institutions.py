"""Print the institutions of a study with most works, their country and how they are spelled, as a Markdown table.

Usage: `python benchmarks/top_institutions.py STUDY [NUMBER]`. The list is read by people: an institution among
the first 200 must not be a department, a city, a person or a fragment. The checked list: docs/top-institutions.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

NUMBER = 200
SHOWN_SPELLINGS = 6

# What a string printed for the institution is its span; the study's own tables hold all that is needed.
_TOP = """
select i.name, coalesce(i.country_code, '-'), i.works, i.spellings, i.institution_id
from institutions i order by i.works desc, i.institution_id limit {number}
"""
_SPELLINGS = """
select r.institution_id, r.span, count(distinct m.work_id) as works
from resolutions r join mentions m on m.affiliation = r.affiliation
where r.institution_id in (select t.institution_id from top t) and r.span is not null
group by r.institution_id, r.span order by r.institution_id, works desc, r.span
"""


def table(study: Path, number: int = NUMBER) -> list[str]:
    """Return the lines of the table: rank, name, country, works, spellings, and the most frequent spellings."""
    connection = duckdb.connect()
    for name in ("institutions", "resolutions", "mentions"):
        path = study / "tables" / f"{name}.parquet"
        connection.read_parquet(str(path)).create_view(name)
    connection.execute(f"create table top as {_TOP.format(number=number)}")
    spelled: dict[str, list[str]] = {}
    for identifier, span, works in connection.execute(_SPELLINGS).fetchall():
        spelled.setdefault(identifier, []).append(f"{_cell(span)} ({works})")
    lines = ["| | institution | country | works | spellings | printed as (works) |", "|---|---|---|---|---|---|"]
    for rank, (name, country, works, spellings, identifier) in enumerate(
        connection.execute("select * from top order by works desc, institution_id").fetchall(), 1
    ):
        shown = "; ".join(spelled.get(identifier, [])[:SHOWN_SPELLINGS])
        lines.append(f"| {rank} | {_cell(name)} | {country} | {works} | {spellings} | {shown} |")
    return lines


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Print the table of the study named on the command line."""
    if not arguments:
        print(__doc__)
        return 2
    number = int(arguments[1]) if len(arguments) > 1 else NUMBER
    print("\n".join(table(Path(arguments[0]), number)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
