"""Short names in Japanese, Chinese and Korean script, written out: 東大院工 is 東京大学 院工.

Such names stand where an address begins, without a space before what follows: 東大 begins 東大阪 too. So they count
only where the address ends, where other signs follow, or before a word that begins departments (data/affiliations:
native_short_names.csv, and the roles `behind_…` of small_words.csv).
"""

import re
from collections.abc import Sequence
from functools import cache

from kakehashi.data.read import csv_rows

_FIRST = "\u3005"
_LETTER = "[\u3005\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
"""What may go on a word in these scripts; the middle dot 東大・工 does not."""

_ONLY_BEFORE_UNITS = "_unit"
"""Ending of the column `behind` for short names that other countries have too where they stand alone."""


def expanded(text: str, offsets: Sequence[int] | None) -> tuple[str, Sequence[int] | None]:
    """Return the text with short names written out, and the place of each character as given (None: unchanged)."""
    pieces: list[str] = []
    places: list[int] = []
    position = 0
    for short in _found(text):
        full = _full_names()[short.group()]
        follows = short.end() < len(text) and re.match(_LETTER, text[short.end()]) is not None
        places.extend(range(position, short.start()))
        places.extend([short.start()] * len(full))
        pieces += [text[position : short.start()], full]
        position = short.end()
        if follows:  # else 東京大学 and 院工 would be read as 大学院
            pieces.append(" ")
            places.append(position)
    if not pieces:
        return text, offsets
    pieces.append(text[position:])
    places.extend(range(position, len(text) + 1))
    return "".join(pieces), places if offsets is None else [offsets[place] for place in places]


def has_short_name(text: str) -> bool:
    """Return whether a text has a short name that `expanded` would write out."""
    return bool(_found(text))


def _found(text: str) -> list[re.Match[str]]:
    return list(_pattern().finditer(text)) if text and max(text) >= _FIRST else []


@cache
def _full_names() -> dict[str, str]:
    return {row["short"]: row["full"] for row in csv_rows("affiliations/native_short_names.csv")}


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds short names: their first letters stand first, for the search skips all else quickly."""
    shorts: dict[str, list[str]] = {}
    for row in csv_rows("affiliations/native_short_names.csv"):
        shorts.setdefault(row["behind"], []).append(row["short"])
    choices = []
    for behind, names in sorted(shorts.items()):
        ends = [rf"[\s・]?{_any(units)}"] if (units := _behind(behind.removesuffix(_ONLY_BEFORE_UNITS))) else []
        if not behind.endswith(_ONLY_BEFORE_UNITS):
            ends.append(f"(?!{_LETTER})")
        choices.append(f"{_any(names, begun=True)}(?={'|'.join(ends)})")
    first = f"[{''.join(sorted({name[0] for names in shorts.values() for name in names}))}]"
    return re.compile(f"{first}(?<!{_LETTER}{first})(?:{'|'.join(choices)})")


def _behind(language: str) -> list[str]:
    return [row["word"] for row in csv_rows("affiliations/small_words.csv") if row["role"] == f"behind_{language}"]


def _any(words: list[str], *, begun: bool = False) -> str:
    """A pattern for any of the words, the longest first; for what follows the first letters of words that are begun."""
    longest = sorted(words, key=lambda word: (-len(re.escape(word)), re.escape(word)))
    return f"(?:{'|'.join(f'(?<={word[0]}){re.escape(word[1:])}' if begun else re.escape(word) for word in longest)})"
