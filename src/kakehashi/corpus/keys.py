"""By what two records are known to describe one work: the DOI, else the normalised title with the year."""

import hashlib
import re
import unicodedata

from kakehashi.records import Record

SHORT_TITLE = 25
"""Titles of fewer letters ("Editorial") are shared by different works: first author and venue join the key."""

_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_NOT_LETTERS = re.compile(r"[\W_]+")


def plain_title(title: str) -> str:
    """Fold case, accents, width and punctuation, so that one title has one spelling."""
    if title.isascii():
        return title.lower().encode().translate(None, _ASCII_MARKS).decode()
    folded = unicodedata.normalize("NFKD", title).casefold()
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_LETTERS.sub("", letters)


def title_key(record: Record) -> str | None:
    """Return the key of a record's title and year, or None where the title holds no letter."""
    author = record.authors[0].name if record.authors else None
    return key_of(record.title, record.year, author, record.venue)


def key_of(title: str | None, year: int | None, author: str | None, venue: str | None) -> str | None:
    """Return the key of a title and year, or None where the title holds no letter.

    Where the title is short, or the year unknown, the first author's family name and the venue are part of the key:
    too many works are called "Preface".
    """
    plain = plain_title(title or "")
    if not plain:
        return None
    parts = [plain, str(year)]
    if len(plain) < SHORT_TITLE or year is None:
        parts += [_family_name(author or ""), plain_title(venue or "")]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]


def _family_name(author: str) -> str:
    """Return the longest word of a name before a comma: robust to "J. Doe" and "Doe, J."."""
    words = author.split(",")[0].split()
    return plain_title(max(words, key=len)) if words else ""
