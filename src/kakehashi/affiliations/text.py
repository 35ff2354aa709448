"""Cleaning and splitting of affiliation strings, keeping every character's place in the text as it was given."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from kakehashi.affiliations.decoding import MAX_CHARACTERS, decoded, restored
from kakehashi.affiliations.mojibake import repair
from kakehashi.affiliations.short_names import expanded, has_short_name

MAX_PARTS = 40
"""Parts of one string that are read. The longest of 150,000 real strings has 31."""

MAX_WORDS = 500
"""Words of one part that are read, for ideographs and single letters are words too. The longest real string has 180."""

LONGEST_HALF = 400
"""Strings with more behind their first comma are cleaned whole: they may reach MAX_PARTS or MAX_CHARACTERS."""

REMEMBERED = 120
"""Parts of more characters are read anew each time: they do not come back, and memory stays bounded."""

_EMAIL = re.compile(r"(?:e-?mails?\s{0,3}:?\s{0,3})?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.IGNORECASE)
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
_MAY_BE_PROSE = re.compile(r"\b(?:is|are|was|were|am)\s|address", re.IGNORECASE)
"""What every such beginning holds; to search for the whole takes long where there is none."""
_ABOUT_AUTHORS = re.compile(r"\b(?:Manuscript|received|Member|Fellow|IEEE|authors?)\b")
_ALSO_WITH = re.compile(
    r"[\s,]{1,3}(?:(?:and|also|is|currently)\s{1,3}){0,3}(?:with|on leave from)\s{1,3}(?:the\s{1,3})?"
)
"""What joins the second institution of a sentence: `… and also with the …`."""
_MARK = re.compile(
    r"^[\s,;:.*#†‡§¶|∥]*"
    r"(?:(?:\(?[a-z0-9]{1,2}[)\]]|\[\d{1,2}\]|\d{1,2}(?=[A-Z][A-Za-z]| )|[a-z](?=[A-Z][a-z]))\s*)?[\s,;:.*#†‡§]*"
)
_NOISE = re.compile(r"[@#<?`´¨˜ˆˇ\u0300-\u036f]|&(?=[#A-Za-z])|www|://|mail|orresponding|\d{4}-\d{4}-")
"""What cleaning changes, or must look at a whole string for."""
_PLAIN_NAME = re.compile(r"[A-Z][A-Za-z]{2,}(?: [A-Za-z]{3,}| of| and| for| in)*")
"""Words of letters and nothing else: of what cleaning changes they can only hold _TELLING."""
_TELLING = ("www", "mail", "orresponding", "address", "was ", "are ", "were ")
_LABEL = re.compile(r"\s*(?:\(?(?:[a-z]|\d{1,2})\)|\[\d{1,2}\])\s*")
_DOTTED = re.compile(r"(?<!\w)(?:[A-Za-z]\.\s?)+[A-Za-z]\b(?![.\w])|(?<!\w)(?:[A-Za-z]\s?\.\s?){2,}")
_INITIAL = re.compile(r"\.(?:(?<=\b[A-Za-z]\.)|(?<=\b[A-Za-z]\s\.))")
"""A dot behind a single letter: without one there is nothing for _DOTTED, which is slow to find that out."""
_TOKEN = re.compile(
    r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3005\u3040-\u30ff\u3400-\u9fff]+(?:['’ʼ`´][^\W_\u3005\u3040-\u30ff\u3400-\u9fff]+)*|&"
)
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*|&")
_FOOTNOTE = re.compile(r"\d(?<=[a-z]{3}\d)\d{0,6}(?=\s*(?:[,;]|$))")
_NUMBERED = ("paris", "lyon", "bordeaux", "montpellier", "rennes", "lille", "toulouse", "nice", "grenoble",
             "strasbourg", "nancy", "marseille", "data")  # fmt: skip
"""Names that end in a number of their own: Université Lyon1, Data61."""
_LONGEST_NUMBERED = max(map(len, _NUMBERED))
_PART_BREAK = re.compile(
    r"([,;\n\t|，、；،؛./–—-])"  # one set first, so that the search skips all else; then the condition of each
    r"(?:(?<=,)(?!\s*(?:Inc|INC|Ltd|LTD|LLC|Corp|Co|GmbH|PLC|S\.?A)\b)"
    r"|(?<=[;\n\t|，、；،؛])(?<!\b(?:of|de|di|da|do|du)\n)(?<!\b(?:and|for|the|del|der|des|für)\n)"
    r"|(?<=[a-z]{4}[aeiouyé]\.|[a-z]{2}(?:ing|ces|ics|tal|ion|ent|ool)\.)(?=\s+[A-Z][a-z]{3,})"
    r"|(?<=\s[-–—])(?=\s)"
    r"|(?<=/)(?:(?=\s)|(?<=\s/)))"
)
_HARD = frozenset(";|；؛/")
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "臺": "台"}
_LETTERS = str.maketrans({**_PLAIN, **dict.fromkeys("'’ʼ`´.")})


_NO_ACCENTS = (0, 8)
"""Combining classes of letters, and of the voicing marks that tell the kana ダ from タ: Daigaku is not Thailand."""


class Token(NamedTuple):
    """A word: where it stands in the clean text, and its form for matching."""

    start: int
    end: int
    form: str


class Words(NamedTuple):
    """The words of a text: where each begins and ends in it, and its form for matching."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    forms: tuple[str, ...]


class Part(NamedTuple):
    """What stands between two commas. `hard` is true when a semicolon or a stroke comes before it.

    `text` is all that stands there and begins at `origin` in the clean text; `words` has its places in `text`, for what
    a part says does not depend on where it stands. `start`, `end` and `tokens` have places in the clean text.
    """

    text: str
    origin: int
    hard: bool
    words: Words

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of the words, in order: most look-ups need nothing else."""
        return self.words.forms

    @property
    def start(self) -> int:
        """Where the first word begins."""
        return self.origin + self.words.starts[0]

    @property
    def end(self) -> int:
        """Where the part ends."""
        return self.origin + len(self.text)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words with their places in the clean text."""
        origin = self.origin
        return tuple([Token(origin + start, origin + end, form) for start, end, form in zip(*self.words, strict=True)])


class Clean(NamedTuple):
    """A string ready for matching. `offsets` maps clean positions to given ones, or is None when they are the same.

    `shift`: so much further behind than they say themselves do all parts but the first begin.
    """

    given: str
    text: str
    parts: tuple[Part, ...]
    hosts: tuple[str, ...]
    offsets: Sequence[int] | None
    shift: int = 0

    def begin(self, part: int) -> int:
        """Return where a part begins in the clean text, given by its number."""
        return self.parts[part].origin + self.shift if part else self.parts[0].origin

    def placed(self) -> "Clean":
        """Return the same with parts that say themselves where they begin."""
        moved = [part._replace(origin=self.begin(number)) for number, part in enumerate(self.parts)]
        return self._replace(parts=tuple(moved), shift=0) if self.shift else self

    def span(self, start: int, end: int) -> str:
        """Return the given text behind a stretch of the clean text."""
        if self.offsets is None:
            return self.given[start:end].strip()
        return self.given[self.offsets[start] : self.offsets[end]].strip()


def fold(word: str) -> str:
    """Return a word's form for matching: compatibility form, lower case, no accents, no apostrophes."""
    if word.isascii():
        return word.lower().translate(_LETTERS)
    return _fold(word) if len(word) <= REMEMBERED else _fold.__wrapped__(word)


@lru_cache(maxsize=65_536)
def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join([character for character in plain if unicodedata.combining(character) in _NO_ACCENTS])
    return unicodedata.normalize("NFC", plain).translate(_LETTERS)


def forms(text: str) -> tuple[str, ...]:
    """Return the forms of the words of a text, as the gazetteer and the word lists are keyed."""
    return find_words(text).forms


def tokenize(text: str) -> tuple[Token, ...]:
    """Return the words of a text with their places."""
    return tuple([Token(*word) for word in zip(*find_words(text), strict=True)])


def find_words(text: str, begin: int = 0) -> Words:
    """Find the first MAX_WORDS words from `begin` on; ideographs and kana are one word each, `U.S.A.` is one word."""
    if "." not in text or _INITIAL.search(text, begin) is None:
        return _words(_plain_words(text, begin, len(text)))
    found: list[tuple[int, int, str]] = []
    position = begin
    for dotted in _DOTTED.finditer(text, begin):
        found.extend(_plain_words(text, position, dotted.start()))
        found.append((dotted.start(), dotted.end(), fold(re.sub(r"[\s.]", "", dotted.group()))))
        position = dotted.end()
    found.extend(_plain_words(text, position, len(text)))
    return _words(found)


def _words(found: list[tuple[int, int, str]]) -> Words:
    return Words(*zip(*found[:MAX_WORDS], strict=True)) if found else Words((), (), ())


def _plain_words(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    if not text.isascii():
        return [(match.start(), match.end(), fold(match.group())) for match in _TOKEN.finditer(text, start, end)]
    if text.replace(" ", "").isalnum():
        return _spaced(text[start:end].lower(), start)
    found = [(match.start(), match.end(), match.group()) for match in _ASCII_TOKEN.finditer(text.lower(), start, end)]
    if "'" in text or "`" in text:
        return [(first, last, fold(word)) for first, last, word in found]
    return found


def _spaced(text: str, start: int) -> list[tuple[int, int, str]]:
    """Return the words of a text that has nothing but words and blanks, with their places: as _ASCII_TOKEN finds."""
    found = []
    for word in text.split(" "):
        end = start + len(word)
        if word:
            found.append((start, end, word))
        start = end + 1
    return found


class Half(NamedTuple):
    """What stands before or behind the first comma of a string, cleaned, with its parts."""

    text: str
    parts: tuple[Part, ...]


def clean(given: str) -> Clean:
    """Clean a string and split it into parts. Noise is blanked out in place, so spans can be traced back."""
    head, comma, tail = given.partition(",")
    if comma and len(head) <= REMEMBERED and len(tail) <= LONGEST_HALF:
        first = first_half(head)
        second = second_half(tail) if first is not None else None
        if first is not None and second is not None:
            return joined(given, first, second).placed()
    return _clean(given)


def joined(given: str, first: Half, second: Half) -> Clean:
    """Return a string, given its clean halves, of which it takes the parts as they are."""
    return Clean(given, f"{first.text},{second.text}", first.parts + second.parts, (), None, len(first.text) + 1)


@lru_cache(maxsize=1_024)
def first_half(head: str) -> Half | None:
    """Clean what stands before a first comma; None where it takes the whole string to do so."""
    if _PLAIN_NAME.fullmatch(head) is not None and not any([telling in head for telling in _TELLING]):  # noqa: C419
        return Half(head, (Part(head, 0, False, part_words(head)),))
    if _NOISE.search(head) is not None or not _is_normal(head):
        return None
    text = _FOOTNOTE.sub(_footnote, head)
    mark = _MARK.match(f"{text},")
    end = mark.end() if mark is not None else 0
    if end >= len(text):
        return None
    text = " " * end + text[end:]
    parts = _parts(text)
    return Half(text, parts) if len(parts) == 1 and parts[0].text == text else None


@lru_cache(maxsize=1_024)
def second_half(tail: str) -> Half | None:
    """Clean what stands behind a first comma; None where it takes the whole string to do so, or no part begins there.

    Nothing that `_clean` looks for reaches over a comma: an entity, an accent, an address, `is with the`, a footnote.
    """
    if _NOISE.search(tail) is not None or not _is_normal(tail):
        return None
    text = _FOOTNOTE.sub(_footnote, f",{tail}")
    if _PART_BREAK.match(text) is None:
        return None
    parts = _parts(text)
    if not 0 < len(parts) < MAX_PARTS:
        return None
    return Half(text[1:], tuple([part._replace(origin=part.origin - 1) for part in parts]))


def _is_normal(text: str) -> bool:
    if _MAY_BE_PROSE.search(text) is not None and _PROSE.search(text) is not None:
        return False
    return text.isascii() or (
        unicodedata.is_normalized("NFKC", text) and repair(text)[1] is None and not has_short_name(text)
    )


def _clean(given: str) -> Clean:
    given = given[:MAX_CHARACTERS]
    text, offsets = restored(given) if not given.isascii() or "?" in given else decoded(given)
    text, offsets = expanded(text, offsets)
    hosts: list[str] = []
    if "@" in text or "www" in text or "://" in text:
        for address in (_BRACED_EMAIL, _EMAIL, _URL):
            hosts.extend(reversed([_host(match) for match in address.findall(text)]))
            text = address.sub(_spaces, text)
    if "#" in text or "<" in text:
        text = _MARKUP.sub(_spaces, text)
    if "mail" in text or "orresponding" in text:
        text = _EMAIL_WORDS.sub(_spaces, text)
    if "-" in text and _FOUR_DIGITS.search(text):
        text = _ORCID.sub(_spaces, text)
    if " with " in text or " at " in text or " from " in text or "ddress" in text:
        prose = _PROSE.search(text)
        if prose is not None and ("," not in text[: prose.start()] or _ABOUT_AUTHORS.search(text[: prose.start()])):
            text = " " * prose.end() + _ALSO_WITH.sub(_as_stroke, text[prose.end() :])
    text = _FOOTNOTE.sub(_footnote, text)
    mark = _MARK.match(text)
    if mark is not None and mark.end():
        text = " " * mark.end() + text[mark.end() :]
    return Clean(given, text, _parts(text), tuple(hosts), offsets)


def _spaces(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _footnote(match: re.Match[str]) -> str:
    """Blank a footnote number or postcode glued to the last word of a part: `University of Toronto1`."""
    before = match.string[max(match.start() - _LONGEST_NUMBERED, 0) : match.start()]
    return match.group() if before.lower().endswith(_NUMBERED) else _spaces(match)


def _as_stroke(joint: re.Match[str]) -> str:
    """Put a stroke for `and also with`: what stands before and behind it are of one kind."""
    return "/" + " " * (len(joint.group()) - 1)


def _host(address: str) -> str:
    tail = re.split(r"@|://", address)[-1]
    return tail.split("/")[0].split(":")[0].strip(". ").lower()


def _parts(text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    origin, hard = 0, False
    cut = _PART_BREAK.split(text)
    cut.append("")
    for piece, mark in zip(cut[::2], cut[1::2], strict=True):
        words = part_words(piece)
        if words.forms:
            parts.append(Part(piece, origin, hard, words))
            hard = False
            if len(parts) == MAX_PARTS:
                break
        hard = hard or mark in _HARD
        origin += len(piece) + 1
    return tuple(parts)


def part_words(text: str) -> Words:
    """Find the words of a part behind its label, `(a)` or `[1]`."""
    return _part_words(text) if len(text) <= REMEMBERED else _part_words.__wrapped__(text)


@lru_cache(maxsize=8_192)
def _part_words(text: str) -> Words:
    label = _LABEL.match(text) if ")" in text or "]" in text else None
    starts, ends, found = find_words(text, label.end() if label else 0)
    return Words(starts, ends, tuple(map(intern, found)))  # kept by the ten thousand, and most are the same few words
