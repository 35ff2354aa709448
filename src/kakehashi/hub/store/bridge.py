"""The hub's records as KPIs, readiness answers, needs and seeds: what people entered is treated as a file's is."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from kakehashi.hub.kpi.definitions import Kpi, check_formulas
from kakehashi.hub.kpi.study import INDICATORS
from kakehashi.hub.readiness.answers import Answers, Given, build
from kakehashi.hub.store.errors import NotFoundError
from kakehashi.hub.store.hub import Hub
from kakehashi.knowledge.book import nearest
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


def organisation_of(hub: Hub, name: str) -> str:
    """Return the id of the organisation that an id or a name means. Raises NotFoundError."""
    rows = hub.records("organisations")
    found = [row["id"] for row in rows if name in (row["id"], row["name_en"], row["name_ja"])]
    if len(found) != 1:
        names = [one for row in rows for one in (row["name_en"], row["name_ja"]) if one]
        told = "several are named so; give the id" if found else nearest(name, names)
        raise NotFoundError(f"organisations {name!r}: {told}")
    return str(found[0])


def answers_of(hub: Hub, organisation: str, year: int) -> Answers:
    """Return an organisation's readiness answers of a year. Raises NotFoundError, DataError where they conflict."""
    one = hub.get("organisations", organisation)
    rows = hub.records("readiness_answers", {"organisation_id": organisation, "year": year})
    if not rows:
        raise NotFoundError(f"organisations {organisation}: there are no readiness answers of {year}")
    return answers_from(one, year, rows)


def answers_from(organisation: Mapping[str, Any], year: int, rows: Sequence[Mapping[str, Any]]) -> Answers:
    """Put an organisation's answers of a year together. `rows`: question, answer, share. Raises DataError."""
    head = {
        "institution": organisation["name_en"],
        "year": str(year),
        "actor": "company" if organisation["kind"] == "company" else "university",
        "home": organisation["country"] or "JP",
    }
    cells = [Given(f"organisation {key}", key, value, None) for key, value in head.items()]
    for row in rows:
        share = None if row["share"] is None else float(row["share"])
        cells.append(Given(f"readiness_answers {row['question']}", row["question"], row["answer"], share))
    return build(cells, f"readiness answers of {year}")


def open_needs(hub: Hub) -> list[dict[str, str]]:
    """Return the open needs as rows of a table of needs: need_id, organisation, text, language."""
    names = _organisations(hub)
    return [
        {
            "need_id": one["id"], "organisation": names.get(one["organisation_id"], ""), "language": one["language"],
            "text": f"{one['title']}. {one['text']}",
        }
        for one in hub.records("needs", {"state": "open"})
    ]  # fmt: skip


def open_seeds(hub: Hub) -> list[dict[str, str]]:
    """Return the open seeds as rows of a table of seeds: seed_id, title, text, kind, organisation."""
    names = _organisations(hub)
    return [
        {
            "seed_id": one["id"], "title": one["title"], "text": one["text"], "kind": one["kind"],
            "organisation": names.get(one["organisation_id"], ""),
        }
        for one in hub.records("seeds", {"state": "open"})
    ]  # fmt: skip


def _organisations(hub: Hub) -> dict[str, str]:
    return {one["id"]: one["name_en"] for one in hub.records("organisations")}
