"""The words of a title, an abstract and keywords as the text model sees them."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from kakehashi.fields.keywords import normal, singular

MAX_WORDS = 400
"""Words of an abstract that are read: longer ones repeat themselves, and a full text is no abstract."""

_WORD = re.compile(r"[a-z][a-z0-9]*|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&[a-zA-Z]{2,8};|\$[^$]{0,80}\$")
_FIRST_CJK = "\u3000"
_SMALL_WORDS = (
    "a an and are as at be been between both but by can for from has have how in into is it its may more most not of "
    "on or our over such than that the their them then there these they this those to under use used using via was we "
    "were what when where which while who why with within without"
)
SMALL = frozenset(_SMALL_WORDS.split())
"""Words that say nothing of a subject."""


def words(text: str | None) -> list[str]:
    """Return the words of a text in small letters and the singular, without small words; CJK runs as pairs of signs."""
    return [each for word in printed(text or "") for each in counted(word)][:MAX_WORDS]


def printed(text: str) -> list[str]:
    """Return the words of a text as they are printed, in small letters. A run of CJK signs is one."""
    return _WORD.findall(unicodedata.normalize("NFKC", _TAG.sub(" ", text)).lower())


def counted(word: str) -> list[str]:
    """Return what a printed word counts as: its singular, nothing if it is small, the pairs of a CJK run."""
    if word > _FIRST_CJK:
        return [word[place : place + 2] for place in range(max(1, len(word) - 1))]
    return [singular(word)] if len(word) > 1 and word not in SMALL else []


def terms(tokens: list[str]) -> Iterable[str]:
    """Yield the words and the pairs of neighbouring words."""
    yield from tokens
    for first, second in pairwise(tokens):
        yield f"{first} {second}"


def features(title: str | None, abstract: str | None, keywords: Iterable[str]) -> list[str]:
    """Return the features of a work: `t:` of its title, `a:` of its abstract, `k:` its keywords in normal form.

    A word or pair that occurs often counts as often as it occurs. Keywords count as words of the title too: both are
    what the authors chose to call the work.
    """
    found = [f"t:{term}" for term in terms(words(title))]
    found += [f"a:{term}" for term in terms(words(abstract))]
    for keyword in keywords:
        form = normal(keyword)
        if form:
            found.append(f"k:{form}")
            found += [f"w:{term}" for term in terms(words(form))]
    return found
