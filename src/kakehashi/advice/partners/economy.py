"""Economic ties: the trade of home's country with a candidate's, where the study has the table `economy`."""

import numpy as np

from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader

_PAIRS = (("exports", "imports"), ("ict_exports", "ict_imports"))


def economic_ties(reader: Reader, question: Question, pool: Pool, home: str) -> tuple[Floats | None, tuple[str, str]]:
    """Return exports plus imports between the countries, the mean of the years on record, and the indicators summed.

    All trade where it is known, else that in ICT goods. None without the table, or where it tells of another home's
    trade: `home` is the study's. A country of which one of the two is unknown has no value.
    """
    if "economy" not in reader.present or question.country != home:
        return None, _PAIRS[0]
    for pair in _PAIRS:
        rows = reader.rows(
            f"select country_code, sum(value) from economy where indicator in {pair} and period = 'all' "
            "and value is not null group by country_code having count(*) = 2"
        )
        if rows:
            known = {str(code): float(value) for code, value in rows}
            return np.array([known.get(code or "", np.nan) for code in pool.countries]), pair
    return None, _PAIRS[0]
