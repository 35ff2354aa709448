"""What the explorer reads: the tables of the last finished run, held still, and an index ordered for single entities.

A run replaces tables while people read. So the explorer links the finished tables into a folder of its own (hard links:
no second copy on disk) and reads only those. What a page asks of one entity (its works, its partners) is not how the
stages order their tables; the index holds it in that order, so that no page reads a whole table.
"""

import os
import shutil
from pathlib import Path

import duckdb
import filelock

from kakehashi import pipeline
from kakehashi.manifest import read_manifest, text_digest
from kakehashi.web.questions import NEEDED, write_questions

_FOLDER = ".cache/explorer"
_VERSION = "12"
INDEX = "index.duckdb"
MOST_EDGES = 20_000
"""Lines of a network that are drawn, those of most joint works."""

_INDEX_SQL = {
    "entity_works": (
        ("work_scopes", "work_countries", "work_institutions"),
        "select level, entity, field, year, work_id from ("
        "select 'country' as level, c.country_code as entity, s.field, s.year, s.work_id from work_countries c "
        "join work_scopes s on s.work_id = c.work_id union all "
        "select 'institution' as level, i.institution_id as entity, s.field, s.year, s.work_id "
        "from work_institutions i join work_scopes s on s.work_id = i.work_id) as t "
        "order by level, entity, field, year desc, work_id",
    ),
    "entity_edges": (
        ("edges",),
        "select level, field, entity, partner, works, fractional from ("
        "select level, field, entity_a as entity, entity_b as partner, works, fractional from edges "
        "where period = 'all' union all "
        "select level, field, entity_b as entity, entity_a as partner, works, fractional from edges "
        "where period = 'all') as t order by level, field, entity, works desc, partner",
    ),
    "network_edges": (
        ("edges", "layouts"),
        "select level, field, entity_a, entity_b, works, fractional, place from ("
        "select e.level, e.field, e.entity_a, e.entity_b, e.works, e.fractional, "
        "row_number() over (partition by e.level, e.field order by e.works desc, e.entity_a, e.entity_b) as place "
        "from edges e join layouts a on a.level = e.level and a.entity = e.entity_a "
        "join layouts b on b.level = e.level and b.entity = e.entity_b "
        f"where e.period = 'all') as t where place <= {MOST_EDGES} order by level, field, place",
    ),
    "work_heads": (
        ("works",),
        "select work_id, year, title, venue, doi, doc_type, citations, database from works order by work_id",
    ),
    "institution_heads": (
        ("institutions",),
        "select institution_id, name, country_code, ror_id, spellings, works from institutions order by institution_id",
    ),
    "network_nodes": (
        ("layouts", "totals"),
        "select n.level, f.field, n.entity, i.papers, n.x, n.y from layouts n "
        "cross join (select distinct field from totals) f left join indicators i on i.level = n.level "
        "and i.field = f.field and i.period = 'all' and i.entity = n.entity order by level, field, entity",
    ),
    "entity_indicators": (
        ("indicators",),
        "select level, entity, field, period, papers, papers_fractional, international_papers, international_share, "
        "degree, degree_normalised, betweenness, betweenness_error, eigenvector, activity_index from indicators "
        "order by level, entity, field, period",
    ),
    "country_positions": (
        ("positions",),
        "select field, period, entity, papers, international_share, degree, betweenness, eigenvector, region, reason "
        "from positions where kind = 'country' order by field, period, papers desc, entity",
    ),
    "country_edges": (
        ("edges",),
        "select field, period, entity_a, entity_b, works, fractional from edges where level = 'country' "
        "order by field, period, entity_a, entity_b",
    ),
    "institution_ranks": (
        ("institutions", "indicators"),
        "select n.field, i.institution_id, coalesce(i.name, i.institution_id) as name, i.country_code, "
        "lower(coalesce(i.name, i.institution_id)) as folded, n.papers, n.international_share, n.degree, "
        "n.betweenness, n.eigenvector, "
        "row_number() over (partition by n.field order by n.papers desc, i.institution_id) as place "
        "from indicators n join institutions i on i.institution_id = n.entity "
        "where n.level = 'institution' and n.period = 'all' order by n.field, place",
    ),
    "unresolved": (
        ("mentions", "resolutions"),
        "select r.affiliation, min(r.reason) as reason, count(distinct m.work_id) as works, "
        "count(distinct m.work_id || '/' || m.seq) as mentions "
        "from (select affiliation, min(reason) as reason from resolutions group by affiliation "
        "having count(institution_id) = 0) r join mentions m on m.affiliation = r.affiliation "
        "group by r.affiliation order by works desc, r.affiliation limit 5000",
    ),
}
_HEADS = (("work_heads", "works", "work_id"), ("institution_heads", "institutions", "institution_id"))
"""Tables of the index that are asked for single rows by their key, and the tables that they stand for."""


def generation(folder: Path) -> str | None:
    """Name the finished run of a study's folder; None while a run is under way, or where there was none."""
    manifest = read_manifest(folder / "manifest.json")
    if set(manifest.stages) != {stage.name for stage in pipeline.STAGES}:
        return None
    parts = [f"{name}:{record.fingerprint}" for name, record in manifest.stages.items()]
    return text_digest(_VERSION, *parts)[:20]


def snapshot(folder: Path) -> Path | None:
    """Return the folder of the last finished run's tables, made now if need be; None where nothing is finished.

    While a run is under way the former snapshot stands. Raises OSError or duckdb.Error where it cannot be written.
    """
    home = folder / _FOLDER
    name = generation(folder)
    if name is None:
        return newest(home)
    found = home / name
    if not found.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(home / ".lock"):
            if not found.is_dir():
                _make(folder, found)
                _forget(home, found)
    return found


def is_made(folder: Path) -> bool:
    """Tell whether nothing is left to make: the snapshot of the finished run is there, or there is no finished run."""
    name = generation(folder)
    return name is None or (folder / _FOLDER / name).is_dir()


def newest(home: Path) -> Path | None:
    """Return the snapshot made last."""
    made = [path for path in home.iterdir() if path.is_dir() and not path.name.startswith(".")] if home.is_dir() else []
    return max(made, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


def _make(folder: Path, target: Path) -> None:
    new = target.with_name(f".{target.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name in ("manifest.json", "study.toml"):
        shutil.copyfile(folder / name, new / name)
    for path in sorted((folder / "tables").glob("*.parquet")):
        _link(path, new / path.name)
    write_index(new, read_manifest(new / "manifest.json").settings["affiliations"]["territory_policy"])
    os.replace(new, target)
    if generation(folder) != target.name:  # a run began meanwhile: what was linked may be of two runs
        shutil.rmtree(target, ignore_errors=True)
        raise OSError(f"{folder}: a run began while its tables were being read; wait for it and try again")


def _link(path: Path, target: Path) -> None:
    if path.is_dir():
        target.mkdir()
        for part in sorted(path.glob("*.parquet")):
            _link(part, target / part.name)
        return
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, target)


def write_index(folder: Path, territory_policy: str) -> None:
    """Write the index beside the tables of a folder. What a study does not have, the index does not have either."""
    with duckdb.connect(folder / INDEX) as connection:
        present = views(connection, folder)
        for name, (needed, sql) in _INDEX_SQL.items():
            if present.issuperset(needed):
                connection.execute(f"create table {name} as {sql}")
        if present.issuperset(NEEDED):
            write_questions(connection, territory_policy)
        for head, table, key in _HEADS:
            if table in present:
                connection.execute(f"create unique index {head}_by_{key} on {head} ({key})")
        for name in sorted(present):
            connection.execute(f"drop view {name}")
        connection.execute("checkpoint")


def views(connection: duckdb.DuckDBPyConnection, folder: Path) -> frozenset[str]:
    """Create a view for each table of a folder, and return their names."""
    names = []
    for path in sorted(folder.glob("*.parquet")):
        source = str(path / "*.parquet" if path.is_dir() else path).replace("'", "''")
        connection.execute(f"create view {path.stem} as select * from read_parquet('{source}')")
        names.append(path.stem)
    return frozenset(names)


def _forget(home: Path, kept: Path) -> None:
    """Remove older snapshots but the last one, which readers may still be in."""
    others = [path for path in home.iterdir() if path.is_dir() and path != kept]
    others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in others[1:]:
        shutil.rmtree(path, ignore_errors=True)
