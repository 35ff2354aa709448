"""Names that are another name and a little more: its town, its acronym, the words of a company's form."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kakehashi.affiliations.acronyms import within
from kakehashi.affiliations.clusters import Clusters, Evidence
from kakehashi.affiliations.lists import small_words
from kakehashi.affiliations.names import campus_systems
from kakehashi.affiliations.places import gazetteer
from kakehashi.affiliations.roles import is_generic
from kakehashi.affiliations.text import tokenize

ACRONYM_LETTERS = range(3, 11)
"""An acronym beside a name has so many letters."""

LONGEST_SHORT_HEAD = 2
"""Heads of company names up to this length are not compared: too many companies share them."""

COMPANY_SHARE = 0.9
"""The bare name of a company stands for the form with this share of the mentions that begin with it."""


def join_longer(clusters: Clusters, keys: Mapping[str, Mapping[str, int]]) -> None:
    """Join `Charles University in Prague` with `Charles University`, `DESY Deutsches ...` with the name alone.

    A town tells nothing new where no other town stands behind the same name; systems with several universities and
    names that only say a kind are left alone.
    """
    longer: dict[str, list[tuple[str, Evidence]]] = defaultdict(list)
    for key in sorted(keys):
        for base, evidence in _bases(key, keys[key]):
            if base in clusters and base not in campus_systems() and not is_generic(tuple(base.split(" "))):
                longer[base].append((key, evidence))
    for base, found in sorted(longer.items()):
        towns = {clusters.main(key) for key, evidence in found if evidence == "place"}
        for key, evidence in found:
            if evidence == "acronym" or len(towns) == 1:
                _join_smaller(clusters, key, base, evidence)


def _bases(key: str, spellings: Mapping[str, int]) -> Iterator[tuple[str, Evidence]]:
    """Yield what a name is without its town, and without its acronym."""
    words = key.split(" ")
    at = next((at for at in range(len(words) - 2, 0, -1) if words[at] == "in"), None) if "in" in words else None
    if at is not None and is_place(words[at + 1 :]):
        yield " ".join(words[:at]), "place"
    for acronym, rest in ((words[0], words[1:]), (words[-1], words[:-1])) if len(words) > 2 else ():
        base = " ".join(rest)
        if len(acronym) in ACRONYM_LETTERS and within(acronym, base) and _is_capital(acronym, spellings):
            yield base, "acronym"


def _is_capital(word: str, spellings: Mapping[str, int]) -> bool:
    """Whether a word is written in capitals in a name whose other words are not."""
    for name in spellings:
        written = {token.form: name[token.start : token.end] for token in tokenize(name)}
        if written.get(word, "").isupper() and not name.isupper():
            return not is_place([word])
    return False


def is_place(words: list[str]) -> bool:
    """Whether words are a place and nothing else."""
    hit = gazetteer().names.at(tuple(words), 0)
    return hit is not None and hit[0] == len(words) and bool(hit[1])


def _join_smaller(clusters: Clusters, one: str, other: str, evidence: Evidence) -> None:
    if clusters.total(one) > clusters.total(other):
        one, other = other, one
    clusters.join(one, other, evidence)


def join_companies(clusters: Clusters) -> None:
    """Join `Huawei` and `Huawei Technologies` where hardly another form of the country begins so."""
    tails = small_words("company_tail")
    by_head: dict[str, list[str]] = defaultdict(list)
    for key in clusters.mains():
        head, *tail = key.split(" ")
        if all(word in tails for word in tail):
            by_head[head].append(key)
    for head, names in sorted(by_head.items()):
        formed = [name for name in names if name != head]
        if head not in names or not formed or not _is_own_name(head):
            continue
        top = max(formed, key=lambda name: (clusters.total(name), name))
        if clusters.total(top) >= COMPANY_SHARE * sum(clusters.total(name) for name in formed):
            _join_smaller(clusters, head, top, "company")


def _is_own_name(word: str) -> bool:
    """Whether a word is a name of its own: no acronym, place or subject (`Analysis Group`)."""
    ordinary = is_place([word]) or is_generic((word, "university")) or word in small_words("company_subject")
    return len(word) > LONGEST_SHORT_HEAD and not ordinary
