"""Which encoding the first bytes of an input are in, decided once for every format that looks at them."""

import codecs
import re

from charset_normalizer import from_bytes

from kakehashi.sources.base import Head

# Encodings that bibliographic exports were seen in, besides UTF-8 and UTF-16. Python's own names.
LEGACY = ("cp1252", "cp932", "gb18030", "euc_kr", "euc_jp", "big5")
FALLBACK = "cp1252"
SAMPLE_BYTES = 65_536

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAGIC = (
    b"%PDF",
    b"PAR1",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format",
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CONTROLS = bytes(set(range(32)) - set(b"\x00\t\n\x0b\x0c\r\x1a\x1b"))


def make_head(data: bytes) -> Head:
    """Decode the first bytes of an input.

    A byte-order mark decides; else UTF-8 if the bytes are UTF-8 (a character cut at the end is tolerated, single
    damaged bytes too); else UTF-16 by its pattern of zero bytes; else the most plausible of `LEGACY`. Binary data
    gives an empty text and no encoding.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _head(data, data[len(bom) :], encoding)
    if data.startswith(_MAGIC):
        return Head(data, "", None, ())
    utf16 = _utf16_without_bom(data)
    if utf16:
        return _head(data, data, utf16)
    if _is_binary(data):
        return Head(data, "", None, ())
    return _head(data, data, "utf-8" if _is_utf8(data) else detect(data))


def detect(data: bytes) -> str:
    """Return the most plausible of `LEGACY` for bytes that are not UTF-8 (`FALLBACK` if none fits).

    Statistics over a few words mistake `Universität` for Chinese, so the shape of the bytes is asked first: accented
    letters stand alone between ASCII letters, East Asian characters stand in runs.
    """
    runs = _HIGH_RUN.findall(data[:SAMPLE_BYTES])
    if not runs or sum(map(len, runs)) < 1.7 * len(runs):
        return FALLBACK
    best = from_bytes(data[:SAMPLE_BYTES], cp_isolation=list(LEGACY), preemptive_behaviour=False).best()
    return best.encoding if best is not None and best.encoding in LEGACY else FALLBACK


def _head(data: bytes, body: bytes, encoding: str) -> Head:
    # An incremental decoder that is not told "final" keeps a character cut at the end to itself.
    text = codecs.getincrementaldecoder(encoding)("replace").decode(body)
    newline = "\n" if "\n" in text else "\r"
    lines = tuple(line.rstrip("\r") for line in text.split(newline))
    return Head(data, text, encoding, lines)


def _is_utf8(data: bytes) -> bool:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data)
    damaged = text.count("\ufffd")
    # By chance, text in another encoding is hardly ever valid UTF-8: ten sound characters to a damaged one is UTF-8.
    return not damaged or sum(not character.isascii() for character in text) >= 11 * damaged


def _utf16_without_bom(data: bytes) -> str | None:
    pairs = len(data) // 2
    if pairs < 2:
        return None
    even, odd = data[0::2], data[1::2]
    for high, low, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if high.count(0) > 0.4 * pairs and low.count(0) < 0.05 * pairs and _is_prose(data, encoding):
            return encoding
    return None


def _is_prose(data: bytes, encoding: str) -> bool:
    """Tell whether data decode to text. The low bytes of kanji may be control codes, so the characters are asked."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    odd = sum(character == "\ufffd" or (character < " " and character not in "\t\n\r") for character in text)
    return odd <= 0.01 * len(text)


def _is_binary(data: bytes) -> bool:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > 0.01 * len(data) or data.count(0) > 0.1 * len(data)
