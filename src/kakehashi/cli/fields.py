"""`kakehashi classify` and `kakehashi fields`: works sorted by file, and what people should label next."""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from kakehashi.cli.watch import TerminalWatcher
from kakehashi.cli.words import say
from kakehashi.errors import StudyError
from kakehashi.fields.batch import classify_file
from kakehashi.fields.review import COLUMNS, conflicts, items, spread
from kakehashi.fields.taxonomy import load_labels, load_taxonomy
from kakehashi.manifest import write_text
from kakehashi.settings import FieldsSection
from kakehashi.study import Study, scratch_engine, writing

_SHOWN = {
    "items": ("works", "keyword", "guess", "below", "examples"),
    "conflicts": ("works", "keyword", "fields", "parent", "parent_fields"),
    "spread": ("works", "label", "fields", "keywords"),
}


def classify_command(source: Path, out: Path, taxonomy: str, labels: str | None, synonyms: str | None) -> str:
    """Classify a file and return what to say of it. Nothing half-written stays."""
    section = FieldsSection(taxonomy=taxonomy, labels=labels, synonyms=synonyms)
    with writing(out), scratch_engine() as engine, TerminalWatcher(Console(stderr=True)) as progress:
        with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as held:
            part = Path(held.name)
        try:
            summary = classify_file(source, part, engine, section, progress)
            part.chmod(0o644)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    return say(
        "classified", path=out, works=summary.works, fields=summary.fields, outside=summary.outside,
        unclassified=summary.unclassified,
    )  # fmt: skip


def review_command(folder: str, target: Path | None, limit: int, what: str) -> Iterator[str]:
    """List what to label, what conflicts, or how far labels reach; yield what is to be said after the table."""
    study = Study(folder)
    if study.is_reference:
        raise StudyError(f"{folder} is a built-in reference study: it has no keywords to label")
    if what != "items":
        found = conflicts(study.rows) if what == "conflicts" else spread(study.rows)
        _draw(what, found[: limit or None])
        yield say("fields_shown", shown=min(limit or len(found), len(found)), total=len(found))
        return
    todo = items(study.rows, limit or sys.maxsize)
    if target is None:
        _draw(what, todo)
    else:
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n")
        write.writerows((COLUMNS, *(item.row() for item in todo)))
        with writing(target):
            write_text(target, out.getvalue())
        yield say("fields_review_written", path=target, items=len(todo))
    [(with_keywords, decided)] = study.rows(_COVERAGE)
    yield say("fields_covered", works=with_keywords, decided=decided, share=decided / max(with_keywords, 1))


def check_command(taxonomy: str, labels: str | None, folder: str | None) -> Iterator[str]:
    """Load a taxonomy, which checks it, and say what its labels cover."""
    found = load_taxonomy(taxonomy)
    known = load_labels(Path(labels), found) if labels else found.labels
    yield say(
        "taxonomy_sound", name=found.id, fields=len(found.fields), labels=len(known), nodes=len(found.ccs.by_path)
    )
    counts = Counter(field for label in known.values() for field in label.fields or ("outside",))
    for name in (*(field.id for field in found.fields), "outside"):
        yield say("taxonomy_labels", field=name, labels=counts[name])
    if folder is None:
        return
    study = Study(folder)
    with scratch_engine() as engine:
        from kakehashi.fields import stage
        from kakehashi.progress import Silent
        from kakehashi.settings import Settings
        from kakehashi.tables import KEYWORDS, WORKS

        for table in (WORKS, KEYWORDS):
            engine.load_batches(table, study.table(table.name).to_batches())
        section = study.settings.fields.model_copy(update={"taxonomy": taxonomy, "labels": labels})
        stage.run(engine, Settings(fields=section), Silent())
        [(with_keywords, decided)] = engine.rows(_COVERAGE)
    yield say("fields_covered", works=with_keywords, decided=decided, share=decided / max(with_keywords, 1))


def _draw(what: str, found: list) -> None:  # type: ignore[type-arg]
    drawn = RichTable(show_edge=False)
    for name in _SHOWN[what]:
        drawn.add_column(say(f"column_{name}"), justify="right" if name in ("works", "below", "keywords") else "left",
                         overflow="fold")  # fmt: skip
    for one in found:
        cells = (getattr(one, name) for name in _SHOWN[what])
        drawn.add_row(*(Text(" | ".join(cell[:2]) if isinstance(cell, tuple) else str(cell)) for cell in cells))
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(drawn)


_COVERAGE = """
    select coalesce(sum(case when keywords > 0 then 1 else 0 end), 0),
           coalesce(sum(case when decided > 0 then 1 else 0 end), 0)
    from field_outcomes
"""
