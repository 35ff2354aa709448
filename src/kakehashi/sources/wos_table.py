"""Web of Science as a table: tab-delimited with two-letter tags, or the Excel export with full names saved as CSV."""

import re
from collections.abc import Sequence
from types import MappingProxyType

from kakehashi.records import Author, Mention
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, first, is_placeholder, link, table_format
from kakehashi.sources.text import clean, split_list

_ADDRESS = re.compile(r"\[([^\[\]]*)\]\s*([^\[]*)")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def _people(cells: Cells) -> People:
    short = split_list(first(cells, ("authors", "au")))
    full = split_list(first(cells, ("author full names", "af")))
    names = full if len(full) >= len(short) else short
    orcids = _orcids(first(cells, ("orcids", "oi")))
    authors = tuple(Author(name, orcids.get(_key(name))) for name in names if not is_placeholder(name))
    text = clean(first(cells, ("addresses", "c1"))) or ""
    if "[" not in text:
        return link([author.name for author in authors], split_list(text)) if text else People(authors)
    return People(authors, tuple(_mentions(text, names, short)))


def _mentions(text: str, names: Sequence[str], short: Sequence[str]) -> list[Mention]:
    """Read `[Author; Author] address; [Author] address`: one mention for each author at each address."""
    place = {_key(name): at for at, name in reversed(list(enumerate(short, 1)))}
    place |= {_key(name): at for at, name in reversed(list(enumerate(names, 1)))}
    mentions: list[Mention] = []
    for who, where in _ADDRESS.findall(text):
        address = where.strip().rstrip(";").strip()
        places = [place.get(_key(name)) for name in split_list(who)] or [None]
        if address:
            mentions += [Mention(address, at) for at in dict.fromkeys(places)]
    return mentions


def _orcids(text: str) -> dict[str, str]:
    """Read `Xu, Feng/0000-0002-3932-1093; ...` into name key to ORCID."""
    pairs = (part.rsplit("/", 1) for part in split_list(text) if "/" in part)
    return {_key(name): orcid for name, orcid in pairs if _ORCID.fullmatch(orcid)}


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


_COLUMNS = Columns(
    title=("article title", "title", "ti"),
    people=_people,
    year=("year", "publication year", "py"),
    doi=("doi", "di"),
    source_id=("ut (unique wos id)", "ut (unique id)", "ut"),
    venue=("source title", "so"),
    doc_type=("document type", "dt"),
    language=("language", "la"),
    abstract=("abstract", "ab"),
    citations=("times cited, wos core", "tc", "times cited, all databases", "z9"),
    keywords=MappingProxyType({"author": ("author keywords", "de"), "index": ("keywords plus", "id")}),
)

FORMATS = (
    table_format(
        "wos_table",
        "wos",
        "Web of Science tab-delimited, or its Excel export as CSV",
        _COLUMNS,
        ("article title", "source title", "addresses"),
        ("article title", "ut (unique wos id)"),
        ("pt", "au", "ti", "so", "py"),
        ("au", "ti", "so", "ut"),
    ),
)
