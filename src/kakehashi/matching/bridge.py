"""The bridge between Japanese and English technical terms: the lists of data/matching, and the names of fields."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kakehashi.data.read import csv_rows
from kakehashi.manifest import text_digest
from kakehashi.matching.words import WORD, Morpheme, normal, stem, stems

_SHORTEST_INSIDE = 3
_BEHIND_ADJECTIVE = 2
"""Characters that follow one in a compound at least: 大きな人 are no 大人."""
_ACTS = "terms_verbs.csv"
_PHRASES = "terms_phrases.csv"


@dataclass(frozen=True)
class Term:
    """A term of a text: where it stands, and its English, the usual term first."""

    japanese: str
    start: int
    end: int
    english: tuple[str, ...]


class Bridge:
    """Japanese terms with their English, found longest first; and the way back from English."""

    def __init__(
        self, pairs: Mapping[str, tuple[str, ...]], acts: frozenset[str] = frozenset(),
        said: Mapping[str, tuple[str, ...]] | None = None, one_way: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """Take the pairs.

        Args:
            pairs: Japanese terms with their English.
            acts: the Japanese of those that are verbs or adjectives.
            said: everyday English by which needs name a thing, as `spoken` gives it, with the Japanese of its entries.
            one_way: the Japanese of those that are everyday phrases, which no English term is led back to.
        """
        self.pairs = pairs
        self.acts = acts
        self.said = said or {}
        self.digest = text_digest(
            *(f"{japanese}={'|'.join(english)}" for japanese, english in sorted(pairs.items())),
            *(f"{said}={begins}" for said, begins in sorted(_adjectives().items())),
        )
        self._longest = max(map(len, pairs), default=0)
        self._back: dict[str, list[str]] = {}
        self._written = {term.casefold() for english in pairs.values() for term in english}
        for japanese, english in pairs.items():
            for term in english if japanese not in one_way else ():
                self._back.setdefault(" ".join(stems(term)), []).append(japanese)

    def __len__(self) -> int:
        return len(self.pairs)

    def english(self, japanese: str) -> tuple[str, ...]:
        """Return the English of a term, nothing where it is not on the list."""
        return self.pairs.get(normal(japanese).casefold(), ())

    def terms(self, text: str, words: list[Morpheme]) -> Iterator[Term]:
        """Yield the terms of a Japanese text in normal form, longest first from left to right, none over another.

        A term begins and ends where a word does. Only a longer one may end inside a word that no dictionary knows.
        An adjective and a noun may be a compound of the lists: 小さな画面 is 小画面.
        """
        starts = {word.start for word in words}
        ends = {word.end for word in words}
        lower = text.casefold()
        at = 0
        while at < len(text) == len(lower):
            compound = self._compound(lower, at, ends) if at in starts else None
            found = compound.end if compound else self._at(lower, at, starts, ends)
            if found is not None:
                yield compound or Term(text[at:found], at, found, self.pairs[lower[at:found]])
            at = found or at + 1

    def _compound(self, text: str, at: int, ends: set[int]) -> Term | None:
        said = next((said for said in _adjectives() if text.startswith(said, at)), None)
        if said is None:
            return None
        noun = at + len(said)
        for end in range(min(len(text), noun + self._longest), noun + _BEHIND_ADJECTIVE - 1, -1):
            compound = _adjectives()[said] + text[noun:end]
            if compound in self.pairs and end in ends:
                return Term(compound, at, end, self.pairs[compound])
        return None

    def _at(self, text: str, at: int, starts: set[int], ends: set[int]) -> int | None:
        for end in range(min(len(text), at + self._longest), at, -1):
            if text[at:end] in self.pairs:
                aligned = (at in starts) + (end in ends)
                if aligned == 2 or (end - at >= _SHORTEST_INSIDE and aligned == 1) or end - at > _SHORTEST_INSIDE + 1:
                    return end
        return None

    def kindred(self, english: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return other English for the same things: of entries whose usual term this is, then of all others with it.

        A word that the lists hold for verbs alone may have another form than in the entry: woven, weaving.
        """
        key = " ".join(stems(english))
        any_form = self.acts_alone(english)
        usual: dict[str, None] = {}
        further: dict[str, None] = {}
        for japanese in self._back.get(key, ()):
            terms = self.pairs[japanese]
            if _same(terms[0], english):
                usual |= dict.fromkeys(terms)
            elif any_form or any(_same(term, english) for term in terms):
                further |= dict.fromkeys(terms)
        return tuple(_others(usual, {key})), tuple(_others(further, {key, *(" ".join(stems(one)) for one in usual)}))

    def usually(self, english: str) -> tuple[str, ...]:
        """Return the Japanese whose usual English a phrase is."""
        found = self._back.get(" ".join(stems(english)), ())
        return tuple(one for one in found if _same(self.pairs[one][0], english))

    def meant(self, phrase: str) -> tuple[str, ...]:
        """Return the entries that an everyday English phrase stands for, nothing where it is on no list."""
        return self.said.get(spoken(phrase), ())

    def acts_alone(self, english: str) -> bool:
        """Tell whether an English word is on the lists, and only for verbs and adjectives."""
        listed = self._back.get(" ".join(stems(english)), ())
        return bool(listed) and self.acts.issuperset(listed)

    def japanese(self, english: str) -> tuple[str, ...]:
        """Return the Japanese of an English term."""
        return tuple(self._back.get(" ".join(stems(english)), ()))

    def knows(self, stemmed: str, written: str | None = None) -> bool:
        """Tell whether the stems, joined by spaces, are an English term of the list.

        Stems say nothing of words such as "for" between them: where there are any, give the term as `written`.
        """
        return stemmed in self._back and (written is None or written.casefold() in self._written)


def spoken(phrase: str) -> str:
    """Return the words of an English phrase by their stems, with stop words as they are: "talk with" is not "talk"."""
    return " ".join(stem(word) or word for word in WORD.findall(phrase.lower()))


def _others(terms: Iterable[str], told: set[str]) -> Iterator[str]:
    """Yield the terms whose stems were not told."""
    for term in terms:
        key = " ".join(stems(term))
        if key not in told:
            told.add(key)
            yield term


def _same(one: str, other: str) -> bool:
    """Tell whether two terms of the same stems are one: single words but for number, for operator is not operation."""
    if " " in one or " " in other:
        return stems(one) == stems(other)
    return len({word.lower().removesuffix("es").removesuffix("s").removesuffix("e") for word in (one, other)}) == 1


@cache
def _adjectives() -> Mapping[str, str]:
    """Return adjectives as said before a noun, with the character that stands for each in compounds."""
    rows = csv_rows("matching/adjectives_ja.csv")
    return {said: row["begins"] for row in rows for said in row["said"].split("|")}


@cache
def bridge() -> Bridge:
    """Read the lists, written terms first. Raises DataError."""
    pairs: dict[str, tuple[str, ...]] = {}
    marked: dict[str, set[str]] = {_ACTS: set(), _PHRASES: set()}
    folder = files("kakehashi.data").joinpath("matching")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith("terms_"):
            for row in csv_rows(f"matching/{path.name}"):
                pairs.setdefault(normal(row["japanese"]).casefold(), tuple(row["english"].split("|")))
                marked.get(path.name, set()).add(normal(row["japanese"]).casefold())
    for japanese, english in _field_names():
        pairs.setdefault(normal(japanese).casefold(), (english,))
    return Bridge(pairs, frozenset(marked[_ACTS]), _said(), frozenset(marked[_PHRASES]))


def _said() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in csv_rows("matching/said_en.csv"):
        for phrase in row["said"].split("|"):
            key = spoken(phrase)
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), normal(row["japanese"]).casefold())))
    return found


def _field_names() -> Iterator[tuple[str, str]]:
    folder = files("kakehashi.data").joinpath("taxonomies")
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        file = path.joinpath("taxonomy.toml")
        if path.is_dir() and file.is_file():
            for field in tomllib.loads(file.read_text(encoding="utf-8")).get("fields", ()):
                if field.get("name_ja") and field.get("name_en"):
                    yield field["name_ja"], field["name_en"]
