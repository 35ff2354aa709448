r"""LaTeX as it occurs in BibTeX exports, turned into plain text: accents, symbols, escapes, protective braces.

Only accents and symbols go through pylatexenc. A whole value cannot: in exports `%`, `$` and `#` are mostly meant
literally, and a LaTeX parser would drop the rest of the line after `14-23% less`.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

# Zotero and pybtex write every backslash twice: \\&amp, \\'{e}, \\textasciitilde.
_DOUBLED = re.compile(r"""\\\\(?=[%&$#_{}'"`^~=.]|text[a-z]+|[a-zA-Z]\{)""")
# What pybtex makes of Jo{\~a}o.
_LOST_TILDE = re.compile(r"(?<=[A-Za-z])\\textasciitilde\s+(?=[aon]|\{[aon]\})")
_ACCENT = re.compile(
    r"""\\(['"`^~=.]|[uvHtcdbkr](?![a-zA-Z]))\s*(?:\{\s*\\?([a-zA-Z]{1,2})\s*\}|\\([ij])(?![a-zA-Z])|([a-zA-Z]))"""
)
_MACRO = re.compile(r"\\([a-zA-Z]+)(\{\}|[ \t]*)")
_LETTERS = frozenset({"ss", "ae", "AE", "oe", "OE", "aa", "AA", "o", "O", "l", "L", "i", "j"})
_ESCAPED = re.compile(r"\\([%&$#_{}@/,;: ~-])")
_SPACING: Mapping[str, str] = MappingProxyType(
    {",": " ", ";": " ", ":": " ", " ": " ", "/": "", "-": "", "{": "", "}": ""}
)
_MATH = re.compile(r"\$([A-Za-z][^$\s]{0,60}|[^$\n]{0,200}[\\^_{][^$\n]{0,200})\$")
_SYMBOLS: Mapping[str, str] = MappingProxyType(
    {"textless": "<", "textgreater": ">", "textquotesingle": "'", "textasciitilde": "~", "textasciicircum": "^",
     "LaTeX": "LaTeX", "TeX": "TeX", "quad": " ", "qquad": " ", "newline": " "}
)  # fmt: skip


def plain_text(value: str) -> str:
    r"""Return the value without LaTeX: `M{\"u}ller \& {CHI}` becomes `Müller & CHI`.

    An unknown macro loses its name and keeps its argument.
    """
    if not ("\\" in value or "{" in value or "}" in value or "$" in value):
        return value
    if "\\" in value:
        value = _LOST_TILDE.sub(r"\\~", _DOUBLED.sub(r"\\", value))
    value = _MATH.sub(r"\1", value)
    if "\\" in value:
        value = _ACCENT.sub(_accented, value)
        value = _MACRO.sub(_symbol, value)
        value = _ESCAPED.sub(lambda match: _SPACING.get(match.group(1), match.group(1)), value)
    return value.replace("{", "").replace("}", "").replace("\\", "")


def _accented(match: re.Match[str]) -> str:
    return _accent(match.group(1), match.group(2) or match.group(3) or match.group(4))


@cache
def _accent(accent: str, letters: str) -> str:
    letter = f"\\{letters}" if letters in ("i", "j") else letters
    return str(LatexNodes2Text().latex_to_text(f"\\{accent}{{{letter}}}"))


def _symbol(match: re.Match[str]) -> str:
    name, after = match.groups()
    text = _SYMBOLS.get(name) or _symbols(name)
    # A space that only ends the name of a letter (\o re) or of a switch (\relax Th) is not part of the text.
    return text if after == "{}" or not text or name in _LETTERS else text + after


@cache
def _symbols(name: str) -> str:
    """The text of a macro without arguments, or nothing."""
    spec = get_default_latex_context_db().get_macro_spec(name)
    text = getattr(spec, "simplify_repl", None)
    return text if isinstance(text, str) and "%" not in text else ""
