"""Shorthand for the tests of readers: what becomes of a file."""

from pathlib import Path

from kakehashi.records import Record, Refusal
from kakehashi.sources.registry import read_file

EXPORTS = Path(__file__).parents[1] / "exports"


def read(path, columns=None, forced=None):
    """Return (format names, records, refusals) of a file."""
    items = list(read_file(path, path.name, columns or {}, forced))
    names = sorted({fmt.name for fmt, _ in items if fmt})
    return (
        names,
        [item for _, item in items if isinstance(item, Record)],
        [item for _, item in items if isinstance(item, Refusal)],
    )


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lost(refusals):
    return sum(refusal.records for refusal in refusals)


def codes(refusals):
    return [refusal.code for refusal in refusals]


def linked(record):
    """Return (author's name or None, affiliation) pairs."""
    return [(m.author and record.authors[m.author - 1].name, m.text) for m in record.mentions]


def words(record, kind):
    return [keyword.text for keyword in record.keywords if keyword.kind == kind]
