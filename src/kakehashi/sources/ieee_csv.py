"""IEEE Xplore CSV of three generations: 2014 (33 columns, maybe a preamble), 2023 (30), since 2024 (28)."""

import re
from types import MappingProxyType

from kakehashi.records import Author, Mention
from kakehashi.sources.batches import with_batches
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, link, split_slots, table_format
from kakehashi.sources.text import split_list

# Some authors' e-mail addresses stand between the affiliations, in slots of their own.
_EMAIL = re.compile(r"\S+@\S+\.\S+")


def _people(cells: Cells) -> People:
    names = split_list(cells.get("authors"))
    slots = split_slots(cells.get("author affiliations", ""))
    # The exports of 2014 print the affiliation of the first author only.
    if "eisbn" in cells and len(slots) == 1 and slots[0] and len(names) > 1:
        authors = tuple(Author(name) for name in names)
        reason = f"the affiliation of the first of {len(names)} authors only, as in all exports of 2014"
        return People(authors, (Mention(slots[0], 1),), (("first_affiliation_only", reason),))
    if len(slots) != len(names):
        slots = [slot for slot in slots if not _EMAIL.fullmatch(slot)]
    return link(names, slots)


_COLUMNS = Columns(
    title=("document title",),
    people=_people,
    year=("publication year", "year"),
    source_id=("pdf link",),
    venue=("publication title",),
    doc_type=("document identifier",),
    citations=("article citation count",),
    keywords=MappingProxyType(
        {
            "author": ("author keywords",),
            "ieee": ("ieee terms",),
            "inspec": ("inspec controlled terms",),
            "inspec_free": ("inspec non-controlled terms",),
            "mesh": ("mesh_terms", "mesh terms"),
        }
    ),
    linked=("authors", "author affiliations"),
)


_SIGNATURE = ("document title", "author affiliations")

FORMATS = (
    with_batches(
        table_format("ieee_csv", "ieee", "IEEE Xplore CSV (2014, 2023, 2024+)", _COLUMNS, _SIGNATURE),
        _COLUMNS,
        _SIGNATURE,
    ),
)
