"""What the works of the demo are about: fields, keywords, titles and abstracts."""

import random
from dataclasses import dataclass
from math import prod

from kakehashi.demo.inputs import OUTSIDE, FieldProfile, author_forms, fields, multipliers

OUTSIDE_SHARE = 1 - 1_772_843 / 2_147_175  # figure 2-1: collected papers that no ICT field took
_MORE_FIELDS = (0.60, 0.35, 0.05)  # one, two, three fields: 1.45 on average, as the sums of figure 2-1 give
_OPENINGS = (
    "A Study of", "Toward Practical", "Improving", "An Efficient Approach to", "A Comparative Evaluation of",
    "Design and Implementation of", "Modeling", "A Survey on", "Adaptive", "Low-Cost", "Scalable", "Robust",
    "Analysis of", "A Framework for", "Joint Optimization of", "Experimental Validation of",
)  # fmt: skip
_SETTINGS = (
    "Urban Transport", "Remote Health Care", "Precision Farming", "Disaster Response", "Factory Automation",
    "Smart Campuses", "Maritime Monitoring", "Elderly Care", "Energy Management", "Railway Operation",
    "Rural Areas", "Large-Scale Events", "Space Missions", "Online Education", "Retail Logistics", "Water Supply",
    "Public Safety", "Museum Guides", "Building Maintenance", "Forest Observation", "Airports", "Ports",
    "Supply Chains", "Mountain Regions", "Island Communities", "Automated Driving", "Tourism", "Call Centers",
)  # fmt: skip
_METHODS = (
    "a Hybrid Model", "Limited Measurements", "Hierarchical Control", "Sparse Observations", "a Field Trial",
    "Probabilistic Guarantees", "Heterogeneous Hardware", "Cross-Layer Feedback", "Multi-Objective Search",
    "Simulation and Measurement", "Incremental Updates", "Expert Feedback", "Reduced Complexity", "Open Data Sets",
)  # fmt: skip
_NARROWER = ("testbed", "benchmark", "prototype", "architecture")  # keywords that must inherit their field


@dataclass(frozen=True)
class Subject:
    """What a work is about: `terms` of the IEEE, `author_terms` of its authors, `concepts` of the CCS as (id, name)."""

    fields: tuple[str, ...]
    title: str
    abstract: str
    terms: tuple[str, ...]
    author_terms: tuple[str, ...]
    concepts: tuple[tuple[str, str], ...]


class Subjects:
    """Draws subjects whose titles never repeat, so that merging by title finds only true duplicates."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._titles: set[str] = set()

    def draw(self, countries: tuple[str, ...], acm: bool) -> Subject:
        """Draw a subject for a work of these countries, with the field weights of its database."""
        chosen = (OUTSIDE,) if self._rng.random() < OUTSIDE_SHARE else self._fields(countries, acm)
        profiles = [fields()[name] for name in chosen]
        terms = [term for profile in profiles for term in self._terms(profile)]
        title = self._title(profiles, terms)
        concepts = [self._rng.choice(profile.ccs) for profile in profiles]
        return Subject(
            chosen,
            title,
            self._abstract(terms),
            tuple(terms),
            self._author_terms(terms),
            tuple(dict.fromkeys(concepts)),
        )

    def _fields(self, countries: tuple[str, ...], acm: bool) -> tuple[str, ...]:
        odds = multipliers()
        weights = {
            name: (profile.acm_papers if acm else profile.papers) * prod(odds.get((c, name), 1.0) for c in countries)
            for name, profile in fields().items()
            if name != OUTSIDE
        }
        chosen: list[str] = []
        for _ in range(self._rng.choices((1, 2, 3), weights=_MORE_FIELDS)[0]):
            names = [name for name in weights if name not in chosen]
            friends = {friend for name in chosen for friend in fields()[name].goes_with}
            likely = [weights[name] * (3.0 if name in friends else 1.0) for name in names]
            chosen.append(self._rng.choices(names, weights=likely)[0])
        return tuple(chosen)

    def _terms(self, profile: FieldProfile) -> list[str]:
        """One or two upper terms of the field and two or three specific ones that go with them.

        A specific term keeps company with one upper term, so that the keyword tree finds its parent again.
        """
        upper = self._rng.choices(profile.upper, weights=(6, 4, 2, 1))[0]
        at = profile.upper.index(upper)
        own = [term for place, term in enumerate(profile.specific) if place % len(profile.upper) == at]
        pool = own if len(own) >= 3 and self._rng.random() < 0.7 else list(profile.specific)
        most_general = profile.upper[:1] if self._rng.random() < 0.7 else ()
        return list(dict.fromkeys([*most_general, upper, *self._rng.sample(pool, self._rng.choice((2, 3)))]))

    def _title(self, profiles: list[FieldProfile], terms: list[str]) -> str:
        specific = [term for term in terms if all(term not in profile.upper for profile in profiles)]
        while True:
            one, other = self._rng.sample(specific, 2)
            opening, method, place = (self._rng.choice(words) for words in (_OPENINGS, _METHODS, _SETTINGS))
            title = f"{opening} {one} and {other} with {method} for {place}"
            if title.lower() not in self._titles:
                self._titles.add(title.lower())
                return title

    def _abstract(self, terms: list[str]) -> str:
        described = ", ".join(term.lower() for term in terms[:3])
        gain = self._rng.randint(3, 40)
        return (
            f"This synthetic abstract stands for a paper on {described}. A scheme is proposed and compared with two "
            f'"baseline" methods; the gain is {gain}% on average. No such study was carried out.'
        )

    def _author_terms(self, terms: list[str]) -> tuple[str, ...]:
        """What authors write: most of the terms, some in their own form, now and then one narrower than any term."""
        forms = author_forms()
        kept = self._rng.sample(terms, max(2, len(terms) - 1))
        written = [forms[term] if term in forms and self._rng.random() < 0.5 else term for term in kept]
        if self._rng.random() < 0.4:
            written.append(f"{terms[-1]} {self._rng.choice(_NARROWER)}")
        return tuple(term.lower() if self._rng.random() < 0.4 and not term.isupper() else term for term in written)
