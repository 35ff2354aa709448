"""What a run would do and take, before it is run: rows, time and memory by a fitted model (data/cost_model.toml)."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from kakehashi.corpus.stage import source_files
from kakehashi.manifest import read_manifest
from kakehashi.pipeline import STAGES, current_stages
from kakehashi.pool import workers
from kakehashi.settings import Settings

_COMPRESSED = (".gz", ".zip")


@dataclass(frozen=True)
class Planned:
    """A stage: whether it has to be done, the rows of its largest table, and the seconds that it may take."""

    stage: str
    to_do: bool
    rows: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What a run would take.

    files, megabytes: of the exports. rows: expected of records, works, strings and so on; counted ones where the study
    has them. memory: GiB beside what DuckDB is allowed (`--memory`). stages: in order.
    """

    files: int
    megabytes: float
    rows: Mapping[str, int]
    memory: float
    stages: tuple[Planned, ...]

    @property
    def seconds(self) -> float:
        """What everything to be done may take together."""
        return sum(one.seconds for one in self.stages if one.to_do)


def plan(folder: Path, settings: Settings) -> Plan:
    """Plan a run of a study. Raises SourceError where a path cannot be read."""
    told = _model()
    sizes = [(path.suffix.lower(), path.stat().st_size) for path, _, _ in source_files(settings) if path.is_file()]
    megabytes = sum(size for _, size in sizes) / 1e6
    rows = _rows(sum(_records(suffix, size) for suffix, size in sizes))
    current = current_stages(folder, settings)
    counted = {
        name: int(entry["rows"])
        for stage, record in read_manifest(folder / "manifest.json").stages.items()
        for name, entry in record.tables.items()
        if stage in current
    }
    rows.update({name: count for name, count in counted.items() if name in rows})
    drivers = {**rows, "megabytes": megabytes, "constant": 1.0}
    seconds = _seconds(drivers, workers())
    stages = [
        Planned(
            stage.name,
            stage.name not in current,
            int(rows.get(told["stages"][stage.name]["table"], 0)),
            seconds[stage.name],
        )
        for stage in STAGES
    ]
    memory = told["memory"]["base"] + told["memory"]["million_works"] * rows["works"] / 1e6
    return Plan(len(sizes), megabytes, {name: int(count) for name, count in rows.items()}, memory, tuple(stages))


def free_disk(folder: Path) -> float:
    """Return the GB that are free where the study lies, or will lie."""
    there = next((place for place in (folder.resolve(), *folder.resolve().parents) if place.exists()), Path("/"))
    status = os.statvfs(there)
    return status.f_bavail * status.f_frsize / 1e9


@cache
def _model() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("kakehashi.data").joinpath("cost_model.toml").read_text(encoding="utf-8"))


def _records(suffix: str, size: int) -> float:
    known = _model()["bytes_of_record"]
    packed = known["compressed"] if suffix in _COMPRESSED else 1
    return float(size * packed / known.get(suffix.removeprefix("."), known["other"]))


def _seconds(drivers: Mapping[str, float], processes: int) -> dict[str, float]:
    """Return what each stage may take by the clock."""
    return {
        name: float(entry["base"])
        + float(entry["seconds"]) * drivers[entry["driver"]] / min(processes, int(entry["cores"]))
        for name, entry in _model()["stages"].items()
    }


def _rows(records: float) -> dict[str, float]:
    found = {"input": records}
    for name, rule in _model()["rows"].items():
        found[name] = rule["factor"] * found[rule["driver"]] ** rule["exponent"]
    del found["input"]
    return found
