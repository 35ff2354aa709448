"""The evidence for the candidates of many strings at once, as columns: row by row it would take ten times as long."""

from array import array
from collections.abc import Iterator, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kakehashi.affiliations.linking.blocks import Block, Columns, Edges, Posting
from kakehashi.affiliations.linking.evidence import (
    FEATURES,
    KEPT_RIVALS,
    MAX_CANDIDATES,
    MAX_ORGANISATIONS,
    SAID,
    Candidate,
    Said,
    Seen,
)
from kakehashi.affiliations.linking.index import SHORTENED, Index
from kakehashi.affiliations.linking.joins import Lists, Numbers, matched
from kakehashi.affiliations.linking.neighbours import LONGER
from kakehashi.affiliations.linking.tables import OWN
from kakehashi.affiliations.linking.views import Named, View, edges
from kakehashi.affiliations.linking.weighed import ABOUT, Blocks, Floats, Weighed

Flags = NDArray[np.bool_]

MAX_ROWS = 16_384
"""Organisations of names that are weighed together: memory stays bounded."""

MAX_POSTED = 160
"""Strings whose names have more organisations are looked at up to here, so that time stays bounded. The most that one
of 8,000 real strings has are 80."""

KEPT_ROWS = 262_144
"""Organisations of names whose columns are kept; beyond that all go at once."""

_AT = {name: at for at, name in enumerate(FEATURES)}
_VALUES_AT = [_AT[name] for name in ("kind", "manner", "likeness", "told")]
"""The inputs that a posting has whatever stands around it, in the order of `describe`."""
_OWN_AT = [_AT[name] for name in OWN]
_PROMINENCE = _OWN_AT.index(_AT["prominence"])
_INSIDE, _WORDS, _RARITY = (_AT[name] for name in ("inside", "words", "rarity"))

_EDGES = ("first", "last", "start", "stop", "alone")


class Gatherer:
    """Gathers the evidence over one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        tables = index.tables
        self._codes, self._countries, self._regions = tables.codes, tables.countries, tables.regions
        self._near = tables.towns, tables.wider
        self._parents, self._holders, self._successors = tables.parents, tables.holders, tables.later
        self._own, self._whole = tables.own, memoryview(tables.rarities).cast("d")
        self._columns = Columns(len(SAID))
        self._blocks: dict[int, Block | None] = {}
        self._lock = Lock()

    def describe(self, postings: Sequence[Posting], said: Sequence[float]) -> list[float]:
        """Return kind, manner, likeness and told of the postings of a stretch, one after the other."""
        rare = said[_RARITY]
        values: list[float] = []
        for number, kind, manner, _, likeness in postings:
            values += (kind, manner, likeness, round(rare / max(self._whole[number], rare, 1.0), 2))
        return values

    def candidates(self, seen: Seen, without: frozenset[int] = frozenset()) -> list[Candidate]:
        """Return the candidates of one string."""
        return next(self.gather([seen], without)).candidates()[0]

    def gather(self, seen: Sequence[Seen], without: frozenset[int] = frozenset()) -> Iterator[Weighed]:
        """Yield the candidates of all strings, in their order, some strings at a time.

        `without`: organisations to leave out, so that training can show the model strings whose answer is missing.
        """
        begin = 0
        while begin < len(seen):
            with self._lock:  # threads share the columns
                weighed, begin = self._some(seen, begin, without)
            yield weighed

    def _some(self, seen: Sequence[Seen], begin: int, without: frozenset[int]) -> tuple[Weighed, int]:
        """Return the candidates of some strings from `begin` on, and with which the next begin."""
        if len(self._columns) > KEPT_ROWS:
            self._columns = Columns(len(SAID))
            self._blocks.clear()
        blocks, end = Blocks(), begin
        while end < len(seen) and blocks.rows < MAX_ROWS:
            self._collect(end - begin, seen[end], blocks, without)
            end += 1
        return self._weigh(seen[begin:end], blocks), end

    def _collect(self, number: int, seen: Seen, blocks: Blocks, without: frozenset[int]) -> None:
        """Add the blocks of a string: those of its parts, and the names that run over a comma."""
        views, over, numbered = seen.views, seen.over, blocks.said
        blocks.strings.extend((len(views), sum([view.heads for view in views])))
        said = [numbered.setdefault(one, len(numbered)) for one in seen.said]
        most = blocks.rows + MAX_POSTED
        for position, (part, view) in enumerate(zip(seen.parts, views, strict=True)):
            if blocks.rows > most:
                return
            if not view.names:
                continue
            made = self._block(view) if not without else None
            if made is None:
                made = self._made(view.names, edges(view.names, view.tokens), seen, position, without)
            if made is not None:
                if over and any([begin == position for begin, _, _ in over]):  # noqa: C419 - a list is faster here
                    self._note_inner(position, made, seen, blocks)
                blocks.add(made, (number, position, part, said[position], 0, 0))
        for position, named, stop in over:
            if blocks.rows > most:
                return
            part, view = seen.parts[position], seen.views[position]
            follows = part + 1 in seen.parts[position + 1 : position + 2]
            # What is not looked at by itself counts as words of the part that the name begins in.
            told = named if follows else named._replace(last=len(view.words))
            edge = *told[:2], view.tokens[told.first], stop, told[:2] == (0, len(view.words))
            made = self._made([told], [edge], seen, position, without)
            if made is not None:
                if not follows:
                    self._note_inner(position, made, seen, blocks)
                blocks.add(made, (number, position, part, said[position], 1, follows))

    def _note_inner(self, position: int, made: Block, seen: Seen, blocks: Blocks) -> None:
        """Note which stretches of the block that comes next stand inside a name that runs over a comma."""
        begin = len(blocks.named)
        blocks.inner.extend([
            begin + at for at, (named, found) in enumerate(zip(made.names, made.found, strict=True))
            if self._is_inner(position, named, found, seen)
        ])  # fmt: skip

    def _block(self, view: View) -> Block | None:
        """Return the block of a part's names, made once for all strings with the part.

        None where a name is of so many organisations that each string keeps its own of them.
        """
        known = self._blocks.get(view.number)
        if known is not None:
            return known
        if view.number not in self._blocks:
            crowded = max([len(one.postings) for one in view.names]) > MAX_ORGANISATIONS
            where = edges(view.names, view.tokens)
            named = [(one, one.postings, edge) for one, edge in zip(view.names, where, strict=True)]
            self._blocks[view.number] = None if crowded else self._columns.add(named, self.describe)
        return self._blocks[view.number]

    def _made(
        self, names: Sequence[Named], where: Sequence[Edges], seen: Seen, begin: int, without: frozenset[int]
    ) -> Block | None:
        """Return the block of names of this string alone: some of the organisations may not be for it."""
        kept = [
            (named, found, edge) for named, edge in zip(names, where, strict=True)
            if (found := self._posted(named.postings, seen, begin, without))
        ]  # fmt: skip
        return self._columns.add(kept, self.describe) if kept else None

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
        here = _having([self._codes.get(said, -1)], self._countries, postings) if said else []
        if len(here) > MAX_ORGANISATIONS or not said:
            here = _having([*seen.towns.union(seen.inner_towns())], self._near[0], here or postings)
        return here[: 4 * MAX_ORGANISATIONS]

    def _weigh(self, seen: Sequence[Seen], blocks: Blocks) -> Weighed:
        joined = blocks.blocks
        if not joined:
            none = np.empty(0, np.int64)
            edgeless = np.empty((0, 4), np.int64)
            return Weighed([0] * len(seen), blocks, edgeless, none, none, none, np.empty((0, len(FEATURES))))
        size, counts, where, said, organisation, values = self._columns.of(joined)
        told_of = np.frombuffer(blocks.about, np.int64).reshape(-1, len(ABOUT)).T
        about = dict(zip(ABOUT, np.repeat(told_of, size, axis=1), strict=True))
        about.update(zip(_EDGES, where.T, strict=True))
        about["end"], about["until"] = about["begin"] + about["follows"], about["part"] + about["across"]
        said_of = [(self._codes.get(one.country, -1) if one.country else -2, *one[1:]) for one in blocks.said]
        about.update(zip(Said._fields, np.array(said_of, np.int64).T[:, about["said"]], strict=True))
        parts, heads = np.frombuffer(blocks.strings, np.int64).reshape(-1, 2).T
        begin = np.cumsum(counts) - counts
        place = np.repeat(np.arange(len(counts)), counts)
        string = about["string"][place]
        prominence = self._own[organisation, _PROMINENCE]
        inner = np.zeros(len(counts))
        inner[blocks.inner] = 1
        country, town, region, host = self._fit(seen, about, place, string, organisation)
        fit = ((host * 2 + country) * 3 + town) * 3 + region
        kept = _kept(values[:, 0], prominence, fit, place, counts, string)
        told = about["country"][place] != -2
        heeded = told & ((country == 1) | (about["lent"][place] == 0))
        columns = {
            "inside": np.minimum(said[:, _INSIDE] + inner, 3)[place],
            "country": np.where(heeded, np.where(country, 1, 3) + about["strong"][place], 0),
            "town": town,
            "region": region,
            "agreeing": np.where(told, np.minimum(np.bincount(place, country), 6)[place], 0),
            "nearer": _nearer(fit, place, counts),
            "host": host,
        }
        columns.update(
            zip(
                ("parent_named", "child_named", "named_again"), self._elsewhere(about, place, string, organisation),
                strict=True,
            )
        )  # fmt: skip
        inputs = np.empty((len(FEATURES), len(kept)))  # a feature's values stand together: the trees ask for them so
        stretch, strings, named = place[kept], string[kept], organisation[kept]
        inputs[: len(SAID)] = said[stretch].T
        inputs[_VALUES_AT] = values[kept].T
        inputs[_OWN_AT] = self._own[named].T
        inputs[_AT["rivals"]] = np.minimum(counts, 6)[stretch]
        inputs[_AT["less_prominent"]] = prominence[kept] - np.maximum.reduceat(prominence, begin)[stretch]
        for name, column in columns.items():
            inputs[_AT[name]] = column[kept]
        inputs[_AT["across"]] = about["across"][stretch]
        inputs[_AT["whole"]] = (parts[strings] == 1) & about["alone"][stretch]
        inputs[_AT["parts"]] = parts[strings]
        inputs[_AT["heads"]] = heads[strings]
        inputs[_AT["crowd"]] = np.bincount(about["string"], said[:, _WORDS] > 1, len(seen))[strings]
        inputs[_AT["names"]] = np.minimum(np.bincount(about["string"], None, len(seen)), 12)[strings]
        weighed = Weighed(
            np.cumsum(np.bincount(strings, None, len(seen))).tolist(), blocks,
            np.stack([about[name] for name in ("part", "start", "until", "stop")], axis=1),
            stretch, kept - begin[stretch], named, inputs.T,
        )  # fmt: skip
        inputs[_AT["spelled_out"]] = 0
        inputs[_AT["spelled_out"], weighed.spelled_out(seen, strings)] = 1
        return weighed

    def _fit(
        self, seen: Sequence[Seen], about: dict[str, Numbers], place: Numbers, string: Numbers, organisation: Numbers
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return how each organisation fits the address: by country, town, region and domain."""
        country = np.zeros(len(place), np.int64)
        which, codes = self._countries.of(organisation)
        country[which[codes == about["country"][place[which]]]] = 1
        which, codes = self._near[0].of(organisation)
        country[which[codes == about["town"][place[which]]]] = 1
        towns, regions, host = array("q"), array("q"), np.zeros(len(place), np.int64)
        for number, one in enumerate(seen):
            for name in one.towns:
                towns.extend((number, name, -1, 0, 0))
            for position, view in enumerate(one.views):
                for name, first, last in view.towns:
                    towns.extend((number, name, position, first, last))
            known = [self._codes[code] for code in one.regions if code in self._codes] if one.regions else ()
            regions.extend([number * len(self._codes) + code for code in known])
            if one.hosts:
                host[(string == number) & np.isin(organisation, list(one.hosts))] = 1
        told = np.frombuffer(towns or array("q", (-1, -1, -1, 0, 0)), np.int64).reshape(-1, 5)
        town, region = (self._close(level, told, about, place, string, organisation) for level in (0, 1))
        if regions:
            which, codes = self._regions.of(organisation)
            region[which[np.isin(string[which] * len(self._codes) + codes, regions)]] = 2
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
        start = about["begin"] * LONGER + about["first"]
        stop = about["end"] * LONGER + about["last"]
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


def _having(wanted: Sequence[int], lists: Lists, postings: Sequence[Posting]) -> list[Posting]:
    """Return the postings whose organisation has one of the wanted numbers in its list."""
    which, members = lists.of(np.array([one[0] for one in postings], np.int64))
    return [postings[at] for at in np.unique(which[np.isin(members, wanted)]).tolist()]


def _nearer(fit: Numbers, place: Numbers, counts: Numbers) -> Numbers:
    """Return how many organisations of the same stretch fit the address better, at most four."""
    most = int(fit.max()) + 1
    ordered = np.sort(place * most + fit)
    better: Numbers = np.cumsum(counts)[place] - np.searchsorted(ordered, place * most + fit, "right")
    return np.minimum(better, 4)


def _kept(kinds: Floats, prominence: Floats, fit: Numbers, place: Numbers, counts: Numbers, string: Numbers) -> Numbers:
    """Return the rows that are weighed: of each stretch those that fit best, then the best known; the first of all."""
    rank = np.arange(len(place))
    crowded = np.flatnonzero(counts[place] > KEPT_RIVALS)
    if len(crowded):
        kind = kinds[crowded]
        order = crowded[np.lexsort((prominence[crowded], -kind, fit[crowded], kind < SHORTENED, place[crowded]))]
        stop = np.cumsum(counts)
        # The worst comes first in `order`; its rows stand in the same stretches of `place` as before.
        rank[order] = stop[place[order]] - 1 - (crowded - (stop - counts)[place[crowded]])
    chosen = np.flatnonzero(rank - (np.cumsum(counts) - counts)[place] < KEPT_RIVALS)
    chosen = chosen[np.lexsort((rank[chosen], place[chosen]))]
    strings = string[chosen]
    within = np.arange(len(chosen)) - np.searchsorted(strings, strings, "left")
    return chosen[within < MAX_CANDIDATES]
