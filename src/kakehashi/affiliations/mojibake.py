"""Letters lost in conversion: UTF-8 read as Latin-1 or Windows-1252 (`MÃ¼nchen`), and question marks for letters."""

import re

_LEADS = "ÂÃÄÅ"
"""What the first bytes of two-byte letters look like: U+0080 to U+017F, the letters of Western and Central Europe."""


def _shown(byte: int) -> str:
    """Return how a byte looks in Windows-1252, or in Latin-1 where that has none."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_FOLLOWING = {_shown(byte): byte for byte in range(0x80, 0xC0)} | {chr(byte): byte for byte in range(0x80, 0xC0)}
_BROKEN = re.compile(f"[{_LEADS}][{re.escape(''.join(_FOLLOWING))}]|(?<=[a-z])\\?(?=[a-z]|\\s+(?:de|di|of)\\b)")


def repair(given: str) -> tuple[str, list[int] | None]:
    """Return the text with its letters restored (or left out, where a question mark is all that is left of them).

    With it the place of each character in the given text, ending in its length; None where nothing was broken.
    """
    if _BROKEN.search(given) is None:
        return given, None
    pieces: list[str] = []
    places: list[int] = []
    position = 0
    for broken in _BROKEN.finditer(given):
        pieces.append(given[position : broken.start()])
        places.extend(range(position, broken.start()))
        letters = broken.group()
        if len(letters) > 1:
            pieces.append(bytes([ord(letters[0]), _FOLLOWING[letters[1]]]).decode("utf-8"))
            places.append(broken.start())
        position = broken.end()
    pieces.append(given[position:])
    places.extend(range(position, len(given) + 1))
    return "".join(pieces), places
