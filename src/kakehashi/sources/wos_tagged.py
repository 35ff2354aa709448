"""Web of Science tagged plain text, from ISI Export Format to Clarivate."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from kakehashi.records import Author, Keyword, Mention, Record, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.tagged import (
    AuthorIndex,
    Block,
    Grammar,
    blocks,
    note_unended,
    note_unlinked,
    orcid,
    refuse_cut,
)
from kakehashi.sources.text import clean_doi, parse_count, parse_year, split_list

_GRAMMAR = Grammar(
    line=re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*)\Z"),
    starts=frozenset({"PT"}),
    end="ER",
    outside=frozenset({"FN", "VR", "EF", "DR"}),
)
_FIRST_LINE = re.compile(r"FN\s.*(?:ISI Export Format|Thomson|Web of (?:Science|Knowledge)|Clarivate)", re.IGNORECASE)
_WITHOUT_FN = re.compile(r"\s*(?:VR [\d.]+\s+)?PT [A-Z]\n(?:AU|CA|ED|BA|TI) .*\n")
_BRACKETED = re.compile(r"\[([^\]]*)\]\s*(.*)")
# The marker is localised: (reprint author), (corresponding author), (通讯作者) with a full-width comma.
_REPRINT = re.compile(r"(.*?)\s*\([^()]*\)\s*[,，、]\s*(.+)")


def _recognise(head: Head) -> bool:
    first = next((line for line in head.lines if line.strip()), "")
    return bool(_FIRST_LINE.match(first) or _WITHOUT_FN.match("\n".join(head.lines[:12])))


def _read(source: Input, head: Head) -> Iterator[Item]:
    last: Block | None = None
    for item in blocks(source, head, _GRAMMAR):
        if last is not None:
            yield note_unended(last.row)
            yield from _record(last)
            last = None
        if isinstance(item, Refusal):
            yield item
        elif item.ended:
            yield from _record(item)
        else:
            last = item
    if last is not None:
        yield refuse_cut(last.row)


def _record(block: Block) -> Iterator[Item]:
    short, full = block.lines("AU"), block.lines("AF")
    names = full if len(full) >= len(short) else short
    mentions, missing = _mentions(block, AuthorIndex(full, short))
    yield from note_unlinked(block.row, missing)
    if len(names) == 1:
        mentions = [replace(mention, author=1) for mention in mentions]
    orcids = _orcids(block)
    keywords = [Keyword(text, "author") for text in split_list(block.first("DE"))]
    keywords += [Keyword(text, "index") for text in split_list(block.first("ID"))]
    yield Record(
        row=block.row,
        title=block.first("TI"),
        year=parse_year(block.first("PY")) or parse_year(block.first("EA")),
        doi=clean_doi(block.first("DI")),
        source_id=block.first("UT"),
        venue=block.first("SO"),
        doc_type=block.first("DT"),
        language=block.first("LA"),
        abstract=block.first("AB"),
        citations=parse_count(block.first("TC")),
        authors=tuple(Author(name, orcids.get(name)) for name in names),
        mentions=tuple(dict.fromkeys(mentions)),
        keywords=tuple(dict.fromkeys(keywords)),
    )


def _mentions(block: Block, index: AuthorIndex) -> tuple[list[Mention], list[str]]:
    """C1 says where each author worked; RP, the address for letters, only stands in where C1 is missing."""
    mentions: list[Mention] = []
    missing: list[str] = []
    for address in _addresses(block.lines("C1")):
        bracketed = _BRACKETED.match(address)
        names, text = bracketed.groups() if bracketed else ("", address)
        linked, unknown = index.link(split_list(names), text.removesuffix("."))
        mentions += linked
        missing += unknown
    if mentions:
        return mentions, missing
    for address in _addresses([part for line in block.lines("RP") for part in re.split(r"(?<=\.)\s*;\s*", line)]):
        reprint = _REPRINT.match(address)
        names, text = reprint.groups() if reprint else ("", address)
        mentions += index.link(split_list(names), text.removesuffix("."))[0]
    return mentions, []


def _addresses(lines: list[str]) -> Iterator[str]:
    """Each address ends with a full stop; a line that follows one without it continues it."""
    pending: list[str] = []
    for line in lines:
        if pending and line.startswith("["):
            yield " ".join(pending)
            pending.clear()
        pending.append(line)
        if line.endswith("."):
            yield " ".join(pending)
            pending.clear()
    if pending:
        yield " ".join(pending)


def _orcids(block: Block) -> dict[str, str]:
    """ORCIDs by the name printed before them: `Yam, Vivian/0000-0001-8349-4429; ...`."""
    pairs = (entry.rpartition("/") for entry in split_list(block.first("OI")))
    return {name: number for name, _, text in pairs if (number := orcid(text))}


FORMATS = (Format("wos_tagged", "wos", _recognise, _read, "Web of Science tagged text (FN/VR ... PT ... ER)"),)
