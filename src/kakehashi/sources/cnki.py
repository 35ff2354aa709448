"""CNKI exports (中国知网): RefWorks, EndNote and NoteExpress text."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from kakehashi.records import Author, Keyword, Mention, Record, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.tagged import Block, Grammar, blocks, refuse_cut, single_author
from kakehashi.sources.text import clean, clean_doi, parse_year

# Only known tags: an English abstract goes on in lines that begin with words such as "In this". Books print the
# authors' tag without a space behind it.
_REFWORKS = Grammar(
    re.compile(
        r"\ufeff?(A1(?=\S)|(?:RT|SR|A[1-6D]|T[1-3]|J[FO]|YR|FD|IS|vo|VO|OP|SP|K1|AB|SN|CN|LA|D[SBO]|LK|P[BP]|CL|ED|URL?|ID"
        r"|C1|U[1-5]|NO|RD|ST|WT|CT)(?= |\s*\Z)) ?(.*)\Z"
    ),
    starts=frozenset({"RT"}),
    blank_ends=True,
)
_ENDNOTE = Grammar(
    re.compile(r"\ufeff?(%[A-Z0-9+@!&(*=>?~^<\[])(?: (.*)|\s*)\Z"), starts=frozenset({"%0"}), blank_ends=True
)
_NOTEEXPRESS = Grammar(re.compile(r"\ufeff?\{([A-Z][A-Za-z /()]+)\}: ?(.*)\Z"), starts=frozenset({"Reference Type"}))

_ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "type": ("RT", "%0", "Reference Type"),
        "title": ("T1", "%T", "Title"),
        "authors": ("A1", "%A", "Author"),
        "addresses": ("AD", "%+", "Author Address"),
        "venue": ("JF", "JO", "%J", "%B", "Journal"),
        "year": ("YR", "FD", "%D", "%8", "Year"),
        "keywords": ("K1", "%K", "Keywords"),
        "abstract": ("AB", "%X", "Abstract"),
        "doi": ("DO", "%R", "DOI"),
        "link": ("LK", "UR", "URL", "%U"),
        "language": ("LA", "%G", "Language"),
        "publisher": ("PB", "%I", "Publisher", "University"),
    }
)
_LIST = re.compile(r"[;；]")
_ROR = re.compile(r"https?://ror\.org/(0[a-z0-9]{8})\s*,?\s*")
_REGISTRY_IDS = re.compile(r"(?:grid\.\d+\.[0-9a-f]+|(?:\d{4} ){3}\d{3}[\dX])\s*,\s*")
_YEAR_MONTH = re.compile(r"\A(\d{4})(\d{2})\Z")  # 202309, the date of books
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}")


def _recognise(first: re.Pattern[str], head: Head) -> bool:
    lines = [line for line in head.lines if line.strip()]
    if not lines or not first.match(lines[0]):
        return False
    # RefWorks, EndNote and NoteExpress text come from other providers as well.
    return "cnki" in head.text.lower() or any("\u4e00" <= letter <= "\u9fff" for letter in head.text[:4000])


def _read(grammar: Grammar, source: Input, head: Head) -> Iterator[Item]:
    for item in blocks(source, head, grammar):
        if isinstance(item, Refusal):
            yield item
        elif not item.ended and not _first(item, "title"):
            yield refuse_cut(item.row)
        else:
            yield _record(item)


def _first(block: Block, role: str) -> str | None:
    return block.first(*_ROLES[role])


def _record(block: Block) -> Record:
    names = [name for value in block.all(*_ROLES["authors"]) for name in _list(value)]
    authors = tuple(Author(name) for name in names)
    link = _first(block, "link") or ""
    return Record(
        row=block.row,
        title=_first(block, "title"),
        year=parse_year(_YEAR_MONTH.sub(r"\1-\2", _first(block, "year") or "")),
        doi=clean_doi(_first(block, "doi")) or clean_doi(link if "/doi/" in link else None),
        venue=_first(block, "venue"),
        doc_type=_first(block, "type"),
        language=(_first(block, "language") or "").strip(";； ") or None,
        abstract=_first(block, "abstract"),
        authors=authors,
        mentions=tuple(dict.fromkeys(_mentions(block, single_author(authors)))),
        keywords=tuple(dict.fromkeys(Keyword(text, "author") for text in _list(_first(block, "keywords")))),
    )


def _list(value: str | None) -> list[str]:
    parts = (clean(part) for part in _LIST.split(value or ""))
    return [part.strip() for part in parts if part]


def _mentions(block: Block, only: int | None) -> Iterator[Mention]:
    """The affiliations of a work as a whole, without the e-mail addresses and registry numbers among them."""
    texts = [text for value in block.all(*_ROLES["addresses"]) for text in _list(value)]
    if not texts and "thesis" in (_first(block, "type") or "").lower():
        texts = _list(_first(block, "publisher"))  # a thesis is published by the university that accepted it
    for text in texts:
        ror = _ROR.search(text)
        name = clean(_EMAIL.sub("", _REGISTRY_IDS.sub("", _ROR.sub("", text))))
        if name and name.strip(" ,.;"):
            yield Mention(name.strip(" ,;"), only, ror.group(1) if ror else None)


def _format(name: str, first: str, grammar: Grammar, description: str) -> Format:
    recognise: Callable[[Head], bool] = partial(_recognise, re.compile(first))
    return Format(name, "cnki", recognise, partial(_read, grammar), description)


FORMATS = (
    _format("cnki_refworks", r"RT \S", _REFWORKS, "CNKI in RefWorks form (RT, A1, AD, T1)"),
    _format("cnki_endnote", r"%0 \S", _ENDNOTE, "CNKI in EndNote form (%0, %A, %+, %T)"),
    _format(
        "cnki_noteexpress", r"\{Reference Type\}:", _NOTEEXPRESS, "CNKI in NoteExpress form ({Reference Type}: ...)"
    ),
)
