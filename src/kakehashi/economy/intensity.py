"""How intense trade with a country is: against its GDP, and against its imports from the world."""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Protocol

BASES = ("exports", "imports", "trade")
KINDS = tuple(f"{group}{base}_intensity" for group in ("", "ict_") for base in BASES)


class _Point(Protocol):
    @property
    def value(self) -> float: ...
    @property
    def unit(self) -> str: ...


Values = Mapping[str, Mapping[str, _Point]]
Found = tuple[float | None, str | None]


def intensities(values: Values, countries: Sequence[str]) -> dict[str, dict[str, Found]]:
    """Return, for each kind of intensity, each country's value or the reason why there is none.

    intensity(c) = (T(c) / sum of T) / (GDP(c) / sum of GDP), the sums over the countries of which both are known. It is
    trade per GDP relative to that of all of them together: 1 is what GDP alone would give, 2 twice as much. Both parts
    are shares, so no exchange rate is needed; all trade must be in one currency.

    Args:
        values: by indicator (exports, imports, ict_exports, ict_imports, gdp) and country, in one period.
        countries: all partners, without home and the world.
    """
    gdp = values.get("gdp", {})
    found = {}
    for name in KINDS:
        trade = _trade(values, name)
        if trade:
            found[name] = _shares(trade, gdp, countries)
    return found


def _trade(values: Values, name: str) -> dict[str, tuple[float, str]]:
    """Return the trade of a kind by country with its currency: exports and imports together for `trade`."""
    group = "ict_" if name.startswith("ict_") else ""
    base = name.removeprefix("ict_").removesuffix("_intensity")
    if base != "trade":
        return {country: (point.value, point.unit) for country, point in values.get(f"{group}{base}", {}).items()}
    exports, imports = values.get(f"{group}exports", {}), values.get(f"{group}imports", {})
    return {
        country: (exports[country].value + imports[country].value, exports[country].unit)
        for country in exports.keys() & imports.keys()
        if exports[country].unit == imports[country].unit
    }


def _shares(
    trade: Mapping[str, tuple[float, str]], gdp: Mapping[str, _Point], countries: Sequence[str]
) -> dict[str, Found]:
    both = sorted(country for country in trade if country in gdp and gdp[country].value > 0)
    all_trade, all_gdp = fsum(trade[country][0] for country in both), fsum(gdp[country].value for country in both)
    one_currency = len({trade[country][1] for country in both}) == 1
    found: dict[str, Found] = {}
    for country in countries:
        if country not in trade:
            found[country] = (None, "no_trade")
        elif country not in both:
            found[country] = (None, "no_gdp")
        elif not one_currency:
            found[country] = (None, "mixed_currencies")
        elif len(both) < 2 or not all_trade:
            found[country] = (None, "no_comparison")
        else:
            found[country] = ((trade[country][0] / all_trade) / (gdp[country].value / all_gdp), None)
    return found


def export_index(years: Sequence[Sequence[_Point]]) -> float | None:
    """Return the trade intensity index of exports, or None where it cannot be computed.

    index(c) = (X(home, c) / X(home, world)) / (M(c) / (M(world) - M(home))): the share of a country in home's exports
    over its share in the imports of all countries but home (Brown 1949; Kojima 1964). Over several years each total is
    the sum of the years.

    Args:
        years: for each year X(home, c), X(home, world), M(c), M(world), M(home). The first two are in one currency, the
            third and fourth in one; M(home) must be in the currency of M(world).
    """
    if not years:
        return None
    sold, all_sold, theirs, world, own = zip(*years, strict=True)
    units = [{point.unit for point in part} for part in (sold, all_sold, theirs, world, own)]
    if any(len(unit) > 1 for unit in units) or units[0] != units[1] or units[2] != units[3] or units[4] != units[3]:
        return None
    total = [fsum(point.value for point in part) for part in (sold, all_sold, theirs, world, own)]
    if total[1] <= 0 or total[2] <= 0 or total[3] <= total[4]:
        return None
    return (total[0] / total[1]) / (total[2] / (total[3] - total[4]))
