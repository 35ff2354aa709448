"""Scopus CSV of all header generations and any subset of columns."""

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from kakehashi.records import Author, Mention
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, is_placeholder, table_format
from kakehashi.sources.text import split_list, unescape

# A Scopus author id behind a full name: `Rocha, Vera (36144676600)`.
_AUTHOR_ID = re.compile(r"\s*\(\d{6,}\)$")
_INITIALS = re.compile(r"(?:[^\W\d_a-z][a-z]{0,2}\.[\s-]?)+$")
_SUFFIX = re.compile(r",\s*(?=(?:Jr|Sr)\.?(?:,|;|$)|I{2,3}(?:,|;|$))")
# An entry that begins like `Rocha V., ` or `Rocha, V., `.
_OTHER_AUTHOR = re.compile(r"[^\W\d_][\w'’ -]{0,40},? (?:[^\W\d_a-z]\.[\s-]?)+,\s*")
# `Title; [Titre]`: other databases print the first of the two only.
_TRANSLATION = re.compile(r";\s*\[[^\[\]]+\]\s*$")


def _people(cells: Cells) -> People:
    names = _short_names(cells.get("authors", ""))
    full = [_AUTHOR_ID.sub("", name) for name in split_list(cells.get("author full names"))]
    authors = tuple(Author(name) for name in (full if len(full) == len(names) else names))
    affiliations = split_list(cells.get("affiliations"))
    entries = split_list(cells.get("authors with affiliations"))
    if not entries:
        only = 1 if len(authors) == 1 else None
        return People(authors, tuple(Mention(text, only) for text in dict.fromkeys(affiliations)))
    mentions = tuple(_linked(entries, names, affiliations))
    unlinked = sum(mention.author is None for mention in mentions)
    if not unlinked:
        return People(authors, mentions)
    reason = f"{unlinked} affiliations name no author of the record: kept without saying to whom they belong"
    return People(authors, mentions, (("author_affiliation_mismatch", reason),))


def _short_names(text: str) -> list[str]:
    """Split `Rocha V.; Grilli L.` (since 2022) or `Rocha V., Grilli L.` (before)."""
    text = _SUFFIX.sub(" ", unescape(text))
    names = split_list(text, ";" if ";" in text else ",")
    # `Rocha, V.; Grilli, L.` split at commas alone would leave bare initials.
    if any(_INITIALS.match(name) for name in names):
        names = [text]
    return [name for name in names if not is_placeholder(name)]


def _linked(entries: Sequence[str], names: Sequence[str], affiliations: Sequence[str]) -> Iterator[Mention]:
    """Yield the affiliations of each `Author, affiliation, affiliation` entry, in order of the authors."""
    last = 0
    for entry in entries:
        at, rest = _author_of(entry, names[last:])
        if at is None and last and not _OTHER_AUTHOR.match(entry):
            # A `;` within the affiliation of the author before.
            at, rest = 0, entry
        last += at or 0
        yield from (Mention(text, None if at is None else last) for text in _parts(rest, affiliations))


def _author_of(entry: str, names: Sequence[str]) -> tuple[int | None, str]:
    """Return how many names on the entry's author stands, and what follows the name; None and all if nobody's."""
    for at, name in enumerate(names, 1):
        rest = _after(entry, name)
        if rest is not None:
            return at, rest
    return None, _OTHER_AUTHOR.sub("", entry)


def _after(entry: str, name: str) -> str | None:
    """Return what follows the author's name, printed with or without a comma in it; None if it is another's entry."""
    at = 0
    for letter in name:
        if letter in " ,.":
            continue
        while at < len(entry) and entry[at] in " ,.":
            at += 1
        if at >= len(entry) or entry[at] != letter:
            return None
        at += 1
    rest = entry[at:]
    return rest.lstrip(" ,.") if not rest or rest[0] in " ,." else None


def _parts(text: str, affiliations: Sequence[str]) -> list[str]:
    """Cut one author's affiliations, joined by commas, at the borders of the record's list of affiliations."""
    longest_first = sorted(set(affiliations), key=lambda known: (-len(known), known))
    parts: list[str] = []
    rest = text.strip()
    while rest:
        known = next((known for known in longest_first if rest == known or rest.startswith(f"{known}, ")), None)
        if known is None:
            parts.append(rest)
            break
        parts.append(known)
        rest = rest[len(known) :].lstrip(" ,")
    return parts


def _clean_title(text: str) -> str:
    return _TRANSLATION.sub("", text) or text


_COLUMNS = Columns(
    title=("title",),
    people=_people,
    source_id=("eid", "link"),
    venue=("source title",),
    doc_type=("document type",),
    language=("language of original document",),
    citations=("cited by",),
    keywords=MappingProxyType({"author": ("author keywords",), "index": ("index keywords",)}),
    prepare_title=_clean_title,
    mark=("eid", "2-s2.0-"),
)

FORMATS = (
    table_format(
        "scopus_csv",
        "scopus",
        "Scopus CSV (any columns)",
        _COLUMNS,
        ("title", "eid"),
        ("title", "source title", "source"),
        ("title", "authors with affiliations"),
        ("title", "author(s) id"),
        ("title", "source title", "cited by"),
    ),
)
