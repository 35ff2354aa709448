"""The documents that knowledge rests on, and the framework of nine cells in which it is kept in order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, StringConstraints
from pydantic.dataclasses import dataclass

from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.texts import Words

STRICT = ConfigDict(extra="forbid", str_min_length=1)
Stage = Literal["entry", "process", "exit"]
Resource = Literal["people", "things", "money"]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


@dataclass(frozen=True, config=STRICT)
class Cited:
    """A place in a document: the document's id in sources.toml and a figure (`5-2`) or section (`section 5.1.1`)."""

    document: str
    figure: str


def _cited(value: object) -> object:
    if isinstance(value, str) and " " in value:
        document, figure = value.split(" ", 1)
        return {"document": document, "figure": figure}
    return value


Citation = Annotated[Cited, BeforeValidator(_cited)]
"""A `Cited` that files write as one text, such as `"mic2023 5-2"`."""


@dataclass(frozen=True, config=STRICT)
class Document:
    """A published document: its title and publisher in both languages, and the day, month or year it is of.

    `seen_from`: the country for which its advice was drawn up, None where it has no such view.
    """

    id: str
    title: Words
    publisher: Words
    date: Day
    seen_from: Country | None = None
    note: Words | None = None


@dataclass(frozen=True, config=STRICT)
class Cell:
    """A cell of the framework: a stage of a collaboration and a resource. Its id is `stage.resource`."""

    id: str
    stage: Stage
    resource: Resource
    name: Words
    meaning: Words
    source: Citation


@shipped_once
def documents(own: Path | None = None) -> Mapping[str, Document]:
    """Return the documents by id. Raises DataError."""
    return open_book("sources.toml", ("documents",), own).items("documents", Document)


@shipped_once
def cells(own: Path | None = None) -> Mapping[str, Cell]:
    """Return the nine cells by id, stage by stage. Raises DataError."""
    book = open_book("framework.toml", ("cells",), own)
    found = book.items("cells", Cell)
    for cell in found.values():
        book.check(cell.id, "id", (cell.id,), (f"{cell.stage}.{cell.resource}",))
        book.check(cell.id, "source", (cell.source.document,), documents(own))
    return found
