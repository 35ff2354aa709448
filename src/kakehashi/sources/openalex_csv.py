"""OpenAlex works flattened to CSV: as the web site exports them, as the R package openalexR did, and by institution."""

from types import MappingProxyType

from kakehashi.records import Author, Mention
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, first, link, split_slots, table_format
from kakehashi.sources.text import split_list

_NAMES = ("authorships.author.display_name", "author_names")
_RAW = ("authorships.raw_affiliation_strings", "authorships.raw_affiliation_string")


def _people(cells: Cells) -> People:
    names = split_list(first(cells, _NAMES), "|")
    if "author_institution_raw" in cells:
        return People(tuple(Author(name) for name in names), _institutions(cells))
    return link(names, split_slots(first(cells, _RAW), "|"))


def _institutions(cells: Cells) -> tuple[Mention, ...]:
    """Read parallel lists of affiliation strings and ROR ids; the ids count only where the lists are equally long."""
    texts = split_slots(cells["author_institution_raw"], "|")
    rors = [ror.rstrip("/").rsplit("/", 1)[-1] for ror in cells.get("author_institution_ror", "").split("|")]
    known = rors if len(rors) == len(texts) else [""] * len(texts)
    return tuple(Mention(text, None, ror or None) for text, ror in zip(texts, known, strict=True) if text)


_COLUMNS = Columns(
    title=("title", "display_name", "ti"),
    people=_people,
    year=("publication_year", "py"),
    doi=("doi", "di"),
    source_id=("id",),
    venue=("primary_location.source.display_name", "so"),
    doc_type=("type", "dt"),
    language=("language",),
    abstract=("abstract", "ab"),
    citations=("cited_by_count", "tc"),
    keywords=MappingProxyType(
        {
            "concept": ("concepts.display_name",),
            "topic": ("topics.display_name", "primary_topic.display_name"),
            "author": ("keywords.display_name",),
        }
    ),
    keyword_separator="|",
)

FORMATS = (
    table_format(
        "openalex_csv",
        "openalex",
        "OpenAlex works as CSV",
        _COLUMNS,
        ("id", "author_institution_raw"),
        ("id", "ti", "cited_by_url"),
        ("id", "authorships.author.display_name"),
        ("id", "display_name", "publication_year"),
    ),
)
