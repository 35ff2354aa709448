"""The affiliations of Web of Science BibTeX, which run names and addresses together."""

import re
from collections.abc import Iterator, Sequence

from kakehashi.records import Author, Mention
from kakehashi.sources.latex import plain_text
from kakehashi.sources.tagged import AuthorIndex, name_key
from kakehashi.sources.text import clean

_REPRINT = re.compile(r"\A(?P<names>[^()]*?)\s*\([^()]*\)\s*[,，、]\s*(?P<address>.+)\Z")


def wos_mentions(value: str, authors: Sequence[Author]) -> list[Mention]:
    r"""Read `Ghane, P (Corresponding Author), Purdue Sch ... USA.\n Ghane, P.; Tovar, A., Purdue Sch ... USA.`.

    Each address ends with a full stop at the end of a line. The address for letters stands first and only counts
    where there is no other. Names are taken off only if they are authors of the record: a part that is none belongs
    to the address.
    """
    index = AuthorIndex([author.name for author in authors])
    known = {name_key(author.name) for author in authors}
    letters: list[Mention] = []
    mentions: list[Mention] = []
    for text in _addresses(value):
        reprint = _REPRINT.match(text)
        if reprint:
            names = [name.strip() for name in reprint["names"].split(";")]
            letters += index.link(names, reprint["address"].removesuffix("."))[0]
            continue
        names, address = _split_names(text.removesuffix("."), known)
        mentions += index.link(names, address)[0]
    return mentions or letters


def _addresses(value: str) -> Iterator[str]:
    for part in re.split(r"\.[ \t]*\n", plain_text(value)):
        if text := clean(part):
            yield text


def _split_names(text: str, known: set[str]) -> tuple[list[str], str]:
    """Take `Last, First; Last, First, ` off the front of an address."""
    names: list[str] = []
    while True:
        parts = re.split(r"([,;]\s+)", text, maxsplit=2)
        if len(parts) < 5 or name_key(parts[0] + parts[2]) not in known:
            return names, text
        names.append(parts[0] + parts[1] + parts[2])
        text = parts[4]
