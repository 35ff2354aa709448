"""Acronyms that the corpus itself attests beside a full name: `Massachusetts Institute of Technology (MIT)`."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kakehashi.affiliations.clusters import Clusters
from kakehashi.affiliations.meanings import unspoken
from kakehashi.affiliations.names import campus_systems, normal_key
from kakehashi.affiliations.places import gazetteer

Attested = tuple[str, str, int]
"""The key of a full name, an acronym's key, and how many mentions print one beside the other."""

MIN_STRANGE = 3
"""Acronyms that are not made of the name's initials (DLR of the German Aerospace Center) need so many mentions."""

MIN_SHARE = 0.9
"""The share of an acronym's mentions beside full names that must stand beside one institution's."""

RIVAL_SHARE = 0.1
"""Another name of the country with the same initials, and with this share of the mentions, makes them ambiguous."""

MIN_INITIALS = 3
"""Acronyms of two letters (TU, UW) are too many things to join names."""

_BEHIND = re.compile(r"\s*[(\[（]\s*([A-Z][A-Za-z&]{1,11})\s*[)\]）]")
_BEFORE = re.compile(r"(?:^|[\s,;(])([A-Z][A-Za-z&]{1,11})\s*(?:,|[-–—:(])\s*(?:the\s)?$")
_AFTER = re.compile(r"\s*(?:,|[-–—])\s*([A-Z][A-Z&]{2,11})\s*(?:,|;|$)")


def attested(text: str, span: str | None) -> str | None:
    """Return the key of an acronym that an affiliation string prints beside the name in `span`, or None.

    In brackets behind the name any acronym counts; before the name, or behind a comma or dash, only one that its
    initials make: there a department or a laboratory may stand.
    """
    if not span:
        return None
    start = text.find(span)
    if start < 0:
        return None
    behind = _BEHIND.match(text, start + len(span))
    if behind is not None:
        return _usable(behind.group(1))
    for match in (_BEFORE.search(text, max(0, start - 20), start), _AFTER.match(text, start + len(span))):
        acronym = _usable(match.group(1)) if match is not None else None
        if acronym is not None and made_of(acronym, normal_key(span)):
            return acronym
    return None


def _usable(word: str) -> str | None:
    """The acronym's key, if it is one: two capitals or more, not a place (`USA`)."""
    if sum(letter.isupper() for letter in word) < 2:
        return None
    places = gazetteer()
    key = normal_key(word)
    return None if word.upper() in places.codes or places.names.at((key,), 0) is not None else key


def made_of(acronym: str, key: str) -> bool:
    """Whether an acronym is a name's initials, unspoken words counted or not."""
    words = key.split(" ")
    spoken = [word for word in words if word not in unspoken()]
    return acronym in {"".join(word[0] for word in words), "".join(word[0] for word in spoken)}


def within(acronym: str, key: str) -> bool:
    """Whether an acronym begins as a name does and has its letters in their order: UNICAMP, DESY, NTNU."""
    if acronym[0] != key[0]:
        return False
    letters = iter("".join([word for word in key.split(" ") if word not in unspoken()]))
    return all(letter in letters for letter in acronym)


def join_acronyms(clusters: Clusters, pairs: Iterable[Attested]) -> None:
    """Join each acronym that is a key of its own with the one name of the country that it is attested for."""
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    for full, acronym, mentions in pairs:
        if acronym in clusters and full in clusters and full not in campus_systems() and full != acronym:
            beside[acronym][clusters.main(full)] += mentions
    rivals = _by_initials(clusters) if beside else {}
    for acronym, names in sorted(beside.items()):
        if len(acronym) < MIN_INITIALS:
            continue
        top = max(sorted(names), key=lambda name: names[name])
        enough = names[top] >= MIN_SHARE * names.total()
        if enough and (made_of(acronym, top) or names[top] >= MIN_STRANGE) and not _rivalled(
            clusters, top, rivals.get(acronym, ())
        ):  # fmt: skip
            clusters.join(acronym, top, "acronym")


def _rivalled(clusters: Clusters, name: str, others: Iterable[str]) -> bool:
    return any(
        clusters.main(other) != name and clusters.total(other) >= RIVAL_SHARE * clusters.total(name) for other in others
    )


def _by_initials(clusters: Clusters) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, initials in _initials(clusters.mains()):
        found[initials].append(key)
    return found


def _initials(keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key in keys:
        words = key.split(" ")
        if len(words) > 1:
            for initials in {"".join(w[0] for w in words), "".join(w[0] for w in words if w not in unspoken())}:
                yield key, initials
