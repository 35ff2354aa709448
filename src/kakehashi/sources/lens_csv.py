"""Lens.org scholarly works as CSV: authors without affiliations, fields of study, MeSH."""

from types import MappingProxyType

from kakehashi.records import Author
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, table_format
from kakehashi.sources.text import split_list


def _people(cells: Cells) -> People:
    return People(tuple(Author(name) for name in split_list(cells.get("author/s"))))


_COLUMNS = Columns(
    title=("title",),
    people=_people,
    year=("publication year", "date published"),
    source_id=("lens id",),
    venue=("source title",),
    doc_type=("publication type",),
    citations=("citing works count",),
    keywords=MappingProxyType(
        {"author": ("keywords",), "mesh": ("mesh terms",), "concept": ("fields of study",)},
    ),
)


FORMATS = (table_format("lens_csv", "lens", "Lens.org scholarly works CSV", _COLUMNS, ("lens id", "title")),)
