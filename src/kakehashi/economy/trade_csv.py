"""Trade of any country as a plain table: columns as the user maps them, or as an alias table knows them."""

from collections.abc import Iterator, Mapping
from functools import cache

from kakehashi.data.read import csv_rows
from kakehashi.economy.cells import number, unquoted, year_and_month
from kakehashi.economy.countries import Countries
from kakehashi.economy.records import TOTAL, Direction, Flow, Item, TradeFormat
from kakehashi.records import Refusal
from kakehashi.settings import TradeSection
from kakehashi.sources.base import Head, Input
from kakehashi.sources.csv_core import Cells, Header, headers, normalise, rows

_NAMES = ("reporter", "partner", "year", "flow", "commodity", "value", "currency")
_NEEDED = ("partner", "year", "flow", "value")
_DOLLARS = frozenset({"primaryvalue", "trade value (us$)"})
_FLOWS: dict[str, Direction] = {
    **dict.fromkeys(("x", "export", "exports", "exp", "輸出"), "export"),
    **dict.fromkeys(("m", "import", "imports", "imp", "輸入"), "import"),
}
_TOTALS = frozenset({"", "total", "all", "総額"})


@cache
def aliases(table: str) -> Mapping[str, tuple[str, ...]]:
    """Return, for each of our names, the columns that usually hold it (data/economy/columns.csv)."""
    found: dict[str, tuple[str, ...]] = {}
    for row in csv_rows("economy/columns.csv"):
        if row["table"] == table:
            found[row["name"]] = (*found.get(row["name"], ()), row["alias"])
    return found


def columns_in(header: Header, table: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return our names with the columns of a header that hold them: where the user's mapping names one, that alone."""
    known = {**aliases(table), **{name: (normalise(column),) for name, column in mapping.items()}}
    places = {name: next((alias for alias in known.get(name, ()) if alias in header.cells), None) for name in known}
    return {name: column for name, column in places.items() if column is not None}


def find_columns(head: Head, mapping: Mapping[str, str]) -> tuple[Header, dict[str, str]] | None:
    """Return the header with all needed columns, and which they are."""
    for header in headers(head):
        columns = columns_in(header, "trade", mapping)
        if set(_NEEDED) <= set(columns):
            return header, columns
    return None


def _read(source: Input, head: Head, section: TradeSection, countries: Countries) -> Iterator[Item]:
    found = find_columns(head, section.columns)
    if found is None:
        yield Refusal(None, "no_header", _explain(head), 1)
        return
    header, columns = found
    currency = section.currency or ("USD" if columns["value"] in _DOLLARS else None)
    reporter = section.reporter
    if reporter is None and "reporter" not in columns:
        yield Refusal(None, "no_reporter", 'no column says whose trade this is: add reporter = "KR" to its section', 1)
        return
    if currency is None and "currency" not in columns:
        yield Refusal(None, "no_currency", 'nothing says the currency: add currency = "USD" to its section', 1)
        return
    for item in rows(source, head, header, lambda cells: year_and_month(cells.get(columns["year"], "")) is not None):
        yield item if isinstance(item, Refusal) else _flow(*item, columns, section, currency, countries)


def _flow(
    row: int,
    cells: Cells,
    columns: Mapping[str, str],
    section: TradeSection,
    currency: str | None,
    countries: Countries,
) -> Item:
    texts = {name: unquoted(cells[columns[name]]) for name in _NAMES if name in columns}
    flow = _FLOWS.get(texts["flow"].lower())
    when = year_and_month(texts["year"])
    if when is None or when[1] is not None:
        return Refusal(row, "bad_year", f"{texts['year'][:20]!r} is no year; give yearly values")
    if flow is None:
        return Refusal(row, "other_flow", f"the flow {texts['flow'][:20]!r} is neither exports nor imports")
    reporter = countries.of_iso(texts["reporter"]) if "reporter" in texts else section.reporter
    partner = countries.of_iso(texts["partner"])
    for name, country in (("reporter", reporter), ("partner", partner)):
        if country == "":
            return Refusal(row, "country_group", "codes of groups of countries, which are left out", 0)
        if country is None:
            return Refusal(row, "unknown_country", f"{texts[name][:20]!r} is no country code; use ISO 3166")
    try:
        value = number(texts["value"])
    except ValueError:
        return Refusal(row, "bad_value", f"{texts['value'][:20]!r} is no number; correct the cell")
    if value is None:
        return Refusal(row, "no_value", "the value is empty")
    commodity = texts.get("commodity", "")
    money = texts.get("currency", "").upper() or currency
    if money is None:
        return Refusal(row, "no_currency", "the currency is empty; fill it in")
    return Flow(
        row, str(reporter), str(partner), texts["partner"], when[0], flow,
        TOTAL if commodity.lower() in _TOTALS else commodity, value * section.multiplier, money,
    )  # fmt: skip


def _explain(head: Head) -> str:
    cells = max(headers(head), key=lambda header: len(header.cells), default=None)
    known = ", ".join(cells.cells[:10]) if cells else "none"
    return (
        f"not all of the columns {', '.join(_NEEDED)} are known; map them under [economy.trade.columns]. "
        f"The file has: {known}"
    )


FORMATS = (TradeFormat("trade_csv", None, lambda head: find_columns(head, {}) is not None, _read),)
