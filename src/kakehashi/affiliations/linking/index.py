"""The index of a registry: every name of every organisation under its words, in their order and in any order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kakehashi.affiliations.linking import aliases
from kakehashi.affiliations.linking.organisations import Organisation, Place
from kakehashi.affiliations.linking.spelling import COMMON, one_away
from kakehashi.affiliations.linking.tables import BRACKETED, Records, Tables, tables_of
from kakehashi.affiliations.linking.words import HEADS, form_before, form_behind, legal_forms, name_words
from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.roles import is_generic
from kakehashi.affiliations.text import forms

FORMAT = 8
"""Raised whenever an index that an older program saved can no longer be used."""

KINDS = ("display", "label", "alias", "acronym", "shortened", "initials", "placed")
"""How a key names its organisation: the kinds of the registry, and ways in which people shorten its names."""
DISPLAY, LABEL, ALIAS, ACRONYM, SHORTENED, INITIALS, PLACED = range(len(KINDS))

MAX_WORDS = 14
"""Longer names are left out: they are descriptions."""

MAX_CHARACTERS = 40
"""The same for ideographs and kana, each of which is a word."""

MIN_CHARACTERS = 3
"""So many are left of a name in native script without its legal form, else it may mean anything."""

MIN_LETTERS = 8
"""Shorter names are not looked up without their word breaks."""

STEM = 3
"""Names are also found by so many first letters of each word, as Web of Science abbreviates them."""

MIN_CONFUSED = 7
"""Shorter words are not taken for each other: Bremen is not Bergen."""


class Index(msgspec.Struct):
    """The organisations and their names.

    `names` leads from a key (index words joined by blanks) to pairs of organisation number and kind of name;
    `longest` from the first two words of a key (or its only one) to the number of words of the longest such key;
    `bags`, `joined` and `stems` from the sorted words, the letters without breaks and the first letters of each word to
    keys; `towns` from the index words of a town or region to its number;
    `counts` says in how many keys a word occurs; `confused` leads from a university of no registered name to the one
    whose name is a letter away, where the wrong word is one too: `colombia university`. `tables` say of all
    organisations what is asked of all at once.
    """

    organisations: Sequence[Organisation]
    names: dict[str, tuple[tuple[int, int], ...]]
    longest: dict[str, int]
    bags: dict[str, tuple[str, ...]]
    joined: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    towns: dict[str, int]
    counts: dict[str, int]
    confused: dict[str, str]
    tables: Tables


def build(organisations: Iterable[Organisation]) -> Index:
    """Index all organisations, inactive ones too: old papers name them. A withdrawn one's names are its successor's."""
    listed = sorted(organisations, key=lambda one: one.ror_id)
    names = _names(listed)
    longest: dict[str, int] = {}
    looser: tuple[dict[str, list[str]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
    counts: Counter[str] = Counter()
    for key in sorted(names):
        words = key.split(" ")
        counts.update(set(words))
        start = " ".join(words[:2])
        longest[start] = max(len(words), longest.get(start, 0))
        if min(names[key].values()) <= ALIAS:
            for keys, signature in zip(looser, (bag(words), joined(words), stems(words)), strict=True):
                if signature:
                    keys[signature].append(key)
    bags, letters, shortened = ({sign: tuple(keys) for sign, keys in found.items()} for found in looser)
    towns: dict[str, int] = {}
    places = [_places(organisation, towns) for organisation in listed]
    for row in read_table("town_phrases.csv"):
        known = towns.get(" ".join(name_words(row["meaning"])))
        if known is not None:
            towns.setdefault(" ".join(name_words(row["name"])), known)
    postings = {key: tuple(sorted(found.items())) for key, found in sorted(names.items())}
    confused = _confused(names, counts)
    tables = tables_of(listed, places, names)
    return Index(listed, postings, longest, bags, letters, shortened, towns, dict(counts), confused, tables)


def _confused(names: dict[str, dict[int, int]], counts: Mapping[str, int]) -> dict[str, str]:
    known = {word for row in read_table("country_aliases.csv") for word in forms(row["alias"])}
    known.update(word for word, number in counts.items() if number >= COMMON)
    found: dict[str, str] = {}
    for key in sorted(names):
        word, _, rest = key.partition(" ")
        if rest != "university" or len(word) < MIN_CONFUSED or min(names[key].values()) > ALIAS:
            continue
        for other in one_away(word) & known:
            wrong = f"{other} university"
            if wrong not in names and f"university {other}" not in names:
                found.setdefault(wrong, key)
    return found


def bag(words: Sequence[str]) -> str:
    """Return the words in alphabetical order; '' for a single word or a name in ideographs, where order is all."""
    return " ".join(sorted(words)) if len(words) > 1 and words[0].isascii() else ""


def joined(words: Sequence[str]) -> str:
    """Return the letters without word breaks; '' where that is too little to tell names apart."""
    letters = "".join(words)
    return letters if len(letters) >= MIN_LETTERS else ""


def stems(words: Sequence[str]) -> str:
    """Return the first letters of each word; '' for names of fewer than three words."""
    return " ".join(word[:STEM] for word in words) if len(words) > 2 else ""


def _names(listed: list[Organisation]) -> dict[str, dict[int, int]]:
    """Return for each key the organisations with the strongest kind of name they have it by."""
    names: dict[str, dict[int, int]] = defaultdict(dict)
    numbers = {organisation.ror_id: number for number, organisation in enumerate(listed)}
    nobodys = {" ".join(name_words(name)) for name in small_words("anybodys_name")}
    for number, organisation in enumerate(listed):
        meant = _standing(number, listed, numbers)
        if meant is None:
            continue
        for key, kind in _keys(organisation):
            if key in nobodys:
                continue
            told = kind if meant == number else max(kind, ALIAS)
            names[key][meant] = min(told, names[key].get(meant, told))
    for alias in aliases.listed():
        known = numbers.get(alias.ror_id)
        if known is not None and not _is_anothers(names.get(alias.key, {}), known, listed):
            found = names[alias.key]
            kind = ACRONYM if alias.is_acronym else ALIAS
            found[known] = min(kind, found.get(known, kind))
    names.pop("", None)
    _leave_to_parents(names, listed, numbers)
    for key, found in list(names.items()):
        if PLACED in found.values() and (min(found.values()) <= ALIAS or _is_other_order_of_a_name(key, names)):
            for known in [known for known, kind in found.items() if kind == PLACED]:
                del found[known]
            if not found:
                del names[key]
    return names


def _is_anothers(found: dict[int, int], known: int, listed: list[Organisation]) -> bool:
    """Whether an organisation of the same country has a name as its own: a school that the registry lists by itself."""
    here = {place.country for place in listed[known].places}
    return any(
        kind <= LABEL and other != known and not here.isdisjoint([place.country for place in listed[other].places])
        for other, kind in found.items()
    )


def _leave_to_parents(names: dict[str, dict[int, int]], listed: list[Organisation], numbers: dict[str, int]) -> None:
    """Let what is left of a name be none of the organisation's where it is that of its parent.

    `Institute of Chemistry, Chinese Academy of Sciences` does not make two organisations of the academy's name. A
    campus (`University of California, Berkeley`) keeps that of its system: its town behind it tells which.
    """
    for key, found in names.items():
        if SHORTENED in found.values() and min(found.values()) <= LABEL:
            for known in [known for known, kind in found.items() if kind == SHORTENED]:
                parents = {numbers[parent] for parent in listed[known].parents if parent in numbers}
                named = any(found[other] <= LABEL for other in parents & found.keys())
                if named and not _is_campus(listed[known], key):
                    del found[known]


def _is_campus(organisation: Organisation, key: str) -> bool:
    """Whether an organisation's name is a key and the name of a place of its own."""
    places = {word for place in organisation.places for words in _place_words(place) for word in words}
    own = set(key.split(" "))
    return any(own < (words := set(name_words(name.value))) and words - own <= places for name in organisation.names)


def _is_other_order_of_a_name(key: str, names: dict[str, dict[int, int]]) -> bool:
    """Whether a key is a name the other way round: Toronto University is the one of that name, not any in Toronto."""
    words = key.split(" ")
    turned = [*words[1:], words[0]] if words[0] == "university" else [words[-1], *words[:-1]]
    return min(names.get(" ".join(turned), {0: PLACED}).values()) <= LABEL


def _standing(number: int, listed: list[Organisation], numbers: dict[str, int]) -> int | None:
    """Return the organisation that a record stands for: a withdrawn one for its only successor, or for none."""
    seen = set()
    while listed[number].withdrawn:
        known = [numbers[ror] for ror in listed[number].successors if ror in numbers]
        seen.add(number)
        if len(known) != 1 or known[0] in seen:
            return None
        number = known[0]
    return number


def _keys(organisation: Organisation) -> Iterator[tuple[str, int]]:
    """Yield the keys of an organisation: its names, and the ways in which people shorten them."""
    places = [words for place in organisation.places for words in _place_words(place)]
    for name in organisation.names:
        kind = KINDS.index(name.kind)
        for spelling in dict.fromkeys((name.value, BRACKETED.sub(" ", name.value).strip())):
            words = name_words(spelling)
            if not words or _is_description(words):
                continue
            yield " ".join(words), kind
            for bare in _without_forms(words):
                yield " ".join(bare), max(kind, ALIAS)
            if kind != ACRONYM:
                yield from _shortened(words, places)
                yield from _pieces(spelling)
    if "education" in organisation.types and any("niversi" in name.value for name in organisation.names):
        for place in organisation.places:
            town = name_words(place.town)
            if town:
                yield " ".join(("university", *town)), PLACED
                yield " ".join((*town, "university")), PLACED


def _is_description(words: Sequence[str]) -> bool:
    characters = sum(len(word) == 1 and not word.isascii() for word in words)
    return characters > MAX_CHARACTERS or len(words) - characters > MAX_WORDS


def _without_forms(words: list[str]) -> Iterator[list[str]]:
    """Yield a name in native script without its legal form (`株式会社デンソー`), then without what else it has."""
    while True:
        bare = words[form_behind(words) :]
        bare = bare[: len(bare) - form_before(bare)]
        if len(bare) == len(words) or sum(map(len, bare)) < MIN_CHARACTERS or all(map(str.isascii, bare)):
            return  # TCM is more than a company in Japan
        yield bare
        words = bare


def _place_words(place: Place) -> Iterator[tuple[str, ...]]:
    for name in (place.town, place.region, place.country_name):
        words = tuple(name_words(name))
        if words:
            yield words


def _shortened(words: list[str], places: list[tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    """Yield a name without its own place (`Imperial College`), and with initials (`IIT Jodhpur`, `J Stefan …`)."""
    for place in places:
        size = len(place)
        for at_end in (True, False):
            here, rest = (words[-size:], words[:-size]) if at_end else (words[:size], words[size:])
            if tuple(here) != place or len(rest) < 2:
                continue
            if not is_generic(tuple(rest)) and not legal_forms().issuperset(rest):
                yield " ".join(rest), SHORTENED
            if at_end:
                yield from _initials(rest, place)
    if len(words) > 2 and words[0].isascii() and words[0].isalpha() and words[0] not in HEADS:
        yield " ".join((words[0][0], *words[1:])), SHORTENED


def _initials(words: list[str], rest: Iterable[str]) -> Iterator[tuple[str, int]]:
    initials = "".join(word[0] for word in words)
    if initials.isascii() and initials.isalpha() and len(initials) > 1:
        yield " ".join((initials, *rest)), INITIALS


def _pieces(name: str) -> Iterator[tuple[str, int]]:
    """Yield what stands on either side of a comma or dash: `Czech Academy of Sciences, Institute of Microbiology`."""
    for mark in (", ", " - ", " – ", " / ", ": "):
        head, found, tail = name.partition(mark)
        if not found:
            continue
        first, second = name_words(head), name_words(tail)
        yield from _initials(first, second)
        for words in (first, second):
            if len(words) > 1 and not is_generic(tuple(words)):
                yield " ".join(words), SHORTENED


def _places(organisation: Organisation, towns: dict[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Number the organisation's towns and regions as index words know them."""
    found: tuple[list[int], list[int]] = ([], [])
    for place in organisation.places:
        for names, name in zip(found, (place.town, place.region), strict=True):
            key = " ".join(name_words(name))
            if key:
                names.append(towns.setdefault(key, len(towns)))
    return tuple(found[0]), tuple(found[1])


class _Saved(Index):
    """An index as it is saved: the records are not read with it."""

    organisations: list[msgspec.Raw]  # type: ignore[assignment]


def save(index: Index, path: Path) -> None:
    """Write an index to a file."""
    path.write_bytes(msgspec.msgpack.encode(replace(index, organisations=list(index.organisations))))


def load(path: Path) -> Index:
    """Read an index that `save` wrote."""
    with path.open("rb") as file:
        saved = msgspec.msgpack.decode(mmap(file.fileno(), 0, access=ACCESS_READ), type=_Saved)
    return Index(Records(saved.organisations), *(getattr(saved, field) for field in Index.__struct_fields__[1:]))
