"""From works to institutions: the parts of an institution's score, each between 0 and 1, and what they rest on."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kakehashi.matching.need import Need
from kakehashi.matching.passages import covered
from kakehashi.matching.policy import COMPONENTS, policy
from kakehashi.matching.schema import Record
from kakehashi.matching.store import Index, Institution

Ranked = Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Evidence:
    """A work as evidence: its row, its year (0: unknown), its weight against the best (0 to 1), what it covers."""

    row: int
    year: int
    weight: float
    covers: frozenset[int]


@dataclass(frozen=True)
class Candidate:
    """An institution: its score, the parts of it (None: the study cannot tell), its works, the concepts they cover."""

    institution: Institution
    score: float
    components: Mapping[str, float | None]
    works: tuple[Evidence, ...]
    covers: frozenset[int]


@dataclass(frozen=True)
class Filters:
    """Which institutions are candidates: countries left out, the only ones looked at, home's own, companies alone."""

    exclude: Collection[str] = ()
    only: Collection[str] = ()
    abroad: bool = False
    companies: bool = False

    def admits(self, institution: Institution, home: str) -> bool:
        """Tell whether an institution is a candidate."""
        country = institution.country_code
        if (self.only and country not in self.only) or (self.companies and not institution.company):
            return False
        return country not in self.exclude and not (self.abroad and country == home)


def rank(
    index: Index, need: Need, works: Ranked, records: Mapping[int, Record], fits: Mapping[str, float], filters: Filters,
    factors: Mapping[str, float],
) -> list[Candidate]:  # fmt: skip
    """Return the institutions of the works, the best first, ties by id.

    Args:
        index: the study's index.
        need: the need.
        works: the best works in their order, with what they count as evidence.
        records: those works.
        fits: countries with the share of the wanted goals that their region offers; empty where no goal is asked for.
        filters: which institutions are candidates.
        factors: what feedback makes of institutions' scores, by id.
    """
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    top = max((score for _, score in works), default=1.0) or 1.0
    power = policy()["institutions"]["power"]
    years = index.years[[row for row, _ in works]].tolist()
    for (row, score), year in zip(works, years, strict=True):
        one = Evidence(row, year, (score / top) ** power, covered(records[row], need.concepts))
        for number in index.institutions_of(row):
            evidence[number].append(one)
    found = []
    for number, own in evidence.items():
        institution = index.institutions[number]
        if filters.admits(institution, index.home):
            found.append(_candidate(index, need, institution, own, fits, factors.get(institution.institution_id, 1.0)))
    return sorted(found, key=lambda one: (-one.score, one.institution.institution_id))


def _candidate(
    index: Index, need: Need, institution: Institution, works: Sequence[Evidence], fits: Mapping[str, float],
    factor: float,
) -> Candidate:  # fmt: skip
    covers = frozenset().union(*(one.covers for one in works))
    parts = _components(index, need, institution, works, covers, fits)
    weights = policy()["weights"]
    known = {name: weights[name] for name in COMPONENTS if parts[name] is not None}
    score = sum(weight * (parts[name] or 0.0) for name, weight in known.items()) / sum(known.values())
    return Candidate(institution, min(score * factor, 1.0), parts, tuple(works), covers)


def _components(
    index: Index, need: Need, institution: Institution, works: Sequence[Evidence], covers: frozenset[int],
    fits: Mapping[str, float],
) -> dict[str, float | None]:  # fmt: skip
    limits = policy()["institutions"]
    whole = sum(concept.weight for concept in need.concepts)
    covered_weight = sum(need.concepts[number].weight for number in covers)
    at_home = institution.country_code == index.home
    amount = sum(one.weight for one in works)
    return {
        "evidence": amount / (amount + limits["half"]),
        "breadth": covered_weight / whole if whole else None,
        "recency": _recency(index.latest, works, limits["half_life"]),
        # For home's own institutions joint works with home say nothing.
        "home_ties": None if at_home else _saturated(institution.home_works, limits["half_joint"]),
        "company_ties": _saturated(institution.company_works, limits["half_joint"]),
        "region_goal": fits.get(institution.country_code or "", 0.0) if fits else None,
    }


def _recency(latest: int, works: Sequence[Evidence], half_life: float) -> float | None:
    """Return the mean over the works, by their weight, of 0.5^(age / half-life); None where no work has a year."""
    dated = [(one.weight, one.year) for one in works if one.year > 0]
    weight = sum(one for one, _ in dated)
    if weight <= 0:
        return None
    return math.fsum(one * 0.5 ** ((latest - year) / half_life) for one, year in dated) / weight


def _saturated(count: int, half: float) -> float:
    return count / (count + half)
