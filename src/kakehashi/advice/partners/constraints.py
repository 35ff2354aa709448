"""What a partner must be: countries, works, known or new. What the constraints set aside is counted by reason."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question, unknown
from kakehashi.errors import SettingsError

ACTORS = ("university", "company", "government")


@dataclass(frozen=True)
class Constraints:
    """Conditions on candidates. `actors` keeps the kinds named; `kinds` says what each institution is, where known."""

    exclude: tuple[str, ...] = ()
    """Countries (or institution ids) that are no candidates."""
    only: tuple[str, ...] = ()
    """The only countries that are. Empty: all."""
    min_papers: int = 1
    """The fewest works in the field."""
    known: bool | None = None
    """True: only those with joint works with us. False: only those without. None: both."""
    domestic: bool = False
    """Whether institutions of home's own country are candidates too."""
    actors: tuple[str, ...] = ()
    """Kinds of institution that are candidates, of university, company, government. Empty: all."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The kind of each institution by id, where it is known; those not in it are set aside if `actors` are named."""


def check(constraints: Constraints, question: Question, pool: Pool) -> None:
    """Check constraints against each other and the study. Raises SettingsError saying which two conflict."""
    both = sorted(set(constraints.only) & set(constraints.exclude))
    if both:
        raise SettingsError(f"only and exclude both name {', '.join(both)}; take it out of one of them")
    if question.country in constraints.only and not (constraints.domestic and question.level == "institution"):
        raise SettingsError(f"only: {question.country} is home itself; partners are looked for abroad")
    if constraints.min_papers < 0:
        raise SettingsError(f"min_papers: {constraints.min_papers} is below 0")
    places = {code for code in pool.countries if code}
    for name in (*constraints.only, *constraints.exclude):
        if name not in places and name not in pool.entities and name != question.country:
            raise SettingsError(f"only or exclude: {unknown(name, places, 'no country of a candidate in this study')}")
    for actor in constraints.actors:
        if actor not in ACTORS:
            raise SettingsError(f"actors: {unknown(actor, ACTORS, 'no kind of institution')}")
    if constraints.actors and question.level == "country":
        raise SettingsError("actors: countries are asked for, and have no kind; ask for institutions")
    if constraints.actors and not constraints.kinds:
        raise SettingsError("actors: the kinds of the institutions are not known; give `kinds`, or leave actors out")


def kept(constraints: Constraints, pool: Pool, measures: Measures) -> tuple[np.ndarray, dict[str, int]]:
    """Return which candidates fulfil the constraints, and how many were set aside by each.

    Raises SettingsError where none is left, or where ties are asked about and the study has none.
    """
    joint = measures.facts.get("joint_works")
    if constraints.known is not None and joint is None:
        raise SettingsError("known: this study has no edges, so it cannot tell known partners from new ones")
    aside: Counter[str] = Counter()
    keep = np.ones(len(pool.entities), dtype=bool)
    for place in range(len(pool.entities)):
        reason = _against(constraints, pool, place, joint)
        if reason:
            keep[place] = False
            aside[reason] += 1
    if not keep.any():
        why = ", ".join(f"{reason} {number}" for reason, number in aside.most_common()) or "the study has none"
        raise SettingsError(f"no candidate is left; set aside: {why}. Loosen the constraint that takes most")
    return keep, dict(sorted(aside.items()))


def _against(constraints: Constraints, pool: Pool, place: int, joint: Floats | None) -> str | None:
    names = {pool.entities[place], pool.countries[place]}
    papers = pool.columns["papers"][place]
    if names & set(constraints.exclude):
        return "exclude"
    if constraints.only and not names & set(constraints.only):
        return "only"
    if not papers >= constraints.min_papers:
        return "min_papers"
    if constraints.known is not None and joint is not None and bool(joint[place] > 0) != constraints.known:
        return "known"
    if constraints.actors and constraints.kinds.get(pool.entities[place]) not in constraints.actors:
        return "actors"
    return None
