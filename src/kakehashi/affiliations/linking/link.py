"""Linking: from readings of strings to organisations of the registry, each with its confidence and the runner-up."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from kakehashi.affiliations.linking.candidates import EXACT, REORDERED
from kakehashi.affiliations.linking.choosing import FIRST, SHARED, Link, Scored, chosen, moved, relative
from kakehashi.affiliations.linking.evidence import Seen, Weigher, is_any, is_typed, may_begin, may_name
from kakehashi.affiliations.linking.index import ACRONYM, DISPLAY, LABEL, Index, load
from kakehashi.affiliations.linking.model import Floats, Model, load_model
from kakehashi.affiliations.linking.neighbours import around
from kakehashi.affiliations.linking.organisations import Organisation
from kakehashi.affiliations.linking.rules import (
    ACROSS,
    ACTIVE,
    AGREEING,
    COUNTRY,
    KIND,
    LEFT,
    MANNER,
    PARENT_NAMED,
    RIGHT,
    TOWN,
    Bounds,
    aliases_abroad,
    either,
    fullest,
    is_only,
    is_plain,
    least_sure,
    may_be_campus,
    may_be_joined,
    may_be_ruled,
    named_at_home,
    over_same_words,
    placed,
    without_towns,
)
from kakehashi.affiliations.linking.tops import Tops
from kakehashi.affiliations.linking.views import NOTHING, PLACE
from kakehashi.affiliations.linking.weighed import Weighed
from kakehashi.affiliations.linking.weighing import Gatherer
from kakehashi.affiliations.lists import linking_policy
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.resolve import Reading

KEPT = 8_192
"""Answers kept for strings that differ in departments and streets only; beyond that all go at once."""

_AHEAD = 0.001
"""Puts what a rule decided for before all else that names the same words."""

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
        self._rules = linking_policy()
        child, only, full = (self._rules[rule] for rule in ("beside_parent", "only_name", "full_name"))
        self._bounds = Bounds(0.0, child["from"], only["from"], full["confidence"], full["alias"])
        self._branch = np.zeros(len(index.organisations), dtype=np.bool_)
        self._branch[list(index.tables.branches)] = True
        self._branch_most = self._score(self._rules["branch"]["confidence"])

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
            links = without_towns(links, self.index, self._rules["town"]["confidence"])
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
            if sure[best] >= self._rules["leaning"]["confidence"]:
                alike = scores.weighed.alike(best, begin, end)
        if (
            True in scores.spoken[begin:end] or (alike and any(scores.ruled[row] for row in alike))
            or may_be_joined(seen) or is_any(seen)
        ):  # fmt: skip
            scored = self._judged(scores.scored(rows), seen, scores.ruled[begin:end])
            links = chosen([one for one in scored if one.confidence >= least])
            return links, *(self._leaning(scored) if leaning else _NO_COUNTRY)
        links = chosen(scores.scored([row for row in rows if sure[row] >= least], inputs=False))
        return links, *(self._leaning(scores.scored(alike, inputs=False)) if alike else _NO_COUNTRY)

    def _judged(self, scored: list[Scored], seen: Seen, ruled: Sequence[bool]) -> list[Scored]:
        """Put right by rule what the model cannot know: names of every country, and what a sure name stands beside.

        `ruled`: of which candidates a rule may speak by itself; of most none does.
        """
        if is_any(seen):
            return [Scored(one.candidate, 0.0, 0.0) for one in scored]
        if True not in ruled:
            return self._raised(scored, seen)
        told = [self._campus(one, scored) if ask else one for one, ask in zip(scored, ruled, strict=True)]
        scored = self._raised(told, seen)
        return self._in_full([
            self._turned(self._certain(one, scored), scored) if ask else one
            for one, ask in zip(scored, ruled, strict=True)
        ], towns=bool(seen.towns))  # fmt: skip

    def _certain(self, one: Scored, scored: Sequence[Scored]) -> Scored:
        """Be as sure as linking.toml says of acronyms in their town, institutes beside their parent, and only names."""
        said = one.candidate.features
        if not is_plain(one.candidate) or said[AGREEING] != 1:
            return one
        acronym, child, only = self._rules["acronym"], self._rules["beside_parent"], self._rules["only_name"]
        least = 0.0
        if said[KIND] == ACRONYM:
            alone = said[LEFT] == NOTHING and said[RIGHT] in (NOTHING, PLACE)
            least = least_sure(acronym, said, len(one.candidate.key)) if alone else 0.0
        elif said[KIND] <= LABEL and said[PARENT_NAMED] and one.confidence >= child["from"]:
            whole = any(
                other.candidate.organisation == one.candidate.organisation and other.candidate[:2] == one.candidate[:2]
                and other.candidate.features[ACROSS] and other.candidate.features[MANNER] == EXACT
                for other in scored
            )  # fmt: skip
            least = child["confidence"] if whole else 0.0
        if not least and one.confidence >= only["from"] and is_only(one, scored, only["others"]):
            least = only["confidence"]
        if one.confidence >= least or any(
            other.score > one.score for other in scored if other.candidate[:4] == one.candidate[:4]
        ):
            return one
        return Scored(one.candidate, self._score(least), least)

    def _campus(self, one: Scored, scored: Sequence[Scored]) -> Scored:
        """Add to a campus what speaks for the system whose name it begins with: the town behind tells which.

        Where the address tells the town, not the name, the campus must be likely enough by itself.
        """
        if not may_be_campus(one.candidate):
            return one
        parents = self.organisation(one.candidate.organisation).parents
        across = one.candidate.features[ACROSS]
        same = 2 if across else 4
        system = max(
            (
                other.score for other in scored
                if other.candidate[:same] == one.candidate[:same] and not other.candidate.features[ACROSS]
                and self.organisation(other.candidate.organisation).ror_id in parents
            ),
            default=0.0,
        )  # fmt: skip
        if not system or (not across and self._rules["campus"]["share"] * system > one.score):
            return one
        score = max(min(one.score + system, self._rules["campus"]["most"]), one.score)
        return Scored(one.candidate, score, self._confidence(score))

    def _in_full(self, scored: list[Scored], *, towns: bool) -> list[Scored]:
        """Where only acronyms are sure, be as sure as linking.toml says of the longest full name in its town.

        Where there is none, of the surer of two names one of which stands in the other. `towns`: whether any is named.
        """
        sure = self._rules["full_name"]["confidence"]
        if any(one.confidence >= sure for one in scored if one.candidate.features[KIND] != ACRONYM):
            return scored
        best = fullest(scored, self._rules["full_name"]) or either(scored, sure, towns=towns)
        if best is None:
            return scored
        score = max(self._score(sure), *(one.score for one in over_same_words(best, scored)))
        return [Scored(one.candidate, score + _AHEAD, sure) if one is best else one for one in scored]

    def _turned(self, one: Scored, scored: Sequence[Scored]) -> Scored:
        """Let another order of words, and what is no more, be no surer than what is displayed just as printed.

        That may be longer: Marseille University, a former one, is not meant in Aix Marseille University.
        """
        said = one.candidate.features
        if said[MANNER] != REORDERED and said[ACTIVE]:
            return one
        printed = max(
            (
                other.score for other in scored
                if other.candidate[:2] <= one.candidate[:2] and one.candidate[2:4] <= other.candidate[2:4]
                and other.candidate.features[MANNER] == EXACT
                and other.candidate.features[KIND] == DISPLAY < said[KIND] + (said[MANNER] == REORDERED)
                and other.candidate.features[ACTIVE]
                and other.candidate.features[COUNTRY] == said[COUNTRY]
                and other.candidate.features[TOWN] == said[TOWN]
            ),
            default=one.score,
        )  # fmt: skip
        if printed >= one.score:
            return one
        score = self._rules["joined"]["share"] * printed
        return Scored(one.candidate, score, self._confidence(score))

    def _score(self, confidence: float) -> float:
        return float(np.interp(confidence, self._model.shares, self._model.scores))

    def _confidence(self, score: float) -> float:
        return round(float(self._model.calibrated(np.array([score]))[0]), 3)

    def _raised(self, scored: list[Scored], seen: Seen) -> list[Scored]:
        """Take a name that `and` or a stroke joins to a sure one for nearly as sure, if it is registered and fits."""
        if not may_be_joined(seen):
            return scored
        joints = {number: view.joints for number, view in zip(seen.parts, seen.views, strict=True) if view.joints}
        opens = {(seen.parts[at], seen.views[at].tokens[0]) for at in seen.strokes}
        ends = {
            (seen.parts[at - 1], seen.views[at - 1].tokens[-1] + 1): (seen.parts[at], seen.views[at].tokens[0])
            for at in seen.strokes
        }  # fmt: skip
        tops = Tops(scored)
        out = []
        for one in scored:
            # A stroke between parts joins two names: `A / B, Paris`; what stands before it may have an address.
            begin, end = one.candidate[:2], one.candidate[2:4]
            beside = max(
                tops.begun.get(ends[end], 0.0) if end in ends else 0.0,
                tops.before(one.candidate.part) if begin in opens else 0.0,
                tops.joined(one.candidate, joints) if joints else 0.0,
            )
            best = one.score >= tops.alike[one.candidate[:4]]
            if best and self._rules["joined"]["share"] * beside > one.score and is_plain(one.candidate):
                score = self._rules["joined"]["share"] * beside
                one = Scored(one.candidate, score, self._confidence(score))
            out.append(one)
        return out

    def _leaning(self, scored: Sequence[Scored]) -> tuple[str | None, float]:
        """Return the country in which all likely organisations of the likeliest stretch are, and how sure that is."""
        best = max(scored, key=lambda one: one.score, default=None)
        if best is None or best.confidence < self._rules["leaning"]["confidence"]:
            return None, 0.0
        if len(scored) == 1:
            code = self._country(best.candidate.organisation)
            return (code, round(min(best.confidence, 1.0), 3)) if code is not None else (None, 0.0)
        share: dict[str, float] = {}
        where = best.candidate[:4]
        for candidate, _, confidence in scored:
            if candidate[:4] == where:
                code = self._country(candidate.organisation)
                if code is not None:
                    share[code] = share.get(code, 0.0) + confidence
        country = max(sorted(share), key=lambda code: share[code], default=None)
        if country is None or share[country] < self._rules["leaning"]["share"] * sum(share.values()):
            return None, 0.0
        return country, round(min(share[country], 1.0), 3)

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

    def _country(self, number: int) -> str | None:
        """Return where an organisation is; of a branch whose name is all that is told, where the company is."""
        one = self.index.organisations[number]
        return one.home or (one.places[0].country if one.places else None)

    def owner(self, hosts: Sequence[str]) -> Organisation | None:
        """Return the one organisation that owns the domain of an e-mail or web address, if there is just one."""
        number = self._weigher.owner(hosts) if hosts else None
        return None if number is None else self.organisation(number)

    def weigh(self, reading: Reading) -> list[Scored]:
        """Return all candidates of a reading with their confidence, best first: what `explain` shows."""
        seen = self._weigher.look(reading)
        scores, begin, end = next(self._scored([seen]))
        scored = self._judged(scores.scored(range(begin, end)), seen, scores.ruled)
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
            score[named_at_home(weighed, beside)] *= self._rules["named_abroad"]["share"]
            sure = _rounded(self._model.calibrated(score), min(least, SHARED))
            ruled, spoken = may_be_ruled(weighed, sure, sizes, self._bounds._replace(least=least))
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


_NO_COUNTRY = (None, 0.0)


def _absolute(answer: Answer, parts: tuple[int, ...]) -> Answer:
    if not answer.links or parts == FIRST[: len(parts)]:
        return answer
    return answer._replace(links=tuple([moved(one, parts[one.part]) for one in answer.links]))


@cache
def open_linker(path: Path) -> Linker:
    """Return the linker over a saved index: one per process and file."""
    return Linker(load(path))
