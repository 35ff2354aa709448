"""A need read: the things it names, each with the English and Japanese by which works may name them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

from kakehashi.matching.bridge import Bridge, bridge
from kakehashi.matching.katakana import Hearing
from kakehashi.matching.policy import policy
from kakehashi.matching.words import (
    KATAKANA,
    LATIN,
    WORD,
    Morpheme,
    language_of,
    morphemes,
    need_weights,
    normal,
    spellings,
    stem,
    stems,
)
from kakehashi.texts import Language

Origin = Literal["written", "list", "kindred", "beside", "spelling", "heard", "morpheme"]
_LONGEST_TERM = 5
_COMMON_KEYWORD = 3


@dataclass(frozen=True)
class Alternative:
    """One way in which works may name a thing: words in a language, how much it counts, where it comes from.

    written: as the need has it; list: from the lists of terms; kindred: other words for the same by the lists;
    spelling: the British or American form of a word; heard: katakana met with English words; morpheme: a word of the
    text that no list holds.
    """

    text: str
    language: Language
    weight: float
    origin: Origin

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The words that are compared."""
        return tuple(stems(self.text)) if self.language == "en" else tuple(self.text.split())


@dataclass(frozen=True)
class Concept:
    """A thing that a need names: as written, where it stands, what it counts (a term: 1), its alternatives.

    `act`: it is a Japanese verb or adjective.
    """

    text: str
    start: int
    end: int
    weight: float
    alternatives: tuple[Alternative, ...]
    act: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from other things: the words of its first name."""
        return self.alternatives[0].stems or (self.text,)


@dataclass(frozen=True)
class Need:
    """A need as it was read. `concepts` are in the order of the text, the same thing named twice only once."""

    text: str
    language: Language
    concepts: tuple[Concept, ...]


class Known(Protocol):
    """What a study knows of words: those of its titles and keywords with their works, and its keywords."""

    @property
    def words(self) -> Mapping[str, int]:
        """The words, each with the works that have it."""

    @property
    def hearing(self) -> Hearing:
        """What meets katakana words with them."""

    def works_with_keyword(self, keyword: str) -> int:
        """Return how many works have a keyword."""


class Reader:
    """Reads needs with what a study knows."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._bridge: Bridge = bridge()
        self._limits = policy()["query"]

    def read(self, text: str, language: Language | None = None) -> Need:
        """Read a need. `language`: that of the text; None: what its letters say."""
        spoken = language or language_of(text)
        own = normal(" ".join(text.split()))
        found = self._japanese(own) if spoken == "ja" else self._english(own, 0)
        return Need(own, spoken, tuple(_distinct(found)))

    # --- Japanese ---

    def _japanese(self, text: str) -> Iterator[Concept]:
        words = morphemes(text)
        terms = list(self._bridge.terms(text, words))
        at = 0
        for term in terms:
            yield from self._between(text, at, term.start, words)
            act = term.japanese in self._bridge.acts
            weight = need_weights("ja").get(term.japanese, self._limits["act"] if act else 1.0)
            weight = min(weight, self._as_in_english(term.english))
            if weight > 0:
                known = self._of_list(term.japanese, term.english)
                yield Concept(term.japanese, term.start, term.end, weight, known, act)
            at = term.end
        yield from self._between(text, at, len(text), words)

    def _as_in_english(self, english: tuple[str, ...]) -> float:
        """Return the most that a Japanese term counts, for its usual English may count little: both name one thing.

        English that counts nothing is no reason to drop the Japanese: "field" is a word of asking, 畑 is not.
        """
        return need_weights("en").get(" ".join(stems(english[0])), 1.0) or 1.0

    def _between(self, text: str, start: int, end: int, words: list[Morpheme]) -> Iterator[Concept]:
        """Yield what stands between two terms: English words, katakana, and words that carry meaning."""
        part = text[start:end]
        taken: list[tuple[int, int]] = []
        for match in LATIN.finditer(part):
            taken.append((start + match.start(), start + match.end()))
            yield from self._english(match.group(), start + match.start())
        for match in KATAKANA.finditer(part):
            taken.append((start + match.start(), start + match.end()))
            yield from self._katakana(match.group(), start + match.start())
        for word in words:
            inside = start <= word.start and word.end <= end
            if not inside or any(a <= word.start < b for a, b in taken):
                continue
            if word.acts:
                yield from self._act(word)
            if not word.content:
                continue
            weight = need_weights("ja").get(word.base, need_weights("ja").get(word.surface, 1.0))
            if weight > 0 and (len(word.base) > 1 or self._bridge.english(word.base)):
                yield self._morpheme(word, weight)

    def _morpheme(self, word: Morpheme, weight: float) -> Concept:
        english = self._bridge.english(word.base)
        own = Alternative(word.base, "ja", self._limits["morpheme"], "morpheme")
        known = self._of_list(word.base, english) if english else (own,)
        return Concept(word.surface, word.start, word.end, weight, known)

    def _act(self, word: Morpheme) -> Iterator[Concept]:
        """Yield a verb or adjective that a list knows; it counts less than a thing, for many works do the same."""
        english = self._bridge.english(word.base)
        weight = need_weights("ja").get(word.base, self._limits["act"])
        if english and weight > 0:
            yield Concept(word.base, word.start, word.end, weight, self._of_list(word.base, english), act=True)

    def _katakana(self, text: str, start: int) -> Iterator[Concept]:
        weight = need_weights("ja").get(text, 1.0)
        if weight <= 0 or not text.strip("ー・"):
            return
        heard = self._known.hearing.heard(text)
        own = Alternative(text, "ja", self._limits["morpheme"], "morpheme")
        alternatives = [own]
        if heard is not None:
            words = " ".join(heard.words)
            alternatives.insert(0, Alternative(words, "en", self._limits["transliterated"], "heard"))
        yield Concept(text, start, start + len(text), weight, tuple(alternatives))

    def _of_list(self, japanese: str, english: tuple[str, ...]) -> tuple[Alternative, ...]:
        first, further = self._limits["first"], self._limits["further"]
        found = [Alternative(term, "en", first if not place else further, "list") for place, term in enumerate(english)]
        own = Alternative("".join(japanese.split()), "ja", first, "written")
        return (*found[: self._limits["most_alternatives"]], own)

    # --- English ---

    def _english(self, text: str, offset: int) -> Iterator[Concept]:
        words = [(match.start(), match.end(), stem(match.group().lower())) for match in WORD.finditer(text)]
        weights = need_weights("en")
        at = 0
        while at < len(words):
            until = self._term(text, words, at)
            start, end = words[at][0], words[until - 1][1]
            key = " ".join(one for _, _, one in words[at:until] if one)
            weight = weights.get(key, weights.get(text[start:end].lower(), 1.0)) if key else 0.0
            weight = min(weight, self._as_in_japanese(text[start:end]))
            if until - at > 1 and self._meant(text[start:end]):
                weight = 1.0  # "talk" says nothing, "talk with" does
            if weight > 0 and (len(key) > 1 or until - at > 1) and not key.isdigit():
                phrase = text[start:end]
                act = self._acts(phrase)
                weight = min(weight, self._limits["act"]) if act else weight
                yield Concept(phrase, offset + start, offset + end, weight, self._of_english(phrase, act), act)
            at = until

    def _as_in_japanese(self, phrase: str) -> float:
        """Return the most that English counts: nothing where all its usual Japanese are words of asking."""
        weights = need_weights("ja")
        return max((weights.get(term, 1.0) for term in self._bridge.usually(phrase)), default=1.0)

    def _acts(self, phrase: str) -> bool:
        """Tell whether a phrase is one that the lists hold for verbs and adjectives alone."""
        meant = self._meant(phrase)
        return self._bridge.acts.issuperset(meant) if meant else self._bridge.acts_alone(phrase)

    def _meant(self, phrase: str) -> tuple[str, ...]:
        """Return the entries that an everyday phrase stands for; none where a list of terms holds it itself."""
        return () if self._listed(phrase, " ".join(stems(phrase))) else self._bridge.meant(phrase)

    def _term(self, text: str, words: list[tuple[int, int, str]], at: int) -> int:
        """Return where the longest term that begins at a word ends: one of the lists, else a keyword of the study.

        A keyword that a term of the lists begins in is parted, so that both languages name the same things.
        """
        said = self._said(text, words, at)
        spans = list(self._spans(text, words, at))
        for until, phrase, key in spans:
            if until > said and self._listed(phrase, key):
                return until
        if said > at:
            return said
        for until, phrase, _ in spans:
            common = self._known.works_with_keyword(phrase) >= _COMMON_KEYWORD
            if common and not self._listed_within(text, words, at, until):
                return until
        return at + 1

    def _said(self, text: str, words: list[tuple[int, int, str]], at: int) -> int:
        """Return where the longest everyday phrase of two words or more that begins at a word ends, else `at`."""
        for until in range(min(len(words), at + _LONGEST_TERM), at + 1, -1):
            if self._bridge.meant(text[words[at][0] : words[until - 1][1]]):
                return until
        return at

    def _listed(self, phrase: str, key: str) -> bool:
        return self._bridge.knows(key, phrase if len(WORD.findall(phrase)) > len(key.split()) else None)

    def _spans(self, text: str, words: list[tuple[int, int, str]], at: int) -> Iterator[tuple[int, str, str]]:
        """Yield the ends of what may be a term of two words or more, the longest first, with its text and its stems."""
        weights = need_weights("en")
        for until in range(min(len(words), at + _LONGEST_TERM), at + 1, -1):
            between = text[words[at][1] : words[until - 1][0]]
            first, last = words[at][2], words[until - 1][2]
            if any(sign in between for sign in ".,;:!?()") or not first or not last:
                continue
            if weights.get(first, 1.0) == 0 and weights.get(last, 1.0) == 0:
                continue
            phrase = text[words[at][0] : words[until - 1][1]].lower()
            yield until, phrase, " ".join(one for _, _, one in words[at:until] if one)

    def _listed_within(self, text: str, words: list[tuple[int, int, str]], at: int, until: int) -> bool:
        """Tell whether a term of the lists, of two words or more, begins inside a span."""
        return any(
            self._listed(phrase, key)
            for inside in range(at + 1, until)
            for _, phrase, key in self._spans(text, words, inside)
        )

    def _of_english(self, phrase: str, act: bool) -> tuple[Alternative, ...]:
        first, further = self._limits["first"], self._limits["further"]
        meant = self._meant(phrase)
        if meant:
            return self._of_meant(phrase, meant)
        own = Alternative(phrase, "en", first, "written")
        spelt = [Alternative(one, "en", first, "spelling") for one in self._spelt(phrase)]
        told = {one.stems for one in (own, *spelt)}
        usual, others = self._bridge.kindred(phrase)
        if not self._listed(phrase, " ".join(stems(phrase))):
            usual = self._of_core(phrase)
        if act:
            usual, others = (*usual, *others), ()
        kindred = [Alternative(term, "en", further, "kindred") for term in usual]
        kindred += [Alternative(term, "en", self._limits["around"], "beside") for term in others]
        kindred = [one for one in kindred if one.stems not in told]
        japanese = [Alternative("".join(term.split()), "ja", first, "list") for term in self._bridge.japanese(phrase)]
        most = self._limits["most_alternatives"]
        return (own, *spelt, *kindred[: most - 1], *japanese[:most])

    def _of_core(self, phrase: str) -> tuple[str, ...]:
        """Return the names of the thing in a phrase with words of asking around it, as in small screens."""
        weights = need_weights("en")
        words = phrase.split()
        while words and weights.get(stem(words[0].lower()), 1.0) == 0:
            words = words[1:]
        while words and weights.get(stem(words[-1].lower()), 1.0) == 0:
            words = words[:-1]
        core = " ".join(words)
        return (core, *self._bridge.kindred(core)[0]) if core and core != phrase else ()

    def _of_meant(self, phrase: str, meant: tuple[str, ...]) -> tuple[Alternative, ...]:
        """Return what the same thing said in Japanese would be searched by; works hardly say the phrase itself."""
        found = {one.stems: one for entry in reversed(meant) for one in self._of_list(entry, self._bridge.pairs[entry])}
        own = Alternative(phrase, "en", self._limits["around"], "written")
        return (*(one for one in found.values() if one.stems != own.stems), own)

    def _spelt(self, phrase: str) -> Iterator[str]:
        words = phrase.lower().split()
        for place, word in enumerate(words):
            for other in spellings(word, self._known.words):
                if stem(other) != stem(word):
                    yield " ".join([*words[:place], other, *words[place + 1 :]])


def _distinct(concepts: Iterator[Concept]) -> Iterator[Concept]:
    seen: set[tuple[str, ...]] = set()
    for concept in concepts:
        if concept.key not in seen:
            seen.add(concept.key)
            yield concept
