"""Cut a JSON or JSON Lines stream into its record objects without holding the whole file in memory."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from kakehashi.records import Refusal
from kakehashi.sources.base import Head, Input, Item

CHUNK_BYTES = 1 << 20
LIMIT_BYTES = 64 << 20
"""One record larger than this is no bibliographic record; reading stops there with a refusal."""

# From one brace to the next in a single match: plain bytes and whole strings are skipped inside the regex engine.
# Possessive, so that a string cut off by the end of the buffer fails at once instead of backtracking.
_TO_BRACE = re.compile(rb'(?:[^{}"]++|"(?:[^"\\]++|\\.)*+")*+([{}])', re.DOTALL)
_WRAPPER = re.compile(rb'"(?:results|articles|data)"\s*:\s*\[\s*\Z')
_WRAPPER_BYTES = 64
_PAGES = ("results", "articles", "data")
_OPEN = ord("{")


Fields = dict[str, Any]
Convert = Callable[[int, Fields], Iterable[Item]]


def read_objects(source: Input, head: Head, convert: Convert) -> Iterator[Item]:
    """Yield what `convert` makes of each record object; one of another shape is refused as `malformed`."""
    for item in json_objects(source, head):
        if isinstance(item, Refusal):
            yield item
        else:
            yield from convert_object(*item, convert)


def convert_object(row: int, value: Fields, convert: Convert) -> list[Item]:
    """Convert one object. A value of another shape than documented costs that record, not the file."""
    try:
        return list(convert(row, value))
    except (TypeError, AttributeError, LookupError, ValueError) as error:
        return [Refusal(row, "malformed", f"a value is not of the documented shape ({type(error).__name__}: {error})")]


def json_objects(source: Input, head: Head) -> Iterator[tuple[int, Fields] | Refusal]:
    """Yield `(row, object)` for each record of a JSON array, JSON Lines, or `{"results": [...]}` page(s).

    Rows count every element, the refused ones too. An element that is no valid JSON object is refused as `malformed`;
    a file that ends inside an element or an array gives one refusal `truncated`. Memory stays near `LIMIT_BYTES`.
    """
    row = 0
    for element in _Cutter(source, head).elements():
        if isinstance(element, Refusal):
            row += element.records
            yield Refusal(row or None, element.code, element.reason, element.records)
            continue
        if isinstance(element, dict):
            row += 1
            yield row, element
            continue
        value, damaged = _parse(element)
        if isinstance(value, dict) and _is_empty_page(value):
            continue
        row += 1
        if not isinstance(value, dict):
            yield Refusal(row, "malformed", f"element {row} is not a JSON object: {_excerpt(element)}")
            continue
        if damaged:
            yield Refusal(row, "encoding", "bytes that are not UTF-8 were read as \ufffd", 0)
        yield row, value


def _parse(element: bytes) -> tuple[Any, bool]:
    """Return the parsed element (None if it is not JSON), and whether damaged UTF-8 had to be replaced."""
    try:
        return msgspec.json.decode(element), False
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    repaired = element.decode("utf-8", "replace").encode()
    if repaired == element:
        return None, False
    try:
        return msgspec.json.decode(repaired), True
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, False


def _is_empty_page(value: Fields) -> bool:
    # A page with records is opened by the cutter; only one without any arrives here whole.
    return any(value.get(key) == [] for key in _PAGES) and "id" not in value


def _excerpt(element: bytes) -> str:
    return " ".join(element[:80].decode("utf-8", "replace").split())


class _Cutter:
    """Finds the record objects in a stream of JSON bytes.

    `depth` counts open braces; records stand at depth `base`: 0, or 1 inside a page object. `data[start:]` is the
    record being read, `position` how far it was scanned.
    """

    def __init__(self, source: Input, head: Head) -> None:
        self.source, self.head = source, head
        self.data = b""
        self.start = self.position = self.depth = self.base = 0
        self.open_arrays = 0
        self.after_page = False  # between the end of a page's records and the end of the page object
        self.broken_off: str | None = None

    def elements(self) -> Iterator[bytes | Fields | Refusal]:
        """Yield the bytes of each record, or the record where it was a line of its own; refusals carry no row yet."""
        with self.source.open() as stream:
            chunks = self._chunks(stream)
            while True:
                while (line := self._line()) is not None:
                    yield line
                match = _TO_BRACE.match(self.data, self.position)
                if match is not None:
                    yield from self._at_brace(match.end() - 1)
                elif self._pending() > LIMIT_BYTES:
                    reason = f"a record exceeds {LIMIT_BYTES >> 20} MiB; the rest of the file was not read"
                    yield Refusal(None, "too_long", reason)
                    return
                elif not self._grow(chunks):
                    yield from self._at_end()
                    return

    def _chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        """Yield the stream as UTF-8 without a byte-order mark."""
        name = self.head.encoding or "utf-8"
        decoder = None if name == "utf-8" else codecs.getincrementaldecoder(name)("replace")
        read = getattr(stream, "read1", stream.read)
        first = True
        try:
            while chunk := read(CHUNK_BYTES):
                text = chunk if decoder is None else decoder.decode(chunk).removeprefix("\ufeff").encode()
                yield text.removeprefix(codecs.BOM_UTF8) if first else text
                first = False
        except OSError as error:
            self.broken_off = str(error)

    def _line(self) -> Fields | None:
        """Return the next line if it is a whole record, as in JSON Lines: what lies inside need not be looked at."""
        if self.depth or self.base or self.after_page or self.open_arrays:
            return None
        begin = self.position
        while self.data[begin : begin + 1] in (b"\n", b"\r", b" ", b"\t"):
            begin += 1
        end = self.data.find(b"\n", begin)
        if end < 0 or self.data[begin] != _OPEN:
            return None
        try:
            value = msgspec.json.decode(memoryview(self.data)[begin:end])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        if not isinstance(value, dict) or any(isinstance(value.get(key), list) for key in _PAGES):
            return None
        self.position = self.start = end + 1
        return value

    def _pending(self) -> int:
        return len(self.data) - (self.start if self.depth > self.base else self.position)

    def _grow(self, chunks: Iterator[bytes]) -> bool:
        """Drop what is done and read at least as much as is left, so that rescanning a long record stays linear."""
        keep = self.start if self.depth > self.base else self.position
        parts = [self.data[keep:]]
        wanted, got = max(len(parts[0]), 1), 0
        while got < wanted and (chunk := next(chunks, b"")):
            parts.append(chunk)
            got += len(chunk)
        self.data = b"".join(parts)
        self.position, self.start = self.position - keep, 0
        return got > 0

    def _at_brace(self, brace: int) -> Iterator[bytes | Refusal]:
        before = self.position
        self.position = brace + 1
        if self.data[brace] == _OPEN:
            yield from self._at_opening(before, brace)
            self.depth += 1
            return
        if self.depth == 0:
            yield Refusal(None, "malformed", "a closing brace without an opening one was passed over", 0)
            return
        self.depth -= 1
        if self.depth < self.base or (self.after_page and self.depth == 0):
            self.base, self.after_page = 0, False  # the page object ends; another may follow
        elif self.depth == self.base and not self.after_page:
            yield self.data[self.start : self.position]

    def _at_opening(self, before: int, brace: int) -> Iterator[Refusal]:
        if self.depth > 1 or self.after_page:
            return
        between = self.data[before:brace]
        if self.depth == 1 and self.base == 0:
            if _WRAPPER.search(between[-_WRAPPER_BYTES:]):
                self.base, self.start = 1, brace
        elif self.depth == self.base:
            if self.base == 1 and between.lstrip().startswith(b"]"):
                self.base, self.after_page = 0, True
                return
            yield from self._stray(between)
            self.start = brace

    def _stray(self, between: bytes) -> Iterator[Refusal]:
        """Count the brackets between two records, and refuse what else stands there."""
        self.open_arrays += between.count(b"[") - between.count(b"]")
        for piece in between.replace(b"[", b",").replace(b"]", b",").split(b","):
            if piece.strip():
                yield Refusal(None, "malformed", f"not a JSON object: {_excerpt(piece)}")

    def _at_end(self) -> Iterator[bytes | Refusal]:
        why = f" ({self.broken_off})" if self.broken_off else ""
        if self.depth > self.base and self.base == self.open_arrays == 0 and b"\n{" in self.data[self.start :]:
            # JSON Lines in which one line was cut: the lines after it are sound.
            for line in self.data[self.start :].splitlines():
                if line.strip():
                    yield line
        elif self.depth > self.base:
            yield Refusal(None, "truncated", f"the file ends inside a record{why}; fetch the file again")
        else:
            if self.depth == 0:
                yield from self._stray(self.data[self.position :])
            if self.base or self.after_page or self.open_arrays > 0 or self.broken_off:
                yield Refusal(None, "truncated", f"the file ends before its list does{why}; fetch the file again", 0)
