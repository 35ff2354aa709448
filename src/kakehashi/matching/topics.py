"""What a page asks for, matter by matter: no one work is about all that a page names.

A text that names many things is divided where it turns to another matter: at a new line, at a word such as "second",
and where a matter has named enough. Each is searched for itself, so that none drowns the others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from kakehashi.matching.need import Concept, Need, Reader
from kakehashi.matching.passages import covered
from kakehashi.matching.policy import policy
from kakehashi.matching.retrieval import Found, Method, retrieve
from kakehashi.matching.store import Index
from kakehashi.texts import Language

_SENTENCE = re.compile(r"[^\n。！？!?.]+(?:\.(?!\s)[^\n。！？!?.]*)*[。！？!?.]*[ \t]*\n?")


@dataclass(frozen=True)
class FoundByTopic:
    """What answers a need: works with scores, the keywords added, and the topic that each work answers best.

    `topics` is empty where the need is of one matter; `of` gives the number of a topic by the row of a work.
    """

    found: Found
    topics: tuple[Need, ...] = ()
    of: Mapping[int, int] = field(default_factory=dict)


def search(index: Index, need: Need, parts: Sequence[Need], method: Method) -> FoundByTopic:
    """Return what answers a need, or the topics of one.

    A work has the score of the topic that it answers best, from 0 to 1 in each, times the share of the topic that its
    best works cover: of a topic that the study knows nothing of, works are found as well.
    """
    if not parts:
        return FoundByTopic(retrieve(index, need, method))
    scores: dict[int, float] = {}
    of: dict[int, int] = {}
    keywords: dict[str, float] = {}
    for number, part in enumerate(parts):
        found = retrieve(index, part, method)
        if not found.works:
            continue
        share = _known(index, part, found.works)
        weights = [(row, found.evidence.get(row, score)) for row, score in found.works]
        top = max(weight for _, weight in weights) or 1.0
        keywords |= found.keywords
        for row, weight in weights:
            value = share * weight / top
            if value > scores.get(row, -1.0):
                scores[row], of[row] = value, number
    ranked = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return FoundByTopic(Found(tuple(ranked), keywords), tuple(parts), of)


def topics(reader: Reader, text: str, language: Language) -> tuple[Need, ...]:
    """Return the topics of a text, each read as a need; nothing where it is of one matter, as a sentence is.

    What a company says of itself (policy: `about`) is no topic, nor is the background of what it asks for.
    """
    limits = policy()["topics"]
    read = [(sentence, reader.read(sentence, language)) for sentence in _SENTENCE.findall(text) if sentence.strip()]
    counts = sum(_turns(sentence) for sentence, _ in read) > 1
    if sum(len(need.concepts) for _, need in read) < limits["counted" if counts else "least"]:
        return ()
    asked = [(sentence, need) for sentence, need in read if not _pattern("about").search(sentence)]
    found = list(_divided(asked or read))
    wanted = [part for part in found if _asks(part)] or found
    together = -(-len(wanted) // limits["many"])
    parts = [
        [sentence for part in wanted[at : at + together] for sentence in part] for at in range(0, len(wanted), together)
    ]
    return tuple(map(_joined, parts)) if len(found) > 1 else ()


def asked_for(need: Need, parts: Sequence[Need]) -> Need:
    """Return a need with the things alone that its topics name: what else a page tells is no gap in an answer."""
    named = {concept.key for part in parts for concept in part.concepts}
    return replace(need, concepts=tuple(one for one in need.concepts if one.key in named)) if parts else need


def _divided(read: Iterable[tuple[str, Need]]) -> Iterator[list[tuple[str, Need]]]:
    """Yield the sentences of each topic. One that names too little goes with the topic before it.

    What names nothing at all, such as the number of a point, stands before what follows.
    """
    limits = policy()["topics"]
    now: list[tuple[str, Need]] = []
    ahead: list[tuple[str, Need]] = []
    weight = 0.0
    turned = False
    for sentence, need in read:
        own = _weight(need.concepts)
        turned = turned or _turns(sentence)
        ahead.append((sentence, need))
        if own > 0:
            if now and weight >= limits["own"] and (turned or weight + own > limits["most"]):
                yield now
                now, weight = [], 0.0
            now += ahead
            ahead, weight, turned = [], weight + own, False
        turned = turned or sentence.endswith("\n")
    if weight > 0:
        yield now + ahead


def _joined(part: Sequence[tuple[str, Need]]) -> Need:
    """Return sentences as one need, what is named twice only once."""
    concepts: dict[tuple[str, ...], Concept] = {}
    for _, need in part:
        for concept in need.concepts:
            concepts.setdefault(concept.key, concept)
    text = " ".join("".join(sentence for sentence, _ in part).split())
    return replace(part[0][1], text=text, concepts=tuple(concepts.values()))


def _known(index: Index, part: Need, works: Sequence[tuple[int, float]]) -> float:
    """Return the share of a topic that one of its best works covers, the most that any does."""
    best = [row for row, _ in works[: policy()["topics"]["looked_at"]]]
    whole = sum(concept.weight for concept in part.concepts)
    met = [covered(record, part.concepts) for record in index.records(best).values()]
    return max(sum(part.concepts[number].weight for number in one) for one in met) / whole if whole else 0.0


def _weight(concepts: Sequence[Concept]) -> float:
    """Return how much is named that works in English may be found by."""
    return sum(one.weight for one in concepts if any(other.language == "en" for other in one.alternatives))


def _asks(part: Sequence[tuple[str, Need]]) -> bool:
    return _turns(part[0][0]) or any(_pattern("asks").search(sentence) for sentence, _ in part)


def _turns(sentence: str) -> bool:
    return bool(_pattern("turns").match(sentence.strip()))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(policy()["topics"][name]), re.IGNORECASE)
