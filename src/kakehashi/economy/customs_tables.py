"""Japan Customs' yearly tables: country by principal commodity (概況品別国別表) and HS by country (品別国別表)."""

from collections.abc import Iterator

from kakehashi.economy.cells import number, unquoted, year_and_month
from kakehashi.economy.commodities import principal
from kakehashi.economy.countries import WORLD, Countries
from kakehashi.economy.records import Coverage, Direction, Flow, Item, TradeFormat
from kakehashi.records import Refusal
from kakehashi.settings import TradeSection
from kakehashi.sources.base import Head, Input
from kakehashi.sources.csv_core import Cells, Header, find_header, rows

_THOUSAND = 1000
_FLOWS: dict[str, Direction] = {"1": "export", "2": "import"}
_MONTHS = tuple(
    f"value-{m}" for m in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
)
_YEAR = "value-year"
_HS_DIGITS = 9
_LONGEST = 7  # of principal commodities, which have an odd number of digits; longer ones are filled up with zeros


def _header(head: Head) -> Header | None:
    header = find_header(head, "exp or imp", "year")
    return header if header and (header.has(_YEAR) or header.has(*_MONTHS)) else None


def _recognise_hs(head: Head) -> bool:
    header = _header(head)
    return header is not None and header.has("hs") and not header.has("custom")


def _recognise_offices(head: Head) -> bool:
    header = _header(head)
    return header is not None and header.has("hs", "custom")


def _recognise_commodities(head: Head) -> bool:
    header = _header(head)
    return header is not None and not header.has("hs") and len(header.cells) > 4


def _read(source: Input, head: Head, section: TradeSection, countries: Countries) -> Iterator[Item]:
    header = _header(head)
    if header is None:
        yield Refusal(None, "no_header", "no line names the columns Exp or Imp, Year and Value-Year; keep the head", 1)
        return
    by_hs = header.has("hs")
    # The names of the two columns after the year were seen in no document: their places are what is known.
    commodity = "hs" if by_hs else header.cells[2]
    country = "country" if header.has("country") else None if by_hs else header.cells[3]
    last_months: dict[tuple[int, Direction], int] = {}
    for item in rows(source, head, header, lambda cells: cells.get("year", "").strip().isdigit()):
        if isinstance(item, Refusal):
            yield item
            continue
        row, cells = item
        yield from _row(row, cells, (commodity, country), section, countries, last_months)
    for (year, flow), months in sorted(last_months.items()):
        yield Coverage(year, flow, months)


def _row(
    row: int, cells: Cells, columns: tuple[str, str | None], section: TradeSection, countries: Countries,
    last_months: dict[tuple[int, Direction], int],
) -> Iterator[Item]:  # fmt: skip
    commodity_column, country_column = columns
    flow = _FLOWS.get(unquoted(cells["exp or imp"]))
    when = year_and_month(cells["year"])
    if flow is None or when is None:
        what = f"Exp or Imp {cells['exp or imp'].strip()!r}, year {cells['year'].strip()!r}"
        yield Refusal(row, "bad_row", f"{what[:60]}: expected 1 or 2 and a year; correct the row")
        return
    code = unquoted(cells[commodity_column])
    whole = len(code) == _HS_DIGITS if commodity_column == "hs" else len(code) % 2 == 1 or len(code) > _LONGEST
    if not code.isdigit() or not whole:
        yield Refusal(row, "bad_code", f"{code[:20]!r} is no whole code: were leading zeros lost in a spreadsheet?")
        return
    try:
        value, months = _value(cells)
    except ValueError as error:
        yield Refusal(row, "bad_value", f"{error}"[:80] + "; correct the cell")
        return
    if months is not None:
        last_months[when[0], flow] = max(months, last_months.get((when[0], flow), 0))
    if value is None:
        return
    area = unquoted(cells[country_column]) if country_column else WORLD
    partner = WORLD if area == WORLD else countries.of_customs(area)
    if not partner:
        known = "is in no list that Kakehashi has" if partner is None else "is no single country"
        yield Refusal(row, "unknown_country" if partner is None else "no_country", f"customs code {area} {known}")
        return
    code = code if commodity_column == "hs" else principal(code)
    yield Flow(
        row, section.reporter or "JP", partner, area, when[0], flow, code, value, section.currency or "JPY",
        unquoted(cells.get("custom", "")),
    )  # fmt: skip


def _value(cells: Cells) -> tuple[float | None, int | None]:
    """Return the value of the year in yen and the last month with a value; None where the table does not say."""
    months = [number(cells[name]) for name in _MONTHS if name in cells]
    whole = number(cells[_YEAR]) if _YEAR in cells else None
    if whole is None and any(month is not None for month in months):
        whole = sum(month or 0 for month in months)
    last = max((place for place, month in enumerate(months, 1) if month), default=0)
    return (None if whole is None else whole * _THOUSAND), (last if len(months) == len(_MONTHS) else None)


FORMATS = (
    TradeFormat("customs_offices", "hs", _recognise_offices, _read),
    TradeFormat("customs_hs", "hs", _recognise_hs, _read),
    TradeFormat("customs_commodities", "principal", _recognise_commodities, _read),
)
