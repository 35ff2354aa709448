"""Which keys of one country are spellings of one name, rule by rule, from the surest to the boldest."""

from collections.abc import Hashable, Iterable, Mapping
from functools import cache

from kakehashi.affiliations.acronyms import Attested, join_acronyms
from kakehashi.affiliations.clusters import Clusters, Member, known_apart
from kakehashi.affiliations.extensions import join_companies, join_longer
from kakehashi.affiliations.lists import read_table
from kakehashi.affiliations.meanings import Meaning, is_rotation, meaning, plain, unspoken
from kakehashi.affiliations.names import campus_systems, is_abbreviated, normal_key
from kakehashi.affiliations.roles import is_generic
from kakehashi.affiliations.typos import corrections

MIN_LETTERS = 10
"""Shorter keys are not compared without their word breaks: they are acronyms, and acronyms collide."""

STEM = 8
LONGER = 4
"""Words with so many first letters in common, one at most so much longer, are one: technology, technological."""

TIMES_FEWER = 5
"""A name with one misspelt word is met at most this many times less often than the name it is joined to."""


def groups(
    keys: Mapping[str, Mapping[str, int]], country: str | None = None, attested: Iterable[Attested] = ()
) -> dict[str, Member]:
    """Return the cluster of each key and how it joined it.

    `keys` are the normal keys of one country with their spellings and how often each is met; `attested` the acronyms
    that its strings print beside full names. `Shanghai Jiaotong` meets `Shanghai Jiao Tong`, `Univ Essex` the
    `University of Essex`, `TU München` the `Technical University of Munich`, `Univercity of X` the `University of X`.
    The most frequent key that has no abbreviation stands for the group. Names without a country meet by spacing and
    abbreviation only: every other rule needs to know whose languages and rivals are concerned.
    """
    clusters = Clusters({key: sum(names.values()) for key, names in keys.items()}, _apart(country))
    short = frozenset(key for key, names in keys.items() if all(is_abbreviated(name) for name in names))
    spoken = {key: _spoken(key) for key in sorted(keys)}
    _join_spacing(clusters, spoken, short)
    _join_abbreviations(clusters, spoken, short)
    if country is not None:
        _join_meanings(clusters, keys, short, country)
        _join_typos(clusters, keys)
        join_longer(clusters, keys)
        join_acronyms(clusters, attested)
        join_companies(clusters)
    return clusters.joined()


@cache
def _apart(country: str | None) -> dict[str, frozenset[str]]:
    rows = read_table("distinct_names.csv")
    return known_apart(
        (normal_key(row["name"]), normal_key(row["other"])) for row in rows if row["country_code"] == country
    )


def _by(signatures: Iterable[tuple[str, Hashable]]) -> list[list[str]]:
    """Group keys, given in order, by their signature; the groups of two and more."""
    found: dict[Hashable, list[str]] = {}
    for key, signature in signatures:
        found.setdefault(signature, []).append(key)
    return [same for same in found.values() if len(same) > 1]


def _best(clusters: Clusters, keys: Iterable[str], short: frozenset[str]) -> str:
    return max(keys, key=lambda key: (clusters.main(key) not in short, clusters.total(key), len(key), key))


def _join_spacing(clusters: Clusters, spoken: Mapping[str, list[str]], short: frozenset[str]) -> None:
    for same in _by((key, _letters(key, words)) for key, words in spoken.items()):
        best = _best(clusters, same, short)
        for key in same:
            clusters.join(key, best, "spacing")


def _join_abbreviations(clusters: Clusters, spoken: Mapping[str, list[str]], short: frozenset[str]) -> None:
    for same in _by((key, tuple([word[:3] for word in words])) for key, words in spoken.items()):
        full = sorted({clusters.main(key) for key in same if key not in short})
        for key in sorted(short.intersection(same)):
            meant = [other for other in full if _is_short_for(spoken[key], spoken[other])]
            if len(meant) == 1 and clusters.main(key) in short:
                clusters.join(key, meant[0], "abbreviation")


def _join_meanings(clusters: Clusters, keys: Iterable[str], short: frozenset[str], country: str) -> None:
    """Join names with the same words in one language, or in another order: see meanings."""
    told = {key: meaning(key, country) for key in sorted(keys) if key not in campus_systems()}
    found = {key: one for key, one in told.items() if len(one.words) > 1}
    for same in _by((key, one.signature) for key, one in found.items()):
        named = [key for key in same if found[key].evidence != "short_form"] or same
        best = _best(clusters, named, short)
        if is_generic(found[best].words):
            continue
        for key in same:
            if _may_be_one(key, found[key], best, found[best]):
                evidence = found[key].evidence if found[key].evidence != "word_order" else found[best].evidence
                clusters.join(key, best, evidence)


def _may_be_one(key: str, one: Meaning, best: str, other: Meaning) -> bool:
    """Whether two names with the same words may be one: in order, in another language, or begun at another word.

    The `University of Chile in Santiago` is not the `University of Santiago of Chile`, nor is the `University of Ohio
    State` the `Ohio State University`.
    """
    if one.words == other.words or one.evidence == "short_form":
        return True
    if "in" in key.split(" ") or "in" in best.split(" "):
        return False
    if one.evidence == other.evidence == "word_order":
        return is_rotation(one.words, other.words) and one.words[-1] != "state"
    return True


def _join_typos(clusters: Clusters, keys: Mapping[str, Mapping[str, int]]) -> None:
    for key, right, only_type in list(corrections({key: sum(names.values()) for key, names in keys.items()})):
        if clusters.main(key) == key and (only_type or clusters.total(key) * TIMES_FEWER <= clusters.total(right)):
            clusters.join(key, right, "typo")


def _spoken(key: str) -> list[str]:
    silent = unspoken()
    return [word for word in key.split(" ") if word not in silent]


def _letters(key: str, spoken: list[str]) -> str:
    letters = "".join([plain(word) for word in spoken])
    return letters if len(letters) >= MIN_LETTERS else key


def _is_short_for(short: list[str], full: list[str]) -> bool:
    """Whether every word is the full word, its beginning, or another form of it, in order."""
    return len(short) == len(full) > 1 and all(
        long.startswith(brief) or (long[:STEM] == brief[:STEM] and len(long) <= len(brief) + LONGER)
        for brief, long in zip(short, full, strict=True)
    )
