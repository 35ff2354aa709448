"""PubMed's MEDLINE text, in which each affiliation follows its author."""

import re
from collections.abc import Iterator

from kakehashi.records import Author, Keyword, Mention, Record, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.tagged import Block, Grammar, blocks, orcid, refuse_cut
from kakehashi.sources.text import clean, clean_doi, parse_year

_GRAMMAR = Grammar(re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)\Z"), starts=frozenset({"PMID"}), blank_ends=True)
_FIRST_LINE = re.compile(r"PMID- ?\d+")


def _recognise(head: Head) -> bool:
    return _FIRST_LINE.match(next((line for line in head.lines if line.strip()), "")) is not None


def _read(source: Input, head: Head) -> Iterator[Item]:
    for item in blocks(source, head, _GRAMMAR):
        if isinstance(item, Refusal):
            yield item
        elif not item.ended and not item.first("SO"):
            yield refuse_cut(item.row)  # SO is the last line of every record
        else:
            yield _record(item)


def _record(block: Block) -> Record:
    authors, mentions = _people(block)
    keywords = [Keyword(text, "mesh") for text in map(_descriptor, block.all("MH")) if text]
    keywords += [Keyword(text, "author") for text in (term.strip(" *") for term in block.all("OT")) if text]
    return Record(
        row=block.row,
        title=block.first("TI", "BTI", "TT"),
        year=parse_year(block.first("DP")) or parse_year(block.first("DEP")),
        doi=next((clean_doi(text) for text in block.all("LID", "AID") if text.endswith("[doi]")), None),
        source_id=block.first("PMID"),
        venue=block.first("JT", "TA"),
        doc_type=block.first("PT"),
        language=block.first("LA"),
        abstract=block.first("AB"),
        authors=tuple(authors),
        mentions=tuple(dict.fromkeys(mentions)),
        keywords=tuple(dict.fromkeys(keywords)),
    )


def _descriptor(heading: str) -> str:
    """`Liver Cirrhosis/*complications` without its qualifiers and the star of a major topic."""
    return heading.split("/")[0].strip(" *")


def _people(block: Block) -> tuple[list[Author], list[Mention]]:
    """Authors in order, full names where given, and the addresses that follow each.

    IR and IRAD, the members of a group, are not authors. A group (CN) is one.
    """
    name_tag = "FAU" if block.first("FAU") else "AU"
    authors: list[Author] = []
    mentions: list[Mention] = []
    for tag, lines in block.pairs:
        value = clean(" ".join(lines))
        if not value:
            continue
        if tag in (name_tag, "CN"):
            authors.append(Author(value))
        elif tag == "AD":
            mentions.append(Mention(value, len(authors) or None))
        elif tag == "AUID" and authors and (number := orcid(value)):
            authors[-1] = Author(authors[-1].name, number)
    return authors, mentions


FORMATS = (Format("medline", "medline", _recognise, _read, "PubMed / MEDLINE tagged text (.nbib, .txt)"),)
