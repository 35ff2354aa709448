"""Words of English and Japanese texts: what the index holds and what a need is compared by."""

import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import tantivy

from kakehashi.data.read import csv_rows
from kakehashi.texts import Language

_LONGEST = 40
_JAPANESE = re.compile(r"[぀-ヿㇰ-ㇿ一-鿿々〆]")
_KANA = re.compile(r"[぀-ヿㇰ-ㇿ]")
KATAKANA = re.compile(r"[ァ-ヺー]+(?:・[ァ-ヺー]+)*")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+#]*(?:[-/.][A-Za-z0-9]+)*|[0-9]+[A-Za-z][A-Za-z0-9]*")
WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CONTENT = ("名詞",)
_ACTS = ("動詞", "形容詞")
_EMPTY = ("非自立", "代名詞", "数", "接尾", "特殊", "副詞可能")


@dataclass(frozen=True)
class Morpheme:
    """A word of a Japanese text: as written, in its basic form, where it stands, whether it carries meaning.

    `content` are nouns; `acts` are verbs and adjectives, which count where a list gives their English.
    """

    surface: str
    base: str
    start: int
    end: int
    content: bool
    acts: bool = False


@cache
def english() -> Any:
    """Return the analyzer of the index: lower case, no accents, no stop words, Snowball's English stems."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(_LONGEST),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stopword("english"),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def stems(text: str) -> list[str]:
    """Return the stems of an English text, stop words left out."""
    found: list[str] = english().analyze(text)
    return found


@lru_cache(maxsize=500_000)
def stem(word: str) -> str:
    """Return the stem of one word; an empty text for a stop word."""
    found = english().analyze(word)
    return " ".join(found)


_SPELLINGS = tuple(
    (re.compile(pattern), target)
    for pattern, target in (
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations|er|ers)\b)", "iz"),
        (r"(?<=[a-z]{3})iz(?=(?:e|ed|es|ing|ation|ations|er|ers)\b)", "is"),
        (r"(?<=[a-z]{2})our(?=(?:s|ed|ing|al|able)?\b)", "or"),
        (r"(?<=[a-z]{2})or(?=(?:s|ed|ing|al|able)?\b)", "our"),
        (r"(?<=[a-z]{2})tre(?=s?\b)", "ter"),
        (r"(?<=[a-z]{2})ter(?=s?\b)", "tre"),
        (r"(?<=[a-z]{3})ogue(?=s?\b)", "og"),
        (r"(?<=[a-z]{3})og(?=s?\b)", "ogue"),
        (r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|er|ers)\b)", "l"),
        (r"(?<=[a-z]{2}[aeiou])l(?=(?:ed|ing|er|ers)\b)", "ll"),
        (r"(?<=[a-z])ae(?=[a-z]{3})", "e"),
        (r"(?<=[a-z])oe(?=[a-z]{3})", "e"),
    )
)


def spellings(word: str, known: Container[str]) -> list[str]:
    """Return the other spellings of a lower-case word, British or American, that are among the known words."""
    other = dict.fromkeys(pattern.sub(target, word) for pattern, target in _SPELLINGS)
    return [one for one in other if one != word and one in known]


def normal(text: str) -> str:
    """Return a text in the form in which Japanese is compared: NFKC (no full-width Latin, no half-width kana)."""
    return unicodedata.normalize("NFKC", text)


def language_of(text: str) -> Language:
    """Tell the language of a need: Japanese where it has a kana or ideograph, else English."""
    return "ja" if _JAPANESE.search(text) else "en"


def is_japanese(text: str) -> bool:
    """Tell whether a text of a work is Japanese: kana decide, for ideographs alone may be Chinese."""
    return bool(_KANA.search(text))


@cache
def _tokenizer() -> Any:
    from lindera import TokenizerBuilder

    builder = TokenizerBuilder()
    builder.set_mode("normal")
    builder.set_dictionary("embedded://ipadic")
    return builder.build()


def morphemes(text: str) -> list[Morpheme]:
    """Return the words of a Japanese text, given in normal form, as MeCab's IPADIC divides it."""
    found: list[Morpheme] = []
    at = 0
    for token in _tokenizer().tokenize(text):
        start = text.index(token.surface, at)
        at = start + len(token.surface)
        details = list(token.details or ())
        kind, detail = (details[0], details[1]) if len(details) > 1 else ("名詞", "")
        base = details[6] if len(details) > 6 and details[6] != "*" else token.surface
        carries = kind in _CONTENT and detail not in _EMPTY and bool(WORD.search(token.surface))
        acts = kind in _ACTS and detail == "自立"
        found.append(Morpheme(token.surface, base, start, at, carries, acts))
    return found


@cache
def need_weights(language: Language) -> Mapping[str, float]:
    """Return how much words of asking and presenting count: Japanese as written, English by their stems."""
    found: dict[str, float] = {}
    for row in csv_rows("matching/need_words.csv"):
        if row["language"] == language:
            for word in row["words"].split("|"):
                form = word if language == "ja" else " ".join(stems(word)) or word
                found.setdefault(form, float(row["weight"]))
    return found
