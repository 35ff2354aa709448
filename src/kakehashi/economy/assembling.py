"""From sums to the rows of the economy table: which source is believed, which years are whole, means, intensities."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import fsum

from kakehashi.economy.countries import WORLD
from kakehashi.economy.intensity import export_index, intensities
from kakehashi.engine.base import Row

WHOLE = "all"
"""The period of a mean over years."""
MONTHS = 12
SECTIONS = 10  # of principal commodities: 0 to 9
CHAPTERS = 96  # of HS: 01 to 97, of which 77 is not in use

# Which format is believed where several give the same value: what the user tells us, then published totals, then sums.
_RANKS = ("trade_csv", "customs_countries", "customs_products", "customs_commodities", "customs_hs", "customs_offices")
_PLAIN = {"export": "exports", "import": "imports"}
TRADE = ("exports", "imports", "ict_exports", "ict_imports")
BASE = (*TRADE, "gdp")


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a country and year. `reason` says why it is not whole, `detail` how far."""

    value: float
    unit: str
    file: str | None = None
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Sums:
    """What the SQL found, row by row, and what the reading noted beside it."""

    explicit: list[Row]
    summed: list[Row]
    extent: list[Row]
    files: list[Row]
    ict: list[Row]
    met: list[Row]
    listed: frozenset[tuple[str, str, str]]
    coverage: Mapping[tuple[int, int, str], int]
    labels: Mapping[int, str]


Series = dict[tuple[str, str], dict[str, Point]]
"""By country and indicator, the points by period."""


@dataclass
class _Trade:
    """Finds the best points of the home country's trade among the formats."""

    sums: Sums
    home: str
    points: dict[tuple[str, str, int], tuple[int, Point]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._months = self._covered()

    def _covered(self) -> dict[tuple[str, str, int, str], int]:
        """The months that a year's files cover: those of the file that covers least."""
        found: dict[tuple[str, str, int, str], int] = {}
        for format_, reporter, year, flow, file_no in self.sums.files:
            months = self.sums.coverage.get((file_no, year, flow), MONTHS)
            key = (format_, reporter, year, flow)
            found[key] = min(months, found.get(key, MONTHS))
        return found

    def add(self, indicator: str, row: Row, missing: tuple[str, ...] = ()) -> None:
        """Take a sum as the point of its country and year, unless a format that is believed more has given one."""
        format_, reporter, partner, year, flow, value, first_currency, last_currency, first_file, last_file = row
        if reporter != self.home:
            return
        rank = _RANKS.index(format_.split("/")[0])
        key = (partner, indicator, year)
        if key in self.points and self.points[key][0] <= rank:
            return
        months = self._months[format_, reporter, year, flow]
        reason, detail = None, None
        if first_currency != last_currency:
            reason, detail = "mixed_currencies", f"{first_currency} {last_currency}"
        elif missing:
            reason, detail = "codes_missing", " ".join(missing)
        elif months < MONTHS:
            reason, detail = "months_missing", str(months)
        names = list(dict.fromkeys(self.sums.labels[number] for number in (first_file, last_file)))
        self.points[key] = (rank, Point(value, first_currency, " … ".join(names), reason, detail))


def trade_points(sums: Sums, home: str) -> Series:
    """Return the home country's trade with each country, by year."""
    found = _Trade(sums, home)
    whole = {
        (format_, reporter, year, flow)
        for format_, classification, reporter, year, flow, level, parts in sums.extent
        if (classification == "principal" and level == 1 and parts == SECTIONS)
        or (classification == "hs" and parts >= CHAPTERS)
    }
    for row in sums.explicit:
        found.add(_PLAIN[row[4]], row)
    for row in sums.summed:
        if (row[0], row[1], row[3], row[4]) in whole:
            found.add(_PLAIN[row[4]], row)
    _add_ict(found, sums)
    series: Series = defaultdict(dict)
    for (country, indicator, year), (_, point) in sorted(found.points.items()):
        series[country, indicator][str(year)] = point
    return series


def _add_ict(found: _Trade, sums: Sums) -> None:
    """Take the sums of ICT goods; a country that trades with home, but not in them, has 0."""
    met: dict[tuple[str, str, int, str], set[str]] = defaultdict(set)
    for format_, reporter, year, flow, code in sums.met:
        met[format_, reporter, year, flow].add(code)
    classifications = {(row[0], row[2], row[3], row[4]): row[1] for row in sums.extent}
    missing = {
        key: tuple(sorted({c for k, f, c in sums.listed if (k, f) == (classifications[key], key[3])} - codes))
        for key, codes in met.items()
    }
    given = {row[:5] for row in sums.ict}
    for row in sums.ict:
        key = (row[0], row[1], row[3], row[4])
        found.add(f"ict_{_PLAIN[row[4]]}", row, missing[key])
    for row in sums.summed:
        key = (row[0], row[1], row[3], row[4])
        if key in met and row[:5] not in given and row[2] != WORLD:
            found.add(f"ict_{_PLAIN[row[4]]}", (*row[:5], 0.0, *row[6:]), missing[key])


def world_imports(sums: Sums, home: str) -> dict[tuple[str, int], Point]:
    """Return the imports of other countries, and of WORLD, from all countries, by country and year."""
    return {
        (reporter, year): Point(value, first)
        for _, reporter, partner, year, flow, value, first, last, _, _ in sums.explicit
        if partner == WORLD and flow == "import" and reporter != home and first == last
    }


def add_means(series: Series) -> None:
    """Add to each series the mean over its complete years, as period `all`; nothing where there is no such year."""
    for points in series.values():
        if WHOLE in points:
            continue
        complete = [point for _, point in sorted(points.items()) if point.reason is None]
        if complete and len({point.unit for point in complete}) == 1:
            points[WHOLE] = Point(fsum(point.value for point in complete) / len(complete), complete[0].unit)


def rows(series: Series, home: str, targets: Iterable[str], imports: Mapping[tuple[str, int], Point]) -> Iterator[Row]:
    """Yield the rows of ECONOMY: the series with their means, what is missing for a country, and the intensities."""
    add_means(series)
    in_use = [indicator for indicator in BASE if any(name == indicator for _, name in series)]
    countries = sorted({country for country, _ in series} | (set(targets) if in_use else set()))
    for country in countries:
        for indicator in in_use:
            points = series.get((country, indicator), {})
            for period, point in sorted(points.items()):
                if period != WHOLE:
                    status = "complete" if point.reason is None else "partial"
                    yield (
                        country, indicator, period, point.value, point.unit, 1, status, point.reason, point.detail,
                        point.file,
                    )  # fmt: skip
            if indicator == "gdp" or country != home:
                yield _mean(country, indicator, points)
    periods = sorted({period for points in series.values() for period in points})
    others = [country for country in countries if country not in (home, WORLD)]
    for period in periods:
        yield from _derived(series, period, others, imports)


def _mean(country: str, indicator: str, points: Mapping[str, Point]) -> Row:
    complete = [point for period, point in points.items() if period != WHOLE and point.reason is None]
    if WHOLE in points:
        mean = points[WHOLE]
        return (country, indicator, WHOLE, mean.value, mean.unit, len(complete), "complete", None, None, None)
    reason = "mixed_currencies" if complete else "no_complete_year" if points else "not_in_data"
    return (country, indicator, WHOLE, None, None, len(complete), "missing", reason, None, None)


def _derived(
    series: Series, period: str, countries: list[str], imports: Mapping[tuple[str, int], Point]
) -> Iterator[Row]:
    years = _years(series, period)
    values = {
        name: {
            country: point
            for country in countries
            if (point := series.get((country, name), {}).get(period)) and point.reason is None
        }
        for name in BASE
    }
    for name, found in intensities(values, countries).items():
        for country, (value, reason) in sorted(found.items()):
            if value is not None or period == WHOLE:
                status = "complete" if value is not None else "missing"
                number = min(years.get((country, part), 0) for part in (*_parts(name), "gdp"))
                unit = "ratio" if value is not None else None
                yield country, name, period, value, unit, number, status, reason, None, None
    for country, value, number in _indices(series, period, countries, imports):
        yield (country, "export_intensity_index", period, value, "ratio", number, "complete", None, None, None)


def _parts(name: str) -> tuple[str, ...]:
    stem = name.removesuffix("_intensity")
    prefix = "ict_" if stem.startswith("ict_") else ""
    return (f"{prefix}exports", f"{prefix}imports") if stem.endswith("trade") else (stem,)


def _years(series: Series, period: str) -> dict[tuple[str, str], int]:
    """Return how many years the point of a period rests on."""
    if period != WHOLE:
        return {key: 1 for key, points in series.items() if period in points}
    return {
        key: sum(1 for year, point in points.items() if year != WHOLE and point.reason is None)
        for key, points in series.items()
        if WHOLE in points
    }


def _indices(
    series: Series, period: str, countries: list[str], imports: Mapping[tuple[str, int], Point]
) -> Iterator[tuple[str, float, int]]:
    """Yield country, export intensity index and number of years, for the countries whose totals are all known."""
    exports, home_imports = series.get((WORLD, "exports"), {}), series.get((WORLD, "imports"), {})
    years = sorted({year for _, year in imports}) if period == WHOLE else [int(period)]
    for country in countries:
        found = []
        for year in years:
            world, theirs = imports.get((WORLD, year)), imports.get((country, year))
            sold, all_sold = series.get((country, "exports"), {}).get(str(year)), exports.get(str(year))
            own = home_imports.get(str(year))
            known = (sold, all_sold, theirs, world, own)
            if all(point is not None and point.reason is None for point in known):
                found.append([point for point in known if point is not None])
        index = export_index(found)
        if index is not None:
            yield country, index, len(found)
