"""What speaks for and against each candidate, as numbers for the model and as words for people."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import count, pairwise
from typing import NamedTuple, cast

import msgspec

from kakehashi.affiliations.addresses import SAME_STRING, behind_stroke
from kakehashi.affiliations.halves import Ending
from kakehashi.affiliations.linking.candidates import EXACT
from kakehashi.affiliations.linking.index import DISPLAY, KINDS, Index
from kakehashi.affiliations.linking.views import Named, View, Viewer
from kakehashi.affiliations.linking.words import HEADS, name_words
from kakehashi.affiliations.lists import read_table
from kakehashi.affiliations.locate import Located
from kakehashi.affiliations.parts import Facts
from kakehashi.affiliations.resolve import Reading

FEATURES = (
    "words", "head", "left", "right", "link_before", "link_after", "inside", "around", "rarity", "letters", "generic",
    "bracketed", "behind", "kind", "manner", "likeness", "told", "country", "town", "region", "rivals", "agreeing",
    "nearer", "host", "parent_named", "child_named", "named_again", "type", "active", "prominence", "children",
    "succeeded", "has_parent", "less_prominent", "across", "parts", "heads", "crowd", "names", "whole", "spelled_out",
)  # fmt: skip
"""The model's inputs, in order. docs/affiliations.md says what each is."""

SAID = FEATURES[: FEATURES.index("kind")]
"""The inputs that a stretch has whatever it names: `Named.said`."""

AMBIGUOUS = frozenset(("city", "region"))
"""Ways of finding a country by a place whose name others share: they give way to an organisation of that town."""

_ADDRESS = frozenset(("country_name", "region", "city", "internet", "country_code", SAME_STRING))

MAX_ORGANISATIONS = 30
"""A name of more organisations (Ministry of Health) keeps those of the string's country or towns only."""

KEPT_RIVALS = 4
"""Of the organisations of one name, so many are weighed: those that fit the address best, then the best known."""

MAX_BEGUN = 3
"""Words of a part that names nothing and of which a name may begin that runs over the comma behind it."""

MAX_CANDIDATES = 80
"""Strings with more candidates are weighed up to here: time per string stays bounded."""


class Candidate(NamedTuple):
    """An organisation that a stretch of the string may name, with the model's inputs.

    The stretch begins with word `first` of part `part` and ends before word `last` of part `until`.
    """

    part: int
    first: int
    until: int
    last: int
    organisation: int
    key: str
    text: str
    features: Sequence[float]


class Said(NamedTuple):
    """What an address says of its country: which, whether an address says so, and the town that told it (-1: none).

    `lent`: another address of the string says so, which speaks for an organisation there, and against none elsewhere.
    Towns share names: one of another country's organisation by the same name (Kingston, Ontario) is where it says.
    """

    country: str | None = None
    strong: bool = False
    town: int = -1
    lent: bool = False


Over = tuple[tuple[int, "Named", int], ...]
"""Names that run over a comma: the position of the part that each begins in, and the word before which it ends."""


class Seen(NamedTuple):
    """All that the linker looks at in a string. Strings that differ elsewhere only have the same links.

    `parts` are numbers of parts that name something, `views` what they hold, `said` what their addresses say of the
    country; `towns` and `regions` those that stand where places stand, `hosts` the organisations whose
    domain is named, `over` the names that run over a comma, with the word of the next part before which they end.
    `strokes` are positions in `parts` of those that stand behind a stroke. `name` is equal where all of this is, except
    where the parts stand.
    """

    parts: tuple[int, ...]
    views: tuple[View, ...]
    said: tuple[Said, ...]
    towns: frozenset[int]
    regions: frozenset[str]
    hosts: frozenset[int]
    over: Over
    strokes: tuple[int, ...] = ()
    name: object = None

    def inner_towns(self) -> dict[int, list[tuple[int, int, int]]]:
        """Return where towns and regions stand in parts that name something: position, first and last word."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        for position, view in enumerate(self.views):
            for town, first, last in view.towns:
                found.setdefault(town, []).append((position, first, last))
        return found


class _Behind(msgspec.Struct, gc=False):
    """What is seen behind a first comma, and in the part there; `said`: what the address says where it is `located`."""

    some: "_Some"
    view: View
    located: Located | None = None
    said: Said = Said()


class _Some(NamedTuple):
    """What is seen in some parts of a string; positions in `over` are those in `parts` here."""

    parts: tuple[int, ...]
    views: tuple[View, ...]
    towns: frozenset[int]
    regions: frozenset[str]
    over: Over
    name: object


def _spelled(over: Over) -> object:
    """Return what tells names over commas apart, given the parts."""
    return tuple([(position, named.text) for position, named, _ in over])


_ENDS = 8_192
"""Ends of strings that are numbered; beyond that all go at once, and are given new numbers."""

_NONE: frozenset[int] = frozenset()


class Weigher:
    """Looks at readings with the eyes of one index: at what the evidence is gathered from (see weighing)."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._viewer = Viewer(index)
        self.view = self._viewer.view
        self._ends: dict[object, int] = {}
        self._numbers = count()
        self._known_said = lru_cache(maxsize=8_192)(self._read_said)
        self._domains = index.tables.domains

    def look(self, reading: Reading) -> Seen:
        """Return what the linker looks at: parts that name something, and where the address says that it is."""
        if reading.ending is not None:
            return self._joined(reading, reading.ending)
        parts, views, towns, regions, over, name = self._some(reading, 0, len(reading.facts))
        told: dict[int, Said] = {}
        for address, located in zip(reading.addresses, reading.located, strict=True):
            told.update(dict.fromkeys(address, self._said(located)))
        if reading.lent:
            told.update({number: told[number]._replace(lent=True) for number in reading.lent})
        said = tuple([told.get(number, Said()) for number in parts])
        hosts = self._hosts(reading.clean.hosts) if reading.clean.hosts else _NONE
        strokes = tuple([at for at, number in enumerate(parts) if at and behind_stroke(reading.clean, number)])
        return Seen(parts, views, said, towns, regions, hosts, over, strokes, (name, said, hosts, strokes))

    def _joined(self, reading: Reading, ending: Ending) -> Seen:
        """Return the same of a string in two halves, which is one address without strokes: look at its end once."""
        if ending.memo is None or ending.memo[0] is not self:
            some = self._numbered(self._some(reading, 1, len(reading.facts)))
            ending.memo = self, _Behind(some, self.view(reading.facts[1]))
        behind = cast("_Behind", ending.memo[1])
        parts, views, towns, regions, over, number = behind.some
        view, located = self.view(reading.facts[0]), reading.located[0]
        if behind.located is not located:
            behind.located, behind.said = located, self._said(located)
        said = behind.said
        if not view.bare:
            first = self._over(reading, (0,), (view,)) if self._viewer.may_cross(view, behind.view) else ()
            name: tuple[object, ...] = number, said, parts[:1] == (1,), view.number, _spelled(first) if first else None
            parts, views = (0, *parts), (view, *views)
            if over:
                over = tuple([(position + 1, named, end) for position, named, end in over])
            if first:
                over = first + over
        elif self._begins_over(reading, 0, view):
            return self.look(reading._replace(ending=None))
        else:
            name = number, said, view.regions, view.placed
            if view.placed:
                towns = towns.union(view.placed)
        if view.regions:
            regions = regions.union(view.regions)
        return Seen(parts, views, (said,) * len(parts), towns, regions, _NONE, over, (), name)

    def _numbered(self, some: "_Some") -> "_Some":
        """Give what is seen in the end of a string a number for a name."""
        if len(self._ends) > _ENDS:
            self._ends.clear()
        return some._replace(name=self._ends.setdefault(some.name, next(self._numbers)))

    def _some(self, reading: Reading, begin: int, end: int) -> "_Some":
        """Look at the parts from `begin` on, before `end`."""
        parts: list[int] = []
        views: list[View] = []
        towns: list[int] = []
        regions: list[str] = []
        for number in range(begin, end):
            view = self.view(reading.facts[number])
            regions.extend(view.regions)
            if not view.bare or self._begins_over(reading, number, view):
                parts.append(number)
                views.append(view)
            if view.bare and view.placed:
                towns.extend(view.placed)
        some = frozenset(towns), frozenset(regions), self._over(reading, parts, views)
        steps = tuple([after - before for before, after in pairwise(parts)])
        name = tuple([view.number for view in views]), steps, *some[:2], _spelled(some[2])
        return _Some(tuple(parts), tuple(views), *some, name)

    def _read_said(self, country: str | None, method: str, span: str | None) -> Said:
        strong = country is not None and method in _ADDRESS
        town = self._index.towns.get(" ".join(name_words(span or "")), -1) if method in AMBIGUOUS else -1
        return Said(country, strong, town)

    def _said(self, located: Located) -> Said:
        method = (located.method or "").partition(">")[0]
        return self._known_said(located.country, method, located.span if method in AMBIGUOUS else None)

    def _begins_over(self, reading: Reading, number: int, view: View) -> bool:
        """Whether a part names nothing, but with the next one does: `Kaunas, University of Technology`."""
        follows = reading.clean.parts[number + 1 : number + 2]
        if not follows or follows[0].hard or not may_begin(reading.facts[number], view):
            return False
        behind = self._viewer.view(reading.facts[number + 1])
        typed = is_typed(behind)
        if not (typed or is_typed(view)) or not self._viewer.may_cross(view, behind):
            return False
        met = self._viewer.across(view, behind, reading.facts[number], reading.facts[number + 1])
        if typed and behind.words[0] in HEADS:
            return bool(met)
        # Fox Chase, Cancer Center: behind a word of its own nothing less than all of both parts is a name.
        whole = [named for named in met if named.first == 0 and _is_code(behind.words[named.last :])]
        return bool(whole) if typed else any(_is_exact(named) for named in whole)  # University College, London WC1E

    def _over(self, reading: Reading, parts: Sequence[int], views: Sequence[View]) -> Over:
        """Return the names that run over a comma into the next part, which may be a bare place (California, Davis)."""
        clean = reading.clean
        found: list[tuple[int, Named, int]] = []
        for position, number in enumerate(parts):
            if number + 1 == len(clean.parts) or clean.parts[number + 1].hard:
                continue
            facts, behind = reading.facts[number], reading.facts[number + 1]
            view, follows = views[position], self.view(behind)
            if self._viewer.may_cross(view, follows):
                found.extend(
                    (position, named, follows.tokens[named.last - 1] + 1)
                    for named in self._viewer.across(view, follows, facts, behind)
                )
        return tuple(found)

    def _hosts(self, hosts: Sequence[str]) -> frozenset[int]:
        found: set[int] = set()
        for host in hosts:
            labels = host.split(".")
            for at in range(len(labels) - 1):
                found.update(self._domains.get(".".join(labels[at:]), ()))
        return frozenset(found)

    def owner(self, hosts: Sequence[str]) -> int | None:
        """Return the one active organisation of the longest registered domain; of parent and child, the parent."""
        for host in hosts:
            labels = host.split(".")
            for at in range(len(labels) - 1):
                listed = self._index.organisations
                owners = [one for one in self._domains.get(".".join(labels[at:]), ()) if listed[one].active]
                ids = {listed[one].ror_id for one in owners}
                owners = [one for one in owners if ids.isdisjoint(listed[one].parents)]
                if owners:
                    return owners[0] if len(owners) == 1 else None
        return None


def may_begin(facts: Facts, view: View) -> bool:
    """Return whether a part that names nothing may begin a name that runs over the comma behind it."""
    return 0 < len(view.words) <= MAX_BEGUN and not view.names and not facts.role.unit_start


def may_name(facts: Facts, view: View) -> bool:
    """Return whether a part that names nothing may begin a name with a place: `University College, Cork`."""
    return is_typed(view) and may_begin(facts, view)


def _is_code(words: Sequence[str]) -> bool:
    """Whether words are no more than a postcode."""
    return all(any(character.isdigit() for character in word) for word in words)


def _is_exact(named: Named) -> bool:
    return any(manner == EXACT for _, _, manner, _, _ in named.postings)


def is_typed(view: View) -> bool:
    """Return whether a part has a type word."""
    return not HEADS.isdisjoint(view.words)


@cache
def _any_words() -> frozenset[str]:
    """Type words and fields of study, as the index has them."""
    subjects = [row["phrase"] for row in read_table("fragment_words.csv") if row["role"] == "subject"]
    return HEADS.union(*map(name_words, subjects))


def is_any(seen: Seen) -> bool:
    """Whether a string only says a kind and a field, of which every country has one: `Institute of Chemistry`."""
    if len(seen.views) != 1 or seen.said[0][0] or seen.towns or seen.regions or seen.hosts:
        return False
    words = seen.views[0].words
    return not HEADS.isdisjoint(words) and _any_words().issuperset(words) and not HEADS.issuperset(words)


def told(candidate: Candidate) -> dict[str, str]:
    """Return the evidence for a person: which kind of name, how it is met, and what the address says of the place."""
    said = dict(zip(FEATURES, candidate.features, strict=True))
    return {
        "name": KINDS[int(said["kind"])] if said["kind"] != DISPLAY else "display",
        "country": ("unknown", "agrees_weakly", "agrees", "differs_weakly", "differs")[int(said["country"])],
        "town": ("absent", "in_name", "agrees")[int(said["town"])],
        "region": ("absent", "in_name", "agrees")[int(said["region"])],
    }
