"""What to look into before starting, and when it is called for."""

from collections.abc import Mapping
from pathlib import Path

from pydantic.dataclasses import dataclass

from kakehashi.knowledge.book import open_book, shipped_once
from kakehashi.knowledge.conditions import Condition
from kakehashi.knowledge.regions import check_condition
from kakehashi.knowledge.sources import STRICT, Citation, documents
from kakehashi.texts import Words


@dataclass(frozen=True, config=STRICT)
class Prompt:
    """A question to be answered before starting, why it arises, and the alternatives any of which calls for it."""

    id: str
    name: Words
    question: Words
    why: Words
    when: tuple[Condition, ...]
    source: Citation


@shipped_once
def prompts(own: Path | None = None) -> Mapping[str, Prompt]:
    """Return the prompts by id. Raises DataError."""
    book = open_book("diligence.toml", ("prompts",), own)
    found = book.items("prompts", Prompt)
    for prompt in found.values():
        book.check(prompt.id, "source", (prompt.source.document,), documents(own))
        for condition in prompt.when:
            check_condition(book, prompt.id, condition, own)
    return found
