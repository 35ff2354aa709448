"""Text ground that all readers share: lines of bounded length with their numbers, and cleaners of single values."""

import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO, Generic, TypeVar
from urllib.parse import unquote

from kakehashi.records import Refusal
from kakehashi.sources.base import Head, Input
from kakehashi.sources.encoding import FALLBACK, detect, make_head

__all__ = [
    "Before",
    "clean",
    "clean_doi",
    "clean_short",
    "make_head",
    "numbered_lines",
    "parse_count",
    "parse_year",
    "split_list",
    "unescape",
]

LINE_LIMIT = 8 * 1024 * 1024
_CHUNK = 65_536

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|inf|br|p|span|scp|tt|italic|bold|jats:[a-z-]+|mml:[a-z-]+)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
# Text taken out of a PDF has its accents before the letter: `´Ecole`, `F ´ed´erale`, `Universit¨at`.
_SPACING_ACCENT = re.compile("(?:(?<=[^\\W\\d_]) (?=[´¨][a-z]))?([´¨])([A-Za-z])")
_COMBINING = {"´": "\u0301", "¨": "\u0308"}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DOI = re.compile(r"(?:^|[/:\s=])(10\.\d{4,9}(?:\.\d+)*/\S+)")
_PLAIN_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?:\d{4})?(?!\d)")

Value = TypeVar("Value")


class Remembered(dict[str, Value], Generic[Value]):
    """What a function makes of texts that are met again and again: `remembered[text]`. Faster than `lru_cache`."""

    def __init__(self, make: Callable[[str], Value], limit: int = 1 << 16) -> None:
        super().__init__()
        self._make = make
        self._limit = limit

    def __missing__(self, text: str) -> Value:
        """Make the value; forget all others when there are too many."""
        value = self._make(text)
        if len(self) >= self._limit:
            self.clear()
        self[text] = value
        return value


@dataclass(frozen=True)
class Before:
    """What was read of a file before the rest of it: how many lines, and whether they were plain ASCII."""

    lines: int = 0
    ascii: bool = True


def numbered_lines(
    source: Input, head: Head, limit: int = LINE_LIMIT, before: Before | None = None
) -> Iterator[tuple[int, str] | Refusal]:
    r"""Yield each physical line with its number from 1, decoded, without its line end; memory stays bounded.

    Lines end with \n or \r\n, or with a lone \r in a file whose beginning has no \n. Refusals yielded between lines:

    - `encoding`, records 0: which encoding other than UTF-8 the file was read in; or that bytes which that encoding
      does not know were read as U+FFFD, at which line first and in how many lines;
    - `line_too_long`, records 1: a line of more than `limit` bytes, skipped without being held in memory;
    - `truncated`, records 0: the stream broke off. The line that was cut is not yielded. The reader itself refuses
      the record it was in the middle of.

    `before` tells of the lines that were read already, of which `source` has no more.
    """
    before = before or Before()
    decoder = _LineDecoder(head, may_turn=before.ascii)
    if head.encoding not in ("utf-8", None):
        yield Refusal(None, "encoding", f"read as {head.encoding}, because it is not UTF-8; save as UTF-8 if wrong", 0)
    number = before.lines
    try:
        with source.open() as stream:
            for raw in _byte_lines(_chunks(stream, head, begins=number == 0), limit, _newline(head)):
                number += 1
                if raw is None:
                    reason = f"line {number} is longer than {limit:,} bytes and was skipped; check the file for damage"
                    yield Refusal(None, "line_too_long", reason, 1)
                    continue
                line = decoder.decode(raw, number)
                if decoder.note:
                    yield Refusal(None, "encoding", decoder.note, 0)
                    decoder.note = None
                yield number, line
    except OSError as error:
        reason = f"the file breaks off after line {number} ({error}); what came before was kept. Fetch the file again"
        yield Refusal(None, "truncated", reason, 0)
    if decoder.damaged_lines > 1:
        reason = f"{decoder.damaged_lines} lines in all hold bytes that are not {decoder.encoding}"
        yield Refusal(None, "encoding", reason, 0)


class _LineDecoder:
    """Decodes lines; turns once to a legacy encoding when a file that began as plain ASCII proves not to be UTF-8."""

    def __init__(self, head: Head, *, may_turn: bool) -> None:
        self.encoding = "utf-8" if (head.encoding or "utf-8").startswith("utf-") else str(head.encoding)
        self.note: str | None = None
        self.damaged_lines = 0
        self._may_turn = may_turn and self.encoding == "utf-8"
        self._mixed = False

    def decode(self, raw: bytes, number: int) -> str:
        """Decode one line; sets `note` the first time something is wrong."""
        if raw.isascii():
            return raw.decode("ascii")
        if self.encoding == FALLBACK and (line := self._in_utf8(raw, number)) is not None:
            return line
        try:
            line = raw.decode(self.encoding)
        except UnicodeDecodeError:
            return self._decode_damaged(raw, number)
        self._may_turn = False
        return line

    def _in_utf8(self, raw: bytes, number: int) -> str | None:
        """Read a line of a Latin file that is UTF-8 all the same: files put together from two sources have such lines.

        Accented Latin text is valid UTF-8 only by a chance such as `Ã©`, which nobody writes.
        """
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
        if not self._mixed:
            self._mixed = True
            self.note = f"line {number} is UTF-8, others are not; each line was read as what it is. Save as UTF-8"
        return line

    def _decode_damaged(self, raw: bytes, number: int) -> str:
        if self._may_turn:
            self._may_turn = False
            self.encoding = detect(raw)
            self.note = (
                f"read as {self.encoding} from line {number} on, because it is not UTF-8; save as UTF-8 if wrong"
            )
            return raw.decode(self.encoding, "replace")
        self.damaged_lines += 1
        if self.damaged_lines == 1:
            self.note = (
                f"line {number} holds bytes that are not {self.encoding}; they were read as \ufffd. Save as UTF-8"
            )
        return raw.decode(self.encoding, "replace")


def _newline(head: Head) -> bytes:
    return b"\r" if "\r" in head.text and "\n" not in head.text else b"\n"


def _chunks(stream: BinaryIO, head: Head, *, begins: bool) -> Iterator[bytes]:
    """Yield the stream's bytes without byte-order mark; UTF-16 is turned into UTF-8 so that lines split by bytes."""
    # read1 returns what is there: what was decompressed before a break is not lost with the break.
    read = getattr(stream, "read1", stream.read)
    encoding = head.encoding or ""
    utf16 = codecs.getincrementaldecoder(encoding)("replace") if encoding.startswith("utf-16") else None
    first = begins
    while data := read(_CHUNK):
        if utf16 is not None:
            data = utf16.decode(data).encode("utf-8", "replace")
        yield data.removeprefix(codecs.BOM_UTF8) if first else data
        first = False


def _byte_lines(chunks: Iterable[bytes], limit: int, newline: bytes) -> Iterator[bytes | None]:
    """Cut chunks into lines; None stands for a line longer than `limit`."""
    pending: list[bytes] = []
    size = 0
    for chunk in chunks:
        *ended, rest = chunk.split(newline)
        for part in ended:
            yield None if size + len(part) > limit else b"".join((*pending, part)).rstrip(b"\r")
            pending.clear()
            size = 0
        size += len(rest)
        if size > limit:
            pending.clear()
        elif rest:
            pending.append(rest)
    if size > limit:
        yield None
    elif size:
        yield b"".join(pending).rstrip(b"\r")


def unescape(text: str) -> str:
    """Resolve HTML entities that end with `;`, also doubly escaped (`&amp;#x00E9;`) or torn ones (`& amp;`).

    `R&D` stays as it is.
    """
    if "&" not in text:
        return text
    text = text.replace("& amp;", "&")
    for _ in range(2):
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return text


def clean(text: str | None) -> str | None:
    """Return a value as people would write it, or None if nothing is left.

    Entities, inline mark-up and accents that stand before their letter are resolved, invisible and control characters
    removed, runs of space become one space, NFC. Accents, case and punctuation stay: cleaning for matching is the
    business of later stages.
    """
    if not text:
        return None
    if text.isascii() and text.isprintable() and not ("&" in text or "<" in text or "  " in text):
        return text.strip() or None  # most are clean
    if "&" in text or "<" in text:
        text = _INLINE_TAG.sub("", unescape(text))
    if not text.isascii():
        if "´" in text or "¨" in text:
            text = _SPACING_ACCENT.sub(_compose, text)
        text = unicodedata.normalize("NFC", text)
        if not text.isprintable():
            text = _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text))
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return " ".join(text.split()) or None


_cleaned: Remembered[str | None] = Remembered(clean)


def clean_short(text: str) -> str | None:
    """Return `clean(text)`, remembered: venues, names, keywords and affiliations are met again and again."""
    return _cleaned[text]


def _compose(match: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFC", match.group(2) + _COMBINING[match.group(1)])
    return letter if len(letter) == 1 else match.group()


def clean_doi(text: str | None) -> str | None:
    """Return the DOI in a text, lower-case and without URL or `doi:` before it, or None if there is none."""
    if not text or "10." not in text:
        return None
    if plain := _PLAIN_DOI.fullmatch(text):
        return plain.group(1).lower()
    text = unescape(text).strip()
    found = _DOI.search(unquote(text) if "%2f" in text.lower() else text)
    if not found:
        return None
    doi = _CONTROL.sub("", _INVISIBLE.sub("", found.group(1))).rstrip(".,;:'\"")
    for opening, closing in ("()", "[]", "{}"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(".,;:'\"")
    return doi.lower() if "/" in doi and not doi.endswith("/") else None


@lru_cache(maxsize=1 << 12)
def parse_year(text: str | None) -> int | None:
    """Return the first four-digit number of a text (`12 Nov 2019`, `2019.0`, `20191112`) as a year, or None."""
    found = _YEAR.search(unicodedata.normalize("NFKC", text)) if text else None
    return int(found.group(1)) if found else None


@lru_cache(maxsize=1 << 12)
def parse_count(text: str | None) -> int | None:
    """Return a count such as `12`, `12.0` or `1,234`, or None if the text is not a count."""
    digits = (text or "").strip().replace(",", "").removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def split_list(text: str | None, separator: str = ";") -> list[str]:
    """Resolve entities (they contain `;`), split, clean each part, and drop the empty ones."""
    return [part for part in map(_cleaned.__getitem__, unescape(text or "").split(separator)) if part]
