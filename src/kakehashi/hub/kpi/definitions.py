"""What a KPI is: its definition and its values by year. Years are calendar or fiscal, as the file writes them."""

import graphlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kakehashi.errors import DataError
from kakehashi.hub.kpi.formula import FUNCTIONS, Node, parse
from kakehashi.knowledge.book import nearest
from kakehashi.texts import Language, Words

Direction = Literal["up", "down"]
DIRECTIONS: tuple[Direction, ...] = ("up", "down")
STUDY = "study."
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_YEAR = re.compile(r"(FY)?\s*(\d{4})\s*(年度|年)?")
_YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Kpi:
    """A KPI.

    `direction`: whether more (`up`) or less (`down`) is better. `formula`: how it is derived, None where values are
    entered. `baseline`: its value before, with its year or None. `targets` and `values`: by year. `cumulative`: whether
    values add up over the years, so that they cannot fall. `fiscal`: whether years are fiscal years. `notes`: by year,
    or under None; `notes_ja` the same in Japanese. `owner`: who answers for it.
    """

    id: str
    name: Words
    unit: str
    direction: Direction = "up"
    owner: str | None = None
    formula: str | None = None
    baseline: tuple[int | None, float] | None = None
    targets: Mapping[int, float] = field(default_factory=dict)
    values: Mapping[int, float] = field(default_factory=dict)
    notes: Mapping[int | None, str] = field(default_factory=dict)
    cumulative: bool = False
    fiscal: bool = False
    source: str | None = None
    notes_ja: Mapping[int | None, str] = field(default_factory=dict)

    def remarks(self, language: Language) -> Mapping[int | None, str]:
        """Return the notes in a language, and those that are in the other only as they are."""
        own, other = (self.notes_ja, self.notes) if language == "ja" else (self.notes, self.notes_ja)
        return {**other, **own}

    def label(self, year: int) -> str:
        """Write a year as its kind is written."""
        return f"FY{year}" if self.fiscal else str(year)

    @property
    def is_percent(self) -> bool:
        """Tell whether values lie between 0 and 100 by their unit."""
        return self.unit.casefold() in ("percent", "%", "％")

    @property
    def node(self) -> Node | None:
        """Return the formula, read. Raises DataError."""
        return None if self.formula is None else parse(self.formula)


def read_year(text: str) -> tuple[int, bool] | None:
    """Read a year and whether it is fiscal, from `2019`, `FY2019` or `2019年度`; None where it is no year."""
    found = _YEAR.fullmatch(text.strip())
    if found is None or int(found[2]) not in _YEARS:
        return None
    return int(found[2]), bool(found[1]) or found[3] == "年度"


def id_problem(text: str) -> str | None:
    """Say what is wrong with an id and how to put it right, or nothing."""
    if not _ID.fullmatch(text):
        return f"{text!r} is no id; write letters, digits and _, beginning with a letter, at most 80"
    return f"{text!r} is the name of a function; choose another id" if text in FUNCTIONS else None


def check_formulas(kpis: Mapping[str, Kpi], where: Mapping[str, str], indicators: tuple[str, ...]) -> None:
    """Check that formulas can be read, name what there is, and do not go in circles. Raises DataError.

    `where` says of each KPI where it is defined. `indicators`: the names after `study.`, one with * for any end.
    """
    problems: list[str] = []
    stands_on: dict[str, list[str]] = {}
    for one in kpis.values():
        try:
            node = one.node
        except DataError as error:
            problems.append(f"{where[one.id]}: {error}")
            continue
        named = [] if node is None else list(dict.fromkeys(node.names()))
        stands_on[one.id] = [name for name in named if name in kpis]
        for name in named:
            known = name in kpis or (name.startswith(STUDY) and _is_indicator(name[len(STUDY) :], indicators))
            if not known:
                choices = [*kpis, *(f"{STUDY}{one}" for one in indicators)]
                problems.append(f"{where[one.id]}: formula: unknown name {name!r}; {nearest(name, choices)}")
    try:
        graphlib.TopologicalSorter(stands_on).prepare()
    except graphlib.CycleError as error:
        circle = list(reversed(error.args[1]))
        chain = " → ".join(circle)
        problems.append(f"{where[circle[0]]}: formula: stands on itself ({chain}); enter one of them by hand")
    if problems:
        raise DataError("\n".join(problems))


def _is_indicator(name: str, indicators: tuple[str, ...]) -> bool:
    return any(
        name == one or (one.endswith("*") and name.startswith(one[:-1]) and name != one[:-1]) for one in indicators
    )


def in_order(kpis: Mapping[str, Kpi]) -> tuple[str, ...]:
    """Return the ids so that each comes after those that its formula stands on. Formulas must have been checked."""
    return tuple(
        graphlib.TopologicalSorter(
            {one.id: [name for name in (one.node.names() if one.node else ()) if name in kpis] for one in kpis.values()}
        ).static_order()
    )
