r"""LaTeX as it occurs in BibTeX exports, turned into plain text: accents, symbols, escapes, protective braces.

Only the macros themselves go through pylatexenc. A whole value cannot: in exports `%`, `$` and `#` are mostly meant
literally, and a LaTeX parser would drop the rest of the line after `14-23% less`.
"""

import re
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text

# Zotero and pybtex write every backslash twice: \\&amp, \\'{e}, \\textasciitilde.
_DOUBLED = re.compile(r"""\\\\(?=[%&$#_{}'"`^~=.]|text[a-z]+|[a-zA-Z]\{)""")
# What pybtex makes of Jo{\\~a}o.
_LOST_TILDE = re.compile(r"(?<=[a-z])\\textasciitilde\s+(?=[aon])")
_ACCENT = re.compile(
    r"""\\(?:['"`^~=.]|[uvHtcdbkr](?![a-zA-Z]))\s*(?:\{\s*(?:\\?[a-zA-Z]{1,2})?\s*\}|\\[ij](?![a-zA-Z])|[a-zA-Z])"""
)
# A space that only ends the name of a letter macro (\\ss traße) is not part of the text.
_MACRO = re.compile(r"\\(?:(?:ss|ae|AE|oe|OE|aa|AA|[oOlLij])[ \t]+|[a-zA-Z]+(?:\{\})?)")
_ESCAPED = re.compile(r"\\([%&$#_{}@/,;: ~-])")
_MATH = re.compile(r"\$([^$\n]{0,200}[\\^_{][^$\n]{0,200})\$")
_SPACING = frozenset({"\\,", "\\;", "\\:", "\\ ", "\\/", "\\-"})


def plain_text(value: str) -> str:
    r"""Return the value without LaTeX: `M{\"u}ller \& {CHI}` becomes `Müller & CHI`.

    An unknown macro loses its name and keeps its argument.
    """
    if "\\" not in value and "{" not in value and "}" not in value:
        return value
    if "\\" in value:
        value = _DOUBLED.sub(r"\\", value)
        value = _LOST_TILDE.sub(r"\\~", value)
        value = _MATH.sub(r"\1", value)
        value = _ACCENT.sub(lambda match: _convert(match.group()), value)
        value = _MACRO.sub(lambda match: _convert(match.group()), value)
        value = _ESCAPED.sub(_unescape, value)
    return value.replace("{", "").replace("}", "").replace("\\", "")


def _unescape(match: re.Match[str]) -> str:
    if match.group() in _SPACING:
        return "" if match.group() in ("\\-", "\\/") else " "
    return match.group(1).replace("{", "").replace("}", "")


@cache
def _converter() -> LatexNodes2Text:
    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)


@cache
def _convert(snippet: str) -> str:
    """Convert one accent or macro; there are some hundred different ones in any corpus."""
    return str(_converter().latex_to_text(snippet.strip(), tolerant_parsing=True))
