"""What a page is made of: values first, so that HTML, JSON, CSV and xlsx say the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kakehashi.report.blocks import Block, Chapter

Kind = Literal["text", "number", "fractional", "percent", "decimal", "signed", "year"]


@dataclass(frozen=True)
class Ref:
    """A value that opens something. `href` is the address within the study, without language or study.

    kind: what it is, where the column holds values of several kinds.
    """

    value: Any
    href: str
    hint: str = ""
    kind: Kind | None = None


@dataclass(frozen=True)
class Column:
    """A column: its machine name, its title, what it holds, and its unit."""

    name: str
    title: str
    kind: Kind = "text"
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A table of values. The first column heads its rows. A cell is a value, None, or a Ref around one.

    total: how many rows there are where not all are shown. missing: why a cell may be empty. pages: addresses of the
    page before and the page after.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    total: int | None = None
    missing: str = ""
    emphasis: frozenset[int] = frozenset()
    before: str = ""
    after: str = ""
    source: str = ""
    kind: Literal["data"] = "data"


@dataclass(frozen=True)
class Drawing:
    """A figure: an inline SVG for wide pages and one for narrow ones (or one for both), legend and foot.

    `data` is what it draws, as a table beside it; `href` may lead to a page about it.
    """

    id: str
    title: str
    wide: str
    narrow: str = ""
    legend: tuple[tuple[Any, str], ...] = ()
    definition: str = ""
    notes: tuple[str, ...] = ()
    n: str = ""
    source: str = ""
    kind: Literal["drawing"] = "drawing"


@dataclass(frozen=True)
class Facts:
    """Terms and values at the head of a page; a value may be a Ref."""

    items: tuple[tuple[str, Any], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Choice:
    """A labelled control of a form. kind: select, text, number, checks or hidden. options: value and words."""

    name: str
    label: str
    value: Any
    options: tuple[tuple[str, str], ...] = ()
    kind: Literal["select", "text", "number", "checks", "hidden"] = "select"
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """Controls that ask for another view. `live` ones answer at once where scripts run."""

    choices: tuple[Choice, ...]
    submit: str
    live: bool = True
    kind: Literal["form"] = "form"


@dataclass(frozen=True)
class Links:
    """A list of ways on: words and addresses."""

    items: tuple[Ref, ...]
    title: str = ""
    kind: Literal["links"] = "links"


@dataclass(frozen=True)
class Html:
    """A part with a template of its own: the template's name and what it is given."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    kind: Literal["html"] = "html"


Part = Table | Drawing | Facts | Form | Links | Html | Block


@dataclass(frozen=True)
class Page:
    """A page: `id` is its address, `title` its heading, `lead` a sentence under it."""

    id: str
    title: str
    parts: tuple[Part, ...]
    lead: str = ""
    synthetic: bool = False

    @property
    def tables(self) -> list[Table]:
        """The tables of values."""
        return [part for part in self.parts if isinstance(part, Table)]

    @property
    def drawings(self) -> list[Drawing]:
        """The figures."""
        return [part for part in self.parts if isinstance(part, Drawing)]


class NotHere(LookupError):  # noqa: N818 -- an answer, not a fault
    """What an address asks for is not in the study. `text` is a key of the web texts."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


def of_chapter(id_: str, chapter: Chapter, before: Sequence[Part] = (), after: Sequence[Part] = ()) -> Page:
    """Make a page of a chapter of the report, with parts of the explorer's own before and after."""
    return Page(id_, chapter.title, (*before, *chapter.blocks, *after))
