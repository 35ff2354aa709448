"""Export files to works: every file is read on its own, side by side, then the records are merged in SQL."""

import os
from collections.abc import Iterator
from pathlib import Path

from kakehashi.corpus.blocks import OWN
from kakehashi.corpus.merge import STEPS, merge
from kakehashi.corpus.spool import CORPUS_FILES, Job, Summary, spool_file, spooled_batches, spooled_files
from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SourceError
from kakehashi.pool import in_processes
from kakehashi.progress import Progress
from kakehashi.settings import Settings, SourceSection
from kakehashi.sources.registry import find_files
from kakehashi.tables import REFUSALS

POOL_BYTES = 8_000_000
"""Below this much input a pool of processes costs more than it saves."""


def source_files(settings: Settings) -> list[tuple[Path, str, SourceSection]]:
    """List the input files of a study with their labels and their section of study.toml. Raises SourceError.

    A file that two sections name is read once, as the first of them says.
    """
    found: dict[Path, tuple[Path, str, SourceSection]] = {}
    for section in settings.sources:
        if not Path(section.path).exists():
            raise SourceError(f"sources: {section.path} does not exist; correct the path in study.toml")
        for path, label in find_files([Path(section.path)]):
            found.setdefault(Path(os.path.realpath(path)), (path, label, section))
    labels: set[str] = set()
    unique = []
    for path, label, section in found.values():
        while label in labels:
            label = f"{label}~"
        labels.add(label)
        unique.append((path, label, section))
    return unique


def run(engine: Engine, settings: Settings, progress: Progress) -> None:
    """Read all sources and write the tables of works. Raises SourceError when a path cannot be read at all."""
    files = source_files(settings)
    summaries = _spool(files, settings, engine.scratch, progress)
    engine.load(CORPUS_FILES, map(_file_row, summaries))
    engine.load_batches(REFUSALS, spooled_batches(REFUSALS, summaries))
    for table in OWN:
        engine.adopt(table, spooled_files(table, summaries))
    merge(engine, progress.step("merge", STEPS))


def _spool(
    files: list[tuple[Path, str, SourceSection]], settings: Settings, spool: Path, progress: Progress
) -> list[Summary]:
    sizes = [_size(path) for path, _, _ in files]
    advance = progress.step("read", sum(sizes))
    study = settings.study
    jobs = [
        Job(
            number, path, label, section.columns, section.format, study.first_year, study.last_year, spool / str(number)
        )
        for number, (path, label, section) in enumerate(files)
    ]
    summaries = []
    for size, summary in zip(sizes, _run_jobs(jobs, sum(sizes)), strict=True):
        summaries.append(summary)
        advance(size)
    return summaries


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone since it was listed, or a link to nowhere: reading it gives the refusal
        return 0


def _run_jobs(jobs: list[Job], size: int) -> Iterator[Summary]:
    return map(spool_file, jobs) if size < POOL_BYTES else in_processes(spool_file, jobs)


def _file_row(summary: Summary) -> Row:
    return summary.label, "+".join(summary.formats) or None, "+".join(summary.databases) or None
