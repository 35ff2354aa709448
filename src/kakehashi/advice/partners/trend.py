"""Growth: the robust trend of a candidate's share of all works over the last years."""

import numpy as np

from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, quoted
from kakehashi.advice.partners.rules import Rules


def trends(reader: Reader, question: Question, rules: Rules, pool: Pool) -> Floats | None:
    """Return the yearly growth of each candidate's share of works (0.1: a tenth more each year), or NaN.

    The median slope over all pairs of years of ln((works + 0.5) / all works of the year) (Theil 1950, Sen 1968), so
    that one odd year decides nothing and a study that grows as a whole makes nobody grow. NaN for a candidate with
    fewer than `trend_least_papers` works in these years.
    """
    if question.year is None:
        return None
    scope = f"field = {quoted(question.field)} and period <> 'all'"
    since = f"cast(period as bigint) > {question.year - rules.trend_years}"
    totals: dict[int, int] = dict(
        reader.rows(f"select cast(period as bigint), works from totals where {scope} and {since} and database = 'all'")
        if reader.has("totals")
        else ()
    )
    years = sorted(year for year, works in totals.items() if works)
    if len(years) < rules.trend_least_years:
        return None
    counts = np.zeros((len(pool.entities), len(years)))
    place = {entity: number for number, entity in enumerate(pool.entities)}
    column = {year: number for number, year in enumerate(years)}
    rows = reader.rows(
        "select entity, cast(period as bigint), papers from indicators "
        f"where level = {quoted(question.level)} and {scope} and {since} {pool.within('entity')}"
    )
    for entity, year, papers in rows:
        if entity in place and year in column:
            counts[place[entity], column[year]] = papers
    logs = np.log((counts + 0.5) / np.array([totals[year] for year in years], dtype=np.float64))
    first, second = np.triu_indices(len(years), 1)
    slopes = (logs[:, second] - logs[:, first]) / (np.array(years)[second] - np.array(years)[first])
    growth: Floats = np.expm1(np.median(slopes, axis=1))
    growth[counts.sum(axis=1) < rules.trend_least_papers] = np.nan
    return growth
