"""Export files to works: every file is read on its own, side by side, then the records are merged in SQL."""

import os
from collections.abc import Iterator
from pathlib import Path

from kakehashi.corpus.blocks import OWN
from kakehashi.corpus.merge import STEPS, merge
from kakehashi.corpus.spool import CORPUS_FILES, File, Job, Summary, spool_files, spooled_batches, spooled_files
from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SourceError
from kakehashi.pool import in_processes, workers
from kakehashi.progress import Progress
from kakehashi.settings import Settings, SourceSection
from kakehashi.sources.registry import find_files
from kakehashi.tables import REFUSALS

POOL_BYTES = 8_000_000
"""Below this much input a pool of processes costs more than it saves."""
JOB_BYTES = 32_000_000
"""Files that are read in one go and share their spool: more of them are not worth less evenly shared work."""
JOBS_EACH = 8
"""Jobs for each process at least, so that none has long to do when the others are done."""


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
    study = settings.study
    listed = [
        File(number, path, label, section.columns, section.format, study.first_year, study.last_year)
        for number, (path, label, section) in enumerate(files)
    ]
    total = sum(sizes)
    advance = progress.step("read", total)
    parts = list(_parted(sizes, min(JOB_BYTES, total // (JOBS_EACH * workers()))))
    jobs = [Job(tuple(listed[part.start : part.stop]), spool / str(part.start)) for part in parts]
    summaries = []
    for part, found in zip(parts, _run_jobs(jobs, total), strict=True):
        summaries += found
        advance(sum(sizes[part.start : part.stop]))
    return summaries


def _parted(sizes: list[int], enough: int) -> Iterator[range]:
    """Part files into runs of neighbours, each of which ends as soon as it has enough bytes."""
    start = held = 0
    for at, size in enumerate(sizes):
        held += size
        if held >= enough or at == len(sizes) - 1:
            yield range(start, at + 1)
            start, held = at + 1, 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # gone since it was listed, or a link to nowhere: reading it gives the refusal
        return 0


def _run_jobs(jobs: list[Job], size: int) -> Iterator[list[Summary]]:
    return map(spool_files, jobs) if size < POOL_BYTES else in_processes(spool_files, jobs)


def _file_row(summary: Summary) -> Row:
    return summary.label, "+".join(summary.formats) or None, "+".join(summary.databases) or None
