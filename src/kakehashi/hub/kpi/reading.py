"""Reads KPIs from CSV (a row for each KPI and year), TOML or JSON, and checks them."""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kakehashi.errors import DataError
from kakehashi.hub.kpi.definitions import DIRECTIONS, Kpi, check_formulas, id_problem, read_year
from kakehashi.hub.kpi.study import INDICATORS
from kakehashi.hub.trees import read_tree
from kakehashi.knowledge.book import nearest
from kakehashi.knowledge.rows import Layout, Row, read
from kakehashi.texts import Words

LAYOUT = Layout(
    required=("kpi", "unit", "year"),
    optional=(
        "name_ja", "name_en", "direction", "owner", "formula", "baseline", "baseline_year", "actual", "target",
        "cumulative", "note", "note_ja", "source",
    ),
)  # fmt: skip
EXAMPLE = "example"
_CUMULATIVE = ", cumulative"
_KEYS = (
    "id", "name", "unit", "direction", "owner", "formula", "baseline", "baseline_year", "targets", "values",
    "cumulative", "note", "note_ja", "source",
)  # fmt: skip
_MOST_BYTES = 5_000_000
_MANY = 20
_LARGEST = 1e300


@dataclass
class _Draft:
    """A KPI while its rows are read: what was said once, by key, and what is said by year."""

    where: str
    said: dict[str, Any] = field(default_factory=dict)
    targets: dict[int, float] = field(default_factory=dict)
    values: dict[int, float] = field(default_factory=dict)
    notes: dict[int | None, str] = field(default_factory=dict)
    notes_ja: dict[int | None, str] = field(default_factory=dict)
    fiscal: set[bool] = field(default_factory=set)


def read_kpis(path: Path) -> Mapping[str, Kpi]:
    """Read KPIs by the file's ending, .csv, .toml or .json. Raises DataError naming file, row and remedy."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".toml", ".json"):
        raise DataError(f"{path}: unknown ending {ending!r}; give KPIs as .csv, .toml or .json")
    if path.is_file() and path.stat().st_size > _MOST_BYTES:
        raise DataError(f"{path}: is larger than 5 MB; leave only definitions and yearly values in it")
    return _from_csv(path, str(path)) if ending == ".csv" else kpis_from_tree(read_tree(path), str(path))


@functools.cache
def example_kpis() -> Mapping[str, Kpi]:
    """Return the shipped example set: the yearly figures and targets of two published documents."""
    return _from_csv(resources.files("kakehashi.data").joinpath("hub/kpi_examples.csv"), "hub/kpi_examples.csv")


def _from_csv(path: Path | Traversable, where: str) -> Mapping[str, Kpi]:
    drafts: dict[str, _Draft] = {}
    read(path, where, LAYOUT, lambda row: _row(row, drafts))
    return _finished(drafts, where, [])


def _row(row: Row, drafts: dict[str, _Draft]) -> None:
    name = row.need("kpi")
    problem = id_problem(name) if name else None
    if problem is not None:
        row.refuse("kpi", problem)
    draft = drafts.setdefault(name, _Draft(f"{row.file}: row {row.line}"))
    for column in ("unit", "name_ja", "name_en", "direction", "owner", "formula", "cumulative", "source"):
        text = row.text(column)
        if text is not None and draft.said.setdefault(column, text) != text:
            row.refuse(column, f"says {text!r}, an earlier row of {name!r} {draft.said[column]!r}; make them agree")
    row.need("unit")
    year = _year(row, "year", draft)
    baseline = _number(row, "baseline")
    if baseline is not None:
        given = (_year(row, "baseline_year", draft), baseline)
        if draft.said.setdefault("baseline", given) != given:
            row.refuse("baseline", f"differs from an earlier row of {name!r}; make them agree")
    elif row.text("baseline_year"):
        row.refuse("baseline_year", "stands without a baseline; give its value too")
    for column, into in (("actual", draft.values), ("target", draft.targets)):
        value = _number(row, column)
        if value is not None and year is not None:
            if year in into:
                row.refuse(column, f"{name!r} has one for {row.text('year')} already; keep one")
            into[year] = value
    for column, notes in (("note", draft.notes), ("note_ja", draft.notes_ja)):
        note = row.text(column)
        if note is not None:
            notes[year] = note


def _year(row: Row, column: str, draft: _Draft) -> int | None:
    text = row.text(column)
    if text is None:
        return None
    found = read_year(text)
    if found is None:
        row.refuse(column, f"{text!r} is no year; write one such as 2019 or FY2019")
        return None
    draft.fiscal.add(found[1])
    return found[0]


def _number(row: Row, column: str) -> float | None:
    text = row.text(column)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) < _LARGEST or "_" in text:
        row.refuse(column, f"{text!r} is no number; write digits with a point, without separators or units")
        return None
    return value


def kpis_from_tree(tree: Any, where: str) -> Mapping[str, Kpi]:
    """Read KPIs from a tree, as TOML and JSON hold it. Raises DataError naming KPI, key and remedy."""
    listed = tree.get("kpis") if isinstance(tree, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise DataError(f"{where}: has no list of KPIs; write each under [[kpis]] with id, unit and values")
    problems: list[str] = []
    drafts: dict[str, _Draft] = {}
    for number, keys in enumerate(listed, 1):
        name = keys.get("id")
        place = f"{where}: kpis number {number}"
        problem = id_problem(name) if isinstance(name, str) else "has no id; give it one"
        if problem is not None:
            problems.append(f"{place}: id: {problem}")
            continue
        if name in drafts:
            problems.append(f"{place}: id {name!r} is given twice; keep one")
            continue
        drafts[name] = _draft(keys, f"{where}: kpi {name!r}", problems)
    return _finished(drafts, where, problems)


def _draft(keys: Mapping[str, Any], where: str, problems: list[str]) -> _Draft:
    draft = _Draft(where)
    problems += [f"{where}: unknown key {key!r}; {nearest(key, _KEYS)}" for key in keys if key not in _KEYS]
    for key in ("unit", "direction", "owner", "formula", "note", "note_ja", "source"):
        if key in keys and not isinstance(keys[key], str):
            problems.append(f"{where}: {key}: {keys[key]!r} is no text; write it in quotes")
        elif key in keys:
            draft.said[key] = keys[key]
    for key, notes in (("note", draft.notes), ("note_ja", draft.notes_ja)):
        if key in draft.said:
            notes[None] = draft.said.pop(key)
    if not isinstance(keys.get("cumulative", False), bool):
        problems.append(f"{where}: cumulative: write true or false")
    draft.said["cumulative"] = "true" if keys.get("cumulative") else "false"
    name = keys.get("name")
    if isinstance(name, dict) and set(name) <= {"ja", "en"} and all(isinstance(one, str) for one in name.values()):
        draft.said |= {f"name_{language}": text for language, text in name.items()}
    elif isinstance(name, str):
        draft.said |= {"name_ja": name, "name_en": name}
    elif name is not None:
        problems.append(f"{where}: name: write a text, or name.ja and name.en")
    for key, into in (("targets", draft.targets), ("values", draft.values)):
        _by_year(keys.get(key, {}), f"{where}: {key}", into, draft, problems)
    if "baseline" in keys:
        held: dict[int, float] = {}
        value = keys["baseline"]
        _by_year({str(keys.get("baseline_year", "1900")): value}, f"{where}: baseline", held, draft, problems)
        for year, each in held.items():
            draft.said["baseline"] = (year if "baseline_year" in keys else None, each)
    return draft


def _by_year(given: Any, where: str, into: dict[int, float], draft: _Draft, problems: list[str]) -> None:
    if not isinstance(given, dict):
        problems.append(f"{where}: write a table of years, such as {{2024 = 12.5}}")
        return
    for text, value in given.items():
        found = read_year(str(text))
        if found is None:
            problems.append(f"{where}: {text!r} is no year; write one such as 2019 or FY2019")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
            problems.append(f"{where}.{text}: {value!r} is no number; write digits with a point")
        elif found[0] in into:
            problems.append(f"{where}.{text}: this year is given twice; keep one")
        else:
            if not (where.endswith("baseline") and text == "1900"):
                draft.fiscal.add(found[1])
            into[found[0]] = float(value)


def _finished(drafts: Mapping[str, _Draft], where: str, problems: list[str]) -> Mapping[str, Kpi]:
    kpis: dict[str, Kpi] = {}
    for name, draft in drafts.items():
        found = _kpi(name, draft, problems)
        if found is not None:
            kpis[name] = found
    if not drafts and not problems:
        problems.append(f"{where}: holds no KPI; add one, as in `kakehashi kpi --example --format csv`")
    if problems:
        more = [f"{where}: and {len(problems) - _MANY} further problems"] if len(problems) > _MANY else []
        raise DataError("\n".join(problems[:_MANY] + more))
    check_formulas(kpis, {name: draft.where for name, draft in drafts.items()}, INDICATORS)
    return MappingProxyType(kpis)


def _kpi(name: str, draft: _Draft, problems: list[str]) -> Kpi | None:
    said, before = draft.said, len(problems)
    unit = str(said.get("unit", ""))
    direction = said.get("direction", "up")
    if not unit:
        problems.append(f"{draft.where}: {name}: has no unit; give one, such as percent")
    if direction not in DIRECTIONS:
        problems.append(f"{draft.where}: {name}: direction: unknown {direction!r}; write up or down")
    flag = str(said.get("cumulative", "false")).casefold()
    if flag not in ("true", "false", "yes", "no", "1", "0"):
        problems.append(f"{draft.where}: {name}: cumulative: write true or false")
    if len(draft.fiscal) > 1:
        problems.append(f"{draft.where}: {name}: mixes fiscal and calendar years; write all as FY2019 or all as 2019")
    if said.get("formula") and draft.values:
        problems.append(f"{draft.where}: {name}: has a formula and entered values; keep one of them")
    if len(problems) > before:
        return None
    ja, en = said.get("name_ja"), said.get("name_en")
    return Kpi(
        name,
        Words(ja=ja or en or name, en=en or ja or name),
        unit.removesuffix(_CUMULATIVE),
        direction,
        said.get("owner"),
        said.get("formula"),
        said.get("baseline"),
        MappingProxyType(dict(sorted(draft.targets.items()))),
        MappingProxyType(dict(sorted(draft.values.items()))),
        MappingProxyType(draft.notes),
        cumulative=flag in ("true", "yes", "1") or unit.endswith(_CUMULATIVE),
        fiscal=True in draft.fiscal,
        source=said.get("source"),
        notes_ja=MappingProxyType(draft.notes_ja),
    )
