"""Chapter 1, the data: what was read, what was kept, merged and refused, and how much of it could be placed."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from kakehashi.figures.table import Band, Cell, Column, Emphasis, Row, table
from kakehashi.names import database_name
from kakehashi.report import codes
from kakehashi.report.blocks import Block, Chapter, Numbering, Paragraph, TableBlock
from kakehashi.report.chapters.coverage import mention_tables
from kakehashi.report.chapters.tables import in_natural_order, named, number, percent, text
from kakehashi.report.context import Context
from kakehashi.report.queries import Total


def chapter(context: Context) -> Chapter:
    """Write the chapter."""
    numbering = Numbering(1)
    blocks = [
        *_files(context, numbering),
        *_refusals(context, numbering),
        *_resolved(context, numbering),
    ]
    return Chapter("data", "1", context.texts("data.title"), tuple(blocks))


def _files(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    rows = context.tables.fetch(
        "select format, database, file, records, kept, merged, refused, note from sources "
        "order by format nulls last, file",
        "sources",
    )
    heading = numbering.heading(t("data.files.heading"))
    if not rows:
        return [heading, Paragraph(t("data.files.empty"), "empty")]
    total = _sums(rows)
    words = t(
        "data.files.text",
        files=t.number(len(rows)),
        records=t.number(total[0]),
        kept=t.number(total[1]),
        merged=t.number(total[2]),
        refused=t.number(total[3]),
    )
    by_format = replace(_by_format(context, numbering, rows), headline=words)
    return [heading, Paragraph(words), by_format, _by_file(context, numbering, rows)]


def _sums(rows: list[tuple[Any, ...]]) -> list[int]:
    return [sum(row[column] or 0 for row in rows) for column in (3, 4, 5, 6)]


def _count_columns(context: Context) -> list[Column]:
    t = context.texts
    return [
        Column(t(f"columns.{name}"), "number", t("units.records")) for name in ("records", "kept", "merged", "refused")
    ]


def _by_format(context: Context, numbering: Numbering, rows: list[tuple[Any, ...]]) -> TableBlock:
    t = context.texts
    body: list[Row] = []
    for name, group in groupby(rows, key=lambda row: row[0]):
        members = list(group)
        cells = [number(context, value) for value in _sums(members)]
        head = named(context, "formats", name) if name else text(t("data.files.unknown"), heads=True)
        body.append((head, number(context, len(members)), *cells))
    totals = [number(context, value) for value in _sums(rows)]
    body.append(Emphasis((text(t("columns.total"), heads=True), number(context, len(rows)), *totals)))
    columns = [Column(t("columns.format")), Column(t("columns.files"), "number"), *_count_columns(context)]
    id_, no = numbering.exhibit()
    title = t("data.files.title")
    notes = (t("data.files.note"),)
    return TableBlock(
        id_, no, title, table(columns, body, title), t("n.files", n=t.number(len(rows))), notes, context.source
    )


def _by_file(context: Context, numbering: Numbering, rows: list[tuple[Any, ...]]) -> TableBlock:
    t = context.texts
    body: list[Row] = []
    remarks = _remarks(context)
    for name, group in groupby(rows, key=lambda row: row[0]):
        format_ = codes.label("formats", name, t.language) or name if name else t("data.files.unknown")
        body.append(Band(format_))
        for _, _, file, *counts, note in sorted(group, key=lambda row: in_natural_order(row[2])):
            cells = [number(context, count) for count in counts]
            body.append((text(file, heads=True), *cells, Cell(remarks.get(file, note), t("data.files.no_remark"))))
    columns = [Column(t("columns.file")), *_count_columns(context), Column(t("columns.note"))]
    id_, no = numbering.exhibit()
    title = t("data.files.each_title")
    n = t("n.files", n=t.number(len(rows)))
    return TableBlock(id_, no, title, table(columns, body, title), n, (), context.source, folded=True)


def _remarks(context: Context) -> dict[str, str]:
    """What was refused or remarked in each file, most frequent first."""
    t = context.texts
    rows = context.tables.fetch(
        "select file, code, count(*) as cases from refusals group by file, code order by file, cases desc, code",
        "refusals",
    )
    found: dict[str, list[str]] = {}
    for file, code, cases in rows:
        name = codes.label("refusals", code, t.language) or code
        found.setdefault(file, []).append(t("data.files.remark", name=name, n=t.number(cases)))
    return {file: t("data.files.remarks").join(parts) for file, parts in found.items()}


def _refusals(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    rows = context.tables.fetch(
        "select code, count(*) as cases, sum(records) as records, min(reason) as example from refusals "
        "group by code order by records desc, cases desc, code",
        "refusals",
    )
    heading = numbering.heading(t("data.refusals.heading"))
    if not rows:
        missing = "refusals" not in context.tables.present
        return [heading, Paragraph(t("data.refusals.absent" if missing else "data.refusals.none"), "empty")]
    body: list[Row] = [
        (_refusal(context, code), number(context, cases), number(context, int(records or 0)), text(example))
        for code, cases, records, example in rows
    ]
    columns = [
        Column(t("columns.code")),
        Column(t("columns.cases"), "number"),
        Column(t("columns.records_lost"), "number", t("units.records")),
        Column(t("columns.example")),
    ]
    id_, no = numbering.exhibit()
    title = t("data.refusals.title")
    n = t.count("n.cases", sum(row[1] for row in rows))
    block = TableBlock(id_, no, title, table(columns, body, title), n, (t("data.refusals.note"),), context.source)
    return [heading, Paragraph(t("data.refusals.text")), block]


def _refusal(context: Context, code: str) -> Cell:
    """A kind of refusal: its name, its id and what happened."""
    language = context.texts.language
    remark = codes.meaning("refusals", code, language)
    return replace(named(context, "refusals", code), remark=remark or "")


def _resolved(context: Context, numbering: Numbering) -> list[Block]:
    t = context.texts
    heading = numbering.heading(t("data.resolved.heading"))
    rows = [row for row in _collected(context) if row.works_resolved is not None]
    blocks: list[Block] = [heading]
    if rows:
        blocks += [Paragraph(t("data.resolved.text")), _resolved_works(context, numbering)]
    else:
        blocks.append(Paragraph(t("data.resolved.empty"), "empty"))
    return [*blocks, *mention_tables(context, numbering), *_methods(context, numbering)]


def _collected(context: Context) -> list[Total]:
    """Totals of all works collected, by database."""
    totals = sorted(context.totals.items())
    return [row for (field, period, _), row in totals if (field, period) == ("collected", "all")]


def _resolved_works(context: Context, numbering: Numbering) -> TableBlock:
    t = context.texts
    rows = _collected(context)
    rows.sort(key=lambda row: (row.database == "all", -row.works, row.database))
    body: list[Row] = []
    for row in rows:
        name = t("columns.total") if row.database == "all" else database_name(row.database, t)
        cells = (
            text(name, heads=True),
            number(context, row.works),
            number(context, row.works_resolved),
            percent(context, row.resolved_share),
            number(context, row.without_country),
        )
        body.append(Emphasis(cells) if row.database == "all" else cells)
    columns = [
        Column(t("columns.database")),
        Column(t("columns.works"), "number", t("units.works")),
        Column(t("columns.works_resolved"), "number", t("units.works")),
        Column(t("columns.resolved_share"), "number"),
        Column(t("columns.without_country"), "number", t("units.works")),
    ]
    id_, no = numbering.exhibit()
    title = t("data.resolved.title")
    total = next((row.works for row in rows if row.database == "all"), sum(row.works for row in rows))
    n = t("n.works", n=t.number(total))
    notes = (t("data.resolved.note"),)
    return TableBlock(id_, no, title, table(columns, body, title), n, notes, context.source)


def _methods(context: Context, numbering: Numbering) -> list[Block]:
    """How the countries of distinct affiliation strings were found, and why some were not."""
    t = context.texts
    rows = context.tables.fetch(
        "select country_code is not null as found, coalesce(country_method, reason, '') as why, "
        "count(distinct affiliation) as strings from resolutions group by 1, 2 order by found desc, strings desc, why",
        "resolutions",
    )
    if not rows:
        return []
    total = sum(row[2] for row in rows)
    body: list[Row] = [
        (
            text(t("data.methods.found" if found else "data.methods.not_found"), heads=True),
            _why(context, why, found=found),
            number(context, strings),
            percent(context, strings / total),
        )
        for found, why, strings in rows
    ]
    columns = [
        Column(t("columns.outcome")),
        Column(t("columns.method")),
        Column(t("columns.strings"), "number"),
        Column(t("columns.share"), "number"),
    ]
    id_, no = numbering.exhibit()
    title = t("data.methods.title")
    n = t("n.strings", n=t.number(total))
    return [TableBlock(id_, no, title, table(columns, body, title), n, (t("data.methods.note"),), context.source)]


def _why(context: Context, code: str, *, found: bool) -> Cell:
    """How a country was found, or why not: in words, with the id."""
    language = context.texts.language
    name = codes.country_method(code, language) if found else codes.label("reasons", code, language)
    return Cell(code or None) if name is None else Cell(name, code=code)
