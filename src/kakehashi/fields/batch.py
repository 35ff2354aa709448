"""`kakehashi classify`: a CSV of works in, a CSV of their fields out, by the same stage that a study runs."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from kakehashi.engine.base import Engine, Row
from kakehashi.errors import SourceError
from kakehashi.fields import stage
from kakehashi.progress import Progress, Silent
from kakehashi.settings import FieldsSection, Settings
from kakehashi.tables import KEYWORDS, WORKS

NEEDED = ("id", "title")
KNOWN = (*NEEDED, "abstract", "keywords", "year")
COLUMNS = ("id", "fields", "scores", "reason")


@dataclass(frozen=True)
class Summary:
    """What became of a file: works read, works with a field, works outside, works of which nothing is known."""

    works: int
    fields: int
    outside: int
    unclassified: int


def classify_file(
    source: Path, out: Path, engine: Engine, section: FieldsSection, progress: Progress | None = None
) -> Summary:
    """Classify the works of a CSV (id, title, abstract, keywords with `;` between them, year) and write their fields.

    The keyword tree is that of the file, so a keyword without a label may inherit one only where the file has enough
    works. The answer to a work does not depend on the order of the rows. Raises SourceError naming file, line, remedy.
    """
    works = read_works(source)
    engine.load(WORKS, ((row["id"], None, row["title"], row["year"], *[None] * 3, row["abstract"], None, "csv")
                        for row in works))  # fmt: skip
    engine.load(KEYWORDS, (keyword for row in works for keyword in _keywords(row)))
    stage.run(engine, Settings(fields=section), progress or Silent(), trial=False)
    answers = {work: (outcome, score) for work, outcome, score in engine.rows(_OUTCOMES)}
    given = {work: list(rows) for work, rows in groupby(engine.rows(_FIELDS), key=lambda row: row[0])}
    with out.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(COLUMNS)
        for row in works:
            write.writerow(answer(row["id"], *answers[row["id"]], given.get(row["id"], [])))
    outcomes = [outcome for outcome, _ in answers.values()]
    return Summary(len(works), *(outcomes.count(name) for name in ("fields", "outside", "unclassified")))


def answer(work: str, outcome: str, score: float | None, fields: list[Row]) -> tuple[str, str, str, str]:
    """Return the row of a work. A work of which nothing is known is outside, and the reason says that this is why."""
    if not fields:
        sure = "" if score is None else f"outside:{score:.2f}"
        return work, "outside", sure, "no evidence" if outcome == "unclassified" else "no field has evidence enough"
    named = " ".join(field for _, field, *_ in fields)
    scores = " ".join(f"{field}:{sure:.2f}" for _, field, _, _, _, sure in fields)
    reasons = "; ".join(f"{field}: {reason(keyword, kind, method)}" for _, field, keyword, kind, method, _ in fields)
    return work, named, scores, reasons


def reason(keyword: str | None, kind: str | None, method: str) -> str:
    """Say what speaks for a field most directly."""
    if keyword is None:
        return "the words together"
    if method == "text":
        return f"{kind} has {keyword!r}"
    words = {"own": "labelled by you", "label": "labelled", "ccs": "code", "inherited": "by the keyword tree"}
    return f"keyword {keyword.removeprefix('ccs:')!r} ({words[method]})"


def read_works(source: Path) -> list[dict[str, Any]]:
    """Read the works of a CSV. Raises SourceError for a missing column, an id missing or given twice, a ragged row."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            return list(_read(csv.DictReader(file), source))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{source}: cannot be read as CSV in UTF-8: {error}") from error


def _read(reader: Any, source: Path) -> Iterator[dict[str, Any]]:
    columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise SourceError(
            f"{source}, line 1: has no column {', '.join(missing)}; the columns are {', '.join(KNOWN)}, of which "
            "abstract, keywords and year may be missing"
        )
    reader.fieldnames = columns
    lines: dict[str, int] = {}
    for row in reader:
        where = f"{source}, line {reader.line_num}"
        if None in row or any(value is None for value in row.values()):
            raise SourceError(f"{where}: has more or fewer cells than the header; quote cells that hold commas")
        work = row["id"].strip()
        if not work:
            raise SourceError(f"{where}: has no id; give each work one")
        if work in lines:
            raise SourceError(f"{where}: the id {work!r} stands in line {lines[work]} too; keep one row a work")
        lines[work] = reader.line_num
        yield {
            "id": work, "title": row["title"].strip() or None, "abstract": (row.get("abstract") or "").strip() or None,
            "keywords": row.get("keywords") or "", "year": _year(row.get("year"), where),
        }  # fmt: skip


def _year(text: str | None, where: str) -> int | None:
    if not text or not text.strip():
        return None
    try:
        return int(float(text))
    except ValueError as error:
        raise SourceError(f"{where}: the year {text!r} is no number; leave it empty where it is not known") from error


def _keywords(row: dict[str, Any]) -> Iterator[Row]:
    """Yield the keywords of a work: codes and chains of the ACM CCS as such, all others as the authors' own."""
    for keyword in dict.fromkeys(part.strip() for part in row["keywords"].split(";")):
        if keyword:
            chain = any(sign in keyword for sign in ("→", "~", "->"))
            code = keyword.removeprefix("ccs2012.").removeprefix("CCS:").replace(".", "")
            kind = "ccs" if chain or (code.isdigit() and len(code) >= 8) else "author"
            yield row["id"], kind, keyword, row["id"]


_OUTCOMES = "select work_id, outcome, score from field_outcomes order by work_id"
_FIELDS = """
    select work_id, field, keyword, kind, method, score from work_fields
    order by work_id nulls last, score desc nulls last, field nulls last
"""
