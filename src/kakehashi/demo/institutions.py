"""The institutions of the demo and the many ways their authors print them."""

import random
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from kakehashi.demo.inputs import Country, KnownInstitution, cities, countries, known_institutions

_PAPERS_PER_INSTITUTION = 4.5  # in a corpus of 20,000 works; fixes how long the tail is
_ZIPF = 0.75
_PER_PAPER = 1.4  # distinct institutions of one country on a paper; known institutions are counted on whole papers
_CITY_PATTERNS = (
    "University of {}",
    "{} University of Technology",
    "{} Institute of Technology",
    "{} State University",
    "{} Polytechnic University",
    "{} University of Science",
    "{} College of Engineering",
    "{} Research Institute of Electronics",
    "{} Metropolitan University",
    "{} University of Applied Sciences",
    "{} Institute of Information Science",
    "{} National Laboratory for Computing",
    "{} Technical College",
    "{} Semiconductor Corporation",
    "{} Medical University",
    "{} University of Communications",
)
_DEPARTMENTS = (
    "Department of Electrical Engineering",
    "Department of Computer Science",
    "Department of Electronics and Communication Engineering",
    "School of Computer Science and Engineering",
    "Faculty of Engineering",
    "Graduate School of Information Science",
    "School of Information and Communication Engineering",
    "College of Information Engineering",
    "Department of Computer Science and Engineering",
    "Institute of Microelectronics and Photonics",
    "Laboratory for Intelligent Systems",
)
_SHORT = (
    ("Department", "Dept."),
    ("Engineering", "Eng."),
    ("Electrical", "Elect."),
    ("Computer", "Comput."),
    ("Science", "Sci."),
    ("Faculty", "Fac."),
)


@dataclass(frozen=True)
class Institution:
    """An institution with its weights among the single-country and the international papers of its country."""

    name: str
    country: str
    city: str
    alone: float
    abroad: float
    companion: str | None = None


@dataclass(frozen=True)
class Roster:
    """The institutions of one country, with running sums of their weights for drawing."""

    institutions: tuple[Institution, ...]
    alone: tuple[float, ...]
    abroad: tuple[float, ...]

    def draw(self, rng: random.Random, international: bool) -> Institution:
        """Draw one institution for a paper of one country or an international one."""
        running = self.abroad if international else self.alone
        return rng.choices(self.institutions, cum_weights=running)[0]

    def named(self, name: str) -> Institution:
        """Return the institution of that name."""
        return next(institution for institution in self.institutions if institution.name == name)


@cache
def rosters() -> dict[str, Roster]:
    """Return the institutions of every country: those of `institutions.csv` and a made-up tail with Zipf sizes."""
    total = sum(country.papers for country in countries())
    return {country.code: _roster(country, 20_000 * country.papers / total) for country in countries()}


def _roster(country: Country, papers: float) -> Roster:
    known = [entry for entry in known_institutions() if entry.country == country.code]
    members = [_known(entry, country) for entry in known]
    names = {member.name for member in members}
    tail = [
        pair for pair in _made_up(country.code, max(2, round(papers / _PAPERS_PER_INSTITUTION))) if pair[0] not in names
    ]
    taken = min(0.9, sum(entry.papers for entry in known) / country.papers / _PER_PAPER)
    sizes = [1.0 / (rank + 8) ** _ZIPF for rank in range(len(tail))]
    scale = (1.0 - taken) * _PER_PAPER * country.papers / sum(sizes)
    share = country.international_share
    for (name, city), size in zip(tail, sizes, strict=True):
        members.append(Institution(name, country.code, city, size * scale * (1 - share), size * scale * share))
    return Roster(
        tuple(members),
        tuple(accumulate(member.alone for member in members)),
        tuple(accumulate(member.abroad for member in members)),
    )


def _known(entry: KnownInstitution, country: Country) -> Institution:
    share = entry.international_share if entry.international_share is not None else country.international_share
    return Institution(
        entry.name, entry.country, entry.city, entry.papers * (1 - share), entry.papers * share, entry.companion
    )


def _made_up(code: str, wanted: int) -> list[tuple[str, str]]:
    """Return (name, city) of up to `wanted` institutions: every pattern over every city, large cities first."""
    pairs = [(pattern.format(city.split(",")[0]), city) for pattern in _CITY_PATTERNS for city in cities()[code]]
    return pairs[:wanted]


def affiliation(institution: Institution, country: Country, rng: random.Random, plain: bool = False) -> str:
    """Return the institution as one author prints it: department, spelling, city and country all vary."""
    name = institution.name if plain else _spelling(institution.name, rng)
    parts = [name, institution.city]
    if plain or rng.random() < 0.75:
        parts.insert(0, _department(rng))
    usual = plain or rng.random() < 0.8
    parts.append(country.spellings[0] if usual else rng.choice(country.spellings))
    if not plain and rng.random() < 0.01:
        parts[-1] += f" (e-mail: {rng.choice('abcdefgh')}.{rng.choice(('tanaka', 'li', 'kumar', 'smith'))}@example.org)"
    return ", ".join(parts)


def _department(rng: random.Random) -> str:
    name = rng.choice(_DEPARTMENTS)
    if rng.random() < 0.3:
        for long, short in _SHORT:
            name = name.replace(long, short)
    return name


def _spelling(name: str, rng: random.Random) -> str:
    """Return one of the spellings of a name: as it is, shortened, in capitals, or with another article."""
    draw = rng.random()
    if draw < 0.72:
        return name
    if draw < 0.88:
        return name.replace("University", "Univ.").replace("Institute", "Inst.").replace("Technology", "Technol.")
    if draw < 0.92:
        return name.upper()
    if name.startswith("The "):
        return name[4:]
    return f"The {name}" if name.startswith("University of") else name
