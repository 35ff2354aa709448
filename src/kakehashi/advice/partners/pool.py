"""The candidates: found in SQL, few enough to be measured one by one, with what the tables say of each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, Row, listed, quoted
from kakehashi.advice.partners.rules import Rules

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pool:
    """Candidates in the order of their ids, with columns of one length; NaN where the study has no value.

    `within` is the end of an SQL condition on `{column}` that holds the pool together where it is not everything.
    `unplaced` counts institutions left out because their country is unknown. `near` is what links home with them, as
    `sql.near` returns it; None where ties cannot be told.
    """

    entities: tuple[str, ...]
    names: tuple[str | None, ...]
    countries: tuple[str | None, ...]
    columns: dict[str, Floats]
    whole: bool
    unplaced: int
    near: list[Row] | None = None

    def within(self, column: str) -> str:
        """Return the SQL condition that keeps a query to the pool: none where the pool is everything."""
        return "" if self.whole else f"and {column} in ({listed(self.entities)})"

    def spread(self, rows: list[Row], place: int, missing: float = 0.0) -> Floats:
        """Put the values of rows (entity first) at their candidates' places."""
        at = {entity: number for number, entity in enumerate(self.entities)}
        found = np.full(len(self.entities), missing)
        for row in rows:
            number = at.get(str(row[0]))
            value = row[place]
            if number is not None and value is not None:
                found[number] = float(value)
        return found


_COLUMNS = ("papers", "international_papers", "international_share", "degree", "eigenvector", "activity_index")


def candidates(reader: Reader, question: Question, rules: Rules, *, domestic: bool) -> Pool:
    """Find the candidates. Institutions of home's own country are candidates only if `domestic`.

    Up to `rules.pool_whole` entities all are candidates. Beyond, the leading ones by ties, two-step paths, works and
    recent works are: `rules.pool_each` of each.
    """
    everything = (
        f"from indicators i {_named(question)} where i.level = {quoted(question.level)} "
        f"and i.field = {quoted(question.field)} and i.period = 'all' "
        f"and i.entity not in ({sql.home_entities(question)})"
    )
    size = reader.rows(f"select count(*) {everything}")[0][0]
    whole = size <= rules.pool_whole
    leading = "" if whole else _leading(reader, question, rules)
    near: list[Row] | None = None
    if tells_ties(reader, question):
        near = reader.rows(sql.near(*network(reader, question, rules), leading))
    chosen = ""
    if not whole:
        asked = reader.rows(leading) if near is None else [row for row in near if row[8]]
        chosen = f"and i.entity in ({listed({row[0] for row in asked})})"
    abroad = (
        "" if domestic or question.country is None else f"and (c.code is null or c.code <> {quoted(question.country)})"
    )
    found = reader.rows(
        f"select i.entity, c.name, c.code, {', '.join(f'i.{column}' for column in _COLUMNS)} {everything} "
        f"{chosen} {abroad} order by i.entity nulls last"
    )
    placed = [row for row in found if row[2] is not None]
    values = np.array([[np.nan if v is None else float(v) for v in row[3:]] for row in placed], dtype=float)
    values = values.reshape(len(placed), len(_COLUMNS))
    return Pool(
        tuple(row[0] for row in placed),
        tuple(row[1] for row in placed),
        tuple(row[2] for row in placed),
        {column: values[:, place] for place, column in enumerate(_COLUMNS)},
        whole,
        len(found) - len(placed),
        near,
    )


def network(reader: Reader, question: Question, rules: Rules) -> tuple[str, str, str]:
    """Return what stands behind FROM for home's ties, the nodes of the network and the links of home's partners."""
    ties = reader.kept(sql.ties(question, rules.half_life))
    return ties, reader.kept(sql.nodes(question, ties)), reader.kept(sql.pairs(question, rules.half_life, ties))


def tells_ties(reader: Reader, question: Question) -> bool:
    """Tell whether ties with home can be counted: from edges, and from works where home is of another kind."""
    return reader.has("edges") and (not question.mixed or reader.has("work_scopes", "works"))


def _named(question: Question) -> str:
    """Return the join that gives candidates their name and country; a country is its own."""
    named = "select institution_id as entity, name, country_code as code from institutions"
    if question.level == "country":
        own = "from indicators where level = 'country'"
        named = f"select distinct entity, cast(null as varchar) as name, entity as code {own}"
    return f"left join ({named}) c on c.entity = i.entity"


def _leading(reader: Reader, question: Question, rules: Rules) -> str:
    """Write the SELECT of the leading entities of a network that is too large to measure whole."""
    each = f"limit {rules.pool_each}"
    scope = f"level = {quoted(question.level)} and field = {quoted(question.field)}"
    queries = [
        f"select entity from indicators where {scope} and period = 'all' "
        f"order by papers desc nulls last, entity nulls last {each}"
    ]
    if question.year is not None:
        recent = f"cast(period as bigint) > {question.year - rules.recent_years}"
        queries.append(
            f"select entity from indicators where {scope} and period <> 'all' and {recent} group by entity "
            f"order by sum(international_papers) desc nulls last, entity nulls last {each}"
        )
    if tells_ties(reader, question):
        queries += [
            f"select entity from {named} order by {measure} desc nulls last, entity nulls last {each}"
            for named, measure in (("ties", "strength"), ("paths", "bridge"))
        ]
    return " union ".join(f"select entity from ({query}) as q{place}" for place, query in enumerate(queries))
