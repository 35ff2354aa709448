"""The evidence for the candidates of many strings at once, as columns: row by row it would take ten times as long."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.evidence import (
    FEATURES,
    KEPT_RIVALS,
    MAX_CANDIDATES,
    MAX_ORGANISATIONS,
    SAID,
    Candidate,
    Seen,
    places_of,
)
from kakehashi.affiliations.linking.index import ACRONYM, BRACKETED, SHORTENED, Index
from kakehashi.affiliations.linking.joins import Lists, Numbers, matched
from kakehashi.affiliations.linking.rarity import rarity
from kakehashi.affiliations.linking.views import Named, Posting, Rows
from kakehashi.affiliations.linking.words import name_words

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TYPES = ("education", "healthcare", "company", "government", "facility", "nonprofit", "archive", "other", "funder")
"""The first type of this list that an organisation has stands for it."""

MAX_ROWS = 16_384
"""Organisations of names that are weighed together: memory stays bounded."""

_POSTED = (
    *SAID, "kind", "manner", "likeness", "told", "rivals",
    "type", "active", "prominence", "children", "succeeded", "has_parent", "less_prominent",
)  # fmt: skip
"""The inputs that a name has whatever stands around it, in the order of `Rows.values`."""

_AT = {name: at for at, name in enumerate(FEATURES)}
_POSTED_AT = [_AT[name] for name in _POSTED]
_INSIDE, _WORDS, _KIND, _PROMINENCE = (_POSTED.index(name) for name in ("inside", "words", "kind", "prominence"))

_LONGER = 4_096
"""More than the words of a part, and more than the parts of a string: two numbers make one that orders alike."""


class Weighed(NamedTuple):
    """The candidates of each of some strings, and a row of inputs for each candidate."""

    candidates: list[list[Candidate]]
    inputs: Floats


class _Stretches(NamedTuple):
    """The stretches of some strings, each with what it names there; `about` is a row of numbers for each (_ABOUT)."""

    places: list[tuple[tuple[int, int, int, int], str]]
    found: list[Sequence[Posting]]
    rows: list[Rows]
    about: list[tuple[int, ...]]


_ABOUT = (
    "string", "begin", "end", "first", "last", "country", "strong", "by_town", "inner", "across", "whole", "parts",
    "heads",
)  # fmt: skip


class Gatherer:
    """Gathers the evidence over one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        listed = index.organisations
        numbers = {one.ror_id: number for number, one in enumerate(listed)}
        self._codes: dict[str | None, int] = {}
        self._countries = Lists([self._number(place.country) for place in one.places] for one in listed)
        self._regions = Lists(
            [self._number(place.country + place.region_code) for place in one.places] for one in listed
        )
        self._near = [Lists(places[level] for places in index.places) for level in (0, 1)]
        self._parents = Lists([numbers[each] for each in one.parents if each in numbers] for one in listed)
        holders: list[list[int]] = [[] for _ in listed]
        for number, one in enumerate(listed):
            for child in one.children:
                if child in numbers:
                    holders[numbers[child]].append(number)
        self._holders = Lists(holders)
        self._successors = {
            number: found
            for number, one in enumerate(listed)
            if (found := {numbers[each] for each in one.successors if each in numbers})
        }
        self._static = [
            (
                next((number for number, kind in enumerate(TYPES) if kind in one.types), len(TYPES)), one.active,
                min(one.registered + len(one.children), 30), min(len(one.children), 10), bool(one.successors),
                bool(one.parents),
            )
            for one in listed
        ]  # fmt: skip
        self._full: dict[int, float] = {}

    def _number(self, code: str) -> int:
        return self._codes.setdefault(code, len(self._codes))

    def describe(self, postings: Sequence[Posting], said: Sequence[float]) -> Rows:
        """Return the inputs that the organisations of a stretch have whatever stands around it."""
        rare, many = said[_AT["rarity"]], min(len(postings), 6)
        most = max([self._static[one[0]][2] for one in postings])
        values = []
        for number, kind, manner, _, likeness in postings:
            told = round(rare / max(self._whole_name(number), rare, 1.0), 2)
            static = self._static[number]
            values.append((*said, kind, manner, likeness, told, many, *static, static[2] - most))
        return Rows(np.array([one[0] for one in postings], np.int64), np.array(values, np.float64))

    def _whole_name(self, number: int) -> float:
        """Return how much the words of an organisation's displayed name tell. Most are never asked for."""
        found = self._full.get(number)
        if found is None:
            name = BRACKETED.sub(" ", self._index.organisations[number].name)
            found = self._full[number] = sum(rarity(word) for word in name_words(name))
        return found

    def candidates(self, seen: Seen, without: frozenset[int] = frozenset()) -> list[Candidate]:
        """Return the candidates of one string."""
        return next(self.gather([seen], without)).candidates[0]

    def gather(self, seen: Sequence[Seen], without: frozenset[int] = frozenset()) -> Iterator[Weighed]:
        """Yield the candidates of all strings, in their order, some strings at a time.

        `without`: organisations to leave out, so that training can show the model strings whose answer is missing.
        """
        stretches, begin, rows = _Stretches([], [], [], []), 0, 0
        for number, one in enumerate(seen):
            rows += self._collect(number - begin, one, stretches, without)
            if rows >= MAX_ROWS or number + 1 == len(seen):
                yield self._weigh(seen[begin : number + 1], stretches)
                stretches, begin, rows = _Stretches([], [], [], []), number + 1, 0

    def _collect(self, number: int, seen: Seen, stretches: _Stretches, without: frozenset[int]) -> int:
        """Add the stretches of a string, and return how many organisations they name."""
        parts, heads = len(seen.views), sum([view.heads for view in seen.views])
        said = [(self._codes.get(country, -1) if country else -2, strong, town) for country, strong, town in seen.said]
        rows = 0
        for place in places_of(seen):
            begin, end, named, span = place
            found: Sequence[Posting] = named.postings
            if without or len(found) > MAX_ORGANISATIONS:
                found = self._posted(found, seen, begin, without)
            if not found:
                continue
            about = named.rows if found is named.postings else None
            if about is None:
                about = self.describe(found, named.said)
            across = span[2] > span[0]
            inner = bool(seen.over) and begin == end and self._is_inner(begin, named, found, seen)
            whole = parts == 1 and named.first == 0 and named.last == len(seen.views[0].words)
            stretches.places.append((span, named.text))
            stretches.found.append(found)
            stretches.rows.append(about)
            stretches.about.append(
                (number, begin, end, named.first, named.last, *said[begin], inner, across, whole, parts, heads)
            )
            rows += len(found)
        return rows

    def _is_inner(self, begin: int, named: Named, found: Sequence[Posting], seen: Seen) -> bool:
        return any(
            at == begin and over.first <= named.first and not self._is_later(over, found) for at, over, _ in seen.over
        )

    def _is_later(self, over: Named, found: Sequence[Posting]) -> bool:
        """Whether a name over a comma means what became of the one before it: that one is meant all the same."""
        later = {other for one in found for other in self._successors.get(one[0], ())}
        return bool(later) and any(one[0] in later for one in over.postings)

    def _posted(
        self, postings: Sequence[Posting], seen: Seen, begin: int, without: frozenset[int]
    ) -> Sequence[Posting]:
        if without:
            postings = tuple([one for one in postings if one[0] not in without])
        if len(postings) <= MAX_ORGANISATIONS:
            return postings
        said = seen.said[begin][0]
        listed = self._index.organisations
        here = [one for one in postings if any(said == where.country for where in listed[one[0]].places)]
        if len(here) > MAX_ORGANISATIONS or not said:
            towns = seen.towns.union(seen.inner_towns())
            here = [one for one in here or postings if not towns.isdisjoint(self._index.places[one[0]][0])]
        return here[: 4 * MAX_ORGANISATIONS]

    def _weigh(self, seen: Sequence[Seen], stretches: _Stretches) -> Weighed:
        if not stretches.places:
            return Weighed([[] for _ in seen], np.empty((0, len(FEATURES))))
        about = dict(zip(_ABOUT, np.array(stretches.about, np.int64).T, strict=True))
        counts = np.array([len(one) for one in stretches.found])
        place = np.repeat(np.arange(len(counts)), counts)
        string = about["string"][place]
        organisation = np.concatenate([one.organisations for one in stretches.rows])
        posted = np.concatenate([one.values for one in stretches.rows])
        inputs = np.empty((len(place), len(FEATURES)))
        inputs[:, _POSTED_AT] = posted
        words = posted[np.cumsum(counts) - counts, _WORDS]

        def column(name: str, values: NDArray[Any]) -> None:
            inputs[:, _AT[name]] = values

        country, town, region, host = self._fit(seen, about, place, string, organisation)
        agreeing = np.minimum(np.bincount(place, country), 6)[place]
        fit = ((host * 2 + country) * 3 + town) * 3 + region
        told = about["country"][place] != -2
        column("inside", np.minimum(posted[:, _INSIDE] + about["inner"][place], 3))
        column("country", np.where(told, np.where(country, 1, 3) + about["strong"][place], 0))
        column("town", town)
        column("region", region)
        column("agreeing", np.where(told, agreeing, 0))
        column("nearer", _nearer(fit, place, counts))
        column("host", host)
        for name, flags in zip(
            ("parent_named", "child_named", "named_again"), self._elsewhere(about, place, string, organisation),
            strict=True,
        ):  # fmt: skip
            column(name, flags)
        for name in ("across", "whole", "parts", "heads"):
            column(name, about[name][place])
        column("crowd", np.bincount(about["string"], words > 1, len(seen))[string])
        column("names", np.minimum(np.bincount(about["string"], None, len(seen)), 12)[string])
        kept = _kept(posted, fit, place, counts, string)
        return self._listed(seen, stretches, inputs, place, counts, string, organisation, kept)

    def _listed(
        self,
        seen: Sequence[Seen],
        stretches: _Stretches,
        inputs: Floats,
        place: Numbers,
        counts: Numbers,
        string: Numbers,
        organisation: Numbers,
        kept: Numbers,
    ) -> Weighed:
        inputs = inputs[kept]
        at = (kept - (np.cumsum(counts) - counts)[place[kept]]).tolist()
        candidates: list[list[Candidate]] = [[] for _ in seen]
        spelled: list[int] = []
        initials: dict[int, str] = {}
        said = list(inputs)
        acronyms = (inputs[:, _AT["kind"]] == ACRONYM).tolist()
        rows = zip(place[kept].tolist(), at, string[kept].tolist(), organisation[kept].tolist(), acronyms, strict=True)
        for row, (where, posting, number, known, acronym) in enumerate(rows):
            (part, first, until, last), text = stretches.places[where]
            key = stretches.found[where][posting][3]
            if acronym and len(key) > 1:
                if number not in initials:
                    initials[number] = "".join([word[0] for view in seen[number].views for word in view.words])
                if key in initials[number]:
                    spelled.append(row)
            candidates[number].append(Candidate(part, first, until, last, known, key, text, said[row]))
        inputs[:, _AT["spelled_out"]] = 0
        inputs[spelled, _AT["spelled_out"]] = 1
        return Weighed(candidates, inputs)

    def _fit(
        self, seen: Sequence[Seen], about: dict[str, Numbers], place: Numbers, string: Numbers, organisation: Numbers
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return how each organisation fits the address: by country, town, region and domain."""
        country = np.zeros(len(place), np.int64)
        which, codes = self._countries.of(organisation)
        country[which[codes == about["country"][place[which]]]] = 1
        which, codes = self._near[0].of(organisation)
        country[which[codes == about["by_town"][place[which]]]] = 1
        towns = [(number, town, -1, 0, 0) for number, one in enumerate(seen) for town in one.towns]
        towns += [
            (number, town, position, first, last)
            for number, one in enumerate(seen)
            for position, view in enumerate(one.views)
            for town, first, last in view.towns
        ]
        told = np.array(towns or [(-1, -1, -1, 0, 0)], np.int64)
        town, region = (self._close(level, told, about, place, string, organisation) for level in (0, 1))
        regions = [
            number * len(self._codes) + self._codes[code]
            for number, one in enumerate(seen) for code in one.regions if code in self._codes
        ]  # fmt: skip
        if regions:
            which, codes = self._regions.of(organisation)
            region[which[np.isin(string[which] * len(self._codes) + codes, regions)]] = 2
        host = np.zeros(len(place), np.int64)
        for number, one in enumerate(seen):
            if one.hosts:
                host[(string == number) & np.isin(organisation, list(one.hosts))] = 1
        return country, town, region, host

    def _close(
        self,
        level: int,
        towns: Numbers,
        about: dict[str, Numbers],
        place: Numbers,
        string: Numbers,
        organisation: Numbers,
    ) -> Numbers:
        """Return 2 where the organisation's town (level 0) or region (1) stands outside its name, 1 inside, else 0."""
        size = len(self._index.towns) + 1
        number, town, position, first, last = towns.T
        which, own = self._near[level].of(organisation)
        left, right = matched(string[which] * size + own, number * size + town)
        row = which[left]
        begin, end = about["begin"][place[row]], about["end"][place[row]]
        outside = (position[right] < begin) | (position[right] > end)
        beside = (last[right] <= about["first"][place[row]]) | (first[right] >= about["last"][place[row]])
        close = np.zeros(len(place), np.int64)
        close[row] = 1
        close[row[outside | ((begin == end) & beside)]] = 2
        return close

    def _elsewhere(
        self, about: dict[str, Numbers], place: Numbers, string: Numbers, organisation: Numbers
    ) -> tuple[Flags, Flags, Flags]:
        """Whether elsewhere in the string a parent is named, a child, or the organisation once more."""
        size = len(self._index.organisations)
        start = about["begin"] * _LONGER + about["first"]
        stop = about["end"] * _LONGER + about["last"]
        own = string * size + organisation

        def apart(one: Numbers, other: Numbers) -> Flags:
            here, there = place[one], place[other]
            found: Flags = (stop[here] <= start[there]) | (stop[there] <= start[here])
            return found

        flags = tuple(np.zeros(len(place), np.bool_) for _ in range(3))
        which, parents = self._parents.of(organisation)
        left, right = matched(string[which] * size + parents, own)
        flags[0][which[left][apart(which[left], right)]] = True
        which, holders = self._holders.of(organisation)
        left, right = matched(string[which] * size + holders, own)
        flags[1][right[apart(which[left], right)]] = True
        left, right = matched(own, own)
        flags[2][left[apart(left, right)]] = True
        return flags[0], flags[1], flags[2]


def _nearer(fit: Numbers, place: Numbers, counts: Numbers) -> Numbers:
    """Return how many organisations of the same stretch fit the address better, at most four."""
    most = int(fit.max()) + 1
    ordered = np.sort(place * most + fit)
    better: Numbers = np.cumsum(counts)[place] - np.searchsorted(ordered, place * most + fit, "right")
    return np.minimum(better, 4)


def _kept(posted: Floats, fit: Numbers, place: Numbers, counts: Numbers, string: Numbers) -> Numbers:
    """Return the rows that are weighed: of each stretch those that fit best, then the best known; the first of all."""
    rank = np.arange(len(place))
    crowded = np.flatnonzero(counts[place] > KEPT_RIVALS)
    if len(crowded):
        kind = posted[crowded, _KIND]
        order = crowded[
            np.lexsort((posted[crowded, _PROMINENCE], -kind, fit[crowded], kind < SHORTENED, place[crowded]))
        ]
        stop = np.cumsum(counts)
        # The worst comes first in `order`; its rows stand in the same stretches of `place` as before.
        rank[order] = stop[place[order]] - 1 - (crowded - (stop - counts)[place[crowded]])
    chosen = np.flatnonzero(rank - (np.cumsum(counts) - counts)[place] < KEPT_RIVALS)
    chosen = chosen[np.lexsort((rank[chosen], place[chosen]))]
    strings = string[chosen]
    within = np.arange(len(chosen)) - np.searchsorted(strings, strings, "left")
    return chosen[within < MAX_CANDIDATES]
