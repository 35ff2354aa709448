"""The report's reading side: typed rows from a study's tables, and nothing where a study does not have a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Rows = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Total:
    """A row of totals. Published studies may tell the works and their international share only."""

    field: str
    period: str
    database: str
    works: int
    works_resolved: int | None
    international_papers: int | None
    international_share: float | None
    without_country: int | None

    @property
    def resolved_share(self) -> float | None:
        """Share of works with a resolved country."""
        return self.works_resolved / self.works if self.works_resolved is not None and self.works else None


@dataclass(frozen=True)
class Indicator:
    """A row of indicators."""

    entity: str
    papers: float
    papers_fractional: float | None
    international_papers: int | None
    international_share: float | None
    degree: int | None
    betweenness: float | None
    betweenness_error: float | None
    eigenvector: float | None


@dataclass(frozen=True)
class Ranked:
    """A rank and its interval over resampled works: a row of rank_intervals."""

    rank: int
    low: int
    high: int
    draws: int


@dataclass(frozen=True)
class Position:
    """A row of positions."""

    entity: str
    field: str
    papers: float | None
    international_share: float | None
    degree: int | None
    betweenness: float | None
    eigenvector: float | None
    region: str | None
    reason: str | None


@dataclass(frozen=True)
class Edge:
    """A row of edges."""

    a: str
    b: str
    works: int


@dataclass(frozen=True)
class Strength:
    """A row of strengths."""

    entity: str
    field: str
    overtakes: int | None
    overtaken: int | None
    shift: float | None
    activity_index: float | None
    verdict: str | None
    rivals: str | None
    reason: str | None


@dataclass(frozen=True)
class Economy:
    """A mean over the period: a row of economy."""

    country: str
    indicator: str
    value: float | None
    unit: str | None
    years: int
    reason: str | None


@dataclass(frozen=True)
class Dominant:
    """A work and its share in what determines the eigenvector centralities of a level."""

    title: str
    doi: str | None
    entities: int
    share: float


@dataclass(frozen=True)
class StudyTables:
    """A study's tables behind a function that runs a SELECT. `present` names the tables that exist."""

    rows: Rows
    present: frozenset[str]

    @property
    def has_networks(self) -> bool:
        """Whether the study has what advice is made of."""
        return self.present.issuperset({"indicators", "positions"})

    def fetch(self, sql: str, *tables: str) -> list[tuple[Any, ...]]:
        """Run a SELECT if all its tables exist; else return nothing."""
        return self.rows(sql) if self.present.issuperset(tables) else []

    def totals(self) -> list[Total]:
        """All totals."""
        sql = (
            "select field, period, database, works, works_resolved, international_papers, international_share, "
            "without_country from totals order by field, period, database"
        )
        return [Total(*row) for row in self.fetch(sql, "totals")]

    def indicators(self, level: str, field: str = "all", period: str = "all") -> list[Indicator]:
        """Indicators of a level, most papers first."""
        sql = (
            "select entity, papers, papers_fractional, international_papers, international_share, degree, betweenness, "
            f"betweenness_error, eigenvector from indicators where level = '{level}' and field = {quoted(field)} "
            f"and period = {quoted(period)} order by papers desc, entity"
        )
        return [Indicator(*row) for row in self.fetch(sql, "indicators")]

    def ranks(self, level: str) -> dict[str, Ranked]:
        """Ranks by papers over all fields, with their intervals, of those that have them."""
        sql = (
            f"select entity, rank, rank_low, rank_high, draws from rank_intervals where level = '{level}' "
            "and field = 'all' and measure <> 'eigenvector' order by entity"
        )
        return {row[0]: Ranked(*row[1:]) for row in self.fetch(sql, "rank_intervals")}

    def yearly(self, level: str, entities: Sequence[str]) -> list[tuple[str, str, int, float | None]]:
        """Entity, year, papers and international share of some entities, in order of years."""
        sql = (
            f"select entity, period, papers, international_share from indicators where level = '{level}' "
            f"and field = 'all' and period <> 'all' and entity in ({listed(entities)}) order by entity, period"
        )
        return [(row[0], row[1], row[2], row[3]) for row in self.fetch(sql, "indicators")]

    def country_positions(self) -> list[Position]:
        """Positions of countries over the whole period, by field, most papers first."""
        return self._positions("kind = 'country'")

    def institution_positions(self, entities: Sequence[str]) -> list[Position]:
        """Positions of some institutions over the whole period, by field, most papers first."""
        return self._positions(f"kind = 'institution' and entity in ({listed(entities)})")

    def _positions(self, where: str) -> list[Position]:
        sql = (
            "select entity, field, papers, international_share, degree, betweenness, eigenvector, region, reason "
            f"from positions where {where} and period = 'all' order by field, papers desc, entity"
        )
        return [Position(*row) for row in self.fetch(sql, "positions")]

    def edges(self, level: str) -> list[Edge]:
        """Edges over all works of the study."""
        sql = (
            f"select entity_a, entity_b, works from edges where level = '{level}' and field = 'all' "
            "and period = 'all' order by works desc, entity_a, entity_b"
        )
        return [Edge(*row) for row in self.fetch(sql, "edges")]

    def dominant_work(self, level: Literal["country", "institution"]) -> Dominant | None:
        """The work of the study that contributes most to the largest eigenvalue of a level's network, if any.

        With adjacency A and its leading unit vector v, the eigenvalue is v'Av: twice the sum over edges of
        works x v_a x v_b. A work adds 1 to each pair of its entities, so it contributes (sum v)^2 - sum v^2.
        """
        links, entity = (
            ("work_countries", "country_code") if level == "country" else ("work_institutions", "institution_id")
        )
        scores = f"level = '{level}' and field = 'all' and period = 'all'"
        works = self.fetch(
            "with scores as (select entity, score, cast(score * score as decimal(38,15)) as square "
            "from (select entity, cast(eigenvector as decimal(38,15)) as score from indicators "
            f"where {scores} and eigenvector > 0) n), "
            f"parts as (select l.work_id as work_id, count(*) as entities, cast(sum(s.score) as double) as total, "
            f"cast(sum(s.square) as double) as squares from {links} l join scores s on s.entity = l.{entity} "
            "group by l.work_id), "
            "most as (select p.work_id, p.entities, p.total * p.total - p.squares as part from parts p "
            "join work_scopes k on k.work_id = p.work_id and k.field = 'all' "
            "order by part desc nulls last, p.work_id nulls last limit 1) "
            "select p.work_id, w.title, w.doi, p.entities, p.part from most p join works w on w.work_id = p.work_id",
            "indicators", links, "work_scopes", "works",
        )  # fmt: skip
        whole = self.fetch(
            "select cast(sum(cast(2 * e.works * a.eigenvector * b.eigenvector as decimal(38,12))) as double) "
            f"from edges e join indicators a on a.entity = e.entity_a and a.{scores.replace(' and ', ' and a.')} "
            f"join indicators b on b.entity = e.entity_b and b.{scores.replace(' and ', ' and b.')} "
            f"where e.level = '{level}' and e.field = 'all' and e.period = 'all'",
            "indicators", "edges",
        )  # fmt: skip
        if not works or not whole or not whole[0][0]:
            return None
        work_id, title, doi, entities, part = works[0]
        return Dominant(title or work_id, doi, entities, part / whole[0][0])

    def strengths(self) -> list[Strength]:
        """Strong and weak fields."""
        sql = (
            "select entity, field, overtakes, overtaken, shift, activity_index, verdict, rivals, reason "
            "from strengths order by field, entity"
        )
        return [Strength(*row) for row in self.fetch(sql, "strengths")]

    def economy(self) -> list[Economy]:
        """Means over the period of trade, GDP and intensities."""
        sql = (
            "select country_code, indicator, value, unit, years, reason from economy where period = 'all' "
            "order by country_code, indicator"
        )
        return [Economy(*row) for row in self.fetch(sql, "economy")]

    def economy_refusals(self) -> list[tuple[str, int | None, str, str, int]]:
        """File, row, code, reason and records of what could not be used of trade and GDP files."""
        sql = "select file, row, code, reason, records from economy_refusals order by file, seq"
        return [(row[0], row[1], row[2], row[3], row[4]) for row in self.fetch(sql, "economy_refusals")]

    def leading_institutions(
        self, countries: Sequence[str], per_country: int, most: int
    ) -> list[tuple[str, str, Indicator]]:
        """Country, name and indicators of each country's institutions with most papers: all firsts, all seconds, ..."""
        sql = (
            "select country_code, name, entity, papers, papers_fractional, international_papers, international_share, "
            "degree, betweenness, betweenness_error, eigenvector from ("
            "select i.country_code, i.name, n.entity, n.papers, n.papers_fractional, n.international_papers, "
            "n.international_share, n.degree, n.betweenness, n.betweenness_error, n.eigenvector, "
            "row_number() over (partition by i.country_code order by n.papers desc, n.entity) as place "
            "from indicators n join institutions i on i.institution_id = n.entity "
            "where n.level = 'institution' and n.field = 'all' and n.period = 'all' "
            f"and i.country_code in ({listed(countries)})) as ranked "
            f"where place <= {per_country} order by place, papers desc, entity limit {most}"
        )
        found = self.fetch(sql, "indicators", "institutions")
        return [(row[0], row[1] or row[2], Indicator(*row[2:])) for row in found]


def study_tables(rows: Rows) -> StudyTables:
    """Look which tables a study has."""
    names = rows("select distinct table_name from information_schema.tables order by table_name")
    return StudyTables(rows, frozenset(row[0] for row in names))


def quoted(text: str) -> str:
    """Write a text as an SQL string. Values come from the study's own tables and settings."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def listed(texts: Sequence[str]) -> str:
    """Write texts as the inside of an SQL IN list, which must not be empty."""
    return ", ".join(quoted(text) for text in sorted(texts)) or "''"
