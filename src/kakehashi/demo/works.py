"""The works of the demo before they are printed: authors with affiliations, subject, year and databases."""

import random
from dataclasses import dataclass

from kakehashi.demo.collaboration import plan_countries
from kakehashi.demo.inputs import countries, family_names
from kakehashi.demo.institutions import Institution, affiliation, rosters
from kakehashi.demo.subjects import Subject, Subjects

FIRST_YEAR = 2016
_YEAR_WEIGHTS = (10, 11, 13, 15, 16, 17, 18)  # 2016 to 2022: the report's period, growing
_ACM_SHARE = 247_702 / 2_147_175  # figure A3: collected from ACM Digital Library
_BOTH_SHARE = 0.025  # works met in both databases; our own assumption
_COMPANION = 0.6


@dataclass(frozen=True)
class Person:
    """An author: initials, family name, the affiliation as printed, and what it means."""

    initials: str
    family: str
    affiliation: str
    institution: str
    country: str


@dataclass(frozen=True)
class Work:
    """A synthetic work. `doi` is None for some; at least one of `ieee` and `acm` is true."""

    number: int
    doi: str | None
    year: int
    journal: bool
    citations: int
    authors: tuple[Person, ...]
    subject: Subject
    ieee: bool
    acm: bool

    @property
    def title(self) -> str:
        """The title as printed."""
        return self.subject.title

    @property
    def countries(self) -> tuple[str, ...]:
        """The distinct countries of its authors, sorted."""
        return tuple(sorted({author.country for author in self.authors}))

    @property
    def institutions(self) -> tuple[str, ...]:
        """The distinct institutions of its authors, sorted."""
        return tuple(sorted({author.institution for author in self.authors}))


def make_works(number: int, rng: random.Random) -> list[Work]:
    """Make `number` works; the same generator state gives the same works."""
    subjects = Subjects(rng)
    return [_work(at, codes, subjects, rng) for at, codes in enumerate(plan_countries(countries(), number, rng), 1)]


def _work(number: int, codes: tuple[str, ...], subjects: Subjects, rng: random.Random) -> Work:
    draw = rng.random()
    acm, ieee = draw < _ACM_SHARE, draw >= _ACM_SHARE - _BOTH_SHARE
    year = FIRST_YEAR + rng.choices(range(len(_YEAR_WEIGHTS)), weights=_YEAR_WEIGHTS)[0]
    age = FIRST_YEAR + len(_YEAR_WEIGHTS) - year
    return Work(
        number=number,
        doi=None if rng.random() < 0.015 else f"10.99999/{'acm' if not ieee else 'ieee'}.{year}.{number:06d}",
        year=year,
        journal=rng.random() < 0.28,
        citations=int(rng.expovariate(1 / (2.0 * age))),
        authors=_team(codes, rng),
        subject=subjects.draw(codes, acm and not ieee),
        ieee=ieee,
        acm=acm,
    )


def _team(codes: tuple[str, ...], rng: random.Random) -> tuple[Person, ...]:
    international = len(codes) > 1
    team: list[Person] = []
    for code in codes:
        for institution in _institutions(code, international, rng):
            team.extend(_people(institution, rng))
    return tuple(team)


def _institutions(code: str, international: bool, rng: random.Random) -> list[Institution]:
    roster = rosters()[code]
    chosen: dict[str, Institution] = {}
    for _ in range(rng.choices((1, 2, 3), weights=(82, 16, 2) if international else (68, 25, 7))[0]):
        institution = roster.draw(rng, international)
        chosen[institution.name] = institution
        if institution.companion and rng.random() < _COMPANION:
            chosen[institution.companion] = roster.named(institution.companion)
    return list(chosen.values())


def _people(institution: Institution, rng: random.Random) -> list[Person]:
    country = next(entry for entry in countries() if entry.code == institution.country)
    people = []
    printed = affiliation(institution, country, rng)
    for _ in range(rng.choices((1, 2, 3, 4), weights=(34, 38, 20, 8))[0]):
        if rng.random() < 0.15:
            printed = affiliation(institution, country, rng)
        initials = f"{rng.choice('ABCDEFGHIJKLMNPRSTVWY')}."
        if rng.random() < 0.2:
            initials += f" {rng.choice('ABCDEHJKLMRST')}."
        family = rng.choice(family_names()[country.names])
        people.append(Person(initials, family, printed, institution.name, institution.country))
    return people
