"""Which commodities make up ICT goods: the shipped list, or the user's, with codes for exports and imports apart."""

import csv
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from kakehashi.data.read import csv_rows
from kakehashi.errors import DataError

SHIPPED = "ict_commodities.csv"
_NEEDED = ("classification", "flow", "code")


@dataclass(frozen=True)
class Commodity:
    """A code of a classification (`principal`: that of Japan Customs, `hs`, or another), for one flow."""

    classification: str
    flow: str
    code: str


def principal(code: str) -> str:
    """Return a code of principal commodities in its short form: e-Stat fills codes up to 8 digits with zeros.

    Codes have 1, 3, 5 or 7 digits, so that a zero which belongs to the code can be told from one that fills up.
    """
    if len(code) < 8:
        return code
    short = code.rstrip("0") or "0"
    return short if len(short) % 2 or len(short) > 7 else f"{short}0"


def commodities(path: str | None) -> tuple[Commodity, ...]:
    """Return the shipped list, or the user's CSV with classification, flow and code. Raises DataError."""
    name = path or SHIPPED
    rows = _own_rows(Path(path)) if path else [row for row in csv_rows(f"economy/{SHIPPED}") if row["used"] == "yes"]
    found = [_commodity(name, number, row) for number, row in enumerate(rows, 1)]
    _refuse_nested(name, found)
    return tuple(found)


def _own_rows(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"economy.commodities: {path} cannot be read ({error}); give a CSV in UTF-8") from error
    reader = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    missing = [column for column in _NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{path}: the columns {', '.join(missing)} are missing; needed: {', '.join(_NEEDED)}")
    return list(reader)


def _commodity(name: str, number: int, row: Mapping[str, str]) -> Commodity:
    classification, flow, code = ((row[column] or "").strip().strip("'") for column in _NEEDED)
    if flow not in ("export", "import"):
        near = difflib.get_close_matches(flow, ("export", "import"), n=1, cutoff=0.3) or ["export"]
        raise DataError(f"{name}: row {number}: flow {flow!r} is neither export nor import; did you mean {near[0]!r}?")
    if not classification or not code.isalnum():
        raise DataError(f"{name}: row {number}: classification and code must be given; code is {code!r}")
    return Commodity(classification, flow, principal(code) if classification == "principal" else code)


def _refuse_nested(name: str, found: Iterable[Commodity]) -> None:
    """Refuse a code that lies within another one, whose value would count twice."""
    for one, other in pairwise(sorted(found, key=lambda each: (each.classification, each.flow, each.code))):
        same = (one.classification, one.flow) == (other.classification, other.flow)
        if same and other.code.startswith(one.code):
            raise DataError(
                f"{name}: {other.flow} {other.code} lies within {one.code} and would count twice; take one of them out"
            )
