"""What a reader of trade or GDP files yields: values, how many months a year covers, and refusals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from kakehashi.economy.countries import Countries
from kakehashi.records import Refusal
from kakehashi.settings import TradeSection
from kakehashi.sources.base import Head, Input

Direction = Literal["export", "import"]
TOTAL = "total"
"""Stands for the commodity of a value of all goods."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The value of goods that went one way between two countries in a year.

    `partner_code` is the file's own code, since several may be one country. `commodity` is a code of the
    classification, or TOTAL. `office` is the customs office where values are given by office. `value` is in units of
    the currency, not thousands.
    """

    row: int | None
    reporter: str
    partner: str
    partner_code: str
    year: int
    flow: Direction
    commodity: str
    value: float
    currency: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The months of a year that a file has values for: statistics publish 0 for months not yet compiled."""

    year: int
    flow: Direction
    months: int


Item = Flow | Coverage | Refusal


@dataclass(frozen=True)
class TradeFormat:
    """A format of trade files. `classification` is that of its commodity codes; None: as the section says."""

    name: str
    classification: str | None
    recognise: Callable[[Head], bool]
    read: Callable[[Input, Head, TradeSection, Countries], Iterator[Item]]
