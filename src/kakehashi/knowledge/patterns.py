"""The twelve patterns of schemes, and a user's own beside them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic.dataclasses import dataclass

from kakehashi.errors import DataError
from kakehashi.knowledge.axes import AXES, values_of
from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.knowledge.sources import STRICT, Citation, documents
from kakehashi.texts import Words


@dataclass(frozen=True, config=STRICT)
class Pattern:
    """A pattern: its number as id, its value on each axis, an example case and the number of published cases."""

    id: Annotated[str, StringConstraints(pattern=r"^[1-9]\d*$")]
    funding: str
    research_site: str
    government: str
    agency: str
    researchers: str
    name: Words
    summary: Words
    source: Citation
    example: str | None = None
    cases: Annotated[int, Field(ge=0)] = 0

    @property
    def number(self) -> int:
        """The number of the pattern."""
        return int(self.id)

    @property
    def on(self) -> dict[str, str]:
        """The value on each axis."""
        return {axis: getattr(self, axis) for axis in AXES}


@shipped_once
def patterns(own: Path | None = None) -> Mapping[int, Pattern]:
    """Return the patterns by number, in order. Raises DataError, also where two have the same values."""
    book = open_book("patterns.toml", ("patterns",), own)
    found = book.items("patterns", Pattern)
    seen: dict[tuple[str, ...], str] = {}
    for pattern in found.values():
        book.check(pattern.id, "source", (pattern.source.document,), documents(own))
        for axis, value in pattern.on.items():
            book.check(pattern.id, axis, (value,), values_of(axis, own))
        twin = seen.setdefault(tuple(pattern.on.values()), pattern.id)
        if twin != pattern.id:
            raise DataError(f"{book.where(pattern.id)}: has the same five values as pattern {twin}; change one of them")
    return {pattern.number: pattern for pattern in sorted(found.values(), key=lambda pattern: pattern.number)}
