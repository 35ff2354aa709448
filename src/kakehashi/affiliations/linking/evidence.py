"""What speaks for and against each candidate, as numbers for the model and as words for people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from kakehashi.affiliations.linking.index import ACRONYM, BRACKETED, DISPLAY, KINDS, SHORTENED, Index
from kakehashi.affiliations.linking.rarity import rarity
from kakehashi.affiliations.linking.views import Named, Posting, View, Viewer
from kakehashi.affiliations.linking.words import HEADS, name_words
from kakehashi.affiliations.lists import read_table
from kakehashi.affiliations.resolve import Reading
from kakehashi.affiliations.text import Clean

FEATURES = (
    "words", "head", "left", "right", "link_before", "link_after", "inside", "around", "rarity", "letters", "generic",
    "bracketed", "behind", "kind", "manner", "likeness", "told", "country", "town", "region", "rivals", "agreeing",
    "nearer", "host", "parent_named", "child_named", "named_again", "type", "active", "prominence", "children",
    "succeeded", "has_parent", "less_prominent", "across", "parts", "heads", "crowd", "names", "whole", "spelled_out",
)  # fmt: skip
"""The model's inputs, in order. docs/affiliations.md says what each is."""

TYPES = ("education", "healthcare", "company", "government", "facility", "nonprofit", "archive", "other", "funder")
"""The first type of this list that an organisation has stands for it."""

_ADDRESS = frozenset(("country_name", "region", "city", "internet", "country_code", "same_string"))

MAX_ORGANISATIONS = 30
"""A name of more organisations (Ministry of Health) keeps those of the string's country or towns only."""

KEPT_RIVALS = 4
"""Of the organisations of one name, so many are weighed: those that fit the address best, then the best known."""

MAX_BEGUN = 3
"""Words of a part that names nothing and of which a name may begin that runs over the comma behind it."""

MAX_CANDIDATES = 80
"""Strings with more candidates are weighed up to here: time per string stays bounded."""


Member = TypeVar("Member", str, int)


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
    features: tuple[float, ...]


class Seen(NamedTuple):
    """All that the linker looks at in a string. Strings that differ elsewhere only have the same links.

    `parts` are numbers of parts that name something, `views` what they hold, `said` the country of each and whether
    its address says so; `towns` and `regions` those that stand where places stand, `hosts` the organisations whose
    domain is named, `over` the names that run over a comma, with the word of the next part before which they end.
    `strokes` are positions in `parts` of those that stand behind a stroke.
    """

    parts: tuple[int, ...]
    views: tuple[View, ...]
    said: tuple[tuple[str | None, bool], ...]
    towns: frozenset[int]
    regions: frozenset[str]
    hosts: frozenset[int]
    over: tuple[tuple[int, Named, int], ...]
    strokes: tuple[int, ...] = ()

    def inner_towns(self) -> dict[int, list[tuple[int, int, int]]]:
        """Return where towns and regions stand in parts that name something: position, first and last word."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        for position, view in enumerate(self.views):
            for town, first, last in view.towns:
                found.setdefault(town, []).append((position, first, last))
        return found


class _Place(NamedTuple):
    """One stretch: the parts it begins and ends in (positions in Seen), its name, how it is told of (see Candidate)."""

    begin: int
    end: int
    named: Named
    span: tuple[int, int, int, int]

    def apart(self, other: "_Place") -> bool:
        """Whether the two share no word."""
        return (self.end, self.named.last) <= (other.begin, other.named.first) or (
            (other.end, other.named.last) <= (self.begin, self.named.first)
        )


class Weigher:
    """Gathers the evidence for the candidates of a reading, for one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._viewer = Viewer(index)
        listed = index.organisations
        numbers = {one.ror_id: number for number, one in enumerate(listed)}
        # Equal ones are one object: fifty thousand sets of one country each would take ten times the room.
        shared: dict[frozenset[object], frozenset[object]] = {}
        self._countries = [_one(shared, (place.country for place in one.places)) for one in listed]
        self._regions = [_one(shared, (place.country + place.region_code for place in one.places)) for one in listed]
        self._parents = [_one(shared, (numbers[each] for each in one.parents if each in numbers)) for one in listed]
        self._children = [_one(shared, (numbers[each] for each in one.children if each in numbers)) for one in listed]
        self._successors = {
            number: found for number, one in enumerate(listed)
            if (found := {numbers[each] for each in one.successors if each in numbers})
        }  # fmt: skip
        self._static = [
            (
                next((number for number, kind in enumerate(TYPES) if kind in one.types), len(TYPES)), one.active,
                min(one.registered + len(one.children), 30), min(len(one.children), 10), bool(one.successors),
                bool(one.parents),
            )
            for one in listed
        ]  # fmt: skip
        self._full: dict[int, float] = {}
        self._domains: dict[str, set[int]] = defaultdict(set)
        for number, one in enumerate(listed):
            for domain in one.domains:
                self._domains[domain].add(number)

    def look(self, reading: Reading) -> Seen:
        """Return what the linker looks at: parts that name something, and where the address says that it is."""
        parts: list[int] = []
        views: list[View] = []
        towns: list[int] = []
        regions: list[str] = []
        for number, facts in enumerate(reading.facts):
            view = self._viewer.view(facts)
            regions.extend(view.regions)
            if not view.bare or self._begins_over(reading, number, view):
                parts.append(number)
                views.append(view)
            if view.bare and view.placed:
                towns.extend(view.placed)
        said: dict[int, tuple[str | None, bool]] = {}
        for address, located in zip(reading.addresses, reading.located, strict=True):
            strong = located.country is not None and (located.method or "").partition(">")[0] in _ADDRESS
            for number in address:
                said[number] = (located.country, strong)
        return Seen(
            tuple(parts), tuple(views), tuple([said.get(number, (None, False)) for number in parts]), frozenset(towns),
            frozenset(regions), self._hosts(reading.clean.hosts) if reading.clean.hosts else frozenset(),
            self._over(reading, parts, views),
            tuple([at for at, number in enumerate(parts) if at and _behind_stroke(reading.clean, number)]),
        )  # fmt: skip

    def _begins_over(self, reading: Reading, number: int, view: View) -> bool:
        """Whether a part names nothing, but with the next one does: `Kaunas, University of Technology`."""
        follows = reading.clean.parts[number + 1 : number + 2]
        if not view.words or len(view.words) > MAX_BEGUN or not follows or follows[0].hard:
            return False
        if view.names or reading.facts[number].role.unit_start:
            return False
        behind = self._viewer.view(reading.facts[number + 1])
        if not behind.words or behind.words[0] not in HEADS:
            return False
        return bool(self._viewer.across(view, behind, f"{reading.facts[number].text},{reading.facts[number + 1].text}"))

    def _over(self, reading: Reading, parts: list[int], views: list[View]) -> tuple[tuple[int, Named, int], ...]:
        """Return the names that run over a comma into the next part, which may be a bare place (California, Davis)."""
        clean = reading.clean
        found: list[tuple[int, Named, int]] = []
        for position, number in enumerate(parts):
            if number + 1 == len(clean.parts) or clean.parts[number + 1].hard:
                continue
            follows = self._viewer.view(reading.facts[number + 1])
            if follows.words:
                raw = f"{reading.facts[number].text},{reading.facts[number + 1].text}".strip()
                found.extend(
                    (position, named, follows.tokens[named.last - 1] + 1)
                    for named in self._viewer.across(views[position], follows, raw)
                )
        return tuple(found)

    def _hosts(self, hosts: Sequence[str]) -> frozenset[int]:
        found: set[int] = set()
        for host in hosts:
            labels = host.split(".")
            for at in range(len(labels) - 1):
                found |= self._domains.get(".".join(labels[at:]), set())
        return frozenset(found)

    def owner(self, hosts: Sequence[str]) -> int | None:
        """Return the one active organisation of the longest registered domain; of parent and child, the parent."""
        for host in hosts:
            labels = host.split(".")
            for at in range(len(labels) - 1):
                owners = {one for one in self._domains.get(".".join(labels[at:]), ()) if self._static[one][1]}
                owners = {one for one in owners if self._parents[one].isdisjoint(owners)}
                if owners:
                    return owners.pop() if len(owners) == 1 else None
        return None

    def candidates(self, seen: Seen, without: frozenset[int] = frozenset()) -> list[Candidate]:
        """Return the candidates with their evidence.

        `without`: organisations to leave out, so that training can show the model strings whose answer is missing.
        """
        posted = [(place, self._posted(place, seen, without)) for place in self._places(seen)]
        posted = [(place, found) for place, found in posted if found]
        if not posted:
            return []
        where: dict[int, list[_Place]] = {}
        for place, found in posted:
            for posting in found:
                where.setdefault(posting[0], []).append(place)
        about = (
            len(seen.views), sum([view.heads for view in seen.views]),
            sum([place.named.said[0] > 1 for place, _ in posted]), min(len(posted), 12),
        )  # fmt: skip
        initials = "".join([word[0] for view in seen.views for word in view.words])
        whole = _Whole(seen, where, about, seen.inner_towns(), initials)
        out: list[Candidate] = []
        for place, found in posted:
            self._weigh(place, found, whole, out)
        return out[:MAX_CANDIDATES]

    def _places(self, seen: Seen) -> Iterator[_Place]:
        """Yield the stretches. A name that runs over into a part that is not in `seen` fills the rest of its own."""
        for position, (part, view) in enumerate(zip(seen.parts, seen.views, strict=True)):
            for named in view.names:
                yield _Place(
                    position, position, named, (part, view.tokens[named.first], part, view.tokens[named.last - 1] + 1)
                )  # fmt: skip
        for position, named, end in seen.over:
            part, view = seen.parts[position], seen.views[position]
            follows = part + 1 in seen.parts[position + 1 : position + 2]
            told = named if follows else named._replace(last=len(view.words))
            yield _Place(position, position + follows, told, (part, view.tokens[named.first], part + 1, end))

    def _posted(self, place: _Place, seen: Seen, without: frozenset[int]) -> Sequence[Posting]:
        postings = place.named.postings
        if without:
            postings = tuple([one for one in postings if one[0] not in without])
        if len(postings) <= MAX_ORGANISATIONS:
            return postings
        said = seen.said[place.begin][0]
        here = [one for one in postings if said in self._countries[one[0]]]
        if len(here) > MAX_ORGANISATIONS or not said:
            towns = seen.inner_towns()
            here = [one for one in here or postings if self._near(one[0], 0, place, seen, towns)]
        return here[: 4 * MAX_ORGANISATIONS]

    def _near(
        self, number: int, level: int, place: _Place, seen: Seen, towns: dict[int, list[tuple[int, int, int]]]
    ) -> int:
        """Return 2 where the organisation's town (level 0) or region (1) stands outside its name, 1 inside, else 0."""
        best = 0
        for town in self._index.places[number][level]:
            if town in seen.towns:
                return 2
            for position, first, last in towns.get(town, ()):
                if not place.begin <= position <= place.end:
                    return 2
                if place.begin == place.end and (last <= place.named.first or first >= place.named.last):
                    return 2
                best = 1
        return best

    def _fit(self, number: int, place: _Place, whole: "_Whole") -> tuple[bool, bool, int, int]:
        """Return how an organisation fits the address: by domain, country, town, region."""
        seen = whole.seen
        region = 2
        if not seen.regions or seen.regions.isdisjoint(self._regions[number]):
            region = self._near(number, 1, place, seen, whole.towns)
        return (
            number in seen.hosts, seen.said[place.begin][0] in self._countries[number],
            self._near(number, 0, place, seen, whole.towns), region,
        )  # fmt: skip

    def _weigh(self, place: _Place, found: Sequence[Posting], whole: "_Whole", out: list[Candidate]) -> None:
        """Add the candidates of one stretch, those that fit the address best."""
        named, seen = place.named, whole.seen
        said, strong = seen.said[place.begin]
        fits = [self._fit(one[0], place, whole) for one in found]
        ranked = list(zip(found, fits, strict=True))
        most = self._static[found[0][0]][2]
        agreeing = min(sum([fit[1] for fit in fits]), 6) if said else 0
        if len(found) > 1:
            most = max([self._static[one[0]][2] for one in found])
            if len(found) > KEPT_RIVALS:
                ranked.sort(key=lambda one: (one[0][1] < SHORTENED, one[1], -one[0][1], self._static[one[0][0]][2]))
                ranked = ranked[: -KEPT_RIVALS - 1 : -1]
        inside = named.said[6]
        if (
            seen.over
            and place.begin == place.end
            and any(
                at == place.begin and over.first <= named.first and not self._is_later(over, found)
                for at, over, _ in seen.over
            )
        ):
            inside = min(inside + 1, 3)  # University of California, where San Diego follows behind the comma
        shared = (*named.said[:6], inside, *named.said[7:])
        rare = named.said[8]
        across = place.span[2] > place.span[0]
        single = len(seen.views) == 1 and named.first == 0 and named.last == len(seen.views[0].words)
        for (number, kind, manner, key, likeness), fit in ranked:
            static = self._static[number]
            features = (
                *shared, kind, manner, likeness, round(rare / max(self._whole_name(number), rare, 1.0), 2),
                0 if not said else (1 if fit[1] else 3) + strong, fit[2], fit[3], min(len(found), 6), agreeing,
                min(sum([other > fit for other in fits]), 4) if len(fits) > 1 else 0, fit[0],
                *self._others(number, place, whole.where), *static, static[2] - most, across, *whole.about, single,
                kind == ACRONYM and len(key) > 1 and key in whole.initials,
            )  # fmt: skip
            out.append(Candidate(*place.span, number, key, named.text, features))

    def _is_later(self, over: Named, found: Sequence[Posting]) -> bool:
        """Whether a name over a comma means what became of the one before it: that one is meant all the same."""
        later = {other for one in found for other in self._successors.get(one[0], ())}
        return bool(later) and any(one[0] in later for one in over.postings)

    def _whole_name(self, number: int) -> float:
        """Return how much the words of an organisation's displayed name tell. Most are never asked for."""
        found = self._full.get(number)
        if found is None:
            name = BRACKETED.sub(" ", self._index.organisations[number].name)
            found = self._full[number] = sum(rarity(word) for word in name_words(name))
        return found

    def _others(self, number: int, place: _Place, where: dict[int, list[_Place]]) -> tuple[bool, bool, bool]:
        """Whether elsewhere in the string a parent is named, a child, or the organisation once more."""
        parents, children = self._parents[number], self._children[number]
        again = len(where[number]) > 1 and _elsewhere(where[number], place)
        if len(where) == 1 or not (parents or children):
            return False, False, again
        return (
            any(other in where and _elsewhere(where[other], place) for other in parents),
            any(_elsewhere(places, place) for other, places in where.items() if other in children),
            again,
        )


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


def _behind_stroke(clean: Clean, number: int) -> bool:
    part = clean.parts[number]
    return part.hard and clean.text[: part.origin].endswith("/")


def _one(shared: dict[frozenset[object], frozenset[object]], members: Iterable[Member]) -> frozenset[Member]:
    made = frozenset(members)
    return shared.setdefault(made, made)  # type: ignore[return-value]


class _Whole(NamedTuple):
    """What is the same for all stretches of a string."""

    seen: Seen
    where: dict[int, list[_Place]]
    about: tuple[float, ...]
    towns: dict[int, list[tuple[int, int, int]]]
    initials: str


def _elsewhere(places: Sequence[_Place], place: _Place) -> bool:
    return any(place.apart(one) for one in places)


def told(candidate: Candidate) -> dict[str, str]:
    """Return the evidence for a person: which kind of name, how it is met, and what the address says of the place."""
    said = dict(zip(FEATURES, candidate.features, strict=True))
    return {
        "name": KINDS[int(said["kind"])] if said["kind"] != DISPLAY else "display",
        "country": ("unknown", "agrees_weakly", "agrees", "differs_weakly", "differs")[int(said["country"])],
        "town": ("absent", "in_name", "agrees")[int(said["town"])],
        "region": ("absent", "in_name", "agrees")[int(said["region"])],
    }
