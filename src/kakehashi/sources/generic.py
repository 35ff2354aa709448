"""Plain tables and JSON Lines of any origin: columns as the user maps them, or as an alias table knows them."""

import csv
import difflib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from kakehashi.records import KeywordKind, Refusal
from kakehashi.sources.base import Format, Head, Input, Item
from kakehashi.sources.csv_core import Cells, Header, headers, normalise, rows
from kakehashi.sources.table import (
    Columns,
    People,
    first,
    is_placeholder,
    link,
    make_record,
    read_table,
    split_names,
    split_slots,
    without_latex,
)
from kakehashi.sources.text import numbered_lines, split_list

# Several affiliations of one author: `Univ. A+Univ. B`. Not C++ and not 5G+.
_PLUS = re.compile(r"(?<=[^\s+]{2})\s*\+\s*(?=[^\W\d_]{2})")
_INSTITUTION = re.compile(r"universi|institut|college|hochschule|politec|polytech|academ|大学", re.IGNORECASE)
_JSON_ITEM = re.compile(r'"((?:[^"\\]|\\.)*)"')


@cache
def aliases() -> Mapping[str, tuple[str, ...]]:
    """Return, for each of our names, the columns that usually hold it (data/sources/column_aliases.csv)."""
    text = files("kakehashi.data").joinpath("sources/column_aliases.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        found[row["name"]] = (*found.get(row["name"], ()), row["alias"])
    return found


def columns_for(mapping: Mapping[str, str], separator: str = ";") -> Columns:
    """Return the columns of a generic table: where the user's mapping names one, that and no other."""
    names = {name: tuple(known) for name, known in aliases().items()}
    names |= {name: (normalise(column),) for name, column in mapping.items()}
    kinds: dict[KeywordKind, tuple[str, ...]] = {
        kind: names[f"keywords_{kind}"] for kind in get_args(KeywordKind) if f"keywords_{kind}" in names
    }
    kinds["author"] = names["keywords"]

    def people(cells: Cells) -> People:
        texts = (without_latex(first(cells, names[name])) for name in ("authors", "affiliations"))
        return people_of(*texts)

    return Columns(
        title=names["title"],
        people=people,
        year=names["year"],
        doi=names["doi"],
        source_id=names["source_id"],
        venue=names["venue"],
        doc_type=names["doc_type"],
        language=names["language"],
        abstract=names["abstract"],
        citations=names["citations"],
        keywords=kinds,
        keyword_separator=separator,
    )


def people_of(authors: str, affiliations: str) -> People:
    """Make people from two lists in text. Lists printed twice over (`A;B;A;B`) are folded where that makes them fit."""
    names = _json_list(authors) or split_names(authors)
    slots = _json_list(affiliations) or _split_affiliations(affiliations)
    half = len(names) // 2
    if half and names[:half] == names[half:] and len(slots) != len(names):
        names = names[:half]
    return _split_plus(link(names, slots))


def _split_affiliations(text: str) -> list[str]:
    """Split at `;`, else at `|`, else at commas if what they part are whole institutions and not lines of an address.

    They are if all name an institution, or if one institution stands there twice, which no address does.
    """
    if ";" in text or "|" in text:
        return split_slots(text, ";" if ";" in text else "|")
    parts = split_slots(text, ",")
    institutions = [part for part in parts if _INSTITUTION.search(part)]
    whole = len(parts) > 1 and (len(institutions) == len(parts) or len(set(institutions)) < len(institutions))
    return parts if whole else split_slots(text)


def _json_list(text: str) -> list[str]:
    """Read `["a","b"]`, also where the export has lost its outer quotes (`[a"]`)."""
    text = text.strip()
    if not text.startswith("["):
        return []
    found = [_unquote(item) for item in _JSON_ITEM.findall(text)]
    return [item for item in found or split_list(text.strip('[]"')) if item and not is_placeholder(text)]


def _unquote(item: str) -> str:
    try:
        return " ".join(str(json.loads(f'"{item}"')).split())
    except ValueError:
        return item


def _split_plus(people: People) -> People:
    parted = [(part.strip(), mention) for mention in people.mentions for part in _PLUS.split(mention.text)]
    mentions = tuple(type(mention)(text, mention.author) for text, mention in parted if text)
    return People(people.authors, mentions, people.notes)


def find_table(head: Head, mapping: Mapping[str, str]) -> Header | None:
    """Return the header of a plain table: one that knows a title column, else one that the next line agrees with."""
    titles = columns_for(mapping).title
    known = [header for header in headers(head) if set(titles) & set(header.cells)]
    if known:
        return max(known, key=lambda header: (len(header.cells), -header.line))
    return next((header for header in headers(head) if _looks_like_header(header, head)), None)


def _looks_like_header(header: Header, head: Head) -> bool:
    cells = header.cells
    if len(cells) < 3 or len(set(cells)) < len(cells) or not all(0 < len(cell) <= 60 for cell in cells):
        return False
    if any(cell[0] in "{[<" or cell.replace(".", "").isdigit() for cell in cells):
        return False
    below = [line for line in head.lines[header.line : header.line + 3] if line]
    widths = [len(next(csv.reader([line], delimiter=header.delimiter), [])) for line in below]
    return len(cells) in widths


def _recognise_csv(head: Head) -> bool:
    table = find_table(head, {})
    # Prose with a comma and the word "title" is no header: its cells would be long.
    return table is not None and all(len(cell) <= 80 for cell in table.cells) and head.text.lstrip()[:1] not in "{[<%@"


def _read_csv(source: Input, head: Head) -> Iterator[Item]:
    header = find_table(head, source.columns)
    if header is None:
        wanted = source.columns.get("title", "title")
        yield Refusal(None, "no_title_column", f"no line of the file's beginning names a column {wanted!r}", 0)
        return
    yield from _check_mapping(source.columns, header)
    columns = columns_for(source.columns)
    if set(columns.title) & set(header.cells):
        yield from read_table(source, head, header, columns)
        return
    reason = (
        f'no column is known as the title; map it in study.toml: columns = {{ title = "..." }} with one of: '
        f"{', '.join(header.cells[:12])}"
    )
    for item in rows(source, head, header, lambda cells: bool(cells)):
        yield item if isinstance(item, Refusal) else Refusal(item[0], "no_title_column", reason, 1)


def _check_mapping(mapping: Mapping[str, str], header: Header) -> Iterator[Refusal]:
    """Note each entry of the user's mapping that can have no effect."""
    for name, column in sorted(mapping.items()):
        if name not in aliases():
            near = difflib.get_close_matches(name, aliases(), n=1) or sorted(aliases())
            yield Refusal(None, "unknown_column", f"columns: {name!r} is no name of ours; known: {', '.join(near)}", 0)
        elif normalise(column) not in header.cells:
            near = difflib.get_close_matches(normalise(column), header.cells, n=1) or list(header.cells[:12])
            reason = f"columns: {name} is mapped to {column!r}, which the file lacks; it has: {', '.join(near)}"
            yield Refusal(None, "unknown_column", reason, 0)


def _recognise_jsonl(head: Head) -> bool:
    beginning = head.lines[0] if head.lines else ""
    if not beginning.startswith("{"):
        return False
    try:
        value = json.loads(beginning)
    except ValueError:
        return False
    return isinstance(value, dict) and any(name in aliases()["title"] for name in map(str.lower, value))


def _read_jsonl(source: Input, head: Head) -> Iterator[Item]:
    columns = columns_for(source.columns)
    row = 0
    for item in numbered_lines(source, head):
        if isinstance(item, Refusal):
            row += item.records
            yield Refusal(row if item.records else None, item.code, item.reason, item.records)
            continue
        number, line = item
        if not line.strip():
            continue
        row += 1
        cells = _json_cells(line)
        if cells is None:
            yield Refusal(row, "unreadable", f"line {number} is not a JSON object; is the file cut off?", 1)
            continue
        people = columns.people(cells)
        yield from (Refusal(row, code, reason, 0) for code, reason in people.notes)
        yield make_record(row, cells, columns, people)


def _json_cells(line: str) -> Cells | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return {str(name).lower(): _as_text(cell) for name, cell in value.items()} if isinstance(value, dict) else None


def _as_text(value: Any) -> str:
    """Turn a JSON value into the text that a cell of a table would hold; lists join with `;`, empty slots stay."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(_as_text(item).replace(";", ",") for item in value)
    if isinstance(value, dict):
        return _as_text(next((value[key] for key in ("name", "full_name", "display_name") if key in value), None))
    return str(value)


GENERIC_CSV = Format("generic_csv", "other", _recognise_csv, _read_csv, "Any delimited table with a title column")
GENERIC_JSONL = Format("generic_jsonl", "other", _recognise_jsonl, _read_jsonl, "JSON Lines with a title in each line")
FORMATS = (GENERIC_JSONL, GENERIC_CSV)
