"""Reading entities, accents and letters that a conversion broke, keeping each character's place as it was given."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from kakehashi.affiliations.mojibake import repair

MAX_CHARACTERS = 2_000
"""Longer strings are cut here, so that time per string stays bounded. The longest of 100,000 labelled ones has 630."""

_MAX_MARKS = 30
"""More accents on one letter are letters of their own: the limit of UAX 15's Stream-Safe Text Format."""

_ENTITY = re.compile(r"&(?:amp;){0,2}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});?")
_ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "˜": "\u0303", "ˆ": "\u0302", "ˇ": "\u030c"}
_LOOSE_ACCENT = re.compile(r"((?: ?[´¨˜ˆˇ]| `| [\u0300-\u030c]))([A-Za-z])")
"""An accent that a PDF put before its letter, often with a space: `Universit ´e`."""
_RUN = re.compile(r"(?s:.)(?:[^ &`´¨˜ˆˇ]|&(?![#A-Za-z])){0,31}")
"""A stretch in which no accent stands before its letter, short enough to be put in its normal form."""
_BEGINS_ACCENT = frozenset((" ", *_ACCENTS, *map(chr, range(0x300, 0x30D))))
_ORDINARY = re.compile(r"(?:[^&`\u0080-\U0010ffff](?! ?[`\u0080-\U0010ffff]))+")
"""A stretch without entities, accents and letters that can take an accent."""


def restored(given: str) -> tuple[str, Sequence[int] | None]:
    """Decode a string after the letters that a conversion broke were restored."""
    repaired, places = repair(given)
    text, offsets = decoded(repaired)
    if places is None:
        return text, offsets
    return text, places if offsets is None else [places[offset] for offset in offsets]


def decoded(given: str) -> tuple[str, Sequence[int] | None]:
    """Return the text in its normal form, entities and loose accents read, and the place of each character as given.

    The places are None where nothing changed.
    """
    plain = given.isascii() or unicodedata.is_normalized("NFKC", given)
    if plain and "&" not in given and " `" not in given and " \u0301" not in given:
        return given, None
    pieces: list[str] = []
    offsets: list[int] = []
    for start, end, piece in _pieces(given):
        normal = piece if piece.isascii() else unicodedata.normalize("NFKC", piece)
        pieces.append(normal)
        exact = len(normal) == end - start
        offsets.extend(range(start, end) if exact else [start] * len(normal))
        if len(offsets) > MAX_CHARACTERS:  # one character can stand for eighteen
            break
    offsets.append(len(given))
    return "".join(pieces), offsets


def _pieces(given: str) -> Iterator[tuple[int, int, str]]:
    """Cut into entities, letters with their accents, and stretches of neither, with what each stands for."""
    position = 0
    while position < len(given):
        ordinary = _ORDINARY.match(given, position)
        if ordinary is not None:
            yield position, ordinary.end(), ordinary.group()
            position = ordinary.end()
            continue
        character = given[position]
        entity = _ENTITY.match(given, position) if character == "&" else None
        accent = _LOOSE_ACCENT.match(given, position) if character in _BEGINS_ACCENT else None
        if entity is not None:
            yield position, entity.end(), _unescape(entity.group())
            position = entity.end()
        elif accent is not None:
            gap = "" if accent.group(2).islower() else accent.group(1)[:-1]  # Universit ´e, but Paris ´Ecole
            mark = _ACCENTS.get(accent.group(1)[-1], accent.group(1)[-1])
            yield position, accent.end(), gap + accent.group(2) + mark
            position = accent.end()
        else:
            run = _RUN.match(given, position)
            end = _with_marks(given, run.end() if run else position + 1, len(given))
            yield from _letters(given, position, end)
            position = end


def _letters(given: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Cut into letters with their accents where they are not in their normal form, which few stretches are."""
    if unicodedata.is_normalized("NFKC", given[start:end]):
        yield start, end, given[start:end]
        return
    while start < end:
        after = _with_marks(given, start + 1, end)
        yield start, after, given[start:after]
        start = after


def _with_marks(given: str, start: int, end: int) -> int:
    """Return where the accents end that begin at `start`, if any; beyond _MAX_MARKS they are cut."""
    after = start
    while after < end and after - start < _MAX_MARKS and unicodedata.combining(given[after]):
        after += 1
    return after


@lru_cache(maxsize=1_024)
def _unescape(entity: str) -> str:
    return html.unescape(html.unescape(entity)).replace("\xa0", " ")
