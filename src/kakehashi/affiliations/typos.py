"""Misspelt words: a rare word one or two letters away from a frequent one, in a name that is otherwise the same."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.places import gazetteer

MIN_LETTERS = 6
"""Shorter words are not corrected: Meijo and Meiji, Kinki and Kindai are different universities."""

MIN_LETTERS_TWO = 10
"""From this length on two letters may be wrong."""

TIMES_RARER = 20
"""A word is taken for a misspelling of another that occurs in the country at least this many times as often."""

MIN_CORRECT = 10
"""A word that others are misspellings of occurs at least this often in the country."""


def corrections(mentions: Mapping[str, int]) -> Iterator[tuple[str, str, bool]]:
    """Yield each key with a misspelt word, the key it stands for, and whether the word says a type only (`Univercity`).

    Sorted; both keys are among `mentions`, which are those of one country, so that no other country's words count.
    Method: optimal string alignment distance at most 1, or 2 in long words, between words with the same first letter.
    """
    words: Counter[str] = Counter()
    for key, number in mentions.items():
        for word in set(key.split(" ")):
            words[word] += number
    meant = _corrected(words)
    for key in sorted(mentions):
        forms = key.split(" ")
        for at, word in enumerate(forms) if len(forms) > 1 else ():  # one word alone is an acronym or a company
            for right in meant.get(word, ()):
                other = " ".join([*forms[:at], right, *forms[at + 1 :]])
                if other in mentions:
                    yield key, other, right in _type_words()


def _corrected(words: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the words that each rare word may be meant for, most frequent first."""
    frequent: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if words[word] >= MIN_CORRECT and len(word) >= MIN_LETTERS and _has_form(word):
            frequent[word[0], len(word)].append(word)
    found: dict[str, list[str]] = {}
    for word in sorted(words) if frequent else ():
        if not _has_form(word) or _is_known(word):
            continue
        reach = 2 if len(word) >= MIN_LETTERS_TWO - 2 else 1
        lengths = range(len(word) - reach, len(word) + reach + 1)
        buckets = [
            frequent[at] for first in {word[0], word[1]} for length in lengths if (at := (first, length)) in frequent
        ]
        near = {
            other
            for bucket in buckets
            for other, _, _ in extract(word, bucket, scorer=OSA.distance, score_cutoff=reach, limit=None)
        }
        meant = [other for other in near if words[word] * TIMES_RARER <= words[other] and _is_typo(word, other)]
        if meant:
            found[word] = sorted(meant, key=lambda other: (-words[other], other))
    return found


def _has_form(word: str) -> bool:
    return len(word) >= MIN_LETTERS - 1 and word.isalpha() and word.isascii()


def _is_typo(word: str, right: str) -> bool:
    if len(right) < MIN_LETTERS or word.rstrip("s") == right.rstrip("s"):
        return False
    allowed = 2 if min(len(word), len(right)) >= MIN_LETTERS_TWO else 1
    same_start = word[0] == right[0] or word[:2] == right[1::-1]
    return same_start and OSA.distance(word, right, score_cutoff=allowed) <= allowed


@lru_cache(maxsize=65_536)
def _is_known(word: str) -> bool:
    """Whether a word is right as it is: a place, or a word that names are made of."""
    return word in _protected() or gazetteer().names.at((word,), 0) is not None


@cache
def _type_words() -> frozenset[str]:
    return small_words("generic") | small_words("common") | {
        row["word"] for row in read_table("institution_words.csv") if row["word"].isalpha() and row["word"].isascii()
    } | {row["expansion"] for row in read_table("name_abbreviations.csv")} | {"university"}  # fmt: skip


@cache
def _protected() -> frozenset[str]:
    words = _type_words() | small_words("direction") | small_words("unspoken") | small_words("address")
    words |= {row["word"] for row in read_table("ordinary_words.csv")}
    words |= {form for row in read_table("name_translations.csv") for form in row["phrase"].split(" ")}
    return words | {row["word"] for row in read_table("not_typos.csv")}
