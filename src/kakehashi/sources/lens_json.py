"""Lens scholarly works as JSON or JSON Lines (API answers and exports)."""

import re
from collections.abc import Iterator
from typing import Any

from kakehashi.records import Author, Keyword, Mention, Record
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.json_stream import Fields, read_objects
from kakehashi.sources.openalex_work import short_id
from kakehashi.sources.tagged import orcid
from kakehashi.sources.text import clean, clean_doi, parse_count, parse_year

_LENS_ID = re.compile(r'"lens_id"\s*:\s*"\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX]"')


def _recognise(head: Head) -> bool:
    return head.text.lstrip()[:1] in ("{", "[") and _LENS_ID.search(head.text) is not None


def _read(source: Input, head: Head) -> Iterator[Item]:
    return read_objects(source, head, lambda row, value: [_record(row, value)])


def _record(row: int, work: Fields) -> Record:
    authors, mentions = _people(work)
    languages = work.get("languages")
    source = work.get("source")
    return Record(
        row=row,
        title=_text(work.get("title")),
        year=parse_year(_text(work.get("year_published")) or _text(work.get("date_published"))),
        doi=clean_doi(_external_id(work.get("external_ids"), "doi")),
        source_id=_text(work.get("lens_id")),
        venue=_text(source.get("title")) if isinstance(source, dict) else _text(work.get("source_title")),
        doc_type=_text(work.get("publication_type")),
        language=_text(languages[0]) if isinstance(languages, list) and languages else None,
        abstract=_text(work.get("abstract")),
        citations=parse_count(_text(work.get("scholarly_citations_count"))),
        authors=tuple(authors),
        mentions=tuple(dict.fromkeys(mentions)),
        keywords=tuple(dict.fromkeys(_keywords(work))),
    )


def _text(value: Any) -> str | None:
    return clean(str(value)) if isinstance(value, str | int | float) else None


def _objects(value: Any) -> list[Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _external_id(ids: Any, kind: str) -> str | None:
    return next((_text(entry.get("value")) for entry in _objects(ids) if entry.get("type") == kind), None)


def _people(work: Fields) -> tuple[list[Author], list[Mention]]:
    authors: list[Author] = []
    mentions: list[Mention] = []
    for person in _objects(work.get("authors")):
        given = _text(person.get("first_name")) or _text(person.get("initials"))
        family = _text(person.get("last_name"))
        name = ", ".join(part for part in (family, given) if part)
        name = name or _text(person.get("display_name")) or _text(person.get("collective_name")) or ""
        if name:
            number = _text(person.get("orcid")) or _external_id(person.get("ids"), "orcid")
            authors.append(Author(name, orcid(number)))
        for affiliation in _objects(person.get("affiliations")):
            if text := _text(affiliation.get("name_original")) or _text(affiliation.get("name")):
                given_ids = _registry(affiliation)
                mentions.append(Mention(text, len(authors) if name else None, *given_ids))
    return authors, mentions


def _registry(affiliation: Fields) -> tuple[str | None, str | None]:
    """The ROR id and country that Lens states for an affiliation."""
    ror = affiliation.get("ror_id") or affiliation.get("ror") or _external_id(affiliation.get("ids"), "ror")
    country = affiliation.get("country_code")
    return short_id(ror), country.upper() if isinstance(country, str) and len(country) == 2 else None


def _keywords(work: Fields) -> Iterator[Keyword]:
    for value in work.get("keywords") or []:
        if text := _text(value.get("value") if isinstance(value, dict) else value):
            yield Keyword(text, "author")
    for value in work.get("fields_of_study") or []:
        if text := _text(value):
            yield Keyword(text, "concept")
    for mesh in _objects(work.get("mesh_terms")):
        if text := _text(mesh.get("mesh_heading")):
            yield Keyword(text, "mesh")


FORMATS = (Format("lens_json", "lens", _recognise, _read, "Lens scholarly works as JSON or JSON Lines"),)
