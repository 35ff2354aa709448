"""Linking: from readings of strings to organisations of the registry, each with its confidence and the runner-up."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from kakehashi.affiliations.linking.choosing import FIRST, SHARED, Link, Scored, chosen, moved, relative
from kakehashi.affiliations.linking.evidence import Seen, Weigher, is_any, is_typed, may_begin, may_name
from kakehashi.affiliations.linking.index import Index, load
from kakehashi.affiliations.linking.judging import NO_COUNTRY, Judge
from kakehashi.affiliations.linking.model import Floats, Model, load_model
from kakehashi.affiliations.linking.neighbours import around
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.rules import (
    aliases_abroad,
    may_be_joined,
    may_be_ruled,
    named_at_home,
    placed,
    without_towns,
)
from kakehashi.affiliations.linking.weighed import Weighed
from kakehashi.affiliations.linking.weighing import Gatherer
from kakehashi.affiliations.lists import linking_policy
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.resolve import Reading

KEPT = 8_192
"""Answers kept for strings that differ in departments and streets only; beyond that all go at once."""

_ROUNDING = 0.001
"""Rounding adds less than this to a confidence."""


class Answer(NamedTuple):
    """The links of a string, and the country that all its likely organisations share even where none is sure."""

    links: tuple[Link, ...]
    country: str | None
    country_confidence: float


class Linker:
    """Links readings to the organisations of one index."""

    def __init__(self, index: Index, model: Model | None = None) -> None:
        self.index = index
        self._gatherer = Gatherer(index)
        self._weigher = Weigher(index)
        self._model = model or load_model()
        self._known: dict[object, Answer] = {}
        self._policy = linking_policy()
        self.judge = Judge(index.organisations, self._model, self._policy)
        self._branch = np.zeros(len(index.organisations), dtype=np.bool_)
        self._branch[list(index.tables.branches)] = True
        self._branch_most = self._model.score(self._policy["branch"]["confidence"])

    def organisation(self, number: int) -> Organisation:
        """Return the record behind a link."""
        return self.index.organisations[number]

    def parents(self, number: int) -> Sequence[int]:
        """Return the numbers of an organisation's parents."""
        found: list[int] = self.index.tables.parents.of(np.array([number]))[1].tolist()
        return found

    def answer(self, readings: Sequence[Reading], least: float = 0.0, *, leaning: bool = True) -> list[Answer]:
        """Return the links of each reading, in the order of the string, of any confidence from `least` on, and others.

        `leaning`: whether the country is asked for also where every address of the string tells its own.
        Strings are weighed together, which is much faster; the answer for each does not depend on the others.
        """
        seen = [self._weigher.look(reading) for reading in readings]
        if len(self._known) > KEPT:
            self._known.clear()
        answers: list[Answer | None] = []
        fresh: dict[tuple[object, float, bool], list[int]] = {}
        for at, (one, reading) in enumerate(zip(seen, readings, strict=True)):
            told = reading.located
            untold = told[0].country is None if len(told) == 1 else any([each.country is None for each in told])  # noqa: C419
            name = one.name, least, leaning or untold
            known = self._known.get(name)
            if known is None:
                fresh.setdefault(name, []).append(at)
            answers.append(known)
        scored = self._scored([seen[places[0]] for places in fresh.values()], least)
        for (name, places), scores in zip(fresh.items(), scored, strict=True):
            one = seen[places[0]]
            links, country, confidence = self._decided(one, *scores, least, leaning=name[2])
            links = without_towns(links, self.index, self._policy["town"]["confidence"])
            known = self._known[name] = Answer(relative(links, one.parts), country, confidence)
            for at in places:
                answers[at] = known
        return [_absolute(cast("Answer", known), one.parts) for known, one in zip(answers, seen, strict=True)]

    def _decided(
        self, seen: Seen, scores: "_Scores", begin: int, end: int, least: float, *, leaning: bool
    ) -> tuple[list[Link], str | None, float]:
        """Return the links of a string, the country it leans to if that is asked for, and how sure that is.

        Its rows are those from `begin` on, before `end`. Most candidates of most strings are nothing that is told of:
        no object is made of them.
        """
        sure = scores.sure
        rows = range(begin, end)
        alike: list[int] = []
        if leaning and begin < end:
            best = max(rows, key=scores.score.__getitem__)
            if sure[best] >= self._policy["leaning"]["confidence"]:
                alike = scores.weighed.alike(best, begin, end)
        if (
            True in scores.spoken[begin:end] or (alike and any(scores.ruled[row] for row in alike))
            or may_be_joined(seen) or is_any(seen)
        ):  # fmt: skip
            scored = self.judge.judged(scores.scored(rows), seen, scores.ruled[begin:end])
            links = chosen([one for one in scored if one.confidence >= least])
            return links, *(self.judge.leaning(scored) if leaning else NO_COUNTRY)
        links = chosen(scores.scored([row for row in rows if sure[row] >= least], inputs=False))
        return links, *(self.judge.leaning(scores.scored(alike, inputs=False)) if alike else NO_COUNTRY)

    def is_bare(self, facts: Facts) -> bool:
        """Return whether a part names nothing."""
        return self._weigher.view(facts).bare

    def may_begin(self, facts: Facts) -> bool:
        """Return whether a part that names nothing may begin a name that runs over the comma behind it."""
        return may_begin(facts, self._weigher.view(facts))

    def may_name(self, facts: Facts) -> bool:
        """Return whether a part that names nothing may begin a name with a place behind it."""
        return may_name(facts, self._weigher.view(facts))

    def is_typed(self, facts: Facts) -> bool:
        """Return whether a part has a type word, and so may end a name that the part before it begins."""
        return is_typed(self._weigher.view(facts))

    def owner(self, hosts: Sequence[str]) -> Organisation | None:
        """Return the one organisation that owns the domain of an e-mail or web address, if there is just one."""
        number = self._weigher.owner(hosts) if hosts else None
        return None if number is None else self.organisation(number)

    def weigh(self, reading: Reading) -> list[Scored]:
        """Return all candidates of a reading with their confidence, best first: what `explain` shows."""
        seen = self._weigher.look(reading)
        scores, begin, end = next(self._scored([seen]))
        scored = self.judge.judged(scores.scored(range(begin, end)), seen, scores.ruled)
        return sorted(scored, key=lambda one: -one.score)

    def _scored(self, seen: Sequence[Seen], least: float = 0.0) -> Iterator[tuple["_Scores", int, int]]:
        """Yield for each string the scores of some strings, with which row its own begin and before which they end."""
        for weighed in self._gatherer.gather(seen):
            if not len(weighed.inputs):
                yield from [(_Scores(weighed, [], [], [], []), 0, 0)] * len(weighed.ends)
                continue
            first = self._model.first.probability(weighed.inputs)
            sizes = np.diff(weighed.ends, prepend=0)
            beside = around(weighed.edges, weighed.organisations, sizes, first)
            score = self._model.second.probability(np.vstack([weighed.inputs.T, beside.T]).T)
            for rows in (
                np.flatnonzero(self._branch[weighed.organisations] & ~placed(weighed.inputs)),
                aliases_abroad(weighed, self.index.organisations, score > self._branch_most),
            ):
                score[rows] = np.minimum(score[rows], self._branch_most)
            score[named_at_home(weighed, beside)] *= self._policy["named_abroad"]["share"]
            sure = _rounded(self._model.calibrated(score), min(least, SHARED))
            ruled, spoken = may_be_ruled(weighed, sure, sizes, self.judge.bounds._replace(least=least))
            scores, begin = _Scores(weighed, score.tolist(), sure.tolist(), ruled.tolist(), spoken.tolist()), 0
            for end in weighed.ends:
                yield scores, begin, end
                begin = end


class _Scores(NamedTuple):
    """The scores and confidences (`sure`) of the rows of what was weighed.

    A rule may have something to say of the `ruled` ones by themselves; where none of a string is `spoken` of, that
    changes nothing but how likely the likeliest stretch's country is.
    """

    weighed: Weighed
    score: list[float]
    sure: list[float]
    ruled: list[bool]
    spoken: list[bool]

    def scored(self, rows: Iterable[int], *, inputs: bool = True) -> list[Scored]:
        """Return rows as candidates (see Weighed.candidate)."""
        candidate = self.weighed.candidate
        return [Scored(candidate(row, inputs=inputs), self.score[row], round(self.sure[row], 3)) for row in rows]


def _rounded(sure: Floats, least: float) -> Floats:
    """Round to three digits, as Python does and NumPy not quite, what then may be as much as `least`: few of many."""
    told = np.flatnonzero(sure >= least - _ROUNDING)
    out = sure.copy()
    out[told] = [round(each, 3) for each in sure[told].tolist()]
    return out


def _absolute(answer: Answer, parts: tuple[int, ...]) -> Answer:
    if not answer.links or parts == FIRST[: len(parts)]:
        return answer
    return answer._replace(links=tuple([moved(one, parts[one.part]) for one in answer.links]))


@cache
def open_linker(path: Path) -> Linker:
    """Return the linker over a saved index: one per process and file."""
    return Linker(load(path))
