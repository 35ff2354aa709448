"""Cut BibTeX into entries and fields, in linear time, without being thrown by one entry that is out of balance."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from kakehashi.records import Refusal
from kakehashi.sources.base import Head, Input
from kakehashi.sources.portions import Portions
from kakehashi.sources.text import Before, numbered_lines

CHUNK_BYTES = 1 << 20
LINE_LIMIT = 64 << 20  # bytes; some tools write a whole library in one line
FAULT_LIMIT = 20  # per entry; each guess may look at the rest of the entry
ENTRY_LIMIT = 8 << 20
"""Characters of one entry. A longer one is refused, its fields unread."""

# An entry begins at the start of a line or right behind the brace that ends another (IEEE: `}@INPROCEEDINGS{`), and
# goes on with a key or a field. What looks like that inside a field is rarer than an entry that is never closed.
ENTRY = re.compile(
    r"(?:\A|(?<=[\n\r}]))[ \t]*+@[ \t]*+([A-Za-z]++)\s*+([{(])"
    r"(?=[^{}\"=,\n]{0,300}[,})\n]|\s*+[^\s{}\"=,]{1,100}\s*+=)"
)
_CUT_START = re.compile(r"(?:\A|[\n\r}])[ \t]*@[ \t]*(?:[A-Za-z]+\s*(?:[{(][^{}\"=,\n]*)?)?\Z")
# Whatever may be long is matched possessively: a damaged file must not make the engine try every way to split a run.
_KEY = re.compile(r"\s*+([^{}\"=,\n]{0,300}+)(?:,|(?=[})])|\Z|(?=\n))")
_NAME = re.compile(r"[\s,]*+([^\s{}\"=,#%()@]{1,100}+)\s*+=\s*+")
# A field as nearly all are: its value in braces, on one line, without further braces, and not joined to another.
_PLAIN_FIELD = re.compile(_NAME.pattern + r"\{([^{}\n]*+)\}(?!\s*+#)")
_WORD = re.compile(r"[^\s,{}\"#()]++")
_JOIN = re.compile(r"\s*+#\s*+")
_BRACE = re.compile(r"[{}]")
# A quote closes a value only where something can follow a value: Zotero writes \"{u} inside quotes.
_QUOTE_END = re.compile(r'"(?=\s*+(?:#|\Z|[})]\s*+(?:\Z|@)|[})][ \t]*+\n|,\s*+(?:[})]|\Z|[\w-]{1,100}+\s*+=)))')
_BRACE_END = re.compile(r"\}(?=[ \t]*+,?+[ \t]*+\n\s*+(?:[})]|[\w-]{1,100}+\s*+=\s*+[{\"\w]))")
_FIELD_INSIDE = re.compile(r"[},\"][ \t]*+\n\s*+[\w-]{1,100}+\s*+=\s*+[{\"]")
_NEXT_FIELD = re.compile(r",\s*+(?=[\w-]{1,100}+\s*+=\s*+[{\"\w])")


@dataclass
class Entry:
    """One entry: type and field names in lower case, values with their LaTeX. faults say what had to be guessed."""

    kind: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    closed: bool = False


def bibtex_entries(source: Input, head: Head) -> Iterator[Entry | Refusal]:
    """Yield each entry but @string, @preamble and @comment; a file cut inside an entry ends with `truncated`.

    Refusals have no row: those with records 1 stand for an entry.
    """
    strings: dict[str, str] = {}
    for text, last in _segments(source, head):
        if isinstance(text, Refusal):
            yield text
            continue
        match = ENTRY.match(text)
        kind = match.group(1).lower() if match else ""
        if match is None or kind in ("comment", "preamble"):
            continue
        entry = parse_entry(text, match, strings)
        if kind == "string":
            strings.update(entry.fields)
        elif last and not entry.closed:
            yield Refusal(None, "truncated", f"the file ends inside the entry {entry.key!r}; export it again")
        else:
            yield entry


def _segments(source: Input, head: Head) -> Iterator[tuple[str | Refusal, bool]]:
    """Yield the text from the start of each entry to the start of the next, and whether the file ends with it."""
    pending = ""
    skipping = False  # inside an entry that was too long
    for chunk in _decoded(source, head):
        if isinstance(chunk, Refusal):
            yield chunk, False
            continue
        pending += chunk
        starts = list(entry_starts(pending))
        if starts and skipping:
            pending, starts = pending[starts[0] :], [start - starts[0] for start in starts]
            skipping = False
        for begin, end in pairwise(starts):
            yield pending[begin:end], False
        pending = pending[starts[-1] :] if starts else pending
        if len(pending) > ENTRY_LIMIT:
            if starts or not skipping:
                reason = f"an entry exceeds {ENTRY_LIMIT >> 20} million characters; is a brace or a line end missing?"
                yield Refusal(None, "too_long", reason), False
            skipping, pending = True, pending[-400:]
    if ENTRY.match(pending):
        yield pending, True
    if _CUT_START.search(pending, max(0, len(pending) - 500)):
        yield Refusal(None, "truncated", "the file ends at the beginning of an entry; export it again"), True


def entry_starts(text: str) -> Iterator[int]:
    """Yield where entries begin: as `ENTRY.finditer`, but only where a sign `@` stands is looked."""
    at, end = text.find("@"), 0
    while at >= 0:
        begin = at
        while begin > end and text[begin - 1] in " \t":
            begin -= 1
        if begin == 0 or text[begin - 1] in "\n\r}":
            match = ENTRY.match(text, begin)
            if match:
                yield begin
                end = match.end()
        at = text.find("@", max(at + 1, end))


def _decoded(source: Input, head: Head) -> Iterator[str | Refusal]:
    """Yield the text in portions of whole lines; the last one ends without its line end."""
    if head.encoding != "utf-8" or "\n" not in head.text:
        yield from _by_lines(source, head, Before())
        return
    with source.open() as stream:
        portions = Portions(stream, CHUNK_BYTES)
        before = Before()
        while taken := portions.take():
            data = portions.in_utf8(taken)
            if data is None:
                yield from _by_lines(portions.rest(source, taken), head, before)
                return
            if before.lines == 0:
                data = data.removeprefix(codecs.BOM_UTF8)
            before = Before(before.lines + data.count(b"\n"), before.ascii and data.isascii())
            yield (data.removesuffix(b"\n") if portions.ended else data).decode()
        if portions.broke:
            yield from _by_lines(portions.rest(source, b""), head, before)


def _by_lines(source: Input, head: Head, before: Before) -> Iterator[str | Refusal]:
    lines: list[str] = []
    size = 0
    for item in numbered_lines(source, head, LINE_LIMIT, before):
        if isinstance(item, Refusal):
            yield item
            continue
        lines.append(item[1])
        size += len(item[1]) + 1
        if size >= CHUNK_BYTES:
            yield "\n".join([*lines, ""])
            lines, size = [], 0
    yield "\n".join(lines)


def parse_entry(text: str, match: re.Match[str], strings: dict[str, str]) -> Entry:
    """Parse the entry that begins with `match`; `strings` are the macros defined so far."""
    key = _KEY.match(text, match.end()) if match.group(1).lower() != "string" else None
    entry = Entry(match.group(1).lower(), key.group(1).strip() if key else "")
    position = key.end() if key else match.end()
    fields = entry.fields
    while True:
        while not entry.faults and (plain := _PLAIN_FIELD.match(text, position)):
            name, value = plain.groups()
            fields.setdefault(name.lower(), value)
            position = plain.end()
        name = _NAME.match(text, position)
        if name is None:
            end = _skip_space(text, position)
            if text[end : end + 1] in ("}", ")"):
                entry.closed = True
                return entry
            following = _NEXT_FIELD.search(text, end)
            if following is None:
                entry.closed = _closes_later(text, end)
                if entry.closed:
                    entry.faults.append("text after the last field was passed over")
                return entry
            entry.faults.append("text between two fields was passed over")
            position = following.end()
            continue
        value, position = _value(text, name.end(), strings, entry)
        if value is None:
            return entry
        entry.fields.setdefault(name.group(1).lower(), value)


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and (text[position].isspace() or text[position] == ","):
        position += 1
    return position


def _closes_later(text: str, position: int) -> bool:
    return "}" in text[position:]


def _value(text: str, position: int, strings: dict[str, str], entry: Entry) -> tuple[str | None, int]:
    """Read a value: parts in braces, quotes or bare, joined by `#`. None if the text ends inside it."""
    parts: list[str] = []
    while True:
        opening = text[position : position + 1]
        if opening == "{":
            end = _matching_brace(text, position, entry)
        elif opening == '"':
            found = _QUOTE_END.search(text, position + 1)
            end = found.start() if found else -1
        else:
            word = _WORD.match(text, position)
            parts.append(strings.get(word.group().lower(), word.group()) if word else "")
            position = word.end() if word else position
            end = position - 1
            opening = ""
        if end < 0 or (not opening and position >= len(text)):
            return None, len(text)
        if opening:
            parts.append(text[position + 1 : end])
            position = end + 1
        joint = _JOIN.match(text, position)
        if joint is None:
            return "".join(parts), position
        position = joint.end()


def _matching_brace(text: str, position: int, entry: Entry) -> int:
    """Return where the brace at `position` closes; where it never does, where the value plausibly ends; else -1."""
    if len(entry.faults) > FAULT_LIMIT:
        return -1
    end = _balanced_end(text, position)
    if end >= 0 and ("\n" not in text[position:end] or not _FIELD_INSIDE.search(text, position, end)):
        return end
    guess = _BRACE_END.search(text, position)
    if guess is None or guess.start() == end:
        return end
    entry.faults.append("a brace is never closed; the value was taken to end with its line")
    return guess.start()


def _balanced_end(text: str, position: int) -> int:
    closing = text.find("}", position)
    if text.find("{", position + 1, closing) < 0:
        return closing
    depth = 0
    for brace in _BRACE.finditer(text, position):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.start()
    return -1
