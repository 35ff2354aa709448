"""The institutions named in an address: by institution words, or what is left when places and units are taken away."""

from collections.abc import Sequence
from dataclasses import dataclass

from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.locate import Match
from kakehashi.affiliations.names import campus_systems, normal_key
from kakehashi.affiliations.roles import NAMING_WEIGHT, Hit, Role, is_generic, words
from kakehashi.affiliations.text import Clean, Part

_UNITS_LIKE_INSTITUTES = 5
_SEVERAL = 10
"""Names of this weight are never parts of each other: all of them are kept."""

_FUNDER = 2
"""The weight of a name that stands behind another: the ministry that a key laboratory belongs to."""

_JOINED = 6
"""A name of this weight is kept beside a heavier one that `and` joins it to."""


_TOWN_TELLS = frozenset(("university", "hospital", "institute", "college"))
"""Kinds of which every town may have one, so that a name without a name of its own takes the town's."""


@dataclass(frozen=True, slots=True)
class Found:
    """An institution's name as it stands: the parts and words it covers, its weight and the rule that found it."""

    part: int
    start: int
    end: int
    weight: float
    kind: str
    method: str


def find_in(clean: Clean, address: Sequence[int], roles: Sequence[Role], matches: Sequence[Match]) -> list[Found]:
    """Find the institutions of one address by rule: the parts with the heaviest institution words."""
    candidates: list[Found] = []
    for index in address:
        if not roles[index].hits and not roles[index].exception:
            continue
        here = [match for match in matches if match.part == index]
        candidates.extend(_candidates(clean, index, roles[index], here))
    if not candidates:
        return []
    top = max(candidate.weight for candidate in candidates)
    if top <= _FUNDER:
        candidates = _funded(clean, address, roles) or candidates
        top = max(candidate.weight for candidate in candidates)
    chosen = [candidate for candidate in candidates if candidate.weight == top]
    joined = {one.part for one in chosen}
    if top < _SEVERAL and any(one.kind != "company" for one in chosen) and not _same_part(chosen):
        chosen = [one for one in chosen[:-1] if _is_proper(clean, one)] + chosen[-1:]
        chosen = chosen if _is_proper(clean, chosen[-1]) else chosen[-1:]
        joined = {one.part for one in chosen}
    beside = [one for one in candidates if one.part in joined and one.weight >= _JOINED]
    chosen = [one for one in candidates if one in chosen or one in beside]
    return [_with_town(clean, found, address, matches) for found in chosen]


def _is_proper(clean: Clean, found: Found) -> bool:
    """Whether a name begins with a name: `Paul Scherrer Institute`, not `Institute of Physics`, a part of the next."""
    forms = tuple(token.form for token in clean.parts[found.part].tokens if found.start <= token.start < found.end)
    begin = forms[1:] if forms[0] == "the" else forms
    return (
        found.kind in _TOWN_TELLS
        and bool(begin)
        and not begin[0].startswith(tuple(small_words("type")))
        and (begin[0] not in small_words("common") and begin[0] not in small_words("generic"))
    )


def _funded(clean: Clean, address: Sequence[int], roles: Sequence[Role]) -> list[Found]:
    """Find the laboratory that a ministry stands behind: `Key Laboratory of X, Ministry of Education`."""
    parts = [index for index in address if roles[index].unit and roles[index].weight > _FUNDER]
    laboratories = [index for index in parts if any(hit.kind == "laboratory" for hit in roles[index].hits)]
    return [
        Found(index, clean.parts[index].start, clean.parts[index].tokens[-1].end, 4, "laboratory", "rule")
        for index in laboratories[:1]
    ]


def _same_part(chosen: list[Found]) -> bool:
    return len({found.part for found in chosen}) == 1


def _candidates(clean: Clean, index: int, role: Role, matches: Sequence[Match]) -> list[Found]:
    part = clean.parts[index]
    if any(match.placed and match.last - match.first == len(part.tokens) for match in matches):
        return []  # a place altogether: University Park, PA
    if role.exception:
        return [Found(index, part.start, _trimmed(clean, part, len(part.tokens), matches), 8, "exception", "rule")]
    if not role.hits or role.weight < NAMING_WEIGHT - 1:
        return []
    found = []
    for first, last in _conjuncts(part, role):
        heaviest = max(
            (hit for hit in role.hits if first <= hit.first < last), key=lambda hit: hit.weight, default=None
        )
        if heaviest is not None:
            one = _one(clean, index, role, matches, (first, last), heaviest)
            if one is not None:
                found.append(one)
    return found


def _one(
    clean: Clean, index: int, role: Role, matches: Sequence[Match], extent: tuple[int, int], heaviest: Hit
) -> Found | None:
    part = clean.parts[index]
    tokens = part.tokens
    first, last = extent
    weight = float(heaviest.weight)
    if role.unit_start and first == 0:
        if heaviest.kind == "company" or tokens[heaviest.first].form == "school":
            return None  # Department of Electronics; School of Economics and Management
        if heaviest.first <= 1 and weight <= 8:
            if heaviest.weight < 8 or _plain_unit(part):
                return None
            weight = _UNITS_LIKE_INSTITUTES
        elif weight < 6:
            return None
        else:
            first = _begin_of_name(clean, part, heaviest, matches)
    elif _host(part, heaviest) is not None:
        first = _host(part, heaviest) or first
    elif _is_ideographic(part, heaviest):
        last = _ideographic_end(part, role, heaviest)
    elif _cut_inner(part, heaviest, last) is not None:
        last = _cut_inner(part, heaviest, last) or last
    elif role.unit and weight < 6:
        return None
    if _says_nothing(part, heaviest, first, last):
        return None
    end = _trimmed(clean, part, last, matches)
    return Found(index, tokens[first].start, max(end, tokens[first].end), weight, heaviest.kind, "rule")


def _is_ideographic(part: Part, hit: Hit) -> bool:
    return hit.first > 0 and "\u3400" <= part.tokens[hit.first].form[0] <= "\u9fff"


def _ideographic_end(part: Part, role: Role, heaviest: Hit) -> int:
    """Where a name in ideographs ends: behind its first institution word, or the hospital that belongs to it."""
    first = next(hit for hit in role.hits if hit.first > 0 and hit.weight >= min(6, heaviest.weight))
    follows = [hit for hit in role.hits if hit.first == first.last and hit.kind == "hospital"]
    tail = [token.form for token in part.tokens[first.last : first.last + 2]]
    attached = [hit for hit in role.hits if tail == ["附", "属"] and hit.kind == "hospital"]
    return (follows or attached or [first])[0].last


def _host(part: Part, heaviest: Hit) -> int | None:
    """Where the host begins in `Robotics Institute at Carnegie Mellon University`. None without such a host."""
    at = next((number for number, form in enumerate(part.forms) if form == "at" and number < heaviest.first), None)
    if at is None or heaviest.weight < _SEVERAL:
        return None
    return at + 2 if part.forms[at + 1] == "the" else at + 1


def _plain_unit(part: Part) -> bool:
    return part.tokens[0].form in {"department", "dept", "faculty", "division", "section", "school", "unit", "group"}


def _says_nothing(part: Part, hit: Hit, first: int, last: int) -> bool:
    """Whether nothing but the institution word is there: `University`, `The Hospital`; but `KAIST` and `CNRS` are."""
    fillers = small_words("link") | {"the"}
    own = part.tokens[first:last]
    if any(token.form not in fillers for number, token in enumerate(own, first) if not hit.first <= number < hit.last):
        return False
    if hit.kind == "society" or hit.weight <= _FUNDER:
        return False
    return hit.weight < 9 or (last - first == 1 and own[0].form.startswith("uni") and own[0].form != "unist")


def _begin_of_name(clean: Clean, part: Part, hit: Hit, matches: Sequence[Match]) -> int:
    """Where the name begins in `Department of Physics University of X` or `Department of Physics Kyoto University`."""
    tokens = part.tokens
    if hit.last < len(tokens) and tokens[hit.last].form in small_words("link"):
        named = hit.kind == "academy" and hit.first > 1 and tokens[hit.first - 1].form not in small_words("link")
        return hit.first - 1 if named else hit.first  # Institute of Automation Chinese Academy of Sciences
    for match in reversed(matches):
        if match.first < hit.first and match.first > 0:
            return match.first
    first = hit.first
    while first > 1 and hit.first - first < 3 and clean.text[tokens[first - 1].start].isupper():
        first -= 1
    return first


def _cut_inner(part: Part, heaviest: Hit, last: int) -> int | None:
    """Where a unit begins behind a name: `Sungkyunkwan University | School of Medicine`. None without one."""
    if heaviest.weight < 6:
        return None
    forms = part.forms[:last]
    inner = words().inner
    return next((at for at in range(max(heaviest.last, 2), len(forms) - 1) if inner.at(forms, at)), None)


def _conjuncts(part: Part, role: Role) -> list[tuple[int, int]]:
    """Split `University of A and B Institute` where both sides are names; give the extents in words."""
    tokens = part.tokens
    if len(role.hits) < 2:
        return [(0, len(tokens))]
    extents, first = [], 0
    for position, token in enumerate(tokens):
        if token.form not in {"and", "&"} or position == 0 or position + 1 >= len(tokens):
            continue
        following = next((at for at in range(position + 1, len(tokens)) if part.forms[at] in {"and", "&"}), len(tokens))
        if (
            _is_name(part, role, first, position)
            and _is_name(part, role, position + 1, following)
            and tokens[position + 1].form not in small_words("generic")
            and not (role.unit_start and first == 0)
        ):
            extents.append((first, position))
            first = position + 1
    return [*extents, (first, len(tokens))]


def _is_name(part: Part, role: Role, first: int, last: int) -> bool:
    """Whether a side of `and` is a name: not `Electronics`, not `State University`, not `Robotics for Society`."""
    heads = [
        hit
        for hit in role.hits
        if first <= hit.first < last
        and hit.weight >= _JOINED
        and not (hit.first > first and hit.kind == "museum" and part.forms[hit.first - 1] in small_words("link"))
    ]
    if not heads or (last - first == 1 and heads[0].kind == "company"):
        return False
    return (
        heads[0].kind in {"society", "company"}
        or heads[0].last - heads[0].first == last - first
        or not is_generic(part.forms[first:last])
    )


def _trimmed(clean: Clean, part: Part, last: int, matches: Sequence[Match]) -> int:
    """End of a name without the country, state or number that follows it and without a bracketed abbreviation."""
    tokens = part.tokens
    changed = True
    while changed and last > 1:
        changed = False
        form = tokens[last - 1].form
        if any(character.isdigit() for character in form) and not (
            form[:3].isalpha() and clean.text[tokens[last - 1].start + 1].islower()
        ):
            last, changed = last - 1, True
            continue
        for match in matches:
            if match.last == last and match.placed and match.first > 1 and _can_go(part, match, matches):
                last, changed = match.first, True
        bracket = clean.text.find("(", tokens[0].end, tokens[last - 1].end)
        if bracket > 0:
            kept = sum(1 for token in tokens[:last] if token.start < bracket)
            last, changed = kept, True
    return tokens[max(last, 1) - 1].end


def _can_go(part: Part, match: Match, matches: Sequence[Match]) -> bool:
    """Whether a name is whole without the state or country behind it; `University of Southern` is not."""
    kind = match.readings[0].kind
    if kind == "city":
        return False
    left = part.forms[: match.first]
    if any(other.last <= match.first and other.readings == match.readings for other in matches):
        return True  # Technical University of Denmark Denmark
    if left[-1] in small_words("direction") or left[-1] in small_words("link"):
        return False
    within = {
        place
        for other in matches
        if kind == "region" and other.last <= match.first and other.readings[0].kind == "country"
        for place in range(other.first, other.last)
    }  # Universiti Malaysia Sabah
    return not is_generic(tuple(form for place, form in enumerate(left) if place not in within))


def _with_town(clean: Clean, found: Found, address: Sequence[int], matches: Sequence[Match]) -> Found:
    """Extend a name that several universities share by the town in the next part: `University of California, Davis`."""
    following = found.part + 1
    if following not in address or found.end < clean.parts[found.part].tokens[-1].end:
        return found
    own = tuple(token.form for token in clean.parts[found.part].tokens if token.start >= found.start)
    shared = normal_key(clean.text[found.start : found.end]) in campus_systems()
    if not shared and not (found.kind in _TOWN_TELLS and is_generic(own)):
        return found
    part = clean.parts[following]
    if part.forms[0] == own[-1]:
        return found  # University of Houston, Houston
    towns = [match for match in matches if match.part == following and match.first == 0]
    if towns and not _is_town(towns[0]):
        return found
    if not towns and (
        len(part.tokens) > 2 or any(character.isdigit() for character in clean.text[part.start : part.end])
    ):
        return found
    end = part.tokens[towns[0].last - 1].end if towns else part.tokens[-1].end
    return Found(found.part, found.start, end, found.weight, found.kind, found.method)


def _is_town(match: Match) -> bool:
    """Whether a place name is a town's before anything else; Singapore is, Paraguay and Georgia are not."""
    first = match.readings[0]
    return first.kind == "city" or any(
        reading.kind == "city" and reading.country == first.country for reading in match.readings
    )


def what_is_left(clean: Clean, address: Sequence[int], roles: Sequence[Role], matches: Sequence[Match]) -> Found | None:
    """Take the first part that is neither place nor department nor street: appendix 1's last resort.

    Where there is none, a laboratory or centre that is not a department by its first word, or `X Group`, will do.
    """
    named = [index for index in address if not roles[index].unit]
    laboratories = [
        index for index in address if roles[index].hits and roles[index].unit and not roles[index].unit_start
    ]
    groups = [
        index for index in address if clean.parts[index].forms[-1:] == ("group",) and len(clean.parts[index].forms) == 2
    ]  # Alibaba Group: a company where nothing else is named
    for index in [*named, *laboratories, *groups]:
        part = clean.parts[index]
        here = [match for match in matches if match.part == index and match.placed]
        if any(character.isdigit() for token in part.tokens for character in token.form):
            continue
        covered = {position for match in here for position in range(match.first, match.last)}
        rest = [position for position in range(len(part.tokens)) if position not in covered]
        letters = sum(len(part.tokens[position].form) for position in rest)
        if not rest or letters < 2 or all(clean.text[part.tokens[p].start].islower() for p in rest):
            continue
        end = _trimmed(clean, part, rest[-1] + 1, here)
        if (letters <= 2 and rest == [0]) or part.forms[0] in small_words("campus"):
            end = part.tokens[
                max([rest[-1] + 1, *(match.last for match in here if match.first == rest[-1] + 1)]) - 1
            ].end
        return Found(index, part.tokens[rest[0]].start, end, 1.0, "other", "remainder")
    return None
