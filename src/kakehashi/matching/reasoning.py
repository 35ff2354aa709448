"""Why an institution stands where it does: one sentence for each part of its score, with the rows that it rests on."""

from collections.abc import Iterator, Sequence

from kakehashi.matching.ranking import Candidate
from kakehashi.matching.store import Index
from kakehashi.reasons import Evidence, Reason, Stance, Value, row

_MOST_WORKS = 5
_MOST_TERMS = 6


def reasons(
    one: Candidate, candidates: Sequence[Candidate], works: Sequence[str], covered: Sequence[str], gap: Sequence[str],
    index: Index,
) -> Iterator[Reason]:  # fmt: skip
    """Yield the sentences about an institution. `works` are the ids of its works, the best first."""
    place = row("institutions", institution_id=one.institution.institution_id)
    shown = tuple(row("works", work_id=work) for work in works[:_MOST_WORKS])
    yield _reason(
        "evidence", _stance(one, candidates, "evidence"), "evidence", shown, _values(one, candidates, "evidence")
    )
    yield _reason("breadth", "for", "breadth", shown, {"terms": _list(covered), **_counts(covered, gap)})
    if gap:
        yield _reason("gap", "against", "gap", shown, {"terms": _list(gap)})
    years = [int(index.years[work.row]) for work in one.works if index.years[work.row] > 0]
    if years:
        values = {"last": Value("name", max(years)), "value": _part(one, "recency")}
        yield _reason("recency", _stance(one, candidates, "recency"), "recency", shown, values)
    country = Value("country", index.home)
    joint = one.institution.home_works
    if one.components["home_ties"] is None:
        yield _reason("home_ties", "neutral", "at_home", (place,), {"home": country})
    elif joint:
        yield _reason("home_ties", "for", "home_ties", (place,), {"home": country, "works": Value("number", joint)})
    else:
        yield _reason("home_ties", "against", "no_home_ties", (place,), {"home": country})
    joint = one.institution.company_works
    key = "company_ties" if joint else "no_company_ties"
    yield _reason("company_ties", "for" if joint else "neutral", key, (place,), {"works": Value("number", joint)})
    if one.institution.company:
        yield _reason("company", "neutral", "company", (place,), {})
    fit = one.components["region_goal"]
    if fit is not None:
        position = row(
            "positions", entity=one.institution.country_code or "", kind="country", field="all", period="all"
        )
        values = {"country": Value("country", one.institution.country_code), "value": Value("percent", fit)}
        yield _reason("region_goal", "for" if fit else "against", "region_goal", (position,), values)


def _reason(name: str, stance: Stance, text: str, evidence: tuple[Evidence, ...], values: dict[str, Value]) -> Reason:
    return Reason(f"match.{name}", stance, f"match.why.{text}", values, evidence)


def _values(one: Candidate, candidates: Sequence[Candidate], name: str) -> dict[str, Value]:
    better = sum((other.components[name] or 0) > (one.components[name] or 0) for other in candidates)
    return {
        "works": Value("number", len(one.works)),
        "value": _part(one, name),
        "place": Value("number", better + 1),
        "of": Value("number", len(candidates)),
    }


def _stance(one: Candidate, candidates: Sequence[Candidate], name: str) -> Stance:
    values = sorted(other.components[name] or 0.0 for other in candidates)
    return "for" if (one.components[name] or 0.0) >= values[len(values) // 2] else "against"


def _part(one: Candidate, name: str) -> Value:
    return Value("decimal", one.components[name])


def _counts(covered: Sequence[str], gap: Sequence[str]) -> dict[str, Value]:
    return {"n": Value("number", len(covered)), "of": Value("number", len(covered) + len(gap))}


def _list(terms: Sequence[str]) -> Value:
    return Value("list", [Value("name", term) for term in terms[:_MOST_TERMS]])
