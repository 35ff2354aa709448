"""Read the small exports of `tests/exports` the way the product does: recognised among all formats, then read."""

from pathlib import Path

from kakehashi.records import Record, Refusal
from kakehashi.sources.base import Item, from_bytes
from kakehashi.sources.registry import FORMATS
from kakehashi.sources.text import make_head

EXPORTS = Path(__file__).parents[1] / "exports"


def formats_claiming(data: bytes) -> list[str]:
    """Names of the formats, helper formats apart, that recognise the data; there should be one."""
    head = make_head(data[:65_536])
    return [format_.name for format_ in FORMATS if format_.recognise(head)]


def items(data: bytes, name: str) -> list[Item]:
    """Everything the reader of this name yields for the data."""
    head = make_head(data[:65_536])
    format_ = next(format_ for format_ in FORMATS if format_.name == name)
    return list(format_.read(from_bytes("test", data), head))


def records(data: bytes, name: str) -> list[Record]:
    return [item for item in items(data, name) if isinstance(item, Record)]


def refusals(data: bytes, name: str) -> list[Refusal]:
    return [item for item in items(data, name) if isinstance(item, Refusal)]


def export(file: str) -> bytes:
    return (EXPORTS / file).read_bytes()


def accounted(data: bytes, name: str) -> int:
    """Records kept plus records refused."""
    found = items(data, name)
    return sum(1 if isinstance(item, Record) else item.records for item in found)


def people(record: Record) -> list[str]:
    return [author.name for author in record.authors]


def links(record: Record) -> list[tuple[str | None, str]]:
    """Each affiliation with the name of its author, or None."""
    return [(people(record)[m.author - 1] if m.author else None, m.text) for m in record.mentions]


def words(record: Record, kind: str) -> list[str]:
    return [keyword.text for keyword in record.keywords if keyword.kind == kind]
