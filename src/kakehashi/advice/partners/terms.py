"""Home's heaviest terms, and how many works of each candidate have them: asked by the ranking and by its reasons."""

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.pool import Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader
from kakehashi.advice.partners.rules import Rules


def heavy_terms(reader: Reader, question: Question, rules: Rules) -> sql.Heavy:
    """Return home's heaviest terms with their weights."""
    works = reader.kept(sql.numbered_works(question))
    return reader.once(sql.heaviest(question, rules.topic_terms, works, keywords=reader.has("keywords")))


def of_candidates(reader: Reader, question: Question, heavy: sql.Heavy, pool: Pool) -> str:
    """Return what stands behind FROM for the works of each candidate with each of the terms, of which there are some.

    Kept in two steps: the works that have the terms are the same for countries and for institutions.
    """
    works = reader.kept(sql.numbered_works(question))
    having = reader.kept(sql.works_with_terms(heavy, works, keywords=reader.has("keywords")))
    within = pool.within("m." + sql.places(question)[1])
    return reader.kept(sql.terms_of_candidates(question, within, having))
