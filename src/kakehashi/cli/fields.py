"""`kakehashi classify` and `kakehashi fields`: works sorted by file, and what people should label next."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from rich.console import Console

from kakehashi.cli.watch import TerminalWatcher
from kakehashi.cli.words import say
from kakehashi.fields.batch import classify_file
from kakehashi.settings import FieldsSection
from kakehashi.study import scratch_engine, writing


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
