"""From the evidence of a sentence back to what it names: an item of a TOML file, a row of a CSV, a document."""

from pathlib import Path
from typing import Any

from kakehashi.errors import DataError
from kakehashi.knowledge import cases, programmes, survey
from kakehashi.knowledge.book import entry, nearest
from kakehashi.knowledge.sources import documents
from kakehashi.reasons import Evidence

CSV_FILES = (cases.FILE, programmes.FILE, survey.FILE)


def trace(evidence: Evidence, own: Path | None = None) -> Any:
    """Return what evidence of kind `rule` or `source` names.

    An `Entry` of a TOML file; a `Case`, `Programme` or `Share` of a CSV, ours or the user's in the folder `own`, whose
    evidence names the whole path; for the key `home` the programmes of that country, of which there may be none; for a
    source its `Document`.

    Raises:
        DataError: for evidence that leads nowhere, naming the nearest that there is, and of other kinds.
    """
    if evidence.kind == "source":
        return _among(documents(own), evidence.ref, "sources.toml")
    if evidence.kind != "rule":
        raise DataError(f"evidence of kind {evidence.kind!r} is not in the knowledge but in the study")
    key = dict(evidence.key)
    if evidence.ref.endswith(".toml"):
        return entry(evidence.ref, key["id"], own)
    if Path(evidence.ref).name not in CSV_FILES:
        raise DataError(f"{evidence.ref}: no such file; {nearest(evidence.ref, CSV_FILES)}")
    if "home" in key:
        return tuple(one for one in programmes.programmes(own) if (one.file, one.home) == (evidence.ref, key["home"]))
    return _among(_rows(evidence.ref, own), key["id"], evidence.ref)


def _rows(file: str, own: Path | None) -> dict[str, Any]:
    if Path(file).name == survey.FILE:
        return dict(survey.shares())
    held = cases.cases(own) if Path(file).name == cases.FILE else programmes.programmes(own)
    return {one.id: one for one in held if one.file == file}


def _among(known: Any, item: str, file: str) -> Any:
    if item not in known:
        raise DataError(f"{file}: no item {item!r}; {nearest(item, known)}")
    return known[item]
