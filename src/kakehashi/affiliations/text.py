"""Cleaning and splitting of affiliation strings, keeping every character's place in the text as it was given."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

MAX_CHARACTERS = 5_000
"""Longer strings are cut here: no address is that long, and time per string stays bounded."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});?")
_ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "˜": "\u0303", "ˆ": "\u0302", "ˇ": "\u030c"}
_LOOSE_ACCENT = re.compile(r"((?: ?[´¨˜ˆˇ]| `| [\u0300-\u030c]))([A-Za-z])")
"""An accent that a PDF put before its letter, often with a space: `Universit ´e`."""
_EMAIL = re.compile(r"(?:e-?mails?\s*:?\s*)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.IGNORECASE)
_BRACED_EMAIL = re.compile(r"\{[^{}@]{1,200}\}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_URL = re.compile(r"(?:https?://|www\.)[^\s,;)]{1,300}", re.IGNORECASE)
_ORCID = re.compile(r"(?:orcid\S{0,20}[\s:/]{0,3})?\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b", re.IGNORECASE)
_FOUR_DIGITS = re.compile(r"\d{4}-\d{4}-")
_EMAIL_WORDS = re.compile(r"\(?(?:\be-?|(?-i:E-?))mails?\b\s*:?[\s)]*|\bcorresponding author\b:?", re.IGNORECASE)
_MARKUP = re.compile(r"#(?:N|R|TAB)#|</?[A-Za-z]{1,10}/?>")
_PROSE = re.compile(
    r"\b(?:(?:\w+[.\s]+){0,8}?(?:is|are|was|were|am)\s+(?:also\s+|currently\s+|now\s+|all\s+|both\s+)?"
    r"(?:with|at|from|affiliated with|affiliated to)\b(?:\s+the\b)?|(?:present|current|permanent|home) address\s*:)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"^[\s,;:.*#†‡§¶|∥]*"
    r"(?:(?:\(?[a-z0-9]{1,2}[)\]]|\[\d{1,2}\]|\d{1,2}(?=[A-Z ])|[a-z](?=[A-Z][a-z]))\s*)?[\s,;:.*#†‡§]*"
)
_LABEL = re.compile(r"\s*(?:\(?(?:[a-z]|\d{1,2})\)|\[\d{1,2}\])\s*")
_DOTTED = re.compile(r"(?<!\w)(?:[A-Za-z]\.\s?)+[A-Za-z]\b(?![.\w])|(?<!\w)(?:[A-Za-z]\s?\.\s?){2,}")
_TOKEN = re.compile(
    r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3005\u3040-\u30ff\u3400-\u9fff]+(?:['’ʼ`´][^\W_\u3005\u3040-\u30ff\u3400-\u9fff]+)*|&"
)
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*|&")
_FOOTNOTE = re.compile(r"(?<=[a-z]{3})\d{1,7}(?=\s*(?:[,;]|$))")
_NUMBERED = ("paris", "lyon", "bordeaux", "montpellier", "rennes", "lille", "toulouse", "nice", "grenoble",
             "strasbourg", "nancy", "marseille", "data")  # fmt: skip
"""Names that end in a number of their own: Université Lyon1, Data61."""
_PART_BREAK = re.compile(
    r",(?!\s*(?:Inc|INC|Ltd|LTD|LLC|Corp|Co|GmbH|PLC|S\.?A)\b)|[;\n\t|，、；،؛]|(?<=[a-z]{4}[aeiouyé]|[a-z]{2}(?:ing|ces|ics|tal|ion|ent|ool))\.\s+(?=[A-Z][a-z]{3,})|\s[-–—]\s|\s*/\s+|\s+/\s*"
)
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "臺": "台"}
_LETTERS = str.maketrans({**_PLAIN, **dict.fromkeys("'’ʼ`´.")})


_NO_ACCENTS = (0, 8)
"""Combining classes of letters, and of the voicing marks that tell the kana ダ from タ: Daigaku is not Thailand."""


class Token(NamedTuple):
    """A word: where it stands in the clean text, and its form for matching."""

    start: int
    end: int
    form: str


_make = partial(tuple.__new__, Token)
"""Token without its keyword handling: tokens are made by the million."""


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two commas. `hard` is true when a semicolon or a line break comes before it.

    `forms` are those of the tokens, in order: most look-ups need nothing else.
    """

    start: int
    end: int
    tokens: tuple[Token, ...]
    hard: bool
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clean:
    """A string ready for matching. `offsets` maps clean positions to given ones, or is None when they are the same."""

    given: str
    text: str
    parts: tuple[Part, ...]
    hosts: tuple[str, ...]
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> str:
        """Return the given text behind a stretch of the clean text."""
        if self.offsets is None:
            return self.given[start:end].strip()
        return self.given[self.offsets[start] : self.offsets[end]].strip()


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Return a word's form for matching: compatibility form, lower case, no accents, no apostrophes."""
    if word.isascii():
        return word.lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(character for character in plain if unicodedata.combining(character) in _NO_ACCENTS)
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


def forms(text: str) -> tuple[str, ...]:
    """Return the forms of the words of a text, as the gazetteer and the word lists are keyed."""
    return tuple(token.form for token in tokenize(text))


@lru_cache(maxsize=16_384)
def tokenize(text: str) -> tuple[Token, ...]:
    """Cut a text into words; ideographs and kana are one word each, `U.S.A.` is one word.

    Cached: towns, countries and departments come back in thousands of addresses.
    """
    tokens: list[Token] = []
    position = 0
    for dotted in _DOTTED.finditer(text) if "." in text else ():
        tokens.extend(_words(text, position, dotted.start()))
        word = re.sub(r"[\s.]", "", dotted.group())
        tokens.append(Token(dotted.start(), dotted.end(), fold(word)))
        position = dotted.end()
    tokens.extend(_words(text, position, len(text)))
    return tuple(tokens)


def _words(text: str, start: int, end: int) -> list[Token]:
    pattern = _ASCII_TOKEN if text.isascii() else _TOKEN
    return [Token(match.start(), match.end(), fold(match.group())) for match in pattern.finditer(text, start, end)]


def clean(given: str) -> Clean:
    """Clean a string and split it into parts. Noise is blanked out in place, so spans can be traced back."""
    given = given[:MAX_CHARACTERS]
    text, offsets = _decode(given)
    hosts: list[str] = []
    if "@" in text or "www" in text or "://" in text:
        text = _blank(_BRACED_EMAIL, text, hosts)
        text = _blank(_EMAIL, text, hosts)
        text = _blank(_URL, text, hosts)
    if "#" in text or "<" in text:
        text = _blank(_MARKUP, text)
    if "mail" in text or "orresponding" in text:
        text = _blank(_EMAIL_WORDS, text)
    if _FOUR_DIGITS.search(text):
        text = _blank(_ORCID, text)
    if " with " in text or " at " in text or " from " in text or "ddress" in text:
        prose = _PROSE.search(text)
        if prose is not None and "," not in text[: prose.start()]:
            text = _spaces(text, 0, prose.end())
    text = _without_footnotes(text)
    mark = _MARK.match(text)
    if mark is not None and mark.end():
        text = _spaces(text, 0, mark.end())
    return Clean(given, text, _parts(text), tuple(hosts), offsets)


def _without_footnotes(text: str) -> str:
    """Blank a footnote number or postcode glued to the last word of a part: `University of Toronto1`."""
    for match in list(_FOOTNOTE.finditer(text)):
        if not text[: match.start()].lower().endswith(_NUMBERED):
            text = _spaces(text, match.start(), match.end())
    return text


def _decode(given: str) -> tuple[str, tuple[int, ...] | None]:
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
    return "".join(pieces), (*offsets, len(given))


def _pieces(given: str) -> list[tuple[int, int, str]]:
    """Cut into character groups (a letter with its accents) and entities, with what each stands for."""
    pieces: list[tuple[int, int, str]] = []
    position = 0
    while position < len(given):
        entity = _ENTITY.match(given, position) if given[position] == "&" else None
        if entity is not None:
            plain = html.unescape(html.unescape(entity.group()))
            pieces.append((position, entity.end(), plain.replace("\xa0", " ")))
            position = entity.end()
            continue
        accent = _LOOSE_ACCENT.match(given, position)
        if accent is not None:
            gap = "" if accent.group(2).islower() else accent.group(1)[:-1]  # Universit ´e, but Paris ´Ecole
            mark = _ACCENTS.get(accent.group(1)[-1], accent.group(1)[-1])
            pieces.append((position, accent.end(), gap + accent.group(2) + mark))
            position = accent.end()
            continue
        end = position + 1
        while end < len(given) and unicodedata.combining(given[end]):
            end += 1
        pieces.append((position, end, given[position:end]))
        position = end
    return pieces


def _blank(pattern: re.Pattern[str], text: str, hosts: list[str] | None = None) -> str:
    for match in reversed(list(pattern.finditer(text))):
        if hosts is not None:
            hosts.append(_host(match.group()))
        text = _spaces(text, match.start(), match.end())
    return text


def _host(address: str) -> str:
    tail = re.split(r"@|://", address)[-1]
    return tail.split("/")[0].split(":")[0].strip(". ").lower()


def _spaces(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _parts(text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    start, hard = 0, False
    cuts = [(match.start(), match.end(), match.group()) for match in _PART_BREAK.finditer(text)]
    for cut_start, cut_end, mark in [*cuts, (len(text), len(text), "")]:
        label = _LABEL.match(text, start, cut_start)
        begin = label.end() if label else start
        words = tokenize(text[begin:cut_start])
        if words:
            tokens = tuple([_make((first + begin, last + begin, form)) for first, last, form in words])
            parts.append(Part(tokens[0].start, cut_start, tokens, hard, tuple([word[2] for word in words])))
            hard = False
        hard = hard or (mark != "," and any(character in ";|；؛/" for character in mark))
        start = cut_end
    return tuple(parts)
