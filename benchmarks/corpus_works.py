"""The works of the synthetic corpus, drawn a block at a time: each block follows from the seed and its number alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import corpus_subjects
from corpus_world import Ints, World, calibration, institutions_of, spelling, world

BLOCK = 10_000
"""Works drawn together."""

_INITIALS = "ABCDEFGHIJKLMNPRSTVWY"


@dataclass(frozen=True)
class Author:
    """An author as printed: initials and family name, affiliation, and the code of its country."""

    initials: str
    family: str
    affiliation: str
    country: int


@dataclass(frozen=True)
class Work:
    """A work before it is printed. doi is None for some; an `acm` work is printed by ACM alone."""

    number: int
    doi: str | None
    year: int
    journal: bool
    citations: int
    acm: bool
    also_openalex: bool
    authors: tuple[Author, ...]
    subject: corpus_subjects.Subject


def blocks(works: int) -> int:
    """Return how many blocks a corpus has."""
    return -(-works // BLOCK)


def make_block(works: int, seed: int, block: int) -> Iterator[Work]:
    """Yield the works of a block, numbered through the corpus."""
    told, here = calibration(), world(works)
    rng = np.random.default_rng([seed, block])
    n = min(BLOCK, works - block * BLOCK)
    slot_work, slot_country = _slots(here, n, rng)
    slot_inst = institutions_of(here, slot_country, rng)
    slot_work, slot_country, slot_inst = _distinct(slot_work, slot_country, slot_inst)
    people = rng.choice(told["teams"]["authors"], p=told["teams"]["author_weights"], size=len(slot_work))
    slot_work, slot_country, slot_inst, people = _with_hyper(
        here, n, rng, slot_work, slot_country, slot_inst, people, seed
    )
    author_slot = np.repeat(np.arange(len(people)), people)
    variant = _variants(here, slot_inst, author_slot, rng)
    texts = corpus_subjects.Subjects(np.random.default_rng([seed, block, 1]), n)
    ends = np.searchsorted(slot_work[author_slot], np.arange(n + 1)).tolist()
    family = rng.integers(0, 1 << 30, len(author_slot)).tolist()
    slots, variants = author_slot.tolist(), variant.tolist()
    country, rank = slot_country.tolist(), (slot_inst - here.start[slot_country]).tolist()
    weights = np.array(told["years"]["weights"], dtype=float)
    years = told["years"]["first"] + rng.choice(len(weights), p=weights / weights.sum(), size=n)
    citations = rng.exponential(2.0 * (told["years"]["first"] + len(weights) - years)).astype(np.int64).tolist()
    share = told["size"]["acm_share"]
    acm, doi, openalex, journal = (
        (rng.random(n) < odds).tolist()
        for odds in (share, 1 - told["faults"]["no_doi"], told["faults"]["also_openalex"], 0.28)
    )
    for place, year in enumerate(years.tolist()):
        number = block * BLOCK + place + 1
        team, last, text = [], (-1, -1), ""
        for at in range(ends[place], ends[place + 1]):
            slot = slots[at]
            if (slot, variants[at]) != last:
                last = slot, variants[at]
                text = spelling(here, country[slot], rank[slot], variants[at])
            names, drawn = here.names[country[slot]], family[at]
            initials = f"{_INITIALS[drawn % 21]}." + ("" if drawn % 5 else f" {_INITIALS[drawn % 19]}.")
            team.append(Author(initials, names[(drawn >> 8) % len(names)], text, country[slot]))
        yield Work(
            number,
            f"10.99999/{'acm' if acm[place] else 'ieee'}.{year}.{number:08d}" if doi[place] else None,
            year, journal[place], citations[place], acm[place], openalex[place], tuple(team),
            texts.draw(place, number),
        )  # fmt: skip


def _slots(here: World, n: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return the work and the country of each institution of each work."""
    told = calibration()
    nations = len(here.start) - 1
    abroad = rng.random(n) < told["size"]["international_share"]
    first = np.searchsorted(here.alone, rng.random(n) * here.alone[-1], side="right")
    pair = np.searchsorted(here.pairs, rng.random(n) * here.pairs[-1], side="right")
    first = np.where(abroad, pair // nations, first)
    second = np.where(abroad, pair % nations, first)
    other = np.searchsorted(here.alone, rng.random(n) * here.alone[-1], side="right")
    third = np.where(abroad & (rng.random(n) < told["teams"]["third_country"]), other, first)
    size = rng.choice(told["teams"]["institutions"], p=told["teams"]["weights"], size=n)
    size = np.maximum(size, 1 + abroad + (third != first))
    work = np.repeat(np.arange(n), size)
    begin = np.repeat(np.cumsum(size) - size, size)
    place = np.arange(len(work)) - begin
    # The first institutions stand for the countries in turn, the others for any of them.
    chosen = np.where(place < 3, place, rng.integers(0, 3, len(work)))
    return work, np.choose(chosen, [first[work], second[work], third[work]])


def _distinct(work: Ints, country: Ints, inst: Ints) -> tuple[Ints, Ints, Ints]:
    """Leave out what is drawn twice for one work."""
    _, kept = np.unique(work * (1 << 32) + inst, return_index=True)
    kept.sort()
    return work[kept], country[kept], inst[kept]


def _with_hyper(
    here: World, n: int, rng: np.random.Generator, work: Ints, country: Ints, inst: Ints, people: Ints, seed: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Give some works the team of a large collaboration instead of their own."""
    told = calibration()["hyper"]
    for place in np.flatnonzero(rng.random(n) < told["per_million"] * 1e-6):
        group = int(rng.integers(told["collaborations"]))
        own = np.random.default_rng([seed, 1 << 20, group])
        nations = np.searchsorted(
            here.alone, own.random(int(own.integers(*told["institutions"]))) * here.alone[-1], side="right"
        )
        members = np.unique(institutions_of(here, nations, own))
        members = members[rng.random(len(members)) < told["taking_part"]]
        authors = int(rng.integers(told["authors"][0], told["authors"][1] + 1))
        share = np.bincount(rng.integers(0, len(members), authors), minlength=len(members))
        members, share = members[share > 0], share[share > 0]
        keep = work != place
        at = int(np.searchsorted(work[keep], place))
        home = np.searchsorted(here.start, members, side="right") - 1
        work = np.insert(work[keep], at, np.full(len(members), place))
        country = np.insert(country[keep], at, home)
        inst = np.insert(inst[keep], at, members)
        people = np.insert(people[keep], at, share)
    return work, country, inst, people


def _variants(here: World, inst: Ints, author_slot: Ints, rng: np.random.Generator) -> Ints:
    """Draw what each author prints: mostly what the first of the institution on the work does, a common one rather."""
    number = here.spellings[inst]
    first = np.floor(number * rng.random(len(inst)) ** 1.5).astype(np.int64)
    anew = rng.random(len(author_slot)) >= calibration()["institutions"]["same_spelling"]
    anew[np.concatenate([[True], author_slot[1:] != author_slot[:-1]])] = False
    own = np.floor(number[author_slot] * rng.random(len(author_slot)) ** 1.5).astype(np.int64)
    return np.where(anew, own, first[author_slot])
