"""The files of the economy section: which they are, and what is in each, recognised by content."""

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from kakehashi.economy import customs_series, customs_tables, trade_csv
from kakehashi.economy.cells import statistics_head
from kakehashi.economy.countries import Countries
from kakehashi.economy.gdp import Product, read_gdp
from kakehashi.economy.records import Item, TradeFormat
from kakehashi.errors import SourceError
from kakehashi.records import Refusal
from kakehashi.settings import Settings, TradeSection
from kakehashi.sources.base import Head, Input
from kakehashi.sources.streams import find_files, first_bytes, inputs_of

# The most specific first. Which of two that give the same value is believed is said in assembling.py.
FORMATS: tuple[TradeFormat, ...] = (*customs_series.FORMATS, *customs_tables.FORMATS, *trade_csv.FORMATS)

# What bad data can raise inside a reader in spite of its care. The refusal names the error, so that a fault of ours
# stays visible.
_DATA_ERRORS = (ValueError, LookupError, TypeError, ArithmeticError, csv.Error)

_Read = TypeVar("_Read")


def trade_files(settings: Settings) -> list[tuple[Path, str, TradeSection]]:
    """List the trade files with their labels and their section. Raises SourceError where a path does not exist."""
    found: dict[Path, tuple[Path, str, TradeSection]] = {}
    for section in settings.economy.trade:
        for path, label in _files(section.path, "economy.trade"):
            found.setdefault(Path(os.path.realpath(path)), (path, label, section))
    return _labelled(list(found.values()))


def gdp_files(settings: Settings) -> list[tuple[Path, str, None]]:
    """List the GDP files with their labels. Raises SourceError where a path does not exist."""
    found: dict[Path, tuple[Path, str, None]] = {}
    for place in settings.economy.gdp:
        for path, label in _files(place, "economy.gdp"):
            found.setdefault(Path(os.path.realpath(path)), (path, label, None))
    return _labelled(list(found.values()))


def economy_files(settings: Settings) -> list[tuple[Path, str, str]]:
    """List all files of the section with their labels and how they are read, as a text that changes with it."""
    trade = [
        (path, label, section.model_copy(update={"path": ""}).model_dump_json())
        for path, label, section in trade_files(settings)
    ]
    return [*trade, *((path, label, "gdp") for path, label, _ in gdp_files(settings))]


def _files(place: str, key: str) -> list[tuple[Path, str]]:
    if not Path(place).exists():
        raise SourceError(f"{key}: {place} does not exist; correct the path in study.toml")
    return find_files([Path(place)])


_Section = TypeVar("_Section")


def _labelled(found: list[tuple[Path, str, _Section]]) -> list[tuple[Path, str, _Section]]:
    """Give each file a label of its own."""
    labels: set[str] = set()
    unique = []
    for path, label, section in found:
        while label in labels:
            label = f"{label}~"
        labels.add(label)
        unique.append((path, label, section))
    return unique


def read_trade(
    path: Path, label: str, section: TradeSection, countries: Countries
) -> Iterator[tuple[TradeFormat | None, Item]]:
    """Yield each item of a trade file with the format it was read by. Raises SourceError for an unknown format."""
    forced = _named(section.format) if section.format else None

    def read(source: Input, head: Head) -> Iterator[tuple[TradeFormat | None, Item]]:
        asked: Sequence[TradeFormat] = FORMATS
        if section.columns:  # who maps columns means a plain table
            asked = trade_csv.FORMATS
            format_ = forced or asked[0]
        else:
            recognised = next((one for one in asked if one.recognise(head)), None)
            if (forced or recognised) is None:
                yield None, Refusal(None, "unrecognised", _unrecognised(head), 1)
                return
            format_ = forced or recognised or asked[0]
        for item in format_.read(source, head, section, countries):
            yield format_, item

    for item in _inputs(path, label, read):
        yield item if isinstance(item, tuple) else (forced, item)


def read_products(path: Path, label: str, countries: Countries) -> Iterator[Product | Refusal]:
    """Yield the values of a GDP file, and refusals."""
    yield from _inputs(path, label, lambda source, head: read_gdp(source, head, countries))


def _inputs(path: Path, label: str, read: Callable[[Input, Head], Iterable[_Read]]) -> Iterator[_Read | Refusal]:
    """Yield what a reader finds in a file or in each member of an archive; its faults become refusals."""
    for source in inputs_of(path, label, {}):
        if isinstance(source, Refusal):
            yield replace(source, records=1)
            continue
        data = first_bytes(source)
        head = statistics_head(data)
        if not head.text.strip():
            what = "the file is empty" if not data or head.encoding else "binary data; save the sheet as CSV"
            yield Refusal(None, "empty" if not data or head.encoding else "unrecognised", what, 1)
            continue
        try:
            yield from read(source, head)
        except OSError as error:
            yield Refusal(None, "truncated", f"the file breaks off ({error}); fetch it again", 1)
        except _DATA_ERRORS as error:
            yield Refusal(None, "unreadable", f"the reader stopped: {type(error).__name__}: {error}"[:200], 1)


def _named(name: str) -> TradeFormat:
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise SourceError(f"economy.trade: unknown format {name!r}; known formats: {', '.join(f.name for f in FORMATS)}")


def _unrecognised(head: Head) -> str:
    beginning = " ".join(head.text[:200].split())[:60]
    return (
        f"no known table of trade begins with {beginning!r}; if it is a table, name its columns in study.toml: "
        '[economy.trade.columns] partner = "...", year = "...", flow = "...", value = "..."'
    )
