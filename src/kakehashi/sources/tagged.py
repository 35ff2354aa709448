"""Records of tagged lines (Web of Science, RIS, MEDLINE, CNKI): cut a file into blocks of tags and values."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from kakehashi.records import Author, Mention, Refusal
from kakehashi.sources.base import Head, Input
from kakehashi.sources.text import clean, numbered_lines

_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?!\d)")


@dataclass(frozen=True)
class Grammar:
    """How a tagged format is laid out.

    line: matches a line that begins a value; group 1 is the tag, group 2 the value. starts: tags that begin a record.
    end: the tag that ends one, if the format has such. blank_ends: whether an empty line ends a record. outside: tags
    that stand between records.
    """

    line: re.Pattern[str]
    starts: frozenset[str]
    end: str | None = None
    blank_ends: bool = False
    outside: frozenset[str] = frozenset()


@dataclass
class Block:
    """One record: tags in file order, each with the physical lines of its value. `ended` as the format ends records."""

    row: int
    pairs: list[tuple[str, list[str]]] = field(default_factory=list)
    ended: bool = False

    def all(self, *tags: str) -> list[str]:
        """The values of these tags in file order, lines joined, cleaned, without the empty ones."""
        values = (clean(" ".join(lines)) for tag, lines in self.pairs if tag in tags)
        return [value for value in values if value]

    def first(self, *tags: str) -> str | None:
        """The first value of the first of these tags that has one."""
        for tag in tags:
            if values := self.all(tag):
                return values[0]
        return None

    def lines(self, *tags: str) -> list[str]:
        """The cleaned physical lines of these tags, for values of which each line is an item."""
        values = (clean(line) for tag, lines in self.pairs if tag in tags for line in lines)
        return [value for value in values if value]


def blocks(source: Input, head: Head, grammar: Grammar) -> Iterator[Block | Refusal]:
    """Yield each record of a tagged file. The last one is not `ended` if the file stops before its end tag.

    Refusals passed on from the lines concern parts of records, so their `records` is 0.
    """
    row = 0
    block: Block | None = None
    for item in numbered_lines(source, head):
        if isinstance(item, Refusal):
            yield replace(item, row=row or None, records=0)
            continue
        line = item[1]
        match = grammar.line.match(line)
        if match is None:
            if block and line.strip():
                block.pairs[-1][1].append(line.strip())
            elif block and grammar.blank_ends:
                block.ended = True  # unless the next line shows that the empty one stood inside the record
            continue
        tag, value = match.group(1), match.group(2) or ""
        if tag == grammar.end:
            if block:
                block.ended = True
                yield block
            block = None
            continue
        if tag in grammar.starts or (block is None and tag not in grammar.outside):
            if block:
                block.ended = grammar.end is None
                yield block
            row += 1
            block = Block(row)
        if block:
            block.ended = False
            block.pairs.append((tag, [value.strip()]))
    if block:
        yield block


def refuse_cut(row: int) -> Refusal:
    """The refusal of the record that a file ends in the middle of."""
    return Refusal(row, "truncated", "the file ends inside this record; export it again")


def note_unended(row: int) -> Refusal:
    """The note on a record that is followed by another without its own end mark."""
    return Refusal(row, "no_end", "the record has no end mark; it was taken to end where the next begins", 0)


def name_key(name: str) -> str:
    """A name without accents, case and punctuation, by which two prints of one name on one record are matched."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def orcid(text: str | None) -> str | None:
    """The ORCID in a text with its hyphens, or None."""
    found = _ORCID.search(text or "")
    return "-".join(found.groups()).upper() if found else None


class AuthorIndex:
    """Finds the position of an author on a record by the name as printed elsewhere on it."""

    def __init__(self, *printings: Iterable[str]) -> None:
        self._positions: dict[str, int] = {}
        for names in printings:
            for position, name in enumerate(names, 1):
                self._positions.setdefault(name_key(name), position)

    def link(self, names: Iterable[str], text: str) -> tuple[list[Mention], list[str]]:
        """Return one mention per named author, or one without author if none is found; and the names not found."""
        found: list[int] = []
        missing: list[str] = []
        for name in names:
            position = self._positions.get(name_key(name))
            if position is None:
                missing.append(name)
            elif position not in found:
                found.append(position)
        return [Mention(text, position) for position in found] or [Mention(text)], missing


def note_unlinked(row: int, missing: list[str]) -> Iterator[Refusal]:
    """A note, if an address names people who are not among the authors of the record."""
    if missing:
        names = "; ".join(dict.fromkeys(missing))
        yield Refusal(row, "author_unlinked", f"an address names {names[:200]}, not among the authors", 0)


def single_author(authors: tuple[Author, ...]) -> int | None:
    """1 if a work has one author, to whom every affiliation must belong; else None."""
    return 1 if len(authors) == 1 else None
