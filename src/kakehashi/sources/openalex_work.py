"""One OpenAlex work as a Record, whichever schema or carrier it came in."""

import re
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

import msgspec

from kakehashi.records import Author, Keyword, Mention, Record, Refusal
from kakehashi.sources.text import Remembered, clean, clean_doi, clean_short

Work = dict[str, Any]

# OpenAlex assigns a concept from a score of 0.3 on, then adds all its ancestors with whatever score they have:
# Paleontology comes with Context (archaeology) at 0.0. https://docs.openalex.org, "Work object: concepts", 2023.
CONCEPT_SCORE = 0.3
# Tabs and line ends that a publisher's deposit spelt out: `Johannesburg, South Africa#TAB#`.
_CONTROL_NAME = re.compile("#(?:TAB|N|R)#")
_affiliation = Remembered(lambda text: clean(_CONTROL_NAME.sub(" ", text)))


def unwrap(value: Any) -> Any:
    """Undo the R export (openalexR through jsonlite), in which every scalar is a list of one and null is `{}`."""
    if isinstance(value, dict):
        return {key: unwrap(inner) for key, inner in value.items()} or None
    if isinstance(value, list):
        if len(value) == 1 and not isinstance(value[0], dict | list):
            return value[0]
        return [unwrap(inner) for inner in value]
    return value


def work_record(row: int, work: Work) -> Iterator[Record | Refusal]:
    """Yield the record of a work, after a note if OpenAlex itself cut its author list."""
    if isinstance(work.get("id"), list):
        work = unwrap(work)
    authors, mentions = _people(work)
    if work.get("is_authors_truncated"):
        reason = f"OpenAlex lists only the first {len(authors)} authors of this work; fetch it singly for the rest"
        yield Refusal(row, "authors_truncated", reason, 0)
    location = work.get("primary_location") or {}
    venue = location.get("source") or work.get("host_venue") or {}
    yield Record(
        row=row,
        title=_long_text(work.get("title") or work.get("display_name")),
        year=_integer(work.get("publication_year")),
        doi=clean_doi(work.get("doi") or (work.get("ids") or {}).get("doi")),
        source_id=short_id(work.get("id")),
        venue=_text(venue.get("display_name") or location.get("raw_source_name")),
        doc_type=_text(work.get("type")),
        language=_text(work.get("language")),
        abstract=_abstract(work),
        citations=_integer(work.get("cited_by_count")),
        authors=tuple(authors),
        mentions=tuple(mentions),
        keywords=tuple(dict.fromkeys(_keywords(work))),
    )


def short_id(url: Any) -> str | None:
    """Return the last part of an OpenAlex, ROR or ORCID address: `W123` of `https://openalex.org/W123`."""
    return url.rstrip("/").rsplit("/", 1)[-1] if isinstance(url, str) and url else None


def _text(value: Any) -> str | None:
    return clean_short(value) if isinstance(value, str) else None


def _long_text(value: Any) -> str | None:
    """As `_text`, for what does not come again."""
    return clean(value) if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _objects(value: Any) -> list[Work]:
    """The objects of a list, whether OpenAlex gave none, null, or (unwrapped) other things."""
    return [item for item in value if item and isinstance(item, dict)] if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str) and item.strip()]


def _people(work: Work) -> tuple[list[Author], list[Mention]]:
    authors: list[Author] = []
    mentions: list[Mention] = []
    for authorship in _objects(work.get("authorships")):
        person = authorship.get("author") or {}
        name = _text(authorship.get("raw_author_name") or person.get("display_name"))
        if name:
            authors.append(Author(name, short_id(person.get("orcid"))))
        position = len(authors) if name else None
        for text, institutions, countries in _affiliations(authorship):
            if cleaned := _affiliation[text]:
                given = _agreed_ror(institutions), _country(institutions, countries)
                mentions.append(Mention(cleaned, position, *given))
    return authors, list(dict.fromkeys(mentions))


def _affiliations(authorship: Work) -> Iterator[tuple[str, list[Work], list[str]]]:
    """Yield each raw affiliation string with the institutions and countries that OpenAlex states for that very string.

    Newer works link them (`affiliations`). Without that link the stated institutions belong to a string only if it is
    the only one; with several strings nothing is asserted of any. Without strings the institutions' names stand in.
    """
    institutions = _objects(authorship.get("institutions"))
    by_id = {institution.get("id"): institution for institution in institutions if institution.get("id")}
    linked = [entry for entry in _objects(authorship.get("affiliations")) if entry.get("raw_affiliation_string")]
    strings = _strings(authorship.get("raw_affiliation_strings")) or _strings(authorship.get("raw_affiliation_string"))
    alone = len(linked or strings) == 1
    countries = _strings(authorship.get("countries")) if alone else []
    if linked:
        for entry in linked:
            stated = [by_id.get(identifier, {}) for identifier in _strings(entry.get("institution_ids"))]
            yield entry["raw_affiliation_string"], stated, countries
    elif strings:
        for text in strings:
            yield text, institutions if alone else [], countries
    else:
        for institution in institutions:
            yield str(institution.get("display_name") or ""), [institution], []


def _agreed_ror(institutions: list[Work]) -> str | None:
    rors = {institution.get("ror") for institution in institutions}
    return short_id(rors.pop()) if len(rors) == 1 else None


def _country(institutions: list[Work], countries: list[str]) -> str | None:
    codes = {institution.get("country_code") for institution in institutions} or set(countries)
    code = codes.pop() if len(codes) == 1 else None
    return code.upper() if isinstance(code, str) and len(code) == 2 else None


def _keywords(work: Work) -> Iterator[Keyword]:
    for mesh in _objects(work.get("mesh")):
        if name := _text(mesh.get("descriptor_name")):
            yield Keyword(name, "mesh")
    for concept in _objects(work.get("concepts")):
        score = _number(concept.get("score"))
        if (score is None or score >= CONCEPT_SCORE) and (name := _text(concept.get("display_name"))):
            yield Keyword(name, "concept")
    # OpenAlex's "keywords" are assigned by its classifier, not by the authors.
    for item in _objects(work.get("topics")) + _objects(work.get("keywords")):
        if name := _text(item.get("display_name") or item.get("keyword")):
            yield Keyword(name, "topic")


def _abstract(work: Work) -> str | None:
    """Put the abstract together from its inverted index: a JSON object, its text, or a Parquet map's pairs."""
    index = work.get("abstract_inverted_index")
    if isinstance(index, str):
        try:
            index = msgspec.json.decode(index)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
    words = _in_order(index) if isinstance(index, dict) else None
    return clean(" ".join(words or _sorted(index))) or _long_text(work.get("abstract"))


def _sorted(index: Any) -> list[str]:
    pairs = index.items() if isinstance(index, dict) else index if isinstance(index, list) else ()
    placed = [
        (position, word)
        for word, positions in pairs
        for position in (positions if isinstance(positions, list) else [positions])
        if isinstance(position, int)
    ]
    return [word for _, word in sorted(placed)]


def _in_order(index: dict[str, Any]) -> list[str] | None:
    """Return the words of an inverted index in which each place from 0 on has one word, as in nearly all; else None."""
    try:
        places = [*chain.from_iterable(index.values())]
        words = chain.from_iterable(map(repeat, index, map(len, index.values())))
        at = dict(zip(places, words, strict=True))
        return [at[place] for place in range(len(places))] if {*map(type, places)} == {int} else None
    except (TypeError, KeyError):
        return None
