"""Emerging partners: not among the largest, but growing, open or tied to hubs. A stated rule, its own list."""

from dataclasses import dataclass

import numpy as np

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.measures import Measures
from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader, listed
from kakehashi.advice.partners.rules import Rules
from kakehashi.advice.partners.scale import scaled

SIGNS = ("growth", "openness", "hub_ties")


@dataclass(frozen=True)
class Emerging:
    """A candidate of the rule: its place in the pool, the signs it shows, and the mean of their values (0 to 1)."""

    place: int
    signs: tuple[str, ...]
    score: float


def hub_ties(reader: Reader, question: Question, rules: Rules, pool: Pool) -> Floats | None:
    """Return each candidate's joint works with hubs: the most central candidates. None without edges."""
    central = pool.columns["eigenvector"]
    known = np.flatnonzero(np.nan_to_num(central) > 0)
    if not len(known) or not reader.has("edges"):
        return None
    number = max(1, round(rules.hub_share * len(pool.entities)))
    order = sorted(known.tolist(), key=lambda place: (-central[place], pool.entities[place]))
    hubs = listed(pool.entities[place] for place in order[:number])
    rows = reader.rows(sql.works_with(question, lambda here, there: f"{here} in ({hubs}) {pool.within(there)}"))
    return pool.spread(rows, 1)


def emerging(measures: Measures, pool: Pool, rules: Rules, keep: np.ndarray, hubs: Floats | None) -> list[Emerging]:
    """Return the emerging candidates, best first.

    Emerging is who has the works that growth needs, is outside the largest quarter of the candidates with so many
    works, grows, and shows at least `emerging_signs` of the signs: growth, openness, joint works with hubs, each in the
    upper quarter of those compared.
    """
    papers = pool.columns["papers"]
    if "growth" not in measures.raw:
        return []
    compared = np.nan_to_num(papers) >= rules.trend_least_papers
    if not compared.any():
        return []
    limit = np.quantile(papers[compared], 1 - rules.emerging_largest)
    growth = measures.raw["growth"]
    raw = {"growth": growth, "openness": measures.raw.get("openness"), "hub_ties": hubs}
    values = {
        sign: scaled(np.where(compared, found, np.nan), "rank") for sign, found in raw.items() if found is not None
    }
    listed_ = []
    for place in np.flatnonzero(keep & compared & (papers < limit) & (np.nan_to_num(growth) > 0)).tolist():
        shown = tuple(sign for sign in SIGNS if sign in values and values[sign][place] >= rules.emerging_high)
        if len(shown) >= rules.emerging_signs:
            known = [values[sign][place] for sign in values if not np.isnan(values[sign][place])]
            listed_.append(Emerging(place, shown, round(float(np.mean(known)), 9)))
    return sorted(listed_, key=lambda one: (-one.score, pool.entities[one.place]))
