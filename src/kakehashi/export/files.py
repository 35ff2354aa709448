"""Writes the export of a study: every file is made beside its place, and all are moved there when all are made."""

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from kakehashi.choices import checked
from kakehashi.export import csv_files, pajek, vosviewer, xml_files
from kakehashi.export.citation import citation
from kakehashi.export.network import Network, Rows, read_network
from kakehashi.progress import Progress, Silent
from kakehashi.settings import Settings
from kakehashi.texts import Language

Write = Callable[[Network, IO[str]], None]

NETWORK_FORMATS: Mapping[str, Mapping[str, Write]] = {
    "graphml": {".graphml": xml_files.write_graphml},
    "gexf": {".gexf": xml_files.write_gexf},
    "pajek": {".net": pajek.write_net, ".clu": pajek.write_clu, ".vec": pajek.write_vec},
    "vosviewer": {
        ".vosviewer.json": vosviewer.write_json,
        ".vosviewer.map.txt": vosviewer.write_map,
        ".vosviewer.network.txt": vosviewer.write_network,
    },
    "csv": {".nodes.csv": csv_files.write_nodes, ".edges.csv": csv_files.write_edges},
}
FORMATS = (*NETWORK_FORMATS, "parquet", "citation")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def export_study(
    rows: Rows,
    tables: Mapping[str, Callable[[], Any]],
    manifest: Mapping[str, Any],
    settings: Settings,
    folder: Path,
    formats: Sequence[str],
    levels: Sequence[str] = ("country",),
    field: str = "all",
    period: str = "all",
    min_works: int = 1,
    language: Language = "en",
    authors: Sequence[str] = (),
    progress: Progress | None = None,
) -> list[Path]:
    """Write a study's networks, tables and citation into a folder.

    Args:
        rows: runs a SELECT over the study's tables.
        tables: the study's tables by name, each behind a function that returns it as an Arrow table.
        manifest: what was run.
        settings: the study's settings.
        folder: made if it is missing.
        formats: of `FORMATS`.
        levels: networks of country, institution or both.
        field: a field id, `all` or `collected`.
        period: a year or `all`.
        min_works: edges with fewer joint works are left out.
        language: of the names of countries.
        authors: for the citation.
        progress: told of each file written.

    Returns:
        The files, sorted.

    Raises:
        SettingsError: for an unknown format, level, field or period, naming the nearest.
        StudyError: where the study has no such network.
    """
    progress = progress or Silent()
    chosen = checked("--format", formats, FORMATS)
    wanted = [form for form in chosen if form in NETWORK_FORMATS]
    networks = [read_network(rows, settings, level, field, period, language, min_works) for level in levels if wanted]
    files = len(networks) * sum(len(NETWORK_FORMATS[form]) for form in wanted)
    done = progress.step("exports", files + ("parquet" in chosen) * len(tables) + ("citation" in chosen))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as draft:
        scratch = Path(draft)
        for network in networks:
            for form in wanted:
                for ending, write in NETWORK_FORMATS[form].items():
                    with (scratch / f"{_stem(network)}{ending}").open("w", encoding="utf-8", newline="") as file:
                        write(network, file)
                    done(1)
        if "parquet" in chosen:
            (scratch / "tables").mkdir()
            for name, read in sorted(tables.items()):
                pq.write_table(read(), scratch / "tables" / f"{name}.parquet", compression="zstd")
                done(1)
        if "citation" in chosen:
            (scratch / "CITATION.cff").write_text(citation(settings, manifest, authors), encoding="utf-8", newline="\n")
            done(1)
        return _moved(scratch, folder)


def _moved(scratch: Path, folder: Path) -> list[Path]:
    moved = []
    for path in sorted(path for path in scratch.rglob("*") if path.is_file()):
        target = folder / path.relative_to(scratch)
        target.parent.mkdir(exist_ok=True)
        shutil.move(path, target)
        moved.append(target)
    return moved


def _stem(network: Network) -> str:
    parts = [network.level, network.field, *([network.period] if network.period != "all" else [])]
    return "-".join(_NOT_IN_NAMES.sub("_", part) for part in parts)
