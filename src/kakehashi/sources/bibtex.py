"""BibTeX of the ACM Digital Library, Scopus, ScienceDirect, Web of Science, IEEE Xplore and reference managers."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from kakehashi.records import Author, Keyword, KeywordKind, Mention, Record, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.bibtex_scan import Entry, bibtex_entries, entry_starts
from kakehashi.sources.bibtex_wos import wos_mentions
from kakehashi.sources.latex import plain_text
from kakehashi.sources.text import Remembered, clean, clean_doi, parse_count, parse_year, split_list

_AND = re.compile(" and ", re.IGNORECASE)
_COMMA = re.compile(r",\s+|,(?=\D)")  # the comma in 1,2-dichloroethane separates nothing
_CITED = re.compile(r"Cited by:?\s*(\d+)")
_EID = re.compile(r"[?&]eid=(2-s2\.0-\d+)")
_PII = re.compile(r"/pii/([A-Z0-9]+)")
_CCS_ID = re.compile(r"<concept_id>\s*([\d.]+)\s*</concept_id>")
_CCS_PATH = re.compile(r"(?<![\d.])100\d{5}(?:\.100\d{5})+(?![\d.])")
# Seen in ACM keywords after someone replaced every ";" by ",": `disabilities \\&amp, assistive technologies`.
_MANGLED_ENTITY = re.compile(r"&(amp|nbsp|lt|gt|quot)(?:,|(?![;a-zA-Z]))")
_FOOTNOTE = re.compile(r"\u204e.*", re.DOTALL)  # ScienceDirect prints a title's footnote behind its low asterisk

_ACM_MARK = re.compile(r"10\.1145/|Association for Computing Machinery|\barticleno\s*=|\bnumpages\s*=")
_WOS_MARK = re.compile(r"\bUnique-ID\s*=|\bWeb-of-Science-Categories\s*=", re.IGNORECASE)
_IEEE_MARK = re.compile(r"\A[ \t]*@[A-Za-z]+\{\d{4,},")


def _record(flavour: str, row: int, entry: Entry) -> Record:
    fields = entry.fields
    authors = tuple(Author(name) for name in _names(fields.get("author", "")))
    named_type = fields.get("type") if flavour in ("scopus", "wos") else None
    cited = _CITED.search(fields.get("note", "")) if flavour == "scopus" else None
    citations = cited.group(1) if cited else fields.get("times-cited") if flavour == "wos" else None
    return Record(
        row=row,
        title=_text(_without_footnote(fields.get("title", ""))),
        year=parse_year(_text(fields.get("year")) or _text(fields.get("date"))),
        doi=clean_doi(_text(fields.get("doi"))) or clean_doi(_text(fields.get("url"))),
        source_id=_source_id(flavour, entry),
        venue=_text(fields.get("journal") or fields.get("journaltitle") or fields.get("booktitle")),
        doc_type=_text(named_type) or entry.kind,
        language=_text(fields.get("language")),
        abstract=_text(fields.get("abstract")),
        citations=parse_count(_text(citations)),
        authors=authors,
        mentions=tuple(dict.fromkeys(_mentions(flavour, fields, authors))),
        keywords=tuple(dict.fromkeys(_keywords(flavour, fields))),
    )


def _without_footnote(title: str) -> str:
    return title if title.isascii() else _FOOTNOTE.sub("", title)


def _text(value: str | None) -> str | None:
    if not value:
        return None
    value = plain_text(value)
    return clean(_MANGLED_ENTITY.sub(r"&\1;", value) if "&" in value else value)


def _names(value: str) -> Iterator[str]:
    """Split `A and B and {C and D}` into names as printed; `and others` names nobody."""
    for part in _split_outside_braces(value):
        name = _names_met[part]
        if name and name.lower() != "others":
            yield name


_names_met = Remembered(_text)


def _split_outside_braces(value: str) -> Iterator[str]:
    value = " ".join(value.split())
    if not ("{" in value or "}" in value):
        yield from _AND.split(value)
        return
    begin = depth = position = 0
    for match in _AND.finditer(value):
        depth += value.count("{", position, match.start()) - value.count("}", position, match.start())
        position = match.start()
        if depth <= 0:
            yield value[begin : match.start()]
            begin = match.end()
    yield value[begin:]


def _source_id(flavour: str, entry: Entry) -> str | None:
    url = entry.fields.get("url", "").replace("\\", "")
    pattern = {"scopus": _EID, "sciencedirect": _PII}.get(flavour)
    found = pattern.search(url) if pattern else None
    return found.group(1) if found else _text(entry.fields.get("unique-id")) or _text(entry.key)


def _mentions(flavour: str, fields: dict[str, str], authors: tuple[Author, ...]) -> Iterator[Mention]:
    if flavour == "wos":
        yield from wos_mentions(fields.get("affiliation", ""), authors)
        return
    # The others do not link affiliation and author, except that a work with one author leaves no choice.
    only = 1 if len(authors) == 1 else None
    for name in ("affiliations", "affiliation", "school"):
        for text in split_list(_text(fields.get(name))):
            yield Mention(text, only)


def _keywords(flavour: str, fields: dict[str, str]) -> Iterator[Keyword]:
    kinds: dict[str, KeywordKind] = {"author_keywords": "author", "author-keywords": "author", "keywords": "author"}
    if flavour in ("scopus", "ieee"):
        # Scopus: the index terms. IEEE: author, IEEE and INSPEC terms in one list that cannot be told apart.
        kinds["keywords"] = "index"
    if flavour == "wos":
        kinds["keywords-plus"] = "index"
    for name, kind in kinds.items():
        for keyword in _split_keywords(fields.get(name)):
            yield Keyword(keyword, kind)
    for name in ("ccs", "ccsxml", "ccs2012", "keywords"):
        raw = fields.get(name, "")
        if not ("100" in raw or "<concept_id>" in raw):
            continue
        for path in _CCS_ID.findall(raw) if "<concept_id>" in raw else _CCS_PATH.findall(raw):
            yield Keyword(path, "ccs")


def _split_keywords(value: str | None) -> Iterator[str]:
    if not value or "<concept_id>" in value:
        return
    text = _text(value) or ""
    for part in text.split(";") if ";" in text else _COMMA.split(text):
        keyword = part.strip(" .,")
        if keyword and not (keyword[0] == "1" and _CCS_PATH.fullmatch(keyword)):
            yield keyword


def _read(flavour: str, source: Input, head: Head) -> Iterator[Item]:
    row = 0
    for item in bibtex_entries(source, head):
        if isinstance(item, Refusal):
            row += item.records
            yield Refusal(row or None, item.code, item.reason, item.records)
            continue
        row += 1
        if item.faults or not item.closed:
            faults = [*dict.fromkeys(item.faults), *([] if item.closed else ["it is never closed"])]
            yield Refusal(row, "unbalanced", f"entry {item.key!r}: {'; '.join(faults)}", 0)
        yield _record(flavour, row, item)


@lru_cache(maxsize=2)
def _flavour(head: Head) -> str | None:
    """Return whose BibTeX this is by what most of its first entries say, or None if it is no BibTeX."""
    text = head.text.replace("\r\n", "\n")
    starts = list(entry_starts(text))
    if not starts:
        return None
    before = text[: starts[0]]
    if before.strip() and not _is_preamble(before):
        return None
    entries = [text[begin:end] for begin, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    marks: dict[str, Callable[[str], object]] = {
        "scopus": lambda entry: "www.scopus.com/" in entry or "source = {Scopus}" in entry,
        "sciencedirect": lambda entry: "www.sciencedirect.com/" in entry,
        "wos": lambda entry: _WOS_MARK.search(entry),
        "ieee": lambda entry: _IEEE_MARK.match(entry),
        "acm": _ACM_MARK.search,
    }
    for name, has_mark in marks.items():
        if 2 * sum(bool(has_mark(entry)) for entry in entries) > len(entries):
            return name
    return "bibtex"


def _is_preamble(before: str) -> bool:
    """Whether text in front of the first entry may be an exporter's or a person's remark, and not another format."""
    first = before.lstrip()[:1]
    return first in ("%", "@") or (first not in ("{", "[", "<") and before.count("\n") < 20)


def _format(name: str, flavour: str, database: str, description: str) -> Format:
    return Format(name, database, lambda head: _flavour(head) == flavour, partial(_read, flavour), description)


FORMATS = (
    _format("acm_bibtex", "acm", "acm", "ACM Digital Library BibTeX (no affiliations)"),
    _format("scopus_bibtex", "scopus", "scopus", "Scopus BibTeX (affiliations without author link)"),
    _format("sciencedirect_bibtex", "sciencedirect", "sciencedirect", "ScienceDirect BibTeX (no affiliations)"),
    _format("wos_bibtex", "wos", "wos", "Web of Science BibTeX (affiliations with author link)"),
    _format("ieee_bibtex", "ieee", "ieee", "IEEE Xplore BibTeX (no affiliations)"),
    _format("bibtex", "bibtex", "other", "BibTeX of reference managers and other sources"),
)
