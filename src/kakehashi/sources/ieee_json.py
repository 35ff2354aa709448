"""The JSON answer of the IEEE Xplore Metadata API."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from kakehashi.records import Author, Keyword, KeywordKind, Mention, Record
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.json_stream import read_objects
from kakehashi.sources.text import clean, clean_doi, parse_count, parse_year

_TERM_KINDS: Mapping[str, KeywordKind] = MappingProxyType(
    {
        "author_terms": "author",
        "ieee_terms": "ieee",
        "inspec_controlled": "inspec",
        "inspec_uncontrolled": "inspec_free",
    }
)
_MARK = re.compile(r'"(?:article_number|index_terms|publication_number|html_url|access_type)"\s*:')


def _recognise(head: Head) -> bool:
    start = head.text.lstrip()[:1]
    return start in ("{", "[") and len({found.group() for found in _MARK.finditer(head.text)}) >= 2


def _read(source: Input, head: Head) -> Iterator[Item]:
    return read_objects(source, head, lambda row, value: [_record(row, value)])


def _record(row: int, article: dict[str, Any]) -> Record:
    authors, mentions = _people(article.get("authors"))
    return Record(
        row=row,
        title=_text(article.get("title")),
        year=parse_year(_text(article.get("publication_year")) or _text(article.get("publication_date"))),
        doi=clean_doi(_text(article.get("doi"))),
        source_id=_text(article.get("article_number")),
        venue=_text(article.get("publication_title")),
        doc_type=_text(article.get("content_type")),
        abstract=_text(article.get("abstract")),
        citations=parse_count(_text(article.get("citing_paper_count"))),
        authors=tuple(authors),
        mentions=tuple(mentions),
        keywords=tuple(dict.fromkeys(_keywords(article.get("index_terms")))),
    )


def _text(value: Any) -> str | None:
    return clean(str(value)) if isinstance(value, str | int | float) else None


def _people(block: Any) -> tuple[list[Author], list[Mention]]:
    listed = block.get("authors") if isinstance(block, dict) else block
    people = [person for person in listed if isinstance(person, dict)] if isinstance(listed, list) else []
    people.sort(key=lambda person: person.get("author_order") or 0)
    authors: list[Author] = []
    mentions: list[Mention] = []
    for person in people:
        name = _text(person.get("full_name") or person.get("preferred_name"))
        if name:
            authors.append(Author(name, _text(person.get("orcid"))))
        # Older answers have one string, newer ones a list. A string may name several institutions: it stays whole,
        # because ";" inside it is not reliably a separator.
        stated = person.get("affiliations") or person.get("affiliation")
        texts = (_text(text) for text in (stated if isinstance(stated, list) else [stated]))
        mentions.extend(Mention(text, len(authors) if name else None) for text in texts if text)
    return authors, list(dict.fromkeys(mentions))


def _keywords(index_terms: Any) -> Iterator[Keyword]:
    blocks = index_terms if isinstance(index_terms, dict) else {}
    for name, kind in _TERM_KINDS.items():
        block = blocks.get(name)
        terms = block.get("terms") if isinstance(block, dict) else block
        for term in terms if isinstance(terms, list) else []:
            if text := _text(term):
                yield Keyword(text, kind)


FORMATS = (Format("ieee_json", "ieee", _recognise, _read, "IEEE Xplore Metadata API answers (JSON)"),)
