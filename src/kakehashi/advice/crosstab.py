"""Cross-tables of cases, like figures 3-1, 3-2 and 3-5, for any set of cases: ours, a user's, or both."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from kakehashi.errors import DataError
from kakehashi.knowledge.axes import AXES
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.cases import COUNTS, FILE, Case, Count
from kakehashi.knowledge.forms import forms, groups
from kakehashi.knowledge.patterns import Pattern, patterns
from kakehashi.knowledge.rows import ict_fields
from kakehashi.reasons import Evidence, Reason, Value, rule, source

DIMENSIONS = ("form", "form_detail", "field", "pattern", "country", "scheme", "status", *AXES)
_FIGURES: Mapping[frozenset[str], str] = MappingProxyType(
    {
        frozenset({"form", "field"}): "3-2",
        frozenset({"form"}): "3-2",
        frozenset({"field"}): "3-2",
        frozenset({"pattern"}): "3-5",
    }
)
_ALL = "3-1"
Key = tuple[str | None, str | None]
Order = Callable[[str], str]


@dataclass(frozen=True)
class Cell:
    """A cell; `row` or `column` None: not stated. Cases of the user's, published cases, cases known only as counts."""

    row: str | None
    column: str | None
    own: int
    published: int
    counted: int

    @property
    def total(self) -> int:
        """All cases of the cell."""
        return self.own + self.published + self.counted


@dataclass(frozen=True)
class Crosstab:
    """Cases by `rows` and, if given, `columns`; cells without cases are left out.

    `cases`: how many cases there are; the cells add up to more where a case has several countries. `unplaced`: the
    published cases that state too little for a cell; where a figure's counts are used they are within those counts.
    """

    rows: str
    columns: str | None
    cells: tuple[Cell, ...]
    cases: int
    unplaced: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def total(self, *, row: str | None = "*", column: str | None = "*") -> int:
        """Add up the cells of a row, of a column, or all (`*`). None: those not stated."""
        return sum(cell.total for cell in self.cells if row in ("*", cell.row) and column in ("*", cell.column))


def crosstab(
    cases: Iterable[Case], rows: str, columns: str | None = None, counts: Iterable[Count] = (), own: Path | None = None
) -> Crosstab:
    """Count cases by one or two of DIMENSIONS. A case that does not state one is counted under None, never dropped.

    Args:
        cases: Published cases, a user's, or both. Countries are as printed.
        rows: The dimension of the rows.
        columns: The dimension of the columns, if any.
        counts: What the figures count (knowledge.cases.counts); cases beyond the published ones are then kept apart.
            Where no figure has these dimensions they stand under None.
        own: The folder of the user's own knowledge files, if any.

    Raises:
        DataError: for a dimension that there is not, or counts below the published cases of a cell.
    """
    for dimension in (rows, *([columns] if columns else [])):
        if dimension not in DIMENSIONS:
            raise DataError(f"no cases are counted by {dimension!r}; {nearest(dimension, DIMENSIONS)}")
    held, known, figures = tuple(cases), patterns(own), tuple(counts)
    ours, theirs = [case for case in held if case.published], [case for case in held if not case.published]
    figure = _figure(rows, columns) if figures else None
    printed = _printed(figures, rows, columns, len(ours))
    told_apart = figure not in (None, _ALL)

    def by_cell(some: Iterable[Case]) -> Counter[Key]:
        return Counter(key for case in some for key in _keys(case, rows, columns, known))

    unplaced = [case for case in ours if told_apart and not set(by_cell([case])) & set(printed)]
    placed = by_cell(case for case in ours if case not in unplaced)
    counted = _beyond(printed, placed, figure) if told_apart else printed
    cells = _cells(by_cell(theirs), placed, counted, (_order(rows, own), _order(columns or "", own)))
    beyond = sum(counted.values()) - len(unplaced)
    table = Crosstab(rows, columns, cells, len(held) + beyond, tuple(case.id for case in unplaced), ())
    return replace(table, reasons=_reasons(table, held, beyond, figure))


def _beyond(printed: Counter[Key], placed: Counter[Key], figure: str | None) -> Counter[Key]:
    """Take the cases that are described out of a figure's counts."""
    counted = Counter(printed)
    counted.subtract(placed)
    short = sorted((key for key, number in counted.items() if number < 0), key=str)
    if short:
        cell = " and ".join(name for name in short[0] if name)
        raise DataError(f"{COUNTS}: {figure}: counts fewer cases of {cell} than {FILE} describes; correct one of them")
    return counted


def _cells(
    own: Counter[Key], placed: Counter[Key], counted: Counter[Key], orders: tuple[Order, Order]
) -> tuple[Cell, ...]:
    found = {key for counter in (own, placed, counted) for key, number in counter.items() if number}
    ordered = sorted(found, key=lambda key: (_last(key[0], orders[0]), _last(key[1], orders[1])))
    return tuple(Cell(*key, own=own[key], published=placed[key], counted=counted[key]) for key in ordered)


def _printed(counts: tuple[Count, ...], rows: str, columns: str | None, published: int) -> Counter[Key]:
    """Return what the figure counts by cell; for other dimensions the cases beyond the published, as not stated."""
    figure = _figure(rows, columns)
    found: Counter[Key] = Counter()
    for count in counts:
        if count.figure == figure:
            named = {"form": count.form, "field": count.field, "pattern": _name(count.pattern)}
            found[named.get(rows), named.get(columns or "")] += count.cases
    if figure == _ALL and found:
        found[None, None] -= published
    return found


def _figure(rows: str, columns: str | None) -> str:
    return _FIGURES.get(frozenset({rows, columns or rows}), _ALL)


def _keys(case: Case, rows: str, columns: str | None, known: Mapping[int, Pattern]) -> list[Key]:
    across = _values(case, columns, known) if columns else (None,)
    return [(row, column) for row in _values(case, rows, known) for column in across]


def _values(case: Case, dimension: str, known: Mapping[int, Pattern]) -> tuple[str | None, ...]:
    if dimension == "country":
        return case.countries or (None,)
    if dimension == "pattern":
        return (_name(case.pattern),)
    if dimension in AXES:
        printed = {} if case.pattern is None else known[case.pattern].on
        return (case.on.get(dimension) or printed.get(dimension),)
    found = {
        "form": case.group,
        "form_detail": case.form,
        "field": case.field,
        "scheme": case.scheme,
        "status": case.status,
    }
    return (found[dimension],)


def _name(pattern: int | None) -> str | None:
    return None if pattern is None else str(pattern)


def _order(dimension: str, own: Path | None) -> Order:
    ids = {
        "form": tuple(groups(own)),
        "form_detail": (*forms(own), *groups(own)),
        "field": ict_fields(),
        "pattern": tuple(str(number) for number in patterns(own)),
    }.get(dimension, ())
    places = {one: f"{place:04}" for place, one in reversed(list(enumerate(ids)))}
    return lambda value: places.get(value, f"~{value}")


def _last(value: str | None, order: Order) -> tuple[bool, str]:
    return (True, "") if value is None else (False, order(value))


def _reasons(table: Crosstab, held: tuple[Case, ...], beyond: int, figure: str | None) -> tuple[Reason, ...]:
    """Say which cases are described one by one, which are only counted, and what to mind of the cells."""
    ours, theirs = [case for case in held if case.published], [case for case in held if not case.published]
    reasons: list[Reason] = []

    def add(name: str, number: int, *evidence: Evidence, **values: Value) -> None:
        said = {"n": Value("number", number), **values}
        reasons.append(Reason(f"crosstab.{name}", "neutral", f"items.crosstab.{name}", said, evidence))

    def cited(some: Iterable[Case]) -> tuple[Evidence, ...]:
        return tuple(rule(case.file, case.id) for case in some)

    if figure is not None and beyond:
        all_of_them = Value("number", len(ours) + beyond)
        add("counted", beyond, source("mic2023", figure), published=Value("number", len(ours)), all=all_of_them)
    elif ours:
        add("published", len(ours), *cited(ours))
    if theirs:
        add("own", len(theirs), *cited(theirs))
    if table.unplaced:
        add("unplaced", len(table.unplaced), *cited(case for case in ours if case.id in table.unplaced))
    doubtful = [case for case in held if case.read_as != case.countries]
    if "country" in (table.rows, table.columns) and doubtful:
        add("printed", len(doubtful), *cited(doubtful))
    if "country" in (table.rows, table.columns):
        several = [case for case in held if len(case.countries) > 1]
        if several:
            add("several", len(several), *cited(several))
    return tuple(reasons)
