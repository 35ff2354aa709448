"""Strong and weak fields of home and candidates, and how well they complete each other."""

import numpy as np

from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, listed, quoted
from kakehashi.advice.partners.rules import Rules

_WHOLE = ("all", "collected")
_LIMIT = 2.0
_TOLD = 0.02  # a product of two strengths below this is no exchange worth telling

Ours = dict[str, float]
Theirs = dict[str, Floats]


def profiles(reader: Reader, question: Question, rules: Rules, pool: Pool) -> tuple[Ours, Theirs, bool]:
    """Return the strength of home and of each candidate in each field: log2 of the activity index, from -2 to 2.

    The index is drawn towards 1 where it rests on few works: (works + k) / (expected + k). A study that publishes
    verdicts only (`strengths`) gives 1 for strong, -1 for weak and 0 for neither; the third value then is True.
    """
    if reader.has("totals"):
        found = _from_activity(reader, question, rules, pool)
        if found[1]:
            return (*found, False)
    return (*_from_verdicts(reader, question, pool), True)


def _from_activity(reader: Reader, question: Question, rules: Rules, pool: Pool) -> tuple[Ours, Theirs]:
    works: dict[str, int] = dict(
        reader.rows(
            "select field, works from totals where period = 'all' and database = 'all' order by field nulls last"
        )
    )
    fields = [name for name in works if name not in _WHOLE]
    if not fields or not works.get("all") or not _has_activity(reader, question):
        return {}, {}
    ours = _strengths(reader, question.home_level, [question.home], works, fields, rules, "")
    theirs = _strengths(reader, question.level, pool.entities, works, fields, rules, pool.within("entity"))
    return {name: float(values[0]) for name, values in ours.items()}, theirs


def _has_activity(reader: Reader, question: Question) -> bool:
    scope = f"level = {quoted(question.level)} and period = 'all' and activity_index is not null"
    return bool(reader.rows(f"select 1 from indicators where {scope} limit 1"))


def _strengths(
    reader: Reader, level: str, entities: tuple[str, ...] | list[str], works: dict[str, int], fields: list[str],
    rules: Rules, within: str,
) -> Theirs:  # fmt: skip
    place = {entity: number for number, entity in enumerate(entities)}
    papers = {name: np.zeros(len(entities)) for name in (*fields, "all")}
    only = within or (f"and entity in ({listed(entities)})" if len(entities) == 1 else "")
    rows = reader.rows(
        f"select entity, field, papers from indicators where level = {quoted(level)} and period = 'all' "
        f"and field <> 'collected' {only}"
    )
    for entity, name, count in rows:
        if entity in place and name in papers:
            papers[name][place[entity]] = count
    strengths = {}
    for name in fields:
        expected = papers["all"] * works[name] / works["all"]
        drawn = (papers[name] + rules.prior_papers) / (expected + rules.prior_papers)
        strengths[name] = np.clip(np.log2(drawn), -_LIMIT, _LIMIT)
    return strengths


def _from_verdicts(reader: Reader, question: Question, pool: Pool) -> tuple[Ours, Theirs]:
    if question.level != "country" or not reader.has("strengths"):
        return {}, {}
    rows = reader.rows("select entity, field, verdict from strengths where verdict is not null order by field, entity")
    signs = {"strong": 1.0, "weak": -1.0}
    ours = {name: signs[verdict] for entity, name, verdict in rows if entity == question.country}
    judged = {entity for entity, _name, _verdict in rows}
    theirs = {}
    for name in sorted({row[1] for row in rows}):
        known = {entity: signs[verdict] for entity, field, verdict in rows if field == name}
        theirs[name] = np.array([known.get(e, 0.0) if e in judged else np.nan for e in pool.entities])
    return ours, theirs


def complementarity(ours: Ours, theirs: Theirs) -> Floats | None:
    """Return the mean over fields of strength met by weakness: theirs x our weakness + ours x their weakness."""
    if not theirs or not any(ours.values()):
        return None
    parts = [
        np.maximum(values, 0) * max(-ours.get(name, 0.0), 0) + np.maximum(-values, 0) * max(ours.get(name, 0.0), 0)
        for name, values in theirs.items()
    ]
    mean: Floats = np.mean(parts, axis=0)
    return mean


def fields_of(ours: Ours, theirs: Theirs, place: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields that a candidate is strong and we are weak in, and those the other way round, best first."""
    bring = {name: values[place] * -ours.get(name, 0.0) for name, values in theirs.items() if values[place] > 0}
    take = {name: -values[place] * ours.get(name, 0.0) for name, values in theirs.items() if values[place] < 0}
    return _leading(bring), _leading(take)


def _leading(amounts: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted((name for name in amounts if amounts[name] >= _TOLD), key=lambda name: (-amounts[name], name)))[
        :2
    ]
