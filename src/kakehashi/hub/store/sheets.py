"""Reads and writes workbooks and zip files, and refuses what would swell, hide or run: bombs, strange parts, macros."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kakehashi.errors import MissingExtraError
from kakehashi.hub.store.errors import HubError, InvalidError

MOST_BYTES = 50_000_000
_MOST_PARTS = 200
_MOST_UNPACKED = 200_000_000
_MOST_RATIO = 200
_SMALL = 1_000_000
_MOST_ROWS = 1_000_000
_MOST_COLUMNS = 100
_HEAD = 4096


def guarded_parts(given: bytes, endings: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a zip file by name. Raises InvalidError for what is no zip file, or a bomb, or a path."""
    archive = _opened(given)
    for entry in archive.infolist():
        name = entry.filename
        if "/" in name or "\\" in name or not name.endswith(endings):
            raise InvalidError(
                "import", {name[:80]: f"does not belong there; keep only files ending in {', '.join(endings)}"}
            )
        yield name, _unpacked(archive, entry)


def sheet_rows(given: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the sheets of a workbook, formulas as nothing. Raises InvalidError for what is no workbook, or a bomb."""
    archive = _opened(given)
    for entry in archive.infolist():
        part = _unpacked(archive, entry)
        head = part[:_HEAD]
        if b"<!DOCTYPE" in head or b"<!ENTITY" in part:
            raise InvalidError(
                "import", {entry.filename[:80]: "declares entities, which no workbook needs; save it anew"}
            )
        if "vbaProject" in entry.filename:
            raise InvalidError("import", {entry.filename[:80]: "holds macros; save it as .xlsx without them"})
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise MissingExtraError("Reading workbooks", "hub") from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(given), read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                yield sheet.title, _rows(sheet)
        finally:
            book.close()
    except InvalidError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged file makes it stumble over
        raise InvalidError(
            "import", {"file": f"cannot be read as a workbook ({error}); save it anew as .xlsx"}
        ) from error


def _rows(sheet: Any) -> list[list[Any]]:
    found: list[list[Any]] = []
    width = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_value(cell, sheet.title, number) for cell in row]
        if number == 1:
            while cells and cells[-1] is None:
                cells.pop()
            width = len(cells)
        if number > _MOST_ROWS or width > _MOST_COLUMNS or len(cells) > max(width, _MOST_COLUMNS):
            raise InvalidError("import", {sheet.title: "has more rows or columns than a hub exports; check it"})
        if any(cell is not None for cell in cells[width:]):
            raise InvalidError("import", {f"{sheet.title} row {number}": "has cells without a head; take them out"})
        cells = [*cells[:width], *[None] * (width - len(cells))]
        if any(cell is not None for cell in cells):
            found.append(cells)
    return found


def _value(cell: Any, sheet: str, row: int) -> Any:
    if getattr(cell, "data_type", "") == "f":
        raise InvalidError("import", {f"{sheet} row {row}": "holds a formula; put its value there"})
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def write_sheets(cells: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Write a workbook of a sheet for each table. Every text is written as text, never as a formula or a link."""
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise MissingExtraError("Writing workbooks", "hub") from error
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        for name, rows in cells.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        sheet.write_number(number, column, value)
                    elif value is not None and sheet.write_string(number, column, str(value)) != 0:
                        raise HubError(f"{name}: a text is too long for a workbook's cell; export as json or csv")
    return out.getvalue()


def _opened(given: bytes) -> zipfile.ZipFile:
    if len(given) > MOST_BYTES:
        raise InvalidError("import", {"file": f"is larger than {MOST_BYTES // 1_000_000} MB; check the file"})
    try:
        archive = zipfile.ZipFile(io.BytesIO(given))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise InvalidError(
            "import", {"file": f"is not of this format ({error}); give an export as it was written"}
        ) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    swells = any(
        entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1) for entry in entries
    )
    if len(entries) > _MOST_PARTS or unpacked > _MOST_UNPACKED or swells:
        raise InvalidError("import", {"file": "would swell beyond measure when unpacked; it is refused unread"})
    return archive


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack a part, no further than its head says: a head may lie."""
    try:
        with archive.open(entry) as part:
            found = part.read(entry.file_size + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise InvalidError(
            "import", {entry.filename[:80]: f"cannot be unpacked ({error}); give an export as it was written"}
        ) from error
    if len(found) > entry.file_size:
        raise InvalidError("import", {entry.filename[:80]: "is larger than it says; it is refused unread"})
    return found
