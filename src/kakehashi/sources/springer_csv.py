"""SpringerLink search results as CSV. Authors are glued together (`Ada LovelaceAlan Turing`); no affiliations."""

import re

from kakehashi.records import Author
from kakehashi.sources.csv_core import Cells
from kakehashi.sources.table import Columns, People, table_format
from kakehashi.sources.text import clean

# Beginnings of a name part that are followed by a capital within one name. The first are hardly ever a whole surname;
# the others may be (Quoc Le, Xiaoqiang Di): there the number of words decides. Du and Li are mostly surnames.
_ALWAYS = frozenset({"Mc", "Mac", "De", "Del", "Della", "Dal", "Van", "Von", "Fitz", "Des", "Ten", "Vander"})
_SOMETIMES = frozenset({"Le", "La", "Di", "Da", "Do", "Dos", "El", "Al", "Lo", "St"})
# A small letter, a Chinese character, `Jr.`, or a surname in capitals (LIUYa) before the capital of the next name.
_BORDER = re.compile(
    r"(?<=[a-zß-ÿ\u0100-\u024f])(?=[^\W\d_a-z])|(?<=[\u4e00-\u9fff])(?=[A-Z])"
    r"|(?<= [JS]r\.)(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])"
)
# No name is longer; text without any space must not cost more than it is worth.
NAME_LIMIT = 300
_LAST_PART = re.compile(r"[^\s\-'’.]*$")


def split_glued_names(text: str) -> list[str]:
    """Split `Given FamilyGiven Family` where a capital follows what ends a name.

    Not inside McDonald, LeCun and their like, and only if both sides can be a name of two words.
    """
    names: list[str] = []
    start = 0
    borders = [found.start() for found in _BORDER.finditer(text) if text[found.start()].isupper()]
    for place, at in enumerate(borders):
        rest = text[at : at + NAME_LIMIT]
        following = rest[: borders[place + 1] - at] if place + 1 < len(borders) else rest
        if at - start <= NAME_LIMIT and _splits(text[start:at], following, rest):
            names.append(text[start:at])
            start = at
    return [name for part in (*names, text[start:]) if (name := clean(part))]


def _splits(left: str, following: str, rest: str) -> bool:
    part = _LAST_PART.search(left)
    beginning = part.group() if part else ""
    if beginning in _ALWAYS or " " not in left.strip() or " " not in rest.strip():
        return False
    return beginning not in _SOMETIMES or " " in following.strip()


def _people(cells: Cells) -> People:
    return People(tuple(Author(name) for name in split_glued_names(clean(cells.get("authors")) or "")))


_COLUMNS = Columns(
    title=("item title",),
    people=_people,
    year=("publication year", "year"),
    doi=("item doi",),
    source_id=("url",),
    venue=("publication title", "book series title"),
    doc_type=("content type",),
)


FORMATS = (table_format("springer_csv", "springer", "SpringerLink CSV", _COLUMNS, ("item title", "item doi")),)
