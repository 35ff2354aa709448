"""One name and one country per institution over a whole corpus: spellings meet under their normal key."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from kakehashi.affiliations.acronyms import Attested
from kakehashi.affiliations.clusters import Evidence, Member
from kakehashi.affiliations.fragments import fragment_reason
from kakehashi.affiliations.names import better_cased, campus_systems, institution_id, is_abbreviated
from kakehashi.affiliations.variants import groups
from kakehashi.pool import in_processes

MIN_SHARE = 0.9
MIN_MENTIONS = 3
"""A name without a country takes the only country attested for it, or one with this share and number of mentions."""

Basis = Literal["address", "name", ""]
"""What a country rests on: the address (or the source's own word), the institution's name alone, or nothing."""

Spelling = tuple[str, str, str | None, str, int]
"""A normal key, a spelling, the country it was met with (None: none), the country's basis, the number of mentions."""

Pair = tuple[str, str, str | None, str, int]
"""A full name's key, an acronym's key printed beside it, the country met and its basis, the number of mentions."""

Met = tuple[str | None, str]

Spelled = Mapping[str, int]
"""Spellings of one key, and how often each is met."""


_Job = tuple[str | None, Sequence[Spelling], Sequence[Attested]]
"""A country, the rows of the names decided to be there, and the acronyms printed beside them."""

_Grouped = tuple[Mapping[str, Member], Mapping[str, str]]
"""The member of each key of a country (see variants.groups), and the name of each main key."""

APART = 50_000
"""Fewer names are grouped where they are: other processes take a second to begin."""


class Unified(NamedTuple):  # there are hundreds of thousands: a dataclass takes four times as long to make
    """What the mentions of `key` with `met_country` (None: without one) on this basis belong to.

    `evidence` says how the key came to the institution (see clusters.Evidence). A key that names no institution has
    no institution_id, no name and no evidence, but the reason (see fragments).
    """

    key: str
    met_country: str | None
    basis: str
    institution_id: str | None
    name: str | None
    country: str | None
    evidence: Evidence | None = "same_key"
    reason: str | None = None


def basis_of(country_method: str | None) -> Basis:
    """Return what a country rests on, by the method that found it (a key of locate.CONFIDENCE)."""
    if country_method is None:
        return ""
    method = country_method.partition(">")[0]
    return "name" if method.endswith("_in_name") or method == "script" else "address"


def unify(
    spellings: Iterable[Spelling], pairs: Iterable[Pair] = (), people: Container[str] = frozenset()
) -> Iterator[Unified]:
    """Yield one row per key, country met and basis, in an order that follows from what the spellings are.

    The same name in two countries stays two institutions.

    Addresses outrank names: where addresses attest a country for a key, a country read out of the name alone gives way
    to it (Nanyang Technological University is in Singapore, whatever town is called Nanyang), or to none where they
    attest several others. A name met without any country takes the attested one (see MIN_SHARE), unless several
    universities share the name. Then the names of one country are grouped (see variants.groups), with the help of the
    acronyms that strings print beside names (`pairs`); the representative name is the most frequent well-cased spelling
    of the group's main key without abbreviations, ties in alphabetical order. `people` are keys that are authors'
    names (see people.PEOPLE): they name no institution.
    """
    # There may be millions: each is kept as the row that came, and names are counted where they are grouped.
    beside: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        beside[pair[0]].append(pair)
    placed: dict[str | None, list[Spelling]] = defaultdict(list)
    attested: dict[str | None, list[Attested]] = defaultdict(list)
    for key, same in groupby(sorted(spellings, key=itemgetter(0)), key=itemgetter(0)):
        rows = list(same)
        reason = "only_person" if key in people else fragment_reason(key)
        if reason is not None:
            for met_country, basis in _met(rows):
                yield Unified(key, met_country, basis, None, None, met_country, None, reason)
            continue
        final = _countries(key, rows)
        for row in rows:
            placed[final[row[2], row[3]]].append(row)
        for _, acronym, country, basis, mentions in beside.get(key, ()):
            if (country, basis) in final:
                attested[final[country, basis]].append((key, acronym, mentions))
    jobs = [(country, placed[country], attested[country]) for country in sorted(placed, key=lambda one: one or "")]
    for (country, there, _), (member, shown) in _grouped(jobs):
        for key, same in groupby(there, key=itemgetter(0)):
            own = member[key]
            identity, name = institution_id(own.main, country), shown[own.main]
            for met_country, basis in _met(same):
                yield Unified(key, met_country, basis, identity, name, country, own.evidence)


def _met(rows: Iterable[Spelling]) -> list[Met]:
    """The countries and bases that a key is met with, in order."""
    return sorted({(row[2], row[3]) for row in rows}, key=lambda one: (one[0] or "", one[1]))


def _grouped(jobs: Sequence[_Job]) -> Iterator[tuple[_Job, _Grouped]]:
    """Yield each job with the groups of its names, found in several processes where there are many."""
    many = sum(len(rows) for _, rows, _ in jobs) >= APART
    jobs = sorted(jobs, key=lambda job: -len(job[1])) if many else jobs
    found = in_processes(_of_country, jobs) if many else map(_of_country, jobs)
    yield from zip(jobs, found, strict=True)


def _of_country(job: _Job) -> _Grouped:
    country, rows, attested = job
    keys: dict[str, dict[str, int]] = {}
    for key, name, _, _, mentions in rows:
        spelled = keys.setdefault(key, {})
        spelled[name] = spelled.get(name, 0) + mentions
    member = groups(keys, country, attested)
    return member, _representatives(keys, member)


def _representatives(keys: Mapping[str, Spelled], member: Mapping[str, Member]) -> dict[str, str]:
    """The name of each main key, among its own spellings and those of keys that differ in word breaks only."""
    found: dict[str, list[Spelled]] = defaultdict(list)
    for key, spelled in keys.items():
        if member[key].alike:
            found[member[key].main].append(spelled)
    return {
        main: _representative(spelled[0] if len(spelled) == 1 else _sum(spelled)) for main, spelled in found.items()
    }


def _sum(counts: Iterable[Spelled]) -> Spelled:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total


def _countries(key: str, rows: Sequence[Spelling]) -> dict[Met, str | None]:
    """Decide the country of each (country met, basis) of one key."""
    met = _met(rows)
    if len(met) == 1:
        [only] = met
        return {only: only[0]}
    addressed: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for _, _, country, basis, mentions in rows:
        if country is not None:
            known[country] += mentions
            if basis == "address":
                addressed[country] += mentions
    home = _attested(addressed, alone=False)
    settled = addressed.total() >= MIN_MENTIONS
    out: dict[Met, str | None] = {}
    for country, basis in met:
        if basis == "name" and settled and country not in addressed:
            out[country, basis] = home
        else:
            out[country, basis] = home if basis == "name" and home is not None else country
    kept = Counter({country: number for country, number in known.items() if country in out.values()})
    fallback = None if key in campus_systems() else _attested(addressed or kept, alone=True)
    return {(country, basis): out[country, basis] if basis else fallback for country, basis in met}


def _attested(known: Counter[str], *, alone: bool) -> str | None:
    """The country that the mentions attest. `alone`: one mention is enough if there is no other country."""
    if alone and len(known) == 1:
        return next(iter(known))
    if not known:
        return None
    top = max(sorted(known), key=lambda country: known[country])
    enough = known[top] >= MIN_MENTIONS and known[top] >= MIN_SHARE * known.total()
    return top if enough else None


def _representative(names: Spelled) -> str:
    if len(names) == 1:
        return next(iter(names))
    return min(names, key=lambda name: (not better_cased(name), is_abbreviated(name), -names[name], name))
