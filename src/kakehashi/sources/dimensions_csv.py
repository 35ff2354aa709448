"""Dimensions publications as CSV: a preamble line, then authors with their raw affiliations in brackets."""

from collections.abc import Iterator
from types import MappingProxyType

from kakehashi.records import Author, Mention
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, first, table_format
from kakehashi.sources.text import clean, split_list, unescape


def _people(cells: Cells) -> People:
    text = unescape(first(cells, ("authors (raw affiliation)", "authors affiliations")))
    if not text.strip():
        return People(tuple(Author(name) for name in split_list(cells.get("authors"))))
    authors: list[Author] = []
    mentions: list[Mention] = []
    for part in split_outside_brackets(text):
        name, _, inside = part.partition("(")
        authors.append(Author(clean(name) or part))
        addresses = split_outside_brackets(inside.strip().removesuffix(")"))
        mentions += [Mention(address, len(authors)) for address in addresses]
    return People(tuple(authors), tuple(mentions))


def split_outside_brackets(text: str) -> list[str]:
    """Split `Sato, A (Univ. A (Osaka); Univ. B); Kim, B` at each `;` that stands in no round brackets."""
    return [part for piece in _pieces(text) if (part := clean(piece))]


def _pieces(text: str) -> Iterator[str]:
    depth = start = 0
    for at, letter in enumerate(text):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth = max(0, depth - 1)
        elif letter == ";" and not depth:
            yield text[start:at]
            start = at + 1
    yield text[start:]


_COLUMNS = Columns(
    title=("title",),
    people=_people,
    year=("pubyear", "publication date"),
    source_id=("publication id",),
    venue=("source title", "source title/anthology title", "anthology title"),
    doc_type=("publication type",),
    citations=("times cited",),
    keywords=MappingProxyType({"mesh": ("mesh terms",), "concept": ("concepts",)}),
)

FORMATS = (
    table_format(
        "dimensions_csv",
        "dimensions",
        "Dimensions publications as CSV",
        _COLUMNS,
        ("publication id", "title", "authors affiliations"),
        ("publication id", "title", "authors (raw affiliation)"),
        ("publication id", "title", "pubyear"),
    ),
)
