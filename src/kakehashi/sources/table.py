"""What all tabular exports share: a format is the names of its columns and a function for its authors."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from functools import cache
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from kakehashi.records import Author, Keyword, KeywordKind, Mention, Record, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.csv_core import Cells, Header, find_header, rows
from kakehashi.sources.latex import plain_text
from kakehashi.sources.text import (
    Remembered,
    clean,
    clean_doi,
    clean_short,
    parse_count,
    parse_year,
    split_list,
    unescape,
)

_STRICT_YEAR = re.compile(r"\s*(?:\d{4}(?:\.0)?)?\s*")
_MATH = re.compile(r"\${1,2}[^$]{1,300}\${1,2}")
_LATEX = re.compile(r"""\\(?:["'`^~=.]|[a-zA-Z]+\{|(?:[ijloLO]|ss|ae|aa|oe)\b)""")
NOTHING = frozenset({"", "na", "n/a", "none", "null", "nan", "-"})
_LONG = max(map(len, NOTHING))


class People(Struct, frozen=True, gc=False):
    """The authors of a record, its affiliation strings, and notes (code, reason) about what could not be linked."""

    authors: tuple[Author, ...] = ()
    mentions: tuple[Mention, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Columns:
    """The columns of a tabular export, in lower case: for each value those that may hold it, the best first.

    `keywords` maps a kind of keyword to the columns that hold it. `people` makes authors and mentions from the cells.
    `prepare_title` takes from a title what the format adds to it. `mark` is a column near the end and how its cells
    begin: a row with too many cells is kept only where the mark shows that they stand in their columns.
    `linked` are two columns, of authors and affiliations, that are lists with `;` whose places belong together: where
    both are as long, or no affiliation is there, `people` finds just that.
    """

    title: tuple[str, ...]
    people: Callable[[Cells], People]
    year: tuple[str, ...] = ("year", "publication year")
    doi: tuple[str, ...] = ("doi",)
    source_id: tuple[str, ...] = ()
    venue: tuple[str, ...] = ()
    doc_type: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    abstract: tuple[str, ...] = ("abstract",)
    citations: tuple[str, ...] = ()
    keywords: Mapping[KeywordKind, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    keyword_separator: str = ";"
    prepare_title: Callable[[str], str] = str
    mark: tuple[str, str] | None = None
    linked: tuple[str, str] | None = None

    def within(self, header: Header) -> "Columns":
        """Return these columns without those that a table does not have: they need not be looked for in each row."""

        def there(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in names if name in header.cells)

        narrowed: dict[str, Any] = {name: there(getattr(self, name)) for name in SINGLE}
        keywords = {kind: there(names) for kind, names in self.keywords.items() if there(names)}
        return changed(self, **narrowed, keywords=keywords)


SINGLE = ("title", "year", "doi", "source_id", "venue", "doc_type", "language", "abstract", "citations")


def table_format(name: str, database: str, description: str, columns: Columns, *signatures: tuple[str, ...]) -> Format:
    """Make the format of tables whose header has all the columns of one of the signatures."""

    def header_in(head: Head) -> Header | None:
        return next((header for names in signatures if (header := find_header(head, *names))), None)

    def read(source: Input, head: Head) -> Iterator[Item]:
        header = header_in(head)
        if header is None:
            reason = f"no line of its beginning has the columns of {name}; let the format be recognised, or map columns"
            yield Refusal(None, "unrecognised", reason, 0)
        else:
            yield from read_table(source, head, header, columns)

    return Format(name, database, lambda head: header_in(head) is not None, read, description)


def read_table(source: Input, head: Head, header: Header, columns: Columns) -> Iterator[Item]:
    """Yield a record for each row of a table, after its notes, or its refusal."""
    columns = columns.within(header)
    marked = columns.mark is not None and columns.mark[0] in header.cells
    for item in rows(source, head, header, lambda cells: in_place(cells, columns), may_be_wider=marked):
        if isinstance(item, Refusal):
            yield item
            continue
        yield from read_row(*item, columns)


def read_row(row: int, cells: Cells, columns: Columns) -> Iterator[Item]:
    """Yield the record of a row after its notes."""
    people = columns.people(cells)
    year = first(cells, columns.year).strip()
    if is_no_year(year):
        yield Refusal(row, "implausible_year", f"{year[:40]!r} is no year; read as unknown", 0)
    for code, reason in people.notes:
        yield Refusal(row, code, reason, 0)
    yield make_record(row, cells, columns, people)


def is_no_year(year: str) -> bool:
    """Whether a text stands for a year and is none."""
    return bool(year) and parse_year(year) is None and not is_placeholder(year)


def make_record(row: int, cells: Cells, columns: Columns, people: People) -> Record:
    """Make the record of one row."""
    keywords: list[Keyword] = []
    for kind, names in columns.keywords.items():
        texts = split_list(first(cells, names), columns.keyword_separator)
        keywords += [keyword for keyword in map(_keywords(kind).__getitem__, dict.fromkeys(texts)) if keyword]
    return Record(
        row=row,
        title=clean_title(columns.prepare_title(first(cells, columns.title))),
        year=parse_year(first(cells, columns.year)),
        doi=clean_doi(first(cells, columns.doi)),
        source_id=clean(first(cells, columns.source_id)),
        venue=clean_short(first(cells, columns.venue)),
        doc_type=clean_short(first(cells, columns.doc_type)),
        language=clean_short(first(cells, columns.language)),
        abstract=clean_placeholder(first(cells, columns.abstract)),
        citations=parse_count(first(cells, columns.citations)),
        authors=people.authors,
        mentions=people.mentions,
        keywords=tuple(keywords),
    )


@cache
def _keywords(kind: KeywordKind) -> Remembered[Keyword | None]:
    return Remembered(lambda text: None if text.lower() in NOTHING else Keyword(text, kind))


def first(cells: Cells, names: Sequence[str]) -> str:
    """Return the first of the cells that is not empty, or an empty text."""
    for name in names:
        cell = cells.get(name, "")
        if cell and not cell.isspace():
            return cell
    return ""


def in_place(cells: Cells, columns: Columns) -> bool:
    """Whether the cells stand in their columns: title there, year and DOI valid or empty, mark in place."""
    if columns.mark and columns.mark[0] in cells and not cells[columns.mark[0]].startswith(columns.mark[1]):
        return False
    doi = first(cells, columns.doi).strip()
    year = first(cells, columns.year)
    return bool(first(cells, columns.title)) and bool(_STRICT_YEAR.fullmatch(year)) and (not doi or "10." in doi)


def clean_title(text: str) -> str | None:
    """Clean a title; formulas between dollar signs become plain text (`$L_{1}$` becomes `L_1`)."""
    title = clean_placeholder(text)
    if title is None or ("$" not in title and "\\" not in title):
        return title
    return clean(without_latex(_MATH.sub(lambda match: plain_text(match.group()).strip("$"), title)))


def without_latex(text: str) -> str:
    r"""Resolve LaTeX (`Bj\"{o}rn`) in a text that has any and is no JSON list."""
    return plain_text(text) if "\\" in text and text[0] != "[" and _LATEX.search(text) else text


def clean_placeholder(text: str) -> str | None:
    """Clean a text; `[No abstract available]` and the like are nothing."""
    cleaned = clean(text)
    return None if cleaned is None or is_placeholder(cleaned) else cleaned


def is_placeholder(text: str) -> bool:
    """Whether a value only says that there is none."""
    if len(text) > _LONG and text[0].isalnum():
        return False
    low = text.lower()
    return low in NOTHING or not any(map(str.isalnum, low)) or (low.startswith("[no ") and low.endswith("]"))


def split_slots(text: str, separator: str = ";") -> list[str]:
    """Split a list whose places count: empty slots and `NA` stay, as empty texts."""
    return [*map(_slots.__getitem__, unescape(text).split(separator))]


def clean_slot(part: str) -> str:
    """Clean one place of a list; `NA` and the like are nothing."""
    cleaned = (clean(part) or "").strip(" ,;")
    return "" if cleaned.lower() in NOTHING else cleaned


_slots = Remembered(clean_slot)


def remembered_slot(part: str) -> str:
    """Return `clean_slot(part)`, remembered: the authors of a work share affiliations."""
    return _slots[part]


def link(names: Sequence[str], slots: Sequence[str]) -> People:
    """Link the i-th affiliation to the i-th author if there are as many of both; else keep both apart and note it."""
    authors = tuple([Author(name) for name in names])
    if len(slots) == len(names) + 1 and not slots[-1]:
        slots = slots[:-1]  # the list ends with its separator
    if not any(slots):
        return People(authors)
    if len(slots) == len(names):
        return People(authors, tuple([Mention(slot, place) for place, slot in enumerate(slots, 1) if slot]))
    mentions = tuple(Mention(slot) for slot in dict.fromkeys(slots) if slot)
    if len(names) == 1:
        return People(authors, tuple(replace(mention, author=1) for mention in mentions))
    reason = f"{len(names)} authors and {len(slots)} affiliations: kept without saying which belongs to whom"
    return People(authors, mentions, (("author_affiliation_mismatch", reason),))


def split_names(text: str) -> list[str]:
    """Split an author list joined by `;`, `|`, or by `,` and `and`; a lone `Last, First` stays one name."""
    text = " ".join(unescape(text).split())
    for separator in (";", "|"):
        if separator in text:
            return [name for name in split_list(text, separator) if not is_placeholder(name)]
    parts = [name for part in re.split(r"\s+and\s+|\s+&\s+", text) if (name := clean(part.strip(" ,")))]
    names = [name for part in parts for name in _split_commas(part)]
    return [name for name in names if not is_placeholder(name)]


def _split_commas(text: str) -> list[str]:
    """Split at commas if every part has a space, so that it can be a whole name."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts
    return [text] if len(parts) <= 2 else parts
