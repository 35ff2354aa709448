"""Trade and GDP files to the economy table: values are read file by file, added up in SQL, then put in relation."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kakehashi.economy import sums
from kakehashi.economy.assembling import Point, Series, Sums, rows, trade_points, world_imports
from kakehashi.economy.commodities import commodities
from kakehashi.economy.countries import WORLD, Countries, countries_of
from kakehashi.economy.gdp import Product
from kakehashi.economy.reading import gdp_files, read_products, read_trade, trade_files
from kakehashi.economy.records import Coverage, Flow, TradeFormat
from kakehashi.engine.base import Engine, Row
from kakehashi.progress import Advance, Progress
from kakehashi.records import Refusal
from kakehashi.settings import Settings, TradeSection
from kakehashi.tables import ECONOMY, ECONOMY_REFUSALS


@dataclass
class _Notes:
    """Collects refusals: the same fault of a file is kept once, with the number of records it cost."""

    found: dict[tuple[str, str, str], list[int | None]] = field(default_factory=dict)

    def add(self, file: str, refusal: Refusal) -> None:
        """Take a refusal."""
        entry = self.found.setdefault((file, refusal.code, refusal.reason), [refusal.row, 0])
        entry[1] = (entry[1] or 0) + refusal.records

    def rows(self) -> Iterator[Row]:
        """Yield the rows of ECONOMY_REFUSALS, in the order met."""
        seq: dict[str, int] = {}
        for (file, code, reason), (row, records) in self.found.items():
            seq[file] = seq.get(file, 0) + 1
            yield file, seq[file], row, code, reason, records


@dataclass
class _Reading:
    """What is known while the files are read."""

    home: str
    years: tuple[int | None, int | None]
    countries: Countries
    notes: _Notes = field(default_factory=_Notes)
    coverage: dict[tuple[int, int, str], int] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)

    def within(self, year: int) -> bool:
        """Tell whether a year is one of the period."""
        first, last = self.years
        return (first or year) <= year <= (last or year)


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Write ECONOMY and ECONOMY_REFUSALS from the files of the section; both are empty where it names none.

    Raises SourceError where a path cannot be read at all, DataError for a faulty list of commodities, SettingsError for
    an unknown territory policy.
    """
    section, study = settings.economy, settings.study
    trade, gdp = trade_files(settings), gdp_files(settings)
    reading = _Reading(
        study.home,
        (section.first_year or study.first_year, section.last_year or study.last_year),
        countries_of(settings.affiliations.territory_policy),
    )
    advance = progress.step("economy", len(trade) + len(gdp) + 1)
    series: Series = {}
    imports: dict[tuple[str, int], Point] = {}
    if trade:
        listed = [(each.classification, each.flow, each.code) for each in commodities(section.commodities)]
        engine.load(sums.CODES, listed)
        engine.load(sums.FLOWS, _flows(trade, reading, advance))
        found = _sums(engine, reading, listed)
        series = trade_points(found, reading.home)
        imports = world_imports(found, reading.home)
    for (country, period), point in _gdp(gdp, reading, advance).items():
        series.setdefault((country, "gdp"), {})[period] = point
    engine.load(ECONOMY, rows(series, reading.home, study.targets, imports))
    engine.load(ECONOMY_REFUSALS, reading.notes.rows())
    advance(1)


def _flows(files: list[tuple[Path, str, TradeSection]], reading: _Reading, advance: Advance) -> Iterator[Row]:
    for number, (path, label, section) in enumerate(files):
        reading.labels[number] = label
        seq = 0
        for format_, item in read_trade(path, label, section, reading.countries):
            if isinstance(item, Coverage):
                key = (number, item.year, item.flow)
                reading.coverage[key] = max(item.months, reading.coverage.get(key, 0))
                continue
            kept = item if isinstance(item, Refusal) else _kept(item, reading)
            if isinstance(kept, Refusal):
                reading.notes.add(label, kept)
            elif format_ is not None:
                seq += 1
                yield _row(number, seq, format_, section, kept)
        advance(1)


def _kept(flow: Flow, reading: _Reading) -> Flow | Refusal:
    """Return what is to be counted of a value, under the territory policy; or why it is not."""
    if not reading.within(flow.year):
        return Refusal(flow.row, "outside_years", "the year lies outside the years of the study")
    if flow.reporter != reading.home and flow.partner != WORLD:
        reason = f"trade reported by {flow.reporter}, not by the home country {reading.home}: only totals are used"
        return Refusal(flow.row, "other_reporter", reason)
    if flow.partner == reading.home and flow.reporter == reading.home:
        return Refusal(flow.row, "own_country", "the home country's trade with itself, such as re-imports")
    partner = flow.partner if flow.partner == WORLD else reading.countries.counted(flow.partner)
    if partner is None:
        return Refusal(flow.row, "territory_policy", f"the territory policy counts {flow.partner} with no country")
    return flow if partner == flow.partner else Flow(
        flow.row, flow.reporter, partner, flow.partner_code, flow.year, flow.flow, flow.commodity, flow.value,
        flow.currency, flow.office,
    )  # fmt: skip


def _row(number: int, seq: int, format_: TradeFormat, section: TradeSection, flow: Flow) -> Row:
    classification = format_.classification or section.classification
    name = format_.name if format_.classification else f"{format_.name}/{classification}"
    return (
        number, seq, name, classification, flow.reporter, flow.partner, flow.partner_code, flow.year, flow.flow,
        flow.commodity, flow.office, flow.value, flow.currency,
    )  # fmt: skip


def _sums(engine: Engine, reading: _Reading, listed: list[tuple[str, str, str]]) -> Sums:
    engine.load(sums.COVERAGE, [(*key, months) for key, months in sorted(reading.coverage.items())])
    engine.make(sums.ONCE, sums.NUMBERED)
    for number, flows in engine.rows(sums.GIVEN_TWICE):
        reason = "the same country, year, flow and commodity again; what covers more months counts, else the first file"
        reading.notes.add(reading.labels[number], Refusal(None, "given_twice", reason, flows))
    return Sums(
        engine.rows(sums.EXPLICIT_TOTALS), engine.rows(sums.SUMMED_TOTALS), engine.rows(sums.EXTENT),
        engine.rows(sums.FILES), engine.rows(sums.ICT), engine.rows(sums.MET), frozenset(listed), reading.coverage,
        reading.labels,
    )  # fmt: skip


def _gdp(files: list[tuple[Path, str, None]], reading: _Reading, advance: Advance) -> dict[tuple[str, str], Point]:
    """Return GDP by counted country and year; a territory counted with a state adds its own to it."""
    given: dict[tuple[str, int], tuple[float, str]] = {}
    for path, label, _ in files:
        for item in read_products(path, label, reading.countries):
            refusal = item if isinstance(item, Refusal) else _new(item, given, reading)
            if refusal is not None:
                reading.notes.add(label, refusal)
            elif isinstance(item, Product):
                given[item.country, item.year] = (item.value, label)
        advance(1)
    return _counted(given, reading)


def _counted(given: dict[tuple[str, int], tuple[float, str]], reading: _Reading) -> dict[tuple[str, str], Point]:
    found: dict[tuple[str, str], Point] = {}
    parts: dict[str, set[str]] = {}
    met: dict[tuple[str, str], set[str]] = {}
    for (country, year), (value, label) in sorted(given.items()):
        counted = country if country == WORLD else reading.countries.counted(country)
        if counted is None:
            reason = f"the territory policy counts {country} with no country"
            reading.notes.add(label, Refusal(None, "territory_policy", reason))
            continue
        key = (counted, str(year))
        parts.setdefault(counted, set()).add(country)
        met.setdefault(key, set()).add(country)
        found[key] = Point(value + (found[key].value if key in found else 0), "USD", label)
    for key, countries in met.items():
        if missing := sorted(parts[key[0]] - countries):
            found[key] = replace(found[key], reason="territory_missing", detail=" ".join(missing))
    return found


def _new(item: Product, given: dict[tuple[str, int], tuple[float, str]], reading: _Reading) -> Refusal | None:
    if not reading.within(item.year):
        return Refusal(item.row, "outside_years", "the year lies outside the years of the study")
    if (item.country, item.year) in given:
        return Refusal(item.row, "given_twice", "the same country and year again; the first one counts")
    return None
