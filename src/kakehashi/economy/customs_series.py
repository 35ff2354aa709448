"""Japan Customs' time series (推移表): one row a year or month, one column a country or a principal commodity."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kakehashi.economy.cells import YEN, number, unquoted, year_and_month
from kakehashi.economy.commodities import principal
from kakehashi.economy.countries import WORLD, Countries
from kakehashi.economy.records import TOTAL, Coverage, Direction, Flow, Item, TradeFormat
from kakehashi.records import Refusal
from kakehashi.settings import TradeSection
from kakehashi.sources.base import Head, Input
from kakehashi.sources.text import numbered_lines

_COLUMN = re.compile(r"(Exp|Imp)-(Total|\d{3})", re.IGNORECASE)
_AREA = re.compile(r"《(.+?)》")
_UNIT = re.compile(r"(百万円|千円|億円|円|a thousand yen)")
_DIRECTIONS: dict[str, Direction] = {"exp": "export", "imp": "import", "輸出": "export", "輸入": "import"}
_HEAD_LINES = 20

HeadRow = Callable[[list[str]], Iterator[Refusal]]


@dataclass(frozen=True)
class _Column:
    """A column of values: whose, of what, and what its numbers are multiplied by. An empty partner is no country."""

    place: int
    flow: Direction
    partner: str | None
    code: str
    commodity: str
    times: float


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]), [])


def _lines(source: Input, head: Head) -> Iterator[tuple[int, list[str]] | Refusal]:
    for item in numbered_lines(source, head):
        if isinstance(item, Refusal):
            if item.code != "encoding" or "cp932" not in item.reason:  # CP932 is what the tables are published in
                yield item
        else:
            yield item[0], _cells(item[1])


def _recognise_countries(head: Head) -> bool:
    return any(line.lower().startswith("years") and _COLUMN.search(line) for line in head.lines[:_HEAD_LINES])


def _recognise_products(head: Head) -> bool:
    return any(line.startswith("概況品コード") for line in head.lines[:_HEAD_LINES])


def _read_countries(source: Input, head: Head, section: TradeSection, countries: Countries) -> Iterator[Item]:
    title = " ".join(line for line in head.lines[:_HEAD_LINES] if not line.lower().startswith("years"))
    unit = _UNIT.search(title)
    if unit is None:
        yield Refusal(None, "unknown_unit", "no line above the table says (単位：千円); give the table as published", 1)
        return
    area = _area(title, countries)
    columns: list[_Column] = []

    def head_row(cells: list[str]) -> Iterator[Refusal]:
        for place, cell in enumerate(cells):
            found = _COLUMN.fullmatch(cell.strip())
            if found is None:
                continue
            flow, code = _DIRECTIONS[found[1].lower()], found[2]
            if code.lower() != "total":
                columns.append(_Column(place, flow, countries.of_customs(code), code, TOTAL, YEN[unit[1]]))
            elif area == WORLD:  # the total of a region is the sum of its countries
                columns.append(_Column(place, flow, WORLD, WORLD, TOTAL, YEN[unit[1]]))
        return iter(())

    yield from _read(source, head, section, columns, head_row)


def _read_products(source: Input, head: Head, section: TradeSection, countries: Countries) -> Iterator[Item]:
    title = " ".join(head.lines[:2])
    flow = next(
        (found for word, found in _DIRECTIONS.items() if f"（{word}" in title or f"({word}" in title.lower()), None
    )
    area = _area(title, countries)
    if flow is None or area is None:
        what = "（輸出） or （輸入）" if flow is None else "《世界》 or the name of a country"
        yield Refusal(
            None, "unknown_area", f"the title {title.strip()[:60]!r} does not say {what}; keep its first two rows", 1
        )
        return
    known: dict[str, list[str]] = {}
    for line in head.lines[:_HEAD_LINES]:
        cells = _cells(line)
        first = cells[0].strip() if cells else ""
        if first == "概況品コード":
            known["codes"] = cells
        elif "金額" in [cell.strip() for cell in cells]:
            known["kinds"] = cells
    columns: list[_Column] = []

    def head_row(units: list[str]) -> Iterator[Refusal]:
        codes, kinds = known["codes"], known.get("kinds", [])
        for place, unit_cell in enumerate(units):
            if place >= min(len(codes), len(kinds)) or kinds[place].strip() != "金額":
                continue
            # The label of a pair of quantity and value stands over the quantity only.
            label = codes[place].strip() or (codes[place - 1].strip() if kinds[place - 1].strip() == "数量" else "")
            unit = _UNIT.search(unit_cell)
            if unit is None:
                yield Refusal(
                    None, "unknown_unit", f"column {place + 1}: no unit of money such as (千円): {unit_cell!r}", 1
                )
                continue
            commodity = _commodity(label)
            if commodity is None:
                continue
            if commodity != TOTAL and "'" in label and label.count("'") != len("''"):
                yield Refusal(None, "odd_code", f"the apostrophes around {label} do not pair; read as {commodity}", 0)
            columns.append(_Column(place, flow, area, area, commodity, YEN[unit[1]]))

    yield from _read(source, head, section, columns, head_row)


def _area(title: str, countries: Countries) -> str | None:
    """Return the country or WORLD that a title names, None for a region."""
    found = _AREA.search(title)
    return countries.of_name(found[1].strip()) if found else None


def _commodity(label: str) -> str | None:
    """Read the head of a column: a code, TOTAL for `'0'～'9'`, None for other sums such as `'0'+'1'`."""
    if "+" in label:
        return None
    ends = [unquoted(part) for part in re.split("[～〜~]", label)]
    if len(ends) == 2:
        return TOTAL if ends == ["0", "9"] else None
    return principal(ends[0]) if ends[0].isdigit() else None


def _read(
    source: Input, head: Head, section: TradeSection, columns: list[_Column], head_row: HeadRow
) -> Iterator[Item]:
    """Yield the values below the row that begins with `Years`, after `head_row` has filled in the columns from it."""
    reporter = section.reporter or "JP"
    currency = section.currency or "JPY"
    width = 0
    months = _Months()
    for item in _lines(source, head):
        if isinstance(item, Refusal):
            yield item
            continue
        row, cells = item
        first = cells[0].strip() if cells else ""
        if not width:
            if first.lower().startswith("years"):
                width = len(cells)
                yield from head_row(cells)
            continue
        when = year_and_month(first)
        if when is None:
            if first:
                yield Refusal(
                    row, "bad_year", f"{first[:20]!r} is neither a year nor a month; correct or delete the row"
                )
        elif len(cells) != width:
            yield Refusal(row, "wrong_width", f"{len(cells)} cells for {width} columns; fetch the table again")
        else:
            yield from _values(row, cells, when, columns, months, (reporter, currency))
    for (year, column), value in months.sums():
        if column.partner:
            yield Flow(
                None, reporter, column.partner, column.code, year, column.flow, column.commodity, value, currency
            )
    yield from months.coverage()


def _values(
    row: int, cells: list[str], when: tuple[int, int | None], columns: list[_Column], months: "_Months",
    origin: tuple[str, str],
) -> Iterator[Item]:  # fmt: skip
    year, month = when
    values: list[tuple[_Column, float]] = []
    for column in columns:
        try:
            value = number(cells[column.place])
        except ValueError:
            yield Refusal(row, "bad_value", f"{cells[column.place].strip()[:20]!r} is no number; correct the cell")
            continue
        if value is not None:
            values.append((column, value * column.times))
    for flow in ("export", "import"):
        found = [(column, value) for column, value in values if column.flow == flow]
        if found and not any(value for _, value in found):
            if month is None:
                yield Refusal(row, "not_compiled", f"{year}: all {flow}s are 0, as before a year is compiled")
            continue
        for column, value in found:
            if column.partner is None:
                yield Refusal(row, "unknown_country", f"customs code {column.code} is in no list that Kakehashi has")
            elif not column.partner:
                yield Refusal(row, "no_country", f"customs code {column.code} is no single country")
            elif month is not None:
                months.add(year, month, column, value)
            else:
                reporter, currency = origin
                yield Flow(
                    row, reporter, column.partner, column.code, year, column.flow, column.commodity, value, currency
                )


class _Months:
    """Adds up the months of a monthly table: a year is as whole as it has months with any value."""

    def __init__(self) -> None:
        self._sums: dict[tuple[int, _Column], float] = defaultdict(float)
        self._months: dict[tuple[int, Direction], set[int]] = defaultdict(set)
        self._met: set[tuple[int, int, _Column]] = set()

    def add(self, year: int, month: int, column: _Column, value: float) -> None:
        """Add a value; the same month a second time is left out."""
        if (year, month, column) not in self._met:
            self._met.add((year, month, column))
            self._sums[year, column] += value
            self._months[year, column.flow].add(month)

    def sums(self) -> list[tuple[tuple[int, _Column], float]]:
        """Return the sum of each year and column."""
        return sorted(self._sums.items(), key=lambda entry: (entry[0][0], entry[0][1].place))

    def coverage(self) -> Iterator[Coverage]:
        """Yield how many months each year has."""
        for (year, flow), months in sorted(self._months.items()):
            yield Coverage(year, flow, len(months))


FORMATS = (
    TradeFormat("customs_products", "principal", _recognise_products, _read_products),
    TradeFormat("customs_countries", "principal", _recognise_countries, _read_countries),
)
