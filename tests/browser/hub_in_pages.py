"""A hub with a record of every kind, and every page that shows it: for screenshots and for the checks in a browser."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "hub"))

from hub_records import fill

from kakehashi.hub.readiness.questionnaire import parts
from kakehashi.hub.store.hub import Hub

FIXED = ("kpi", "kpi?organisation=example", "readiness", "match", "changes", "needs/table", "everything")
KINDS = ("organisations", "needs", "projects", "kpi_definitions", "matches")


def filled(url: str) -> dict[str, str]:
    """Make a hub at a database's address, with records, answers of a year and KPI values; return the ids by kind."""
    hub = Hub(url, create=True)
    ids: dict[str, str] = fill(hub)
    with hub.unit("ann") as unit:
        for part in [one for one in parts().values() if one.is_lack][:12]:
            values = {"organisation_id": ids["organisations"], "year": 2025, "question": part.id}
            unit.create("readiness_answers", {**values, "answer": part.choices[0]})
        for year, value in ((2020, "24"), (2021, "26.5")):
            unit.create(
                "kpi_values", {"kpi_id": ids["kpi_definitions"], "year": year, "kind": "actual", "value": value}
            )
        unit.create("kpi_values", {"kpi_id": ids["kpi_definitions"], "year": 2023, "kind": "target", "value": "30"})
        for key in ("a", "b"):  # what the formula of the KPI above stands on
            about = {"key": key, "unit": "works", "direction": "up", "years": "fiscal", "cumulative": "no"}
            kpi = unit.create("kpi_definitions", about)["id"]
            for year, value in ((2020, "5"), (2021, "8")):
                unit.create("kpi_values", {"kpi_id": kpi, "year": year, "kind": "actual", "value": value})
    hub.close()
    return ids


def hub_pages(base: str, study: str, language: str, ids: Mapping[str, str]) -> Iterator[str]:
    """Yield the address of every page of the hub in a language. `study`: whose works answer a need."""
    here = f"{base}/{language}/hub/"
    asked = f"match?study={study}&need=machine+learning+for+security"
    yield from (f"{here}{page}" for page in ("", *FIXED, asked))
    for kind in KINDS:
        yield from (f"{here}{kind}", f"{here}{kind}/{ids[kind]}", f"{here}{kind}/{ids[kind]}/edit")
    profile = f"{here}readiness/{ids['organisations']}/2025"
    yield from (profile, f"{profile}/answers")
