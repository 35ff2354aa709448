"""The check that every record passes, whichever reader it comes from."""

from collections.abc import Iterator

from msgspec.structs import replace

from kakehashi.records import Record, Refusal
from kakehashi.sources.base import Item

# Printing with movable type begins about 1450; what claims an earlier or far later year is a slip of the data.
FIRST_YEAR, LAST_YEAR = 1500, 2100
# Real titles stay under 1,000 characters; the longest author lists (particle physics) have about 6,000 names.
TITLE_LIMIT = 5_000
AUTHOR_LIMIT = 20_000


def is_sound(record: Record) -> bool:
    """Tell whether `checked` would yield this record and nothing else, as of nearly all."""
    return (
        record.title is not None
        and is_sound_title(record.title)
        and is_plausible_year(record.year)
        and len(record.authors) <= AUTHOR_LIMIT
    )


def is_sound_title(title: str) -> bool:
    """Tell whether a title says something, at no more than the length of titles."""
    return 0 < len(title) <= TITLE_LIMIT and any(map(str.isalnum, title))


def is_plausible_year(year: int | None) -> bool:
    """Tell whether a year is unknown, or one in which something may have been printed."""
    return year is None or FIRST_YEAR <= year <= LAST_YEAR


def checked(record: Record) -> Iterator[Item]:
    """Yield the record made plausible, after a note (records 0) for each thing taken from it; or its refusal.

    Without title and DOI a record cannot be matched with any other and is refused as `no_title`.
    """
    if record.title and not any(map(str.isalnum, record.title)):
        record = replace(record, title=None)
    if not record.title and not record.doi:
        yield Refusal(record.row, "no_title", "neither title nor DOI, so nobody can say which work it is", 1)
        return
    if not is_plausible_year(record.year):
        yield Refusal(record.row, "implausible_year", f"year {record.year} is not plausible; read as unknown", 0)
        record = replace(record, year=None)
    if record.title and len(record.title) > TITLE_LIMIT:
        reason = f"title of {len(record.title):,} characters; the first {TITLE_LIMIT:,} were kept"
        yield Refusal(record.row, "long_title", reason, 0)
        record = replace(record, title=record.title[:TITLE_LIMIT].rstrip())
    if len(record.authors) > AUTHOR_LIMIT:
        reason = f"{len(record.authors):,} authors; the first {AUTHOR_LIMIT:,} were kept, and all affiliations"
        yield Refusal(record.row, "many_authors", reason, 0)
        mentions = (replace(m, author=None) if (m.author or 0) > AUTHOR_LIMIT else m for m in record.mentions)
        record = replace(record, authors=record.authors[:AUTHOR_LIMIT], mentions=tuple(mentions))
    yield record
