"""ACM Digital Library results as CSV, in the two forms in which collectors store them. No affiliations."""

import re

from kakehashi.records import Author
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, first, split_names, table_format, without_latex

_PROCEEDINGS = re.compile(r"\s*\d{4}\. (.+?)\. Association for Computing Machinery")


def _people(cells: Cells) -> People:
    return People(tuple(Author(name) for name in split_names(without_latex(first(cells, ("authors", "author"))))))


def _proceedings_title(text: str) -> str:
    """Take the title out of the raw entry of a proceedings volume, which is all that such a row holds."""
    found = _PROCEEDINGS.match(text)
    return found.group(1) if found else text


_COLUMNS = Columns(
    title=("title", "raw_entry"),
    people=_people,
    year=("year",),
    doi=("doi", "doi_url"),
    source_id=("id",),
    venue=("venue", "library"),
    doc_type=("category",),
    prepare_title=_proceedings_title,
)


FORMATS = (
    table_format(
        "acm_csv",
        "acm",
        "ACM Digital Library results as CSV",
        _COLUMNS,
        ("title", "raw_entry", "doi_url"),
        ("title", "author", "library", "search_term"),
    ),
)
