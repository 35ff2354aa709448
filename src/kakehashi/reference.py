"""The published figures of the 2023 study as rows of our own tables, to be shown beside a computed study."""

import re
from typing import Any

from kakehashi.data.read import csv_rows
from kakehashi.errors import StudyError

Row = tuple[Any, ...]

_STUDIES: dict[str, dict[str, Any]] = {"mic2023": {"home": "JP", "first_year": 2016, "last_year": 2022}}
_PERIOD = "all"
_TOTAL_FIELDS = {"all_ict": "all", "collected": "collected"}


def names() -> tuple[str, ...]:
    """Return the names of the built-in reference studies."""
    return tuple(_STUDIES)


def study(name: str) -> dict[str, Any]:
    """Return the `study` section of the settings of a reference: its home country, target countries and years."""
    _check(name)
    targets = tuple(row["country_code"] for row in csv_rows(f"reference/{name}/country_indicators.csv"))
    return {"name": name, "targets": targets, **_STUDIES[name]}


def reference_rows(name: str) -> dict[str, list[Row]]:
    """Return the rows of `indicators`, `totals`, `institutions` and `strengths` of a built-in reference study.

    Columns follow `tables.py`; what the study did not publish is None. Counts are works, shares are fractions of 1.
    Raises StudyError for an unknown name.
    """
    _check(name)
    folder = f"reference/{name}"
    countries = csv_rows(f"{folder}/country_indicators.csv")
    institutions = [
        (institution_id(row["institution"], row["country_code"]), row)
        for row in csv_rows(f"{folder}/institution_indicators.csv")
    ]
    return {
        "indicators": [_indicators("country", row["country_code"], row) for row in countries]
        + [_indicators("institution", entity, row) for entity, row in institutions],
        "totals": _totals(folder),
        "institutions": [
            (entity, row["institution"], row["country_code"], None, None, int(row["papers"]))
            for entity, row in institutions
        ],
        "strengths": _strengths(folder),
    }


def _check(name: str) -> None:
    if name not in _STUDIES:
        raise StudyError(f"no built-in reference study {name!r}; there is: {', '.join(_STUDIES)}")


def institution_id(name: str, country_code: str) -> str:
    """Return the id of an institution: its name as a slug and its country, such as `tsinghua-university.cn`."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{slug}.{country_code.lower()}"


def _indicators(level: str, entity: str, row: dict[str, str]) -> Row:
    return (
        level, "all", _PERIOD, entity, int(row["papers"]), None, None, float(row["international_share"]),
        int(row["degree"]), None, float(row["betweenness"]), None, float(row["eigenvector"]), None,
    )  # fmt: skip


def _totals(folder: str) -> list[Row]:
    whole = [("all", row) for row in csv_rows(f"{folder}/papers_by_field.csv")]
    parts = [(row["database"], row) for row in csv_rows(f"{folder}/papers_by_field_and_database.csv")]
    return [
        (
            _TOTAL_FIELDS.get(row["field"], row["field"]), _PERIOD, database, int(row["papers"]), None,
            int(row["international_papers"]), float(row["international_share"]), None,
        )
        for database, row in [*whole, *parts]
    ]  # fmt: skip


def _strengths(folder: str) -> list[Row]:
    """One row per country that the study calls strong or weak in a field; it published no numbers behind them."""
    return sorted(
        (code, row["field"], None, None, None, None, verdict, None, "published")
        for row in csv_rows(f"{folder}/strengths.csv")
        for verdict in ("strong", "weak")
        for code in row[verdict].split()
    )
