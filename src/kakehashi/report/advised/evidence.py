"""How evidence is named to people: a table's row, a rule, a figure of a document, the works."""

import re
from pathlib import Path

from kakehashi.advice.trace import Traced
from kakehashi.knowledge.sources import documents
from kakehashi.reasons import Evidence
from kakehashi.texts import Texts, Words

_SECTION = "section "
_NUMBERED = re.compile(r"[A-Z]?\d")


def named(evidence: Evidence, texts: Texts, own: Path | None = None) -> str:
    """Name a piece of evidence in one line."""
    key = ", ".join(f"{name} {value}" for name, value in evidence.key)
    if evidence.kind == "table":
        return texts("advise.evidence.table", table=evidence.ref, row=key)
    if evidence.kind == "rule":
        return texts("advise.evidence.rule", file=Path(evidence.ref).name, item=dict(evidence.key).get("id", key))
    if evidence.kind == "works":
        return texts("advise.evidence.works", row=key)
    return texts("advise.evidence.source", document=titled(evidence.ref, texts, own), figure=placed(evidence, texts))


def titled(document: str, texts: Texts, own: Path | None = None) -> str:
    """Name a document with its publisher and date."""
    found = documents(own)[document]
    return texts(
        "advise.evidence.document",
        title=found.title(texts.language), publisher=found.publisher(texts.language), date=found.date,
    )  # fmt: skip


def placed(evidence: Evidence, texts: Texts) -> str:
    """Name the place in a document: a figure, a section, or an entry that is called by a name."""
    figure = dict(evidence.key)["figure"]
    kind = "section" if figure.startswith(_SECTION) else "figure" if _NUMBERED.match(figure) else "entry"
    return texts(f"advise.evidence.{kind}", figure=figure.removeprefix(_SECTION))


def followed(traced: Traced, texts: Texts) -> list[str]:
    """Tell what a piece of evidence leads to, one line a fact: columns of the row, keys of the rule, works."""
    if traced.evidence.kind == "works":
        lines = [texts("advise.evidence.count", n=texts.number(traced.count))]
        for work, year, title, doi in traced.works:
            lines.append(f"{year or '–'}  {title or work}" + (f"  doi:{doi}" if doi else ""))
        return lines
    if traced.evidence.kind == "source":
        return []
    return [f"{name}: {_written(value, texts)}" for name, value in traced.values if value is not None]


def _written(value: object, texts: Texts) -> str:
    if isinstance(value, dict) and set(value) == {"ja", "en"}:
        return Words(**value)(texts.language)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
