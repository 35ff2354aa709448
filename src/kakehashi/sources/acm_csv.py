"""ACM Digital Library results as CSV, in the two forms in which collectors store them. No affiliations."""

from kakehashi.records import Author
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, first, split_names, table_format


def _people(cells: Cells) -> People:
    return People(tuple(Author(name) for name in split_names(first(cells, ("authors", "author")))))


_COLUMNS = Columns(
    title=("title",),
    people=_people,
    year=("year",),
    doi=("doi", "doi_url"),
    source_id=("id",),
    venue=("venue", "library"),
    doc_type=("category",),
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
