"""Which keys of one country are spellings of one name, rule by rule, from the surest to the boldest."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache

from kakehashi.affiliations.acronyms import Attested, join_acronyms
from kakehashi.affiliations.clusters import Clusters, Member, known_apart
from kakehashi.affiliations.lists import read_table, small_words
from kakehashi.affiliations.meanings import Meaning, is_rotation, meaning, plain, unspoken
from kakehashi.affiliations.names import campus_systems, is_abbreviated, normal_key
from kakehashi.affiliations.places import gazetteer
from kakehashi.affiliations.roles import is_generic
from kakehashi.affiliations.typos import corrections

MIN_LETTERS = 10
"""Shorter keys are not compared without their word breaks: they are acronyms, and acronyms collide."""

STEM = 8
LONGER = 4
"""Words with so many first letters in common, one at most so much longer, are one: technology, technological."""

TIMES_FEWER = 5
"""A name with one misspelt word is met at most this many times less often than the name it is joined to."""

LONGEST_ACRONYM = 2
"""Heads of company names up to this length are not compared: too many companies share them."""

COMPANY_SHARE = 0.9
"""The bare name of a company stands for the form with this share of the mentions that begin with it."""


def groups(
    keys: Mapping[str, Counter[str]], country: str | None = None, attested: Iterable[Attested] = ()
) -> dict[str, Member]:
    """Return the cluster of each key and how it joined it.

    `keys` are the normal keys of one country with their spellings and how often each is met; `attested` the acronyms
    that its strings print beside full names. `Shanghai Jiaotong` meets `Shanghai Jiao Tong`, `Univ Essex` the
    `University of Essex`, `TU München` the `Technical University of Munich`, `Univercity of X` the `University of X`.
    The most frequent key that has no abbreviation stands for the group. Names without a country meet by spacing and
    abbreviation only: every other rule needs to know whose languages and rivals are concerned.
    """
    clusters = Clusters({key: names.total() for key, names in keys.items()}, _apart(country))
    short = frozenset(key for key, names in keys.items() if all(is_abbreviated(name) for name in names))
    _join_spacing(clusters, keys, short)
    _join_abbreviations(clusters, keys, short)
    if country is not None:
        _join_meanings(clusters, keys, short, country)
        _join_typos(clusters, keys)
        join_acronyms(clusters, attested)
        _join_companies(clusters)
    return clusters.joined()


@cache
def _apart(country: str | None) -> dict[str, frozenset[str]]:
    rows = read_table("distinct_names.csv")
    return known_apart(
        (normal_key(row["name"]), normal_key(row["other"])) for row in rows if row["country_code"] == country
    )


def _by(signature: Callable[[str], Hashable], keys: Iterable[str]) -> list[list[str]]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for key in sorted(keys):
        found[signature(key)].append(key)
    return [same for same in found.values() if len(same) > 1]


def _best(clusters: Clusters, keys: Iterable[str], short: frozenset[str]) -> str:
    return max(keys, key=lambda key: (key not in short, clusters.total(key), len(key), key))


def _join_spacing(clusters: Clusters, keys: Iterable[str], short: frozenset[str]) -> None:
    for same in _by(_letters, keys):
        best = _best(clusters, same, short)
        for key in same:
            clusters.join(key, best, "spacing")


def _join_abbreviations(clusters: Clusters, keys: Iterable[str], short: frozenset[str]) -> None:
    for same in _by(_initials, keys):
        full = sorted({clusters.main(key) for key in same if key not in short})
        for key in sorted(short.intersection(same)):
            meant = [other for other in full if _is_short_for(key, other)]
            if len(meant) == 1 and clusters.main(key) in short:
                clusters.join(key, meant[0], "abbreviation")


def _join_meanings(clusters: Clusters, keys: Iterable[str], short: frozenset[str], country: str) -> None:
    """Join names with the same words in one language, or in another order: see meanings."""
    told = {key: meaning(key, country) for key in keys if key not in campus_systems()}
    found = {key: one for key, one in told.items() if len(one.words) > 1}
    for same in _by(lambda key: found[key].signature, found):
        best = _best(clusters, same, short)
        if is_generic(found[best].words):
            continue
        for key in same:
            if found[key].evidence != "word_order" or _same_order(found[key], found[best]):
                evidence = found[key].evidence if found[key].evidence != "word_order" else found[best].evidence
                clusters.join(key, best, evidence)


def _same_order(one: Meaning, best: Meaning) -> bool:
    """Whether names differ in the place of their type word at most; the University of Ohio State is another matter."""
    if best.evidence != "word_order":
        return True
    return one.words == best.words or (is_rotation(one.words, best.words) and one.words[-1] != "state")


def _join_typos(clusters: Clusters, keys: Mapping[str, Counter[str]]) -> None:
    for key, right, only_type in list(corrections({key: names.total() for key, names in keys.items()})):
        if clusters.main(key) == key and (only_type or clusters.total(key) * TIMES_FEWER <= clusters.total(right)):
            clusters.join(key, right, "typo")


def _join_companies(clusters: Clusters) -> None:
    """Join `Huawei` and `Huawei Technologies` where hardly another name of the country begins so."""
    tails = small_words("company_tail")
    by_head: dict[str, list[str]] = defaultdict(list)
    for key in clusters.mains():
        by_head[key.split(" ")[0]].append(key)
    for head, names in sorted(by_head.items()):
        formed = [name for name in names if name != head and all(word in tails for word in name.split(" ")[1:])]
        if head not in names or not formed or not _is_own_name(head):
            continue
        both = [head, *formed]
        best = max(both, key=lambda name: (clusters.total(name), name))
        top = max(formed, key=lambda name: (clusters.total(name), name))
        if clusters.total(top) >= COMPANY_SHARE * sum(clusters.total(name) for name in formed):
            for name in both:
                if name in {head, top}:
                    clusters.join(name, best, "company")


def _is_own_name(word: str) -> bool:
    """Whether a word is a name of its own: no acronym, place or subject (`Analysis Group`)."""
    ordinary = gazetteer().names.at((word,), 0) is not None or is_generic((word, "university"))
    return len(word) > LONGEST_ACRONYM and not ordinary and word not in small_words("company_subject")


def _spoken(key: str) -> list[str]:
    return [word for word in key.split(" ") if word not in unspoken()]


def _letters(key: str) -> str:
    letters = "".join(plain(word) for word in _spoken(key))
    return letters if len(letters) >= MIN_LETTERS else key


def _initials(key: str) -> tuple[str, ...]:
    return tuple(word[:3] for word in _spoken(key))


def _is_short_for(short: str, full: str) -> bool:
    """Whether every word is the full word, its beginning, or another form of it, in order."""
    pairs = list(zip(_spoken(short), _spoken(full), strict=False))
    return len(pairs) == len(_spoken(short)) == len(_spoken(full)) > 1 and all(
        long.startswith(brief) or (long[:STEM] == brief[:STEM] and len(long) <= len(brief) + LONGER)
        for brief, long in pairs
    )
