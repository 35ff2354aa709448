"""One name and one country per institution over a whole corpus: spellings meet under their normal key."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kakehashi.affiliations.acronyms import Attested
from kakehashi.affiliations.clusters import Evidence, Member
from kakehashi.affiliations.fragments import fragment_reason
from kakehashi.affiliations.names import better_cased, campus_systems, institution_id, is_abbreviated
from kakehashi.affiliations.variants import groups

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


@dataclass(frozen=True, slots=True)
class Unified:
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


def unify(spellings: Iterable[Spelling], pairs: Iterable[Pair] = ()) -> Iterator[Unified]:
    """Yield one row per key, country met and basis, sorted. The same name in two countries stays two institutions.

    Addresses outrank names: where addresses attest a country for a key, a country read out of the name alone gives way
    to it (Nanyang Technological University is in Singapore, whatever town is called Nanyang), or to none where they
    attest several others. A name met without any country takes the attested one (see MIN_SHARE), unless several
    universities share the name. Then the names of one country are grouped (see variants.groups), with the help of the
    acronyms that strings print beside names (`pairs`); the representative name is the most frequent well-cased spelling
    of the group's main key without abbreviations, ties in alphabetical order.
    """
    by_key: dict[str, dict[Met, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for key, name, country, basis, mentions in spellings:
        by_key[key][country, basis][name] += mentions
    reasons = {key: fragment_reason(key) for key in by_key}
    final = {key: _countries(key, met) for key, met in by_key.items()}
    names: dict[str | None, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for key, met in by_key.items():
        for one, spelled in met.items() if reasons[key] is None else ():
            names[final[key][one]][key].update(spelled)
    attested: dict[str | None, list[Attested]] = defaultdict(list)
    for key, acronym, country, basis, mentions in pairs:
        if (country, basis) in final.get(key, {}):
            attested[final[key][country, basis]].append((key, acronym, mentions))
    member = {country: groups(keys, country, attested[country]) for country, keys in names.items()}
    spelled_by = {country: _spellings(keys, member[country]) for country, keys in names.items()}
    for key in sorted(by_key):
        for met_country, basis in sorted(by_key[key], key=lambda met: (met[0] or "", met[1])):
            country = final[key][met_country, basis]
            if reasons[key] is not None:
                yield Unified(key, met_country, basis, None, None, met_country, None, reasons[key])
                continue
            own = member[country][key]
            name = _representative(spelled_by[country][own.main])
            yield Unified(key, met_country, basis, institution_id(own.main, country), name, country, own.evidence)


_SAME_WORDS = ("same_key", "spacing")


def _spellings(keys: Mapping[str, Counter[str]], member: Mapping[str, Member]) -> dict[str, Counter[str]]:
    """The spellings that may represent each main key: its own, and those that differ in writing only."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, spelled in keys.items():
        if member[key].evidence in _SAME_WORDS:
            found[member[key].main].update(spelled)
    return found


def _countries(key: str, met: Mapping[Met, Counter[str]]) -> dict[Met, str | None]:
    """Decide the country of each (country met, basis) of one key."""
    addressed: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for (country, basis), names in met.items():
        if country is not None:
            known[country] += names.total()
            if basis == "address":
                addressed[country] += names.total()
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


def _representative(names: Counter[str]) -> str:
    return min(names, key=lambda name: (not better_cased(name), is_abbreviated(name), -names[name], name))
