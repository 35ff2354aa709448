"""What every chapter needs to know, read once: the study's tables, whom it looks at, and in which language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from kakehashi import __version__
from kakehashi.advice.answer import Advice, advise
from kakehashi.advice.question import Question
from kakehashi.errors import SettingsError
from kakehashi.figures import theme
from kakehashi.names import country_name, field_name, taxonomy
from kakehashi.report.blocks import Symbol
from kakehashi.report.queries import Edge, Indicator, Position, Rows, Strength, StudyTables, Total
from kakehashi.settings import Settings
from kakehashi.texts import Texts

TOP = 20
DOMINANT = 0.5  # share of one work in the largest eigenvalue from which readers are warned
FOCUS_REGIONS = ("upper_right", "upper_left", "lower_right", "centre")


@dataclass(frozen=True)
class Context:
    """A study as a chapter sees it. Tables are read when first asked for."""

    tables: StudyTables
    manifest: Mapping[str, Any]
    settings: Settings
    texts: Texts
    advised: Callable[[], Advice | None] | None = None
    """Where reports in several languages are written from one study: what gives them the same advice, made once."""

    @property
    def home(self) -> str:
        """The home country's code."""
        return self.settings.study.home

    def country(self, code: str | None) -> str:
        """Name a country."""
        return country_name(code, self.texts.language)

    def field(self, field: str) -> str:
        """Name a field."""
        return field_name(field, self.settings.fields.taxonomy, self.texts)

    @property
    def published(self) -> bool:
        """Whether the numbers are published ones that Kakehashi only places and draws."""
        return bool(self.manifest.get("reference"))

    @property
    def version(self) -> str:
        """The version of Kakehashi that computed the study, or writes the report where nothing was computed."""
        return str(self.manifest.get("kakehashi") or __version__)

    @property
    def source(self) -> str:
        """The line under a figure that says where its numbers come from."""
        if self.published:
            return self.texts("common.source_published", study=self.settings.study.name)
        return self.texts("common.source", study=self.settings.study.name)

    @property
    def counting(self) -> str:
        """The counting mode in words."""
        return self.texts(f"counting.{self.settings.counting.counting}")

    @cached_property
    def totals(self) -> dict[tuple[str, str, str], Total]:
        """Totals by field, period and database."""
        return {(row.field, row.period, row.database): row for row in self.tables.totals()}

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of the taxonomy in its order, then any others met in the totals or positions."""
        known = [str(entry["id"]) for entry in taxonomy(self.settings.fields.taxonomy)]
        met = {row.field for row in self.totals.values()} | {row.field for row in self.country_positions}
        met -= {"all", "collected"}
        return tuple([field for field in known if field in met] + sorted(met - set(known)))

    @cached_property
    def countries(self) -> list[Indicator]:
        """Indicators of all countries over all fields, most papers first; from positions where there are no others."""
        found = self.tables.indicators("country")
        if found:
            return found
        rows = [row for row in self.country_positions if row.field == "all" and row.papers is not None]
        return [
            Indicator(
                row.entity, row.papers or 0, None, None, row.international_share, row.degree, row.betweenness, None,
                row.eigenvector,
            )
            for row in rows
        ]  # fmt: skip

    @cached_property
    def country_positions(self) -> list[Position]:
        """Positions of countries in all fields."""
        return self.tables.country_positions()

    @cached_property
    def edges(self) -> list[Edge]:
        """Country edges over all fields."""
        return self.tables.edges("country")

    @cached_property
    def strengths(self) -> list[Strength]:
        """Strong and weak fields of countries."""
        return self.tables.strengths()

    @cached_property
    def top(self) -> tuple[str, ...]:
        """The twenty countries with most papers."""
        return tuple(row.entity for row in self.countries[:TOP])

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """The target countries without home: as set, or the top twenty by papers."""
        chosen = self.settings.study.targets or self.top
        return tuple(code for code in chosen if code != self.home)

    @property
    def targets_note(self) -> str:
        """How the target countries were chosen."""
        return self.texts("common.targets_set" if self.settings.study.targets else "common.targets_top", n=TOP)

    @cached_property
    def regions(self) -> dict[str, str]:
        """The region of each country on the map of all fields."""
        return {row.entity: row.region for row in self.country_positions if row.field == "all" and row.region}

    @cached_property
    def focus(self) -> tuple[str, ...]:
        """Target countries outside the lower left: those that the study looks at more closely, by region and papers."""
        papers = {row.entity: row.papers for row in self.countries}
        chosen = [code for code in self.targets if self.regions.get(code) in FOCUS_REGIONS]
        return tuple(
            sorted(chosen, key=lambda code: (FOCUS_REGIONS.index(self.regions[code]), -papers.get(code, 0), code))
        )

    @cached_property
    def advice(self) -> Advice | None:
        """Whom the study's home could work with and how, whatever it wants; None where the study cannot tell."""
        if not self.regions or self.tables.present.isdisjoint({"indicators"}):
            return None
        return self.advised() if self.advised is not None else home_advice(self.tables.rows, self.settings)

    def dominant_note(self, level: Literal["country", "institution"]) -> tuple[str, ...]:
        """Warn where one work determines the eigenvector centralities of a level more than all others together."""
        if self.published:
            return ()
        found = self.tables.dominant_work(level)
        if found is None or found.share <= DOMINANT:
            return ()
        t = self.texts
        title = f"“{found.title}”" if t.language == "en" else f"「{found.title}」"
        work = f"{title}, doi:{found.doi}" if found.doi else title
        return (
            t(f"dominant.{level}", work=work, entities=t.number(found.entities), share=t.percent(found.share)),
            t("dominant.rule", limit=f"{DOMINANT:.0%}"),
        )

    def region(self, region: str) -> str:
        """Name a region; home by the country's own name."""
        return self.country(self.home) if region == "home" else self.texts(f"regions.{region}.name")


def home_advice(rows: Rows, settings: Settings, side_by_side: bool = False) -> Advice | None:
    """Advise a study's home, whatever it wants; None where there is nobody to rank, or no place for home.

    `side_by_side` as of `advise`.
    """
    try:
        return advise(rows, settings, Question(settings.study.home), side_by_side=side_by_side)
    except SettingsError:  # the chapters say so
        return None


_SYMBOLS = {
    "triangle-up": ("M8 2.5 14 13H2Z", "▲"),
    "triangle-down": ("M8 13 2 2.5H14Z", "▼"),
    "square": ("M3 3h10v10H3Z", "■"),
    "diamond": ("M8 1.5 13 8 8 14.5 3 8Z", "◆"),
    "cross": ("M6 2h4v4h4v4h-4v4H6v-4H2V6h4Z", "✚"),
    "circle": ("M8 3a5 5 0 1 0 .01 0Z", "●"),
}
_STAR = ("M8 1 9.8 5.9 15 6 10.9 9.2 12.4 14.2 8 11.2 3.6 14.2 5.1 9.2 1 6 6.2 5.9Z", "★")


def symbol(region: str) -> Symbol:
    """A region's symbol for a legend."""
    outline, character = _SYMBOLS.get(theme.REGION_SHAPES[region], _STAR)
    return Symbol(outline, theme.REGION_COLOURS[region], character)


def shape(name: str, colour: str) -> Symbol:
    """A symbol by its name: circle, square, diamond, ..."""
    outline, character = _SYMBOLS[name]
    return Symbol(outline, colour, character)


def disc(colour: str) -> Symbol:
    """A disc for a legend."""
    return shape("circle", colour)


def bar(colour: str) -> Symbol:
    """A patch of a bar's colour for a legend."""
    return shape("square", colour)
