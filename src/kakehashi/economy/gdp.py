"""Gross domestic product: the World Bank's tables, long or wide, and plain tables of country, year and value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kakehashi.economy.cells import number, year_and_month
from kakehashi.economy.countries import Countries
from kakehashi.economy.trade_csv import columns_in
from kakehashi.records import Refusal
from kakehashi.sources.base import Head, Input
from kakehashi.sources.csv_core import Cells, Header, headers, rows

INDICATOR = "NY.GDP.MKTP.CD"
"""The World Bank's code of GDP in current US dollars."""

_YEAR_COLUMN = re.compile(r"(\d{4})(?: \[yr\d{4}\])?")
_INDICATOR_COLUMNS = ("indicator code", "series code")


@dataclass(frozen=True, slots=True)
class Product:
    """The GDP of a country in a year, in current US dollars."""

    row: int
    country: str
    year: int
    value: float


def read_gdp(source: Input, head: Head, countries: Countries) -> Iterator[Product | Refusal]:
    """Yield the values of a GDP table, and refusals."""
    table = _find(head)
    if table is None:
        reason = "no line names columns of country code, year and value, or of years; name them country, year, value"
        yield Refusal(None, "no_header", reason, 1)
        return
    header, columns, years = table
    for item in rows(source, head, header, lambda cells: bool(cells.get(columns["country"], "").strip())):
        if isinstance(item, Refusal):
            yield item
        else:
            yield from _row(*item, columns, years, countries)


def _find(head: Head) -> tuple[Header, dict[str, str], dict[str, int]] | None:
    """Return the header, our columns in it, and the columns that are years, the widest header first."""
    for header in sorted(headers(head), key=lambda header: (-len(header.cells), header.line)):
        columns = columns_in(header, "gdp", {})
        years = {cell: int(found[1]) for cell in header.cells if (found := _YEAR_COLUMN.fullmatch(cell))}
        if "country" in columns and (years or {"year", "value"} <= set(columns)):
            return header, columns, years
    return None


def _row(
    row: int, cells: Cells, columns: dict[str, str], years: dict[str, int], countries: Countries
) -> Iterator[Product | Refusal]:
    indicator = next((cells[name].strip() for name in _INDICATOR_COLUMNS if cells.get(name, "").strip()), INDICATOR)
    if indicator != INDICATOR:
        yield Refusal(row, "other_indicator", f"the indicator {indicator[:30]} is not {INDICATOR}, GDP in current US$")
        return
    code = cells[columns["country"]].strip()
    country = countries.of_iso(code)
    if not country:
        if country == "":
            yield Refusal(row, "country_group", "codes of groups of countries, which are left out", 0)
        elif code:
            yield Refusal(row, "unknown_country", f"{code[:20]!r} is no country code; use ISO 3166")
        return
    given = [(cells[name], year) for name, year in years.items()]
    if not years:
        when = year_and_month(cells[columns["year"]])
        if when is None or when[1] is not None:
            yield Refusal(row, "bad_year", f"{cells[columns['year']].strip()[:20]!r} is no year")
            return
        given = [(cells[columns["value"]], when[0])]
    for cell, year in given:
        try:
            value = number(cell)
        except ValueError:
            yield Refusal(row, "bad_value", f"{cell.strip()[:20]!r} is no number; correct the cell")
            continue
        if value is not None:
            yield Product(row, country, year, value)
