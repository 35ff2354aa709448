"""RIS of Embase, Scopus, IEEE Xplore, Springer and of reference managers."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from kakehashi.records import Author, Keyword, KeywordKind, Mention, Record, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.tagged import (
    AuthorIndex,
    Block,
    Grammar,
    blocks,
    name_key,
    note_unended,
    note_unlinked,
    refuse_cut,
    single_author,
)
from kakehashi.sources.text import clean_doi, parse_count, parse_year, split_list

_GRAMMAR = Grammar(re.compile(r"\ufeff?([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*)\Z"), starts=frozenset({"TY"}), end="ER")
_TYPE_LINE = re.compile(r"TY {1,2}- ?[A-Z]+\s*\Z")
PREAMBLE_LINES = 10  # "Provider: ...", "Content: text/plain", a title, a date
_CITED = re.compile(r"Cited By:?\s*(\d+)", re.IGNORECASE)
_EMBASE_ADDRESS = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*(\S.*)")
_EID = re.compile(r"2-s2\.0-\d+")

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("embase", re.compile(r"^DB {1,2}- Embase|www\.embase\.com/", re.MULTILINE | re.IGNORECASE)),
    ("scopus", re.compile(r"^DB {1,2}- Scopus|www\.scopus\.com/", re.MULTILINE | re.IGNORECASE)),
    ("ieee", re.compile(r"ieeexplore\.ieee\.org|^DO {1,2}- 10\.1109/", re.MULTILINE)),
    ("springer", re.compile(r"link\.springer\.com|doi\.org/10\.1007/|^DO {1,2}- 10\.1007/", re.MULTILINE)),
)


def _flavour(head: Head) -> str | None:
    """Return whose RIS this is by what most of its first records say, or None if it is no RIS."""
    first = next((line for line in head.lines if _GRAMMAR.line.match(line)), "")
    before = [line for line in head.lines[: head.lines.index(first)] if line.strip()] if first else []
    if not _TYPE_LINE.match(first) or len(before) > PREAMBLE_LINES:
        return None
    records = re.split(r"^TY {1,2}-", "\n".join(head.lines), flags=re.MULTILINE)[1:]
    for name, mark in _MARKS:
        if 2 * sum(mark.search(record) is not None for record in records) > len(records):
            return name
    return "other"


def _read(flavour: str, source: Input, head: Head) -> Iterator[Item]:
    last: Block | None = None
    for item in blocks(source, head, _GRAMMAR):
        if last is not None:
            yield note_unended(last.row)
            yield from _record(flavour, last)
            last = None
        if isinstance(item, Refusal):
            yield item
        elif item.ended:
            yield from _record(flavour, item)
        else:
            last = item
    if last is not None:
        yield refuse_cut(last.row)


def _record(flavour: str, block: Block) -> Iterator[Item]:
    names = block.all("AU") or block.all("A1")
    authors = tuple(Author(name) for name in names)
    mentions, missing = _mentions(flavour, block, authors)
    yield from note_unlinked(block.row, missing)
    # Emtree terms, or author and index terms in one list, against what the authors wrote.
    kind: KeywordKind = "index" if flavour in ("embase", "scopus", "ieee") else "author"
    keywords = [Keyword(text, kind) for value in block.all("KW") for text in split_list(value)]
    cited = _CITED.search(" ".join(block.all("N1")))
    yield Record(
        row=block.row,
        title=block.first("TI", "T1", "CT", "BT"),
        year=parse_year(block.first("PY", "Y1", "DA")),
        doi=clean_doi(block.first("DO")) or clean_doi(block.first("M3", "L2", "L3", "UR")),
        source_id=_source_id(block),
        venue=block.first("JF", "T2", "JO", "JA", "BT"),
        doc_type=block.first("M3") if flavour == "embase" else block.first("TY"),
        language=block.first("LA"),
        abstract=block.first("AB", "N2"),
        citations=parse_count(cited.group(1)) if cited else None,
        authors=authors,
        mentions=tuple(dict.fromkeys(mentions)),
        keywords=tuple(dict.fromkeys(keywords)),
    )


def _source_id(block: Block) -> str | None:
    eid = _EID.search(block.first("UR") or "")
    return eid.group() if eid else block.first("U2", "AN", "ID")


def _mentions(flavour: str, block: Block, authors: tuple[Author, ...]) -> tuple[list[Mention], list[str]]:
    if flavour == "embase":
        mentions, missing = _embase_mentions(block.all("M1"), authors)
        if mentions:
            return mentions, missing
    only = single_author(authors)
    found: list[Mention] = []
    for value in block.all("AD", "C1" if flavour == "scopus" else "AD"):
        for text in [value] if flavour == "embase" else split_list(value):
            position, address = _after_name(text, authors)
            found.append(Mention(address, position or only))
    return found, []


def _embase_mentions(values: list[str], authors: tuple[Author, ...]) -> tuple[list[Mention], list[str]]:
    """`(Lamas F.M., a@b.br; Gómez B.) Faculty of Medicine, ..., Brazil`: names in front of their address."""
    index = AuthorIndex([author.name for author in authors])
    mentions: list[Mention] = []
    missing: list[str] = []
    for value in values:
        match = _EMBASE_ADDRESS.match(value)
        if match is None:
            continue  # M1 also carries numbers of other kinds
        names = (name.split(",")[0].strip() for name in match.group(1).split(";"))
        linked, unknown = index.link([name for name in names if name], match.group(2))
        mentions += linked
        missing += unknown
    return mentions, missing


def _after_name(text: str, authors: tuple[Author, ...]) -> tuple[int | None, str]:
    """Split `A.G. Turpo, Faculty of ...` where the first part is an author, given name or initials first."""
    name, comma, address = text.partition(", ")
    if comma and address.strip():
        key = name_key(name)
        for position, author in enumerate(authors, 1):
            family, _, given = author.name.partition(",")
            if given and key == name_key(given) + name_key(family):
                return position, address.strip()
    return None, text


def _format(name: str, flavour: str, database: str, description: str) -> Format:
    recognise: Callable[[Head], bool] = lambda head: _flavour(head) == flavour  # noqa: E731
    return Format(name, database, recognise, partial(_read, flavour), description)


FORMATS = (
    _format("embase_ris", "embase", "embase", "Embase RIS (affiliations with author link)"),
    _format("scopus_ris", "scopus", "scopus", "Scopus RIS (affiliations without author link)"),
    _format("ieee_ris", "ieee", "ieee", "IEEE Xplore RIS (no affiliations)"),
    _format("springer_ris", "springer", "springer", "SpringerLink RIS (no affiliations)"),
    _format("ris", "other", "other", "RIS of reference managers and other sources"),
)
