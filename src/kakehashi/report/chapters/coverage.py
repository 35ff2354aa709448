"""Part of chapter 1: of the affiliations that each source prints, how many lead to an institution and to a country."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kakehashi.figures.table import Band, Cell, Column, Emphasis, Row, table
from kakehashi.report import codes
from kakehashi.report.blocks import Block, Numbering, Paragraph, TableBlock
from kakehashi.report.chapters.tables import in_natural_order, number, percent, text
from kakehashi.report.context import Context

_COVERAGE = """
select s.format, s.file, coalesce(c.mentions, 0), coalesce(c.institutions, 0), coalesce(c.linked, 0),
       coalesce(c.countries, 0)
from sources s
left join source_coverage c on c.file = s.file
order by s.format nulls last, s.file nulls last
"""


@dataclass(frozen=True)
class Coverage:
    """Mentions of affiliations, and how many of them name an institution, one known to ROR, and a country."""

    mentions: int
    institutions: int
    linked: int
    countries: int

    def __add__(self, other: "Coverage") -> "Coverage":
        """Count both together."""
        return Coverage(
            self.mentions + other.mentions,
            self.institutions + other.institutions,
            self.linked + other.linked,
            self.countries + other.countries,
        )


Counted = list[tuple[str | None, str, Coverage]]


def coverage(context: Context) -> Counted:
    """Return format, file and coverage of every input file, in order of format and file."""
    rows = context.tables.fetch(_COVERAGE, "sources", "source_coverage")
    return [(row[0], row[1], Coverage(*row[2:])) for row in rows]


def mention_tables(context: Context, numbering: Numbering) -> list[Block]:
    """Write the share of mentions resolved by format, and by file for those who want to see where the gaps are."""
    t = context.texts
    counted = coverage(context)
    if not counted:
        return []
    total = _together([each for _, _, each in counted])
    rows: list[Row] = []
    files: list[Row] = []
    for name, group in groupby(counted, key=lambda row: row[0]):
        members = sorted(group, key=lambda row: in_natural_order(row[1]))
        label = (codes.label("formats", name, t.language) or name) if name else t("data.files.unknown")
        head = Cell(label, heads=True, code=name if name and label != name else "")
        rows.append((head, *_cells(context, _together([each for _, _, each in members]))))
        files.append(Band(label))
        files += [(text(file, heads=True), *_cells(context, each)) for _, file, each in members]
    rows.append(Emphasis((text(t("columns.total"), heads=True), *_cells(context, total))))
    return [
        Paragraph(t("data.mentions.text")),
        _block(context, numbering, "title", _columns(context, "format"), rows, total),
        _block(context, numbering, "each_title", _columns(context, "file"), files, total, folded=True),
    ]


def _block(
    context: Context,
    numbering: Numbering,
    key: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    total: Coverage,
    *,
    folded: bool = False,
) -> TableBlock:
    t = context.texts
    id_, no = numbering.exhibit()
    title = t(f"data.mentions.{key}")
    n = t("n.mentions", n=t.number(total.mentions))
    notes = () if folded else (t("data.mentions.note"),)
    return TableBlock(id_, no, title, table(columns, rows, title), n, notes, context.source, folded=folded)


def _columns(context: Context, head: str) -> list[Column]:
    t = context.texts
    unit = t("units.mentions")
    columns = [Column(t(f"columns.{head}")), Column(t("columns.mentions"), "number", unit)]
    for name in ("with_institution", "with_ror", "with_country"):
        columns += [Column(t(f"columns.{name}"), "number", unit), Column(t("columns.share"), "number")]
    return columns


def _cells(context: Context, counted: Coverage) -> list[Cell]:
    cells = [number(context, counted.mentions)]
    linkable = bool(context.manifest.get("registry")) or counted.linked > 0 or not counted.mentions
    for found in (counted.institutions, counted.linked if linkable else None, counted.countries):
        share = found / counted.mentions if counted.mentions and found is not None else None
        reason = "data.mentions.no_mentions" if found is not None else "data.mentions.no_registry"
        cells += [number(context, found, reason), percent(context, share, reason)]
    return cells


def _together(counted: Sequence[Coverage]) -> Coverage:
    total = Coverage(0, 0, 0, 0)
    for each in counted:
        total += each
    return total
