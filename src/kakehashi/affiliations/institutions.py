"""The institutions named in an address: by institution words, or what is left when places and units are taken away."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.names import campus_systems, key_of, normal_key, printed_name
from kakehashi.affiliations.parts import Candidate, Facts, Placed
from kakehashi.affiliations.roles import NAMING_WEIGHT, Hit, is_generic, is_type, role_of, words
from kakehashi.affiliations.text import Clean

_UNITS_LIKE_INSTITUTES = 5
_SEVERAL = 10
"""Names of this weight are never parts of each other: all of them are kept."""

FUNDER = 2
"""The weight of a name that stands behind another: the ministry that a key laboratory belongs to."""

_JOINED = 6
"""A name of this weight is kept beside a heavier one that `and` joins it to."""

_EXCEPTION = 8
"""The weight of a name that would be a department by its words, but is an institution."""


_JOINTS = frozenset(("and", "&"))

_TOWN_TELLS = frozenset(("university", "hospital", "institute", "college"))
"""Kinds of which every town may have one, so that a name without a name of its own takes the town's."""


class Found(NamedTuple):
    """An institution's name as it stands: the part and place it has, its weight, the rule that found it, its key."""

    part: int
    start: int
    end: int
    weight: float
    kind: str
    method: str
    name: str
    key: str


Named = tuple[int, Candidate]
"""A name with the number of the part that it stands in."""


def find_in(clean: Clean, facts: Sequence[Facts], group: Sequence[int]) -> list[Found]:
    """Find the institutions of a stretch of an address by rule: the names with the heaviest institution words."""
    return choose(clean, facts, group, [(index, one) for index in group for one in facts[index].candidates])


def choose(clean: Clean, facts: Sequence[Facts], group: Sequence[int], candidates: list[Named]) -> list[Found]:
    """Choose among the names of a stretch of an address: those with the heaviest institution words."""
    if not candidates:
        return []
    top = max([one.weight for _, one in candidates])
    if top <= FUNDER:
        candidates = _funded(facts, group) or candidates
        top = max([one.weight for _, one in candidates])
    if len(candidates) > 1:
        candidates = _chosen(facts, candidates, top)
    return [_with_town(clean, facts, index, one, group) for index, one in candidates]


def _chosen(facts: Sequence[Facts], candidates: list[Named], top: float) -> list[Named]:
    """Keep the heaviest names, of names that may be parts of each other the last, and what `and` joins to them."""
    chosen = [pair for pair in candidates if pair[1].weight == top]
    parts = {index for index, _ in chosen}
    if top < _SEVERAL and len(parts) > 1 and any(one.kind != "company" for _, one in chosen):
        proper = [pair for pair in chosen[:-1] if _is_proper(facts[pair[0]], pair[1])]
        chosen = [*proper, chosen[-1]] if _is_proper(facts[chosen[-1][0]], chosen[-1][1]) else chosen[-1:]
        parts = {index for index, _ in chosen}
    kept = {(index, one.first) for index, one in chosen}
    return [
        (index, one)
        for index, one in candidates
        if (index, one.first) in kept or (index in parts and one.weight >= _JOINED)
    ]


def _is_proper(facts: Facts, one: Candidate) -> bool:
    """Whether a name begins with a name: `Paul Scherrer Institute`, not `Institute of Physics`, a part of the next."""
    forms = facts.words.forms[one.first : one.last]
    begin = forms[1:] if forms[0] == "the" else forms
    return (
        one.kind in _TOWN_TELLS
        and bool(begin)
        and not is_type(begin[0])
        and (begin[0] not in small_words("common") and begin[0] not in small_words("generic"))
    )


def _funded(facts: Sequence[Facts], group: Sequence[int]) -> list[Named]:
    """Find the laboratory that a ministry stands behind: `Key Laboratory of X, Ministry of Education`."""
    roles = [(index, facts[index].role) for index in group]
    parts = [(index, role) for index, role in roles if role.unit and role.weight > FUNDER]
    laboratories = [index for index, role in parts if any(hit.kind == "laboratory" for hit in role.hits)]
    return [
        (index, _candidate(facts[index], 0, len(facts[index].words.forms), 4, "laboratory"))
        for index in laboratories[:1]
    ]


def candidates(facts: Facts) -> tuple[Candidate, ...]:
    """Find the institutions that a part names, whatever stands around it."""
    role, size = facts.role, len(facts.words.forms)
    if not role.hits and not role.exception:
        return ()
    if any(place.placed and place.last - place.first == size for place in facts.places):
        return ()  # a place altogether: University Park, PA
    if role.exception:
        return (_candidate(facts, 0, _trimmed(facts, size, facts.places), _EXCEPTION, "exception"),)
    if role.weight < NAMING_WEIGHT - 1:
        return ()
    found = []
    for first, last in _conjuncts(facts):
        hits = [hit for hit in role.hits if first <= hit.first < last]
        one = _one(facts, first, last, max(hits, key=lambda hit: hit.weight)) if hits else None
        if one is not None:
            found.append(one)
    return tuple(found)


def between_universities(facts: Facts) -> int:
    """Number of words of a part up to the `and` behind a university that another one or its school follows, or 0.

    Each has a place of its own: `Harvard University and Lanzhou University`, `Leiden University and Department of X`.
    """
    forms = facts.words.forms
    ends = [one.last for one in facts.candidates if one.kind == "university"]
    begins = {one.first for one in facts.candidates if one.kind == "university"}
    for end in ends:
        if end + 1 < len(forms) and forms[end] in _JOINTS:
            other = {end + 1, end + 2} if forms[end + 1] == "the" else {end + 1}
            if not begins.isdisjoint(other) or role_of(forms[end + 1 :]).unit_start:
                return end
    return 0


def _candidate(facts: Facts, first: int, last: int, weight: float, kind: str) -> Candidate:
    forms = facts.words.forms
    last = max(last, first + 1)
    key = key_of(forms[first:last])
    whole = last == len(forms)
    shared = whole and (key in campus_systems() or (kind in _TOWN_TELLS and is_generic(forms[first:])))
    return Candidate(first, last, weight, kind, printed_name(facts.span(first, last)), key, shared)


def _one(facts: Facts, first: int, last: int, heaviest: Hit) -> Candidate | None:
    role, forms = facts.role, facts.words.forms
    weight = float(heaviest.weight)
    if role.unit_start and first == 0:
        if heaviest.kind == "company" or forms[heaviest.first] == "school":
            return None  # Department of Electronics; School of Economics and Management
        if heaviest.first <= 1 and weight <= 8:
            if heaviest.weight < 8 or _plain_unit(forms):
                return None
            weight = _UNITS_LIKE_INSTITUTES
        elif weight < 6:
            return None
        else:
            first = _begin_of_name(facts, heaviest)
    elif (host := _host(forms, heaviest)) is not None:
        first = host
    elif heaviest.first > 0 and "\u3400" <= forms[heaviest.first][0] <= "\u9fff":
        last = _ideographic_end(facts, heaviest)
    elif (unit := _cut_inner(forms[:last], heaviest)) is not None:
        last = unit - 1 if forms[unit - 1] in _JOINTS else unit
    elif role.unit and weight < 6:
        return None
    if _says_nothing(forms, heaviest, first, last):
        return None
    return _candidate(facts, first, _trimmed(facts, last, facts.places), weight, heaviest.kind)


def _ideographic_end(facts: Facts, heaviest: Hit) -> int:
    """Where a name in ideographs ends: behind its first institution word, or the hospital that belongs to it."""
    hits = facts.role.hits
    first = next(hit for hit in hits if hit.first > 0 and hit.weight >= min(6, heaviest.weight))
    follows = [hit for hit in hits if hit.first == first.last and hit.kind == "hospital"]
    tail = facts.words.forms[first.last : first.last + 2]
    attached = [hit for hit in hits if tail == ("附", "属") and hit.kind == "hospital"]
    return (follows or attached or [first])[0].last


def _host(forms: tuple[str, ...], heaviest: Hit) -> int | None:
    """Where the host begins in `Robotics Institute at Carnegie Mellon University`. None without such a host."""
    if heaviest.weight < _SEVERAL or "at" not in forms:
        return None
    at = forms.index("at")
    if at >= heaviest.first:
        return None
    return at + 2 if forms[at + 1] == "the" else at + 1


def _plain_unit(forms: tuple[str, ...]) -> bool:
    return forms[0] in {"department", "dept", "faculty", "division", "section", "school", "unit", "group"}


def _says_nothing(forms: tuple[str, ...], hit: Hit, first: int, last: int) -> bool:
    """Whether nothing but the institution word is there: `University`, `The Hospital`; but `KAIST` and `CNRS` are."""
    fillers = small_words("link")
    for form in (*forms[first : min(hit.first, last)], *forms[max(hit.last, first) : last]):
        if form not in fillers and form != "the":
            return False
    if hit.kind == "society" or hit.weight <= FUNDER:
        return False
    return hit.weight < 9 or (last - first == 1 and forms[first].startswith("uni") and forms[first] != "unist")


def _begin_of_name(facts: Facts, hit: Hit) -> int:
    """Where the name begins in `Department of Physics University of X` or `Department of Physics Kyoto University`."""
    forms, link = facts.words.forms, small_words("link")
    if hit.last < len(forms) and forms[hit.last] in link:
        named = hit.kind == "academy" and hit.first > 1 and forms[hit.first - 1] not in link
        return hit.first - 1 if named else hit.first  # Institute of Automation Chinese Academy of Sciences
    for place in reversed(facts.places):
        if 0 < place.first < hit.first:
            return place.first
    first = hit.first
    while first > 1 and hit.first - first < 3 and facts.text[facts.words.starts[first - 1]].isupper():
        first -= 1
    return first


def _cut_inner(forms: tuple[str, ...], heaviest: Hit) -> int | None:
    """Where a unit begins behind a name: `Sungkyunkwan University | School of Medicine`. None without one."""
    if heaviest.weight < 6:
        return None
    inner = words().inner
    return next((at for at in range(max(heaviest.last, 2), len(forms) - 1) if inner.at(forms, at)), None)


def _conjuncts(facts: Facts) -> list[tuple[int, int]]:
    """Split `University of A and B Institute` where both sides are names; give the extents in words."""
    forms, role = facts.words.forms, facts.role
    joints = [at for at, form in enumerate(forms) if form in _JOINTS] if len(role.hits) > 1 else []
    extents, first = [], 0
    for number, position in enumerate(joints):
        if position == 0 or position + 1 >= len(forms) or (role.unit_start and first == 0):
            continue
        following = joints[number + 1] if number + 1 < len(joints) else len(forms)
        if (
            _is_name(facts, first, position)
            and _is_name(facts, position + 1, following)
            and forms[position + 1] not in small_words("generic")
        ):
            extents.append((first, position))
            first = position + 1
    return [*extents, (first, len(forms))]


def _is_name(facts: Facts, first: int, last: int) -> bool:
    """Whether a side of `and` is a name: not `Electronics`, not `State University`, not `Robotics for Society`."""
    forms = facts.words.forms
    heads = [
        hit
        for hit in facts.role.hits
        if first <= hit.first < last
        and hit.weight >= _JOINED
        and not (hit.first > first and hit.kind == "museum" and forms[hit.first - 1] in small_words("link"))
    ]
    if not heads or (last - first == 1 and heads[0].kind == "company"):
        return False
    return (
        heads[0].kind in {"society", "company"}
        or heads[0].last - heads[0].first == last - first
        or not is_generic(forms[first:last])
    )


def _trimmed(facts: Facts, last: int, places: Sequence[Placed]) -> int:
    """End of a name without the country, state or number that follows it and without a bracketed abbreviation."""
    text, (starts, ends, forms) = facts.text, facts.words
    bracketed = "(" in text
    changed = True
    while changed and last > 1:
        changed = False
        form = forms[last - 1]
        if any(map(str.isdigit, form)) and not (form[:3].isalpha() and text[starts[last - 1] + 1].islower()):
            last, changed = last - 1, True
            continue
        for place in places:
            if place.last == last and place.placed and place.first > 1 and _can_go(forms, place, places):
                last, changed = place.first, True
        bracket = text.find("(", ends[0], ends[last - 1]) if bracketed else -1
        if bracket > 0:
            last, changed = bisect_left(starts, bracket, 0, last), True
    return max(last, 1)


def _can_go(forms: tuple[str, ...], place: Placed, places: Sequence[Placed]) -> bool:
    """Whether a name is whole without the state or country behind it; `University of Southern` is not."""
    kind = place.readings[0].kind
    if kind == "city":
        return False
    left = forms[: place.first]
    if any(other.last <= place.first and other.readings == place.readings for other in places):
        return True  # Technical University of Denmark Denmark
    if left[-1] in small_words("direction") or left[-1] in small_words("link"):
        return False
    within = {
        position
        for other in places
        if kind == "region" and other.last <= place.first and other.readings[0].kind == "country"
        for position in range(other.first, other.last)
    }  # Universiti Malaysia Sabah
    return not is_generic(tuple([form for position, form in enumerate(left) if position not in within]))


def _with_town(clean: Clean, facts: Sequence[Facts], index: int, one: Candidate, group: Sequence[int]) -> Found:
    """Place a name in the text, with the next part's town where it needs one: `University of California, Davis`."""
    origin, (starts, ends, forms) = clean.begin(index), facts[index].words
    start, end = origin + starts[one.first], origin + ends[one.last - 1]
    town = _town(facts[index + 1], forms[-1]) if one.open and index < group[-1] else 0
    if not town:
        return Found(index, start, end, one.weight, one.kind, "rule", one.name, one.key)
    end = clean.begin(index + 1) + facts[index + 1].words.ends[town - 1]
    name = printed_name(clean.text[start:end])
    return Found(index, start, end, one.weight, one.kind, "rule", name, normal_key(name))


def _town(facts: Facts, before: str) -> int:
    """Number of words of the town that a part begins with, behind a name that ends in the word `before`; or 0."""
    forms = facts.words.forms
    if forms[0] == before:
        return 0  # University of Houston, Houston
    first = next((place for place in facts.places if place.first == 0), None)
    if first is not None:
        return first.last if _is_town(first) else 0
    return 0 if len(forms) > 2 or any(map(str.isdigit, facts.text)) else len(forms)


def _is_town(place: Placed) -> bool:
    """Whether a place name is a town's before anything else; Singapore is, Paraguay and Georgia are not."""
    first = place.readings[0]
    return first.kind == "city" or any(
        reading.kind == "city" and reading.country == first.country for reading in place.readings
    )


def what_is_left(clean: Clean, facts: Sequence[Facts], address: Sequence[int]) -> Found | None:
    """Take the first part that is neither place nor department nor street: appendix 1's last resort.

    Where there is none, a laboratory or centre that is not a department by its first word, or `X Group`, will do.
    """
    named = [index for index in address if not facts[index].role.unit]
    laboratories = [
        index for index in address
        if facts[index].role.hits and facts[index].role.unit and not facts[index].role.unit_start
    ]  # fmt: skip
    groups = [
        index for index in address if facts[index].words.forms[1:] == ("group",)
    ]  # Alibaba Group: a company where nothing else is named
    for index in (*named, *laboratories, *groups):
        extent = _remainder(facts[index])
        if extent is not None:
            first, last = extent
            origin, words_here = clean.begin(index), facts[index].words
            start, end = origin + words_here.starts[first], origin + words_here.ends[last - 1]
            name = printed_name(facts[index].span(first, last))
            return Found(index, start, end, 1.0, "other", "remainder", name, normal_key(name))
    return None


def leaves_name(facts: Facts) -> bool:
    """Return whether a part without an institution's name may name one where the rest of its address has none."""
    role = facts.role
    if role.unit and role.weight > FUNDER and any(hit.kind == "laboratory" for hit in role.hits):
        return True
    left = not role.unit or (bool(role.hits) and not role.unit_start) or facts.words.forms[1:] == ("group",)
    return left and _remainder(facts) is not None


def _remainder(facts: Facts) -> tuple[int, int] | None:
    """The words of a part that its places leave; None where it has a number, or they are no name."""
    text, (starts, _ends, forms) = facts.text, facts.words
    here = [place for place in facts.places if place.placed]
    if any(character.isdigit() for form in forms for character in form):
        return None
    covered = {position for place in here for position in range(place.first, place.last)}
    rest = [position for position in range(len(forms)) if position not in covered]
    letters = sum([len(forms[position]) for position in rest])
    if not rest or letters < 2 or all(text[starts[position]].islower() for position in rest):
        return None
    last = _trimmed(facts, rest[-1] + 1, here)
    if (letters <= 2 and rest == [0]) or forms[0] in small_words("campus"):
        last = max([rest[-1] + 1, *(place.last for place in here if place.first == rest[-1] + 1)])
    return rest[0], max(last, rest[0] + 1)
