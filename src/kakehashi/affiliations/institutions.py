"""The institutions named in an address: by institution words, or what is left when places and units are taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from kakehashi.affiliations.lists import Phrases, phrase_key, read_table, small_words
from kakehashi.affiliations.locate import Match
from kakehashi.affiliations.names import campus_systems, normal_key
from kakehashi.affiliations.text import Clean, Part

NAMING_WEIGHT = 3
"""From this weight on a word makes its part an institution's name, in which place names need care."""

_UNITS_LIKE_INSTITUTES = 5
_SEVERAL = 10
"""Names of this weight are never parts of each other: all of them are kept."""

_JOINED = 6
"""A name of this weight is kept beside a heavier one that `and` joins it to."""


@dataclass(frozen=True, slots=True)
class Found:
    """An institution's name as it stands: the parts and words it covers, its weight and the rule that found it."""

    part: int
    start: int
    end: int
    weight: float
    kind: str
    method: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An institution word inside a part."""

    first: int
    last: int
    weight: int
    kind: str


@dataclass(frozen=True, slots=True)
class Role:
    """What the words of a part say about it. `weight` is that of the heaviest institution word, 0 without one."""

    hits: tuple[Hit, ...]
    unit_start: bool
    unit: bool
    exception: bool
    weight: int


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists, ready for look-up."""

    exact: Phrases
    stems: tuple[tuple[str, int, str], ...]
    stem_prefixes: tuple[str, ...]
    starts: Phrases
    ends: frozenset[str]
    anywhere: Phrases
    exceptions: Phrases
    inner: Phrases


@cache
def words() -> Words:
    """Load the institution and department words."""
    exact: dict[str, tuple[int, str]] = {}
    stems: list[tuple[str, int, str]] = []
    for row in read_table("institution_words.csv"):
        word, weight, kind = row["word"], int(row["weight"]), row["kind"]
        if word.endswith("*"):
            stems.append((word[:-1], weight, kind))
        else:
            exact.setdefault(phrase_key(word), (weight, kind))
    roles: dict[str, dict[str, bool]] = {"start": {}, "end": {}, "anywhere": {}, "exception": {}, "inner": {}}
    for row in read_table("department_words.csv"):
        roles[row["role"]][phrase_key(row["phrase"])] = True
    stems.sort(key=lambda stem: (-len(stem[0]), stem[0]))  # the longest stem decides: universitari* before universit*
    return Words(
        Phrases(exact), tuple(stems), tuple(stem[0] for stem in stems), Phrases(roles["start"]),
        frozenset(roles["end"]), Phrases(roles["anywhere"]), Phrases(roles["exception"]), Phrases(roles["inner"]),
    )  # fmt: skip


def role_of(part: Part) -> Role:
    """Read a part's institution and department words."""
    return _role(part.forms)


@lru_cache(maxsize=16_384)
def _role(forms: tuple[str, ...]) -> Role:
    lists = words()
    hits = [Hit(first, last, *value) for first, last, value in lists.exact.find(forms)]
    taken = {position for hit in hits for position in range(hit.first, hit.last)}
    for position, form in enumerate(forms):
        if position not in taken and form.startswith(lists.stem_prefixes):
            stem = next(stem for stem in lists.stems if form.startswith(stem[0]))
            hits.append(Hit(position, position + 1, stem[1], stem[2]))
    begin = 1 if forms[0] == "the" and len(forms) > 1 else 0
    unit_start = lists.starts.at(forms, begin) is not None
    unit = unit_start or forms[-1] in lists.ends or bool(lists.anywhere.find(forms))
    weight = max((hit.weight for hit in hits), default=0)
    hits.sort(key=lambda hit: hit.first)
    return Role(tuple(hits), unit_start, unit, bool(lists.exceptions.find(forms)), weight)


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
    chosen = [candidate for candidate in candidates if candidate.weight == top]
    joined = {one.part for one in chosen}
    if top < _SEVERAL and any(one.kind != "company" for one in chosen) and not _same_part(chosen):
        chosen = chosen[-1:]
        joined = {chosen[0].part}
    beside = [one for one in candidates if one.part in joined and one.weight >= _JOINED]
    chosen = [one for one in candidates if one in chosen or one in beside]
    return [_with_town(clean, found, address, matches) for found in chosen]


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
        if heaviest.first <= 1 and weight <= 8:
            if heaviest.weight < 8 or _plain_unit(part):
                return None
            weight = _UNITS_LIKE_INSTITUTES
        elif weight < 6:
            return None
        else:
            first = _begin_of_name(clean, part, heaviest, matches)
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


def _plain_unit(part: Part) -> bool:
    return part.tokens[0].form in {"department", "dept", "faculty", "division", "section", "school", "unit", "group"}


def _says_nothing(part: Part, hit: Hit, first: int, last: int) -> bool:
    """Whether nothing but the institution word is there: `University`, `The Hospital`; but `KAIST` and `CNRS` are."""
    fillers = small_words("link") | {"the"}
    own = part.tokens[first:last]
    if any(token.form not in fillers for number, token in enumerate(own, first) if not hit.first <= number < hit.last):
        return False
    if hit.kind == "society":
        return False
    return hit.weight < 9 or (last - first == 1 and own[0].form.startswith("uni") and own[0].form != "unist")


def _begin_of_name(clean: Clean, part: Part, hit: Hit, matches: Sequence[Match]) -> int:
    """Where the name begins in `Department of Physics University of X` or `Department of Physics Kyoto University`."""
    tokens = part.tokens
    if hit.last < len(tokens) and tokens[hit.last].form in small_words("link"):
        return hit.first
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
        before = [hit for hit in role.hits if first <= hit.first < position and hit.weight >= 6]
        after = [hit for hit in role.hits if hit.first > position and hit.weight >= 6]
        if (
            before
            and after
            and tokens[position + 1].form not in small_words("generic")
            and not (role.unit_start and first == 0)
        ):
            extents.append((first, position))
            first = position + 1
    return [*extents, (first, len(tokens))]


def _trimmed(clean: Clean, part: Part, last: int, matches: Sequence[Match]) -> int:
    """End of a name without the country, state or number that follows it and without a bracketed abbreviation."""
    tokens = part.tokens
    changed = True
    while changed and last > 1:
        changed = False
        if any(character.isdigit() for character in tokens[last - 1].form):
            last, changed = last - 1, True
            continue
        for match in matches:
            if match.last == last and match.placed and match.first > 1 and match.readings[0].kind != "city":
                last, changed = match.first, True
        bracket = clean.text.find("(", tokens[0].end, tokens[last - 1].end)
        if bracket > 0:
            kept = sum(1 for token in tokens[:last] if token.start < bracket)
            last, changed = kept, True
    return tokens[max(last, 1) - 1].end


def _with_town(clean: Clean, found: Found, address: Sequence[int], matches: Sequence[Match]) -> Found:
    """Extend a name that several universities share by the town in the next part: `University of California, Davis`."""
    following = found.part + 1
    if following not in address or found.end < clean.parts[found.part].tokens[-1].end:
        return found
    if normal_key(clean.text[found.start : found.end]) not in campus_systems():
        return found
    part = clean.parts[following]
    towns = [match for match in matches if match.part == following and match.first == 0]
    if towns and all(reading.kind != "city" for reading in towns[0].readings):
        return found
    if not towns and (
        len(part.tokens) > 2 or any(character.isdigit() for character in clean.text[part.start : part.end])
    ):
        return found
    end = part.tokens[towns[0].last - 1].end if towns else part.tokens[-1].end
    return Found(found.part, found.start, end, found.weight, found.kind, found.method)


def what_is_left(clean: Clean, address: Sequence[int], roles: Sequence[Role], matches: Sequence[Match]) -> Found | None:
    """Take the first part that is neither place nor department nor street: appendix 1's last resort.

    Where there is none, a laboratory or centre that is not a department by its first word will do.
    """
    named = [index for index in address if not roles[index].unit]
    laboratories = [
        index for index in address if roles[index].hits and roles[index].unit and not roles[index].unit_start
    ]
    for index in [*named, *laboratories]:
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
        return Found(index, part.tokens[rest[0]].start, end, 1.0, "other", "remainder")
    return None
