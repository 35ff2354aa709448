"""Where a work answers a need: what of the need it covers, and the passages that show it, with what matches marked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.matching.need import Concept
from kakehashi.matching.schema import Record
from kakehashi.matching.words import WORD, is_japanese, normal, stem, stems

_SENTENCE = re.compile(r"[^.!?。！？]+(?:[.!?](?!\s)[^.!?。！？]*)*[.!?。！？]*\s*")
_LONGEST = 320


@dataclass(frozen=True)
class Passage:
    """A piece of a work: its place (title, abstract or keywords), its text, and what matches as pairs of offsets."""

    place: str
    text: str
    marks: tuple[tuple[int, int], ...]


def covered(record: Record, concepts: Sequence[Concept], *, japanese: bool | None = None) -> frozenset[int]:
    """Return the numbers of the concepts that a work covers: all words of one of their alternatives occur in it.

    `japanese`: whether its ideographs are Japanese; None: what its letters say, for a work may be Chinese.
    """
    text = f"{record.title}. {'. '.join(record.keywords)}. {record.abstract or ''}"
    own = {stem(word) for word in WORD.findall(text.lower())}
    told = is_japanese(text) if japanese is None else japanese
    squeezed = "".join(normal(text).casefold().split()) if told else ""
    found = set()
    for number, concept in enumerate(concepts):
        for one in concept.alternatives:
            if one.language == "ja":
                if squeezed and one.text.casefold() in squeezed:
                    found.add(number)
            elif one.stems and own.issuperset(one.stems):
                found.add(number)
    return frozenset(found)


def passages(record: Record, concepts: Sequence[Concept], number: int) -> tuple[Passage, ...]:
    """Return the title and the sentences or keywords of a work that name most of the need, at most `number`."""
    wanted = {word: concept.weight for concept in concepts for one in concept.alternatives for word in one.stems}
    places = [("title", record.title)]
    places += [("abstract", _shortened(sentence)) for sentence in _SENTENCE.findall(record.abstract or "")]
    if record.keywords:
        fitting = [keyword for keyword in record.keywords if wanted.keys() & set(stems(keyword))]
        places.append(("keywords", "; ".join(fitting)))
    rated = []
    for order, (place, text) in enumerate(places):
        marks, met = _marks(text, wanted)
        weight = sum(wanted[word] for word in met)
        if weight > 0:
            rated.append((-(weight + (0.5 if place == "title" else 0)), order, Passage(place, text, marks)))
    best = sorted(rated, key=lambda one: one[:2])[:number]
    return tuple(passage for _, _, passage in sorted(best, key=lambda one: one[1]))


def _marks(text: str, wanted: dict[str, float]) -> tuple[tuple[tuple[int, int], ...], set[str]]:
    marks: list[tuple[int, int]] = []
    met = set()
    for match in WORD.finditer(text):
        form = stem(match.group())
        if form in wanted:
            met.add(form)
            if marks and text[marks[-1][1] : match.start()] in (" ", "-"):
                marks[-1] = (marks[-1][0], match.end())
            else:
                marks.append((match.start(), match.end()))
    for word in wanted:
        if not word.isascii():
            for match in re.finditer(re.escape(word), text):
                met.add(word)
                marks.append((match.start(), match.end()))
    return tuple(sorted(set(marks))), met


def _shortened(sentence: str) -> str:
    text = " ".join(sentence.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
