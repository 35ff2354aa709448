"""The raw value of each component for each candidate, or the reason why a study cannot tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from kakehashi.advice.partners import sql
from kakehashi.advice.partners.economy import economic_ties
from kakehashi.advice.partners.pool import Floats, Pool
from kakehashi.advice.partners.practices import Practices
from kakehashi.advice.partners.profiles import Ours, Theirs, complementarity, profiles
from kakehashi.advice.partners.question import Question
from kakehashi.advice.partners.reading import Reader
from kakehashi.advice.partners.rules import Rules
from kakehashi.advice.partners.terms import heavy_terms, of_candidates
from kakehashi.advice.partners.trend import trends


@dataclass
class Measures:
    """Raw values by component, NaN where a candidate has none; `absent`: components no candidate has, and why.

    `facts` holds numbers that are no component themselves but that reasons tell; `ours` and `theirs` are strengths in
    the fields, from published verdicts alone where `verdicts_only`; `trade` names the indicators of the economic ties.
    """

    raw: dict[str, Floats] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Floats] = field(default_factory=dict)
    ours: Ours = field(default_factory=dict)
    theirs: Theirs = field(default_factory=dict)
    verdicts_only: bool = False
    trade: tuple[str, str] = ("exports", "imports")

    def keep(self, component: str, values: Floats | None, reason: str) -> None:
        """Keep a component's values; without any, the reason instead."""
        if values is None or not len(values) or bool(np.isnan(values).all()):
            self.absent[component] = reason
        else:
            self.raw[component] = values


def measure(
    reader: Reader, question: Question, rules: Rules, pool: Pool, home: str, practices: Practices | None
) -> Measures:
    """Measure every component that the study allows. `home`: the study's own."""
    found = Measures()
    columns = pool.columns
    found.keep("output", columns["papers"], "no_papers")
    found.keep("centrality", columns["eigenvector"], "no_eigenvector")
    found.keep("openness", _openness(columns, rules), "no_international_share")
    papers_by_year = trends(reader, question, rules, pool)
    found.keep("growth", papers_by_year, "no_years")
    found.ours, found.theirs, found.verdicts_only = profiles(reader, question, rules, pool)
    without = "no_home_profile" if found.theirs else "no_fields"
    found.keep("complementarity", complementarity(found.ours, found.theirs), without)
    special = found.theirs.get(question.focus)
    found.keep("specialisation", special, "whole_field" if question.focus in ("all", "collected") else "no_fields")
    _keep_ties(found, reader, question, rules, pool)
    _keep_paths(found, pool)
    found.keep("topics", _topics(reader, question, rules, pool), "no_terms")
    economic, found.trade = economic_ties(reader, question, pool, home)
    found.keep("economic_ties", economic, "no_economy")
    found.keep("practices", _practices(pool, practices), "no_practices")
    return found


def _openness(columns: Mapping[str, Floats], rules: Rules) -> Floats:
    """Return the international share, drawn towards that of all candidates where it rests on few works."""
    papers, share = columns["papers"], columns["international_share"]
    known = ~np.isnan(share) & ~np.isnan(papers)
    if not known.any() or papers[known].sum() == 0:
        return np.full(len(papers), np.nan)
    overall = float((share[known] * papers[known]).sum() / papers[known].sum())
    drawn: Floats = (share * papers + overall * rules.prior_papers) / (papers + rules.prior_papers)
    return drawn


def _keep_ties(found: Measures, reader: Reader, question: Question, rules: Rules, pool: Pool) -> None:
    if pool.near is None:
        for component in ("ties", "recency", "national_ties", "country_ties"):
            found.absent[component] = "no_edges"
        return
    found.facts["joint_works"] = pool.spread(pool.near, 1)
    found.facts["last_year"] = pool.spread(pool.near, 3, np.nan)
    found.keep("ties", pool.spread(pool.near, 2), "no_edges")
    if question.year is None:
        found.absent["recency"] = "no_years"
    else:
        age = question.year - found.facts["last_year"]
        found.keep("recency", np.where(np.isnan(age), 0.0, 0.5 ** (age / rules.half_life)), "no_years")
    _keep_national(found, reader, question, rules, pool)


def _keep_national(found: Measures, reader: Reader, question: Question, rules: Rules, pool: Pool) -> None:
    """Keep what others in home's country share with the candidate, and what the two countries share."""
    if question.country is None:
        found.absent["national_ties"] = found.absent["country_ties"] = "home_country_unknown"
        return
    if question.home_level == "country":
        found.absent["national_ties"] = "same_as_ties"
    elif question.level == "institution" and reader.has("work_scopes", "work_countries"):
        rows = reader.rows(sql.shared_works(question, rules.half_life, "country", question.country))
        found.facts["national_works"] = pool.spread(rows, 1)
        found.keep("national_ties", pool.spread(rows, 2), "no_edges")
    else:
        found.absent["national_ties"] = "same_as_country_ties" if question.level == "country" else "no_edges"
    if question.level == "country" and question.home_level == "country":
        found.absent["country_ties"] = "same_as_ties"
        return
    nations = replace(question, home=question.country, home_level="country", level="country")
    rows = reader.rows(sql.ties(nations, rules.half_life))
    strengths = {row[0]: float(row[2]) for row in rows}
    works = {row[0]: float(row[1]) for row in rows}
    found.facts["country_works"] = np.array([works.get(code or "", 0.0) for code in pool.countries])
    found.keep("country_ties", np.array([strengths.get(code or "", 0.0) for code in pool.countries]), "no_edges")


def _keep_paths(found: Measures, pool: Pool) -> None:
    if pool.near is None or "ties" not in found.raw:
        for component in ("shared_partners", "bridge", "reach"):
            found.absent[component] = "no_edges"
        return
    common = pool.spread(pool.near, 4)
    found.facts["common"] = common
    found.facts["allocation"] = pool.spread(pool.near, 6)
    found.keep("shared_partners", pool.spread(pool.near, 5), "no_edges")
    found.keep("bridge", pool.spread(pool.near, 7), "no_edges")
    tied = (found.facts["joint_works"] > 0).astype(float)
    new = np.maximum(pool.columns["degree"] - common - tied, 0.0)
    found.keep("reach", new, "no_edges")


def _topics(reader: Reader, question: Question, rules: Rules, pool: Pool) -> Floats | None:
    """Return the cosine-like nearness of topics: the shared weight over the square root of ln(1 + works)."""
    if not reader.has("works", "work_scopes", "work_institutions", "work_countries"):
        return None
    heavy = heavy_terms(reader, question, rules)
    rows = reader.rows(sql.topics(heavy, of_candidates(reader, question, heavy, pool))) if heavy else []
    if not rows:
        return None
    shared: Floats = pool.spread(rows, 1) / np.sqrt(np.log1p(np.maximum(pool.columns["papers"], 1.0)))
    return shared


def _practices(pool: Pool, practices: Practices | None) -> Floats | None:
    if practices is None or not practices.items:
        return None
    found = [practices.of(entity, name) for entity, name in zip(pool.entities, pool.names, strict=True)]
    return np.array([np.nan if items is None else float(len(items)) for items in found])
