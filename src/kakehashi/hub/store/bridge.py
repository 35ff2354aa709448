"""The hub's records as KPIs and readiness answers, so that what people entered is judged as a file's is."""

from collections.abc import Mapping
from types import MappingProxyType

from kakehashi.hub.kpi.definitions import Kpi, check_formulas
from kakehashi.hub.kpi.study import INDICATORS
from kakehashi.hub.readiness.answers import Answers, Given, build
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.hub.store.hub import Hub
from kakehashi.texts import Words


def kpis_of(hub: Hub, organisation: str | None = None) -> Mapping[str, Kpi]:
    """Return the KPIs of an organisation, or those that belong to none. Raises DataError for formulas."""
    found: dict[str, Kpi] = {}
    for row in hub.records("kpi_definitions", {"organisation_id": organisation}):
        by_kind: dict[str, dict[int, float]] = {"actual": {}, "target": {}}
        notes: dict[int | None, str] = {}
        for each in hub.records("kpi_values", {"kpi_id": row["id"]}):
            by_kind[each["kind"]][each["year"]] = float(each["value"])
            if each["note"]:
                notes[each["year"]] = each["note"]
        ja, en = row["name_ja"], row["name_en"]
        baseline = None if row["baseline"] is None else (row["baseline_year"], float(row["baseline"]))
        found[row["key"]] = Kpi(
            row["key"],
            Words(ja=ja or en or row["key"], en=en or ja or row["key"]),
            row["unit"],
            row["direction"],
            row["owner"],
            row["formula"],
            baseline,
            MappingProxyType(dict(sorted(by_kind["target"].items()))),
            MappingProxyType({} if row["formula"] else dict(sorted(by_kind["actual"].items()))),
            MappingProxyType(notes),
            cumulative=row["cumulative"] == "yes",
            fiscal=row["years"] == "fiscal",
            source=row["source"],
        )
    check_formulas(found, {key: f"kpi_definitions {key!r}" for key in found}, INDICATORS)
    return found


def answers_of(hub: Hub, organisation: str, year: int) -> Answers:
    """Return an organisation's readiness answers of a year. Raises NotFoundError, DataError where they conflict."""
    one = hub.get("organisations", organisation)
    rows = hub.records("readiness_answers", {"organisation_id": organisation, "year": year})
    if not rows:
        raise NotFoundError(f"organisations {organisation}: there are no readiness answers of {year}")
    head = {
        "institution": one["name_en"],
        "year": str(year),
        "actor": "company" if one["kind"] == "company" else "university",
        "home": one["country"] or "JP",
    }
    cells = [Given(f"organisation {key}", key, value, None) for key, value in head.items()]
    for row in rows:
        share = None if row["share"] is None else float(row["share"])
        cells.append(Given(f"readiness_answers {row['id']}", row["question"], row["answer"], share))
    return build(cells, f"readiness answers of {year}")
