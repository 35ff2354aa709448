"""All KPIs of a file, judged, as a value and as plain data for JSON and CSV."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.hub.kpi.definitions import Kpi
from kakehashi.hub.kpi.judging import LIGHTS, Judged, judge, policy
from kakehashi.hub.kpi.reading import LAYOUT
from kakehashi.hub.kpi.series import series
from kakehashi.texts import LANGUAGES, texts

_PLACES = 6


@dataclass(frozen=True)
class Review:
    """KPIs, judged. `study` and `entity`: what fed derived ones, if anything."""

    judged: tuple[Judged, ...]
    study: str | None = None
    entity: str | None = None

    @property
    def lights(self) -> Mapping[str, int]:
        """Count the KPIs by the light of their newest value; one without values has none."""
        found = Counter("none" if one.latest is None else one.latest.light for one in self.judged)
        return {light: found[light] for light in LIGHTS}

    def to_dict(self) -> dict[str, Any]:
        """Return the review as plain data. Texts are in both languages; values are in the KPI's unit."""
        return {
            "study": self.study,
            "entity": self.entity,
            "lights": dict(self.lights),
            "method": {key: _keyed(f"kpi.method.{key}") for key in ("path", "lights", "forecast", "needed")},
            "thresholds": {key: policy()[key] for key in ("amber_of_way", "amber_of_target", "level", "horizon")},
            "kpis": [_plain(one) for one in self.judged],
        }


def review(
    kpis: Mapping[str, Kpi],
    fed: Mapping[str, Mapping[int, float]] | None = None,
    study: str | None = None,
    entity: str | None = None,
) -> Review:
    """Work out and judge KPIs. `fed`: a study's indicators by name and year, as `study.feed` returns them."""
    return Review(tuple(judge(one) for one in series(kpis, fed).values()), study, entity)


def kpis_csv(kpis: Mapping[str, Kpi]) -> str:
    """Write KPIs as a CSV that `read_kpis` reads back."""
    out = io.StringIO()
    columns = (*LAYOUT.required, *LAYOUT.optional)
    rows = csv.DictWriter(out, columns, lineterminator="\n")
    rows.writeheader()
    for one in kpis.values():
        years = sorted({*one.targets, *one.values, *(year for year in one.remarks("en") if year is not None)})
        base: dict[str, Any] = {"kpi": one.id, "unit": one.unit, "name_ja": one.name.ja, "name_en": one.name.en}
        base |= {"direction": one.direction, "owner": one.owner, "formula": one.formula, "source": one.source}
        base |= {"cumulative": str(one.cumulative).lower()}
        if one.baseline is not None:
            year = one.baseline[0]
            base |= {"baseline": _number(one.baseline[1]), "baseline_year": None if year is None else one.label(year)}
        if not years or None in one.remarks("en"):
            rows.writerow({**base, "note": one.notes.get(None), "note_ja": one.notes_ja.get(None)})
        for year in years:
            actual, target = one.values.get(year), one.targets.get(year)
            cells = {"year": one.label(year), "actual": _number(actual), "target": _number(target)}
            rows.writerow({**base, **cells, "note": one.notes.get(year), "note_ja": one.notes_ja.get(year)})
    return out.getvalue()


def _number(value: float | None) -> str | None:
    """Write a number so that it reads back the same, whole ones without a point."""
    return None if value is None else repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _plain(one: Judged) -> dict[str, Any]:
    kpi, latest = one.series.kpi, one.latest
    return {
        "id": kpi.id,
        "name": {"ja": kpi.name.ja, "en": kpi.name.en},
        "unit": kpi.unit,
        "direction": kpi.direction,
        "cumulative": kpi.cumulative,
        "owner": kpi.owner,
        "formula": kpi.formula,
        "source": kpi.source,
        "baseline": None if kpi.baseline is None else {"year": kpi.baseline[0], "value": kpi.baseline[1]},
        "targets": [_year(kpi, year, value=value) for year, value in kpi.targets.items()],
        "values": [
            _year(
                kpi,
                status.year,
                value=_round(status.value),
                expected=_round(status.expected),
                expected_is_target=status.is_target,
                gap=_round(status.gap),
                way=_round(status.way),
                light=status.light,
                reason_id=status.reason,
                reason=None if status.reason is None else _keyed(f"kpi.reasons.{status.reason}"),
            )
            for status in one.statuses
        ],
        "missing": [
            _year(kpi, year, reason_id=reason, of=of, reason=_keyed(f"kpi.reasons.{reason}", of=of or ""))
            for year, (reason, of) in one.series.missing.items()
        ],
        "notes": [
            {"year": year, "label": None if year is None else kpi.label(year), "text": text}
            for year, text in kpi.remarks("en").items()
        ],
        "status": "none" if latest is None else latest.light,
        "status_reason_id": "no_value" if latest is None else latest.reason,
        "from_baseline": None
        if one.from_baseline is None
        else {"change": _round(one.from_baseline[0]), "times": _round(one.from_baseline[1])},
        "forecast": _forecast(one),
        "needed": _needed(one),
    }


def _forecast(one: Judged) -> dict[str, Any]:
    kpi, ahead = one.series.kpi, one.forecast
    return {
        "method": "least_squares_line",
        "points": ahead.points,
        "slope": _round(ahead.slope),
        "level": ahead.level,
        "spread": _round(ahead.spread),
        "clipped": ahead.clipped,
        "reason_id": ahead.reason,
        "reason": None if ahead.reason is None else _keyed(f"kpi.reasons.{ahead.reason}"),
        "years": [
            _year(kpi, each.year, value=_round(each.middle), low=_round(each.low), high=_round(each.high))
            for each in ahead.years
        ],
    }


def _needed(one: Judged) -> dict[str, Any]:
    kpi, needed = one.series.kpi, one.needed
    return {
        "year": needed.year,
        "label": None if needed.year is None else kpi.label(needed.year),
        "target": needed.target,
        "per_year": _round(needed.per_year),
        "slope_so_far": _round(needed.pace),
        "ratio": _round(needed.ratio),
        "chance": _round(needed.chance),
        "reason_id": needed.reason,
        "reason": None if needed.reason is None else _keyed(f"kpi.reasons.{needed.reason}"),
    }


def _year(kpi: Kpi, year: int, **more: Any) -> dict[str, Any]:
    return {"year": year, "label": kpi.label(year), **more}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


def _keyed(key: str, **values: Any) -> dict[str, str]:
    return {language: texts(language)(key, **values) for language in LANGUAGES}
