"""What a chapter is made of. Templates know how each block looks; chapters know what it says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from kakehashi.figures.render import svg
from kakehashi.figures.table import Table
from kakehashi.figures.theme import Figure

FLAT = 0.65
"""Height over width below which a drawing is flat."""
_SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True)
class Paragraph:
    """Running text. `care` warns; an `empty` one says why a part of the report has nothing to show."""

    text: str
    look: Literal["text", "note", "care", "empty"] = "text"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Terms:
    """Terms with their meaning."""

    items: tuple[tuple[str, str], ...]
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True)
class KeyFigure:
    """A number to be seen at a glance: what it is, the number as it is written, and what to hold it against."""

    name: str
    value: str
    remark: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A few key figures side by side."""

    items: tuple[KeyFigure, ...]
    kind: Literal["key_figures"] = "key_figures"


@dataclass(frozen=True)
class Picture:
    """One drawing of a figure. use: wide or narrow (the page shows one of them), or panel (always shown)."""

    svg: Markup
    use: Literal["wide", "narrow", "panel"]
    title: str = ""
    note: str = ""

    @property
    def flat(self) -> bool:
        """Whether it is so much wider than high that two of its kind find room on a page, one over the other."""
        found = _SIZE.search(self.svg)
        return found is not None and float(found[2]) < FLAT * float(found[1])


@dataclass(frozen=True)
class Symbol:
    """A sign of a legend: its outline on a square of 16, its colour, and the character nearest to it."""

    outline: str
    colour: str
    character: str

    def __html__(self) -> Markup:
        """Draw it small, hidden from screen readers because the text beside it says the same."""
        opening = Markup('<svg class="symbol" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">')
        return opening + Markup('<path d="{}" fill="{}"/></svg>').format(self.outline, self.colour)


@dataclass(frozen=True)
class Key:
    """An entry of a legend: a symbol and what it means."""

    symbol: Symbol
    text: str


@dataclass(frozen=True)
class FigureBlock:
    """A numbered figure with what a reader needs to judge it. One that zooms has buttons to enlarge its drawings.

    `headline` is the sentence that says what it shows, with its numbers, for a slide.
    """

    id: str
    number: str
    title: str
    pictures: tuple[Picture, ...]
    definition: str
    n: str
    notes: tuple[str, ...]
    source: str
    legend: tuple[Key, ...] = ()
    zoom: bool = False
    headline: str = ""
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class TableBlock:
    """A numbered table with its `headline` as of a figure. A folded one opens on demand: evidence too long to read."""

    id: str
    number: str
    title: str
    table: Table
    n: str
    notes: tuple[str, ...]
    source: str
    folded: bool = False
    headline: str = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Heading:
    """A section heading inside a chapter."""

    id: str
    number: str
    text: str
    kind: Literal["heading"] = "heading"


Block = Paragraph | Bullets | Terms | KeyFigures | FigureBlock | TableBlock | Heading


@dataclass(frozen=True)
class Chapter:
    """A chapter and its blocks. The summary has no number."""

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> list[Heading]:
        """The sections, for the table of contents."""
        return [block for block in self.blocks if isinstance(block, Heading)]


@dataclass
class Numbering:
    """Hands out the numbers of one chapter's sections, figures and tables; figures and tables share one sequence."""

    chapter: int
    sections: int = 0
    exhibits: int = 0

    def heading(self, text: str) -> Heading:
        """Open the next section."""
        self.sections += 1
        return Heading(f"s{self.chapter}-{self.sections}", f"{self.chapter}.{self.sections}", text)

    def exhibit(self) -> tuple[str, str]:
        """Return the id and the number of the next figure or table."""
        self.exhibits += 1
        return f"f{self.chapter}-{self.exhibits}", f"{self.chapter}-{self.exhibits}"


@dataclass(frozen=True)
class Drawing:
    """A figure on its way to a picture."""

    figure: Figure
    use: Literal["wide", "narrow", "panel"]
    note: str = ""
    title: str = ""


def pictures(id_: str, drawings: Sequence[Drawing], title: str, description: str) -> tuple[Picture, ...]:
    """Render the drawings of one figure. Each drawing gets its own id prefix."""
    made = []
    for number, drawing in enumerate(drawings, 1):
        name = f"{title}: {drawing.title}" if drawing.title else title
        text = svg(drawing.figure.spec, key=f"{id_}-{drawing.use}{number}", title=name, description=description)
        # The renderer escapes every text of the data.
        made.append(Picture(Markup(text), drawing.use, drawing.title, drawing.note))  # noqa: S704
    return tuple(made)
